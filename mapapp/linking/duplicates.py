"""Doubles made of real incidents with documented noise, to measure the suggestions (evaluation).

What is done to a copy, each by the dice of the incident's id, so that it is the same on every run:

- days: known to the day, one in four is reported a day later and one in six as two days; known to
  more days, the copy has a part of them;
- place: a third stays, a third lies up to 3 km off at the same precision, a third is known only to
  the next coarser unit (a settlement to its district, a district to its province) with a mark
  somewhere in it and the unit's name for words;
- spelling: letters of the place's words doubled, dropped or exchanged;
- figures: one in four says "at least" the lowest figure; the rest stays;
- kind of attack and target: one in four leaves each open;
- source and dataset: others, as from another collection, without the original's citation.
"""

from __future__ import annotations

import hashlib
import math
import random
from dataclasses import replace
from datetime import timedelta

from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import Incident
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import (
    MEASURES,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    TargetType,
)

#: Radii of the next coarser unit, metres: a typical district, a typical province.
_DISTRICT_M, _PROVINCE_M = 25_000.0, 90_000.0

_M_PER_DEGREE = 111_000.0


def half_of(incident_id: str) -> str:
    """ "tuning" or "held": in which half an incident is, by its id alone."""
    return "tuning" if hashlib.sha256(incident_id.encode()).digest()[0] % 2 else "held"


def is_doubled(incident_id: str) -> bool:
    """Whether an incident gets a copy; every second does."""
    return hashlib.sha256(incident_id.encode()).digest()[1] % 2 == 0


def double(incident: Incident) -> Incident:
    """A noisy copy with the id `copy-<id>`."""
    dice = random.Random(incident.id)  # noqa: S311 - noise for an evaluation, not a secret
    record, own_id = incident.record, f"copy-{incident.id}"
    return Incident(
        replace(
            record,
            id=own_id,
            title=_respelt(record.title, dice),
            date=_moved_days(record.date, dice),
            place=_moved_place(record.place, dice),
            event_type=EventType.OTHER if dice.random() < 0.25 else record.event_type,
            target_type=TargetType.UNKNOWN if dice.random() < 0.25 else record.target_type,
            notes=(),
            dataset="copies",
        ),
        tuple(_copied(claim, own_id, at_least) for at_least in [dice.random() < 0.25]
              for claim in incident.claims),
    )  # fmt: skip


def _copied(claim: Claim, own_id: str, at_least: bool) -> Claim:
    copy = replace(
        claim, incident_id=own_id, source_id="copies", asserted_by="another collection",
        locator="", note="",
    )  # fmt: skip
    if at_least and claim.property in MEASURES and claim.low:
        copy = replace(copy, value=str(claim.low), high=None, modifier=Modifier.AT_LEAST)
    return copy


def _moved_days(when: DateInterval, dice: random.Random) -> DateInterval:
    first, last = when.earliest, when.latest
    if first is None or last is None:
        return when
    if first == last:
        turn = dice.random()
        if turn < 0.25:
            later = first + timedelta(days=1)
            return replace(when, earliest=later, latest=later)
        if turn < 0.42:
            until = last + timedelta(days=1)
            return replace(when, latest=until, precision=DatePrecision.DAYS)
        return when
    length = (last - first).days
    cut = dice.randint(0, length // 2)
    if dice.random() < 0.5:
        return replace(when, earliest=first + timedelta(days=cut), precision=_of_days(length - cut))
    return replace(when, latest=last - timedelta(days=cut), precision=_of_days(length - cut))


def _of_days(length: int) -> DatePrecision:
    return DatePrecision.MONTH if length > 7 else DatePrecision.DAYS


def _moved_place(place: PlaceRef, dice: random.Random) -> PlaceRef:
    text = _respelt(place.text, dice)
    turn = dice.random()
    if place.lat is None or place.lng is None or turn < 1 / 3:
        return replace(place, text=text)
    if turn < 2 / 3:
        lat, lng = _shifted(place.lat, place.lng, 3_000.0, dice)
        return replace(place, text=text, lat=lat, lng=lng)
    fine = place.geo_precision in (
        GeoPrecision.SITE, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.SETTLEMENT,
    )  # fmt: skip
    radius_m = _DISTRICT_M if fine else _PROVINCE_M
    coarser = GeoPrecision.DISTRICT if fine else GeoPrecision.PROVINCE
    lat, lng = _shifted(place.lat, place.lng, radius_m * 0.8, dice)
    named = place.adm2_name if fine else place.adm1_name
    return replace(
        place, text=_respelt(named, dice) if named else "", lat=lat, lng=lng,
        geo_precision=coarser, place_id=None,
        radius_m=max(radius_m, place.radius_m or 0.0), area_id=None,
    )  # fmt: skip


def _shifted(lat: float, lng: float, most_m: float, dice: random.Random) -> tuple[float, float]:
    angle, reach = dice.random() * math.tau, most_m * math.sqrt(dice.random()) / _M_PER_DEGREE
    east = reach * math.cos(angle) / math.cos(math.radians(lat))
    return lat + reach * math.sin(angle), lng + east


def _respelt(text: str, dice: random.Random) -> str:
    """A word or two spelt as another hand would."""
    words = text.split(" ")
    for _ in range(2):
        place = dice.randrange(len(words))
        spellings = words[place]
        if len(spellings) > 3:
            at = dice.randrange(1, len(spellings) - 1)
            letter = {"a": "e", "e": "i", "i": "e", "u": "o", "o": "u"}.get(
                spellings[at], spellings[at] * 2
            )
            words[place] = spellings[:at] + letter + spellings[at + 1 :]
    return " ".join(words)
