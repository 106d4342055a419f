"""What stands beside what: the common ground of binding numbers to casualty words."""

from __future__ import annotations

from collections.abc import Sequence

from mapapp.reading.figures.statements import Predicate, Statement, predicates
from mapapp.reading.numbers import QUOTES
from mapapp.reading.people import People
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

_ADVERBS = WORDS.set("casualty", "adverbs")
_BE = WORDS.set("casualty", "be")
_HAVE = WORDS.set("casualty", "have")
_COMITATIVE = (("along", "with"), ("together", "with"), ("as", "well", "as"), ("alongside",))
_AMONG = (("including",), ("among", "them"), ("among", "whom"), ("among", "the", "dead"),
          ("of", "whom"), ("among", "the", "victims"), ("among", "those", "killed"),
          ("among", "the", "killed"), ("among", "the", "wounded"), ("among", "the", "injured"),
          ("includes",), ("included",), ("include",), ("them",))  # fmt: skip


class Binding:
    """A sentence with its people and casualty words, and what has been bound."""

    def __init__(self, sentence: Sentence, people: Sequence[People]) -> None:
        self._sentence = sentence
        self._lows = sentence.lows
        self._people = list(people)
        self._predicates = [p for p in predicates(sentence) if not self._adjective(p)]
        self._used: dict[int, Statement] = {}  # by the start of the people
        self._parts: set[int] = set()  # starts of people that are parts of a figure
        self._bound: set[int] = set()  # starts of predicates

    def _adjective(self, predicate: Predicate) -> bool:
        """ "a wounded child died": not what happened there."""
        before = self._lows[predicate.start - 1 : predicate.start] if predicate.start else ()
        after = self._lows[predicate.end : predicate.end + 1]
        return (
            predicate.form == "part"
            and before in (("a",), ("the",), ("his",), ("her",), ("an",))
            and bool(after)
            and after[0] in WORDS.people
        )

    def _state(self, people: People, predicate: Predicate, rule: str, subset: bool = False) -> None:
        if people.start in self._used:
            return
        start, end = min(people.start, predicate.start), max(people.end, predicate.end)
        if (predicate.end <= people.start and people.start - predicate.end > 6) or (
            people.end <= predicate.start and predicate.start - people.end > 8
        ):
            start, end = people.start, people.end
        while end > start + 1 and self._lows[end - 1] in QUOTES:
            end -= 1
        self._used[people.start] = Statement(
            start, end, predicate.measure, people.low, people.high, people.modifier,
            people.victim_class, people, predicate, rule, subset or self._of_whole(people),
            people.elided,
        )  # fmt: skip
        self._bound.add(predicate.start)

    def _of_whole(self, people: People) -> bool:
        """ "three of them": a part, unless nobody was counted before."""
        if not people.of_them:
            return False
        if people.inner is not None:
            return True
        counted = any(p.number is not None and p.end <= people.start for p in self._people)
        if not counted and people.start > 2:
            return False
        return not any(
            w in ("killing", "wounding")
            for w in self._lows[max(0, people.start - 8) : people.start]
        )

    def _starting(self, i: int, reach: int = 2) -> People | None:
        """Those who begin at token `i`, quotation marks and adverbs aside."""
        for people in self._people:
            if people.start >= i:
                between = self._lows[i : people.start]
                if self._lows[people.start] == "'s" and people.start - i <= 4:
                    return people
                if people.start - i <= reach and all(
                    w in QUOTES or w in _ADVERBS or w in ("of", "to", "by") for w in between
                ):
                    return people
                return None
        return None

    def _is_part(self, people: People) -> bool:
        """Whether "including" or "among them" stands before those people (or the list they end)."""
        i = people.start
        if self._lows[people.end : people.end + 2] in (("among", "them"), ("among", "whom")):
            return True
        own = self._followed(people) or people.inner is not None
        for _ in range(4):
            before = self._lows[max(0, i - 5) : i]
            if before and before[-1] in ("are", "were", "was", "is"):
                before = before[:-1]
            if any(before[len(before) - len(w) :] == w for w in _AMONG if w != ("them",)):
                return i == people.start or not own or self._waits(i)
            if not before or before[-1] not in (",", "and"):
                return False
            earlier = [p for p in self._people if p.end <= i and p.end >= i - 3]
            if not earlier or self._predicate_between(earlier[-1].end, i):
                return False
            i = earlier[-1].start
        return False

    def _waits(self, i: int) -> bool:
        """ "nine others, including five soldiers and four insurgents, were injured": whether the
        whole before the list that begins at `i` has no verb of its own yet.
        """
        whole = next((p for p in reversed(self._people) if p.end <= i and p.counted), None)
        return whole is not None and not self._predicate_between(whole.start, i)

    def _predicate_between(self, start: int, end: int) -> bool:
        return any(start <= p.start < end for p in self._predicates)

    def _drop(self, start: int, end: int) -> None:
        self._people = [p for p in self._people if p.end <= start or p.start >= end]

    def _gap(self, predicate: Predicate) -> int:
        """Where the auxiliaries and adverbs before a casualty word begin."""
        i = predicate.start
        while i and (
            self._lows[i - 1] in _BE
            or self._lows[i - 1] in _ADVERBS
            or self._lows[i - 1] in _HAVE
            or self._lows[i - 1] in QUOTES
            or self._lows[i - 1] in ("either", "who", "being")
        ):
            i -= 1
        return i

    def _passive(self, predicate: Predicate) -> bool:
        return any(w in _BE for w in self._lows[self._gap(predicate) : predicate.start])

    def _behind(self, predicate: Predicate) -> People | None:
        """Those who end where a casualty word with its auxiliaries begins."""
        gap = self._gap(predicate)
        for people in self._people:
            if people.end == gap or (people.end == predicate.start):
                return people
        return None

    def _followed(self, people: People) -> bool:
        """Whether a casualty word stands right behind those people: it counts them then."""
        i, steps = people.end, 0
        while i < len(self._lows) and steps < 8:
            word = self._lows[i]
            if any(p.start == i and p.form in ("part", "intrans", "adj") for p in self._predicates):
                return True
            if (
                word not in _BE
                and word not in _ADVERBS
                and word not in _HAVE
                and word not in QUOTES
            ):
                return False
            i, steps = i + 1, steps + 1
        return False

    def _with(self, predicate: Predicate) -> None:
        """ "was killed, along with a cleric and two guards"."""
        for i in range(predicate.end, min(len(self._lows), predicate.end + 10)):
            if any(self._lows[i : i + len(w)] == w for w in _COMITATIVE):
                size = next(len(w) for w in _COMITATIVE if self._lows[i : i + len(w)] == w)
                people = self._starting(i + size)
                if people is not None and not self._followed(people):
                    self._state(people, predicate, "along-with")
                    tail = [
                        p for p in self._people
                        if people.end < p.start <= people.end + 12
                        and p.start and self._lows[p.start - 1] == "and" and not p.bare
                    ]  # fmt: skip
                    for other in tail[:1]:
                        if not self._followed(other) and not self._predicate_between(
                            people.end, other.start
                        ):
                            self._state(other, predicate, "along-with")
                return
