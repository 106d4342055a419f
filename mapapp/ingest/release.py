"""One file as a release of its data set: its rows kept beside the log (file → rows).

A release is written whole in a folder of its own and stands from the moment the log names it
(`snapshot/row_files.py`); killed before, nothing has changed. The claims of an incident are made
of its row when they are asked for.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.problems import Problem
from mapapp.domain.row_file import RowFile
from mapapp.importers.forms.dataset import Release
from mapapp.importers.kept_rows import KeptForm, state_of
from mapapp.ingest.convert import hashes
from mapapp.ingest.row_writer import RowWriter
from mapapp.ingest.task import Outcome, Task
from mapapp.log.entries import Contents
from mapapp.snapshot import row_files
from mapapp.snapshot.columns import incident_columns
from mapapp.snapshot.row_files import STORED
from mapapp.store.store import Store


def record(task: Task, store: Store, contents: Contents, folder: Path) -> Outcome:
    """Write the rows of a file beside the log and let the log name them.

    A file that says what is there already leaves all as it is.
    """
    release = task.reader.release
    _clear(store, release.dataset)
    target = row_files.building(store.data_dir, release.dataset, folder.name)
    form = KeptForm.made(task.read.form, task.table.shape, release, task.read.context)
    writer = RowWriter(task, form, target)
    try:
        with task.aside, writer:
            for done in writer.write_all():
                task.tell(0.02 + 0.63 * done, f"{writer.read:,} rows read")
        task.check_whole()
        task.tell(0.67, "comparing with what is there")
        change = _compare(task, store, contents, target)
        if len(change.carried):
            _carry_over(store, change, target)
    except BaseException:
        shutil.rmtree(target.parent, ignore_errors=True)
        raise
    before, listed = datetime.now(UTC), None
    if writer.written and not (change.nothing and release.source in contents.sources):
        task.tell(0.72, "recording")
        row_files.put_in_place(store.data_dir, release.dataset, folder.name)
        file = RowFile(
            release.dataset, release.version, folder.name,
            rows=writer.written + len(change.carried) - len(change.kept_back), added=change.added,
            revised=change.revised, withdrawn=change.withdrawn,
            before=change.before.folder if change.before else "",
        )  # fmt: skip
        batch = _batch(contents, release, file, change)
        store.append(batch, by=task.order.by, replace_dataset=release.dataset)
        listed = _list_changes(store, change.before, file, folder)
    else:
        shutil.rmtree(target.parent, ignore_errors=True)
    if change.kept_back:
        says = f"{len(change.kept_back):,} rows are of an older state than those there"
        writer.remarks.found.insert(
            0, Problem(task.table.path.name, "timestamp", f"{says}, which stay",
                       "Allow older rows, if they are to replace them", "warning")
        )  # fmt: skip
    return Outcome(
        read=writer.read, imported=writer.written, added=change.added, revised=change.revised,
        unchanged=change.unchanged, withdrawn=change.withdrawn, absent=change.absent,
        before=before, remarks=writer.remarks.found, changes_path=listed,
    )  # fmt: skip


def _clear(store: Store, dataset: str) -> None:
    """Remove rows that no release, standing or past, is made of."""
    named = {version.folder for version in store.log.all_row_files() if version.dataset == dataset}
    row_files.clear_unfinished(store.data_dir, dataset, named)


#: What of an incident is compared from release to release.
_COMPARED = ["id", "hash", "country"]


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
    kept_back: Collection[str] = ()  # of those carried over: the file has an older state of them

    @property
    def nothing(self) -> bool:
        """Whether there is no change."""
        return not (self.added or self.revised or self.withdrawn)


def _compare(task: Task, store: Store, contents: Contents, target: Path) -> _Change:
    dataset = task.reader.release.dataset
    before = next((f for f in contents.row_files if f.dataset == dataset), None)
    records = [r for r in contents.records if r.dataset == dataset]
    if before is None and not records:
        rows = pq.read_metadata(target).num_rows
        return _Change(rows, 0, 0, 0, 0, (), (), None)
    new = pq.read_table(target, columns=_COMPARED).to_pandas()
    old = [pa.schema([STORED.field(name) for name in _COMPARED]).empty_table().to_pandas()]
    if before is not None:
        (path,) = row_files.paths(store.data_dir, [before])
        old.append(pq.read_table(path, columns=_COMPARED).to_pandas())
    if records:
        old.append(_in_log(contents, records, dataset, task.read.form.name).to_pandas())
    there = pd.concat(old, ignore_index=True)
    both = new.merge(there, on="id", suffixes=("", "_old"))
    unchanged = int((both["hash"] == both["hash_old"]).sum())
    differing = both.loc[both["hash"] != both["hash_old"], "id"]
    older = set()
    if before is not None and not task.order.allow_older:
        older = _older_than_there(target, row_files.paths(store.data_dir, [before])[0], differing)
    missing = there[~there["id"].isin(new["id"])]
    out = missing["country"].isin(new["country"].unique()) & task.order.complete
    if len(new) == 0:  # nothing sound in the file: nothing is known of what there is
        out &= False
    stay = set(missing.loc[~out, "id"])
    in_log = {r.id for r in records} & stay
    return _Change(
        added=len(new) - len(both),
        revised=len(differing) - len(older),
        unchanged=unchanged + len(older),
        withdrawn=int(out.sum()),
        absent=len(stay),
        carried=(stay - in_log) | older,
        records=in_log,
        before=before,
        kept_back=older,
    )


def _older_than_there(new: Path, there: Path, ids: Iterable[str]) -> set[str]:
    """Which of some incidents the new rows have in an older state than the rows there."""
    wanted = pa.array(list(ids), pa.string())
    if not len(wanted):
        return set()
    states: list[dict[str, int | None]] = []
    for path in (new, there):
        rows = pq.read_table(path, columns=["id", "form", "cells"])
        rows = rows.filter(pc.is_in(rows["id"], value_set=wanted))
        columns = (rows[name].to_pylist() for name in ("id", "form", "cells"))
        states.append(
            {key: state_of(form, cells) for key, form, cells in zip(*columns, strict=True)}
        )
    mine, theirs = states
    return {
        key for key, state in mine.items()
        if state is not None and (other := theirs.get(key)) is not None and other > state
    }  # fmt: skip


def _in_log(
    contents: Contents, records: Sequence[IncidentRecord], dataset: str, form: str
) -> pa.Table:
    """What is compared of incidents that an earlier version recorded as single claims."""
    sources = {s.id for s in contents.sources if s.dataset == dataset}
    by_incident: dict[str, list[Claim]] = {r.id: [] for r in records}
    for claim in contents.claims:
        if claim.incident_id in by_incident and claim.source_id in sources:
            by_incident[claim.incident_id].append(claim)
    claims = list(by_incident.values())
    made = incident_columns(assemble(records, list(chain.from_iterable(claims))))
    return made.select(["id", "country"]).append_column(
        "hash", pa.array(hashes(made, claims, form))
    )


def _carry_over(store: Store, change: _Change, target: Path) -> None:
    """Add the older release's rows that stay to the new one's."""
    assert change.before is not None  # without a release before there is nothing to carry over
    part = target.with_suffix(".part")
    wanted = pa.array(sorted(change.carried))
    older = pa.array(sorted(change.kept_back), pa.string())
    (before,) = row_files.paths(store.data_dir, [change.before])
    with pq.ParquetWriter(part, STORED, compression="zstd") as writer:
        for some in row_files.batches(target):
            if change.kept_back:
                some = some.filter(pc.invert(pc.is_in(some["id"], value_set=older)))
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


def _batch(contents: Contents, release: Release, file: RowFile, change: _Change) -> Batch:
    """Everything of the data set that the log is to hold afterwards."""
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
