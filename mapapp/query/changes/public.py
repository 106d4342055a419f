"""What changed, as the public may know it: each state of an incident passes the gate by the rules
and the day of now, and what is told is where two states differ (log + gate → changes).

Nothing else of the log comes through: no reason, no author, no number of a change, nothing of what
is held back in both states. See docs/decisions/gate-public-snapshot.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Final

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import Incident, IncidentRecord, assemble
from mapapp.domain.judgement import Judgement
from mapapp.domain.revision import Revision, revisions
from mapapp.domain.row_file import RowFile
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.gate.rules import GateRules
from mapapp.query.changes import rows as row_changes
from mapapp.query.changes.changes import (
    EVERYTHING,
    Changed,
    Changes,
    MovedJudgement,
    release_of,
    selected_now,
    selected_then,
    standing,
)
from mapapp.query.tables import Recent
from mapapp.store import Change, Snapshot, Store, Version

#: Who changed something, whoever it was.
EDITOR: Final = "an editor"

#: Incidents of which states are compared; of a larger change the rest is left out, and that said.
MOST: Final = 1_000

#: What an id looks like whose own one could tell where the incident was.
_ALIASED: Final = re.compile(r"[a-z]{2,3}(?:-\d{4})?-([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class _State:
    """An incident as the public has it after a change, and what it rests on; `whole`: nothing of it
    is held back.
    """

    incident: Incident
    sources: tuple[Source, ...]
    whole: bool


#: The changes of an incident in turn: its number and the state after it, None where it is not
#: there. The first is the state before all of them.
Steps = Sequence[tuple[int, _State | None]]


_LOGS: Final[Recent[PublicLog]] = Recent(8)


def public_log(store: Store) -> PublicLog:
    """The log of a store by the rules of now. Raises StoreUnavailable where they cannot be read."""
    rules = store.gate.rules()
    return _LOGS.get((store.data_dir, store.log.seq(), rules), lambda: PublicLog(store, rules))


class PublicLog:
    """The log of a store as the public may know it, by an owner's rules."""

    def __init__(self, store: Store, rules: GateRules) -> None:
        self._store, self._log, self._rules = store, store.log, rules
        self._sources = store.log.sources()
        # Which data sets are closed is told by all of their sources: one of each sort will do.
        sorts = {(s.dataset, self._rules.private(s)): s for s in self._sources.values()}
        self._sorts = {source.id: source for source in sorts.values()}
        #: Whether anything is held back beyond the addresses of who wrote in the log.
        self.withholds = bool(rules) or any(private for _, private in sorts)

    def changes(
        self, public: Snapshot, selection: Selection, after: int, until: int | None = None
    ) -> Changes:
        """What changed since change `after` up to `until` (None: the state of `public`).

        `public` is the public snapshot of that state, or of a later one. Of changes that touched
        more than `MOST` incidents only so many are compared, and `more` is set.
        """
        until = public.seq if until is None else until
        if after >= until:
            return Changes(until, until)
        moved = self._log.moved(after, until)
        known = {change.seq: change for change in self._log.changes(after) if change.seq <= until}
        versions = [v for v in moved.versions if isinstance(v.statement, IncidentRecord | Claim)]
        # What one change brought whole and no other touched is now as it was after that change.
        spans = self._log.spans(moved.added)
        once = {key: spans[key][0] for key in moved.added if len(set(spans[key])) == 1}
        again = sorted(moved.added.keys() - once.keys(), key=lambda key: -spans[key][1])
        more = len(again) > MOST
        versions += self._log.versions(again[:MOST])
        by_incident = _by_incident(versions)
        if len(by_incident) > MOST:
            more = True
            by_incident = dict(sorted(by_incident.items())[:MOST])
        steps = [self._steps(own, after, until) for own in by_incident.values()]
        found, past_most = self._of_rows(moved.versions, after, until)
        steps += found
        told = self._told(steps, public, selection, until, known)
        added = [
            Changed(key, title, known[seq].at, EDITOR, "", seq)
            for key, title, seq in self._once(public, selection, once)
        ]
        judgements = self._judgements(moved.versions, after, until, public, selection, known)
        return _numbered(
            Changes(
                after, until, (*told.added, *added), told.revised, told.withdrawn, judgements,
                more=more or past_most,
            )
        )  # fmt: skip

    def history(self, public_id: str, until: int) -> tuple[Changed, ...]:
        """Each public change of an incident, oldest first; `public_id` is as the public has it.

        Empty where it is not known by that id, and of a row that editors added statements to.
        """
        key = self._original(public_id)
        versions = self._log.versions([key])
        known = {change.seq: change for change in self._log.changes() if change.seq <= until}
        steps: Steps = self._steps(versions, 0, until)
        if not any(isinstance(v.statement, IncidentRecord) for v in versions):
            steps = self._row_steps(key, until) if not versions else ()
        found: list[Changed] = []
        for (_, before), (seq, now) in pairwise(steps):
            one = now or before
            if one is None or one.incident.id != public_id:
                continue
            item = self._changed(before, now, known[seq])
            if item is not None:
                found.append(replace(item, seq=len(found) + 1))
        return tuple(found)

    def _told(
        self,
        steps: Iterable[Steps],
        public: Snapshot,
        selection: Selection,
        until: int,
        known: Mapping[int, Change],
    ) -> Changes:
        """Where the first and the last state differ, of incidents in the selection in either."""
        ends = [(own, own[0][1], own[-1][1]) for own in steps if own]
        kept = _selected_then([first for _, first, _ in ends if first is not None], selection)
        after = [last for _, _, last in ends if last is not None]
        if until == public.seq:
            kept |= set(selected_now(public, selection, {own.incident.id for own in after}))
        else:
            kept |= _selected_then(after, selection)
        found: dict[str, list[Changed]] = {"added": [], "revised": [], "withdrawn": []}
        for own, first, last in ends:
            if not {s.incident.id for s in (first, last) if s is not None} & kept:
                continue
            # The last change that the public sees: a later one may be of what is held back.
            seen = [seq for (_, was), (seq, now) in pairwise(own) if self._differ(was, now)]
            item = self._changed(first, last, known[seen[-1]]) if seen else None
            if item is not None:
                what = "added" if first is None else "withdrawn" if last is None else "revised"
                found[what].append(item)
        added, revised, withdrawn = map(tuple, found.values())
        return Changes(0, until, added, revised, withdrawn)

    def _changed(self, before: _State | None, now: _State | None, change: Change) -> Changed | None:
        """The two states as a change; None where they say the same."""
        one = now or before
        if one is None:
            return None
        said = self._said(before, now)
        if before is not None and now is not None and not said:
            return None
        states = (own.incident if own is not None else None for own in (before, now))
        return Changed(
            one.incident.id, one.incident.record.title, change.at, EDITOR, "", change.seq, said,
            *states,
        )  # fmt: skip

    def _differ(self, before: _State | None, now: _State | None) -> bool:
        if before is None or now is None:
            return before is not now
        return bool(self._said(before, now))

    def _said(self, before: _State | None, now: _State | None) -> tuple[Revision, ...]:
        if before is None or now is None:
            return ()
        return revisions(before.incident, now.incident, partial(release_of, self._sources))

    def _steps(self, versions: Collection[Version], after: int, until: int) -> Steps:
        """The states of one incident that the log records, after `after` and each change since."""
        moved = {
            seq
            for v in versions
            for seq in (v.recorded_seq, v.superseded_seq)
            if seq is not None and after < seq <= until
        }
        return [(seq, self._passed(*standing(versions, seq))) for seq in (after, *sorted(moved))]

    def _passed(self, records: Sequence[IncidentRecord], claims: Sequence[Claim]) -> _State | None:
        """One incident through the gate; None where it may not leave, or is not there."""
        if not records:
            return None
        used = {claim.source_id: self._sources[claim.source_id] for claim in claims}
        batch = Batch(tuple((self._sorts | used).values()), tuple(records), tuple(claims))
        passed = self._store.gate.gated(batch, self._rules)
        left = passed.batch
        for incident in assemble(left.records, left.claims, (), left.sources):
            return _State(incident, left.sources, not passed.held)
        return None

    def _once(
        self, public: Snapshot, selection: Selection, once: Mapping[str, int]
    ) -> Iterable[tuple[str, str, int]]:
        """Those of incidents that one change brought that are public: id, title, the change."""
        if not once:
            return
        aliases: dict[str, str] = {}
        for key, title in selected_now(public, selection, None).items():
            if key in once:
                yield key, title, once[key]
            elif match := _ALIASED.fullmatch(key):
                if not aliases:
                    aliases = {self._store.gate.alias(own): own for own in once}
                if match[1] in aliases:
                    yield key, title, once[aliases[match[1]]]

    def _original(self, public_id: str) -> str:
        """The log's id of an incident that has another one in public."""
        match = _ALIASED.fullmatch(public_id)
        if match is None:
            return public_id
        ids = self._store.current().engine.run("SELECT id FROM incidents")["id"].to_pylist()
        return next((key for key in ids if self._store.gate.alias(key) == match[1]), public_id)

    def _of_rows(
        self, versions: Iterable[Version], after: int, until: int
    ) -> tuple[list[Steps], bool]:
        """The states of incidents of releases kept as rows, and whether there are more of them."""
        found: list[Steps] = []
        more = False
        for release in row_changes.releases(versions, after, until):
            moved = row_changes.moved(self._store.data_dir, release)
            ids = sorted(moved["revised"]) + sorted(moved["withdrawn"]) + sorted(moved["added"])
            more = more or len(ids) > MOST
            # A row that editors added statements to is more than its row says.
            edited = self._log.spans(ids[:MOST])
            ids = [key for key in ids[:MOST] if key not in edited]
            old, new = (self._rows_of(file, ids) for file in (release.old, release.new))
            found += [[(after, old.get(key)), (release.seq, new.get(key))] for key in ids]
        return found, more

    def _rows_of(self, file: RowFile | None, ids: Collection[str]) -> dict[str, _State | None]:
        """The states of incidents of a file of rows, by the file's ids."""
        if file is None:
            return {}
        found = row_changes.incidents_of(self._store.data_dir, file, ids, self._sources)
        return {key: self._passed((own.record,), own.claims) for key, own in found.items()}

    def _row_steps(self, key: str, until: int) -> Steps:
        """The states of an incident of a file of rows."""
        versions = [v for v in self._log.row_file_versions() if v.recorded_seq <= until]
        ends = {
            v.superseded_seq for v in versions if v.superseded_seq and v.superseded_seq <= until
        }
        found: list[tuple[int, _State | None]] = [(0, None)]
        for seq in sorted({v.recorded_seq for v in versions} | ends):
            for release in row_changes.releases(versions, seq - 1, seq):
                file = release.new or release.old
                if file is None or not key.startswith(file.dataset + "-"):
                    continue
                found.append((seq, self._rows_of(release.new, [key]).get(key)))
        return found

    def _judgements(
        self,
        versions: Iterable[Version],
        after: int,
        until: int,
        public: Snapshot,
        selection: Selection,
        known: Mapping[int, Change],
    ) -> tuple[MovedJudgement, ...]:
        """Judgements made or taken back between incidents of which nothing is held back, ever."""
        pairs: dict[tuple[str, str], list[Version]] = {}
        for version in versions:
            own = version.statement
            if isinstance(own, Judgement):
                left, right = sorted((own.left_id, own.right_id))
                pairs.setdefault((left, right), []).append(version)
        if not pairs:
            return ()
        sides = {side for pair in pairs for side in pair}
        shown = set(selected_now(public, selection, sides))
        there = set(selected_now(public, EVERYTHING, sides))
        spans = self._log.spans(sides)
        by_incident = _by_incident(self._log.versions(spans))
        open_ones = {
            side
            for side in there
            if all(
                state is None or state.whole
                for _, state in self._steps(by_incident.get(side, ()), 0, until)[1:]
            )
            and (side not in spans or self._recorded(by_incident[side]))
        }
        found = []
        for (left, right), some in pairs.items():
            if not {left, right} <= open_ones or not {left, right} & shown:
                continue
            old, new = (self._judgement(some, seq) for seq in (after, until))
            seqs = [
                seq
                for v in some
                for seq in (v.recorded_seq, v.superseded_seq)
                if seq is not None and after < seq <= until
            ]
            if old != new and seqs:
                change = known[max(seqs)]
                found.append(
                    MovedJudgement(left, right, old, new, change.at, EDITOR, "", change.seq)
                )
        return tuple(found)

    def _recorded(self, versions: Iterable[Version]) -> bool:
        """Whether the log has the incident itself, and not only statements on a row."""
        return any(isinstance(v.statement, IncidentRecord) for v in versions)

    def _judgement(self, versions: Iterable[Version], seq: int) -> Judgement | None:
        for version in versions:
            own, ended = version.statement, version.superseded_seq
            if (
                isinstance(own, Judgement)
                and version.recorded_seq <= seq
                and (ended is None or ended > seq)
            ):
                hidden = "notes" in self._rules.withhold_fields
                return replace(
                    own, judged_by=EDITOR, recorded_at=None, superseded_at=None,
                    reason="" if hidden else own.reason,
                    conflicts=() if hidden else own.conflicts,
                )  # fmt: skip
        return None


def _selected_then(states: Sequence[_State], selection: Selection) -> set[str]:
    sources = {source.id: source for state in states for source in state.sources}
    return selected_then([state.incident for state in states], sources, selection)


def _by_incident(versions: Iterable[Version]) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for version in versions:
        own = version.statement
        if isinstance(own, IncidentRecord):
            found.setdefault(own.id, []).append(version)
        elif isinstance(own, Claim):
            found.setdefault(own.incident_id, []).append(version)
    return found


def _numbered(own: Changes) -> Changes:
    """The latest first, under numbers of their own: gaps in the log's would tell of what is not
    told.
    """
    lists: tuple[Sequence[Changed | MovedJudgement], ...] = (
        own.added, own.revised, own.withdrawn, own.judgements,
    )  # fmt: skip
    times: Sequence[datetime] = sorted({item.at for items in lists for item in items})
    rank = {at: number for number, at in enumerate(times, 1)}

    def sorted_of(items: Sequence[Changed]) -> tuple[Changed, ...]:
        numbered = (replace(item, seq=rank[item.at]) for item in items)
        return tuple(sorted(numbered, key=lambda item: (-item.seq, item.title, item.id)))

    return replace(
        own,
        added=sorted_of(own.added),
        revised=sorted_of(own.revised),
        withdrawn=sorted_of(own.withdrawn),
        judgements=tuple(
            sorted(
                (replace(item, seq=rank[item.at]) for item in own.judgements),
                key=lambda item: (-item.seq, item.left_id, item.right_id),
            )
        ),
    )
