"""The dashboard's questions for totals: figures, options with their counts, disagreements
(selection → figures).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule, VictimGroup
from mapapp.query.asking import Asking, Narrowing
from mapapp.query.filters.entry import Flag
from mapapp.query.filters.params import printable
from mapapp.query.filters.sentence import ActivePart, active_parts
from mapapp.query.filters.table import CODES, FILTERS
from mapapp.query.questions import disagreements, facets, figures, series
from mapapp.query.questions.disagreements import Order
from mapapp.query.questions.facets import Facet
from mapapp.query.questions.figures import Figures, GroupTotals, RuleTotals


class Totals(Asking):
    """Sums over a selection."""

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
        return figures.read_figures(answer, 0, rule)

    def figures_of(self, selection: Selection, ids: Sequence[str]) -> Figures:
        """The line of figures of some of a selection's incidents; `certain` is not counted."""
        rule, among = selection.rule, tuple(key for key in ids if printable(key)) or ("",)
        answer = self._ask(
            selection, figures.figures_question(rule),
            Narrowing(("among", among), lambda t: t.filter(t.id.isin(among))),
        )  # fmt: skip
        return figures.read_figures(answer, 0, rule)

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
            answer = self._ask(CODES[part].lifted(selection), question)
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

    def disputed(self, selection: Selection, order: Order, limit: int) -> pa.Table:
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
            if code not in self._codes(entry.part)
        )

    def active_parts(self, selection: Selection) -> tuple[ActivePart, ...]:
        """The chips, with the data's labels."""
        return active_parts(selection, self.labels())

    def _certain(self, selection: Selection) -> int:
        strict = _certain_only(selection)
        return self.count(selection if strict is None else strict)

    def _codes(self, part: str) -> frozenset[str]:
        everything = Selection(background=True, abroad=True)
        return frozenset(facet.code for facet in self.facet(everything, part))


def _certain_only(selection: Selection) -> Selection | None:
    """The selection of what lies in its days for certain, None where that is the same."""
    if selection.date_certain or (selection.date_from is None and selection.date_to is None):
        return None
    return replace(selection, date_certain=True)
