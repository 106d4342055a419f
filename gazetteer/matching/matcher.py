"""The Matcher: takes a query through its steps and answers with a `Result`.

Parse, refuse what is abroad, then resolve and rank, or hand on to the forms (offsets, roads)
and to prose. Also the two questions beside a search: what a table's column names, and
whether two spellings are one place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model import Place, Result
from ..names.index import NEAR, NameIndex
from ..names.phonetics import likeness, sound
from ..names.text import fold
from ..places import Places
from ..reading.query import looks_like_prose, parse
from ..reading.segments import Segment, segment
from .foreign import Foreign
from .lookup import SegmentLookup
from .mentions import MentionFinder
from .phrases import Phrases
from .prominence import Prominence
from .prose import Prose
from .resolve import given, kept
from .several import Several
from .spans import SpanFinder

# A word of running text, which no name is: it is read as a sentence when no phrase is known.
_ORDINARY = re.compile(r"(?<![\w'’-])[a-z]{3,}\b|[\u0600-\u06ff]{2,}")
LONG_TEXT = 6  # spaces
ADMIN_ELSEWHERE = 0.93  # how sure a district's name must be outside the province given


class Matcher:
    """Answers queries over one gazetteer's places and names."""

    def __init__(self, places: Places, index: NameIndex, foreign: Foreign) -> None:
        self._places = places
        self._index = index
        self._prominence = Prominence(places.places())
        self._lookup = SegmentLookup(places, index, self._prominence)
        self.phrases = Phrases(places, index, self._lookup, self._prominence, foreign)
        spans = SpanFinder(places, index, self._prominence, foreign)
        self.mentions = MentionFinder(places, spans, self.phrases)
        self._several = Several(places, index, self.phrases)
        self._prose = Prose(places, self.phrases.ranking, self.mentions)

    def search(self, query: str, within: Place | None, near: Sequence[Place], limit: int) -> Result:
        """Ranked candidates for a place phrase or a sentence; none when nothing fits.

        What is sure without the place given is not less so with it.
        """
        result = self._search(query, within, near, limit)
        best = result.best
        if within is not None and best is not None and (result.ambiguous or not best.whole):
            alone = self._search(query, None, near, limit)
            sure = alone.best is not None and alone.best.whole and not alone.ambiguous
            if sure and alone.best and within.id in self._places.line(alone.best.place):
                return alone
        return result

    def _search(
        self, query: str, within: Place | None, near: Sequence[Place], limit: int
    ) -> Result:
        if not sound(fold(query)):
            why = "the words hold no Latin or Arabic letter and no digit"
            stands = [kept(within, why)] if within else []
            return self.phrases.ranking.rank(query, stands, limit, (why,))
        if self.phrases.whole(query) is None and looks_like_prose(query):
            return self._prose.search(query, within, limit)
        together = self._several.search(query, within, near, limit)
        if together is not None:
            return together
        result = self.phrases.phrase(query, within, near, limit)
        spaces = query.count(" ")
        worded = spaces >= LONG_TEXT or (spaces >= 3 and bool(_ORDINARY.search(query)))
        if not result.candidates and within is None and worded and result.abroad is None:
            prose = self._prose.search(query, within, limit)
            return prose if prose.candidates else result
        return result

    def admin(self, text: str, level: str, inside: Place | None) -> Place | None:
        """The province or district that a table's column names, or None."""
        scope = given(inside)
        segments = [s for s in parse(text).segments if s.name] or [segment(text)]
        part = segments[0]
        wanted = Segment(part.name, level, part.name, part.aliases)
        found = [f for f in self._lookup.named(wanted, scope, ()) if f.place.placetype == level]
        if not found and part.aliases:
            found = [
                f
                for alias in part.aliases
                for f in self._lookup.named(Segment(fold(alias), level, fold(alias)), scope, ())
                if f.place.placetype == level
            ]
        if not found and scope:
            # sources disagree about parents: a district spelled right elsewhere is still meant
            found = [
                f
                for f in self._lookup.named(wanted, (), ())
                if f.place.placetype == level and f.quality > ADMIN_ELSEWHERE
            ]
            if len(found) != 1:
                return None
        return found[0].place if found else None

    def same_place(self, first: str, second: str) -> float:
        """How likely two spellings name one place (see `Gazetteer.same_place`)."""
        if fold(first) == fold(second):
            return 1.0
        left, right = (self.search(t, None, (), 10).candidates for t in (first, second))
        alike = likeness(sound(fold(first)), sound(fold(second)))
        if left and right:
            tops = [
                {c.id: c.score for c in cs if c.score >= 0.4 * cs[0].score} for cs in (left, right)
            ]
            shared = set(tops[0]) & set(tops[1])
            if not shared:
                return 0.1 * alike
            quality = [max(c.score for c in cs) for cs in (left, right)]
            return 0.6 + 0.4 * min(1.0, *quality)
        # one or both are not listed: nothing but the sound can tell
        return alike**3 if alike >= NEAR and not (left or right) else 0.45 * alike

    def suggest(self, prefix: str, limit: int) -> tuple[Place, ...]:
        """Places whose spelling begins like the prefix, then those that sound like it."""
        begun = self._index.begins(fold(prefix))
        ranked = sorted(begun, key=lambda i: (-self._prominence[i], i))
        if len(ranked) < limit and sound(fold(prefix)):
            alike = [h.place_id for h in self._index.lookup(prefix)]
            ranked.extend(i for i in alike if i not in begun)
        return tuple(self._places.place(i) for i in ranked[:limit])
