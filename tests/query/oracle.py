"""The answers a plain loop over the incidents gives, for comparing the engine's with."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from mapapp.domain.actors import actor
from mapapp.domain.doubt import doubts
from mapapp.domain.incident import Attribution, Incident
from mapapp.domain.selection import Selection
from mapapp.domain.speakers import speaker_actor
from mapapp.domain.vocab import NO_STATEMENT, WIDER_CLASS, Property
from mapapp.snapshot.columns import fold_text, search_text
from tests.store.generate import WEAPONS


def matches(incident: Incident, s: Selection) -> bool:
    record, place = incident.record, incident.record.place
    if (record.background and not s.background) or (record.abroad and not s.abroad):
        return False
    within = record.date.certainly_within if s.date_certain else record.date.possibly_within
    return (
        within(s.date_from, s.date_to)
        and (not s.provinces or place.adm1_pcode in s.provinces)
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
        and _near(incident, s)
        and _along(incident, s)
        and (not s.datasets or record.dataset in s.datasets)
    )


def kept(incidents: Iterable[Incident], s: Selection) -> list[Incident]:
    return [incident for incident in incidents if matches(incident, s)]


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


def _near(incident: Incident, s: Selection) -> bool:
    if s.near is None:
        return True
    place = incident.record.place
    if not place.mappable or place.lat is None or place.lng is None:
        return False
    away = haversine_km(place.lat, place.lng, s.near.lat, s.near.lng)
    return away - (place.radius_m or 0) / 1000 <= s.near.radius_km


def _along(incident: Incident, s: Selection) -> bool:
    if s.along is None:
        return True
    place = incident.record.place
    if not place.mappable or place.lat is None or place.lng is None:
        return False
    away = min(
        to_leg_km((place.lat, place.lng), start, end) for start, end in pairwise(s.along.points)
    )
    return away - (place.radius_m or 0) / 1000 <= s.along.radius_km


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
