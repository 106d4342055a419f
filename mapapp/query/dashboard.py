"""The dashboard's questions to a snapshot, one method a question (selection → answers)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import pyarrow as pa

from mapapp.domain.countries import HOME
from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule, VictimGroup
from mapapp.log import codec
from mapapp.query.asking import Narrowing
from mapapp.query.filters.entry import Flag
from mapapp.query.filters.params import Bounds, printable
from mapapp.query.filters.sentence import ActivePart, active_parts
from mapapp.query.filters.table import CODES, FILTERS
from mapapp.query.questions import coverage, disagreements, facets, figures, picture, places, series
from mapapp.query.questions.coverage import Coverage, Strips
from mapapp.query.questions.disagreements import DisagreementOrder
from mapapp.query.questions.facets import Facet
from mapapp.query.questions.figures import Figures, GroupTotals, RuleTotals
from mapapp.query.questions.picture import Picture
from mapapp.query.questions.places import Points
from mapapp.query.questions.series import Step
from mapapp.query.records import Records
from mapapp.query.tables import Recent, table
from mapapp.store import Engine

#: Larger than other answers, and so fewer are kept.
_PICTURES: WeakKeyDictionary[Engine, Recent[Picture]] = WeakKeyDictionary()

#: The whole country fits a screen; what a picture says of totals and areas is the same at any zoom.
OVERVIEW_ZOOM = 6


class Dashboard(Records):
    """Questions over one snapshot. Cheap to make; safe to share between threads.

    Every method may raise StoreUnavailable. Those for incidents themselves are in `Records`.
    """

    def warm(self) -> None:
        """Ask what a first view asks, so that its first reader need not wait for compiling."""
        everything = self.unfiltered()
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

    # Totals.

    def figures(self, selection: Selection) -> Figures:
        """The line of figures."""

        def make() -> Figures:
            rule = selection.rule
            answer = self._ask(selection, figures.figures_question(rule))
            return figures.read_figures(answer, self._certain(selection), rule)

        return self._once(("figures", selection), make)

    def figures_without(self, selection: Selection, ids: Sequence[str]) -> Figures:
        """The line of figures of a selection without some incidents; `certain` is not counted."""
        rule, left_out = selection.rule, tuple(ids)
        answer = self._ask(
            selection, figures.figures_question(rule),
            Narrowing(("without", left_out), lambda t: t.filter(~t.id.isin(left_out))),
        )  # fmt: skip
        return figures.read_figures(answer, None, rule)

    def figures_of(self, selection: Selection, ids: Sequence[str]) -> Figures:
        """The line of figures of some of a selection's incidents; `certain` is not counted."""
        rule, among = selection.rule, tuple(key for key in ids if printable(key)) or ("",)
        answer = self._ask(
            selection, figures.figures_question(rule),
            Narrowing(("among", among), lambda t: t.filter(t.id.isin(among))),
        )  # fmt: skip
        return figures.read_figures(answer, None, rule)

    def by_victim_group(self, selection: Selection) -> Mapping[VictimGroup, GroupTotals]:
        """(killed, wounded) of each victim group; attackers, who are in no other total, too."""

        def make() -> Mapping[VictimGroup, GroupTotals]:
            answer = self._ask(selection, figures.groups_question())
            return figures.read_groups(answer, selection.rule)

        return self._once(("victim groups", selection), make)

    def rule_totals(self, selection: Selection) -> Mapping[Rule, RuleTotals]:
        """The sums of the best figures under every rule, in one question."""

        def make() -> Mapping[Rule, RuleTotals]:
            return figures.read_rule_totals(self._ask(selection, figures.rules_question()))

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)
        return self._once(("rules", plain), make)

    def facet(self, selection: Selection, part: str) -> tuple[Facet, ...]:
        """A part's options with the incidents each alone would leave under the other filters.

        `part` is one of `CODES`. Chosen options are always there, others where they would leave
        any.
        """
        if part not in CODES:
            raise InvalidInput(f"'{part}' has no options; use one of {', '.join(CODES)}")

        def make() -> tuple[Facet, ...]:
            question = facets.facet_question(part, facets.narrowing(selection, part))
            entry = CODES[part]
            among = entry.lifted(selection)
            if entry.lifts:
                lifted: dict[str, Any] = {entry.lifts: True}
                among = replace(among, **lifted)
            answer = self._ask(among, question)
            return facets.read_facets(answer, selection, part, self.labels())

        return self._once(("facet", part, selection), make)

    def breakdown(self, selection: Selection, by: str) -> pa.Table:
        """A row a code with code, label, incidents, certain, and totals of killed and wounded.

        The totals' columns are `<measure>_low`, `_best`, `_high`, `_open` and `_unknown`. `by` is
        one of `series.BY`; by a list (kind, group, weapon, source, …) an incident counts once for
        each, so that rows do not add up to the whole. An empty code is "not stated".
        """
        series.check_by(by)
        rule = selection.rule
        answer = self._ask(selection, series.breakdown_question(by, rule))
        strict = _certain_only(selection)
        if strict is None:
            certain = answer["incidents"]
        else:
            counted = self._ask(strict, series.counts_question(by))
            sure = dict(zip(counted["code"].to_pylist(), counted["n"].to_pylist(), strict=True))
            certain = pa.array([sure.get(c, 0) for c in answer["code"].to_pylist()], pa.int64())
        labels, entry = self.labels(), series.BY[by]
        words = [entry.word(labels, c) if c else "not stated" for c in answer["code"].to_pylist()]
        named = answer.add_column(1, "label", pa.array(words, pa.string()))
        named = named.add_column(3, "certain", certain)
        return named.sort_by([("incidents", "descending"), ("code", "ascending")])

    def disputed(self, selection: Selection, order: DisagreementOrder, limit: int) -> pa.Table:
        """Incidents on which claims differ, widest first; see `disagreements.disputed_question`."""
        return self._ask(selection, disagreements.disputed_question(order, limit))

    def disputed_subjects(self, selection: Selection) -> tuple[tuple[str, int], ...]:
        """What claims differ on, and on how many incidents."""

        def make() -> tuple[tuple[str, int], ...]:
            answer = self._ask(selection, disagreements.subjects_question())
            return disagreements.read_subjects(answer)

        return self._once(("subjects", selection), make)

    def emptied_by(self, selection: Selection) -> tuple[tuple[ActivePart, int], ...]:
        """Parts which, lifted alone and whole, would give results, and how many each.

        Empty where the selection has results, or where no single part empties it.
        """
        if self.count(selection):
            return ()
        labels = self.labels()
        lifted = [
            ActivePart(entry.part, entry.chip(selection, labels), entry.lifted(selection))
            for entry in FILTERS
            if entry.active(selection) and not isinstance(entry, Flag)
        ]
        counts = [(part, n) for part in lifted if (n := self.count(part.without))]
        return tuple(sorted(counts, key=lambda item: -item[1]))

    def missing(self, selection: Selection) -> tuple[tuple[str, str], ...]:
        """(part, code) of the selection's codes that the data do not have, as in an old link."""
        return tuple(
            (entry.part, code)
            for entry in CODES.values()
            if entry.known is None
            for code in entry.chosen(selection)
            if code not in self.codes(entry.part)
        )

    def active_parts(self, selection: Selection) -> tuple[ActivePart, ...]:
        """The chips, with the data's labels."""
        return active_parts(selection, self.labels())

    def countries(self, selection: Selection) -> tuple[str, ...]:
        """The names of the countries that a selection's incidents lie in: Afghanistan first, then
        those of most incidents.
        """
        asked_for = selection.countries or (() if selection.abroad else (HOME,))
        there = [
            f
            for f in self.facet(selection, "countries")
            if f.count and (not asked_for or f.code in asked_for)
        ]
        return tuple(f.label for f in sorted(there, key=lambda f: f.code != HOME))

    def _certain(self, selection: Selection) -> int:
        strict = _certain_only(selection)
        return self.count(selection if strict is None else strict)

    def codes(self, part: str) -> frozenset[str]:
        """The codes of a part that any incident has."""
        everything = Selection(background=True, abroad=True)
        return frozenset(facet.code for facet in self.facet(everything, part))

    # Time.

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
        return self._ask(
            selection, series.pairs_question(step, self._bounds_in_time(selection), by)
        )

    def _shown(self, selection: Selection) -> tuple[date, date] | None:
        if selection.date_from is None and selection.date_to is None:
            return None
        return (selection.date_from or date.min, selection.date_to or date.max)

    # Places.

    def features(
        self,
        selection: Selection,
        bounds: Bounds | None = None,
        limit: int | None = None,
        *,
        areal: bool | None = None,
    ) -> pa.Table:
        """Mappable incidents whose point or disc meets `bounds` (west, south, east, north).

        One known only to an area (`areal`) counts by that area's label point; the areas
        themselves are in `areas`. `areal` asks for these alone, or for all others.
        """
        return self._ask(selection, places.features_question(limit, areal), _view(bounds))

    def points(self, selection: Selection, bounds: Bounds | None) -> Points:
        """Point-like incidents whose very point lies in `bounds`, by display kind."""
        narrowing = None
        if bounds is not None:
            narrowing = Narrowing(("on screen", bounds), lambda t: places.on_screen(t, bounds))

        def make() -> Points:
            return places.read_points(self._ask(selection, places.points_question(), narrowing))

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule moves no incident
        return self._once(("points", plain, bounds), make)

    def picture(self, selection: Selection, bounds: Bounds | None, zoom: int) -> Picture:
        """Cells and areas as seen from a zoom, with totals: see `Picture`.

        `bounds` keep what meets a view; leave them out for totals of the selection.
        """

        def make() -> Picture:
            question = picture.picture_question(zoom)
            return picture.read_picture(self._ask(selection, question, _view(bounds)))

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule moves no incident
        key = ("picture", plain, bounds, zoom)
        return _PICTURES.setdefault(self._engine, Recent(64)).get(key, make)

    def cells(self, selection: Selection, bounds: Bounds | None, zoom: int) -> pa.Table:
        """Point-like incidents in cells of a grid: see `Picture` for the columns."""
        return self.picture(selection, bounds, zoom).cells

    def cell_bins(
        self, selection: Selection, bounds: Bounds | None, zoom: int, step: Step = "month"
    ) -> pa.Table:
        """The same cells by time: columns x, y, first, last (days that bins begin on), count."""
        question = places.cell_bins_question(zoom, step, self._bounds_in_time(selection))
        return self._ask(selection, question, _view(bounds))

    def areas(self, selection: Selection) -> pa.Table:
        """Incidents known only to a district or province: area_id, count, and count by kind."""
        return self.picture(selection, None, OVERVIEW_ZOOM).areas


def _certain_only(selection: Selection) -> Selection | None:
    """The selection of what lies in its days and shapes for certain, None where it is the same."""
    dated = selection.date_from is not None or selection.date_to is not None
    strict = replace(
        selection,
        date_certain=selection.date_certain or dated,
        place_certain=selection.place_certain or bool(selection.shapes),
    )
    return None if strict == selection else strict


def _view(bounds: Bounds | None) -> Narrowing | None:
    """The restriction to a view."""
    if bounds is None:
        return None
    return Narrowing(("view", bounds), lambda t: places.in_view(t, bounds))
