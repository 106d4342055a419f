"""Two series on one axis of time: the same days, or both counted from their begin (→ charts).

Two periods lie apart on a calendar, so their bins are numbered from each one's first; two areas or
groups share the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.query.questions.series import Step, bin_start

_DAYS: Final = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Axis:
    """What both series are drawn over: bins `0 … bins-1`, each with its first day on each side.

    `offsets`: the bins are numbered from each side's begin, as the sides lie at other times. `own`
    is how many bins each side's period has; what is beyond is outside of it.
    """

    step: Step
    starts: tuple[date, date]
    bins: int
    own: tuple[int, int]
    offsets: bool

    def place(self, side: int, start: date) -> int:
        """The number of the bin that begins on a day."""
        return _between(self.starts[side], start, self.step)


def axis(
    sides: Sequence[Selection], series: Sequence[pa.Table], step: Step, *, offsets: bool
) -> Axis | None:
    """The axis of two sides' series (column `bin_start`), None where neither has a bin."""
    ends = []
    for side, table in zip(sides, series, strict=True):
        days = [day for day in table["bin_start"].to_pylist() if day is not None]
        if side.date_from:
            days.append(bin_start(side.date_from, step))
        if side.date_to:
            days.append(bin_start(side.date_to, step))
        ends.append((min(days), max(days)) if days else None)
    known = [end for end in ends if end is not None]
    if not known:
        return None
    whole = (min(first for first, _ in known), max(last for _, last in known))
    if not offsets:
        ends = [whole, whole]
    (a, b) = (end or known[0] for end in ends)
    cells = (_between(*a, step) + 1, _between(*b, step) + 1)
    return Axis(step, (a[0], b[0]), max(cells), cells, offsets)


def _between(start: date, day: date, step: Step) -> int:
    """How many bins lie from the one that begins on `start` to the one that begins on `day`."""
    if step in _DAYS:
        return (day - start).days // _DAYS[step]
    return (day.year - start.year) * 12 + day.month - start.month
