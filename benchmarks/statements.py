"""A pool of made-up statements about incidents, assembled as the application does (generator).

Each entry is what speakers say of one incident: figures, victim classes, who did it. The snapshot's
columns of the pool come from the application's own assembly, so that ranges, rules, open bounds and
disagreements are true to it; the generator then draws entries, which costs a `take`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TypeVar

import pyarrow as pa

from benchmarks import shares
from mapapp.domain.claim import Claim, bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.snapshot.columns import incident_columns
from mapapp.snapshot.schema import BASE, MEASURES

T = TypeVar("T")

DATASET = "synthetic"

#: Entries in the pool: enough that a facet or a figure is not a handful of repeated values.
POOL = 2000

#: Columns of `BASE` that follow from what is said. `search_text` holds the actors' words.
COLUMNS = (
    "victim_classes", "victims", "tokens", "actors", "groups", "kinds", "attributed_by", "voices",
    "display_kind", "disagreements", "doubts", "source_ids", "origins", "speakers", "search_text",
    *(name for name in BASE.names if any(measure in name for measure in MEASURES)),
)  # fmt: skip

_SPEAKERS = (
    ("Local police", SpeakerClass.PARTY),
    ("Hospital", SpeakerClass.MEDICAL),
    ("Correspondent", SpeakerClass.MEDIA),
    ("Monitor", SpeakerClass.MONITOR),
    ("Witness", SpeakerClass.WITNESS),
    ("Village elder", SpeakerClass.LOCAL_SOURCE),
    ("Provincial official", SpeakerClass.OFFICIAL),
)


def sources() -> tuple[Source, ...]:
    """The forty made-up items that all statements are found in."""
    return tuple(
        Source(
            id=f"{DATASET}-{number:02}",
            publisher=f"Synthetic publisher {number % 12 + 1}",
            title=f"Synthetic item {number}",
            language=("en", "fa", "ps")[number % 3],
            redistribution=Redistribution.OPEN,
            licence="made up",
            published_earliest=date(2020, 1, 1),
            published_latest=date(2020, 1, 1),
            dataset=DATASET,
        )
        for number in range(40)
    )


@lru_cache(maxsize=2)
def pool(seed: int) -> pa.Table:
    """`COLUMNS` of `POOL` entries; the same seed gives the same pool."""
    dice = random.Random(seed)
    records, claims = [], []
    for number in range(POOL):
        record = IncidentRecord(
            id=f"pool-{number}",
            title="",
            date=DateInterval(None, None, DatePrecision.UNKNOWN),
            place=PlaceRef(text=""),
            event_type=EventType.OTHER,
            target_type=TargetType.UNKNOWN,
            target="",
            dataset=DATASET,
        )
        records.append(record)
        claims += _claims(record.id, dice)
    columns = incident_columns(assemble(records, claims))
    return columns.select(COLUMNS).combine_chunks()


def _claims(incident_id: str, dice: random.Random) -> list[Claim]:
    # Few items carry most of the news.
    source = f"{DATASET}-{min(39, int(dice.expovariate(0.12))):02}"
    second = f"{DATASET}-{dice.randrange(40):02}"
    found = _figures(incident_id, Property.KILLED, shares.KILLED_SPEAKERS, source, second, dice)
    found += _figures(incident_id, Property.WOUNDED, shares.WOUNDED_SPEAKERS, source, second, dice)
    found += _attributions(incident_id, source, second, dice)
    if not found:
        # Something is said of every incident, be it only that a number was not given.
        found.append(
            Claim(
                incident_id, Property.KILLED, source, "Correspondent", SpeakerClass.MEDIA,
                modifier=Modifier.VAGUE, victim_class=VictimClass.UNSPECIFIED,
            )
        )  # fmt: skip
    return found


def _figures(
    incident_id: str,
    measure: Property,
    speakers: Mapping[int, float],
    source: str,
    second: str,
    dice: random.Random,
) -> list[Claim]:
    # A heavy tail: mostly none to five, now and then hundreds.
    true = int(min(400, dice.paretovariate(1.15) * (1 if measure is Property.KILLED else 1.8)) - 1)
    victims = VictimClass(_pick(shares.VICTIM_CLASS, dice))
    found = []
    for at, (name, speaker_class) in enumerate(dice.sample(_SPEAKERS, _pick(speakers, dice))):
        said = true
        if at and dice.random() < shares.DIFFERS:
            said = max(0, round(true * dice.uniform(0.4, 1.9)) + dice.choice((-1, 0, 1)))
        # Nobody says "about none".
        modifier = Modifier(_pick(shares.MODIFIER, dice)) if said else Modifier.EXACT
        low, high = bounds(said, modifier)
        found.append(
            Claim(
                incident_id, measure, second if at else source, name, speaker_class,
                value=None if modifier is Modifier.VAGUE else str(said),
                low=low, high=high, modifier=modifier, victim_class=victims,
            )
        )  # fmt: skip
        if dice.random() < 0.08:
            found.append(
                Claim(
                    incident_id, measure, source, name, speaker_class, value="1", low=1, high=1,
                    modifier=Modifier.EXACT, victim_class=VictimClass.ATTACKERS,
                )
            )  # fmt: skip
    return found


def _attributions(incident_id: str, source: str, second: str, dice: random.Random) -> list[Claim]:
    first = _pick(shares.ATTRIBUTION, dice)
    if first == "none":
        return []
    kind = AttributionKind(first)
    actor = None if kind is AttributionKind.UNCLAIMED else _pick(shares.ACTOR, dice)
    if kind is AttributionKind.CLAIMED and actor == "unidentified":
        actor = "iskp"  # who claims it is not unidentified

    def claim(own: AttributionKind, where: str, speaker: str, cls: SpeakerClass) -> Claim:
        return Claim(
            incident_id, Property.ATTRIBUTION, where, speaker, cls,
            attribution_kind=own, actor=actor,
        )  # fmt: skip

    speaker = ("The group", SpeakerClass.PARTY) if first == "claimed" else dice.choice(_SPEAKERS)
    found = [claim(kind, source, *speaker)]
    if actor is not None:
        if dice.random() < shares.DENIED:
            found.append(claim(AttributionKind.DENIED, second, "The group", SpeakerClass.PARTY))
        if dice.random() < shares.CONTESTED:
            found.append(claim(AttributionKind.CONTESTED, second, "Analyst", SpeakerClass.ANALYST))
    return found


def _pick(weights: Mapping[T, float], dice: random.Random) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]
