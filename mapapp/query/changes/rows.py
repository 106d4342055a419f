"""What newer releases kept as files of rows changed, and the history of one of their incidents
(log + rows → changes).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.row_file import RowFile
from mapapp.snapshot import row_files
from mapapp.snapshot.schema import INCIDENTS, ROWS
from mapapp.snapshot.snapshot import open_snapshot, tables_of, write
from mapapp.store import Contents, Snapshot, Version


@dataclass(frozen=True, slots=True)
class Release:
    """One data set's move from one file of rows to another by change `seq`; None is no file."""

    old: RowFile | None
    new: RowFile | None
    seq: int


def releases(versions: Iterable[Version], after: int, until: int) -> tuple[Release, ...]:
    """The data sets whose file of rows is another after change `until` than after `after`."""
    by_dataset: dict[str, list[Version]] = {}
    for version in versions:
        if isinstance(version.statement, RowFile):
            by_dataset.setdefault(version.key, []).append(version)
    moves = []
    for of_dataset in by_dataset.values():
        old, new = _standing(of_dataset, after), _standing(of_dataset, until)
        if old != new:
            ends = (end for v in of_dataset for end in (v.recorded_seq, v.superseded_seq))
            seq = max(end for end in ends if end is not None and after < end <= until)
            moves.append(Release(old, new, seq))
    return tuple(moves)


def _standing(versions: Iterable[Version], seq: int) -> RowFile | None:
    for version in versions:
        ended = version.superseded_seq
        if version.recorded_seq <= seq and (ended is None or ended > seq):
            assert isinstance(version.statement, RowFile)  # the callers choose only those
            return version.statement
    return None


def moved(data_dir: Path, release: Release) -> dict[str, set[str]]:
    """Ids by what became of them: "added", "revised", "withdrawn"."""
    ids: dict[str, set[str]] = {"added": set(), "revised": set(), "withdrawn": set()}
    table = row_files.changes(data_dir, release.old, release.new)
    for key, what in zip(table["id"].to_pylist(), table["change"].to_pylist(), strict=True):
        ids[what].add(key)
    return ids


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


def statements_of(
    data_dir: Path, file: RowFile, ids: Collection[str]
) -> list[tuple[IncidentRecord, tuple[Claim, ...]]]:
    """The records of some of a file's incidents, with the claims that their rows make."""
    rows = _read(data_dir, file, ids, ROWS.names)
    return [(record, tuple(claims)) for record, claims in row_files.incidents(rows.to_pylist())]


def _read(data_dir: Path, file: RowFile, ids: Collection[str], columns: list[str]) -> pa.Table:
    (path,) = row_files.paths(data_dir, [file])
    if not ids:
        return pq.read_schema(path).empty_table().select(columns)
    return pq.read_table(path, columns=columns, filters=[("id", "in", sorted(ids))])
