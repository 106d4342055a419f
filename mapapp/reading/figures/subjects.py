"""Numbers before their casualty word: "ten were killed", "17 wounded", and their parts."""

from __future__ import annotations

from dataclasses import replace

from mapapp.domain.vocab import Modifier, VictimClass
from mapapp.reading.figures.objects import Objects
from mapapp.reading.figures.statements import Predicate, Statement
from mapapp.reading.people import People
from mapapp.reading.words import WORDS

#: How far a subject may stand from its verb, in tokens.
_REACH = 16
_SPEECH = WORDS.set("speech", "verbs")
_AND = frozenset({"and", "&", ",", "or", "/", "plus"})
_DASHES = frozenset({"-", "–", "—"})
_ASIDES = _DASHES | {","}
_BREAKS = WORDS.set("figures", "breaks")
_OF_THE_WHOLE = (None, VictimClass.ARMED_GROUP_MEMBERS, VictimClass.UNSPECIFIED)


class Subjects(Objects):
    """Binds what stands before a casualty word."""

    def _adjacent(self) -> None:
        """ "11 killed", "two people were killed", "17 wounded"."""
        for predicate in self._predicates:
            if predicate.start in self._bound or predicate.form in ("active", "toll", "noun"):
                continue
            people = self._behind(predicate)
            if people is None or people.start in self._used:
                continue
            if people.start in self._parts:
                self._state(people, predicate, "part", subset=True)
                self._whole_of(people, predicate)
                continue
            if people.bare and not (self._passive(predicate) or predicate.form == "intrans"
                                    or self._sentence.heading):  # fmt: skip
                continue
            self._state(people, predicate, "subject")
            self._more_subjects(people, predicate)
            self._with(predicate)

    def _whole_of(self, part: People, predicate: Predicate) -> None:
        """ "Six people including the bomber were killed": the six."""
        for people in reversed(self._people):
            if people.end <= part.start and people.counted and people.start not in self._parts:
                if part.start - people.end <= 8 and people.start not in self._used:
                    self._state(people, predicate, "subject-far")
                return

    def _more_subjects(self, people: People, predicate: Predicate) -> None:
        """The rest of a list of subjects, backwards: "a governor and two guards were killed"."""
        start = people.start
        for _ in range(6):
            i = start
            while i and self._lows[i - 1] in _AND and i > start - 2:
                i -= 1
            if i == start:
                return
            if "whom" in self._lows[start : start + 4]:
                return  # "20 patients, two of whom were dead"
            earlier = [p for p in self._people if p.end == i] or self._before_apposition(i)
            if not earlier or earlier[0].start in self._used or earlier[0].start in self._parts:
                return
            if earlier[0].bare and not self._sentence.heading:
                return
            if earlier[0].elided:
                return
            self._state(earlier[0], predicate, "subject-list")
            start = earlier[0].start

    def _before_apposition(self, i: int) -> list[People]:
        """ "One national, identified as A., and six others": those before the insertion."""
        for k in range(i - 1, max(0, i - 9), -1):
            if self._lows[k] == "," and not self._predicate_between(k, i):
                return [p for p in self._people if p.end == k and p.number is not None]
        return []

    def _subjects(self) -> None:
        """The nearest people before a casualty word in the same clause."""
        for predicate in self._predicates:
            if predicate.start in self._bound or predicate.form in ("active", "toll", "noun"):
                continue
            gap = self._gap(predicate)
            people = self._before(gap, predicate)
            if people is not None:
                self._state(people, predicate, "subject-far")
                self._more_subjects(people, predicate)
                self._with(predicate)

    def _aside(self, gap: int) -> tuple[int, int] | None:
        """Tokens of an insertion between dashes that ends at `gap`, behind those it explains."""
        if not gap or self._lows[gap - 1] not in _DASHES:
            return None
        for k in range(gap - 2, max(0, gap - _REACH), -1):
            if self._lows[k] in _DASHES:
                explained = any(p.end == k and p.counted for p in self._people)
                return (k, gap) if explained else None
        return None

    def _before(self, gap: int, predicate: Predicate) -> People | None:
        passive = self._passive(predicate) or predicate.form == "intrans"
        aside = self._aside(gap)
        for people in reversed(self._people):
            if people.end > gap or people.start in self._parts:
                continue
            if gap - people.end > _REACH:
                return None
            if aside and aside[0] <= people.start < aside[1]:
                continue
            between = self._lows[people.end : gap]
            if len(between) > 2 and between[0] == between[-1] and between[0] in _ASIDES:
                between = ()  # an insertion
            if any(w in _BREAKS or w in (";", ":", ".") or w in _SPEECH for w in between):
                return None
            if self._predicate_between(people.end, gap):
                return None
            if people.start in self._used:
                return None
            if people.bare and not self._sentence.heading:
                continue
            if not people.counted and not passive:
                return None
            if not passive and "," in between:
                return None
            if people.start and self._lows[people.start - 1] in ("by", "against", "with"):
                continue
            if not people.counted and any(
                w in ("in", "at", "of", "on")
                for w in self._lows[max(0, people.start - 1) : people.start]
            ):
                continue
            return people
        return None

    def _parts_of(self) -> None:
        """ "17 killed, including five women": parts of the figure before them."""
        whole: Statement | None = None
        for people in self._people:
            bound = self._used.get(people.start)
            if bound is not None and not bound.subset:
                whole = bound
                continue
            if bound is not None:
                continue
            if (people.start in self._parts or people.of_them) and not people.bare:
                measure = self._among(people) or (whole.predicate if whole else self._next(people))
                vague = people.of_them and people.modifier is Modifier.VAGUE
                if measure is None or people.elided or vague:
                    continue
                if people.victim_class is None and not people.counted:
                    continue
                start = people.start
                self._state(people, measure, "part", subset=True)
                state = self._used.get(start)
                if state is not None:
                    victim_class = state.victim_class
                    if whole is not None and whole.victim_class and victim_class in _OF_THE_WHOLE:
                        victim_class = whole.victim_class
                    self._used[start] = replace(
                        state, start=people.start, end=people.end, measure=measure.measure,
                        victim_class=victim_class,
                    )  # fmt: skip

    def _among(self, people: People) -> Predicate | None:
        """The casualty word of "among the wounded were four women", "the dead included two"."""
        for i in range(max(0, people.start - 14), people.start):
            if self._lows[i] in ("included", "include"):
                return next((p for p in self._predicates if i - 3 <= p.start < i), None)
            if self._lows[i : i + 1] == ("among",):
                return next(
                    (p for p in self._predicates if i < p.start <= i + 3 and p.end <= people.start),
                    None,
                )
        return None

    def _next(self, people: People) -> Predicate | None:
        return next((p for p in self._predicates if p.start >= people.end), None)
