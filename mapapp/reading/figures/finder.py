"""Statements of killed and wounded in a sentence (people → figures → incidents).

A casualty word ("killed", "deaths", "lost their lives") is bound to the people it counts: its
object where it is active, its subject where it is passive or stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapapp.domain.vocab import VictimClass
from mapapp.reading.figures.statements import Statement
from mapapp.reading.figures.subjects import Subjects
from mapapp.reading.numbers import QUOTES
from mapapp.reading.people import People
from mapapp.reading.words import WORDS

_UNREAL = WORDS.set("casualty", "unreal")
_ARRESTED = WORDS.set("figures", "arrested")
_CHARGED = WORDS.set("figures", "charged")
_MEN = WORDS.set("figures", "men")
_DENYING = WORDS.set("figures", "denying")
#: So many words may stand between "and" and a number: "and on the 22nd of April".
_DAY_TOKENS = 6
_HEARD = WORDS.set("figures", "heard")


class FigureFinder(Subjects):
    """Binds the casualty words of one sentence to the people in it."""

    def find(self) -> list[Statement]:
        """The statements in order."""
        self._parts = {p.start for p in self._people if self._is_part(p)}
        for step in (
            self._tolls, self._inner, self._active, self._adjacent, self._inverted,
            self._subjects, self._nouns, self._parts_of, self._gapped,
        ):  # fmt: skip
            step()
        rows = sorted(self._used.values(), key=lambda s: (s.start, s.end))
        return self._with_classes([s for s in rows if not self._denied(s)])

    def _gapped(self) -> None:
        """ "five were killed in A and three women in B": the verb stands once."""
        for people in self._people:
            before = [s for s in self._used.values() if s.end <= people.start]
            single = self._lows[people.start] in ("a", "an")
            if people.start in self._used or not (people.counted or single) or not before:
                continue
            i = people.start - 1
            placed = self._lows[people.end : people.end + 1] in (("in",), ("at",), ("near",))
            last = max(before, key=lambda s: s.end)
            joint = self._lows[max(last.end, i - _DAY_TOKENS) : i + 1]  # "and on 22 April at least"
            joined = "and" in joint and (joint[-1] == "and" or "on" in joint) and placed
            if joined and not self._predicate_between(last.end, len(self._lows)):
                self._state(people, last.predicate, "gapped")

    def _denied(self, statement: Statement) -> bool:
        """ "no one was killed", "would have been killed", "threatened to kill"."""
        lows, predicate, people = self._lows, statement.predicate, statement.people
        if lows[-1] == "?" or (lows[-1] in QUOTES and lows[-2:-1] == ("?",)):
            return True
        first = statement.start
        if predicate.form == "active" and predicate.start and lows[predicate.start - 1] == "to":
            return True
        around = lows[max(0, min(first, predicate.start) - 3) : predicate.start]
        if any(
            w in ("not", "n't", "never", "no", "without", "nobody")
            for w in lows[max(0, predicate.start - 3) : predicate.start]
        ) and (
            not (people and lows[people.start] == "no")
            and "fewer" not in around
            and "less" not in around
        ):
            return True
        if people and people.high == 0:
            return True
        if (
            people
            and people.start
            and lows[people.start - 1] in ("no", "without", "not", "neither")
        ):
            return True
        denying = next((i for i, w in enumerate(lows[: predicate.start]) if w in _DENYING), None)
        if denying is not None and set(lows[denying : denying + 4]) & _HEARD:
            return True
        if _ARRESTED & set(lows) and _CHARGED & set(lows[: predicate.start]):
            return True
        if statement.rule == "toll" and people is not None:
            told = lows[predicate.end : max(people.start, predicate.end)]
            if not _UNREAL.isdisjoint(told):
                return True  # "the toll could exceed 20"
        clause = self._clause(predicate.start)
        return any(w in _UNREAL for w in clause) and not any(w in ("feared",) for w in clause)

    def _clause(self, i: int) -> Sequence[str]:
        start = i
        while (
            start
            and i - start < 12
            and self._lows[start - 1] not in (",", ";", ".", ":", "and", "but", "when")
        ):
            start -= 1
        return [t.low for t in self._sentence.tokens[start:i] if t.text != "May"]  # the month

    def _with_classes(self, rows: list[Statement]) -> list[Statement]:
        """A number without a noun is of those that the number before it counts."""
        out: list[Statement] = []
        for row in rows:
            if row.victim_class is None and row.rule == "toll":
                pass  # of all the dead
            elif row.victim_class is None:
                before = next(
                    (s for s in reversed(out) if s.victim_class is not None and not s.subset), None
                )
                row = replace(row, victim_class=before.victim_class if before else None)
            elif row.people is not None and self._others(row.people):
                before = next((s for s in reversed(out) if not s.subset), None)
                if row.rule == "along-with" and before is not None and before.high == 1:
                    before = None  # "the governor was killed along with two others"
                if before is not None and self._of_two_kinds(out, before):
                    before = None  # "four civilians and a guard were killed, and seven others hurt"
                if before is not None and row.victim_class is VictimClass.UNSPECIFIED:
                    row = replace(row, victim_class=before.victim_class or row.victim_class)
            out.append(row)
        return out

    @staticmethod
    def _of_two_kinds(rows: Sequence[Statement], last: Statement) -> bool:
        return any(
            s.predicate.start == last.predicate.start and s.victim_class is not last.victim_class
            for s in rows
            if not s.subset
        )

    def _others(self, people: People) -> bool:
        words = self._lows[people.start : people.end]
        if {"his", "their", "its"} & set(words) and _MEN & set(words):
            return True
        return any(
            w in ("others", "other", "another", "more")
            for w in self._lows[people.start : people.end]
        ) and not any(
            w in ("people", "persons", "men", "person")
            for w in self._lows[people.start : people.end]
        )
