"""Our own export back into the store: what it lacks is added (JSON → log)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.importers import own_export as own_json
from mapapp.importers.tables.aside import AsideFile
from mapapp.importers.tables.sniff import sniff
from mapapp.importers.tables.table import Fault
from mapapp.ingest.report import OWN, ImportReport, Progress, new_folder, write_report
from mapapp.log.lock import held
from mapapp.snapshot import row_files
from mapapp.store.store import Store


def import_own(path: Path, store: Store, *, by: str, tell: Progress, began: float) -> ImportReport:
    """Our own export: what the store lacks is added, what it has otherwise is set aside."""
    plain, sources = own_json.load(path)
    with held(store.data_dir / "import.lock"):
        folder = new_folder(store, path.name)
        table = sniff(path).table
        contents = store.log.read()
        there = {record.id: record for record in contents.records}
        known = {claim.id for claim in contents.claims}
        decided = {judgement.id for judgement in contents.judgements}
        in_rows: set[str] = set()
        for record, said in row_files.find(
            store.data_dir, contents.row_files, {str(item.get("id")) for item in plain}
        ):
            in_rows.add(record.id)
            there[record.id] = record
            known |= {claim.id for claim in said}
        records: list[IncidentRecord] = []
        claims: list[Claim] = []
        judgements: dict[str, Judgement] = {}
        added = revised = kept = 0
        aside = AsideFile(folder / f"{path.name.split('.')[0]}-set-aside.csv", table)
        with aside:
            for row, item in zip(table.rows(), plain, strict=True):
                found = own_json.incident(item, sources)
                if not isinstance(found, Fault):
                    record, said, linked = found
                    if there.get(record.id, record) != record:
                        found = Fault(
                            "id", f"the store has another version of '{record.id}'",
                            "Compare the two; import it into a store of its own to see it",
                        )  # fmt: skip
                if isinstance(found, Fault):
                    aside.add(row, (found,))
                    continue
                added += record.id not in there
                revised += record.id in there and any(c.id not in known for c in said)
                kept += 1
                if record.id in in_rows:  # its own claims are those of its row
                    said = tuple(claim for claim in said if claim.id not in known)
                else:
                    records.append(record)
                claims += said
                judgements |= {j.id: j for j in linked}
                tell(0.7 * table.done(), f"{row.number:,} incidents read")
        imported = {record.id for record in records} | there.keys()
        held_sources = {source.id for source in contents.sources}
        needed = {claim.source_id for claim in claims}
        batch = Batch(
            tuple(s for s in sources.values() if s.id in needed and s.id not in held_sources),
            tuple(records),
            tuple(claims),
            tuple(
                j
                for j in judgements.values()
                if j.id not in decided and {j.left_id, j.right_id} <= imported
            ),
        )
        before = datetime.now(UTC)
        tell(0.75, "recording")
        if records or batch.claims or batch.judgements:
            store.append(batch, by=by)
        tell(0.9, "publishing")
        store.publish()
        report = ImportReport(
            id=folder.name, file=path.name, format=OWN, dataset="", version="", source_id="",
            rows_in=len(plain), imported=kept, set_aside=aside.rows, added=added,
            revised=revised, unchanged=kept - added - revised, withdrawn=0, absent=0,
            reasons=dict(aside.reasons.most_common()), problems=tuple(aside.problems),
            notices=tuple(table.shape.notices), remarks=(),
            aside_path=str(aside.path) if aside.rows else None, before=before.isoformat(),
            elapsed_s=round(time.monotonic() - began, 2),
        )  # fmt: skip
        write_report(folder, report)
    tell(1.0, "done")
    return report
