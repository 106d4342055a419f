"""Our own export back into the store: what it lacks is added (JSON → log)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.source import Source
from mapapp.importers import own_export as own_json
from mapapp.importers.tables.aside import AsideFile
from mapapp.importers.tables.sniff import sniff
from mapapp.importers.tables.table import Fault
from mapapp.ingest.report import OWN, ImportReport, Progress, new_folder, write_report
from mapapp.log.entries import Contents
from mapapp.snapshot import row_files
from mapapp.store.store import Store


def import_own(path: Path, store: Store, *, by: str, tell: Progress, began: float) -> ImportReport:
    """Our own export: what the store lacks is added, what it has otherwise is set aside."""
    plain, sources = own_json.load(path)
    with store.importing():
        folder = new_folder(store, path.name)
        table = sniff(path).table
        contents = store.log.read()
        export = _Export(store, contents, {str(item.get("id")) for item in plain})
        aside = AsideFile(folder / f"{path.name.split('.')[0]}-set-aside.csv", table)
        with aside:
            for row, item in zip(table.rows(), plain, strict=True):
                fault = export.take(own_json.incident(item, sources))
                if fault is not None:
                    aside.add(row, (fault,))
                tell(0.7 * table.done(), f"{row.number:,} incidents read")
        before = datetime.now(UTC)
        tell(0.75, "recording")
        batch = export.batch(sources)
        if batch.records or batch.claims or batch.judgements:
            store.append(batch, by=by)
        tell(0.9, "publishing")
        store.publish()
        report = ImportReport(
            id=folder.name, file=path.name, format=OWN, dataset="", version="", source_id="",
            rows_in=len(plain), imported=export.taken, set_aside=aside.rows, added=export.added,
            revised=export.revised, unchanged=export.taken - export.added - export.revised,
            withdrawn=0, absent=0, reasons=dict(aside.reasons.most_common()),
            problems=tuple(aside.problems), notices=tuple(table.shape.notices), remarks=(),
            aside_path=str(aside.path) if aside.rows else None, before=before.isoformat(),
            elapsed_s=round(time.monotonic() - began, 2),
        )  # fmt: skip
        write_report(folder, report)
    tell(1.0, "done")
    return report


class _Export:
    """What of an export the store lacks; how many incidents were taken, added and revised."""

    def __init__(self, store: Store, contents: Contents, ids: set[str]) -> None:
        self.taken = self.added = self.revised = 0
        self._contents = contents
        self._there = {record.id: record for record in contents.records}
        self._known = {claim.id for claim in contents.claims}
        self._in_rows: set[str] = set()
        for record, claims in row_files.find(store.data_dir, contents.row_files, ids):
            self._in_rows.add(record.id)
            self._there[record.id] = record
            self._known |= {claim.id for claim in claims}
        self._records: list[IncidentRecord] = []
        self._claims: list[Claim] = []
        self._judgements: dict[str, Judgement] = {}

    def take(
        self, read: tuple[IncidentRecord, tuple[Claim, ...], tuple[Judgement, ...]] | Fault
    ) -> Fault | None:
        """Take an incident as read, or say why it cannot go in."""
        if isinstance(read, Fault):
            return read
        record, claims, linked = read
        if self._there.get(record.id, record) != record:
            return Fault(
                "id", f"the store has another version of '{record.id}'",
                "Compare the two; import it into a store of its own to see it",
            )  # fmt: skip
        is_new = record.id not in self._there
        self.taken += 1
        self.added += is_new
        self.revised += not is_new and any(c.id not in self._known for c in claims)
        if record.id in self._in_rows:  # its own claims are those of its row
            claims = tuple(claim for claim in claims if claim.id not in self._known)
        else:
            self._records.append(record)
        self._claims += claims
        self._judgements |= {j.id: j for j in linked}
        return None

    def batch(self, sources: Mapping[str, Source]) -> Batch:
        """What is to be recorded; `sources` are those of the export."""
        imported = {record.id for record in self._records} | self._there.keys()
        held_sources = {source.id for source in self._contents.sources}
        needed = {claim.source_id for claim in self._claims} - held_sources
        decided = {judgement.id for judgement in self._contents.judgements}
        return Batch(
            tuple(source for source in sources.values() if source.id in needed),
            tuple(self._records),
            tuple(self._claims),
            tuple(
                j
                for j in self._judgements.values()
                if j.id not in decided and {j.left_id, j.right_id} <= imported
            ),
        )
