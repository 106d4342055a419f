"""What `/api` answers, as the OpenAPI document describes it (serves route).

The models document and are not run: an answer is made of plain values, and tests hold each to its
model.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, Field, create_model

from mapapp.exporters import columns
from mapapp.exporters.columns import ExportColumn

Model = TypeVar("Model", bound=BaseModel)


def extended(fields: dict[str, Any]) -> Callable[[type[Model]], type[Model]]:
    """Adds fields that a table elsewhere names to a model: name → (type, default or Field)."""

    def extend(model: type[Model]) -> type[Model]:
        return create_model(model.__name__, __base__=model, __module__=model.__module__, **fields)

    return extend


_KINDS: Final[dict[str, Any]] = {
    "string": str | None,
    "integer": int | None,
    "number": float | None,
    "boolean": bool | None,
    "date": date | None,
    "array": list[Any],
}


def _fields(table: tuple[ExportColumn, ...]) -> dict[str, Any]:
    """A table's columns as fields that are always there."""
    return {c.name: (_KINDS[c.kind], Field(description=c.about or None)) for c in table}


class Link(BaseModel):
    """A link, as OGC API – Features writes it."""

    href: str
    rel: str
    type: str = ""
    title: str = ""


class Problem(BaseModel):
    """Why a request is refused: which parameter (if one is at fault), and what to try."""

    error: str
    field: str | None
    remedy: str


class Landing(BaseModel):
    """What is here."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """The standards kept."""

    conformsTo: list[str]


class Collection(BaseModel):
    """A collection of features."""

    id: str
    title: str
    description: str
    itemType: str
    extent: dict[str, Any]
    crs: list[str]
    links: list[Link]


class Collections(BaseModel):
    """All collections."""

    collections: list[Collection]
    links: list[Link]


class Point(BaseModel):
    """A point as GeoJSON: longitude, latitude."""

    type: Literal["Point"]
    coordinates: Annotated[list[float], Field(min_length=2, max_length=2)]


@extended(_fields(columns.INCIDENTS))
class Properties(BaseModel):
    """An incident's flat row."""


class Feature(BaseModel):
    """One incident as GeoJSON; no geometry where it is not mappable."""

    type: Literal["Feature"]
    id: str
    geometry: Point | None
    properties: Properties
    links: list[Link] = []


class FeatureCollection(BaseModel):
    """One page of incidents."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    links: list[Link]
    timeStamp: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    numberMatched: int
    numberReturned: int


@extended(_fields(tuple(c for c in columns.CLAIMS if c.name not in ("incident_id", "value"))))
class Claim(BaseModel):
    """One claim; its value has the type of its property."""

    value: Any


class WholeIncident(BaseModel):
    """An incident with all claims that may leave."""

    id: str
    title: str
    claims: list[Claim]
    claims_withheld: int


class Incident(BaseModel):
    """One incident with its claims and sources."""

    incident: WholeIncident
    sources: list[dict[str, Any]]
    links: list[Link]


class Place(BaseModel):
    """A candidate for what place words mean."""

    id: str
    name: str
    placetype: str
    adm1_pcode: str | None
    adm2_pcode: str | None
    lat: float | None
    lng: float | None
    radius_m: float
    score: float
    likeness: float
    exact: bool
    whole: bool
    reasons: list[str]
    within: list[str]


class Abroad(BaseModel):
    """What words say of another country; the point where a distance ends beyond the border."""

    country: str | None
    lat: float | None
    lng: float | None
    radius_m: float | None
    border_m: float | None


class Places(BaseModel):
    """Places that words mean, ranked; `parts` where they name several, each for itself."""

    query: str
    ambiguous: bool
    notes: list[str]
    places: list[Place]
    parts: list[Places]
    abroad: Abroad | None


class TileJSON(BaseModel):
    """TileJSON 3.0.0 of the vector tiles."""

    tilejson: str
    name: str
    tiles: list[str]
    minzoom: int
    maxzoom: int
    attribution: str
    vector_layers: list[dict[str, Any]]
