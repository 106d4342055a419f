"""How often news means each bearer of a name; orders homonyms and never decides alone."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..model import Place

# Relative weights of the bearers of one name. A provincial capital outweighs its province
# ("in Herat" is mostly the city), a province any district, a district its own small centre.
CAPITAL = 10.0
PROVINCE = 7.0
DISTRICT = 3.0
OWN_VILLAGE = 0.25  # less than a tenth of a district: it is no rival of a listed name
OTHERS = {"country": 5.0, "crossing": 3.5, "site": 2.5, "neighbourhood": 2.5}


def is_capital(place: Place) -> bool:
    """Whether a town is the capital of its province; sources/towns.csv notes it."""
    return place.placetype == "settlement" and (place.note or "").startswith("capital")


class Prominence:
    """The weight of every listed place, and which towns are capitals."""

    def __init__(self, places: Iterable[Place]) -> None:
        listed = tuple(places)
        self.capitals = frozenset(p.id for p in listed if is_capital(p))
        self._weights = {p.id: self._weigh(p) for p in listed}

    def __getitem__(self, place_id: str) -> float:
        return self._weights[place_id]

    def _weigh(self, place: Place) -> float:
        if place.placetype == "province":
            return PROVINCE
        if place.id in self.capitals:
            return CAPITAL
        if place.own_list:
            return OWN_VILLAGE
        if place.placetype == "settlement":
            return 0.6 + math.log10((place.population or 0) + 100) * 0.35
        if place.placetype == "district":
            return DISTRICT
        return OTHERS.get(place.placetype, 2.0)
