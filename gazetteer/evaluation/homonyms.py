"""Checks that every name borne by several places is called ambiguous and ranked sensibly."""

from __future__ import annotations

from collections import defaultdict

from ..gazetteer import Gazetteer
from .tally import table


def shared_names(gazetteer: Gazetteer) -> dict[str, set[str]]:
    """{main English name: ids} of names borne by several districts, or a province and a city."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for place in gazetteer.places():
        if place.placetype in ("province", "district", "settlement"):
            bearers[place.name].add(place.id)
    shared = {}
    for name, ids in bearers.items():
        districts = [i for i in ids if i.startswith("dist:")]
        city_too = any(i.startswith("prov:") for i in ids) and any(
            i.startswith("town:") for i in ids
        )
        if len(districts) > 1 or city_too:
            shared[name] = ids
    return shared


def report(gazetteer: Gazetteer) -> list[str]:
    """How many shared names are called ambiguous without context."""
    names = shared_names(gazetteer)
    missed = sorted(n for n in names if not gazetteer.search(n).ambiguous)
    best = gazetteer.search("Faizabad").best
    rows = [
        [
            str(len(names)),
            str(len(names) - len(missed)),
            ", ".join(missed) or "none",
            best.id if best else "–",
        ]
    ]
    return table(
        "Names borne by several places",
        ["names", "called ambiguous", "missed", "first for 'Faizabad'"],
        rows,
    )
