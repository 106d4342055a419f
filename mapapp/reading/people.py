"""Those who are counted: "at least five women", "a district governor", "three of the attackers"
(tokens → people → figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import Modifier, VictimClass
from mapapp.reading.numbers import QUOTES, Number, number_at
from mapapp.reading.sentences import Sentence
from mapapp.reading.victims import SECURITY, Victims
from mapapp.reading.words import WORDS, word_set

_MAX_NOUN_PHRASE = 8
_DETERMINERS = WORDS.set("phrases", "determiners")
_STOP = WORDS.set("numbers", "person_stop")
#: Words that end a noun phrase.
_ENDS = word_set(
    "in at on near from of to by with for and or but who whom which that when while as after "
    "before during since until than if because including among has have had was were is are be "
    "been being will would could may might also were said told said, into inside outside between "
    "against over under through without within about around all both not he she it they we you i "
    "there then where whose what so such"
) | WORDS.set("speech", "verbs") - {"state", "report", "reports", "claims", "counts", "saw"}
_FORMER = WORDS.set("phrases", "former")
_KILLED_HEADS = WORDS.set("phrases", "killed_heads")


@dataclass(frozen=True, slots=True)
class People:
    """A noun phrase of people at tokens `start` to `end` (half-open).

    `inner` is the index of a casualty word inside ("five injured men", "seven dead"), None where
    there is none. `counted` is False for a single described person. `elided` has no noun.
    """

    start: int
    end: int
    number: Number | None
    victim_class: VictimClass | None
    inner: int | None = None
    counted: bool = True
    elided: bool = False
    bare: bool = False  # a singular without an article: only in headlines
    of_them: bool = False
    proper: bool = False

    @property
    def low(self) -> int | None:
        """Lower bound."""
        return self.number.low if self.number else 1

    @property
    def high(self) -> int | None:
        """Upper bound."""
        return self.number.high if self.number else 1

    @property
    def modifier(self) -> Modifier:
        """How the number is put."""
        return self.number.modifier if self.number else Modifier.EXACT


class PeopleFinder(Victims):
    """Finds those counted in sentences of a page; `taliban_rule` says who the Taliban are then."""

    def find(self, sentence: Sentence) -> list[People]:
        """In order; they do not overlap."""
        lows = sentence.lows
        found: list[People] = []
        i = 0
        while i < len(lows):
            people = self._at(sentence, i)
            if people is None:
                i += 1
            else:
                found.append(people)
                i = max(people.end, i + 1)
        return found

    def before(self, sentence: Sentence, people: People | None) -> VictimClass | None:
        """The class of those whom "of them" means: the last that the sentence names in plural."""
        if people is None or not people.of_them:
            return None
        for i in range(people.start - 1, -1, -1):
            word = sentence.lows[i]
            noun = word in WORDS.people and word not in WORDS.casualty_words
            if noun and not self._singular(word):
                return self._class(sentence.lows, max(0, i - 2), i + 1)
        return None

    def crew(self, sentence: Sentence) -> VictimClass | None:
        """Whose people are in what was hit: "threw a grenade into a Taliban checkpoint"."""
        lows = sentence.lows
        for i, word in enumerate(lows):
            if word not in _FORCES or _CREWED.isdisjoint(lows[i + 1 : i + 4]):
                continue
            if _BESIDE.isdisjoint(lows[max(0, i - 3) : i]):
                named = self._actor_words.get(word)
                return self._of_actor(named, "forces", {"security"})
        return None

    def _at(self, sentence: Sentence, i: int) -> People | None:
        lows = sentence.lows
        start = i
        if lows[i] in ("he", "she") and any(w in _DIED for w in lows[i + 1 : i + 4]):
            return People(i, i + 1, None, None, counted=False)
        owned = lows[i] == "her" and sentence.tokens[i + 1 : i + 2] and lows[i + 1] not in _ENDS
        if (
            lows[i] in ("him", "her")
            and i
            and self._strikes(lows[i - 1])
            and not (owned and sentence.tokens[i + 1].word)
        ):
            return People(i, i + 1, None, None, counted=False)
        alone = i + 1 >= len(lows) or not sentence.tokens[i + 1].word or lows[i + 1] in _ENDS
        struck = lows[i + 1 : i + 2] and lows[i + 1] in ("injured", "wounded", "killed", "hurt")
        was = lows[i + 1 : i + 2] in (("was",), ("is",)) and lows[i + 2 : i + 3] != ("the",)
        strikes = i > 0 and alone and self._strikes(lows[i - 1])
        joined = lows[max(0, i - 1) : i] == ("and",) and lows[i + 1 : i + 2] in (("in",), ("near",))
        if lows[i] == "another" and (strikes or struck or was or joined):
            return People(i, i + 1, None, None, elided=True)
        if lows[i] == "a" and lows[i + 1 : i + 2] and lows[i + 1] in _ORDINALS:
            ends = i + 2 >= len(lows) or not sentence.tokens[i + 2].word or lows[i + 2] in _ENDS
            hurt = lows[i + 2 : i + 3] in (("injured",), ("wounded",), ("killed",), ("died",))
            if hurt or (ends and lows[i + 2 : i + 3] != ("of",)):
                return People(i, i + 2, None, None, elided=True)
        if lows[i] in ("the", "his", "her", "their", "its", "all", "another",
                       "other", "our", "'s"):  # fmt: skip
            number = number_at(lows, i + 1) if i + 1 < len(lows) else None
            if number and number.modifier is not Modifier.VAGUE:
                i += 1
            else:
                number = None
        else:
            number = number_at(lows, i)
        if number is None:
            return self._single(sentence, start)
        if self._no_people(sentence, number):
            return None
        return self._counted(sentence, start, number)

    def _no_people(self, sentence: Sentence, number: Number) -> bool:
        """A year, a time, an age, a share."""
        lows, before = sentence.lows, sentence.lows[number.start - 1] if number.start else ""
        after = lows[number.end] if number.end < len(lows) else ""
        if before in ("aged", "age", "chapter", "no", "number", "article", "page", "$", "€", "£",
                      "ak", "pd", "police_district"):  # fmt: skip
            return before != "no" or number.plain
        if after in _STOP or after in ("%", "°", ":", "p.m.", "a.m."):
            return True
        row = sentence.tokens
        close = number.start > 1 and row[number.start - 1].end == row[number.start].start
        if before == ":" and close and lows[number.start - 2][0].isdigit():
            return True  # "at 12:15"; not "28 July: 20 people"
        text = lows[number.start]
        if number.plain and text.isdigit() and len(text) == 4 and 1900 <= int(text) <= 2100:
            return True
        if number.plain and (before in _MONTHS or after in _MONTHS):
            return True
        return bool(
            number.plain
            and text[0].isdigit()
            and before in ("of", "al")
            and after in ("", ".", ",")
        )

    def _run(self, sentence: Sentence, i: int) -> int:
        """Where the noun phrase that begins at `i` ends."""
        lows = sentence.lows
        j = i
        while j < len(lows) and j < i + _MAX_NOUN_PHRASE:
            token = sentence.tokens[j]
            if token.low in QUOTES or token.low == "'s":
                j += 1
                continue
            if not token.word or token.low in _ENDS or token.low in _MODIFIED:
                break
            if token.low in WORDS.casualty_words and token.low not in _NOUNS:
                break
            if j > i and token.low in _DETERMINERS and token.low != "one":
                break
            if j > i and number_at(lows, j) and token.low not in ("one",):
                break
            j += 1
        while j > i and lows[j - 1] in QUOTES:
            j -= 1
        return j

    def _counted(self, sentence: Sentence, start: int, number: Number) -> People | None:
        lows = sentence.lows
        i = number.end
        while i < len(lows) and lows[i] in QUOTES:
            i += 1
        hurt = lows[i + 1 : i + 2] in (("wounded",), ("injured",), ("hurt",), ("killed",))
        more = lows[i : i + 1] == ("more",) and i + 1 < len(lows)
        if more and (hurt or lows[i + 1] in WORDS.people):
            i += 1
        if i < len(lows) and lows[i] == "of":
            return self._of(sentence, start, number, i)
        inner = None
        if i < len(lows) and lows[i] in WORDS.casualty_words:
            _measure, form = WORDS.casualty_words[lows[i]]
            follows = self._run(sentence, i + 1) if i + 1 < len(lows) else i
            head = self._head(lows, i + 1, follows)
            if form in ("part", "adj", "noun") and head is not None and form != "noun":
                return People(start, head + 1, number, self._class(lows, i + 1, head + 1), inner=i)
            if form in ("noun", "adj"):
                inner = i
                end = i + 1
                return People(start, end, number, None, inner=inner, elided=True)
            return People(start, max(i, number.end), number, None, elided=True)
        if WORDS.casualty_phrases.at(lows, i) if i < len(lows) else None:
            return People(start, number.end, number, None, elided=True)
        end = self._run(sentence, i)
        head = self._head(lows, i, end)
        if head is not None and not (head + 1 < end and lows[head + 1] in _NOUNS):
            return self._with_of(sentence, start, number, i, head + 1)
        for k in range(i, end):
            if lows[k] in _KILLED_HEADS or lows[k] in (
                "casualties",
                "injuries",
                "injured",
                "wounded",
            ):
                return People(
                    start, k + 1, number, self._class(lows, i, k + 1), inner=k, elided=k == i
                )
        if any(lows[k] in _STOP for k in range(i, end)):
            return None
        if end == i or lows[i] in ("more", "others", "other"):
            return People(start, max(end, number.end), number, None, elided=True)
        return None

    def _with_of(
        self, sentence: Sentence, start: int, number: Number | None, i: int, end: int
    ) -> People:
        """ "members of a family": the noun behind "of" belongs to it."""
        lows = sentence.lows
        victim_class = self._class(lows, i, end)
        if lows[end : end + 2] == ("of", "police"):
            end += 2
            victim_class = self._of_actor(None, "forces", {"police"})
        counted = number is not None
        if not counted and end + 1 < len(lows) and lows[end] in ("of", "aged"):
            age = number_at(lows, end + 1)
            if age is not None and age.plain:
                return People(start, age.end, number, victim_class, counted=counted)
        if end + 1 < len(lows) and lows[end] == "of" and sentence.tokens[end + 1].capital:
            stop = end + 1
            while stop < len(lows) and stop < end + 4 and sentence.tokens[stop].capital:
                stop += 1
            if self._class(lows, end + 1, stop) is VictimClass.UNSPECIFIED:
                return People(start, stop, number, victim_class, counted=counted)
        if end < len(lows) and lows[end] == "of" and lows[end - 1] in _PARTS:
            stop = self._run(sentence, end + 1)
            if stop > end + 1:
                victim_class = self._class_of_parts(lows, end, stop, victim_class)
                end = stop
        return People(start, end, number, victim_class, counted=counted)

    def _class_of_parts(
        self, lows: Sequence[str], of: int, stop: int, found: VictimClass | None
    ) -> VictimClass | None:
        """ "members of a family" are civilians, "employees of the Taliban's courts" are theirs."""
        wider = self._class(lows, of + 1, stop)
        if found is VictimClass.UNSPECIFIED:
            return VictimClass.CIVILIANS if "family" in lows[of:stop] else wider or found
        theirs = lows[of - 1] in ("employees", "staff") and wider in _OF_AUTHORITIES
        return wider if theirs else found

    def _of(self, sentence: Sentence, start: int, number: Number, i: int) -> People | None:
        lows = sentence.lows
        of_the_dead = self._of_the_dead(sentence, start, number, i)
        if of_the_dead is not None:
            return of_the_dead
        if i + 1 < len(lows) and lows[i + 1] in ("them", "whom", "those"):
            end = self._run(sentence, i + 2)
            if i + 2 < len(lows) and number_at(lows, i + 2):
                return None
            head = self._head(lows, i + 2, end)
            if head is not None:
                kind = self._class(lows, i + 2, head + 1)
                return People(start, head + 1, number, kind, of_them=True)
            return People(start, i + 2, number, None, elided=True, of_them=True)
        end = self._run(sentence, i + 1)
        head = self._head(lows, i + 1, end)
        if head is None:
            return None
        return self._with_of(sentence, start, number, i + 1, head + 1)

    def _of_the_dead(self, sentence: Sentence, start: int, number: Number, i: int) -> People | None:
        """ "two of the dead were women": a part of the dead, of the class that is said of it."""
        lows = sentence.lows
        if lows[i + 1 : i + 2] not in (("the",), ("those",)):
            return None
        if lows[i + 2 : i + 3] not in (("dead",), ("killed",), ("wounded",), ("injured",)):
            return None
        if lows[i + 3 : i + 4] not in (("were",), ("was",), ("are",)):
            alive = lows[i + 2] in ("wounded", "injured")  # "two of the wounded died"
            return People(start, i + 3, number, None, elided=True, of_them=True) if alive else None
        head = self._head(lows, i + 4, self._run(sentence, i + 4) if i + 4 < len(lows) else i + 4)
        if head is None:
            return None
        kind = self._class(lows, i + 4, head + 1)
        return People(start, head + 1, number, kind, inner=i + 2, of_them=True)

    def _single(self, sentence: Sentence, i: int) -> People | None:
        """A person who is described or named by an office: "a shepherd", "the governor"."""
        lows = sentence.lows
        if lows[i] in _DETERMINERS or (lows[i] == "'s" and i):
            first = i + 1
            if lows[first : first + 1] in (("wounded",), ("injured",), ("dead",)):
                first += 1
            end = self._run(sentence, first)
            head = self._head(lows, first, end)
            if head is None or not self._singular(lows[head]) or self._owns(lows, head):
                return None
            return self._with_of(sentence, i, None, i + 1, head + 1)
        token = sentence.tokens[i]
        if token.word and (i == 0 or lows[i - 1] not in _DETERMINERS):
            end = self._run(sentence, i)
            head = self._head(lows, i, min(end, i + 5))
            if lows[i].endswith("ed") and head != i:
                head = None
            plain = head is not None and self._singular(lows[head]) and lows[i] not in _ENDS
            if head is not None and plain and not self._owns(lows, head):
                kind = self._class(lows, i, head + 1)
                return People(i, head + 1, None, kind, counted=False, bare=True)
        return None

    @staticmethod
    def _strikes(word: str) -> bool:
        return word in WORDS.casualty_words and WORDS.casualty_words[word][1] in ("active", "part")

    @staticmethod
    def _owns(lows: Sequence[str], head: int) -> bool:
        """ "the bride's sisters": not the bride."""
        return lows[head + 1 : head + 2] == ("'s",)

    @staticmethod
    def _singular(word: str) -> bool:
        return word in _SINGULAR

    def _head(self, lows: Sequence[str], start: int, end: int) -> int | None:
        """The last noun of people, or the name of a group that stands for its people."""
        for k in range(end - 1, start - 1, -1):
            if lows[k] in WORDS.people or lows[k] in self._actor_words or lows[k] in SECURITY:
                return k
        return None


_MONTHS = WORDS.set("phrases", "months")
_NOUNS = WORDS.set("casualty", "killed_noun") | WORDS.set("casualty", "casualties_noun") | {"dead"}
_MODIFIED = WORDS.set("phrases", "modified")
_OF_AUTHORITIES = (
    VictimClass.DE_FACTO_AUTHORITY_PERSONNEL,
    VictimClass.FORMER_GOVERNMENT_FORCES,
)
_FORCES = WORDS.set("drafts", "forces")
_CREWED = WORDS.set("phrases", "crewed")
_BESIDE = frozenset({"near", "outside", "beside", "at", "behind", "from", "by", "of"})
#: "two were killed and a third was hurt"
_ORDINALS = frozenset(
    {"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
)
_DIED = WORDS.set("phrases", "died")
_PARTS = WORDS.set("phrases", "parts")
_PLURAL_ONLY = WORDS.set("phrases", "plural_only")
_SINGULAR = frozenset(
    word
    for word in WORDS.people
    if not (word.endswith("s") and word[:-1] in WORDS.people)
    and word not in _PLURAL_ONLY
    and not word.endswith(("men", "ies"))
    and word not in ("children", "women", "wives", "others", "other", "passers-by", "passersby",
                     "relatives", "victims", "wounded", "injured", "dead", "countrymen", "kids",
                     "khawarij", "lives", "souls", "families", "elderly", "faithful", "police",
                     "afghans", "female", "females", "chinese", "shia", "youth", "staff", "cops",
                     "schoolchildren", "army", "ranger",  "leaders", "local")
)  # fmt: skip
