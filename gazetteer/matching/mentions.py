"""Finds place mentions in English prose with exact spans and resolves them together.

A mention keeps the words and leaves doubt open: its `result` ranks what it can mean. Names
used as attributes of people and institutions ('Herat hospitals', 'the former Balkh
governor'), datelines, and names of groups, meetings and media are found but given another
`role`, and left out unless asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..model import Place, Result
from ..names.index import Hit, NameIndex
from ..names.numbers import number_before, number_behind
from ..names.text import fold, script_of
from ..places import Places
from ..reading.features import WORDS
from ..reading.prose_rules import (
    after_a_name,
    feature_after,
    feature_before,
    holder_after,
    led_in,
    read_prose_words,
    role_of,
)
from .phrases import Phrases
from .prominence import is_capital

MAX_WORDS = 6
MINOR_LETTERS = 5  # a small town's name in prose must be this long, and spelled as listed
NEAR_PROSE = 0.95  # prose is full of words that are no places: only close spellings count
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_JOINT = re.compile(r"^(?:[ \u00a0]{1,2}|[-‐‑–’'ʼ`‘]|-\s)$")
_LINKS = frozenset({"e", "i", "ye", "yi", "ul", "al", "us", "os", "wa", "aw", "o", "va"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: `text[start:end]`, its role and what it can mean.

    `role` is 'location', 'attributive' (of people or institutions), 'dateline' or 'medium'.
    """

    start: int
    end: int
    text: str
    role: str
    result: Result

    @property
    def ambiguous(self) -> bool:
        """Whether the words can mean several places."""
        return self.result.ambiguous


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    name: str
    feature: str
    role: str
    number: int | None = None


class MentionFinder:
    """Scans prose for the names of one gazetteer."""

    def __init__(self, places: Places, index: NameIndex, phrases: Phrases) -> None:
        self._places = places
        self._phrases = phrases
        self._index = index
        self._uses = read_prose_words()

    def find(self, text: str, every_role: bool = False) -> tuple[Mention, ...]:
        """Mentions in order of their start; only locations unless `every_role`."""
        spans = self._spans(text)
        wanted = [s for s in spans if every_role or s.role == "location"]
        return tuple(self._resolve(text, wanted))

    # -- spans ---------------------------------------------------------------------------

    def _spans(self, text: str) -> list[_Span]:
        words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
        spans: list[_Span] = []
        i = 0
        while i < len(words):
            found = self._at(text, words, i)
            if found is None:
                i += 1
                continue
            span, used = found
            spans.append(span)
            i += used
        return spans

    def _at(
        self, text: str, words: Sequence[tuple[int, int, str]], i: int
    ) -> tuple[_Span, int] | None:
        start, _, first = words[i]
        if not (first[0].isupper() or "\u0600" <= first[0] <= "\u06ff" or first in ("al", "ul")):
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
            name = text[start : last[1]]
            hits = self._hits(name, size)
            inner = [w[2] for w in words[i + 1 : i + size]]
            if any(w[0].islower() and w.lower() not in _LINKS and w not in WORDS for w in inner):
                hits = [h for h in hits if h.exact]  # 'Kaj education center' is listed so
            if not hits:
                continue
            span = self._judge(text, start, last[1], name, hits)
            if span is not None:
                return span, size
        return None

    def _hits(self, name: str, size: int) -> list[Hit]:
        folded = fold(name)
        letters = len(folded.replace(" ", ""))
        if letters < 3 or folded in WORDS:
            return []
        least = 1.0 if letters < 5 else NEAR_PROSE
        hits = [
            h
            for h in self._index.lookup(name)
            if (h.exact or h.likeness >= least)
            and not (h.kind == "alternative" and h.lang == "und")
        ]
        # what only sounds alike must be in the same script: Cesar is not قیصار
        script = script_of(name)
        hits = [h for h in hits if h.exact or script_of(h.text) == script]
        if size == 1:  # one plain word must be spelled like a listed name, not only sound so
            hits = [h for h in hits if h.exact or letters >= 6 or h.likeness >= 0.985]
        hits = [h for h in hits if not self._minor(h) or (h.exact and letters >= MINOR_LETTERS)]
        return [h for h in hits if h.place_id != "country:af"]

    def _minor(self, hit: Hit) -> bool:
        """Whether a hit is a lesser town, whose name prose may have other uses for."""
        place = self._places.place(hit.place_id)
        return place.placetype == "settlement" and not is_capital(place)

    def _judge(
        self, text: str, start: int, end: int, name: str, hits: Sequence[Hit]
    ) -> _Span | None:
        before, after = text[max(0, start - 60) : start], text[end : end + 60]
        feature = feature_after(after) or feature_before(before)
        if self._phrases.is_abroad(holder_after(after)):
            return None
        use = self._uses.get(fold(name), "free")
        places = [self._places.place(h.place_id) for h in hits]
        major = any(
            p.placetype == "province" or (p.note or "").startswith("capital") for p in places
        )
        contained = bool(
            re.match(r"^(?:\s+[a-z]+)?\s*(?:,|\bof\b|\bin\b|\()\s*(?:the\s+)?[A-Z]", after)
        )
        led = led_in(before)
        if use == "needs_feature" and not feature:
            return None
        if use == "needs_preposition" and not (feature or led):
            return None
        if use == "needs_container" and not (contained or feature):
            return None
        if use == "not_after_name" and not feature and after_a_name(before):
            return None
        if not major and not feature and not led and use == "free":
            short = len(fold(name)) <= 4
            if short or (after_a_name(before) and not contained):
                return None
        if re.match(r"^['’]?(?:i|is|ai|zai|zada|zoy)\b", after):
            return None
        number, reach = number_before(text[:start])
        if number is None:
            number, reach_behind = number_behind(after)
            end += reach_behind
        else:
            start -= reach
        role = role_of(text, start, end, name, feature)
        return _Span(start, end, name, feature, role, number)

    # -- resolution ----------------------------------------------------------------------

    def _resolve(self, text: str, spans: Sequence[_Span]) -> Iterable[Mention]:
        alone = [self._search(text, spans, i, ()) for i in range(len(spans))]
        anchors: list[Place] = []
        for result in alone:
            best = result.best
            if best and (not result.ambiguous or best.placetype == "province"):
                anchors.append(best.place)
        for i, span in enumerate(spans):
            result = alone[i]
            if result.ambiguous or not result.candidates:
                near = [a for a in anchors if a.id != (result.best.id if result.best else "")]
                if near:
                    result = self._search(text, spans, i, near)
            if result.candidates:
                yield Mention(span.start, span.end, text[span.start : span.end], span.role, result)

    def _search(self, text: str, spans: Sequence[_Span], i: int, near: Sequence[Place]) -> Result:
        span = spans[i]
        query = f"{span.name} {_SAY.get(span.feature, span.feature)}".strip()
        if span.number is not None:
            query = f"district {span.number} of {span.name}"
        after = spans[i + 1] if i + 1 < len(spans) else None
        if after is not None and _holds(text[span.end : after.start]):
            outer = self._phrases.phrase(
                f"{after.name} {_SAY.get(after.feature, after.feature)}".strip()
            )
            joined = self._phrases.phrase(
                f"{query}, {after.name} {_SAY.get(after.feature, after.feature)}"
            )
            best = joined.best
            if best and outer.best and best.id not in {c.id for c in outer.candidates}:
                return replace(joined, query=span.name)
        before = spans[i - 1] if i else None
        if before is not None and re.fullmatch(
            r"(?:\s+province)?(?:['’?]s|\s*,)\s+(?:[a-z]+\s+)?", text[before.end : span.start]
        ):
            joined = self._phrases.phrase(f"{query}, {before.name}")
            first = self._phrases.phrase(before.name)
            if joined.best and joined.best.id not in {c.id for c in first.candidates}:
                return replace(joined, query=span.name)
        result = self._phrases.phrase(query, near=near)
        return replace(result, query=span.name)


_SAY = {
    "centre": "town",
    "nature": "",
    "crossing": "crossing",
    "site": "",
    "road": "",
    "airport": "airport",
}


def _holds(between: str) -> bool:
    """Whether the words between two names say that the second holds the first."""
    return bool(
        re.fullmatch(
            r"(?:\s+[a-z]+){0,2}\s*(?:,|of|in|\()(?:\s+(?:the|of|capital|city|province|[a-z]+ern|in)){0,5}\s*",
            between,
        )
    )
