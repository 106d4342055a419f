"""The dashboard's questions for time: series, and what data sets watched (selection → months)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.log import codec
from mapapp.query.asking import Asking
from mapapp.query.questions import coverage, series
from mapapp.query.questions.coverage import Coverage, Strips
from mapapp.query.questions.series import Step
from mapapp.query.tables import table


class Times(Asking):
    """What happened when."""

    def series(self, selection: Selection, step: Step = "month") -> pa.Table:
        """Columns bin_start, certain, possible (which includes the certain), without gaps.

        Incidents without any day are in no bin; `figures().undated` counts them. Bins outside the
        selection's days are left out. Weeks begin on Monday.
        """
        return self._once(
            ("series", step, selection),
            lambda: series.read_series(
                self._pairs(selection, step, None), step, self._shown(selection)
            ),
        )

    def stacked(
        self, selection: Selection, step: Step = "month", by: str = "display_kind"
    ) -> pa.Table:
        """Columns bin_start, code, certain, possible; `by` as in `breakdown`.

        By kind, group, victim or source an incident counts once for each that it has.
        """
        series.check_by(by)
        return self._once(
            ("stacked", step, by, selection),
            lambda: series.read_stacked(
                self._pairs(selection, step, by), step, self._shown(selection)
            ),
        )

    def coverage(self, selection: Selection, provinces: Mapping[str, str]) -> tuple[Strips, ...]:
        """What each data set recorded and watched, a strip a province; see `coverage.strips`.

        Only place, days and data sets of the selection count. `provinces` are codes and names.
        """
        wanted = coverage.recorded(selection)
        span = self._bounds_in_time()

        def make() -> tuple[Strips, ...]:
            answer = self._ask(wanted, coverage.months_question(span))
            chosen = {
                code: name
                for code, name in provinces.items()
                if not selection.provinces or code in selection.provinces
            }
            days = (selection.date_from, selection.date_to)
            return coverage.strips(answer, self.declared(), chosen, span, days, selection.datasets)

        return self._once(("coverage", wanted, tuple(provinces)), make)

    def declared(self) -> Mapping[str, Coverage]:
        """What each data set declares to cover."""

        def make() -> Mapping[str, Coverage]:
            sources = self._ask_tables("all sources", lambda: table("sources"))
            return coverage.declared(
                codec.decode_source(text) for text in sources["content"].to_pylist()
            )

        return self._once("declared", make)

    def _pairs(self, selection: Selection, step: Step, by: str | None) -> pa.Table:
        return self._ask(selection, series.pairs_question(step, self._bounds_in_time(), by))

    def _shown(self, selection: Selection) -> tuple[date, date] | None:
        if selection.date_from is None and selection.date_to is None:
            return None
        return (selection.date_from or date.min, selection.date_to or date.max)
