"""A citation opened again: the same figures, or exactly what changed since (link → answer)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.changes.changes import ChangeLog, Changes
from mapapp.query.changes.fingerprint import fingerprint, incident_fingerprint, joint
from mapapp.query.dashboard import Dashboard
from mapapp.query.questions.figures import Figures
from mapapp.store import Snapshot, Store


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of a cited selection.

    `held`: the data that the link shows have the cited hash. `same_now`: so have the data of now;
    where not, `since` says what changed (None: the reader may not see the log). `then` and `now`
    are the figures of both.
    """

    held: bool
    same_now: bool
    then: Figures
    now: Figures
    since: Changes | None


def replay(
    store: Store | None, shown: Snapshot, current: Snapshot, selection: Selection, cited: str
) -> Replay:
    """Compare the data shown, and those of now, with what was cited.

    Without the store, for readers from whom something is held back, what changed is not listed.
    """
    return Replay(
        held=fingerprint(shown, selection) == cited,
        same_now=fingerprint(current, selection) == cited,
        then=Dashboard(shown).figures(selection),
        now=Dashboard(current).figures(selection),
        since=None
        if store is None
        else ChangeLog(store.log, store.data_dir).changes(current, selection, shown.seq),
    )


def replay_two(
    store: Store | None,
    shown: Snapshot,
    current: Snapshot,
    sides: tuple[Selection, Selection],
    cited: str,
) -> tuple[Replay, Replay]:
    """The same of two compared selections; `held` and `same_now` are of both together."""
    first, second = (replay(store, shown, current, side, cited) for side in sides)
    held, same_now = (
        joint(*(fingerprint(snapshot, side) for side in sides)) == cited
        for snapshot in (shown, current)
    )
    return (
        replace(first, held=held, same_now=same_now),
        replace(second, held=held, same_now=same_now),
    )


#: No filter hides the incident that was cited.
_ALL = Selection(background=True, abroad=True)


def replay_incident(
    store: Store | None,
    shown: Snapshot,
    current: Snapshot,
    incident_id: str,
    rule: Rule,
    cited: str,
) -> Replay:
    """The same of one incident: `since` holds what changed of it and of its judgements alone."""
    same_now = incident_fingerprint(current, incident_id, rule) == cited
    everything = replace(_ALL, rule=rule)
    then, now = (
        Dashboard(snapshot).figures_of(everything, (incident_id,)) for snapshot in (shown, current)
    )
    since = None
    if store is not None and same_now:
        since = Changes(shown.seq, current.seq)
    elif store is not None:
        log = ChangeLog(store.log, store.data_dir)
        since = log.changes_of(current, incident_id, shown.seq)
    held = incident_fingerprint(shown, incident_id, rule) == cited
    return Replay(held, same_now, then, now, since)
