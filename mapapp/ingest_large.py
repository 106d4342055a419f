"""Releases of millions of rows, kept as columns beside the log (file → columns, with the rows).

data_dir/datasets/ucdp-ged/CURRENT                   the name of the release that stands
data_dir/datasets/ucdp-ged/<import>/rows.parquet     `BASE` columns, a hash, the row's own cells
data_dir/datasets/ucdp-ged/<import>/release.json     header, version, where the rows came from

A release is written whole in a folder of its own and stands from the moment CURRENT names it;
killed before, nothing has changed. Claims of an incident are made of its row when asked for.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers import ged_codes
from mapapp.importers.aside import AsideFile
from mapapp.importers.dataset import Answers, Columns, Context, Converted, Release, version_in
from mapapp.importers.delimited import DelimitedTable
from mapapp.importers.ged import Ged, GedReader
from mapapp.importers.located import Locator
from mapapp.importers.sniff import sniff
from mapapp.importers.table import UNDECODED, Fault, ReadOptions, Row, make_row
from mapapp.ingest import ImportReport, Progress, aside_name, new_folder, write_report
from mapapp.ingest_columns import GedColumns
from mapapp.store.columns import incident_columns
from mapapp.store.lock import held
from mapapp.store.schema import BASE
from mapapp.store.store import Store

_CHUNK_ROWS = 25_000
#: No cell holds it: a unit separator between the cells of a row as kept.
_BETWEEN = "\x1f"

STORED = pa.schema([*BASE, pa.field("hash", pa.uint64()), pa.field("cells", pa.string())])

#: What makes an incident say something else than in the release before.
_CONTENT = (
    "title", "country", "earliest", "latest", "date_precision", "place_text", "adm1_name",
    "adm2_name", "geo_precision", "lat", "lng", "killed_low", "killed_high",
    "killed_best_lowest", "civilians_killed_low", "search_text",
)  # fmt: skip


def fits(path: Path, options: ReadOptions | None = None) -> bool:
    """Whether a file can go this way: GED with all its columns, as delimited text."""
    sniffed = sniff(path, options)
    if not isinstance(sniffed.table, DelimitedTable) or not isinstance(sniffed.format, Ged):
        return False
    columns = Columns(sniffed.header, ged_codes.COLUMNS)
    return GedColumns(
        columns, sniffed.header, ged_codes.release(""), Locator(Gazetteer.load())
    ).usable


def import_large(
    path: Path,
    store: Store,
    *,
    version: str = "",
    dataset: str = "",
    complete: bool = False,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    by: str = "import",
    gazetteer: Gazetteer | None = None,
) -> ImportReport:
    """Import a GED file of any size as columns; the same rules as `ingest.import_file`.

    Raises InvalidInput where the file does not fit this way (see `fits`).
    """
    began = time.monotonic()
    tell = progress or (lambda done, doing: None)
    sniffed = sniff(path, options)
    table = sniffed.table
    if not isinstance(table, DelimitedTable) or not isinstance(sniffed.format, Ged):
        raise InvalidInput(f"{path.name} is no delimited GED file. Import it the usual way")
    places = gazetteer or Gazetteer.load()
    release = ged_codes.release(version or version_in(path.name), dataset)
    with held(store.data_dir / "import.lock"):
        folder = new_folder(store, path.name)
        home = store.data_dir / "datasets" / release.dataset
        building = home / f".building-{folder.name}"
        for left in home.glob(".building-*"):
            shutil.rmtree(left, ignore_errors=True)
        building.mkdir(parents=True)
        aside = AsideFile(folder / aside_name(sniffed), table)
        writer = _Writer(table, release, places, aside, building / "rows.parquet")
        with aside, writer:
            for batch in _chunks(table):
                writer.add(batch)
                tell(0.05 + 0.75 * table.done(), f"{writer.read:,} rows read")
        before = current(home)
        tell(0.85, "comparing with the release before")
        change = _compare(before, building / "rows.parquet", complete)
        if len(change["kept"]):
            _carry_over(before, building / "rows.parquet", change["kept"])
        (building / "release.json").write_text(
            json.dumps(
                {
                    "header": list(table.shape.header),
                    "version": release.version,
                    "before": before.name if before else None,
                },
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
        tell(0.9, "putting the release in place")
        store.append(Batch((release.source,), (), ()), by=by)
        building.rename(home / folder.name)
        _point_at(home, folder.name)
        report = ImportReport(
            id=folder.name, file=path.name, format=Ged.name, dataset=release.dataset,
            version=release.version, source_id=release.source.id,
            rows_in=writer.read, imported=writer.written, set_aside=aside.rows,
            added=change["added"], revised=change["revised"], unchanged=change["unchanged"],
            withdrawn=change["withdrawn"], absent=len(change["kept"]),
            reasons=dict(aside.reasons.most_common()), problems=tuple(aside.problems),
            notices=tuple(table.shape.notices), remarks=tuple(writer.remarks),
            aside_path=str(aside.path) if aside.rows else None,
            before=datetime.now(UTC).isoformat(), elapsed_s=round(time.monotonic() - began, 2),
        )  # fmt: skip
        write_report(folder, report)
    tell(1.0, "done")
    return report


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
        self, table: DelimitedTable, release: Release, gazetteer: Gazetteer, aside: AsideFile,
        path: Path,
    ) -> None:  # fmt: skip
        self.read = self.written = 0
        self.remarks: list[Problem] = []
        self._table, self._aside = table, aside
        header = table.shape.header
        columns = Columns(header, ged_codes.COLUMNS)
        self._maker = GedColumns(columns, header, release, Locator(gazetteer))
        if not self._maker.usable:
            raise InvalidInput(f"{table.path.name} lacks columns of GED. Import it the usual way")
        self._reader = GedReader(columns, release, Context(gazetteer, Answers(), {}))
        self._id_at = header.index(columns.found["id"])
        self._seen: dict[str, int] = {}
        self._file = pq.ParquetWriter(path, STORED)
        self._path = path

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        with self._path.open("rb+") as file:
            os.fsync(file.fileno())

    def add(self, batch: Sequence[tuple[int, list[str], Fault | None]]) -> None:
        """Write the good rows of a chunk and set the others aside."""
        width = len(self._table.shape.header)
        plain: list[tuple[int, int, list[str], str]] = []
        odd: list[Row] = []
        for line, cells, fault in batch:
            self.read += 1
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            kept = _BETWEEN.join(cells)
            regular = (
                fault is None
                and len(cells) == width
                and kept.count(_BETWEEN) == width - 1
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
                if not faults and _BETWEEN in "".join(cells):
                    faults = (Fault("", "holds a control character (U+001F)", "Take it out"),)
                odd.append(Row(row.number, row.line, row.cells, row.values, faults))
        if plain:
            made, sound = self._maker.chunk([own[2] for own in plain])
            if made.num_rows:
                self._write(made, [own[3] for own, ok in zip(plain, sound, strict=True) if ok])
            odd += [self._row(*own[:3]) for own, ok in zip(plain, sound, strict=True) if not ok]
        self._slowly(odd)

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
        self._write(made, [_BETWEEN.join(map(str, row.cells)) for _, row in good])

    def _write(self, made: pa.Table, cells: list[str]) -> None:
        frame = made.select(_CONTENT).to_pandas()
        hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy(np.uint64)
        kept = pa.array(cells, pa.string())
        self._file.write_table(
            made.append_column("hash", pa.array(hashes)).append_column("cells", kept)
        )
        self.written += made.num_rows


def current(home: Path) -> Path | None:
    """The folder of a data set's standing release, None where there is none."""
    with suppress(OSError):
        folder = home / (home / "CURRENT").read_text("utf-8").strip()
        if (folder / "rows.parquet").is_file():
            return folder
    return None


def _point_at(home: Path, name: str) -> None:
    part = home / ".CURRENT.new"
    with part.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(home / "CURRENT")


def _compare(before: Path | None, rows: Path, complete: bool) -> dict[str, Any]:
    """How many are added, revised, unchanged, withdrawn; and the ids of the older that stay."""
    new = pq.read_table(rows, columns=["id", "hash", "country"]).to_pandas()
    none: dict[str, Any] = {"revised": 0, "unchanged": 0, "withdrawn": 0, "kept": np.array([])}
    if before is None:
        return none | {"added": len(new)}
    old = pq.read_table(before / "rows.parquet", columns=["id", "hash", "country"]).to_pandas()
    both = new.merge(old, on="id", suffixes=("", "_old"))
    unchanged = int((both["hash"] == both["hash_old"]).sum())
    missing = old[~old["id"].isin(new["id"])]
    out = missing["country"].isin(new["country"].unique()) & complete
    return {
        "added": len(new) - len(both),
        "revised": len(both) - unchanged,
        "unchanged": unchanged,
        "withdrawn": int(out.sum()),
        "kept": missing[~out]["id"].to_numpy(),
    }


def _carry_over(before: Path | None, rows: Path, ids: np.ndarray) -> None:
    """Add the older release's rows that stay to the new one's."""
    assert before is not None  # without a release before there is nothing to carry over
    part = rows.with_suffix(".part")
    wanted = pa.array(ids)
    with pq.ParquetWriter(part, STORED) as writer:
        for source, keep_all in ((rows, True), (before / "rows.parquet", False)):
            with pq.ParquetFile(source) as file:
                for batch in file.iter_batches(_CHUNK_ROWS):
                    some = pa.Table.from_batches([batch])
                    if not keep_all:
                        some = some.filter(pc.is_in(some["id"], value_set=wanted))
                    writer.write_table(some.cast(STORED))
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(rows)


def extra_columns(data_dir: Path) -> pa.Table | None:
    """The `BASE` columns of all standing releases, for `snapshot.tables_of(contents, extra)`."""
    found = [
        pq.read_table(folder / "rows.parquet", columns=BASE.names)
        for home in sorted((data_dir / "datasets").glob("*"))
        if (folder := current(home)) is not None
    ]
    return pa.concat_tables(found) if found else None


def incident_of(data_dir: Path, incident_id: str, gazetteer: Gazetteer) -> Incident | None:
    """One incident of a standing release with its claims, made of its row; None if not there."""
    for home in sorted((data_dir / "datasets").glob("*")):
        folder = current(home)
        if folder is None or not incident_id.startswith(home.name + "-"):
            continue
        found = pq.read_table(
            folder / "rows.parquet", columns=["cells", "source_ids"],
            filters=[("id", "=", incident_id)],
        )  # fmt: skip
        if found.num_rows == 0:
            continue
        while True:  # a row carried over has the header of the release it came with
            plain = json.loads((folder / "release.json").read_text("utf-8"))
            release = ged_codes.release(plain["version"], home.name)
            if [release.source.id] == found["source_ids"][0].as_py() or not plain["before"]:
                break
            folder = home / plain["before"]
        header = tuple(plain["header"])
        reader = GedReader(
            Columns(header, ged_codes.COLUMNS), release, Context(gazetteer, Answers(), {})
        )
        row = make_row(1, 1, found["cells"][0].as_py().split(_BETWEEN), header)
        made = reader.convert(row)
        assert isinstance(made, Converted)  # it was good when it was imported
        return assemble([made.record], made.claims)[0]
    return None
