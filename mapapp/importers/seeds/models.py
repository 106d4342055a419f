"""The form of a seed file, as pydantic models: what a curator may write, field by field.

These models check one file by itself; `seeds.py` turns them into domain values and checks what
needs the other files and the gazetteer.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from mapapp.domain.judgement import Relation
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


def _paragraphs(value: Any) -> Any:
    """`7`, `"3, 4"` → (3, 4): YAML reads a lone number as an integer."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d+(\s*,\s*\d+)*", text):
        raise ValueError("is not a paragraph number or a list like '3, 4'")
    return tuple(int(part) for part in text.split(","))


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("may hold only small letters, digits and single hyphens")
    return value


Paragraphs = Annotated[tuple[int, ...], BeforeValidator(_paragraphs)]
Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, Field(min_length=1)]


class Model(BaseModel):
    """A mapping in which every key is known; a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(Model):
    """Who asserts something and where it stands; the publisher itself where nobody is named."""

    source: Text | None = None  # where it is not the incident's
    asserted_by: Text | None = None
    speaker_class: SpeakerClass | None = None
    asserted_on: date | None = None
    paragraph: Paragraphs
    words: str = ""
    note: str = ""


class SeedDate(Said):
    """When: inclusive ISO days, the words of the page, and how the days were derived."""

    earliest: date | None = None
    latest: date | None = None
    precision: DatePrecision
    text: Text
    derivation: Text


class SeedDisc(Model):
    """Where a distance ends ("20 km south of Jurm"): degrees, and the radius in metres."""

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)
    radius_m: float = Field(gt=0)


class SeedPlace(Said):
    """Where: the gazetteer id and the words of the page; no id for places abroad.

    `disc` is the part of the district or province `id` that the words mean.
    """

    id: str | None = None
    disc: SeedDisc | None = None
    text: Text
    ambiguous: bool = False
    precision: GeoPrecision | None = None


class SeedEventType(Said):
    """What kind of attack."""

    value: EventType


class SeedTarget(Said):
    """Whom or what it was aimed at: a type, and words of ours."""

    type: TargetType
    text: Text


class SeedClaim(Said):
    """One statement: a figure, an attribution, or another word on date, place, kind or means.

    `low` and `high` are for a figure said as a range ("5 to 7"), which has no `value`.
    """

    property: Property
    value: int | str | None = None
    low: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)
    modifier: Modifier | None = None
    victim_class: VictimClass | None = None
    victim_text: str = ""
    subset_of: VictimClass | None = None
    kind: AttributionKind | None = None
    actor: str | None = None
    actor_text: str = ""


class SeedIncident(Model):
    """One file of `seeds/incidents`."""

    id: Slug
    title: Text
    source: Text
    background: bool = False
    country: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "AFG"
    date: SeedDate
    place: SeedPlace
    event_type: SeedEventType
    target: SeedTarget
    claims: tuple[SeedClaim, ...] = ()
    notes: tuple[Text, ...] = ()


class SeedPublished(Model):
    """When an item was published, as bounds, and how that is known."""

    earliest: date | None = None
    latest: date | None = None
    how: Text


class SeedSource(Model):
    """One entry of `seeds/sources.yaml`."""

    id: Text
    publisher: Text
    title: Text
    language: Text
    published: SeedPublished
    licence: Text
    redistribution: Redistribution
    url: Annotated[str, Field(pattern="^https?://")] | None = None
    archived_url: Annotated[str, Field(pattern="^https?://")] | None = None
    accessed_on: date | None = None
    graphic: bool = False
    based_on: tuple[Text, ...] = ()


class SeedDataset(Model):
    """`seeds/dataset.yaml`: what the folder covers, so that an empty month can be read."""

    covers_from: date
    covers_to: date
    countries: tuple[Annotated[str, Field(pattern="^[A-Z]{3}$")], ...]
    provinces: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}\d{2}$")], ...] = ()
    watched: bool
    how: Text

    @model_validator(mode="after")
    def _in_order(self) -> SeedDataset:
        if self.covers_from > self.covers_to:
            raise ValueError("covers_from is after covers_to; swap the two days")
        return self


class SeedJudgement(Model):
    """One entry of `seeds/judgements.yaml`."""

    left: Slug
    right: Slug
    relation: Relation
    reason: Text
    conflicts: tuple[Text, ...] = ()
