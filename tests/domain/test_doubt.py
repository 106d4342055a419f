"""Reasons for doubt: each holds where it should, and not where it nearly would."""

from __future__ import annotations

from datetime import date

import pytest

from mapapp.domain.claim import Claim, bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.doubt import doubts
from mapapp.domain.incident import Incident, IncidentRecord, assemble
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    Doubt,
    EventType,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)


def source(key: str, publisher: str, based_on: tuple[str, ...] = ()) -> Source:
    return Source(key, publisher, "t", "en", Redistribution.FACTS, "none", based_on=based_on)


def killed(number: int, by: str, cls: SpeakerClass, at: str = "a") -> Claim:
    low, high = bounds(number, Modifier.EXACT)
    return Claim(
        "i", Property.KILLED, at, by, cls, value=str(number), low=low, high=high,
        modifier=Modifier.EXACT, victim_class=VictimClass.UNSPECIFIED,
    )  # fmt: skip


def said(kind: AttributionKind, actor: str | None, cls: SpeakerClass = SpeakerClass.MEDIA) -> Claim:
    return Claim(
        "i", Property.ATTRIBUTION, "a", f"{kind} speaker", cls, attribution_kind=kind, actor=actor
    )


def incident(claims: list[Claim], sources: tuple[Source, ...] = ()) -> Incident:
    record = IncidentRecord(
        "i", "t", DateInterval(date(2022, 1, 1), None, DatePrecision.UNKNOWN), PlaceRef("x"),
        EventType.OTHER, TargetType.UNKNOWN, "",
    )  # fmt: skip
    (found,) = assemble([record], claims, (), sources)
    return found


PARTY, MEDIA = SpeakerClass.PARTY, SpeakerClass.MEDIA
CLAIMED, CONTESTED = AttributionKind.CLAIMED, AttributionKind.CONTESTED


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([killed(2, "x", MEDIA), killed(2, "y", MEDIA, "b")], set()),
        ([killed(2, "x", MEDIA), killed(3, "y", MEDIA, "b")], {Doubt.DISPUTED_FIGURES}),
        ([killed(2, "x", PARTY), killed(2, "y", SpeakerClass.OFFICIAL, "b")],
         {Doubt.NO_INDEPENDENT_SPEAKER}),
        ([said(CLAIMED, "iskp", PARTY), said(CONTESTED, "iskp"), killed(1, "x", MEDIA, "b")],
         {Doubt.CONTESTED_CLAIM}),
        ([said(CLAIMED, "iskp", PARTY), said(CONTESTED, "nrf"), killed(1, "x", MEDIA, "b")],
         set()),
        ([said(AttributionKind.ATTRIBUTED, "iskp"), said(CONTESTED, "iskp"),
          killed(1, "x", MEDIA, "b")], set()),
        ([killed(2, "x", MEDIA)], {Doubt.SINGLE_SOURCE}),
        ([], set()),
    ],
)  # fmt: skip
def test_doubts(claims: list[Claim], expected: set[Doubt]) -> None:
    assert set(doubts(incident(claims))) == expected


def test_five_outlets_on_one_wire_are_a_single_source() -> None:
    claims = [killed(2, f"outlet {n}", MEDIA, str(n)) for n in range(5)]
    outlets = tuple(source(str(n), f"Outlet {n}", ("The Wire",)) for n in range(4))
    wire = source("4", "the  wire")
    assert incident(claims, (*outlets, wire)).origins == ("the wire",)
    assert doubts(incident(claims, (*outlets, wire))) == (Doubt.SINGLE_SOURCE,)
    own = source("4", "Somebody Else")
    assert doubts(incident(claims, (*outlets, own))) == ()
