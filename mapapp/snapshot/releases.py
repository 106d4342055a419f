"""A file for each release that is kept as rows: its incidents as readers ask for them, sorted,
with its pre-aggregated tables (rows → snapshot).

data_dir/snapshots/data-<dataset>-<folder>-v6.duckdb

Such a file is made once, of the release's rows, and never changed: what editors say of one of its
incidents stands in the snapshot that names it (`snapshot.py`). See docs/decisions/store-files.md.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.row_file import RowFile
from mapapp.log.log import Log
from mapapp.snapshot import row_files, summaries
from mapapp.snapshot.schema import TABLES, VERSION
from mapapp.snapshot.shelf import Shelf

#: What sorting the rows of a large release may take; beyond it they are sorted on disk.
SORT_MEMORY = "800MB"

#: So many rows of a large release are sorted at once: all their columns have to be in that memory.
SORTED_ROWS = 200_000

#: Files kept beside those that are needed now, such as for earlier times.
KEEP: Final = 4

#: Each release has numbers of its own for `row`, so many at most; below are those of the log.
FIRST_ROW: Final = 1 << 32

#: The entries of a file's meta: the ids of the sources that its rows cite, as a list of JSON, and
#: a hash of all that it holds.
SOURCES_KEY: Final = "cited"
HASH_KEY: Final = "hash"

#: Who recorded something, for the public: as `gate.editor_name`.
NAMELESS: Final = "CASE WHEN contains(recorded_by, '@') THEN 'an editor' ELSE recorded_by END"


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file, and what it says of itself."""

    path: Path
    meta: Mapping[str, str]

    @property
    def incidents(self) -> int:
        """How many it holds."""
        return int(self.meta["incidents"])

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources that its rows cite."""
        return tuple(json.loads(self.meta[SOURCES_KEY]))


class Releases:
    """The files of a data folder's releases."""

    def __init__(self, data_dir: Path, log: Log) -> None:
        self._data_dir, self._log = data_dir, log
        folder = data_dir / "snapshots"
        self._shelf = Shelf(folder, "data", folder / "data.lock")

    def files(self, releases: Sequence[RowFile]) -> tuple[ReleaseFile, ...]:
        """The files of releases, made where they are not there.

        Raises StoreUnavailable where the rows of one are missing, or a file cannot be written.
        """
        row_files.paths(self._data_dir, releases)
        return tuple(self._file(release) for release in releases)

    def prune(self, needed: Collection[Path]) -> None:
        """Remove the files that are neither needed nor among the few used last."""
        others = [path for path in self._shelf.latest() if path not in needed]
        if len(others) > KEEP:
            with self._shelf.making():
                self._shelf.prune({*needed, *others[:KEEP]})

    def _file(self, release: RowFile) -> ReleaseFile:
        stem = f"data-{release.dataset}-{release.folder}-v{VERSION}"
        held = self._held(stem)
        if held is not None:
            return held
        with self._shelf.making():
            held = self._held(stem)
            if held is not None:  # another process was sooner
                return held
            (rows,) = row_files.paths(self._data_dir, [release])
            first = FIRST_ROW * (1 + self._ordinal(release))
            path = self._shelf.put(stem, lambda building: write_release(building, rows, first))
        return ReleaseFile(path, meta_of(path))

    def _held(self, stem: str) -> ReleaseFile | None:
        for path in self._shelf.named(stem):
            try:
                release = ReleaseFile(path, meta_of(path))
            except StoreUnavailable:  # damaged: it is made anew under another name
                continue
            self._shelf.used(path)
            return release
        return None

    def _ordinal(self, release: RowFile) -> int:
        """The place of a release among all that ever stood, which never changes."""
        ever = dict.fromkeys((f.dataset, f.folder) for f in self._log.all_row_files())
        return list(ever).index((release.dataset, release.folder))


def meta_of(path: Path) -> dict[str, str]:
    """What a file says of itself. Raises StoreUnavailable where it cannot be read."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            table = connection.sql("FROM meta").to_arrow_table()
    except duckdb.Error as error:
        raise StoreUnavailable(f"the file {path} is damaged ({error})") from error
    return dict(zip(table["key"].to_pylist(), table["value"].to_pylist(), strict=True))


def write_release(path: Path, rows: Path, first: int) -> None:
    """Write the file of a release, of its file of `rows`; `first` is the least of its `row`.

    Raises StoreUnavailable where the disk is full or cannot be written.
    """

    def fill(connection: Any, _beside: Path) -> dict[str, str]:
        connection.read_parquet(str(rows)).create_view("kept")
        connection.execute(_UNSORTED_SQL)
        sort_in(connection, first)
        connection.execute(_ROWS_SQL)
        connection.execute("DROP VIEW unsorted; DROP VIEW kept")
        return {}

    write_rows_file(path, fill)


def write_rows_file(path: Path, fill: Callable[[Any, Path], Mapping[str, str]]) -> None:
    """Write a file of incidents and rows whole and durable: `fill` makes the two tables over a
    connection, may have another database at the path it is given, which goes afterwards, and gives
    what the file says of itself beside the usual.
    """
    spill = path.with_name(path.name + ".spill")
    try:
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET enable_progress_bar = false")  # it would write into a report
            connection.execute("SET memory_limit = $limit", {"limit": SORT_MEMORY})
            connection.execute("SET temp_directory = $folder", {"folder": str(spill)})
            spill.mkdir(exist_ok=True)
            told = fill(connection, spill / "beside.duckdb")
            ((incidents,),) = _rows(connection, "SELECT count(*) FROM incidents")
            meta = {
                "schema": str(VERSION),
                "incidents": str(incidents),
                SOURCES_KEY: json.dumps([key for (key,) in _rows(connection, _CITED_SQL)]),
                HASH_KEY: str(hash_of(connection, "incidents") + hash_of(connection, "rows")),
                **told,
            }
            connection.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
            connection.executemany("INSERT INTO meta VALUES (?, ?)", list(meta.items()))
            if incidents >= summaries.FROM_INCIDENTS:
                summaries.write_to(connection, incidents)
            connection.execute("CHECKPOINT")
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the snapshot {path} could not be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def hash_of(connection: Any, table: str) -> int:
    """A number that follows from the rows of a table, in any order; one row adds to it."""
    statement = f"SELECT sum(CAST(hash(t) AS HUGEINT)) FROM {_HASHED.get(table, table)} t"  # noqa: S608 - names of ours
    ((total,),) = _rows(connection, statement)
    return int(total or 0)


def sort_in(connection: Any, first: int) -> None:
    """Put the incidents of the view `unsorted` (without `row`) in, in their order, part by part:
    `first` is the least of their numbers.
    """
    connection.execute(_NUMBERED_SQL, {"first": first})
    ((number,),) = _rows(connection, "SELECT count(*) FROM numbered")
    connection.from_arrow(TABLES["incidents"].empty_table()).create("incidents")
    for start in range(first, first + number, SORTED_ROWS):
        connection.execute(_INCIDENTS_SQL, {"first": start, "end": start + SORTED_ROWS})
    connection.execute("DROP TABLE numbered")


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(statement).fetchall()
    return rows


#: The order that `columns.finish` gives, which `row` counts along: of the keys alone.
_NUMBERED_SQL = """
    CREATE TABLE numbered AS
    SELECT id, $first + row_number() OVER (ORDER BY month, cell, id) - 1 AS "row" FROM unsorted
"""
_INCIDENTS_SQL = """
    INSERT INTO incidents BY NAME
    SELECT * FROM unsorted JOIN numbered USING (id) WHERE "row" >= $first AND "row" < $end
    ORDER BY "row"
"""
_UNSORTED_SQL = """
    CREATE VIEW unsorted AS
    SELECT * EXCLUDE (hash, form, cells, source_id, claims, recorded_at, recorded_by) FROM kept
"""
_ROWS_SQL = """
    CREATE TABLE rows AS
    SELECT id, form, cells, source_id, claims, recorded_at, recorded_by FROM kept
"""
_CITED_SQL = "SELECT DISTINCT source_id FROM rows ORDER BY source_id"
#: Of `incidents` without `row`, which is a place in the data folder and tells of other releases.
_HASHED: Final = {
    "incidents": '(SELECT * EXCLUDE ("row") FROM incidents)',
    "rows": f"(SELECT * REPLACE ({NAMELESS} AS recorded_by) FROM rows)",  # noqa: S608
}
