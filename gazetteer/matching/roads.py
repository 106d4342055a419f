"""Answers stretches of road, which are no place themselves.

'The road between A and B' becomes the area that holds both ends, or both provinces, marked
ambiguous.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model import Abroad, Place, Result
from ..names.index import NameIndex
from ..names.text import fold
from ..places import Places
from ..reading.query import Parsed, parse
from .doubt import known
from .foreign import Foreign
from .lookup import spelling
from .ranking import Found, Ranking
from .resolve import Resolver


class Roads:
    """Roads over one gazetteer."""

    def __init__(
        self,
        places: Places,
        index: NameIndex,
        resolver: Resolver,
        ranking: Ranking,
        foreign: Foreign,
    ) -> None:
        self._places = places
        self._index = index
        self._resolver = resolver
        self._ranking = ranking
        self._foreign = foreign

    def phrase(
        self,
        query: str,
        ends: tuple[str, str],
        parsed: Parsed,
        within: Place | None,
        near: Sequence[Place],
        limit: int,
    ) -> Result:
        """A stretch between two places: the area that holds both, or what the text adds."""
        rank = self._ranking.rank
        if parsed.segments:
            found, notes = self._resolver.resolve(Parsed(parsed.segments), within, near)
            why = "the part of the road that is named"
            return rank(query, [replace(f, reasons=(*f.reasons, why)) for f in found], limit, notes)
        for hit in self._index.lookup(fold(query)):
            place = self._places.place(hit.place_id)
            if place.placetype == "road" and hit.likeness > 0.95:
                return rank(query, [Found(place, 1.0, 0.95, (spelling(hit),))], limit, ())
        if within is not None and within.placetype != "country":
            why = "a stretch of road, known only to lie in the area given"
            return rank(query, [Found(within, 1.0, 0.96, (why,))], limit, ())
        tops: list[Place] = []
        parts: list[Result] = []
        beyond: Abroad | None = None
        for text in filter(fold, ends):
            segments = parse(text).segments
            names = self._resolver.resolve(Parsed(segments), within, near)[0] if segments else []
            abroad = self._beyond(text, names)
            if abroad is not None:
                beyond = beyond or abroad
            elif names:
                parts.append(rank(text, names, limit, ()))
                tops.append(max(names, key=lambda f: f.weight).place)
        if not tops:
            note = (
                f"the road is in {beyond.country}" if beyond else "neither end of the road is known"
            )
            return Result(query, (), False, (note,), abroad=beyond)
        common = self._common(tops)
        if common is not None and common.placetype != "country" and len(tops) == 2:
            why = f"holds both ends, {tops[0].name} and {tops[1].name}"
            return rank(query, [Found(common, 1.0, 0.9, (why,))], limit, ())
        found = []
        for top in tops:
            province = self._province(top)
            if province is not None:
                why = f"one end of the road, {top.name}, is there"
                found.append(Found(province, 1.0, 0.9, (why,)))
        both = len(tops) == 2
        note = "the road crosses provinces" if both else "one end of the road is not known"
        if beyond:
            note = f"the other end of the road is in {beyond.country}"
        result = rank(query, found, limit, (note,))
        return replace(result, ambiguous=True, parts=tuple(parts) if both else (), abroad=beyond)

    def _beyond(self, text: str, names: Sequence[Found]) -> Abroad | None:
        """The country of an end that is a place abroad, and no province or capital here."""
        foreign = self._foreign.find(text)
        here = any(f.exact and known(f.place) for f in names)
        return Abroad(foreign.country) if foreign and foreign.country and not here else None

    def _province(self, place: Place) -> Place | None:
        line = (place, *self._places.ancestors(place.id))
        return next((p for p in line if p.placetype == "province"), None)

    def _common(self, places: Sequence[Place]) -> Place | None:
        chains = [[p, *self._places.ancestors(p.id)] for p in places]
        areas = [p for p in chains[0] if p.placetype in ("district", "province", "country")]
        for place in areas:
            if all(place.id in {a.id for a in chain} for chain in chains):
                return place
        return None
