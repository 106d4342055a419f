"""A data set whose every text field carries the corpus, as a file of our own export to import."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord, assemble
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
    Rule,
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.exporters.incidents_json import SCHEMA, incident_json, source_json
from tests.hostile.corpus import corpus

#: Characters of a field: each text of a class comes first in some field of some incident.
MAX_FIELD = 400

_PRECISIONS = (
    GeoPrecision.SITE, GeoPrecision.SETTLEMENT, GeoPrecision.NEIGHBOURHOOD, GeoPrecision.COUNTRY,
)  # fmt: skip


def _texts(whole: bool) -> list[Sequence[str]]:
    """For each incident the texts that its fields begin with: a class each, or a text each."""
    if whole:
        return [(text,) for _, text in corpus().texts]
    return list(corpus().by_class().values())


class _Field:
    """Gives each field of an incident other texts of it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts, self._next = texts, 0

    def __call__(self) -> str:
        self._next += 1
        at = self._next % len(self._texts)
        turned = [*self._texts[at:], *self._texts[:at]]
        return " ".join(turned)[:MAX_FIELD]


def _id(text: str) -> str:
    # The importer refuses others: see test_files.py.
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs"))[:80]


def ids(*, whole: bool = False) -> list[str]:
    """The incidents' ids: plain ones, as a reader's link must be able to name them."""
    return [f"hostile-{n}" for n in range(len(_texts(whole)))]


def write(path: Path, *, whole: bool = False) -> Path:
    """The file. `whole`: an incident for each text instead of one for each class."""
    sources: dict[str, Source] = {}
    incidents = []
    names = ids(whole=whole)
    for number, texts in enumerate(_texts(whole)):
        field = _Field(texts)
        # Every third id is hostile, too: nobody says what an id may be made of.
        own_id = f"src {_id(field())} {number}" if number % 3 == 0 else f"src-{number}"
        source = Source(
            id=own_id, publisher=field(), title=field(), language=field()[:20],
            redistribution=Redistribution.FACTS, licence=field(), published_how=field(),
            url=texts[number % len(texts)][:500], archived_url=texts[0][:500], graphic=True,
            dataset="hostile", based_on=(field()[:100],), covers_how=field(),
            covers_countries=(field()[:30],),
        )  # fmt: skip
        sources[source.id] = source
        for key in (names[number], *([f"id {_id(field())} {number}"] if number % 5 == 0 else ())):
            record = _record(key, field, number)
            related = (
                (_judgement(key, names[number - 1], field),)
                if number and key == names[number]
                else ()
            )
            incidents += [
                incident_json(own, sources, Rule.INDEPENDENT_FIRST)
                for own in assemble((record,), _claims(record, source, field), related, {})
            ]
    document = {
        "schema": SCHEMA, "incidents": incidents,
        "sources": [source_json(source) for source in sources.values()],
    }  # fmt: skip
    for own in incidents:
        own["claims_withheld"] = 0
    path.write_text(json.dumps(document), "ascii")
    return path


def _record(key: str, field: _Field, number: int) -> IncidentRecord:
    day = date(2022, 1 + number % 12, 1 + number % 28)
    precision = _PRECISIONS[number % 4]
    mappable = precision is not GeoPrecision.COUNTRY
    return IncidentRecord(
        id=key,
        title=field(),
        date=DateInterval(day, day, DatePrecision.DAY, field(), field()),
        place=PlaceRef(
            text=field(), place_id=field()[:60], name=field(), adm1_pcode=f"X{number % 7}",
            adm1_name=field(), adm2_pcode=f"X{number % 7}0{number}", adm2_name=field(),
            geo_precision=precision, lat=34.0 + (number % 5) / 10 if mappable else None,
            lng=66.0 + (number % 4) / 10 if mappable else None,
            radius_m=100.0 if mappable else None,
        ),
        event_type=list(EventType)[number % len(EventType)],
        target_type=list(TargetType)[number % len(TargetType)],
        target=field(),
        notes=(field(), field()),
        dataset="hostile",
    )  # fmt: skip


def _claims(record: IncidentRecord, source: Source, field: _Field) -> tuple[Claim, ...]:
    first = Claim(
        incident_id=record.id, source_id=source.id, asserted_by=field(),
        speaker_class=SpeakerClass.WITNESS, locator=field(), words=field(), note=field(),
        property=Property.KILLED, modifier=Modifier.EXACT, low=3, high=3, value="3",
        victim_class=VictimClass.CIVILIANS, victim_text=field(),
    )  # fmt: skip
    other = replace(
        first, asserted_by=field(), speaker_class=SpeakerClass.OFFICIAL, low=9, high=9, value="9",
        words=field(),
    )  # fmt: skip
    plain = {
        "incident_id": record.id, "source_id": source.id, "speaker_class": SpeakerClass.MEDIA,
    }  # fmt: skip
    return (
        first,
        other,
        Claim(
            property=Property.ATTRIBUTION, attribution_kind=AttributionKind.SUSPECTED,
            actor=field()[:120], actor_text=field(), asserted_by=field(), words=field(),
            **plain,  # type: ignore[arg-type]
        ),
        *(
            Claim(property=own, value=field(), asserted_by=field(), words=field(), **plain)  # type: ignore[arg-type]
            for own in (Property.WEAPON, Property.TARGET, Property.PLACE, Property.DAMAGE)
        ),
    )  # fmt: skip


def _judgement(left: str, right: str, field: _Field) -> Judgement:
    return Judgement(left, right, Relation.POSSIBLY_SAME, field(), (field(), field()), field())
