"""Values that were read from a page, in the form of a seed file (reading → form).

What stands in a seed file is the few words that carry a value and the paragraph they stand in; the
text of the page goes no further.
"""

from __future__ import annotations

from typing import Any

from gazetteer import Gazetteer
from mapapp.curation.document import Document, geometry_of
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.model import (
    Attribution,
    Day,
    Figure,
    Kind,
    Speaker,
    Target,
    Value,
    Where,
)


def paragraph_of(text: str, offset: int) -> int:
    """The paragraph of an offset, counted over lines that are not empty; the headline is 1."""
    return sum(1 for line in text[: offset + 1].splitlines() if line.strip()) or 1


def place_of_words(value: Value, text: str) -> Document:
    """Where a value stands: its paragraph, and its words as one line."""
    return {
        "paragraph": str(paragraph_of(text, value.span.start)),
        "words": " ".join(value.words.split()),
    }


def header_of(speaker: Speaker) -> tuple[str, str, str]:
    """A speaker as a row of the grid: name, class, no source of its own."""
    name = " ".join(speaker.name.split())
    return name, str(speaker.speaker_class if name else SpeakerClass.MEDIA), ""


def figure_statement(figure: Figure, text: str) -> Document:
    """A figure, without its speaker; "up to 15" is a range from 0."""
    bounded = figure.value is None and figure.high is not None
    made: dict[str, Any] = {
        "property": str(figure.property),
        "value": figure.value,
        "low": (figure.low or 0) if bounded else None,
        "high": figure.high if bounded else None,
        "modifier": str(figure.modifier),
        "victim_class": str(figure.victim_class),
        "victim_text": " ".join(figure.victim_text.split()) or None,
        "subset_of": str(figure.subset_of) if figure.subset_of else None,
        **place_of_words(figure, text),
    }
    return {name: value for name, value in made.items() if value is not None}


def attribution_statement(attribution: Attribution, text: str) -> Document:
    """Who did it, without who says so."""
    made: dict[str, Any] = {
        "property": "attribution",
        "kind": str(attribution.kind),
        "actor": attribution.actor,
        "actor_text": " ".join(attribution.actor_text.split()) or None,
        **place_of_words(attribution, text),
    }
    return {name: value for name, value in made.items() if value is not None}


def day_part(day: Day, text: str) -> Document:
    """When, with how the days were made of the words."""
    when = day.interval
    made: dict[str, Any] = {
        "earliest": str(when.earliest) if when.earliest else None,
        "latest": str(when.latest) if when.latest else None,
        "precision": str(when.precision),
        "text": " ".join(day.words.split()),
        "derivation": when.derivation or "as written",
        "paragraph": str(paragraph_of(text, day.span.start)),
    }
    return {name: value for name, value in made.items() if value is not None}


def where_part(where: Where, text: str, gazetteer: Gazetteer) -> Document:
    """Where; `others` are the places that the words can mean beside it, as `id` and `disc`."""
    made: dict[str, Any] = {
        "text": " ".join(where.words.split()),
        "paragraph": str(paragraph_of(text, where.span.start)),
        **geometry(where.place, gazetteer),
        "ambiguous": where.place.ambiguous or None,
        "others": [geometry(own, gazetteer) for own in where.others if own.place_id] or None,
    }
    return {name: value for name, value in made.items() if value is not None}


def geometry(place: PlaceRef, gazetteer: Gazetteer) -> Document:
    """A place as `id`, `disc` and `precision`; nothing of one abroad."""
    found = {"id": place.place_id, **geometry_of(place, gazetteer)}
    return {name: value for name, value in found.items() if value is not None}


def kind_part(kind: Kind, text: str) -> Document:
    """What kind of attack."""
    return {"value": str(kind.event_type), **place_of_words(kind, text)}


def target_part(target: Target, text: str) -> Document:
    """Whom or what it was aimed at; `text` are the page's words, until a person writes ours."""
    words = place_of_words(target, text)
    return {"type": str(target.target_type), "text": words["words"], **words}
