"""What newer releases kept as files of rows changed, and the history of one of their incidents
(log + rows → changes).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.domain.incident import Incident, assemble
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.snapshot import row_files
from mapapp.snapshot.schema import INCIDENTS, ROWS
from mapapp.snapshot.snapshot import open_snapshot, tables_of, write
from mapapp.store import Contents, Snapshot, Version


@dataclass(frozen=True, slots=True)
class Release:
    """One data set's move from one file of rows to another; None is no file."""

    old: RowFile | None
    new: RowFile | None
    at: datetime
    by: str
    reason: str
    seq: int


def releases(versions: Iterable[Version], after: int, until: int) -> tuple[Release, ...]:
    """The data sets whose file of rows is another after change `until` than after `after`."""
    by_dataset: dict[str, list[Version]] = {}
    for version in versions:
        if isinstance(version.statement, RowFile):
            by_dataset.setdefault(version.key, []).append(version)
    found = []
    for some in by_dataset.values():
        old, new = _standing(some, after), _standing(some, until)
        if old == new:
            continue
        last = max(
            ((seq, v) for v in some for seq in (v.recorded_seq, v.superseded_seq)
             if seq is not None and after < seq <= until),
            key=lambda item: (item[0], item[1].recorded_seq),
        )  # fmt: skip
        seq, version = last
        ended = version.superseded_seq == seq and version.recorded_seq != seq
        found.append(
            Release(
                old,
                new,
                version.superseded_at if ended and version.superseded_at else version.recorded_at,
                (version.superseded_by or "") if ended else version.recorded_by,
                version.ended_reason if ended else version.reason,
                seq,
            )
        )
    return tuple(found)


def _standing(versions: Iterable[Version], seq: int) -> RowFile | None:
    for version in versions:
        ended = version.superseded_seq
        if version.recorded_seq <= seq and (ended is None or ended > seq):
            assert isinstance(version.statement, RowFile)  # the callers choose only those
            return version.statement
    return None


def moved(data_dir: Path, release: Release) -> dict[str, set[str]]:
    """Ids by what became of them: "added", "revised", "withdrawn"."""
    found: dict[str, set[str]] = {"added": set(), "revised": set(), "withdrawn": set()}
    table = row_files.changes(data_dir, release.old, release.new)
    for key, what in zip(table["id"].to_pylist(), table["change"].to_pylist(), strict=True):
        found[what].add(key)
    return found


def selected_then(
    data_dir: Path, file: RowFile, ids: Collection[str], choose: Callable[[Snapshot], set[str]]
) -> set[str]:
    """Those of a file's incidents that `choose` picks of a small snapshot of them."""
    if not ids:
        return set()
    rows = _read(data_dir, file, ids, [name for name in INCIDENTS.names if name != "row"])
    numbers = pa.array(np.arange(rows.num_rows, dtype=np.int64))
    table = rows.append_column(INCIDENTS.field("row"), numbers).select(INCIDENTS.names)
    with tempfile.TemporaryDirectory(prefix="changes-") as folder:
        path = Path(folder) / "before.duckdb"
        empty = tables_of(Contents((), (), (), (), 0))
        write(path, {**empty, "incidents": table.cast(INCIDENTS)}, seq=0)
        small = open_snapshot(path)
        try:
            return choose(small)
        finally:
            small.engine.close()


def incidents_of(
    data_dir: Path, file: RowFile, ids: Collection[str], sources: Mapping[str, Source]
) -> dict[str, Incident]:
    """Incidents of a file with the claims that their rows make."""
    rows = _read(data_dir, file, ids, ROWS.names)
    made = list(row_files.incidents(rows.to_pylist()))
    claims = [claim for _, own in made for claim in own]
    own = assemble([record for record, _ in made], claims, (), sources.values())
    return {incident.id: incident for incident in own}


def _read(data_dir: Path, file: RowFile, ids: Collection[str], columns: list[str]) -> pa.Table:
    if not ids:
        return pq.read_schema(row_files.path_of(data_dir, file)).empty_table().select(columns)
    (path,) = row_files.paths(data_dir, [file])
    return pq.read_table(path, columns=columns, filters=[("id", "in", sorted(ids))])
