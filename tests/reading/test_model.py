"""No span, no value: what cannot be made, and what a reading refuses."""

from __future__ import annotations

from typing import Any

import pytest

from mapapp.domain.vocab import AttributionKind, Modifier, Property, SpeakerClass, VictimClass
from mapapp.reading.model import Attribution, Draft, Figure, Reading, Span, Speaker

TEXT = "Two people were killed in Herat."
MEDIA = Speaker("", SpeakerClass.MEDIA)


def figure(**other: Any) -> Figure:
    given: dict[str, Any] = {
        "span": Span(0, 22), "words": TEXT[:22], "rule": "passive", "property": Property.KILLED,
        "low": 2, "high": 2, "modifier": Modifier.EXACT, "victim_class": VictimClass.UNSPECIFIED,
        "speaker": MEDIA,
    }  # fmt: skip
    return Figure(**{**given, **other})


def reading(*figures: Figure) -> Reading:
    return Reading(TEXT, "Example", None, "en", (Draft("t", Span(0, len(TEXT)), figures=figures),))


def test_a_value_stands_on_its_words() -> None:
    assert reading(figure()).drafts[0].figures[0].value == 2


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"words": "Two"}, "not as long"),
        ({"rule": ""}, "no rule"),
        ({"low": 3, "high": 2}, "no bounds"),
        ({"low": 2, "high": None}, "what 'exact' means"),
        ({"modifier": Modifier.VAGUE}, "what 'vague' means"),
        ({"property": Property.KIDNAPPED}, "not a measure"),
    ],
)
def test_what_cannot_be_a_figure(other: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        figure(**other)


@pytest.mark.parametrize("bounds", [(3, 3), (-1, 4), (5, 4)])
def test_spans_and_speakers(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="holds no words"):
        Span(*((3, 3) if bounds[0] == 3 else bounds))
    with pytest.raises(ValueError, match="stands in the text"):
        Speaker("a doctor", SpeakerClass.MEDICAL)


@pytest.mark.parametrize(
    "other",
    [
        {"words": "Ten people were killed"},  # not what stands there
        {"repeats": (Span(30, 99),)},
        {"speaker": Speaker("police", SpeakerClass.OFFICIAL, Span(90, 96))},
    ],
)
def test_a_reading_refuses_what_is_not_in_its_text(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the text"):
        reading(figure(**other))


def test_only_unclaimed_names_no_actor() -> None:
    span = {"span": Span(0, 3), "words": "Two", "rule": "claimed", "speaker": MEDIA}
    Attribution(kind=AttributionKind.UNCLAIMED, **span)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs an actor"):
        Attribution(kind=AttributionKind.CLAIMED, **span)  # type: ignore[arg-type]
