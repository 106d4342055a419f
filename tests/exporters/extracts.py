"""Extracts that the tests of exporters share: the seeds, hostile text, private rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.place import PlaceRef
from mapapp.domain.selection import Selection
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
from mapapp.exporters.extract import Extract, extract
from mapapp.exporters.reading import read_extract
from mapapp.store.store import Store

MADE_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)

#: Text that runs in HTML, in a template literal, in a spreadsheet, in XML or in JSON in a script.
HOSTILE = (
    "</script><img src=x onerror=alert(1)>${alert(2)}`\"'&amp;]]>=cmd|'/C calc'!A0\u2028\u2029\x0b"
)

#: Stands in whatever must not leave.
MARK = "QZPRIVATEQZ"


def seeds_extract(batch: Batch) -> Extract:
    found = assemble(batch.records, batch.claims, batch.judgements, batch.sources)
    sources = {source.id: source for source in batch.sources}
    ordered = sorted(found, key=lambda incident: incident.id)
    return extract(ordered, sources, made_at=MADE_AT)


def source(source_id: str, rule: Redistribution = Redistribution.FACTS, text: str = "") -> Source:
    return Source(
        id=source_id,
        publisher=f"Publisher {source_id} {text}".strip(),
        title=f"Title {text}".strip(),
        language="en",
        redistribution=rule,
        licence=f"licence {text}".strip(),
        published_earliest=date(2022, 9, 5),
        published_latest=date(2022, 9, 5),
        url="https://example.org/" + source_id,
        dataset="acled" if rule is Redistribution.PRIVATE else "curated",
    )


def record(incident_id: str, text: str = "", **fields: object) -> IncidentRecord:
    base = IncidentRecord(
        id=incident_id,
        title=f"Attack {text}".strip(),
        date=DateInterval(
            date(2022, 9, 5), date(2022, 9, 5), DatePrecision.DAY, f"Monday {text}".strip()
        ),
        place=PlaceRef(
            f"a street {text}".strip(), None, f"Herat {text}".strip(), "AF32", "Herat", None, None,
            GeoPrecision.SETTLEMENT, 34.35, 62.2, 3000.0,
        ),
        event_type=EventType.BOMBING,
        target_type=TargetType.CIVILIANS,
        target=f"people {text}".strip(),
        notes=(f"note {text}".strip(),),
    )  # fmt: skip
    return replace(base, **fields)  # type: ignore[arg-type]


def killed(incident_id: str, source_id: str, number: int, text: str = "") -> Claim:
    return Claim(
        incident_id=incident_id,
        property=Property.KILLED,
        source_id=source_id,
        asserted_by=f"Speaker of {source_id} {text}".strip(),
        speaker_class=SpeakerClass.MEDIA,
        value=str(number),
        low=number,
        high=number,
        modifier=Modifier.EXACT,
        victim_class=VictimClass.UNSPECIFIED,
        victim_text=text,
        words=text,
        note=text,
        locator="paragraph 3",
    )


def claimed(incident_id: str, source_id: str, actor: str, text: str = "") -> Claim:
    return Claim(
        incident_id=incident_id,
        property=Property.ATTRIBUTION,
        source_id=source_id,
        asserted_by=f"Speaker of {source_id} {text}".strip(),
        speaker_class=SpeakerClass.PARTY,
        attribution_kind=AttributionKind.CLAIMED,
        actor=actor,
        actor_text=text or actor,
        locator="paragraph 4",
    )


def hostile_extract() -> Extract:
    own = source("s1", text=HOSTILE)
    evil = record("evil", HOSTILE)
    claims = [killed("evil", "s1", 3, HOSTILE), claimed("evil", "s1", "iskp", HOSTILE)]
    return extract(assemble([evil], claims), {"s1": own}, made_at=MADE_AT)


def mixed() -> Batch:
    """Incidents of open claims, of a private one beside an open one, of private ones, and a row of
    a private data set of which an open source speaks, too.
    """
    sources = (source("open"), source("priv", Redistribution.PRIVATE, MARK))
    records = (
        record("a-open"),
        record("b-mixed"),
        record("e-open"),
        record("c-private", MARK, dataset="acled"),
        record("d-coded", MARK, dataset="acled"),
    )
    claims = (
        killed("a-open", "open", 2),
        killed("b-mixed", "open", 4),
        killed("e-open", "open", 1),
        killed("b-mixed", "priv", 9, MARK),
        claimed("b-mixed", "priv", "iskp", MARK),
        killed("c-private", "priv", 7, MARK),
        killed("d-coded", "priv", 5, MARK),
        killed("d-coded", "open", 5),
    )
    judgements = (
        Judgement("a-open", "c-private", Relation.SAME, f"reason {MARK}"),
        Judgement("a-open", "b-mixed", Relation.DIFFERENT, "another day"),
        Judgement("a-open", "e-open", Relation.SAME, "one bomb"),
    )
    return Batch(sources, records, claims, judgements)


def mixed_store(folder: Path) -> Store:
    """A store that holds `mixed`, published."""
    store = Store.open(folder)
    store.append(mixed(), by="test")
    store.publish()
    return store


def mixed_extract(folder: Path) -> Extract:
    """What leaves of `mixed` in the hands of who may read all."""
    store = mixed_store(folder)
    whole = store.current()
    own = read_extract(store.gate.shareable(whole), Selection(), whole=whole)
    store.close()
    return replace(own, made_at=MADE_AT)
