"""Invented incidents for tests: seeded, of every precision, with hostile strings among them."""

from __future__ import annotations

import random
from datetime import date, timedelta

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim, bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)

HOSTILE = (
    "'; DROP TABLE incidents; --",
    "quote \" and ' both",
    "100% of_it \\ back\\slash",
    "${alert(1)} `tick` <img src=x onerror=alert(1)>",
    "کابل‌شهر ي ك",
    "a,b%2C;c:d",
    "\N{LATIN SMALL LETTER A WITH MACRON}\N{PILE OF POO}e\N{COMBINING ACUTE ACCENT}",
)

PROVINCES = (
    ("AF01", "Kabul", 34.5, 69.2),
    ("AF32", "Herat", 34.3, 62.2),
    ("AF17", "Badakhshan", 36.9, 70.8),
    (HOSTILE[0], HOSTILE[1], 33.0, 65.0),
)
ACTORS = ("iskp", "nrf", "dfa", "dfa-mod", "al-farooq-corps", HOSTILE[5])
SPEAKERS = (
    ("UN mission", SpeakerClass.MONITOR),
    ("Hospital", SpeakerClass.MEDICAL),
    ("Taliban Ministry of Interior", SpeakerClass.PARTY),
    ("Newsroom", SpeakerClass.MEDIA),
    (HOSTILE[2], SpeakerClass.WITNESS),
)
WORDS = ("convoy", "mosque", "Market", "gate", "school", "50% off", "under_score", *HOSTILE)


#: Sides as data sets code them, which are in no list of actors.
SIDES = ("Taleban", "Government of Afghanistan", "IS", HOSTILE[5])


#: Weapons in a claim's own words, and the codes by which they are looked for.
WEAPONS = (
    ("Firearms", {"firearms"}),
    ("a suicide vest", {"explosives", "suicide_bomb"}),
    ("Unknown", {"unknown"}),
    (HOSTILE[3], {"other"}),
)


def sources() -> tuple[Source, ...]:
    return tuple(
        Source(
            id=key,
            publisher="Invented Gazette",
            title=title,
            language="en",
            redistribution=Redistribution.FACTS,
            licence="none",
            published_earliest=day,
            published_latest=day,
        )
        for key, title, day in (
            ("000", "First page", date(2022, 6, 1)),
            ("001", "Second page", None),
            (HOSTILE[5], HOSTILE[3], date(2023, 1, 1)),
        )
    )


def batch(count: int, seed: int = 1, prefix: str = "i") -> Batch:
    """So many incidents with their sources, claims and a few judgements."""
    rng = random.Random(seed)  # noqa: S311 - invented data, not secrets
    records = tuple(record(rng, f"{prefix}{n:04d}") for n in range(count))
    claims = {c.id: c for r in records for c in claims_of(rng, r.id)}
    judgements = tuple(
        Judgement(
            left.id, right.id, rng.choice(list(Relation)), "looks alike", ("date",), "a tester"
        )
        for left, right in zip(records[::7], records[3::7], strict=False)
    )
    return Batch(sources(), records, tuple(claims.values()), judgements)


def record(rng: random.Random, key: str) -> IncidentRecord:
    return IncidentRecord(
        id=key,
        title=f"Attack on {rng.choice(WORDS)} {rng.choice(WORDS)}",
        date=when(rng),
        place=where(rng),
        event_type=rng.choice(list(EventType)),
        target_type=rng.choice(list(TargetType)),
        target=rng.choice(WORDS),
        background=rng.random() < 0.15,
        country="PAK" if rng.random() < 0.1 else "AFG",
        notes=tuple(rng.sample(WORDS, rng.randint(0, 2))),
        dataset=rng.choice(("curated", "curated", "other")),
    )


def when(rng: random.Random) -> DateInterval:
    day = date(2021, 8, 1) + timedelta(days=rng.randrange(900))
    last = day + timedelta(days=rng.randrange(1, 6))
    month = day.replace(day=1)
    month_end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return rng.choice(
        (
            DateInterval(day, day, DatePrecision.DAY),
            DateInterval(day, day, DatePrecision.HOUR),
            DateInterval(day, last, DatePrecision.DAYS),
            DateInterval(day, day + timedelta(days=6), DatePrecision.WEEK),
            DateInterval(month, month_end, DatePrecision.MONTH, "that month"),
            DateInterval(date(day.year, 1, 1), date(day.year, 12, 31), DatePrecision.YEAR),
            DateInterval(None, day, DatePrecision.UNKNOWN, "before that"),
            DateInterval(day, None, DatePrecision.UNKNOWN, "since"),
            DateInterval(None, None, DatePrecision.UNKNOWN),
        )
    )


def where(rng: random.Random) -> PlaceRef:
    pcode, name, lat, lng = rng.choice(PROVINCES)
    lat, lng = lat + rng.uniform(-0.8, 0.8), lng + rng.uniform(-0.8, 0.8)
    number = rng.randint(1, 2)
    precision = rng.choice(list(GeoPrecision))
    radius: float | None = None
    area: str | None = None
    match precision:
        case GeoPrecision.NEIGHBOURHOOD:
            radius = 1500.0
        case GeoPrecision.SETTLEMENT:
            radius = 6000.0
        case GeoPrecision.DISTRICT:
            radius, area = rng.choice((None, 20_000.0)), f"district-{pcode}{number}"
        case GeoPrecision.PROVINCE:
            radius, area = 90_000.0, f"province-{pcode}"
        case GeoPrecision.COUNTRY:
            return PlaceRef("somewhere", geo_precision=precision)
        case GeoPrecision.SITE if rng.random() < 0.3:
            lat, lng = 34.52, 69.18  # many share one spot
    fine = precision not in (GeoPrecision.PROVINCE,)
    return PlaceRef(
        text=rng.choice(WORDS),
        place_id=f"place-{pcode}",
        name=name,
        adm1_pcode=pcode,
        adm1_name=name,
        adm2_pcode=f"{pcode}{number:02d}" if fine else None,
        adm2_name=f"{name} {number}" if fine else None,
        geo_precision=precision,
        lat=lat,
        lng=lng,
        radius_m=radius,
        area_id=area,
    )


def claims_of(rng: random.Random, incident_id: str) -> list[Claim]:
    found = []
    keys = [source.id for source in sources()]
    for speaker, speaker_class in rng.sample(SPEAKERS, rng.randint(0, 3)):
        for measure in (Property.KILLED, Property.WOUNDED, Property.CASUALTIES):
            for victims in rng.sample(list(VictimClass), rng.choice((0, 1, 1, 2))):
                modifier = rng.choice([m for m in Modifier if m is not Modifier.RANGE])
                value = None if modifier is Modifier.VAGUE else rng.randint(0, 40)
                low, high = bounds(value, modifier)
                found.append(
                    Claim(
                        incident_id,
                        measure,
                        rng.choice(keys),
                        speaker,
                        speaker_class,
                        value=None if value is None else str(value),
                        low=low,
                        high=high,
                        modifier=modifier,
                        victim_class=victims,
                        asserted_on=rng.choice((None, date(2023, 1, 2))),
                        locator="paragraph 2",
                    )
                )
        if rng.random() < 0.6:
            kind = rng.choice(list(AttributionKind))
            actor = None if kind is AttributionKind.UNCLAIMED else rng.choice(ACTORS)
            found.append(
                Claim(
                    incident_id,
                    Property.ATTRIBUTION,
                    rng.choice(keys),
                    speaker,
                    speaker_class,
                    attribution_kind=kind,
                    actor=actor,
                    actor_text=rng.choice(WORDS) if actor else "",
                )
            )
    return found + sides_of(incident_id) + weapons_of(incident_id)


def sides_of(incident_id: str) -> list[Claim]:
    """Two sides of every third incident, one of some others; nothing is drawn for them."""
    number = sum(incident_id.encode())
    named = {0: (SIDES[0], SIDES[number % 2 + 1]), 1: (SIDES[3],)}.get(number % 3, ())
    return [
        Claim(incident_id, Property.PARTICIPANT, "000", "Invented dataset", SpeakerClass.ANALYST,
              value=side)
        for side in named
    ]  # fmt: skip


def weapons_of(incident_id: str) -> list[Claim]:
    """A weapon of four in seven incidents, two of one of them; nothing is drawn for them."""
    number = sum(incident_id.encode()) % 7
    named = WEAPONS[number : number + 1] + (WEAPONS[:1] if number == 1 else ())
    return [
        Claim(incident_id, Property.WEAPON, "001", "Newsroom", SpeakerClass.MEDIA, value=words)
        for words, _ in named
    ]
