"""Works out where an offset ends: '33 km SSE of Jurm' is a point with a radius, and a district.

Distances are measured from towns; where only a district or province is known, from the middle
of it. What ends beyond the border says so and is never answered with the town.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..geometry import distance_m, move
from ..model import SAME_SOUND, Abroad, Candidate, Place, Result
from ..places import Places
from ..reading.offsets import Offset
from ..reading.query import Parsed
from ..store import read_positions
from .doubt import doubted
from .foreign import Foreign
from .ranking import Found, Ranking
from .resolve import Resolver

OFFSET_SURE = 0.92
OFFSET_ERROR = 0.2  # reporters round distances and bearings: a fifth of the distance
LEAST_RADIUS_M = 3_000.0
LARGEST_ANCHOR_M = 15_000.0
NEAR_DISTRICT_M = 20_000.0  # without a bearing the district of the town stands up to here
RIVAL = 0.2  # of halved scores: distances are measured from well-known towns
RIVAL_ANCHOR = 0.35  # what a town must weigh against the first to be meant as well
HEAD_REACH = 1.35  # a named place may lie this much farther off than the text says
AREAS = ("province", "district", "country")


class Offsets:
    """Offsets over one gazetteer."""

    def __init__(
        self, places: Places, resolver: Resolver, ranking: Ranking, foreign: Foreign
    ) -> None:
        self._places = places
        self._resolver = resolver
        self._ranking = ranking
        self._foreign = foreign
        self._positions = read_positions()

    def phrase(
        self, query: str, parsed: Parsed, within: Place | None, near: Sequence[Place], limit: int
    ) -> Result:
        """A phrase with an offset: the place it names, if listed, or where the offset ends."""
        offset = parsed.offset
        if offset is None:
            raise ValueError("the phrase holds no offset")
        ends = self._anchored(query, parsed, within, near, limit)
        if not parsed.head:
            return ends
        found, _ = self._resolver.resolve(Parsed(parsed.head), within, near)
        heads = [f for f in found if f.whole and self.in_reach(f.place, ends, offset)]
        if not heads or (not ends.candidates and ends.abroad is None):
            if any(f.whole for f in found) and not ends.candidates and ends.abroad is None:
                return self._ranking.rank(query, found, limit, ends.notes)
            return ends
        named = self._ranking.rank(query, heads, limit, ())
        return replace(named, candidates=tuple(self._finer(c, ends) for c in named.candidates))

    def _anchored(
        self, query: str, parsed: Parsed, within: Place | None, near: Sequence[Place], limit: int
    ) -> Result:
        anchor = Parsed(parsed.segments)
        found, notes = self._resolver.resolve(anchor, within, near)
        if within is not None and not any(_sure(f) for f in found):
            outside, _ = self._resolver.resolve(anchor, None, near)
            sure = any(_sure(f) for f in outside)
            found = outside if sure or not any(f.whole for f in found) else found
        known = [f for f in found if f.whole]
        if not known:
            note = "the place that the distance is measured from is not known"
            stands = self._ranking.rank(query, found, limit, (*notes, note))
            return doubted(stands, note)
        base = self._ranking.rank(query, known, limit, notes)
        return self.moved(query, parsed.offset or Offset(0.0, None, ""), base, limit)

    def moved(self, query: str, offset: Offset, base: Result, limit: int) -> Result:
        """Where an offset from the places of a result ends."""
        anchors = list(self._anchors(base))
        total = sum(a.score for a in anchors) if len(base.candidates) > len(anchors) else 1.0
        ends: list[Candidate] = []
        abroad: Abroad | None = None
        for anchor in anchors:
            end, beyond = self._end(anchor, offset)
            if anchor.score >= RIVAL_ANCHOR * anchors[0].score:
                abroad = abroad or beyond
            if end is None or any(e.place.id == end.place.id for e in ends):
                continue
            score = anchor.score / total * OFFSET_SURE * (0.5 if ends else 1.0)
            ends.append(replace(end, score=round(score, 4)))
        ends.sort(key=lambda c: -c.score)
        notes = base.notes
        if abroad is not None:
            notes = (*notes, _beyond(abroad))
        rival = len(ends) > 1 and ends[1].score >= RIVAL * ends[0].score
        result = Result(query, tuple(ends[:limit]), rival, notes, abroad=abroad)
        why = self._doubt(offset, base, anchors, abroad) if anchors else ""
        return doubted(result, why) if ends and why else result

    def _doubt(
        self, offset: Offset, base: Result, anchors: Sequence[Candidate], abroad: Abroad | None
    ) -> str:
        """Why the end of a distance is not sure; '' where it is."""
        first, best = anchors[0], base.best
        if offset.vague:
            return "no distance is given"
        if abroad is not None:
            return "it may lie beyond the border"
        if self._middle_misleads(first, offset):
            return "measured from the middle of the area: its centre is in no open list"
        if first.id in self._positions:
            return f"sources put {first.name} {self._positions[first.id] / 1000:.0f} km apart"
        if (
            best is not None
            and best.placetype == "district"
            and (first.adm2_pcode != best.adm2_pcode)
        ):
            return f"the district {best.name} may be meant, whose centre is in no open list"
        return ""

    @staticmethod
    def _middle_misleads(anchor: Candidate, offset: Offset) -> bool:
        """Whether the middle of an area is too little to measure a distance from."""
        if offset.bearing is not None:
            return anchor.placetype in AREAS or anchor.radius_m > LARGEST_ANCHOR_M
        return anchor.radius_m > max(offset.metres, LARGEST_ANCHOR_M)

    def _anchors(self, base: Result) -> Iterable[Candidate]:
        """'33 km from Jurm' is measured from the town, not from the middle of its district."""
        points = [c for c in base.candidates if c.placetype not in AREAS]
        if points:
            return points
        return [self._centre(c) for c in base.candidates]

    def _centre(self, area: Candidate) -> Candidate:
        """The capital of a province, from which distances 'from Badghis' are measured."""
        if area.placetype != "province":
            return area
        town = self._resolver.capital_of(area.place)
        if town is None or town.lat is None or town.lng is None:
            return area
        why = f"measured from its capital, {town.name}"
        return replace(
            area, place=town, reasons=(*area.reasons, why), lat=town.lat, lng=town.lng,
            radius_m=town.radius_m,
        )  # fmt: skip

    def _end(self, anchor: Candidate, offset: Offset) -> tuple[Candidate | None, Abroad | None]:
        apart = self._positions.get(anchor.id, 0.0)
        lat, lng, radius = anchor.lat, anchor.lng, offset.metres + anchor.radius_m
        if offset.bearing is not None:
            lat, lng = move(lat, lng, offset.bearing, offset.metres)
            radius = max(LEAST_RADIUS_M, offset.metres * (1.0 if offset.vague else OFFSET_ERROR))
            area = anchor.placetype in AREAS  # its centre may lie anywhere in it
            radius += anchor.radius_m if area else min(anchor.radius_m, LARGEST_ANCHOR_M)
        radius += apart
        lat, lng, radius = round(lat, 5), round(lng, 5), float(round(radius))
        why = f"{offset.words} {anchor.name} ({anchor.placetype})"
        place, beyond = self._places.area_at(lat, lng), None
        if place is None:
            place, metres = self._places.nearest_area(lat, lng)
            beyond = Abroad(self._foreign.country_at(lat, lng), lat, lng, radius, round(metres))
            if metres > radius:
                return None, beyond
        if offset.bearing is None and offset.metres > NEAR_DISTRICT_M and place.parent_id:
            place = self._places.place(place.parent_id)
        reasons = (why, *anchor.reasons)
        return replace(
            anchor, place=place, reasons=reasons, lat=lat, lng=lng, radius_m=radius
        ), beyond

    def in_reach(self, place: Place, ends: Result, offset: Offset) -> bool:
        """Whether a place named beside an offset can be what lies there."""
        if place.placetype == "country":
            return False
        lat, lng, radius_m, _, _ = self._places.effective_geometry(place.id)
        points = [(c.lat, c.lng, c.radius_m) for c in ends.candidates]
        if ends.abroad is not None and ends.abroad.lat is not None and ends.abroad.lng is not None:
            points.append((ends.abroad.lat, ends.abroad.lng, ends.abroad.radius_m or 0.0))
        return not points or any(
            distance_m(lat, lng, y, x) <= HEAD_REACH * (r + radius_m) + offset.metres * 0.35
            for y, x, r in points
        )

    def _finer(self, named: Candidate, ends: Result) -> Candidate:
        """A district named beside an offset that ends in it is drawn where the offset ends."""
        for end in ends.candidates:
            inside = named.place.id in self._places.line(end.place)
            if inside and not ends.ambiguous and end.radius_m < named.radius_m:
                reasons = (*named.reasons, end.reasons[0])
                return replace(
                    named, lat=end.lat, lng=end.lng, radius_m=end.radius_m, reasons=reasons
                )
        return named


def _sure(f: Found) -> bool:
    return f.whole and f.likeness >= SAME_SOUND


def _beyond(abroad: Abroad) -> str:
    where = f"in {abroad.country}" if abroad.country else "abroad"
    return f"the distance ends {where}, {(abroad.border_m or 0.0) / 1000:.0f} km beyond the border"
