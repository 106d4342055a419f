"""The Matcher: takes a query through its steps and answers with a `Result`.

Parse, refuse what is abroad, then resolve and rank, or hand on to the forms (offsets, roads)
and to prose. Also the two questions beside a search: what a table's column names, and
whether two spellings are one place.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import BadQueryError
from ..model import Place, Result
from ..names.index import NEAR, NameIndex
from ..names.phonetics import likeness, sound
from ..names.text import fold
from ..places import Places
from ..reading.query import looks_like_prose, parse
from ..reading.segments import Segment, segment
from .lookup import SegmentLookup
from .mentions import MentionFinder
from .phrases import Phrases
from .prominence import Prominence
from .prose import Prose
from .resolve import given

ADMIN_ELSEWHERE = 0.93  # how sure a district's name must be outside the province given


class Matcher:
    """Answers queries over one gazetteer's places and names."""

    def __init__(self, places: Places, index: NameIndex, foreign: dict[str, str]) -> None:
        self._places = places
        self._index = index
        self._prominence = Prominence(places.places())
        self._lookup = SegmentLookup(places, index, self._prominence)
        self.phrases = Phrases(places, index, self._lookup, self._prominence, foreign)
        self.mentions = MentionFinder(places, index, self.phrases)
        self._prose = Prose(places, self.phrases.ranking, self.mentions)

    def search(self, query: str, within: Place | None, near: Sequence[Place], limit: int) -> Result:
        """Ranked candidates for a place phrase or a sentence; none when nothing fits."""
        if not sound(fold(query)):
            raise BadQueryError("The query holds no letters or digits to look up.")
        if self.phrases.whole(query) is None and looks_like_prose(query):
            return self._prose.search(query, within, limit)
        result = self.phrases.phrase(query, within, near, limit)
        several = query.count(" ") >= 3 or " and " in query
        if (
            not result.candidates
            and within is None
            and several
            and not self.phrases.abroad(parse(query))
        ):
            said = self._prose.search(query, within, limit)
            return said if said.candidates else result
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
