"""When something happened: an interval of days, how exactly it is known, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapapp.domain.vocab import DatePrecision


@dataclass(frozen=True, slots=True)
class DateInterval:
    """Inclusive days between which something happened.

    An open side is None: an attack of which a page only says that it came before another has no
    `earliest`. `text` is the date words of the source in short, `derivation` how days were made
    of them (with the reference date used). There is no default of today anywhere.
    """

    earliest: date | None
    latest: date | None
    precision: DatePrecision
    text: str = ""
    derivation: str = ""

    def __post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(
                f"earliest {self.earliest} is after latest {self.latest}; swap the two dates"
            )
        if self.precision in (DatePrecision.HOUR, DatePrecision.DAY) and (
            self.earliest is None or self.earliest != self.latest
        ):
            raise ValueError(
                f"precision '{self.precision}' needs the same earliest and latest day; "
                "give both, or a coarser precision"
            )

    def certainly_within(self, start: date | None, end: date | None) -> bool:
        """Whether every day it can have been lies in start..end (inclusive, None is open)."""
        after = start is None or (self.earliest is not None and self.earliest >= start)
        before = end is None or (self.latest is not None and self.latest <= end)
        return after and before

    def possibly_within(self, start: date | None, end: date | None) -> bool:
        """Whether some day it can have been lies in start..end (inclusive, None is open)."""
        not_before = start is None or self.latest is None or self.latest >= start
        not_after = end is None or self.earliest is None or self.earliest <= end
        return not_before and not_after
