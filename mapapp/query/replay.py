"""A citation opened again: the same figures, or exactly what changed since (link → answer)."""

from __future__ import annotations

from dataclasses import dataclass

from mapapp.domain.selection import Selection
from mapapp.query.changes import Changes, changes
from mapapp.query.dashboard import Dashboard
from mapapp.query.figures import Figures
from mapapp.query.fingerprint import fingerprint
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
        else changes(store.log, current, selection, shown.seq, data_dir=store.data_dir),
    )
