"""Columns of many incidents at once are those of each alone: what is remembered changes none."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain import vocab
from mapapp.domain.claim import Claim
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
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.snapshot.columns import Memo, fold_text, incident_columns

SPEAKERS = (
    ("UNAMA", SpeakerClass.MONITOR), ("Taliban", SpeakerClass.PARTY), ("A", SpeakerClass.MEDIA),
)  # fmt: skip


def a_record(number: int) -> IncidentRecord:
    day = date(2022, 1, 1 + number)
    when = DateInterval(day, day, DatePrecision.DAY, str(day), "")
    return IncidentRecord(
        f"i-{number}", f"Attack {number}", when, PlaceRef(text="Kabul"), EventType.BOMBING,
        TargetType.UNKNOWN, "",
    )  # fmt: skip


@st.composite
def claims_of(draw: st.DrawFn, number: int) -> list[Claim]:
    found = []
    for at in range(draw(st.integers(0, 4))):
        speaker, kind = draw(st.sampled_from(SPEAKERS))
        prop = draw(st.sampled_from([*vocab.MEASURES, Property.ATTRIBUTION, Property.PLACE]))
        content: dict[str, object] = {"source_id": draw(st.sampled_from(["s1", "s2"]))}
        if prop in vocab.MEASURES:
            low = draw(st.integers(0, 2))
            content |= {
                "low": low, "high": draw(st.sampled_from([None, low, low + 1])),
                "modifier": draw(st.sampled_from([Modifier.EXACT, Modifier.RANGE])),
                "value": draw(st.sampled_from([str(low), str(low + 1)])),
                "victim_class": draw(
                    st.sampled_from([VictimClass.UNSPECIFIED, VictimClass.CIVILIANS])
                ),
            }  # fmt: skip
        elif prop is Property.ATTRIBUTION:
            said = draw(st.sampled_from(list(AttributionKind)))
            nobody = said is AttributionKind.UNCLAIMED
            content |= {
                "attribution_kind": said, "actor": None if nobody else draw(
                    st.sampled_from(["taliban", "iskp", "An invented group"])
                ),
            }  # fmt: skip
        else:
            content |= {"value": draw(st.sampled_from(["Kabul", "Herat"]))}
        found.append(
            Claim(f"i-{number}", prop, asserted_by=speaker, speaker_class=kind, locator=f"p {at}",
                  words=f"{number} {at}", **content)  # type: ignore[arg-type]
        )  # fmt: skip
    return found


@given(st.data())
def test_together_or_each_alone(data: st.DataObject) -> None:
    records = [a_record(n) for n in range(6)]
    claims = [c for n in range(6) for c in data.draw(claims_of(n))]
    day = date(2022, 2, 1)
    one = Source("s1", "One", "t", "en", vocab.Redistribution.FACTS, "", day, day)
    wire = data.draw(st.sampled_from(["One", "Two"]))
    two = Source("s2", "Two", "t", "en", vocab.Redistribution.FACTS, "", based_on=(wire,))
    incidents = assemble(records, claims, (), (one, two))
    alone = [incident_columns([incident]) for incident in incidents]
    memo = Memo()
    for _ in range(2):
        together = incident_columns(incidents, memo)
        assert together.to_pylist() == pa.concat_tables(alone).to_pylist()


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_fold_as_all_do(text: str) -> None:
    assert fold_text(text + " é") == f"{fold_text(text)} e".strip()
