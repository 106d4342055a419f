"""Moments in the log's time: how `as_of` and `since` are written and read (link ↔ log).

A day stands for itself, in UTC: `as_of` it means to its end, `since` it from its start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)([Zz]|\+00:00)", re.ASCII
)

#: No log is of another time; arithmetic with days stays possible.
_FIRST_YEAR, _LAST_YEAR = "1900", "2199"

#: One step of the log's clock.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a time of day in UTC; `day` is None for the latter.

    `text` is its one written form, `end` and `start` the instants it means.
    """

    at: datetime
    day: date | None = None

    @classmethod
    def of_day(cls, day: date) -> Moment:
        """A whole day."""
        return cls(datetime.combine(day, time(), UTC), day)

    @property
    def start(self) -> datetime:
        """The instant itself; of a day its first."""
        return self.at

    @property
    def end(self) -> datetime:
        """The instant itself; of a day its last."""
        return self.at if self.day is None else self.at + timedelta(days=1) - _TICK

    @property
    def before(self) -> datetime:
        """The last instant before it begins."""
        return self.at - _TICK

    @property
    def text(self) -> str:
        """ "2026-11-25", "2026-11-25T18:50:05Z", "2026-11-25T18:50:05.123456Z"."""
        if self.day is not None:
            return self.day.isoformat()
        return self.at.isoformat().removesuffix("+00:00") + "Z"

    def __str__(self) -> str:
        return self.text


def read_moment(text: str) -> Moment:
    """The moment that a text writes. Raises ValueError: what is wrong, for a person."""
    # The plus of an offset arrives as a space where a link was not encoded.
    plain = re.sub(r" 00:00$", "+00:00", text.strip())
    try:
        if _DAY.fullmatch(plain) and _FIRST_YEAR <= plain[:4] <= _LAST_YEAR:
            return Moment.of_day(date.fromisoformat(plain))
        match = _TIME.fullmatch(plain)
        if match and _FIRST_YEAR <= plain[:4] <= _LAST_YEAR:
            return Moment(datetime.fromisoformat(f"{match[1]}T{match[2]}+00:00"))
    except ValueError:
        pass
    raise ValueError(f"“{text[:40]}” is neither a day nor a time in UTC")
