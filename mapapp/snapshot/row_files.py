"""Incidents of large releases, kept as files of rows beside the log (log + rows → snapshot).

data_dir/datasets/<dataset>/<folder>/rows.parquet

A file is written whole, once, before the log names it, and is never changed: which release stands,
and which stood at any time, is the log's to say. What claims and judgements in the log are about
is taken out of its file and assembled with them. Where servers share files (`shared_files.py`), a
new one is put there, and what a data folder lacks is fetched.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, participants
from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.row_file import RowFile
from mapapp.domain.weapons import weapons
from mapapp.importers import kept_rows
from mapapp.log.entries import Contents
from mapapp.snapshot.columns import province_codes
from mapapp.snapshot.schema import BASE, INCIDENTS, ROWS, TEXTS
from mapapp.snapshot.shared_files import shared_files

_LOG = logging.getLogger(__name__)

#: What a file holds a row: the incident's columns but `row`, a hash of what it says, its cells.
STORED = pa.schema(
    [
        *(field for field in INCIDENTS if field.name != "row"),
        pa.field("hash", pa.uint64()),
        *(field for field in ROWS if field.name != "id"),
    ]
)

_NAME = "rows.parquet"
_BATCH_ROWS = 25_000


@dataclass(frozen=True, slots=True)
class Materialised:
    """Contents with the incidents of rows that statements are about; `ids` are those."""

    contents: Contents
    ids: frozenset[str]


def home(data_dir: Path, dataset: str) -> Path:
    """The folder of a data set's releases."""
    return data_dir / "datasets" / dataset


def path_of(data_dir: Path, file: RowFile) -> Path:
    """Where a file's rows are."""
    return home(data_dir, file.dataset) / file.folder / _NAME


def building(data_dir: Path, dataset: str, folder: str) -> Path:
    """The path to write a new release's rows to; `put_in_place` makes it one the log may name."""
    parent = home(data_dir, dataset) / f".building-{folder}"
    parent.mkdir(parents=True)
    return parent / _NAME


def put_in_place(data_dir: Path, dataset: str, folder: str) -> None:
    """Make a written file durable under its folder's name, and share it where files are shared."""
    parent = home(data_dir, dataset)
    sync(parent / f".building-{folder}" / _NAME)
    (parent / f".building-{folder}").rename(parent / folder)
    with suppress(PermissionError):  # a system that cannot open folders
        descriptor = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    _share(data_dir, parent / folder / _NAME)


def share(data_dir: Path, files: Iterable[RowFile]) -> None:
    """Share those of these files that are in a data folder, where files are shared.

    Raises StoreUnavailable, also where there are none, if they could not be shared.
    """
    if shared_files() is None:
        return
    for file in files:
        path = path_of(data_dir, file)
        if path.is_file():
            _share(data_dir, path)


def _share(data_dir: Path, path: Path) -> None:
    shared = shared_files()
    if shared is not None:
        shared.put(path, path.relative_to(data_dir).as_posix())


def _fetched(data_dir: Path, path: Path) -> bool:
    shared = shared_files()
    return shared is not None and shared.fetch(path.relative_to(data_dir).as_posix(), path)


def sync(path: Path) -> None:
    """Make a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def clear_unfinished(data_dir: Path, dataset: str, named: Collection[str]) -> None:
    """Remove what imports that were killed left behind: folders that the log never named."""
    for folder in home(data_dir, dataset).glob("*"):
        if folder.is_dir() and folder.name not in named:
            shutil.rmtree(folder, ignore_errors=True)


#: Columns that came after the first files were written, and how a row's claims give them.
_OF_ROWS: Mapping[str, Callable[[Iterable[Claim]], Iterable[str]]] = {
    "participants": participants,
    "weapons": weapons,
}


@cache
def _complete(path: Path) -> None:
    """Give a file that an earlier version wrote the columns that it lacks, of its own rows."""
    present = pq.read_schema(path).names
    lacking = {name: read for name, read in _OF_ROWS.items() if name not in present}
    if not lacking and "province" in present:
        return
    _LOG.warning("%s is of an earlier version; what it lacks is read from its rows", path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with pq.ParquetWriter(beside, STORED) as writer:
            for batch in batches(path):
                if "province" not in present:
                    batch = batch.append_column("province", province_codes(batch))
                if lacking:
                    rows = zip(batch["form"].to_pylist(), batch["cells"].to_pylist(), strict=True)
                    claims = [kept_rows.converted(form, cells).claims for form, cells in rows]
                for name, read in lacking.items():
                    texts = pa.array([list(map(str, read(made))) for made in claims], TEXTS)
                    batch = batch.append_column(name, texts)
                writer.write_table(batch.select(STORED.names).cast(STORED))
        sync(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def paths(data_dir: Path, files: Iterable[RowFile]) -> list[Path]:
    """The files of releases, fetched where they are shared and not here yet.

    Raises StoreUnavailable where one is missing.
    """
    files_there = [path_of(data_dir, file) for file in files]
    for path in files_there:
        if not path.is_file() and not _fetched(data_dir, path):
            raise StoreUnavailable(
                f"the rows of a data set are missing ({path}); restore the data folder from a "
                "backup, import the release again, or share them (MAPAPP_FILES_URL)"
            )
        _complete(path)
    return files_there


def known(data_dir: Path, files: Iterable[RowFile], ids: Collection[str]) -> set[str]:
    """Which of these incidents stand in files of rows."""
    ids_there: set[str] = set()
    for file in files:
        candidates = [key for key in ids if key.startswith(file.dataset + "-")]
        if candidates:
            (path,) = paths(data_dir, [file])
            table = pq.read_table(path, columns=["id"], filters=[("id", "in", candidates)])
            ids_there.update(table["id"].to_pylist())
    return ids_there


def materialised(data_dir: Path, contents: Contents) -> Materialised:
    """Contents in which every claim has its record, of rows where they are there.

    Claims about an incident that no release holds any more wait in the log.
    """
    have = {record.id for record in contents.records}
    wanted = {claim.incident_id for claim in contents.claims} - have
    records: list[IncidentRecord] = []
    claims: list[Claim] = []
    for record, stated in find(data_dir, contents.row_files, wanted):
        records.append(record)
        claims += stated
    ids = frozenset(record.id for record in records)
    # A record of its own in the log stands for its row.
    doubled = known(data_dir, contents.row_files, have)
    if not ids and wanted.isdisjoint(c.incident_id for c in contents.claims):
        return Materialised(contents, frozenset(doubled))
    return Materialised(
        replace(
            contents,
            records=(*contents.records, *records),
            claims=(*claims, *(c for c in contents.claims if c.incident_id in have | ids)),
        ),
        ids | doubled,
    )


def find(
    data_dir: Path, files: Iterable[RowFile], ids: Collection[str]
) -> Iterator[tuple[IncidentRecord, tuple[Claim, ...]]]:
    """The records and claims of those of these incidents that stand in files of rows."""
    for file in files:
        wanted = sorted(key for key in ids if key.startswith(file.dataset + "-"))
        if wanted:
            (path,) = paths(data_dir, [file])
            rows = pq.read_table(path, columns=ROWS.names, filters=[("id", "in", wanted)])
            yield from incidents(rows.to_pylist())


#: Records with their claims, of rows as dictionaries of the columns of `ROWS`.
ReadRows = Callable[
    [Iterable[Mapping[str, object]]], Iterator[tuple[IncidentRecord, tuple[Claim, ...]]]
]

#: What reads the rows of engines whose rows do not say all themselves.
_READERS: WeakKeyDictionary[object, ReadRows] = WeakKeyDictionary()


def read_by(engine: object, reader: ReadRows) -> None:
    """Have the rows that an engine answers with read by `reader`."""
    _READERS[engine] = reader


def incidents(
    rows: Iterable[Mapping[str, object]], engine: object = None
) -> Iterator[tuple[IncidentRecord, tuple[Claim, ...]]]:
    """The records and claims of rows (with the columns of `ROWS`) that an engine answered with."""
    reader = _READERS.get(engine, converted) if engine is not None else converted
    yield from reader(rows)


def converted(
    rows: Iterable[Mapping[str, object]],
) -> Iterator[tuple[IncidentRecord, tuple[Claim, ...]]]:
    """The records and claims that rows themselves say."""
    for row in rows:
        made = kept_rows.converted(str(row["form"]), str(row["cells"]))
        at, by = row["recorded_at"], str(row["recorded_by"])
        assert isinstance(at, datetime)
        yield (
            made.record,
            tuple(replace(c, recorded_at=at, recorded_by=by) for c in made.claims),
        )


def batches(path: Path, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """A file's rows, piece by piece."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
            yield pa.Table.from_batches([batch])


def base_columns(data_dir: Path, files: Iterable[RowFile]) -> pa.Table:
    """The `BASE` columns of files, whole in memory: to look at a release, not to publish it."""
    tables = [pq.read_table(path, columns=BASE.names) for path in paths(data_dir, files)]
    return pa.concat_tables(tables) if tables else BASE.empty_table()


def changes(data_dir: Path, before: RowFile | None, after: RowFile | None) -> pa.Table:
    """What a release changed: rows (id, change), "added", "revised" or "withdrawn", by id.

    None for `before` is the state without the data set, for `after` the data set taken away.
    """
    old, new = (
        pq.read_table(paths(data_dir, [file])[0], columns=["id", "hash"]).to_pandas()
        if file
        else pd.DataFrame({"id": pd.Series(dtype=str), "hash": pd.Series(dtype="uint64")})
        for file in (before, after)
    )
    both = new.merge(old, on="id", suffixes=("", "_old"))
    found = {
        "added": new.loc[~new["id"].isin(old["id"]), "id"],
        "revised": both.loc[both["hash"] != both["hash_old"], "id"],
        "withdrawn": old.loc[~old["id"].isin(new["id"]), "id"],
    }
    ids = pa.array([key for keys in found.values() for key in keys], pa.string())
    kinds = pa.array([kind for kind, keys in found.items() for _ in keys], pa.string())
    table = pa.table({"id": ids, "change": kinds})
    return table.take(pc.sort_indices(table, sort_keys=[("id", "ascending")]))
