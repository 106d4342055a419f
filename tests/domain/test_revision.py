"""What reads otherwise between two states of an incident, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import Incident, IncidentRecord, assemble
from mapapp.domain.place import PlaceRef
from mapapp.domain.revision import Revision, claim_words, revisions
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    SpeakerClass,
    TargetType,
    VictimClass,
)

DAY = date(2022, 9, 5)
RECORD = IncidentRecord(
    "a", "Attack", DateInterval(DAY, DAY, DatePrecision.DAY), PlaceRef("Herat"),
    EventType.BOMBING, TargetType.CIVILIANS, "people",
)  # fmt: skip


def killed(number: int, **more: Any) -> Claim:
    base = Claim(
        "a", Property.KILLED, "000", "UNAMA", SpeakerClass.MONITOR, value=str(number),
        low=number, high=number, modifier=Modifier.EXACT, victim_class=VictimClass.UNSPECIFIED,
    )  # fmt: skip
    return replace(base, **more)


def said(**more: Any) -> Claim:
    base = Claim("a", Property.EVENT_TYPE, "000", "UNAMA", SpeakerClass.MONITOR)
    return replace(base, **more)


def state(record: IncidentRecord, *claims: Claim) -> Incident:
    (incident,) = assemble([record], claims)
    return incident


def between(before: Incident, after: Incident) -> list[str]:
    return [str(one) for one in revisions(before, after, lambda source: source)]


def changed(**more: Any) -> list[str]:
    """What a change of the record alone reads as."""
    return between(state(RECORD), state(replace(RECORD, **more)))


def test_nothing_reads_otherwise_where_nothing_changed() -> None:
    assert between(state(RECORD, killed(2)), state(RECORD, killed(2))) == []


def test_a_corrected_figure_is_one_claim_that_moved_and_a_total() -> None:
    found = between(state(RECORD, killed(2)), state(RECORD, killed(3)))
    assert found == [
        "reported killed, lowest to highest: 2 → 3",
        "killed, said by UNAMA: 2 → 3",
    ]


def test_claims_that_come_and_go_stand_beside_nothing() -> None:
    other = killed(4, asserted_by="A hospital")
    assert between(state(RECORD, killed(2)), state(RECORD, killed(2), other))[1:] == [
        "killed, said by A hospital: – → 4"
    ]
    assert between(state(RECORD, killed(2), other), state(RECORD, killed(2)))[1:] == [
        "killed, said by A hospital: 4 → –"
    ]


def test_a_claim_that_moved_to_a_newer_release_is_the_same() -> None:
    old, new = (
        state(RECORD, killed(2, source_id="ged-1")),
        state(RECORD, killed(2, source_id="ged-2")),
    )
    assert revisions(old, new, lambda source: source.split("-")[0]) == ()
    assert between(old, new) == ["killed, said by UNAMA: 2 → –", "killed, said by UNAMA: – → 2"]


def test_two_figures_of_one_speaker_are_paired_by_whom_they_count() -> None:
    children = killed(1, victim_class=VictimClass.CHILDREN)
    found = between(
        state(RECORD, killed(4), children),
        state(RECORD, killed(4), replace(children, value="2", low=2, high=2)),
    )
    assert found == ["killed (children), said by UNAMA: 1 → 2"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": "Blast"}, "title: Attack → Blast"),
        ({"event_type": EventType.RAID}, "event type: bombing or planted device → raid"),
        ({"background": True}, "in passing only: no → yes"),
        ({"country": "PAK"}, "country: AFG → PAK"),
        ({"notes": ("one", "two")}, "notes: – → one two"),
        ({"dataset": "acled"}, "data set: curated → acled"),
        ({"target": ""}, "target: people (civilians) → (civilians)"),
        ({"target_type": TargetType.UNKNOWN}, "target: people (civilians) → people (unknown)"),
    ],
)
def test_each_property_of_the_record_has_its_words(more: dict[str, Any], words: str) -> None:
    assert changed(**more) == [words]


def test_a_date_reads_with_its_words_and_how_it_was_derived() -> None:
    when = DateInterval(DAY, DAY, DatePrecision.DAY, "Monday", "from the day of publication")
    assert changed(date=when) == [
        "date: 2022-09-05 (day) → 2022-09-05 (day “Monday”; from the day of publication)"
    ]


def test_a_place_reads_with_its_point_and_radius() -> None:
    where = PlaceRef(
        "a street", "town:herat/herat", "Herat", "AF32", "Herat", None, None,
        GeoPrecision.SETTLEMENT, 34.35, 62.2, 3000.0,
    )  # fmt: skip
    (words,) = changed(place=where)
    assert words.startswith("place: Herat; ")
    assert words.endswith("“a street”; 34.3500, 62.2000; radius 3,000 m")
    (words,) = changed(place=replace(where, radius_m=None))
    assert words.endswith("“a street”; 34.3500, 62.2000")
    (words,) = changed(place=replace(where, geo_precision=GeoPrecision.COUNTRY, radius_m=None))
    assert words.endswith("“a street”")  # a point of the country is none


def test_what_has_no_words_of_its_own_is_still_told() -> None:
    assert changed(place=PlaceRef("Herat", ambiguous=True)) == [
        "record: details as before → details as now"
    ]


def test_a_claim_without_other_words_reads_in_its_details() -> None:
    one = said(value="bombing", words="a blast", locator="paragraph 2", asserted_on=DAY)
    other = replace(one, note="corrected", locator="paragraph 3")
    about = (
        "bombing or planted device; source 000; paragraph {}; said on 2022-09-05; monitor; "
        "words “a blast”"
    )
    old, new = about.format(2), about.format(3) + "; note corrected"
    assert between(state(RECORD, one), state(RECORD, other)) == [
        f"event type, said by UNAMA: {old} → {new}"
    ]


def test_superseded_claims_are_not_compared() -> None:
    gone = killed(9, superseded_by="x", superseded_at=said().recorded_at)
    assert between(state(RECORD, killed(2)), state(RECORD, killed(2), gone)) != []  # it stands
    dead = replace(gone, superseded_at=datetime(2022, 9, 6, tzinfo=UTC))
    assert between(state(RECORD, killed(2)), state(RECORD, killed(2), dead)) == []


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (said(value="armed_clash"), "armed clash"),
        (said(words="a blast"), "a blast"),
        (said(), "not said"),
        (said(property=Property.DATE, value="armed_clash"), "armed_clash"),
        (said(property=Property.ATTRIBUTION, attribution_kind=AttributionKind.UNCLAIMED),
         "no claim reported"),
        (said(property=Property.ATTRIBUTION, attribution_kind=AttributionKind.CLAIMED,
              actor="iskp"), "ISKP, claimed"),
        (killed(6, modifier=Modifier.AT_LEAST, high=None), "≥6"),
    ],
)  # fmt: skip
def test_a_claim_in_words(claim: Claim, words: str) -> None:
    assert claim_words(claim) == words


def test_who_did_it_and_no_speaker_in_words() -> None:
    one = said(
        property=Property.ATTRIBUTION, attribution_kind=AttributionKind.CLAIMED, actor="iskp"
    )
    assert between(state(RECORD), state(RECORD, one)) == [
        "who did it, said by UNAMA: – → ISKP, claimed"
    ]
    assert str(Revision("title", "a", "b")) == "title: a → b"
