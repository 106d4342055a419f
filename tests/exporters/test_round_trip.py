"""The JSON export loses nothing: claims, sources and judgements rebuilt from it are the same."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim, bounds
from mapapp.domain.incident import assemble
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    VictimClass,
)
from mapapp.exporters import incidents_json
from mapapp.exporters.extract import extract
from tests.exporters.extracts import record, seeds_extract, source


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def claim_of(row: dict[str, Any], incident_id: str) -> Claim:
    """A claim out of nothing but its exported form."""
    return Claim(
        incident_id=incident_id,
        property=Property(row["property"]),
        source_id=row["source_id"],
        asserted_by=row["asserted_by"],
        speaker_class=SpeakerClass(row["speaker_class"]),
        value=None if row["value"] is None else str(row["value"]),
        low=row["low"],
        high=row["high"],
        modifier=Modifier(row["modifier"]) if row["modifier"] else None,
        victim_class=VictimClass(row["victim_class"]) if row["victim_class"] else None,
        victim_text=row["victim_text"] or "",
        subset_of=VictimClass(row["subset_of"]) if row["subset_of"] else None,
        attribution_kind=AttributionKind(row["attribution_kind"])
        if row["attribution_kind"]
        else None,
        actor=row["actor"],
        actor_text=row["actor_text"] or "",
        asserted_on=_day(row["asserted_on"]),
        locator=row["locator"] or "",
        words=row["words"] or "",
        note=row["note"] or "",
    )


def source_of(row: dict[str, Any]) -> Source:
    """A source out of nothing but its exported form."""
    days = (
        "published_earliest", "published_latest", "accessed_on", "covers_from", "covers_to",
    )  # fmt: skip
    return Source(
        **{key: value for key, value in row.items() if key not in days}
        | {name: _day(row[name]) for name in days}
        | {
            "redistribution": Redistribution(row["redistribution"]),
            "published_how": row["published_how"] or "",
            "based_on": tuple(row["based_on"]),
            "covers_countries": tuple(row["covers_countries"]),
            "covers_provinces": tuple(row["covers_provinces"]),
            "covers_how": row["covers_how"] or "",
        }
    )


def test_the_seeds_come_back_the_same(seeds: Batch) -> None:
    document = json.loads(incidents_json.write(seeds_extract(seeds)))
    claims = {claim_of(row, i["id"]).id for i in document["incidents"] for row in i["claims"]}
    assert claims == {claim.id for claim in seeds.claims}
    used = {claim.source_id for claim in seeds.claims}
    assert {source_of(row) for row in document["sources"]} == {
        source for source in seeds.sources if source.id in used
    }
    judgements = {
        Judgement(
            row["left_id"], row["right_id"], Relation(row["relation"]), row["reason"],
            tuple(row["conflicts"]), row["judged_by"] or "",
        ).id
        for i in document["incidents"]
        for row in i["related"]
    }  # fmt: skip
    assert judgements == {judgement.id for judgement in seeds.judgements}


texts = st.text(max_size=20)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    prop = draw(st.sampled_from(Property))
    fields: dict[str, Any] = {
        "incident_id": "i", "property": prop, "source_id": "s1",
        "asserted_by": draw(st.text(min_size=1, max_size=20)),
        "speaker_class": draw(st.sampled_from(SpeakerClass)),
        "value": draw(st.none() | st.text(min_size=1, max_size=9)),
        "asserted_on": draw(st.none() | st.dates()),
        "locator": draw(texts), "words": draw(texts), "note": draw(texts),
    }  # fmt: skip
    if prop in MEASURES:
        fields["value"] = draw(st.none() | st.integers(0, 999).map(str))
        fields["modifier"] = draw(st.sampled_from(Modifier))
        fields["victim_class"] = draw(st.sampled_from(VictimClass))
        fields["subset_of"] = draw(st.none() | st.sampled_from(VictimClass))
        fields["victim_text"] = draw(texts)
        fields["low"], fields["high"] = bounds(draw(st.integers(0, 10**6)), fields["modifier"])
    if prop is Property.ATTRIBUTION:
        fields["attribution_kind"] = draw(st.sampled_from(AttributionKind))
        fields["actor"] = draw(st.text(min_size=1, max_size=9))
        fields["actor_text"] = draw(texts)
    return Claim(**fields)


@given(claims())
def test_any_claim_comes_back_with_its_id(claim: Claim) -> None:
    incidents = assemble([record("i")], [claim])
    written = incidents_json.write(extract(incidents, {"s1": source("s1")}))
    (row,) = json.loads(written)["incidents"][0]["claims"]
    assert row["id"] == claim.id
    assert claim_of(row, "i").id == claim.id
