"""How a figure of the page is cited: what was counted, by which rule, from what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mapapp.domain.vocab import Rule
from mapapp.query import Figures, RangeTotal
from mapapp.ui import formatting
from mapapp.ui.rules import RULE_NAMES


@dataclass(frozen=True, slots=True)
class Edition:
    """What the page shows: how many sources, of which years, published when, change number."""

    sources: int
    first_year: int | None
    last_year: int | None
    published_at: datetime
    seq: int

    @property
    def years(self) -> str:
        """ "2021–2024"."""
        if self.first_year is None or self.last_year is None:
            return "no incidents yet"
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}{formatting.DASH}{self.last_year}"


TITLE = "Afghanistan incidents, and who says so"
LICENCE = (
    "Facts cited to the sources listed; boundaries of 2014 geoBoundaries/AIMS (CC BY 4.0), place "
    "names GeoNames (CC BY 4.0)."
)


def citation(
    sentence: str, figures: Figures, rule: Rule, edition: Edition, sources: tuple[str, ...]
) -> str:
    """The citation as plain text; the address of the view is added where it is copied."""
    lines = [
        f"{TITLE}. {sentence}.",
        f"{formatting.counted(figures.incidents, 'incident')}; reported killed "
        f"{_range(figures.killed)}, reported wounded {_range(figures.wounded)} "
        "(sums of lowest to highest reported figures, attackers left out; best figure by the "
        f"rule “{RULE_NAMES[rule]}”).",
        f"Data: {formatting.counted(edition.sources, 'source')}, {edition.years}, "
        f"state of {formatting.short_day(edition.published_at.date())} "
        f"(change {edition.seq}). Absence of incidents is not safety.",
        LICENCE,
    ]
    if sources:
        lines.append("Sources: " + "; ".join(sources) + ".")
    return "\n".join(lines)


def _range(total: RangeTotal) -> str:
    return formatting.bounds_text(total.low, total.high, high_open=total.high_open)
