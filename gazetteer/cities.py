"""Makes city districts (nahias, 'Police District 4 of Herat') by rule; serves content.

No open package lists them, but cities number them, so `cd:herat/herat/4` exists for every
number the city plausibly has. They have no point of their own: the city's disc stands.
"""

from __future__ import annotations

from .model import Place, PlaceName

DEFAULT_DISTRICTS = 6  # for towns sources/cities.csv does not list
ORDINALS = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth",
    "seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty-first", "twenty-second",
)  # fmt: skip


def city_district_id(city_id: str, number: int) -> str:
    """`town:herat/herat`, 4 → `cd:herat/herat/4`."""
    return f"cd:{city_id.partition(':')[2]}/{number}"


def city_of(place_id: str) -> tuple[str, int] | None:
    """(town id, number) of a city-district id, or None for any other id."""
    if not place_id.startswith("cd:"):
        return None
    town, _, number = place_id[3:].rpartition("/")
    return (f"town:{town}", int(number)) if number.isdecimal() else None


def make_city_district(city: Place, number: int) -> Place:
    """The n-th district of a city, without a coordinate of its own."""
    ordinal = ORDINALS[number].capitalize() if number < len(ORDINALS) else f"{number}th"
    return Place(
        id=city_district_id(city.id, number),
        name=f"Police District {number} of {city.name}",
        placetype="city_district",
        parent_id=city.id,
        adm1_pcode=city.adm1_pcode,
        adm2_pcode=city.adm2_pcode,
        lat=None,
        lng=None,
        radius_m=city.radius_m,
        geo_precision="neighbourhood",
        names=(
            PlaceName(f"PD {number} {city.name}", "en", "Latn", "abbreviation", "rule"),
            PlaceName(f"{ordinal} district of {city.name}", "en", "Latn", "variant", "rule"),
        ),
        origin="numbered by rule (gazetteer/sources/cities.csv)",
    )
