"""What changed between two states of the log, for a selection (log → changes).

An incident belongs to a selection's changes where the selection holds it before or after. Each of
its states is seen whole here; `public.py` sees the same through the gate.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Final

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
from mapapp.query.tables import compile_query, table
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


#: What no filter takes anything from.
EVERYTHING: Final = Selection(background=True, abroad=True)


@dataclass(frozen=True, slots=True)
class State:
    """An incident as a reader has it after a change, and the sources it rests on.

    `whole`: nothing of it is held back from that reader.
    """

    incident: Incident
    sources: tuple[Source, ...]
    whole: bool = True


#: The changes of an incident in turn: its number and the state after it, None where it is not
#: there. The first is the state before all of them.
Steps = Sequence[tuple[int, State | None]]


#: When something changed, by whom, why, and the number of the change.
Facts = tuple[datetime, str, str, int]


class ChangeLog:
    """A log and its files of rows, as who may see everything knows them."""

    #: Incidents of which states are compared, None for all.
    most: ClassVar[int | None] = None

    #: The same of a release that is kept as a file of rows.
    most_rows: ClassVar[int] = 500

    def __init__(self, log: Log, data_dir: Path | None) -> None:
        """`data_dir` is where files of rows are; without it their incidents are not compared."""
        self._log, self._data_dir = log, data_dir
        self._sources = log.sources()

    # What a lens changes.

    def _state(self, records: Sequence[IncidentRecord], claims: Sequence[Claim]) -> State | None:
        """One incident as the reader has it; None where it is not there."""
        used = tuple({claim.source_id: self._sources[claim.source_id] for claim in claims}.values())
        for incident in assemble(records, claims, (), used):
            return State(incident, used)
        return None

    def _signed(self, change: Change) -> tuple[str, str]:
        """Who made a change and why, as far as the reader may know."""
        return change.by, change.reason

    def _judged(self, judgement: Judgement) -> Judgement:
        return judgement

    def _open(self, sides: set[str], snapshot: Snapshot, until: int) -> set[str]:
        """Those of some incidents whose judgements the reader may know."""
        return sides

    def _comes(
        self, snapshot: Snapshot, selection: Selection, once: Mapping[str, int]
    ) -> Iterable[tuple[str, str, int]]:
        """Incidents that one change brought, where the reader has them: id, title, the change."""
        titles = selected_now(snapshot, selection, once.keys())
        return ((key, title, once[key]) for key, title in titles.items())

    def _of_release(
        self, release: row_changes.Release, snapshot: Snapshot, selection: Selection, facts: Facts
    ) -> tuple[list[Steps], Mapping[str, list[Changed]], bool]:
        """What a release changed in a file of rows.

        Steps of the incidents that are compared one by one; others, of which it is only told that
        they moved; and whether there are more that are not told of.
        """
        assert self._data_dir is not None  # the caller looks for releases only where files are
        ids = row_changes.moved(self._data_dir, release)
        before = ids["revised"] | ids["withdrawn"]
        titles = selected_now(snapshot, selection, ids["added"] | ids["revised"])
        shown = set(titles)
        if release.old is not None:
            shown |= row_changes.selected_then(
                self._data_dir,
                release.old,
                before,
                lambda small: set(selected_now(small, selection, before)),
            )
        moved = sorted(shown & before)
        bare = {
            what: [
                Changed(key, titles.get(key, key), *facts) for key in sorted(shown & ids[what] & of)
            ]
            for what, of in (
                ("added", set(titles)),
                ("revised", set(moved[self.most_rows :])),
                ("withdrawn", set(moved[self.most_rows :])),
            )
        }
        return self._row_ends(release, moved[: self.most_rows]), bare, False

    # What is the same through every lens.

    def changes(
        self, snapshot: Snapshot, selection: Selection, after: int, until: int | None = None
    ) -> Changes:
        """What changed since change `after` up to `until` (None: the state of `snapshot`).

        `snapshot` is the reader's of that state, or of a later one. Where a change touched more
        incidents than are compared, `more` is set.
        """
        until = snapshot.seq if until is None else until
        if after >= until:
            return Changes(until, until)
        moved = self._log.moved(after, until)
        known = {change.seq: change for change in self._log.changes(after) if change.seq <= until}
        once, steps, more = self._of_log(moved, after, until)
        bare: dict[str, list[Changed]] = {"added": [], "revised": [], "withdrawn": []}
        for key, title, seq in self._comes(snapshot, selection, once):
            bare["added"].append(self._named(key, title, known[seq]))
        releases = () if self._data_dir is None else row_changes.releases(
            moved.versions, after, until
        )  # fmt: skip
        for release in releases:
            change = known[release.seq]
            facts = (change.at, *self._signed(change), change.seq)
            of_rows, others, past_most = self._of_release(release, snapshot, selection, facts)
            steps += of_rows
            more = more or past_most
            for what, items in others.items():
                bare[what] += items
        told = self._told(steps, snapshot, selection, until, known)
        ids = {item.id for items in (*bare.values(), *told.values()) for item in items}
        added, revised, withdrawn = (_latest([*told[what], *bare[what]]) for what in bare)
        return Changes(
            after,
            until,
            added,
            revised,
            withdrawn,
            self._judgements(moved.versions, (after, until), snapshot, selection, ids, known),
            self._revised_sources(moved.versions, after, until),
            more,
        )

    def history(self, incident_id: str, until: int | None = None) -> tuple[Changed, ...]:
        """Each change of one incident, oldest first; the first has no revisions, a last may end it.

        Empty where the reader does not know it by that id.
        """
        until = self._log.seq() if until is None else until
        known = {change.seq: change for change in self._log.changes() if change.seq <= until}
        items = [
            item
            for (_, before), (seq, now) in pairwise(self._history(incident_id, until))
            if (one := now or before) is not None and one.incident.id == incident_id
            if (item := self._changed(before, now, known[seq])) is not None
        ]
        return tuple(items)

    def _history(self, key: str, until: int) -> Steps:
        versions = self._log.versions([key])
        rows = self._row_steps(key, until)
        return rows if len(rows) > 1 else self._steps(versions, 0, until)

    def changes_of(self, snapshot: Snapshot, incident_id: str, after: int) -> Changes:
        """What changed of one incident since change `after`: each change, of its sources too."""
        until = snapshot.seq
        if after >= until:
            return Changes(until, until)
        items = [item for item in self.history(incident_id, until) if item.seq > after]
        moved = self._log.moved(after, until)
        known = {change.seq: change for change in self._log.changes(after) if change.seq <= until}
        # Of coded rows nothing but their release is cited, and a release says itself that it is
        # newer.
        statements = [version.statement for version in self._log.history(incident_id)]
        used = {claim.source_id for claim in statements if isinstance(claim, Claim)}
        span, ids = (after, until), {incident_id}
        judgements = self._judgements(moved.versions, span, snapshot, EVERYTHING, ids, known)
        return Changes(
            after,
            until,
            _latest([item for item in items if item.before is None]),
            _latest([item for item in items if item.before and item.after]),
            _latest([item for item in items if item.after is None]),
            tuple(j for j in judgements if incident_id in (j.left_id, j.right_id)),
            tuple(s for s in self._revised_sources(moved.versions, after, until) if s.id in used),
        )

    def _of_log(
        self, moved: Moved, after: int, until: int
    ) -> tuple[Mapping[str, int], list[Steps], bool]:
        """Incidents that one change brought whole, the steps of all others, and if there are more.

        What no other change touched is now as it was after that change: its states need not be
        made.
        """
        versions = [v for v in moved.versions if isinstance(v.statement, IncidentRecord | Claim)]
        spans = self._log.spans(moved.added)
        once = {key: spans[key][0] for key in moved.added if len(set(spans[key])) == 1}
        again = sorted(moved.added.keys() - once.keys(), key=lambda key: -spans[key][1])
        versions += self._log.versions(again[: self.most])
        touched = by_incident(versions)
        compared = dict(sorted(touched.items())[: self.most])
        more = len(again) > len(again[: self.most]) or len(touched) > len(compared)
        return once, [self._steps(v, after, until) for v in compared.values()], more

    def _told(
        self,
        steps: Iterable[Steps],
        snapshot: Snapshot,
        selection: Selection,
        until: int,
        known: Mapping[int, Change],
    ) -> dict[str, list[Changed]]:
        """Where the first and the last state differ, of incidents in the selection in either."""
        ends = [(turn, turn[0][1], turn[-1][1]) for turn in steps if turn]
        shown = selected_then([first for _, first, _ in ends if first is not None], selection)
        last_states = [last for _, _, last in ends if last is not None]
        if until == snapshot.seq:
            ids = {state.incident.id for state in last_states}
            shown |= set(selected_now(snapshot, selection, ids))
        else:
            shown |= selected_then(last_states, selection)
        told: dict[str, list[Changed]] = {"added": [], "revised": [], "withdrawn": []}
        for turn, first, last in ends:
            if not {s.incident.id for s in (first, last) if s is not None} & shown:
                continue
            # The last change that the reader sees: a later one may be of what is held back.
            seen = [seq for (_, was), (seq, now) in pairwise(turn) if self._differ(was, now)]
            item = self._changed(first, last, known[seen[-1]]) if seen else None
            if item is not None:
                what = "added" if first is None else "withdrawn" if last is None else "revised"
                told[what].append(item)
        return told

    def _changed(self, before: State | None, now: State | None, change: Change) -> Changed | None:
        """The two states as a change; None where they say the same."""
        one = now or before
        if one is None:
            return None
        revised = self._revisions(before, now)
        if before is not None and now is not None and not revised:
            return None
        return replace(
            self._named(one.incident.id, one.incident.record.title, change),
            revisions=revised,
            before=before.incident if before is not None else None,
            after=now.incident if now is not None else None,
        )

    def _named(self, key: str, title: str, change: Change) -> Changed:
        return Changed(key, title, change.at, *self._signed(change), change.seq)

    def _differ(self, before: State | None, now: State | None) -> bool:
        if before is None or now is None:
            return before is not now
        return bool(self._revisions(before, now))

    def _revisions(self, before: State | None, now: State | None) -> tuple[Revision, ...]:
        if before is None or now is None:
            return ()
        return revisions(before.incident, now.incident, partial(release_of, self._sources))

    def _steps(self, versions: Collection[Version], after: int, until: int) -> Steps:
        """The states of one incident that the log records, after `after` and each change since."""
        seqs = sorted({seq for v in versions for seq in _moves(v, after, until)})
        return [(seq, self._state(*standing(versions, seq))) for seq in (after, *seqs)]

    def _row_ends(self, release: row_changes.Release, ids: Collection[str]) -> list[Steps]:
        """The states of incidents before a release of rows and after it."""
        old, new = (self._rows_of(file, ids) for file in (release.old, release.new))
        return [[(0, old.get(key)), (release.seq, new.get(key))] for key in ids]

    def _rows_of(self, file: RowFile | None, ids: Collection[str]) -> dict[str, State | None]:
        """The states of incidents of a file of rows, by the file's ids."""
        if file is None or self._data_dir is None:
            return {}
        made = row_changes.statements_of(self._data_dir, file, ids)
        return {record.id: self._state((record,), claims) for record, claims in made}

    def _row_steps(self, key: str, until: int) -> Steps:
        """The states of an incident of a file of rows."""
        if self._data_dir is None:
            return ()
        versions = [v for v in self._log.row_file_versions() if v.recorded_seq <= until]
        steps: list[tuple[int, State | None]] = [(0, None)]
        for seq in sorted({seq for v in versions for seq in _moves(v, 0, until)}):
            for release in row_changes.releases(versions, seq - 1, seq):
                file = release.new or release.old
                if file is not None and key.startswith(file.dataset + "-"):
                    steps.append((seq, self._rows_of(release.new, [key]).get(key)))
        return steps if any(state is not None for _, state in steps) else ()

    def _judgements(
        self,
        versions: Iterable[Version],
        span: tuple[int, int],
        snapshot: Snapshot,
        selection: Selection,
        ids: set[str],
        known: Mapping[int, Change],
    ) -> tuple[MovedJudgement, ...]:
        """Judgements made, changed or taken back where one side is in the selection or in `ids`."""
        after, until = span
        pairs: dict[tuple[str, str], list[Version]] = {}
        for version in versions:
            if isinstance(version.statement, Judgement):
                left, right = sorted((version.statement.left_id, version.statement.right_id))
                pairs.setdefault((left, right), []).append(version)
        if not pairs:
            return ()
        sides = {side for pair in pairs for side in pair}
        shown = ids | set(selected_now(snapshot, selection, sides))
        known_sides = self._open(sides, snapshot, until)
        moved = []
        for (left, right), between in pairs.items():
            if not {left, right} <= known_sides or not {left, right} & shown:
                continue
            old, new = (self._judgement(between, seq) for seq in (after, until))
            seqs = [seq for version in between for seq in _moves(version, after, until)]
            if old != new and seqs:
                change = known[max(seqs)]
                facts = (change.at, *self._signed(change), change.seq)
                moved.append(MovedJudgement(left, right, old, new, *facts))
        return tuple(sorted(moved, key=lambda item: -item.seq))

    def _judgement(self, versions: Iterable[Version], seq: int) -> Judgement | None:
        for version in versions:
            if isinstance(version.statement, Judgement) and _stood(version, seq):
                plain = replace(version.statement, recorded_at=None, superseded_at=None)
                return self._judged(plain)
        return None

    def _revised_sources(
        self, versions: Iterable[Version], after: int, until: int
    ) -> tuple[RevisedSource, ...]:
        by_id: dict[str, list[Version]] = {}
        for version in versions:
            if isinstance(version.statement, Source):
                by_id.setdefault(version.key, []).append(version)
        revised = []
        for key, of_source in by_id.items():
            old = next((v for v in of_source if _stood(v, after)), None)
            new = next((v for v in of_source if _stood(v, until)), None)
            if old is None or new is None or old is new:
                continue  # a source that comes or goes does so with the claims that rest on it
            fields = _fields(old.statement, new.statement)
            if fields:
                facts = (new.recorded_at, new.recorded_by, new.reason, new.recorded_seq)
                revised.append(RevisedSource(key, fields, *facts))
        return tuple(sorted(revised, key=lambda item: -item.seq))


def release_of(sources: Mapping[str, Source], source_id: str) -> str:
    """One name for all releases of a data set; any other source goes by its own."""
    source = sources.get(source_id)
    return source.dataset if source is not None and source.dataset_version else source_id


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


def _moves(version: Version, after: int, until: int) -> list[int]:
    """The changes in a span that recorded a version or ended it."""
    ends = (version.recorded_seq, version.superseded_seq)
    return [seq for seq in ends if seq is not None and after < seq <= until]


def by_incident(versions: Iterable[Version]) -> dict[str, list[Version]]:
    """The versions of records and claims, by their incident."""
    by_id: dict[str, list[Version]] = {}
    for version in versions:
        statement = version.statement
        if isinstance(statement, IncidentRecord):
            by_id.setdefault(statement.id, []).append(version)
        elif isinstance(statement, Claim):
            by_id.setdefault(statement.incident_id, []).append(version)
    return by_id


def selected_now(
    snapshot: Snapshot, selection: Selection, ids: Collection[str] | None
) -> dict[str, str]:
    """Those of these incidents (None: of all) that a selection holds, with their titles."""
    if ids is not None and not ids:
        return {}
    query = restrict(table("incidents"), selection).select("id", "title")
    rows = compile_query(query, snapshot.engine.dialect).ask(snapshot.engine)
    if ids is not None:
        rows = rows.filter(pc.is_in(rows["id"], value_set=pa.array(sorted(ids), pa.string())))
    return dict(zip(rows["id"].to_pylist(), rows["title"].to_pylist(), strict=True))


def selected_then(states: Sequence[State], selection: Selection) -> set[str]:
    """Those of incidents as they were that a selection held: the same filters, on a small file."""
    incidents = [state.incident for state in states]
    if not incidents or selection == replace(EVERYTHING, rule=selection.rule):
        return {incident.id for incident in incidents}
    contents = Contents(
        tuple({source.id: source for state in states for source in state.sources}.values()),
        tuple(incident.record for incident in incidents),
        tuple(claim for incident in incidents for claim in incident.claims),
        (),
        0,
    )
    with tempfile.TemporaryDirectory(prefix="changes-") as folder:
        path = Path(folder) / "before.duckdb"
        write(path, tables_of(contents), seq=0)
        small = open_snapshot(path)
        try:
            return set(selected_now(small, selection, {incident.id for incident in incidents}))
        finally:
            small.engine.close()


def _fields(old: Any, new: Any) -> dict[str, tuple[str, str]]:
    names = old.__dataclass_fields__
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in names}
    return {
        name: (str(was or "–"), str(now or "–")) for name, (was, now) in pairs.items() if was != now
    }


def _latest(items: Sequence[Changed]) -> tuple[Changed, ...]:
    return tuple(sorted(items, key=lambda item: (-item.seq, item.title, item.id)))
