"""The next snapshot made of the current one: its file copied, and only what the log's last changes
touched put in anew (log + snapshot → snapshot).

The tables are those of a whole build, row for row (`tests/snapshot/test_advance.py`); only the
order on disk differs. See docs/decisions/store-advance.md.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.domain.problems import StoreUnavailable
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.log import codec
from mapapp.log.entries import Contents
from mapapp.log.log import Log
from mapapp.snapshot import row_files, summaries
from mapapp.snapshot.change_file import TIMES, TIMES_KEY, WIDE, finish, put
from mapapp.snapshot.row_files import STORED
from mapapp.snapshot.schema import ROWS
from mapapp.snapshot.snapshot import SORT_MEMORY, Snapshot, tables_of

#: Below so many incidents a whole build takes no longer.
LEAST: Final = 10_000

#: Incidents that may have been touched; beyond, a whole build is hardly slower.
MOST: Final = 1_000


def advance(path: Path, before: Snapshot, log: Log, data_dir: Path) -> int | None:
    """Write the snapshot of the log's last change to `path`; the change's number.

    None where it is to be built whole: there is little in it, too much was touched, releases came
    or went, a source that stood says otherwise, or the file is an advanced one many times over.
    Raises StoreUnavailable where it cannot be written. After either something may be left at
    `path`, for the caller to remove.
    """
    if before.path is None or int(before.meta["incidents"]) < LEAST:
        return None
    if int(before.meta.get(TIMES_KEY, "0")) >= TIMES:
        return None
    since = log.since(before.seq, MOST)
    if since is None:
        return None
    found, contents = since
    if found.rows or found.sources:
        return None
    made = row_files.materialised(data_dir, contents)
    own = tables_of(replace(made.contents, sources=_cited(before, made.contents)))
    kept = _kept(
        data_dir, contents.row_files, found.incidents - {r.id for r in made.contents.records}
    )
    try:
        shutil.copyfile(before.path, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET memory_limit = $limit", {"limit": SORT_MEMORY})
            wide = [own["incidents"].select(WIDE), kept.select(WIDE)]
            new = {**own, "incidents": pa.concat_tables(wide), "rows": kept.select(ROWS.names)}
            put(connection, found.incidents, found.judgements, new)
            said = {"seq": str(contents.seq), "published_at": datetime.now(UTC).isoformat()}
            incidents = finish(connection, before.meta, said)
            connection.execute("CHECKPOINT")
        most, fewest = sorted((incidents, int(before.meta["incidents"])), reverse=True)
        if fewest < summaries.FROM_INCIDENTS <= most:
            return None
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except (duckdb.Error, OSError) as error:
        raise StoreUnavailable(
            f"the snapshot {path} could not be written ({error}); check that the disk has room "
            "and the folder can be written"
        ) from error
    return contents.seq


def _cited(before: Snapshot, contents: Contents) -> tuple[Source, ...]:
    """The sources of contents, and those that the rows in it cite: releases, unchanged."""
    have = {source.id for source in contents.sources}
    lacking = {claim.source_id for claim in contents.claims} - have
    if not lacking:
        return contents.sources
    held = before.engine.run("SELECT id, content FROM sources").to_pylist()
    found = [codec.decode_source(row["content"]) for row in held if row["id"] in lacking]
    return (*contents.sources, *found)


def _kept(data_dir: Path, files: Collection[RowFile], ids: Collection[str]) -> pa.Table:
    """The rows of releases that stand for these incidents by themselves."""
    found = [STORED.empty_table()]
    for file in files:
        own = sorted(key for key in ids if key.startswith(file.dataset + "-"))
        if own:
            (path,) = row_files.paths(data_dir, [file])
            found.append(pq.read_table(path, filters=[("id", "in", own)]).select(STORED.names))
    return pa.concat_tables([table.cast(STORED) for table in found])
