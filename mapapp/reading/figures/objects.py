"""Numbers behind their casualty word: "killed ten", "the toll rose to 11", "deaths of two"."""

from __future__ import annotations

from dataclasses import replace

from mapapp.domain.vocab import VictimClass
from mapapp.reading.figures.binding import Binding
from mapapp.reading.figures.statements import Predicate
from mapapp.reading.numbers import Number, number_at
from mapapp.reading.people import People
from mapapp.reading.words import WORDS

_SPEECH = WORDS.set("speech", "verbs")
_AND = frozenset({"and", "&", ",", "or", "/", "plus"})
_ATTACKERS = WORDS.set("people", "attackers")
_MEN = WORDS.set("figures", "men")
_RISEN = frozenset({"gone", "went", "go", "goes", "going", "moved", "shot", "climbed", "risen"})
_FOUND = WORDS.set("figures", "found")
_STOP_NAMES = WORDS.set("figures", "stop_names")


class Objects(Binding):
    """Binds what follows a casualty word, or holds it."""

    def _tolls(self) -> None:
        """ "the death toll has risen to 11", "the number of killed and injured at nearly 60"."""
        for predicate in self._predicates:
            if predicate.form != "toll":
                continue
            best: Number | None = None
            i, seen_to = predicate.end, False
            while i < min(len(self._lows), predicate.end + 24):
                word = self._lows[i]
                if word in (".", ";") or (word in _SPEECH and word not in ("put",)):
                    break
                if word == "up" and self._lows[i - 1] in _RISEN:
                    i += 1
                    continue  # "has gone up to 14": no bound
                number = number_at(self._lows, i)
                if number and self._lows[i] not in ("a",):
                    if best is None or seen_to:
                        best = number
                    i, seen_to = number.end, False
                    continue
                seen_to = word == "to"
                if best is not None and word in (",", "and"):
                    break
                i += 1
            if best is not None:
                people = People(best.start, best.end, best, None, elided=True)
                self._drop(best.start, best.end)
                self._people.append(people)
                self._people.sort(key=lambda p: p.start)
                self._state(people, predicate, "toll")

    def _inner(self) -> None:
        """ "seven dead", "five injured men", "three civilian bodies"."""
        for people in self._people:
            if people.inner is None or not people.counted:
                continue
            predicate = next((p for p in self._predicates if p.start <= people.inner < p.end), None)
            if predicate is None:
                continue
            self._state(people, predicate, "number-noun", people.start in self._parts)

    def _active(self) -> None:
        """ "killed a guard", "killing 10 people and wounding five", "claimed the lives of two"."""
        for predicate in self._predicates:
            if predicate.start in self._bound or predicate.form not in ("active", "part"):
                continue
            if predicate.form == "part" and self._passive(predicate):
                continue
            people = self._starting(predicate.end) or self._named(predicate)
            if people is None or people.start in self._parts:
                continue
            if self._lows[predicate.end - 1] == "lost" and not self._fighters(people):
                continue
            if predicate.form == "part" and self._followed(people) and self._behind(predicate):
                continue  # "two killed, three wounded"
            before = self._behind(predicate)
            if before is not None and predicate.form == "part" and not self._object(people):
                continue
            if self._lows[predicate.end - 1] == "lost" and self._lost_by_attackers(predicate):
                people = replace(people, victim_class=VictimClass.ATTACKERS)
            self._state(people, predicate, "active")
            self._with(predicate)
            self._more_objects(people, predicate)

    def _lost_by_attackers(self, predicate: Predicate) -> bool:
        return not _ATTACKERS.isdisjoint(self._lows[max(0, predicate.start - 3) : predicate.start])

    def _fighters(self, people: People) -> bool:
        """ "had lost two men" are dead; "had lost two posts" are not."""
        return people.number is not None and bool(_MEN & set(self._lows[people.start : people.end]))

    def _object(self, people: People) -> bool:
        return people.number is not None or not people.bare

    def _named(self, predicate: Predicate) -> People | None:
        """ "killed Nur Mohammad": a name behind an active verb is one person."""
        i = predicate.end
        row = self._sentence.tokens
        j = i
        while j < len(row) and j < i + 4 and row[j].word and row[j].capital and j > 0:
            if row[j].low in _STOP_NAMES:
                break
            j += 1
        if j < i + 2 or self._sentence.heading:
            return None
        return People(i, j, None, None, counted=False, proper=True)

    def _more_objects(self, people: People, predicate: Predicate) -> None:
        """The rest of a list of objects: "a sub-commander and two advisors"."""
        end = people.end
        for _ in range(6):
            i = end
            while i < len(self._lows) and i < end + 2 and self._lows[i] in _AND:
                i += 1
            if i == end:
                return
            following = self._starting(i, 0)
            if following is None or following.start in self._used or following.start in self._parts:
                return
            if self._followed(following) or (following.elided and following.number is None):
                return
            if people.proper and following.number is None and self._lows[end] == ",":
                self._used[people.start] = replace(
                    self._used[people.start], victim_class=following.victim_class
                )
                end = following.end
                continue
            self._state(following, predicate, "active-list")
            end = following.end

    def _nouns(self) -> None:
        """ "the deaths of two children", "the body of a former officer"."""
        for predicate in self._predicates:
            if predicate.form != "noun" or predicate.start in self._bound:
                continue
            i = predicate.end
            if self._lows[i : i + 1] != ("of",) and self._lows[i : i + 1] != ("to",):
                continue
            people = self._starting(i + 1, 0)
            if people is None or (people.bare and not self._sentence.heading):
                continue
            if self._lows[predicate.start] == "body" and not _FOUND & set(self._lows):
                continue
            if self._lows[predicate.start] in ("martyr",):
                continue
            self._state(people, predicate, "noun-of")
            self._more_objects(people, predicate)

    def _inverted(self) -> None:
        """ "Also killed in the strike were more than a dozen insurgents"."""
        for predicate in self._predicates:
            if predicate.start in self._bound or predicate.form != "part" or predicate.start > 2:
                continue
            for i in range(predicate.end, min(len(self._lows), predicate.end + 14)):
                people = self._starting(i + 1, 0) if self._lows[i] in ("was", "were") else None
                if people is not None:
                    self._state(people, predicate, "inverted")
                    self._more_objects(people, predicate)
                    break
