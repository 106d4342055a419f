"""The dashboard's questions to a snapshot, one method a question (selection → answers)."""

from __future__ import annotations

from mapapp.domain.selection import Selection
from mapapp.query.filters.table import CODES
from mapapp.query.questions.series import Step
from mapapp.query.records import Records
from mapapp.query.times import Times
from mapapp.query.totals import Totals
from mapapp.query.views import Views


class Dashboard(Totals, Times, Views, Records):
    """Questions over one snapshot. Cheap to make; safe to share between threads.

    Every method may raise StoreUnavailable.
    """

    def warm(self) -> None:
        """Ask what a first view asks, so that its first reader need not wait for compiling."""
        everything = Selection()
        self.figures(everything)
        for part in CODES:
            self.facet(everything, part)
        steps: tuple[Step, ...] = ("day", "week", "month")
        for step in steps:
            self.series(everything, step)
        for by in ("province", "group", "kind"):
            self.breakdown(everything, by)
        for zoom in (5, 6, 7):
            self.picture(everything, None, zoom)
        self.sources(everything)
