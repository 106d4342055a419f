"""The records a gazetteer hands out: Place, PlaceName, Candidate and Result.

Everything is frozen; degrees are WGS 84, distances metres, scores 0–1.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import NamedTuple

PLACETYPES = (
    "country",
    "province",
    "district",
    "settlement",
    "city_district",
    "neighbourhood",
    "site",
    "crossing",
    "road",
    "area",
)
GEO_PRECISIONS = ("site", "neighbourhood", "settlement", "district", "province", "country")

# What a placetype pins down when the place has a point of its own.
PRECISION_OF = {
    "country": "country",
    "province": "province",
    "district": "district",
    "settlement": "settlement",
    "city_district": "neighbourhood",
    "neighbourhood": "neighbourhood",
    "site": "site",
    "crossing": "site",
    "road": "province",
    "area": "neighbourhood",
}

# From this likeness on two spellings sound the same.
SAME_SOUND = 0.999


class PlaceName(NamedTuple):
    """One spelling of a place: language and script tagged where a source tells them.

    `lang` is ISO 639-1 (`en`, `fa`, `ps`) or `und`; `script` ISO 15924; `kind` is one of
    `main`, `variant`, `alternative`, `former`, `abbreviation`; the dates bound its use. A
    tuple, because thousands are made on loading and a frozen dataclass takes five times as long.
    """

    text: str
    lang: str = "und"
    script: str = "Latn"
    kind: str = "variant"
    origin: str = ""
    used_from: str | None = None
    used_to: str | None = None


#: Ends the origin of a place of the owner's own list of villages (see `layers`).
OWN_LIST = "own list"


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its parents, names and what is known of its position.

    `lat` and `lng` are None when no source gives a coordinate; `radius_m` then describes the
    area of the nearest ancestor that has one. `adm1_pcode` and `adm2_pcode` are COD-AB v03.
    """

    id: str
    name: str
    placetype: str
    parent_id: str | None
    adm1_pcode: str | None
    adm2_pcode: str | None
    lat: float | None
    lng: float | None
    radius_m: float
    geo_precision: str
    names: tuple[PlaceName, ...] = ()
    origin: str = ""
    population: int | None = None
    geonames_id: int | None = None
    iso_3166_2: str | None = None
    pcode_scheme: str | None = None
    parents_elsewhere: tuple[str, ...] = ()
    example: str | None = None
    note: str | None = None

    @property
    def own_list(self) -> bool:
        """Whether the place is of the owner's own list, which holds villages by the thousand."""
        return self.origin.endswith(OWN_LIST)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer: a place, how likely it is meant (0–1), why, and where to draw it.

    `likeness` is that of the words to a listed spelling (0–1), `exact` whether their letters are
    a listed name's; `whole` is False where an area stands for an unknown part of it.
    """

    place: Place
    score: float
    reasons: tuple[str, ...]
    lat: float
    lng: float
    radius_m: float
    likeness: float = 1.0
    exact: bool = True
    whole: bool = True

    @property
    def near(self) -> bool:
        """Whether the words are only spelled nearly like the name, and do not sound the same."""
        return self.likeness < SAME_SOUND

    @property
    def id(self) -> str:
        """The id of the place."""
        return self.place.id

    @property
    def name(self) -> str:
        """The name of the place in our own prose."""
        return self.place.name

    @property
    def placetype(self) -> str:
        """The placetype of the place."""
        return self.place.placetype

    @property
    def adm1_pcode(self) -> str | None:
        """The COD-AB v03 P-code of the province, if it lies in one."""
        return self.place.adm1_pcode

    @property
    def adm2_pcode(self) -> str | None:
        """The COD-AB v03 P-code of the district, if it is known."""
        return self.place.adm2_pcode

    def as_dict(self) -> dict[str, object]:
        """The JSON form that the command line prints."""
        return {
            "id": self.id,
            "name": self.name,
            "placetype": self.placetype,
            "adm1_pcode": self.adm1_pcode,
            "adm2_pcode": self.adm2_pcode,
            "lat": self.lat,
            "lng": self.lng,
            "radius_m": self.radius_m,
            "score": round(self.score, 4),
            "likeness": round(self.likeness, 4),
            "exact": self.exact,
            "whole": self.whole,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Abroad:
    """What the words say of another country: its name where it is known.

    For an offset that ends beyond the border also the point (degrees), the radius around it
    and how far beyond the border it lies (metres).
    """

    country: str | None = None
    lat: float | None = None
    lng: float | None = None
    radius_m: float | None = None
    border_m: float | None = None

    def as_dict(self) -> dict[str, object]:
        """The JSON form that the command line and `/api/places` give."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Result:
    """Ranked candidates for a query; empty when the gazetteer knows no such place.

    `parts` holds one result for each place where the words name several that do not hold one
    another ('Nangarhar/Kunar'); `abroad` is set where they name or end in another country.
    """

    query: str
    candidates: tuple[Candidate, ...] = ()
    ambiguous: bool = False
    notes: tuple[str, ...] = field(default=())
    parts: tuple[Result, ...] = ()
    abroad: Abroad | None = None

    def as_dict(self) -> dict[str, object]:
        """The JSON form that the command line and `/api/places` give."""
        return {
            "query": self.query,
            "ambiguous": self.ambiguous,
            "notes": list(self.notes),
            "candidates": [c.as_dict() for c in self.candidates],
            "parts": [part.as_dict() for part in self.parts],
            "abroad": self.abroad.as_dict() if self.abroad else None,
        }

    @property
    def best(self) -> Candidate | None:
        """The first candidate, or None. Look at `ambiguous` before you trust it alone."""
        return self.candidates[0] if self.candidates else None
