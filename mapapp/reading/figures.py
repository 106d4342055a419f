"""Statements of killed and wounded in a sentence: which number, of whom, under which word
(people → figures → incidents).

A casualty word ("killed", "deaths", "lost their lives") is bound to the people it counts: its
object where it is active, its subject where it is passive or stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapapp.domain.vocab import Modifier, Property, VictimClass
from mapapp.reading.numbers import QUOTES, Number, number_at
from mapapp.reading.people import People
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

#: How far a subject may stand from its verb, in tokens.
_REACH = 16
_ADVERBS = WORDS.set("casualty", "adverbs")
_BE = WORDS.set("casualty", "be")
_HAVE = WORDS.set("casualty", "have")
_NO = WORDS.set("casualty", "no")
_UNREAL = WORDS.set("casualty", "unreal")
_KILLED_TOGETHER = WORDS.set("casualty", "together_killed")
_WOUNDED_TOGETHER = WORDS.set("casualty", "together_wounded")
_SPEECH = WORDS.set("speech", "verbs")
_AND = frozenset({"and", "&", ",", "or", "/", "plus"})
_BREAKS = frozenset(
    [
        "when",
        "after",
        "as",
        "while",
        "but",
        "because",
        "before",
        "if",
        "although",
        "though",
        "whereas",
    ]
)
_COMITATIVE = (("along", "with"), ("together", "with"), ("as", "well", "as"), ("alongside",))
_AMONG = (("including",), ("among", "them"), ("among", "whom"), ("among", "the", "dead"),
          ("of", "whom"), ("among", "the", "victims"), ("among", "those", "killed"),
          ("among", "the", "killed"), ("among", "the", "wounded"), ("among", "the", "injured"),
          ("includes",), ("included",), ("them",))  # fmt: skip
_TOLL_VERBS = frozenset(["to", "at", "was", "is", "of", "from", "reached", "stands", "stood", "rose", "risen", "has", "had", "had", "rises", "climbed", "climbs", "hit", "now", "passed", "that", "for", "in", "the", "a", "as", "high", "people", "be", "put", "had", "by", "up", "are", "were", "standing"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Predicate:
    """A casualty word or phrase at tokens `start` to `end`."""

    start: int
    end: int
    measure: Property
    form: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure in a sentence, before its speaker and its incident are known.

    `start` and `end` are tokens. `subset` marks a part of the figure before it; `period` a sum
    over weeks or more.
    """

    start: int
    end: int
    measure: Property
    low: int | None
    high: int | None
    modifier: Modifier
    victim_class: VictimClass | None
    people: People | None
    predicate: Predicate
    rule: str
    subset: bool = False
    elided: bool = False


def predicates(sentence: Sentence) -> list[Predicate]:
    """The casualty words of a sentence, "killed and wounded" as one."""
    lows = sentence.lows
    found: list[Predicate] = []
    i = 0
    while i < len(lows):
        phrase = WORDS.casualty_phrases.at(lows, i)
        if phrase:
            size, (measure, form) = phrase[0], phrase[1].split()
            found.append(Predicate(i, i + size, Property(measure), form))
            i += size
            continue
        word = WORDS.casualty_words.get(lows[i])
        if word:
            found.append(Predicate(i, i + 1, Property(word[0]), word[1]))
        i += 1
    return _together(lows, found)


def _together(lows: Sequence[str], found: list[Predicate]) -> list[Predicate]:
    merged: list[Predicate] = []
    for predicate in found:
        before = merged[-1] if merged else None
        if before is not None and before.measure is not Property.CASUALTIES:
            between = [w for w in lows[before.end : predicate.start] if w not in QUOTES]
            words = {lows[before.end - 1], lows[predicate.start]}
            joined = between in (["and"], ["or"], ["&"], ["/"], ["and", "the"], ["or", "been"])
            pair = words & _KILLED_TOGETHER and words & _WOUNDED_TOGETHER
            active = before.form == "active" and predicate.form == "active"
            if joined and before.measure is not predicate.measure and (pair or active):
                merged[-1] = Predicate(
                    before.start, predicate.end, Property.CASUALTIES, before.form
                )
                continue
        merged.append(predicate)
    return merged


class FigureFinder:
    """Binds the casualty words of one sentence to the people in it."""

    def __init__(self, sentence: Sentence, people: Sequence[People]) -> None:
        self._sentence = sentence
        self._lows = sentence.lows
        self._people = list(people)
        self._predicates = predicates(sentence)
        self._used: dict[int, Statement] = {}  # by the start of the people
        self._bound: set[int] = set()  # starts of predicates

    def find(self) -> list[Statement]:
        """The statements in order."""
        self._parts = {p.start for p in self._people if self._is_part(p)}
        for step in (self._tolls, self._inner, self._active, self._adjacent, self._subjects,
                     self._nouns, self._parts_of):  # fmt: skip
            step()
        rows = sorted(self._used.values(), key=lambda s: (s.start, s.end))
        return self._with_classes([s for s in rows if not self._denied(s)])

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
            people.victim_class, people, predicate, rule, subset or people.of_them,
            people.elided,
        )  # fmt: skip
        self._bound.add(predicate.start)

    def _starting(self, i: int, reach: int = 2) -> People | None:
        """Those who begin at token `i`, quotation marks and adverbs aside."""
        for people in self._people:
            if people.start >= i:
                between = self._lows[i : people.start]
                if people.start - i <= reach and all(
                    w in QUOTES or w in _ADVERBS or w in ("of", "to", "by") for w in between
                ):
                    return people
                return None
        return None

    def _is_part(self, people: People) -> bool:
        """Whether "including" or "among them" stands before those people (or the list they end)."""
        i = people.start
        own = self._followed(people) or people.inner is not None
        for _ in range(4):
            before = self._lows[max(0, i - 4) : i]
            if any(before[len(before) - len(w) :] == w for w in _AMONG if w != ("them",)):
                return True
            if own or not before or before[-1] not in (",", "and"):
                return False
            earlier = [p for p in self._people if p.end <= i and p.end >= i - 3]
            if not earlier or self._predicate_between(earlier[-1].end, i):
                return False
            i = earlier[-1].start
        return False

    def _predicate_between(self, start: int, end: int) -> bool:
        return any(start <= p.start < end for p in self._predicates)

    # -- the ways of binding, the surest first

    def _tolls(self) -> None:
        """ "the death toll has risen to 11", "the number of killed and injured at nearly 60"."""
        for predicate in self._predicates:
            if predicate.form != "toll":
                continue
            best: Number | None = None
            i, seen_to = predicate.end, False
            while i < min(len(self._lows), predicate.end + 14):
                word = self._lows[i]
                if word in (".", ";") or (word in _SPEECH and word not in ("put",)):
                    break
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

    def _drop(self, start: int, end: int) -> None:
        self._people = [p for p in self._people if p.end <= start or p.start >= end]

    def _inner(self) -> None:
        """ "seven dead", "five injured men", "three civilian bodies"."""
        for people in self._people:
            if people.inner is None or not people.counted or people.start in self._parts:
                continue
            predicate = next((p for p in self._predicates if p.start <= people.inner < p.end), None)
            if predicate is None:
                continue
            self._state(people, predicate, "number-noun")

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
            if predicate.form == "part" and self._followed(people) and self._behind(predicate):
                continue  # "two killed, three wounded"
            before = self._behind(predicate)
            if before is not None and predicate.form == "part" and not self._object(people):
                continue
            self._state(people, predicate, "active")
            self._more_objects(people, predicate)

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
            self._state(following, predicate, "active-list")
            end = following.end

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
                continue
            if people.bare and not (self._passive(predicate) or predicate.form == "intrans"
                                    or self._sentence.heading):  # fmt: skip
                continue
            self._state(people, predicate, "subject")
            self._more_subjects(people, predicate)
            self._with(predicate)

    def _more_subjects(self, people: People, predicate: Predicate) -> None:
        """The rest of a list of subjects, backwards: "a governor and two guards were killed"."""
        start = people.start
        for _ in range(6):
            i = start
            while i and self._lows[i - 1] in _AND and i > start - 2:
                i -= 1
            if i == start:
                return
            earlier = [p for p in self._people if p.end == i]
            if not earlier or earlier[0].start in self._used or earlier[0].start in self._parts:
                return
            if earlier[0].bare and not self._sentence.heading:
                return
            if earlier[0].elided:
                return
            self._state(earlier[0], predicate, "subject-list")
            start = earlier[0].start

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

    def _before(self, gap: int, predicate: Predicate) -> People | None:
        passive = self._passive(predicate) or predicate.form == "intrans"
        for people in reversed(self._people):
            if people.end > gap or people.start in self._parts:
                continue
            if gap - people.end > _REACH:
                return None
            between = self._lows[people.end : gap]
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
                measure = whole.predicate if whole else self._next(people)
                if measure is None or people.elided:
                    continue
                if people.victim_class is None and not people.counted:
                    continue
                start = people.start
                self._state(people, measure, "part", subset=True)
                state = self._used.get(start)
                if state is not None:
                    self._used[start] = replace(
                        state, start=people.start, end=people.end, measure=measure.measure
                    )

    def _next(self, people: People) -> Predicate | None:
        return next((p for p in self._predicates if p.start >= people.end), None)

    # -- what is no statement

    def _denied(self, statement: Statement) -> bool:
        """ "no one was killed", "would have been killed", "threatened to kill"."""
        lows, predicate, people = self._lows, statement.predicate, statement.people
        first = statement.start
        if predicate.form == "active" and predicate.start and lows[predicate.start - 1] == "to":
            return True
        around = lows[max(0, min(first, predicate.start) - 3) : predicate.start]
        if any(
            w in ("not", "n't", "never", "no", "without", "nobody")
            for w in lows[max(0, predicate.start - 3) : predicate.start]
        ):
            if (
                not (people and lows[people.start] == "no")
                and "fewer" not in around
                and "less" not in around
            ):
                return True
        if (
            people
            and people.start
            and lows[people.start - 1] in ("no", "without", "not", "neither")
        ):
            return True
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
        return self._lows[start:i]

    def _with_classes(self, rows: list[Statement]) -> list[Statement]:
        """A number without a noun is of those that the number before it counts."""
        out: list[Statement] = []
        for row in rows:
            if row.victim_class is None:
                before = next(
                    (s for s in reversed(out) if s.victim_class is not None and not s.subset), None
                )
                row = replace(row, victim_class=before.victim_class if before else None)
            elif row.people is not None and self._others(row.people):
                before = next((s for s in reversed(out) if not s.subset), None)
                if before is not None and row.victim_class is VictimClass.UNSPECIFIED:
                    row = replace(row, victim_class=before.victim_class or row.victim_class)
            out.append(row)
        return out

    def _others(self, people: People) -> bool:
        return any(
            w in ("others", "other", "another", "more")
            for w in self._lows[people.start : people.end]
        ) and not any(
            w in ("people", "persons", "men", "person")
            for w in self._lows[people.start : people.end]
        )


_FOUND = frozenset(["found", "discovered", "recovered", "dumped", "retrieved", "lay", "lying"])
_STOP_NAMES = frozenset(["in", "at", "on", "the", "a", "an", "and", "as", "by", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "i", "it", "he", "she", "they"])  # fmt: skip
