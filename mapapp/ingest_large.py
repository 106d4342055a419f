"""Releases of GED too large for single claims in the log: kept as rows beside it (file → rows).

A release is written whole in a folder of its own and stands from the moment the log names it
(`store/row_files.py`); killed before, nothing has changed. The claims of an incident are made of
its row when they are asked for.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import assemble
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.row_file import RowFile
from mapapp.importers import ged_codes
from mapapp.importers.aside import AsideFile
from mapapp.importers.dataset import Answers, Columns, Converted, version_in
from mapapp.importers.delimited import DelimitedTable
from mapapp.importers.ged import Ged
from mapapp.importers.kept_rows import BETWEEN, KeptForm, joined
from mapapp.importers.located import Locator
from mapapp.importers.sniff import Sniffed, sniff
from mapapp.importers.table import UNDECODED, Fault, ReadOptions, Row, make_row
from mapapp.ingest import (
    ImportReport,
    Progress,
    aside_name,
    new_folder,
    refuse_older,
    write_report,
)
from mapapp.ingest_columns import CLAIMS, GedColumns
from mapapp.store import row_files
from mapapp.store.columns import derive, incident_columns
from mapapp.store.lock import held
from mapapp.store.log import Contents
from mapapp.store.row_files import STORED
from mapapp.store.schema import BASE
from mapapp.store.store import Store

_CHUNK_ROWS = 25_000

#: From so many bytes on a file of GED is kept as rows; packed ones are about a sixth.
LARGE_BYTES = 8 << 20
_PACKED = 6

#: What makes an incident say something else than in the release before: all its columns but those
#: that name the release.
_NOT_SAID = ("source_ids", "background", "abroad", "dataset")
_SAID = tuple(name for name in BASE.names if name not in _NOT_SAID)


def is_large(path: Path) -> bool:
    """Whether a file is too large for single claims in the log."""
    packed = path.suffix.casefold() in (".gz", ".zip")
    return path.stat().st_size * (_PACKED if packed else 1) >= LARGE_BYTES


def fits(sniffed: Sniffed) -> bool:
    """Whether a file can go this way: GED with all its columns, as delimited text, days as ISO."""
    if not isinstance(sniffed.table, DelimitedTable) or not isinstance(sniffed.format, Ged):
        return False
    columns = Columns(sniffed.header, ged_codes.COLUMNS)
    if not GedColumns.has_all(columns):
        return False
    days = [str(columns.cell(row, "date_start") or "").strip()[:10] for row in sniffed.sample]
    return all(len(day) == 10 and day[4] == day[7] == "-" for day in days)


def import_large(
    path: Path,
    store: Store,
    *,
    answers: Answers | None = None,
    version: str = "",
    dataset: str = "",
    complete: bool = False,
    allow_older: bool = False,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    by: str = "import",
    gazetteer: Gazetteer | None = None,
) -> ImportReport:
    """Import a GED file of any size as rows and publish it; the rules of `ingest.import_file`.

    Raises InvalidInput where the file is no delimited GED.
    """
    began = time.monotonic()
    tell = progress or (lambda done, doing: None)
    sniffed = sniff(path, options)
    table = sniffed.table
    if not isinstance(table, DelimitedTable) or not isinstance(sniffed.format, Ged):
        raise InvalidInput(
            f"{path.name} is no delimited GED file, and its data set is kept as rows of such "
            "files. Import the CSV of the release, or give the data set another name"
        )
    orders = tuple((name, str(order)) for name, order in (answers or Answers()).date_orders.items())
    key = ged_codes.release(version or version_in(path.name), dataset)
    form = KeptForm(table.shape.header, key.dataset, key.version, orders)
    with held(store.data_dir / "import.lock"):
        contents = store.log.read()
        if not allow_older:
            refuse_older(contents, key)
        folder = new_folder(store, path.name)
        _clear(store, key.dataset)
        target = row_files.building(store.data_dir, key.dataset, folder.name)
        aside = AsideFile(folder / aside_name(sniffed), table)
        writer = _Writer(table, form, gazetteer or Gazetteer.load(), aside, target, by)
        try:
            with aside, writer:
                for batch in _chunks(table):
                    writer.add(batch)
                    tell(0.02 + 0.63 * table.done(), f"{writer.read:,} rows read")
            tell(0.67, "comparing with what is there")
            change = _compare(store, contents, key.dataset, target, complete)
            if len(change.carried):
                _carry_over(store, change, target)
        except BaseException:
            shutil.rmtree(target.parent, ignore_errors=True)
            raise
        before, listed = datetime.now(UTC), None
        if writer.written:
            tell(0.72, "recording")
            row_files.put_in_place(store.data_dir, key.dataset, folder.name)
            file = RowFile(
                key.dataset, key.version, folder.name,
                rows=writer.written + len(change.carried), added=change.added,
                revised=change.revised, withdrawn=change.withdrawn,
                before=change.before.folder if change.before else "",
            )  # fmt: skip
            store.append(_batch(contents, form, file, change), by=by, replace_dataset=key.dataset)
            listed = _list_changes(store, change.before, file, folder)
        else:
            shutil.rmtree(target.parent, ignore_errors=True)
        tell(0.75, "publishing")
        store.publish()
        report = ImportReport(
            id=folder.name, file=path.name, format=Ged.name, dataset=key.dataset,
            version=key.version, source_id=key.source.id,
            rows_in=writer.read, imported=writer.written, set_aside=aside.rows,
            added=change.added, revised=change.revised, unchanged=change.unchanged,
            withdrawn=change.withdrawn, absent=change.absent,
            reasons=dict(aside.reasons.most_common()), problems=tuple(aside.problems),
            notices=tuple(table.shape.notices), remarks=tuple(writer.remarks),
            aside_path=str(aside.path) if aside.rows else None,
            changes_path=listed, before=before.isoformat(),
            elapsed_s=round(time.monotonic() - began, 2),
        )  # fmt: skip
        write_report(folder, report)
    tell(1.0, "done")
    return report


def _clear(store: Store, dataset: str) -> None:
    """Remove rows that no release, standing or past, is made of."""
    named = {version.folder for version in store.log.all_row_files() if version.dataset == dataset}
    row_files.clear_unfinished(store.data_dir, dataset, named)


def _chunks(table: DelimitedTable) -> Iterator[list[tuple[int, list[str], Fault | None]]]:
    batch = []
    for item in table.raw():
        batch.append(item)
        if len(batch) >= _CHUNK_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


class _Writer:
    """Writes rows to a Parquet file chunk by chunk; odd rows go the slow way or aside."""

    def __init__(
        self, table: DelimitedTable, form: KeptForm, gazetteer: Gazetteer, aside: AsideFile,
        path: Path, by: str,
    ) -> None:  # fmt: skip
        self.read = self.written = 0
        self.remarks: list[Problem] = []
        self._table, self._aside = table, aside
        header = table.shape.header
        columns = Columns(header, ged_codes.COLUMNS)
        maker = GedColumns(columns, header, form.release(), Locator(gazetteer))
        self._maker = maker if maker.usable else None
        self._reader = form.reader(gazetteer)
        self._id_at = header.index(columns.found["id"])
        self._seen: dict[str, int] = {}
        self._same = {"form": form.text(), "source_id": form.release().source.id,
                      "recorded_at": datetime.now(UTC), "recorded_by": by}  # fmt: skip
        self._file = pq.ParquetWriter(path, STORED, compression="zstd")

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, batch: Sequence[tuple[int, list[str], Fault | None]]) -> None:
        """Write the good rows of a chunk and set the others aside."""
        width = len(self._table.shape.header)
        plain: list[tuple[int, int, list[str], str]] = []
        odd: list[Row] = []
        for line, cells, fault in batch:
            self.read += 1
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            kept = joined(cells)
            regular = (
                fault is None
                and len(cells) == width
                and kept.count(BETWEEN) == width - 1
                and (kept.isascii() or not UNDECODED.search(kept))
            )
            if regular and self._new(cells):
                plain.append((self.read, line, cells, kept))
            elif regular:
                first = self._seen[cells[self._id_at].strip()]
                self._set_aside(self._row(self.read, line, cells), (
                    Fault("id", f"is the id of row {first} too", "Keep one of the rows"),
                ))  # fmt: skip
            else:
                row = self._row(self.read, line, cells)
                faults = (*((fault,) if fault else ()), *row.faults)
                if not faults and BETWEEN in "".join(cells):
                    faults = (Fault("", "holds a control character (U+001F)", "Take it out"),)
                odd.append(Row(row.number, row.line, row.cells, row.values, faults))
        if plain and self._maker:
            made, sound = self._maker.chunk([own[2] for own in plain])
            if made.num_rows:
                self._write(made, [own[3] for own, ok in zip(plain, sound, strict=True) if ok])
            plain = [own for own, ok in zip(plain, sound, strict=True) if not ok]
        self._slowly([*odd, *(self._row(*own[:3]) for own in plain)])

    def _row(self, number: int, line: int, cells: Sequence[str]) -> Row:
        return make_row(number, line, cells, self._table.shape.header)

    def _new(self, cells: list[str]) -> bool:
        key = cells[self._id_at].strip()
        return self._seen.setdefault(key, self.read) == self.read

    def _set_aside(self, row: Row, faults: tuple[Fault, ...]) -> None:
        self._aside.add(row, faults)

    def _slowly(self, rows: Sequence[Row]) -> None:
        good: list[tuple[Converted, Row]] = []
        for row in rows:
            found = row.faults or self._reader.convert(row)
            if isinstance(found, Converted):
                good.append((found, row))
            else:
                self._set_aside(row, found)
        if not good:
            return
        claims = [claim for item, _ in good for claim in item.claims]
        made = incident_columns(assemble([item.record for item, _ in good], claims))
        counts = [len(item.claims) for item, _ in good]
        made = made.append_column(CLAIMS, pa.array(counts, pa.int32()))
        self._write(made, [joined([str(c) for c in row.cells]) for _, row in good])

    def _write(self, made: pa.Table, cells: list[str]) -> None:
        columns = (
            derive(made)
            .append_column(CLAIMS, made[CLAIMS])
            .append_column("hash", pa.array(_hashes(made)))
        )
        columns = columns.append_column("cells", pa.array(cells, pa.string()))
        zeros = pa.array(np.zeros(made.num_rows, np.int64))
        for name, value in self._same.items():
            one = pa.array([value], STORED.field(name).type)
            columns = columns.append_column(name, one.take(zeros))
        self._file.write_table(columns.select(STORED.names).cast(STORED))
        self.written += made.num_rows


def _hashes(made: pa.Table) -> np.ndarray:
    """A number a row that differs where what the row says differs."""
    found = np.zeros(made.num_rows, np.uint64)
    for name in _SAID:
        column = made[name]
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, "\n")
        # As text: numbers become floats or not by the gaps of the chunk they are in.
        text = pc.fill_null(column.cast(pa.string()), "\0")
        own = pd.util.hash_array(np.asarray(text.to_pandas(), dtype=object), categorize=True)
        found = found * np.uint64(31) + own
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """What a release changes: counts, the ids carried over from the rows before, those the log
    still holds as records."""

    added: int
    revised: int
    unchanged: int
    withdrawn: int
    absent: int
    carried: Collection[str]
    records: Collection[str]
    before: RowFile | None


def _compare(
    store: Store, contents: Contents, dataset: str, target: Path, complete: bool
) -> _Change:
    columns = ["id", "hash", "country"]
    new = pq.read_table(target, columns=columns).to_pandas()
    before = next((f for f in contents.row_files if f.dataset == dataset), None)
    old = [pa.schema([STORED.field(name) for name in columns]).empty_table().to_pandas()]
    if before is not None:
        (path,) = row_files.paths(store.data_dir, [before])
        old.append(pq.read_table(path, columns=columns).to_pandas())
    records = [r for r in contents.records if r.dataset == dataset]
    if records:
        sources = {s.id for s in contents.sources if s.dataset == dataset}
        ids = {r.id for r in records}
        own = [c for c in contents.claims if c.incident_id in ids and c.source_id in sources]
        made = incident_columns(assemble(records, own))
        said = made.select(["id", "country"]).append_column("hash", pa.array(_hashes(made)))
        old.append(said.to_pandas())
    there = pd.concat(old, ignore_index=True)
    both = new.merge(there, on="id", suffixes=("", "_old"))
    unchanged = int((both["hash"] == both["hash_old"]).sum())
    missing = there[~there["id"].isin(new["id"])]
    out = missing["country"].isin(new["country"].unique()) & complete
    if len(new) == 0:  # nothing sound in the file: nothing is known of what there is
        out &= False
    stay = set(missing.loc[~out, "id"])
    in_log = {r.id for r in records} & stay
    return _Change(
        added=len(new) - len(both),
        revised=len(both) - unchanged,
        unchanged=unchanged,
        withdrawn=int(out.sum()),
        absent=len(stay),
        carried=stay - in_log,
        records=in_log,
        before=before,
    )


def _carry_over(store: Store, change: _Change, target: Path) -> None:
    """Add the older release's rows that stay to the new one's."""
    assert change.before is not None  # without a release before there is nothing to carry over
    part = target.with_suffix(".part")
    wanted = pa.array(sorted(change.carried))
    (before,) = row_files.paths(store.data_dir, [change.before])
    with pq.ParquetWriter(part, STORED, compression="zstd") as writer:
        for some in row_files.batches(target):
            writer.write_table(some.cast(STORED))
        for some in row_files.batches(before):
            writer.write_table(some.filter(pc.is_in(some["id"], value_set=wanted)).cast(STORED))
    part.replace(target)


def _list_changes(store: Store, before: RowFile | None, after: RowFile, folder: Path) -> str | None:
    """Write which incidents a newer release added, revised or withdrew; None where none."""
    if before is None:
        return None
    changed = row_files.changes(store.data_dir, before, after)
    if not changed.num_rows:
        return None
    path = folder / "changes.csv"
    part = path.with_suffix(".part")
    csv.write_csv(changed, part)
    part.replace(path)
    return str(path)


def _batch(contents: Contents, form: KeptForm, file: RowFile, change: _Change) -> Batch:
    """Everything of the data set that the log is to hold afterwards."""
    release = form.release()
    own_sources = {s.id: s for s in contents.sources if s.dataset == release.dataset}
    own_sources[release.source.id] = release.source
    stay = [r for r in contents.records if r.id in change.records]
    own = {r.id for r in contents.records if r.dataset == release.dataset}
    claims: list[Claim] = []
    for claim in contents.claims:
        if claim.incident_id in change.records or (
            claim.incident_id in own and claim.source_id not in own_sources
        ):
            claims.append(claim)
    return Batch(tuple(own_sources.values()), tuple(stay), tuple(claims), row_files=(file,))
