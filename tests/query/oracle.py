"""The answers a plain loop over the incidents gives, for comparing the engine's with."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

import shapely
import shapely.geometry

from gazetteer import Gazetteer
from mapapp.domain.actors import actor
from mapapp.domain.doubt import doubts
from mapapp.domain.incident import Attribution, Incident
from mapapp.domain.selection import Circle, Corridor, Polygon, Selection
from mapapp.domain.speakers import speaker_actor
from mapapp.domain.vocab import NO_STATEMENT, WIDER_CLASS, Property
from mapapp.snapshot.columns import fold_text, search_text
from tests.store.generate import WEAPONS


def matches(incident: Incident, s: Selection) -> bool:
    record, place = incident.record, incident.record.place
    if record.background and not s.background:
        return False
    if record.country not in s.countries if s.countries else record.abroad and not s.abroad:
        return False
    within = record.date.certainly_within if s.date_certain else record.date.possibly_within
    return (
        within(s.date_from, s.date_to)
        and (not s.provinces or province(incident) in s.provinces)
        and (not s.districts or place.adm2_pcode in s.districts)
        and _stated(incident, s)
        and (not s.event_types or record.event_type in s.event_types)
        and (not s.targets or record.target_type in s.targets)
        and (not s.weapons or bool(weapons(incident) & set(s.weapons)))
        and (not s.victims or bool(victims(incident) & set(s.victims)))
        and (not s.participants or bool(sides(incident) & set(s.participants)))
        and _measured(incident, Property.KILLED, s.killed_min, s.killed_max)
        and _measured(incident, Property.WOUNDED, s.wounded_min, s.wounded_max)
        and (not s.doubts or bool(set(map(str, doubts(incident))) & set(s.doubts)))
        and (not s.sources or bool(set(incident.source_ids) & set(s.sources)))
        and (not s.geo_precisions or place.geo_precision in s.geo_precisions)
        and (not s.date_precisions or record.date.precision in s.date_precisions)
        and all(word in search_text(incident) for word in fold_text(s.text).split())
        and _placed(incident, s)
        and (not s.datasets or record.dataset in s.datasets)
    )


def kept(incidents: Iterable[Incident], s: Selection) -> list[Incident]:
    return [incident for incident in incidents if matches(incident, s)]


def province(incident: Incident) -> str | None:
    record, place = incident.record, incident.record.place
    if record.country == "AFG":
        return place.adm1_pcode
    return f"{record.country}:{place.adm1_name}" if place.adm1_name is not None else None


def groups(incident: Incident) -> set[str]:
    return {group for name in incident.actors for group in ancestry(name)}


def ancestry(name: str | None) -> set[str]:
    found: set[str] = set()
    while name is not None:
        found.add(name)
        name = actor(name).parent
    return found


def kinds(incident: Incident) -> set[str]:
    return {str(a.kind) for a in incident.attributions} or {NO_STATEMENT}


def speakers(said: Attribution) -> set[str]:
    return {str(said.speaker_class)} | ancestry(speaker_actor(said.asserted_by))


def victims(incident: Incident) -> set[str]:
    own = set(incident.victim_classes)
    return {str(v) for v in own | {WIDER_CLASS[v] for v in own if v in WIDER_CLASS}}


def sides(incident: Incident) -> set[str]:
    said = [c for c in incident.claims if c.property is Property.PARTICIPANT and c.current]
    return {c.value for c in said if c.value}


def weapons(incident: Incident) -> set[str]:
    codes = dict(WEAPONS)
    named = [c.value for c in incident.claims if c.property is Property.WEAPON and c.current]
    return set().union(*(codes[words] for words in named if words)) or {"not_stated"}


def _stated(incident: Incident, s: Selection) -> bool:
    if s.speakers:
        return any(
            (not s.kinds or a.kind in s.kinds)
            and (not s.groups or ancestry(a.actor) & set(s.groups))
            and speakers(a) & set(s.speakers)
            for a in incident.attributions
        )
    if s.groups and s.kinds:
        return any(
            a.kind in s.kinds and ancestry(a.actor) & set(s.groups) for a in incident.attributions
        )
    if s.groups:
        return bool(groups(incident) & set(s.groups))
    return not s.kinds or bool(kinds(incident) & set(s.kinds))


def _measured(incident: Incident, measure: Property, least: int | None, most: int | None) -> bool:
    if least is None and most is None:
        return True
    own = incident.headline(measure)
    if own.low is None or own.high is None:
        return False
    reaches = least is None or own.high_open or own.high >= least
    return reaches and (most is None or own.low <= most)


def _placed(incident: Incident, s: Selection) -> bool:
    return all(lies_in(incident, shape, s.place_certain) for shape in s.shapes)


def lies_in(incident: Incident, shape: Circle | Corridor | Polygon, certain: bool) -> bool:
    """Whether a place lies in a shape, by a plain way of its own: a plane about the shape."""
    place = incident.record.place
    if not place.mappable or place.lat is None or place.lng is None:
        return False
    radius = (place.radius_m or 0) / 1000
    areal = place.geo_precision in ("district", "province") and place.area_id
    outline = outline_of(place.area_id) if areal and place.area_id else None
    if isinstance(shape, Polygon):
        drawn = shapely.Polygon([(lng, lat) for lat, lng in shape.points])
        if outline is not None:
            return bool(drawn.covers(outline) if certain else drawn.intersects(outline))
        point = shapely.Point(place.lng, place.lat)
        squeeze = math.cos(math.radians(place.lat))
        border = shapely.transform(
            drawn.boundary.segmentize(0.02),
            lambda xy: (xy - [place.lng, place.lat]) * [squeeze, 1.0] * math.radians(6371.0088),
        ).distance(shapely.Point(0, 0))
        inside = drawn.covers(point)
        return bool(inside and border >= radius if certain else inside or border <= radius)
    if outline is not None:
        corners = shapely.get_coordinates(outline.segmentize(0.02))
        away = [_away_km((lat, lng), shape) for lng, lat in corners]
        if certain:
            return max(away) <= shape.radius_km
        holds = any(outline.covers(shapely.Point(lng, lat)) for lat, lng in _stops(shape))
        return holds or min(away) <= shape.radius_km
    away_km = _away_km((place.lat, place.lng), shape)
    return (away_km + radius if certain else away_km - radius) <= shape.radius_km


@cache
def outline_of(area_id: str) -> Any:
    """The outline of an area, None where it has none."""
    gazetteer = Gazetteer.load()
    geometry = gazetteer.polygon(area_id) if area_id in gazetteer else None
    return shapely.make_valid(shapely.geometry.shape(geometry)) if geometry else None


def _stops(shape: Circle | Corridor) -> list[tuple[float, float]]:
    if isinstance(shape, Circle):
        return [(shape.lat, shape.lng)]
    if len(set(shape.points)) == 1:
        return [shape.points[0]]
    line = shapely.LineString([(lng, lat) for lat, lng in shape.points]).segmentize(0.02)
    return [(lat, lng) for lng, lat in shapely.get_coordinates(line)]


def _away_km(point: tuple[float, float], shape: Circle | Corridor) -> float:
    if isinstance(shape, Circle):
        return haversine_km(*point, shape.lat, shape.lng)
    return min(to_leg_km(point, start, end) for start, end in pairwise(shape.points))


def haversine_km(lat0: float, lng0: float, lat1: float, lng1: float) -> float:
    a, b = math.radians(lat0), math.radians(lat1)
    h = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(lng1 - lng0) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(min(1.0, h)))


def to_leg_km(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> float:
    squeeze = math.cos(math.radians((start[0] + end[0]) / 2))
    leg = (end[0] - start[0], (end[1] - start[1]) * squeeze)
    own = (point[0] - start[0], (point[1] - start[1]) * squeeze)
    length = leg[0] ** 2 + leg[1] ** 2
    share = 0.0 if length == 0 else (own[0] * leg[0] + own[1] * leg[1]) / length
    share = min(1.0, max(0.0, share))
    nearest = tuple(a + share * (b - a) for a, b in zip(start, end, strict=True))
    return haversine_km(*point, *nearest)
