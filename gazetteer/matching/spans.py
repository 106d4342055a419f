"""Finds the stretches of a text that name places, and what the words beside them say.

A span is a name that the index holds, with the kind of place said before or after it, the
number of a city's district, the distance measured from it, and the role it plays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..names.index import Hit, NameIndex
from ..names.numbers import number_before, number_behind
from ..names.text import fold, script_of
from ..places import Places
from ..reading.features import WORDS, fit
from ..reading.offsets import LOOK_BACK, Offset, arabic_offset, offset_before
from ..reading.prose_rules import (
    about_afghanistan,
    after_a_name,
    arabic_feature,
    feature_after,
    feature_before,
    holder_after,
    led_in,
    read_prose_words,
    role_of,
)
from .foreign import Foreign
from .prominence import CAPITAL, PROVINCE, Prominence, is_capital

MAX_WORDS = 6
LOOK_AHEAD = 120  # characters in which a list of names may end with its kind
LONG_NAME = 6  # letters of a district's name that is nothing else elsewhere
MINOR_LETTERS = 5  # a small town's name in prose must be this long, and spelled as listed
NEAR_PROSE = 0.95  # prose is full of words that are no places: only close spellings count
NEAR_DISTRICT = 0.88  # 'Argahandab district': the kind of place vouches for the name
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_JOINT = re.compile(r"^(?:[ \u00a0\u200c]{1,2}|[-‐‑–’'ʼ`‘]|-\s)$")
_LINKS = frozenset({"e", "i", "ye", "yi", "ul", "al", "us", "os", "wa", "aw", "o", "va"})
_LEVELS = frozenset({"district", "province", "subdistrict"})
_CONTAINED = re.compile(r"^(?:\s+[a-z]+)?\s*(?:,|\bof\b|\bin\b|\()\s*(?:the\s+)?[A-Z]")
_SURNAME = re.compile(r"^['’]?(?:i|is|ai|zai|zada|zoy)\b")


@dataclass(frozen=True, slots=True)
class Span:
    """A name in a text, `text[start:end]`, with what its neighbourhood says of it."""

    start: int
    end: int
    name: str
    feature: str
    role: str
    number: int | None = None
    offset: Offset | None = None
    strong: bool = True  # spelled as a listed place that needs no Afghan context


class SpanFinder:
    """Scans prose for the names of one gazetteer."""

    def __init__(
        self, places: Places, index: NameIndex, prominence: Prominence, foreign: Foreign
    ) -> None:
        self._places = places
        self._index = index
        self._prominence = prominence
        self._foreign = foreign
        self._uses = read_prose_words()

    def find(self, text: str) -> list[Span]:
        """The spans of a text in order; none of a text that is about another country."""
        words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
        spans: list[Span] = []
        i = 0
        while i < len(words):
            found = self._at(text, words, i)
            if found is None:
                i += 1
                continue
            spans.append(found[0])
            i += found[1]
        if spans and not about_afghanistan(text):
            sure = any(self._afghan(s) for s in spans)
            strong = any(s.strong for s in spans)
            if not sure and (not strong or self._names_a_country(words)):
                return []
        return spans

    def _afghan(self, span: Span) -> bool:
        """Whether a name is that of a province, capital or crossing here and of nothing abroad."""
        if self._foreign.find(span.name) is not None:
            return False
        return any(
            h.exact and h.kind != "alternative"
            and (
                self._prominence[h.place_id] >= PROVINCE
                or h.place_id.startswith("crossing:")
                or (h.place_id.startswith("dist:") and len(span.name) >= LONG_NAME)
            )
            for h in self._index.lookup(span.name)
        )  # fmt: skip

    def _names_a_country(self, words: Sequence[tuple[int, int, str]]) -> bool:
        """Whether a text names a country that is not Afghanistan."""
        named = (self._foreign.find(w) for _, _, w in words if w[0].isupper() and len(w) > 3)
        return any(f is not None and f.kind == "country" for f in named)

    def _at(
        self, text: str, words: Sequence[tuple[int, int, str]], i: int
    ) -> tuple[Span, int] | None:
        start, _, first = words[i]
        arabic = "\u0600" <= first[0] <= "\u06ff"
        if not (first[0].isupper() or arabic or first in ("al", "ul")):
            return None
        longest = 1
        while longest < MAX_WORDS and i + longest < len(words):
            previous, following = words[i + longest - 1], words[i + longest]
            if not _JOINT.match(text[previous[1] : following[0]]):
                break
            longest += 1
        for size in range(longest, 0, -1):
            last = words[i + size - 1]
            if size > 1 and last[2].lower() in _LINKS:
                continue
            name, end = text[start : last[1]], last[1]
            feature = self._feature(text, start, end, arabic)
            hits = self._hits(name, size, feature)
            if any(h.exact for h in hits) and not any(self._fits(feature, h) for h in hits):
                feature = ""  # of another name: 'the Nabawi Mosque in Faizabad city'
            inner = [w for w in words[i + 1 : i + size] if not arabic]
            if any(self._loose_word(text, w) for w in inner):
                hits = [h for h in hits if h.exact]  # 'Kaj education center' is listed so
            if not hits:
                continue
            span = self._judge(text, start, end, name, feature, hits)
            if span is not None:
                return span, size
        return None

    @staticmethod
    def _loose_word(text: str, word: tuple[int, int, str]) -> bool:
        """Whether a lower-case word is no part of a name: 'Qala-e-now' is hyphened together."""
        start, _, letters = word
        hyphened = start > 0 and text[start - 1] in "-‐‑"
        plain = letters[0].islower() and letters.lower() not in _LINKS and letters not in WORDS
        return plain and not hyphened

    @staticmethod
    def _feature(text: str, start: int, end: int, arabic: bool) -> str:
        before, after = text[max(0, start - 60) : start], text[end : end + LOOK_AHEAD]
        if arabic:
            return arabic_feature(before, after)
        return feature_after(after) or feature_before(before)

    def _hits(self, name: str, size: int, feature: str) -> list[Hit]:
        folded = fold(name)
        letters = len(folded.replace(" ", ""))
        if letters < 3 or folded in WORDS:
            return []
        vouched = feature in _LEVELS
        least = 1.0 if letters < 5 and not vouched else NEAR_DISTRICT if vouched else NEAR_PROSE
        hits = [
            h
            for h in self._index.lookup(name)
            if (h.exact or h.likeness >= least)
            and not (h.kind == "alternative" and h.lang == "und")
        ]
        # what only sounds alike must be in the same script: Cesar is not قیصار
        script = script_of(name)
        hits = [h for h in hits if h.exact or script_of(h.text) == script]
        if vouched:
            fitting = [h for h in hits if h.place_id.startswith(("dist:", "prov:", "area:"))]
            hits = fitting or [h for h in hits if h.exact]
        elif size == 1:  # one plain word must be spelled like a listed name, not only sound so
            hits = [h for h in hits if h.exact or letters >= 6 or h.likeness >= 0.985]
        if not any(h.exact for h in hits) and not vouched and self._foreign.find(folded):
            return []  # Daraa and Bangui are places elsewhere, not misspelt ones here
        hits = [h for h in hits if not self._minor(h) or (h.exact and letters >= MINOR_LETTERS)]
        return [h for h in hits if h.place_id != "country:af"]

    def _fits(self, feature: str, hit: Hit) -> bool:
        return fit(feature, self._places.place(hit.place_id).placetype) > 0.0

    def _minor(self, hit: Hit) -> bool:
        """Whether a hit is a lesser town, whose name prose may have other uses for."""
        place = self._places.place(hit.place_id)
        return place.placetype == "settlement" and not is_capital(place)

    def _judge(
        self, text: str, start: int, end: int, name: str, feature: str, hits: Sequence[Hit]
    ) -> Span | None:
        before, after = text[max(0, start - 60) : start], text[end : end + 80]
        holder = holder_after(after)
        if holder and self.is_abroad(holder):
            return None
        contained = bool(_CONTAINED.match(after))
        held = contained and self._held(hits, holder)
        if not held and feature != "village":
            hits = [h for h in hits if not self._places.place(h.place_id).own_list]
        if not hits:
            return None
        usable = held or self._usable(name, feature, hits, before, contained)
        if not usable or _SURNAME.match(after):
            return None
        number, reach = number_before(text[max(0, start - LOOK_BACK) : start])
        offset: Offset | None = None
        if number is None:
            number, reach_behind = number_behind(after)
            end += reach_behind
            if number is None and "\u0600" <= name[0] <= "\u06ff":
                offset = arabic_offset(text[max(0, start - LOOK_BACK) : start], after)
            elif number is None:
                offset, reach = offset_before(text[max(0, start - LOOK_BACK) : start])
                start -= reach
        else:
            start -= reach
        role = "location" if offset else role_of(text, start, end, name, feature)
        strong = self._strong(name, feature, hits, contained)
        return Span(start, end, name, feature, role, number, offset, strong)

    def _held(self, hits: Sequence[Hit], holder: str) -> bool:
        """Whether a name's place lies in what the text names right after it: 'Dila, Paktika'."""
        outer = {h.place_id for h in self._index.lookup(holder) if h.exact} if holder else set()
        return any(
            not outer.isdisjoint(self._places.line(self._places.place(h.place_id)) - {h.place_id})
            for h in hits
        )

    def _usable(
        self, name: str, feature: str, hits: Sequence[Hit], before: str, contained: bool
    ) -> bool:
        """Whether prose shows that a word which has other uses is the place."""
        use = self._uses.get(fold(name), "free")
        led = led_in(before)
        if use == "needs_feature" and not feature:
            return False
        if use == "needs_preposition" and not (feature or led):
            return False
        if use == "needs_container" and not (contained or feature):
            return False
        if use == "not_after_name" and not feature and after_a_name(before):
            return False
        major = any(self._prominence[h.place_id] >= CAPITAL or h.place_id.startswith("prov:")
                    for h in hits)  # fmt: skip
        if not any(h.exact for h in hits) and fold(name).endswith("i") and after_a_name(before):
            return False  # 'Khan Kandahari', a man of Kandahar
        if not major and not feature and not led and use == "free":
            short = len(fold(name)) <= 4
            if short or (after_a_name(before) and not contained):
                return False
        return True

    def _strong(self, name: str, feature: str, hits: Sequence[Hit], contained: bool) -> bool:
        """Whether a name is Afghan by itself, also on a page that does not say so."""
        exact = [
            h
            for h in hits
            if h.exact and h.kind != "alternative" and not self._places.place(h.place_id).own_list
        ]
        words = fold(name).split()
        if not exact:
            return feature in _LEVELS and len(words) > 1 and hits[0].likeness >= NEAR_PROSE
        if self._foreign.find(name) is not None and not (feature in _LEVELS or contained):
            return any(self._prominence[h.place_id] >= CAPITAL for h in exact)
        major = any(h.place_id.startswith(("prov:", "dist:")) for h in exact) or any(
            self._prominence[h.place_id] >= CAPITAL for h in exact
        )
        return major or bool(feature) or len(words) > 1

    def is_abroad(self, name: str) -> bool:
        """Whether a name is that of a foreign country, region or city, and of none known here."""
        foreign = self._foreign.find(name)
        if foreign is None or not foreign.country:
            return False
        return not any(
            h.exact and self._prominence[h.place_id] >= CAPITAL for h in self._index.lookup(name)
        )
