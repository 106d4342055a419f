"""The selections that benchmarks ask with: what a reader clicks, from the whole to the narrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from mapapp.domain.selection import Circle, Selection

_LAST: Final = date(2025, 12, 31)

CLICKS: Final[dict[str, Selection]] = {
    "everything": Selection(),
    "three years": Selection(date_from=date(2019, 1, 1), date_to=date(2021, 12, 31)),
    "certain in a month": Selection(
        date_from=date(2020, 6, 1), date_to=date(2020, 6, 30), date_certain=True
    ),
    "two provinces": Selection(provinces=("AF01", "AF06")),
    "a group": Selection(groups=("iskp",)),
    "claimed by a group": Selection(groups=("dfa",), kinds=("claimed",)),
    "kinds": Selection(kinds=("contested", "denied")),
    "types": Selection(event_types=("bombing", "suicide_attack")),
    "killed": Selection(killed_min=5, killed_max=50),
    "victims in a province": Selection(victims=("civilians",), provinces=("AF01",)),
    "near": Selection(near=Circle(34.5, 69.2, 25)),
    "text": Selection(text="bombing kabul"),
}


def nudged(selection: Selection, times: int) -> Selection:
    """The selection with its last day moved, so that no cache has seen it."""
    if times == 0:
        return selection
    end = (selection.date_to or _LAST) - timedelta(days=times)
    start = selection.date_from
    return replace(selection, date_to=max(end, start) if start else end)
