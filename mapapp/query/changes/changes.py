"""What changed between two states of the log, for a selection (log → changes).

An incident belongs to a selection's changes where the selection holds it before or after.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.claim import Claim
from mapapp.domain.incident import Incident, IncidentRecord, assemble
from mapapp.domain.judgement import Judgement
from mapapp.domain.revision import Revision, revisions
from mapapp.domain.row_file import RowFile
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.query.changes import rows as row_changes
from mapapp.query.filters.table import restrict
from mapapp.query.tables import compile_question, table
from mapapp.snapshot.snapshot import open_snapshot, tables_of, write
from mapapp.store import Change, Contents, Log, Moved, Snapshot, Version


@dataclass(frozen=True, slots=True)
class Changed:
    """One incident that was added, revised or withdrawn: which, when, by whom, and why.

    `before` and `after` are its states, None where it was not there; of an added one both are None
    until somebody asks for its claims. `revisions` say what reads otherwise.
    """

    id: str
    title: str
    at: datetime
    by: str
    reason: str
    seq: int
    revisions: tuple[Revision, ...] = ()
    before: Incident | None = None
    after: Incident | None = None


@dataclass(frozen=True, slots=True)
class MovedJudgement:
    """A judgement made, changed or taken back: `old` and `new` are None where there is none."""

    left_id: str
    right_id: str
    old: Judgement | None
    new: Judgement | None
    at: datetime
    by: str
    reason: str
    seq: int


@dataclass(frozen=True, slots=True)
class RevisedSource:
    """A source whose own details changed: field → (old, new)."""

    id: str
    fields: Mapping[str, tuple[str, str]]
    at: datetime
    by: str
    reason: str
    seq: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after `after` up to `until` (numbers of the log's changes), latest first.

    `more`: so much was touched that not all of it was compared.
    """

    after: int
    until: int
    added: tuple[Changed, ...] = ()
    revised: tuple[Changed, ...] = ()
    withdrawn: tuple[Changed, ...] = ()
    judgements: tuple[MovedJudgement, ...] = ()
    sources: tuple[RevisedSource, ...] = ()
    more: bool = False

    @property
    def total(self) -> int:
        """How many things changed."""
        return (
            len(self.added) + len(self.revised) + len(self.withdrawn) + len(self.judgements)
            + len(self.sources)
        )  # fmt: skip


def changes(
    log: Log,
    snapshot: Snapshot,
    selection: Selection,
    after: int,
    until: int | None = None,
    data_dir: Path | None = None,
) -> Changes:
    """What changed since change `after` up to `until` (None: the snapshot's state), of a selection.

    Where `until` lies before the snapshot, added incidents count by where they are now. `data_dir`
    is where files of rows are; without it their incidents are not compared.
    """
    until = snapshot.seq if until is None else until
    if after >= until:
        return Changes(until, until)
    moved = log.moved(after, until)
    known = log.sources()
    old, new = _states(moved.versions, after, known), _states(moved.versions, until, known)
    titles = selected_now(snapshot, selection, {*moved.added, *new})
    kept = set(titles) | selected_then(old.values(), known, selection)
    if until < snapshot.seq:
        kept |= selected_then(new.values(), known, selection)
    last = _last_changes(log, moved.versions, after, until)
    revised, withdrawn = [], []
    for key, was in old.items():
        if key not in kept:
            continue
        now, change = new.get(key), last[key]
        facts = (change.at, change.by, change.reason, change.seq)
        if now is None:
            withdrawn.append(Changed(key, was.record.title, *facts, before=was))
            continue
        found = revisions(was, now, lambda source_id: release_of(known, source_id))
        if found:
            revised.append(Changed(key, now.record.title, *facts, found, was, now))
    added = _added(moved, titles)
    if data_dir is not None:
        for release in row_changes.releases(moved.versions, after, until):
            of_rows = _of_release(data_dir, release, snapshot, selection, known)
            for own, more in zip((added, revised, withdrawn), of_rows, strict=True):
                own += more
    ids = kept | {item.id for item in (*revised, *withdrawn)}
    return Changes(
        after,
        until,
        _latest(added),
        _latest(revised),
        _latest(withdrawn),
        _judgements(moved.versions, after, until, snapshot, selection, ids),
        _sources(moved.versions, after, until),
    )


#: Incidents of files of rows of which old and new values are read; of others only that they moved.
_DETAILED = 500


def _of_release(
    data_dir: Path,
    release: row_changes.Release,
    snapshot: Snapshot,
    selection: Selection,
    sources: Mapping[str, Source],
) -> tuple[list[Changed], list[Changed], list[Changed]]:
    """Added, revised and withdrawn incidents of a release kept as rows."""
    ids = row_changes.moved(data_dir, release)
    before = ids["revised"] | ids["withdrawn"]
    titles = selected_now(snapshot, selection, ids["added"] | ids["revised"])
    kept = set(titles)
    if release.old is not None:
        kept |= row_changes.selected_then(
            data_dir, release.old, before, lambda small: set(selected_now(small, selection, before))
        )
    facts = (release.at, release.by, release.reason, release.seq)
    added = [Changed(key, titles[key], *facts) for key in sorted(kept & ids["added"] & set(titles))]
    detailed = sorted(kept & before)[:_DETAILED]
    old, new = (
        row_changes.incidents_of(data_dir, file, detailed, sources) if file is not None else {}
        for file in (release.old, release.new)
    )
    revised, withdrawn = [], []
    for key in sorted(kept & before):
        was, now = old.get(key), new.get(key)
        if key in ids["withdrawn"]:
            withdrawn.append(Changed(key, was.record.title if was else key, *facts, before=was))
        else:
            said: tuple[Revision, ...] = ()
            if was is not None and now is not None:
                said = revisions(was, now, lambda source_id: release_of(sources, source_id))
            title = titles.get(key) or (now.record.title if now is not None else key)
            revised.append(Changed(key, title, *facts, said, was, now))
    return added, revised, withdrawn


def _history_of_rows(log: Log, data_dir: Path, incident_id: str, until: int) -> list[Changed]:
    """Each release of a file of rows that changed one incident, oldest first."""
    versions = log.row_file_versions()
    known = log.sources()
    seqs = sorted(
        {v.recorded_seq for v in versions if v.recorded_seq <= until}
        | {v.superseded_seq for v in versions if v.superseded_seq and v.superseded_seq <= until}
    )
    found: list[Changed] = []
    before: Incident | None = None
    for seq in seqs:
        for release in row_changes.releases(versions, seq - 1, seq):
            dataset = (release.new or release.old or RowFile("", "", "", 0)).dataset
            if not incident_id.startswith(dataset + "-"):
                continue
            now = None
            if release.new is not None:
                files = row_changes.incidents_of(data_dir, release.new, [incident_id], known)
                now = files.get(incident_id)
            said: tuple[Revision, ...] = ()
            if before is not None and now is not None:
                said = revisions(before, now, lambda source_id: release_of(known, source_id))
            one = now or before
            if one is not None and (before is None or now is None or said):
                found.append(
                    Changed(
                        incident_id, one.record.title, release.at, release.by, release.reason, seq,
                        said, before, now,
                    )
                )  # fmt: skip
            before = now
    return found


def changes_of(
    log: Log, snapshot: Snapshot, incident_id: str, after: int, data_dir: Path | None = None
) -> Changes:
    """What changed of one incident since change `after`: each change, of its sources too."""
    until = snapshot.seq
    if after >= until:
        return Changes(until, until)
    found = [c for c in history(log, incident_id, until, data_dir) if c.seq > after]
    moved = log.moved(after, until)
    # Of coded rows nothing but their release is cited, and a release says itself that it is newer.
    used = {
        v.statement.source_id for v in log.history(incident_id) if isinstance(v.statement, Claim)
    }
    judgements = _judgements(moved.versions, after, until, snapshot, EVERYTHING, {incident_id})
    return Changes(
        after,
        until,
        _latest([c for c in found if c.before is None]),
        _latest([c for c in found if c.before is not None and c.after is not None]),
        _latest([c for c in found if c.after is None]),
        tuple(j for j in judgements if incident_id in (j.left_id, j.right_id)),
        tuple(s for s in _sources(moved.versions, after, until) if s.id in used),
    )


def history(
    log: Log, incident_id: str, until: int | None = None, data_dir: Path | None = None
) -> tuple[Changed, ...]:
    """Each change of one incident, oldest first; the first has no revisions, a last may end it.

    `data_dir` is where files of rows are, for incidents of such.
    """
    if data_dir is not None:
        of_rows = _history_of_rows(
            log, data_dir, incident_id, log.seq() if until is None else until
        )
        if of_rows:
            return tuple(of_rows)
    versions = tuple(
        v for v in log.history(incident_id) if until is None or v.recorded_seq <= until
    )
    known = log.sources()
    own = [v for v in versions if v.kind in ("record", "claim")]
    seqs = sorted(
        {v.recorded_seq for v in own}
        | {v.superseded_seq for v in own if v.superseded_seq is not None}
    )
    by_seq = {change.seq: change for change in log.changes()}
    found: list[Changed] = []
    before: Incident | None = None
    for seq in seqs:
        if until is not None and seq > until:
            break
        now = _states(own, seq, known).get(incident_id)
        change = by_seq[seq]
        said: tuple[Revision, ...] = ()
        if before is not None and now is not None:
            said = revisions(before, now, lambda source_id: release_of(known, source_id))
        if before is None and now is None:
            continue
        if before is None or now is None or said:
            title = (now or before).record.title  # type: ignore[union-attr]
            found.append(
                Changed(
                    incident_id, title, change.at, change.by, change.reason, seq, said, before, now
                )
            )
        before = now
    return tuple(found)


def release_of(sources: Mapping[str, Source], source_id: str) -> str:
    """One name for all releases of a data set; any other source goes by its own."""
    source = sources.get(source_id)
    return source.dataset if source is not None and source.dataset_version else source_id


def _states(
    versions: Iterable[Version], seq: int, sources: Mapping[str, Source]
) -> dict[str, Incident]:
    """The incidents as they stood after change `seq`, by id."""
    records, claims = standing(versions, seq)
    own = assemble(records, claims, (), sources.values())
    return {incident.id: incident for incident in own}


def standing(versions: Iterable[Version], seq: int) -> tuple[list[IncidentRecord], list[Claim]]:
    """The records that stood after change `seq`, and the claims about them."""
    records: list[IncidentRecord] = []
    claims: list[Claim] = []
    for version in versions:
        if not _stood(version, seq):
            continue
        statement = version.statement
        if isinstance(statement, IncidentRecord):
            records.append(statement)
        elif isinstance(statement, Claim):
            claims.append(replace(statement, superseded_at=None, superseded_by=None))
    ids = {record.id for record in records}
    return records, [claim for claim in claims if claim.incident_id in ids]


def _stood(version: Version, seq: int) -> bool:
    ended = version.superseded_seq
    return version.recorded_seq <= seq and (ended is None or ended > seq)


def selected_now(
    snapshot: Snapshot, selection: Selection, ids: Collection[str] | None
) -> dict[str, str]:
    """Those of these incidents (None: of all) that a selection holds, with their titles."""
    if ids is not None and not ids:
        return {}
    query = restrict(table("incidents"), selection).select("id", "title")
    found = compile_question(query, snapshot.engine.dialect).ask(snapshot.engine)
    if ids is not None:
        found = found.filter(pc.is_in(found["id"], value_set=pa.array(sorted(ids), pa.string())))
    return dict(zip(found["id"].to_pylist(), found["title"].to_pylist(), strict=True))


def selected_then(
    incidents: Iterable[Incident], sources: Mapping[str, Source], selection: Selection
) -> set[str]:
    """Those of incidents as they were that a selection held: the same filters, on a small file."""
    own = tuple(incidents)
    if not own or selection == replace(EVERYTHING, rule=selection.rule):
        return {incident.id for incident in own}
    claims = tuple(claim for incident in own for claim in incident.claims)
    used = {claim.source_id for claim in claims}
    contents = Contents(
        tuple(source for key, source in sources.items() if key in used),
        tuple(incident.record for incident in own),
        claims,
        (),
        0,
    )
    with tempfile.TemporaryDirectory(prefix="changes-") as folder:
        path = Path(folder) / "before.duckdb"
        write(path, tables_of(contents), seq=0)
        small = open_snapshot(path)
        try:
            return set(selected_now(small, selection, {incident.id for incident in own}))
        finally:
            small.engine.close()


def _last_changes(
    log: Log, versions: Iterable[Version], after: int, until: int
) -> dict[str, Change]:
    """The last change that touched each incident's record or claims."""
    last: dict[str, int] = {}
    for version in versions:
        statement = version.statement
        if isinstance(statement, IncidentRecord):
            key = statement.id
        elif isinstance(statement, Claim):
            key = statement.incident_id
        else:
            continue
        for seq in (version.recorded_seq, version.superseded_seq):
            if seq is not None and after < seq <= until:
                last[key] = max(last.get(key, 0), seq)
    by_seq = {change.seq: change for change in log.changes(after)}
    return {key: by_seq[seq] for key, seq in last.items()}


def _added(moved: Moved, titles: Mapping[str, str]) -> list[Changed]:
    return [
        Changed(key, titles[key], change.at, change.by, change.reason, change.seq)
        for key, change in moved.added.items()
        if key in titles
    ]


#: What no filter takes anything from.
EVERYTHING = Selection(background=True, abroad=True)


def _judgements(
    versions: Iterable[Version],
    after: int,
    until: int,
    snapshot: Snapshot,
    selection: Selection,
    ids: set[str],
) -> tuple[MovedJudgement, ...]:
    pairs: dict[tuple[str, str], list[Version]] = {}
    for version in versions:
        if isinstance(version.statement, Judgement):
            own = version.statement
            left, right = sorted((own.left_id, own.right_id))
            pairs.setdefault((left, right), []).append(version)
    if not pairs:
        return ()
    sides = {side for pair in pairs for side in pair}
    shown = ids | set(selected_now(snapshot, selection, sides))
    found = []
    for (left, right), some in pairs.items():
        if not {left, right} & shown:
            continue
        old = _judgement([v for v in some if _stood(v, after)])
        new = _judgement([v for v in some if _stood(v, until)])
        if old == new:
            continue
        seqs = [
            (seq, version)
            for version in some
            for seq in (version.recorded_seq, version.superseded_seq)
            if seq is not None and after < seq <= until
        ]
        seq, version = max(seqs, key=lambda item: item[0])
        ended = version.superseded_seq == seq
        found.append(
            MovedJudgement(
                left, right, old, new,
                version.superseded_at if ended and version.superseded_at else version.recorded_at,
                (version.superseded_by or "") if ended else version.recorded_by,
                version.ended_reason if ended else version.reason,
                seq,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda item: -item.seq))


def _judgement(standing: Sequence[Version]) -> Judgement | None:
    for version in standing:
        if isinstance(version.statement, Judgement):
            return replace(version.statement, recorded_at=None, superseded_at=None)
    return None


def _sources(versions: Iterable[Version], after: int, until: int) -> tuple[RevisedSource, ...]:
    by_id: dict[str, list[Version]] = {}
    for version in versions:
        if isinstance(version.statement, Source):
            by_id.setdefault(version.key, []).append(version)
    found = []
    for key, some in by_id.items():
        old = next((v for v in some if _stood(v, after)), None)
        new = next((v for v in some if _stood(v, until)), None)
        if old is None or new is None or old is new:
            continue  # a source that comes or goes does so with the claims that rest on it
        fields = _fields(old.statement, new.statement)
        if fields:
            found.append(
                RevisedSource(
                    key, fields, new.recorded_at, new.recorded_by, new.reason, new.recorded_seq
                )
            )
    return tuple(sorted(found, key=lambda item: -item.seq))


def _fields(old: Any, new: Any) -> dict[str, tuple[str, str]]:
    names = old.__dataclass_fields__
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in names}
    return {
        name: (str(was or "–"), str(now or "–")) for name, (was, now) in pairs.items() if was != now
    }


def _latest(items: Sequence[Changed]) -> tuple[Changed, ...]:
    return tuple(sorted(items, key=lambda item: (-item.seq, item.title, item.id)))
