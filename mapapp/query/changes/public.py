"""What changed, as the public may know it: each state of an incident passes the gate by the rules
and the day of now, and what is told is where two states differ (log + gate → changes).

Nothing else of the log comes through: no reason, no author, no number of a change, nothing of what
is held back in both states. See docs/decisions/gate-public-snapshot.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.judgement import Judgement
from mapapp.domain.selection import Selection
from mapapp.gate.rules import GateRules
from mapapp.query.changes import rows as row_changes
from mapapp.query.changes.changes import (
    EVERYTHING,
    Changed,
    ChangeLog,
    Changes,
    Facts,
    MovedJudgement,
    RevisedSource,
    State,
    Steps,
    by_incident,
    selected_now,
)
from mapapp.query.tables import Recent
from mapapp.store import Change, Snapshot, Store, Version

#: Who changed something, whoever it was.
EDITOR: Final = "an editor"

#: What an id looks like whose own one could tell where the incident was.
_ALIASED: Final = re.compile(r"[a-z]{2,3}(?:-\d{4})?-([0-9a-f]{12})")

_LOGS: Final[Recent[PublicLog]] = Recent(8)


def public_log(store: Store) -> PublicLog:
    """The log of a store by the rules of now. Raises StoreUnavailable where they cannot be read."""
    rules = store.gate.rules()
    return _LOGS.get((store.data_dir, store.log.seq(), rules), lambda: PublicLog(store, rules))


class PublicLog(ChangeLog):
    """The log of a store as the public may know it, by an owner's rules."""

    most: ClassVar[int | None] = 1_000
    most_rows: ClassVar[int] = 1_000

    def __init__(self, store: Store, rules: GateRules) -> None:
        super().__init__(store.log, store.data_dir)
        self._store, self._rules = store, rules
        # Which data sets are closed is told by all of their sources: one of each sort will do.
        sorts = {(s.dataset, self._rules.private(s)): s for s in self._sources.values()}
        self._sorts = {source.id: source for source in sorts.values()}
        #: Whether anything is held back beyond the addresses of who wrote in the log.
        self.withholds = bool(rules) or any(private for _, private in sorts)

    def changes(
        self, snapshot: Snapshot, selection: Selection, after: int, until: int | None = None
    ) -> Changes:
        """As the whole log's; `snapshot` is the public one of that state, or of a later one."""
        return _numbered(super().changes(snapshot, selection, after, until))

    def history(self, incident_id: str, until: int | None = None) -> tuple[Changed, ...]:
        """Each public change of an incident, which has the id that the public knows.

        Empty also of a row that editors added statements to.
        """
        items = super().history(incident_id, until)
        return tuple(replace(item, seq=number) for number, item in enumerate(items, 1))

    def _history(self, key: str, until: int) -> Steps:
        original = self._original(key)
        versions = self._log.versions([original])
        if _recorded(versions):
            return self._steps(versions, 0, until)
        return () if versions else self._row_steps(original, until)

    def _state(self, records: Sequence[IncidentRecord], claims: Sequence[Claim]) -> State | None:
        """One incident through the gate; None where it may not leave, or is not there."""
        if not records:
            return None
        used = {claim.source_id: self._sources[claim.source_id] for claim in claims}
        batch = Batch(tuple((self._sorts | used).values()), tuple(records), tuple(claims))
        passed = self._store.gate.gated(batch, self._rules)
        left = passed.batch
        for incident in assemble(left.records, left.claims, (), left.sources):
            return State(incident, left.sources, not passed.held)
        return None

    def _signed(self, change: Change) -> tuple[str, str]:
        return EDITOR, ""

    def _judged(self, judgement: Judgement) -> Judgement:
        if "notes" in self._rules.withhold_fields:
            judgement = replace(judgement, reason="", conflicts=())
        return replace(judgement, judged_by=EDITOR)

    def _open(self, sides: set[str], snapshot: Snapshot, until: int) -> set[str]:
        """Those of which nothing is held back, ever."""
        there = selected_now(snapshot, EVERYTHING, sides)
        spans = self._log.spans(sides)
        versions = by_incident(self._log.versions(spans))
        return {
            side
            for side in there
            if (side not in spans or _recorded(versions[side]))
            and all(
                state is None or state.whole
                for _, state in self._steps(versions.get(side, ()), 0, until)[1:]
            )
        }

    def _comes(
        self, snapshot: Snapshot, selection: Selection, once: Mapping[str, int]
    ) -> Iterable[tuple[str, str, int]]:
        """Those of incidents that one change brought that are public: id, title, the change."""
        if not once:
            return
        aliases: dict[str, str] = {}
        for key, title in selected_now(snapshot, selection, None).items():
            if key in once:
                yield key, title, once[key]
            elif match := _ALIASED.fullmatch(key):
                if not aliases:
                    aliases = {
                        self._store.gate.alias(incident_id): incident_id for incident_id in once
                    }
                if match[1] in aliases:
                    yield key, title, once[aliases[match[1]]]

    def _of_release(
        self, release: row_changes.Release, snapshot: Snapshot, selection: Selection, facts: Facts
    ) -> tuple[list[Steps], Mapping[str, list[Changed]], bool]:
        """The same, each compared through the gate."""
        moved = row_changes.moved(self._store.data_dir, release)
        ids = sorted(moved["revised"]) + sorted(moved["withdrawn"]) + sorted(moved["added"])
        # A row that editors added statements to is more than its row says.
        edited = self._log.spans(ids[: self.most_rows])
        compared = [key for key in ids[: self.most_rows] if key not in edited]
        return self._row_ends(release, compared), {}, len(ids) > self.most_rows

    def _revised_sources(
        self, versions: Iterable[Version], after: int, until: int
    ) -> tuple[RevisedSource, ...]:
        return ()

    def _original(self, public_id: str) -> str:
        """The log's id of an incident that has another one in public."""
        match = _ALIASED.fullmatch(public_id)
        if match is None:
            return public_id
        ids = self._store.current().engine.run("SELECT id FROM incidents")["id"].to_pylist()
        return next((key for key in ids if self._store.gate.alias(key) == match[1]), public_id)


def _recorded(versions: Iterable[Version]) -> bool:
    """Whether the log has the incident itself, and not only statements on a row."""
    return any(isinstance(v.statement, IncidentRecord) for v in versions)


def _numbered(changes: Changes) -> Changes:
    """The latest first, under numbers of their own: gaps in the log's would tell of what is not
    told.
    """
    lists: tuple[Sequence[Changed | MovedJudgement], ...] = (
        changes.added, changes.revised, changes.withdrawn, changes.judgements,
    )  # fmt: skip
    times: Sequence[datetime] = sorted({item.at for items in lists for item in items})
    rank = {at: number for number, at in enumerate(times, 1)}

    def sorted_of(items: Sequence[Changed]) -> tuple[Changed, ...]:
        numbered = (replace(item, seq=rank[item.at]) for item in items)
        return tuple(sorted(numbered, key=lambda item: (-item.seq, item.title, item.id)))

    return replace(
        changes,
        added=sorted_of(changes.added),
        revised=sorted_of(changes.revised),
        withdrawn=sorted_of(changes.withdrawn),
        judgements=tuple(
            sorted(
                (replace(item, seq=rank[item.at]) for item in changes.judgements),
                key=lambda item: (-item.seq, item.left_id, item.right_id),
            )
        ),
    )
