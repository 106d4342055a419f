"""What an owner holds back from who may not read all (serves log → public snapshot)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mapapp.domain.source import Source
from mapapp.domain.vocab import GeoPrecision, Redistribution

#: What an owner can withhold of every incident, and what it is.
FIELDS: Final = {
    "title": "titles",
    "target": "targets",
    "notes": "notes",
    "place_text": "the words for places",
    "words": "quoted words",
    "locator": "paragraphs in sources",
    "speakers": "speakers' names",
    "source_title": "titles of sources",
    "source_url": "addresses of sources",
}

#: The areas that a place can be coarsened to; finer ones are points or discs.
LEVELS: Final = (GeoPrecision.DISTRICT, GeoPrecision.PROVINCE, GeoPrecision.COUNTRY)

#: From the finest.
ORDER: Final = tuple(GeoPrecision)


@dataclass(frozen=True, slots=True)
class SourceRule:
    """What holds for the sources of a data set, of a publisher, or with an id.

    `private` keeps their claims in. `min_precision` and `delay_days` as in `GateRules`, for what
    rests on them.
    """

    dataset: str | None = None
    publisher: str | None = None
    id: str | None = None
    private: bool = False
    min_precision: GeoPrecision | None = None
    delay_days: int = 0

    def fits(self, source: Source) -> bool:
        """Whether the rule is about this source; every name given must be its own."""
        return (
            self.dataset in (None, source.dataset)
            and self.publisher in (None, source.publisher)
            and self.id in (None, source.id)
        )


@dataclass(frozen=True, slots=True)
class GateRules:
    """What an owner holds back from who may not read all.

    Incidents leave `delay_days` after their last day (undated: after they were recorded).
    `min_precision` is the finest place that leaves, and no text goes that could name a finer one.
    """

    delay_days: int = 0
    min_precision: GeoPrecision | None = None
    withhold_fields: frozenset[str] = frozenset()
    withhold_incidents: frozenset[str] = frozenset()
    sources: tuple[SourceRule, ...] = ()

    def __bool__(self) -> bool:
        return self != GateRules()

    def private(self, source: Source) -> bool:
        """Whether a source's claims stay in: its own rule says so, or the owner."""
        return source.redistribution is Redistribution.PRIVATE or any(
            rule.private for rule in self.sources if rule.fits(source)
        )

    def delay(self, source: Source) -> int:
        """Days that claims of a source are held after the incident."""
        return max((r.delay_days for r in self.sources if r.fits(source)), default=0)

    def level(self, sources: Iterable[Source]) -> GeoPrecision | None:
        """The finest place that leaves of an incident which rests on these sources."""
        levels = [] if self.min_precision is None else [self.min_precision]
        for source in sources:
            levels += [r.min_precision for r in self.sources if r.min_precision and r.fits(source)]
        return max(levels, key=ORDER.index, default=None)

    def sentences(self) -> tuple[str, ...]:
        """What a reader is told; how much is held back is not said, as it could point at it."""
        lines = []
        if self.delay_days:
            days = f"{self.delay_days} days" if self.delay_days > 1 else "a day"
            lines.append(f"Incidents are shown {days} after they happened.")
        if self.min_precision:
            lines.append(f"Places are given to the {self.min_precision} at the finest.")
        if self.withhold_fields:
            names = [words for name, words in FIELDS.items() if name in self.withhold_fields]
            lines.append(f"Not shown: {', '.join(names)}.")
        if self.withhold_incidents:
            lines.append("Some incidents are held back.")
        if self.sources:
            lines.append("For some sources less is shown, or later.")
        return tuple(lines)
