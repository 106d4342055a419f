"""Small invented incidents for the tests of the page."""

from __future__ import annotations

from datetime import date

from mapapp.domain.claim import Claim, bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import Incident, IncidentRecord
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

ID = "afg-2024-05-08-somewhere"
DAY = date(2024, 5, 8)


def source(source_id: str = "900", **fields: object) -> Source:
    values: dict[str, object] = {
        "publisher": "The Courier",
        "title": "A convoy was hit",
        "language": "en",
        "redistribution": Redistribution.FACTS,
        "licence": "facts cited",
        "published_earliest": date(2024, 5, 9),
        "published_latest": date(2024, 5, 9),
        "published_how": "printed",
    }
    values.update(fields)
    return Source(source_id, **values)  # type: ignore[arg-type]


def measure(
    prop: Property,
    speaker: str,
    number: int | None,
    *,
    modifier: Modifier = Modifier.EXACT,
    victims: VictimClass = VictimClass.UNSPECIFIED,
    speaker_class: SpeakerClass = SpeakerClass.MEDIA,
    **fields: object,
) -> Claim:
    low, high = bounds(number, modifier)
    values: dict[str, object] = {"locator": "paragraph 3", **fields}
    return Claim(
        ID,
        prop,
        "900",
        speaker,
        speaker_class,
        low=low,
        high=high,
        modifier=modifier,
        victim_class=victims,
        **values,  # type: ignore[arg-type]
    )


def attribution(
    speaker: str, kind: AttributionKind, actor: str | None = None, actor_text: str = ""
) -> Claim:
    return Claim(
        ID,
        Property.ATTRIBUTION,
        "900",
        speaker,
        SpeakerClass.MEDIA,
        attribution_kind=kind,
        actor=actor,
        actor_text=actor_text,
        locator="paragraph 7",
    )


def record(**fields: object) -> IncidentRecord:
    values: dict[str, object] = {
        "title": "Bomb on a motorcycle hits a convoy",
        "date": DateInterval(DAY, DAY, DatePrecision.DAY, "Wednesday", "from 9 May 2024"),
        "place": PlaceRef(
            "Pul-e Jozgun area",
            "x",
            "Fayzabad",
            "AF15",
            "Badakhshan",
            "AF1501",
            "Fayzabad",
            GeoPrecision.SETTLEMENT,
            37.1,
            70.6,
            3000.0,
        ),
        "event_type": EventType.BOMBING,
        "target_type": TargetType.SECURITY_FORCES,
        "target": "a police convoy",
    }
    values.update(fields)
    return IncidentRecord(ID, **values)  # type: ignore[arg-type]


def disputed() -> Incident:
    """Two disputes: killed (3 against at least 6) and perpetrator; one attacker counted apart."""
    return Incident(
        record(notes=("The device is described in two ways.",)),
        (
            measure(Property.KILLED, "Ministry of Interior", 3, speaker_class=SpeakerClass.PARTY),
            measure(
                Property.KILLED,
                "Provincial hospital",
                6,
                modifier=Modifier.AT_LEAST,
                speaker_class=SpeakerClass.MEDICAL,
            ),
            measure(
                Property.WOUNDED, "Provincial hospital", 14, speaker_class=SpeakerClass.MEDICAL
            ),
            measure(Property.CASUALTIES, "ISKP statement", 12, speaker_class=SpeakerClass.PARTY),
            measure(
                Property.KILLED,
                "Ministry of Interior",
                1,
                victims=VictimClass.ATTACKERS,
                speaker_class=SpeakerClass.PARTY,
            ),
            attribution("ISKP statement", AttributionKind.CLAIMED, "iskp", "Islamic State"),
            attribution("The Courier", AttributionKind.UNCLAIMED),
        ),
    )
