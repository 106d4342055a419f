"""Answers one place phrase: refuse what is abroad, then resolve and rank, or an offset or road."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import SAME_SOUND, Abroad, Place, Result
from ..names.index import NameIndex
from ..places import Places
from ..reading.query import Parsed, parse
from ..reading.segments import Segment, segment_words
from .doubt import doubt, doubted
from .foreign import LARGE, Foreign, ForeignName
from .lookup import SegmentLookup
from .offsets import Offsets
from .prominence import CAPITAL, PROVINCE, Prominence
from .ranking import Ranking
from .resolve import Resolver
from .roads import Roads

# A foreign name with one of these words is an Afghan village or district of that name.
_AFGHAN_KINDS = frozenset({"district", "village", "area", "subdistrict"})


class Phrases:
    """Answers place phrases over the places and names of one gazetteer."""

    def __init__(
        self,
        places: Places,
        index: NameIndex,
        lookup: SegmentLookup,
        prominence: Prominence,
        foreign: Foreign,
    ) -> None:
        self._places = places
        self._index = index
        self._prominence = prominence
        self.foreign = foreign
        self._resolver = Resolver(places, lookup, prominence)
        self.ranking = Ranking(places, prominence)
        self._roads = Roads(places, index, self._resolver, self.ranking, foreign)
        self.offsets = Offsets(places, self._resolver, self.ranking, foreign)

    def phrase(
        self,
        query: str,
        within: Place | None = None,
        near: Sequence[Place] = (),
        limit: int = 5,
    ) -> Result:
        """Ranked candidates for one place phrase, never read as a sentence."""
        parsed = self.whole(query) or parse(query)
        abroad = self.abroad(query, parsed) if within is None else None
        if abroad is not None:
            return self.refused(query, parsed, abroad)
        if parsed.offset:
            return self.offsets.phrase(query, parsed, within, near, limit)
        if parsed.ends:
            return self._roads.phrase(query, parsed.ends, parsed, within, near, limit)
        found, notes = self._resolver.resolve(parsed, within, near)
        result = self.ranking.rank(query, found, limit, notes)
        lone = len(parsed.segments) == 1 and parsed.city_district is None
        if lone and not within and not near and not self._in_brackets(parsed.segments[0]):
            return self._doubt_abroad(doubt(result, parsed.segments[0], found), parsed.segments[0])
        return result

    def _in_brackets(self, segment: Segment) -> bool:
        """'Sayed Abad (Wardak)' names its province."""
        return any(
            h.exact and h.place_id.startswith("prov:")
            for alias in segment.aliases
            for h in self._index.lookup(alias)
        )

    def _doubt_abroad(self, result: Result, segment: Segment) -> Result:
        """'Rustaq' alone is a district here and a city of Oman."""
        foreign, best = self.foreign.find(segment.name), result.best
        if best is None or result.ambiguous or foreign is None or segment.feature:
            return result
        known = best.placetype == "city_district" or self._prominence[best.id] >= PROVINCE
        if known or foreign.people < LARGE:
            return result
        return doubted(result, f"a larger place in {foreign.country} bears this name")

    def named(
        self, segments: tuple[Segment, ...], near: Sequence[Place], number: int | None = None
    ) -> Result:
        """What names found in a text mean, the first inside the others."""
        found, notes = self._resolver.resolve(Parsed(segments, number), None, near)
        if len(segments) > 1 and not any(f.whole for f in found):
            found = []
        return self.ranking.rank(segments[0].words, found, 5, notes)

    def whole(self, query: str) -> Parsed | None:
        """A phrase that as a whole is a listed name: 'Pakistani embassy in Kabul'."""
        words = segment_words(query)
        for hit in self._index.lookup(words) if " " in words else ():
            kind = self._places.place(hit.place_id).placetype
            if hit.exact and kind in ("site", "neighbourhood", "area", "crossing"):
                return Parsed((Segment(words, "", words),))
        return None

    def is_abroad(self, name: str) -> bool:
        """Whether a name is that of a foreign country, region or city."""
        foreign = self.foreign.find(name)
        return foreign is not None and bool(foreign.country) and not self._listed(name, CAPITAL)

    def abroad(self, query: str, parsed: Parsed) -> ForeignName | None:
        """What the words name outside Afghanistan: the whole of them, or what holds the rest.

        'Dresden, Germany' and 'Warsaw' are abroad; 'China village, Achin, Nangarhar' is not.
        """
        named = [s for s in parsed.segments if s.name]
        if not named:
            return None
        last = named[-1]
        if len(named) > 1 and last.feature == "nature" and self._listed(named[0].name, 0.0):
            return None  # 'Torkham, near the Khyber Pass'
        # the words as written, for 'central' belongs to the Central African Republic
        end = self.foreign.find(query.rsplit(",", 1)[-1]) or self.foreign.find(last.words)
        if end is not None and len(named) > 1 and end.kind == "country":
            return end
        for part in (last, named[0]) if len(named) > 1 else (last,):
            foreign = self.foreign.find(part.words) or self.foreign.find(part.name)
            if foreign is None or part.feature in _AFGHAN_KINDS:
                continue
            if part is not last and self._listed(last.name, 0.0):
                continue
            if not self._listed(part.name, 0.0) and not self._capital(part.name):
                return foreign
        return None

    def refused(self, query: str, parsed: Parsed, foreign: ForeignName) -> Result:
        """The empty result that says where the words are."""
        words = parsed.segments[-1].words
        where = f"in {foreign.country}" if foreign.country else "not a place in Afghanistan"
        note = f"'{words}' is {where}; this gazetteer holds Afghanistan only."
        abroad = Abroad(foreign.country) if foreign.country else None
        return Result(query, (), False, (note,), abroad=abroad)

    def _capital(self, name: str) -> bool:
        """Whether a name sounds like that of a capital or province: 'Jalal-Abad'."""
        return any(
            h.likeness >= SAME_SOUND and self._prominence[h.place_id] >= PROVINCE
            for h in self._index.lookup(name)
        )

    def _listed(self, name: str, least: float) -> bool:
        """Whether a name is spelled as that of a listed place at least so prominent."""
        return any(
            h.exact and h.kind != "alternative" and self._prominence[h.place_id] >= least
            for h in self._index.lookup(name)
        )
