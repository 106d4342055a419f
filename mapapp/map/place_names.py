"""The names that the map writes, in English, Dari and Pashto, from the gazetteer: towns by the zoom
from which they show, and areas (serves map layer → pixel). The place search suggests them, too.
"""

from __future__ import annotations

from typing import Any, Final

from gazetteer import Gazetteer, Place
from gazetteer.names.text import fold

#: A town of so many people shows from this zoom; one of unknown size from the last.
_FROM_ZOOM: Final = ((200_000, 5.5), (50_000, 7.0), (15_000, 8.0), (0, 9.0))
_UNKNOWN_FROM: Final = 9.5
_SITE_FROM: Final = 11.0
#: The country's capital, and those of provinces at the latest.
_CAPITAL_FROM: Final = 4.0
_PROVINCE_FROM: Final = 6.5

_POINTS: Final = ("settlement", "neighbourhood", "site", "crossing")


def place_names(gazetteer: Gazetteer) -> dict[str, Any]:
    """`towns`: `{id, lng, lat, rank, from, en, fa, ps}`, the important first; `areas`: id →
    [English, Dari, Pashto]. `from` is a zoom; `rank` is 0 for a province's capital, 1 for another
    town of known size, 2 for any other place with a point. A name not held is left out.

    Settlements of the owner's own list, which holds villages by the thousand, are left out.
    """
    places = gazetteer.places()
    by_id = {place.id: place for place in places}
    towns = [
        _town(place, by_id)
        for place in places
        if place.placetype in _POINTS and place.lat is not None and not place.own_list
    ]
    areas = {
        place.id: [place.name, _in_language(place, "fa"), _in_language(place, "ps")]
        for place in places
        if place.placetype in ("province", "district")
    }
    return {
        "towns": sorted(towns, key=lambda town: (town["from"], town["rank"], town["id"])),
        "areas": areas,
    }


def _town(place: Place, by_id: dict[str, Place]) -> dict[str, Any]:
    capital = "capital" in (place.note or "")
    known = place.placetype == "settlement" and place.population is not None
    row = {
        "id": place.id,
        "lng": place.lng,
        "lat": place.lat,
        "rank": 0 if capital else 1 if known else 2,
        "from": _from_zoom(place, capital),
        "en": place.name,
    }
    for language in ("fa", "ps"):
        if text := _in_language(place, language) or _of_area(place, by_id, language):
            row[language] = text
    return row


def _from_zoom(place: Place, capital: bool) -> float:
    if place.note == "capital":
        return _CAPITAL_FROM
    people = place.population
    if people is not None:
        zoom = next(zoom for least, zoom in _FROM_ZOOM if people >= least)
    else:
        zoom = _UNKNOWN_FROM if place.placetype == "settlement" else _SITE_FROM
    return min(zoom, _PROVINCE_FROM) if capital else zoom


def _in_language(place: Place, language: str) -> str | None:
    """The main name of a place in a language, else any of its names there."""
    names = [name for name in place.names if name.lang == language and name.script == "Arab"]
    return next((n.text for n in names if n.kind == "main"), names[0].text if names else None)


def _of_area(place: Place, by_id: dict[str, Place], language: str) -> str | None:
    """The name of the district or province that is called after the town, as most are."""
    parent = by_id.get(place.parent_id or "")
    while parent is not None:
        if fold(parent.name) == fold(place.name) and (text := _in_language(parent, language)):
            return text
        parent = by_id.get(parent.parent_id or "")
    return None
