"""Statements of killed and wounded in a Dari or Pashto sentence (tokens → statements).

The verb stands last: those who are counted are the nearest before the word of being killed or
wounded, and a number that is no number of people is bound to none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from mapapp.domain.vocab import Modifier, Property, VictimClass
from mapapp.importers.cells.day_names import month, solar_month
from mapapp.importers.cells.marks import words_of
from mapapp.reading.dari_pashto import words
from mapapp.reading.dari_pashto.numbers import number_at
from mapapp.reading.figures import Predicate, Statement
from mapapp.reading.numbers import Number
from mapapp.reading.people import People
from mapapp.reading.sentences import Sentence

#: So far behind those who are counted their verb may stand, in tokens.
_REACH: Final = 16
_LONGEST_PHRASE: Final = 7
_STRANGE: Final = 3
_KILLED: Final = words.listed("casualty", "killed")
_KILLED_ACTIVE: Final = words.listed("casualty", "killed_active")
_WOUNDED: Final = words.listed("casualty", "wounded")
_CASUALTIES: Final = words.listed("casualty", "casualties")
_GROUPS: Final = (
    (words.listed("casualty", "killed_group"), Property.KILLED),
    (words.listed("casualty", "wounded_group"), Property.WOUNDED),
)
_TOLL: Final = words.word_set("casualty", "toll")
_AMONG: Final = frozenset(
    w for row in words.DATA["casualty"]["among_before"] for w in words.parts(row)
)
_PART_BEFORE: Final = words.listed("casualty", "part_before")
_PART_BEHIND: Final = words.listed("casualty", "part_behind")
_LIFE: Final = words.word_set("casualty", "life")
_TAKES: Final = words.word_set("casualty", "takes")
_COPULA: Final = words.word_set("casualty", "copula")
_NEGATED: Final = words.word_set("casualty", "negated")

_CLASSIFIERS: Final = words.word_set("people", "classifiers")
_OTHERS: Final = words.word_set("people", "others")
_THINGS: Final = words.word_set("people", "things")
_SINGLE: Final = words.word_set("people", "single")
_THEIRS: Final = words.word_set("people", "theirs")
_OURS: Final = words.word_set("people", "ours")
_FORCES: Final = words.word_set("people", "forces")
_SECURITY: Final = words.word_set("people", "security")
_DE_FACTO: Final = words.word_set("people", "de_facto")
_FOREIGN: Final = words.word_set("people", "foreign")
_ARMED: Final = words.word_set("people", "armed_group")
_FORMER: Final = words.word_set("people", "former")
_UNSPECIFIED: Final = words.word_set("people", "unspecified")
_CLASSES: Final = tuple(
    (VictimClass(name), words.word_set("people", name))
    for name in ("children", "women", "students", "worshippers", "aid_workers", "attackers",
                 "guards", "officials", "civilians")
)  # fmt: skip
_NOUNS: Final = frozenset().union(
    _CLASSIFIERS, _OTHERS, _FORCES, _DE_FACTO, _FOREIGN, _ARMED, _UNSPECIFIED, _THEIRS, _OURS,
    *(own for _, own in _CLASSES),
)  # fmt: skip
_ENDS: Final = words_of(
    "در به را که و است از با بر تا برای این ان انها په کی چی او ته له د پر سره یی هم نیز "
    "، , . ؛ : ( ) « » شد شده شدند شوی شول شو دی می"
)
_AND: Final = words_of("و او ، , یا")
#: Between those that one verb counts together.
_JOINING: Final = frozenset({("و",), ("او",), ("،",), (",",), ("همراه", "با"), ("با",), ("سره",)})


#: "three children were killed and ten others wounded": the others need be no children.
_NOT_PASSED_ON: Final = (VictimClass.CHILDREN, VictimClass.WOMEN)


def _is_elided(row: Sequence[str]) -> bool:
    """ "three others", "ten": the noun is that of the statement before."""
    plain = [word for word in row if word not in _CLASSIFIERS]
    return not row or (bool(plain) and all(word in _OTHERS for word in plain))


@dataclass(frozen=True, slots=True)
class Found:
    """A word of being killed or wounded at tokens; `group` is those who were, spoken of."""

    predicate: Predicate
    group: bool = False


def predicates(lows: Sequence[str]) -> list[Found]:
    """Those of a sentence in order, "killed and wounded" as one."""
    found: list[Found] = []
    i = 0
    while i < len(lows):
        one = _predicate_at(lows, i)
        if one is None:
            i += 1
            continue
        before = found[-1] if found else None
        if before and not one.group and not before.group and _together(lows, before, one):
            joined = Predicate(
                before.predicate.start, one.predicate.end, Property.CASUALTIES, "verb"
            )
            found[-1] = Found(joined)
        else:
            found.append(one)
        i = one.predicate.end
    return found


def _together(lows: Sequence[str], before: Found, one: Found) -> bool:
    between = [
        w for w in lows[before.predicate.end : one.predicate.start] if w not in _COPULA_OR_BE
    ]
    differ = {before.predicate.measure, one.predicate.measure} == {
        Property.KILLED, Property.WOUNDED,
    }  # fmt: skip
    return differ and between in (["و"], ["او"], ["یا"])


_COPULA_OR_BE: Final = _COPULA | words_of("شده شوی شول")


def _predicate_at(lows: Sequence[str], i: int) -> Found | None:
    for phrases, measure in _GROUPS:
        size = phrases.at(lows, i)
        if size:
            return Found(Predicate(i, i + size[0], measure, "group"), group=True)
    if lows[i] in _LIFE:
        for j in range(i + 1, min(i + 10, len(lows))):
            if lows[j] in _TAKES:
                return Found(Predicate(i, j + 1, Property.KILLED, "life"))
    for phrases, measure in (
        (_CASUALTIES, Property.CASUALTIES), (_KILLED, Property.KILLED),
        (_WOUNDED, Property.WOUNDED),
    ):  # fmt: skip
        size = phrases.at(lows, i)
        if size:
            return Found(Predicate(i, i + size[0], measure, "verb"))
    size = _KILLED_ACTIVE.at(lows, i)
    if size and "را" in lows[max(0, i - _REACH) : i]:
        return Found(Predicate(i, i + size[0], Property.KILLED, "active"))
    return None


class FigureFinder:
    """Binds those who are counted in one sentence to its words of being killed and wounded."""

    def __init__(self, sentence: Sentence, taliban_rule: bool) -> None:
        self._lows = sentence.lows
        self._sentence = sentence
        self._rule = taliban_rule
        self._found = predicates(self._lows)
        self._people = self._all_people()

    def find(self) -> list[Statement]:
        """The statements in order."""
        made: list[Statement] = []
        bound: set[int] = set()
        for one in self._found:
            for statement in self._of(one, bound):
                assert statement.people is not None
                if statement.people.start in bound or self._negated(one.predicate):
                    continue
                bound.add(statement.people.start)
                made.append(statement)
        made.sort(key=lambda s: (s.start, s.end))
        return self._inherited(made)

    # -- those who are counted

    def _all_people(self) -> list[People]:
        lows, found = self._lows, []
        i = 0
        while i < len(lows):
            number = number_at(lows, i)
            people = self._counted(number) if number else self._one(i)
            if people is None:
                i = number.end if number else i + 1
                continue
            found.append(people)
            i = people.end
        return found

    def _counted(self, number: Number) -> People | None:
        """The number with its nouns; None where it counts things."""
        lows, end, counted = self._lows, number.end, False
        if end < len(lows) and (lows[end] in _THINGS or lows[end] in ("%", "٪")):
            return None
        if number.plain and end < len(lows) and (solar_month(lows[end]) or month(lows[end])):
            return None
        while end < len(lows) and end < number.end + _LONGEST_PHRASE:
            word = lows[end]
            following = lows[end + 1] if end + 1 < len(lows) else ""
            inside = (
                word in ("د", "از", "ی") and following in _NOUNS
            ) or word + following in _NOUNS
            if not inside and (word in _ENDS or self._is_predicate(end)):
                break
            strange = not inside and word not in _NOUNS
            # Behind "تن" only nouns that are known; else a noun of up to three words.
            if strange and (counted or end - number.end >= _STRANGE):
                break
            counted = counted or word in _CLASSIFIERS
            end += 1
        return People(
            number.start, end, number, self._class(lows[number.end : end]),
            elided=_is_elided(lows[number.end : end]),
        )  # fmt: skip

    def _one(self, i: int) -> People | None:
        """A single person by office or kin: "قوماندان امنیه", "پسر او"."""
        lows = self._lows
        if lows[i] not in _SINGLE or (i and lows[i - 1] in ("سخنگوی", "دفتر", "به", "ویاند")):
            return None
        end = i + 1
        while end < len(lows) and end < i + 4 and lows[end] not in _ENDS:
            if self._is_predicate(end):
                break
            end += 1
        return People(i, end, None, self._class(lows[i:end]), counted=False)

    def _is_predicate(self, i: int) -> bool:
        return any(one.predicate.start <= i < one.predicate.end for one in self._found)

    def _class(self, row: Sequence[str]) -> VictimClass | None:
        """Whom the nouns name, None where they say only that it is people."""
        found = set(row) | {one + other for one, other in pairwise(row)}
        if found & _FOREIGN and found & (_FORCES | {"طالبان"}) - _DE_FACTO:
            return VictimClass.FOREIGN_FORCES
        for victim_class, own in _CLASSES[:8]:
            if found & own:
                return victim_class
        if found & _ARMED:
            return VictimClass.ARMED_GROUP_MEMBERS
        if found & _FORMER and found & _FORCES:
            return VictimClass.FORMER_GOVERNMENT_FORCES
        if found & _DE_FACTO:
            return (
                VictimClass.DE_FACTO_AUTHORITY_PERSONNEL
                if self._rule
                else VictimClass.ARMED_GROUP_MEMBERS
            )
        if found & _SECURITY:
            return (
                VictimClass.DE_FACTO_AUTHORITY_PERSONNEL
                if self._rule
                else VictimClass.FORMER_GOVERNMENT_FORCES
            )
        return next((name for name, own in _CLASSES[8:] if found & own), None)

    # -- binding

    def _of(self, one: Found, bound: set[int]) -> Iterator[Statement]:
        predicate = one.predicate
        if one.group:
            yield from self._of_group(predicate, bound)
            return
        if predicate.form == "life":
            inside = [p for p in self._people if predicate.start < p.start < predicate.end]
            inside = inside or self._before(predicate, bound)[-1:]
            yield from (self._state(p, predicate, "lives-taken") for p in inside)
            return
        before = self._before(predicate, bound)
        if before:
            yield from self._of_row(before, predicate)
            return
        ahead = self._ahead(predicate, bound)
        if ahead is not None:
            yield self._state(ahead, predicate, "noun-before")

    def _before(self, predicate: Predicate, bound: set[int]) -> list[People]:
        """The unbound before a verb, behind the verb before it."""
        earlier = max(
            (f.predicate.end for f in self._found if f.predicate.end <= predicate.start), default=0
        )
        return [
            p for p in self._people
            if p.start not in bound and earlier <= p.start and p.end <= predicate.start
            and predicate.start - p.end <= _REACH
        ]  # fmt: skip

    def _of_row(self, before: list[People], predicate: Predicate) -> Iterator[Statement]:
        """The last of them, those that "and" joins to it, and what is told as a part of them."""
        parts: list[People] = []
        for people in before:
            joined = parts and tuple(self._lows[parts[-1].end : people.start]) in _JOINING
            if joined or self._is_part(people):
                parts.append(people)
        whole = [p for p in before if p not in parts]
        counted = [p for p in whole if p.number is not None] or whole
        kept = counted[-1:]
        for people in reversed(counted[:-1]):
            known = set(self._lows[people.start : people.end]) & _NOUNS
            between = tuple(self._lows[people.end : kept[0].start])
            comma = between in (("،",), (",",)) and len(kept) < 2  # "A, B and C" alone is a list
            if not known or comma or between not in _JOINING:
                break
            kept.insert(0, people)
        behind = self._class_behind(predicate)
        for people in kept:
            own = people
            if behind is not None and len(kept) == 1:
                own = replace(people, victim_class=behind)
            yield self._state(own, predicate, "verb-last", subset=behind is not None)
        for people in parts:
            yield self._state(people, predicate, "part-of", subset=True)

    def _class_behind(self, predicate: Predicate) -> VictimClass | None:
        """ "څلور تنه شهیدان ماشومان دي": of those killed so many are children."""
        row = self._lows[predicate.end : predicate.end + 2]
        if len(row) == 2 and row[1] in _COPULA:
            return self._class(row[:1])
        return None

    def _is_part(self, people: People) -> bool:
        before = self._lows[max(0, people.start - 3) : people.start]
        if any(_PART_BEFORE.at(before, k) for k in range(len(before))):
            return True
        behind = self._lows[people.end : people.end + 3]
        return any(_PART_BEHIND.at(behind, k) for k in range(len(behind)))

    def _ahead(self, predicate: Predicate, bound: set[int]) -> People | None:
        """ "کشته شدن هفت تن": those counted stand right behind."""
        for people in self._people:
            if predicate.end <= people.start <= predicate.end + 2 and people.start not in bound:
                later = [f for f in self._found if f.predicate.start >= people.end]
                own = later and later[0].predicate.start - people.end <= _REACH
                between = self._lows[predicate.end : people.start]
                if people.number is not None and not own and not set(between) & _AND:
                    return people
        return None

    def _of_group(self, predicate: Predicate, bound: set[int]) -> Iterator[Statement]:
        """ "the number of those killed has risen to nine", "two children are among them"."""
        lows = self._lows
        around = (
            *lows[max(0, predicate.start - 3) : predicate.start],
            *lows[predicate.end : predicate.end + 1],
        )
        behind = [
            p for p in self._people
            if p.number is not None and predicate.end <= p.start <= predicate.end + 8
            and p.start not in bound
        ]  # fmt: skip
        if set(around) & _TOLL:
            yield from (self._state(p, predicate, "toll") for p in behind[:1])
            return
        if not set(lows[max(0, predicate.start - 3) : predicate.start]) & _AMONG:
            return
        before = [p for p in self._before(predicate, bound) if p.number is not None]
        for people in before[-1:] or behind[:1]:
            behind_class = self._class_behind(predicate)
            own = replace(people, victim_class=behind_class) if behind_class else people
            yield self._state(own, predicate, "among-them", subset=True)

    def _state(
        self, people: People, predicate: Predicate, rule: str, subset: bool = False
    ) -> Statement:
        start, end = min(people.start, predicate.start), max(people.end, predicate.end)
        if predicate.form == "group" or end - start > _REACH:
            start, end = people.start, people.end
        return Statement(
            start, end, predicate.measure, people.low, people.high,
            people.modifier if people.number else Modifier.EXACT, people.victim_class, people,
            predicate, rule, subset, people.elided,
        )  # fmt: skip

    def _negated(self, predicate: Predicate) -> bool:
        return bool(set(self._lows[predicate.end : predicate.end + 3]) & _NEGATED)

    @staticmethod
    def _inherited(made: list[Statement]) -> list[Statement]:
        """ "five soldiers were killed and three others wounded": the others are soldiers."""
        rows: list[Statement] = []
        for statement in made:
            before = next((row for row in reversed(rows) if not row.subset), None)
            wanting = statement.victim_class is None and statement.elided and not statement.subset
            if wanting and before and before.victim_class not in _NOT_PASSED_ON:
                statement = replace(statement, victim_class=before.victim_class)
            rows.append(statement)
        return rows


def own_side(statement: Statement, lows: Sequence[str]) -> bool:
    """Whether the words are of the speaker's own people: "یک نیروی آنان", "دو هم‌رزم ما"."""
    people = statement.people
    if people is None or statement.victim_class is not None:
        return False
    shown = lows[people.start : min(people.end + 1, len(lows))]
    row = {*shown, *(one + other for one, other in pairwise(shown))}
    return bool(row & (_FORCES | _OURS)) and bool(row & (_THEIRS | _OURS))
