"""Resolves the parts of a parsed query together, from the most general to the most specific.

What the gazetteer does not hold is never guessed: the place that contains it is kept, with a
reason that says so, and nothing when no part is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model import SAME_SOUND, Place
from ..names.text import fold, word_set
from ..places import Places
from ..reading.features import WORDS
from ..reading.query import Parsed
from ..reading.segments import Segment
from .doubt import CLOSE, known
from .lookup import SegmentLookup
from .prominence import Prominence
from .ranking import RIVAL, Found

SURE = 0.99
CONTAINER_KEPT = 0.97  # how much of its score a container keeps when it stands for its part
METROPOLIS = 1_000_000  # people of a city that is meant rather than its province
MAX_SEGMENTS = 6
NEAR_HOLDER = 0.88  # how like its name a province, or a place whose kind is said, is spelled

# What stands between the name of an institution and its kind: 'Nangarhar regional hospital'.
_INSTITUTION = word_set("regional provincial civil public central military police international")

_APART = frozenset({"site", "area", "village", "works", "crossing"})

Resolved = tuple[list[Found], tuple[str, ...]]


def given(within: Place | None) -> list[Found]:
    """The scope that a caller's `within` makes."""
    return [Found(within, 1.0, SURE, ())] if within else []


def holder(f: Found, segment: Segment, strict: bool) -> bool:
    """Whether a reading is sure enough to hold the other parts of a phrase."""
    if f.likeness >= SAME_SOUND:
        return True
    if strict:
        return False
    least = NEAR_HOLDER if segment.feature or f.place.placetype == "province" else CLOSE
    return f.likeness >= least


def kept(within: Place, why: str) -> Found:
    """The place given, standing for something in it that is not known."""
    reason = f"{why}: answered with {level(within)} given"
    return Found(within, 1.0, SURE * CONTAINER_KEPT, (reason,), whole=False)


def level(place: Place) -> str:
    """'the district', 'the province', or the name of any other place."""
    return f"the {place.placetype}" if place.placetype in ("district", "province") else place.name


class Resolver:
    """Resolves segments and numbered city districts."""

    def __init__(self, places: Places, lookup: SegmentLookup, prominence: Prominence) -> None:
        self._places = places
        self._lookup = lookup
        self._prominence = prominence

    def resolve(self, parsed: Parsed, within: Place | None, near: Sequence[Place]) -> Resolved:
        """What the segments and the number can mean, and notes on what is not known."""
        segments = [s for s in parsed.segments if s.name and s.name != "afghanistan"]
        country = [s for s in parsed.segments if s.name == "afghanistan"]
        if len(segments) > MAX_SEGMENTS:
            segments = segments[:MAX_SEGMENTS]
        if parsed.city_district is not None:
            return self._numbered(parsed.city_district, segments, within, near)
        if not segments:
            if country:
                place = self._places.place("country:af")
                return [Found(place, 1.0, 0.99, ("the country itself",))], ()
            return ([kept(within, "only a kind of place is named")] if within else []), ()
        forward = self._chain(segments, within, near)
        if len(segments) == 1 and not any(f.whole for f in forward[0]):
            apart = self._apart(segments[0])
            forward = self._chain(apart, within, near) if apart else forward
        if len(segments) > 1:
            backward = self._chain(segments[::-1], within, near, strict=True)
            if backward[2] > forward[2] + 0.5:  # it makes sense of one part more
                forward = backward
        return forward[0], forward[1]

    def _chain(
        self,
        segments: Sequence[Segment],
        within: Place | None,
        near: Sequence[Place],
        strict: bool = False,
    ) -> tuple[list[Found], tuple[str, ...], float]:
        """Resolve specific-first segments; returns found, notes and how many were resolved.

        What holds the rest must be spelled as listed, or say what kind of place it is; with
        `strict` (segments read backwards) only the former.
        """
        scope: list[Found] = given(within)
        notes: list[str] = []
        resolved = 0.0
        unnamed: Segment | None = None
        held_by: Segment | None = None
        for position, segment in enumerate(reversed(segments)):
            last = position == len(segments) - 1
            found = self._named(segment, scope, near, last)
            if not last:
                found = [f for f in found if holder(f, segment, strict)]
            if found:
                scope, held_by = found, segment
                unnamed = None
                resolved += max(f.quality for f in found) * (1.05 if last else 1.0)
            elif scope and last:
                unnamed = segment
            else:
                notes.append(f"'{segment.words}' is not in the gazetteer")
        if unnamed is not None:
            words = unnamed.words
            why = (
                f"'{words}' is not in the gazetteer"
                if not self._lookup.known_elsewhere(unnamed)
                else f"no '{words}' is known there"
            )
            notes.append(why)
            scope = self._areas(scope, held_by, unnamed, deep=resolved > 1.5)
            scope = [
                replace(
                    f,
                    quality=f.quality * CONTAINER_KEPT,
                    whole=False,
                    reasons=(*f.reasons, f"{why}: answered with {level(f.place)} that holds it"),
                )
                for f in scope
            ]
        elif not resolved and scope and within:
            why = notes[-1] if notes else "nothing finer is named"
            scope = [kept(within, why)]
        if not resolved and not within:
            scope = []
        return scope, tuple(notes), resolved

    def _named(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place], last: bool
    ) -> list[Found]:
        """What one segment can mean inside the scope."""
        if segment.feature == "capital":
            return self._capital(segment, scope, near, last)
        if segment.feature == "centre":  # مرکز ارزگان is its capital
            return (
                self._capital(segment, scope, near, last, or_town=False)
                or self._lookup.named(segment, scope, near)
                or self._capital(segment, scope, near, last)
            )
        found = self._lookup.named(segment, scope, near)
        if not found and segment.feature in ("site", "airport", "works"):
            found = self._seat(segment, scope, near)
        return found

    def _apart(self, segment: Segment) -> list[Segment]:
        """'Imam Ali mosque Herat': an unlisted place that says its kind, and the city behind it."""
        words = segment.words.split()
        for size in (1, 2):
            inner, outer = words[:-size], " ".join(words[-size:])
            kinds = [WORDS[w] for w in inner if w in WORDS]
            if not kinds or len(inner) < 2 or kinds[0] not in _APART:
                continue
            hits = self._lookup.named(Segment(outer, "", outer), (), ())
            if any(f.exact and known(f.place) for f in hits):
                name = " ".join(w for w in inner if w not in WORDS) or " ".join(inner)
                return [Segment(name, kinds[0], " ".join(inner)), Segment(outer, "", outer)]
        return []

    def _seat(self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]) -> list[Found]:
        """'Herat University': the town whose name an unlisted institution bears, or its airport."""
        name = segment.name
        while name.rpartition(" ")[2] in _INSTITUTION:
            name = name.rpartition(" ")[0]
        kind = segment.feature
        capital = Segment(name, "capital", name)  # a base 'of Wardak' is anywhere in it
        bearers = self._capital(capital, scope, near, kind != "works", or_town=False) or [
            f
            for f in self._lookup.named(Segment(name, "", name), scope, near)
            if f.likeness >= SAME_SOUND and f.place.placetype in ("settlement", "district")
        ]
        found = []
        for f in bearers:
            why = f"the {'airport' if kind == 'airport' else 'institution'} that bears its name"
            airports = self._airports(f.place) if kind == "airport" else []
            reasons = (*f.reasons, why)
            if len(airports) == 1:
                found.append(replace(f, place=airports[0], reasons=reasons))
            else:
                quality = f.quality * CONTAINER_KEPT
                found.append(replace(f, quality=quality, whole=False, reasons=reasons))
        return found

    def _airports(self, town: Place) -> list[Place]:
        inside = self._places.descendants(frozenset(p for p in (town.id, town.parent_id) if p))
        return [
            p for p in map(self._places.place, inside)
            if p.placetype == "site" and WORDS.get(fold(p.name).rpartition(" ")[2]) == "airport"
        ]  # fmt: skip

    def _areas(
        self, scope: Sequence[Found], held_by: Segment | None, unnamed: Segment, deep: bool
    ) -> list[Found]:
        """What stands for a part of it that is not known: the area, not the town at its centre.

        'V, Kunduz' is answered with the province, which holds the city and its district too;
        'V, Kunduz, Kunduz' (`deep`) with the district.
        """
        if held_by is None or held_by.feature in ("town", "capital", "centre"):
            return list(scope)
        provinces = [f for f in scope if f.place.placetype == "province"]
        if deep and len(provinces) < len(scope):
            scope = [f for f in scope if f.place.placetype != "province"]
        elif provinces and held_by.feature == "" and unnamed.feature in ("site", "airport"):
            large = [f for f in scope if (f.place.population or 0) >= METROPOLIS]
            return large or list(scope)  # 'a mosque in Herat' is mostly in the city, in Kabul it is
        elif provinces and held_by.feature in ("", "province"):
            return provinces
        districts = {f.place.adm2_pcode for f in scope if f.place.placetype == "district"}
        areas = []
        for f in scope:
            if f.place.placetype == "settlement" and f.place.parent_id:
                if f.place.adm2_pcode in districts:
                    continue
                f = replace(f, place=self._places.place(f.place.parent_id))
            areas.append(f)
        return areas

    def _capital(
        self,
        segment: Segment,
        scope: Sequence[Found],
        near: Sequence[Place],
        last: bool,
        or_town: bool = True,
    ) -> list[Found]:
        """'the capital of Badakhshan' is a town; 'Fayzabad, the capital of Badakhshan' lies there.

        'the capital Fayzabad' names the town itself; nothing then without `or_town`, which also
        asks that the province is spelled as listed.
        """
        named = self._lookup.named(replace(segment, feature="province"), scope, near)
        provinces = [
            f for f in named
            if f.place.placetype == "province" and (or_town or f.likeness >= SAME_SOUND)
        ]  # fmt: skip
        if provinces and not last:
            return provinces
        towns = []
        for f in provinces:
            why = f"the capital of {f.place.name}"
            towns += [
                replace(f, place=town, reasons=(*f.reasons, why))
                for town in map(self._places.place, sorted(self._prominence.capitals))
                if f.place.id in self._places.line(town)
            ]
        if towns or not or_town:
            return towns
        return self._lookup.named(replace(segment, feature="town"), scope, near)

    def capital_of(self, province: Place) -> Place | None:
        """The capital town of a province; None where none is listed."""
        towns = map(self._places.place, sorted(self._prominence.capitals))
        return next((t for t in towns if province.id in self._places.line(t)), None)

    def _numbered(
        self, number: int, segments: Sequence[Segment], within: Place | None, near: Sequence[Place]
    ) -> Resolved:
        """'Police District 4 of Herat': districts that cities number, made by rule."""
        scope = given(within)
        towns = [self._cities(segment, scope, near) for segment in segments]
        exact = [t for t in towns if any(f.likeness >= SAME_SOUND for f in t)]
        cities = max(exact, key=lambda named: max(f.weight for f in named), default=[])
        if not cities and segments:  # 'Qala-e Zaman Khan, PD 8': a quarter says its city
            parts = self._lookup.named(segments[0], scope, near)
            cities = [
                replace(f, place=self._places.place(f.place.parent_id))
                for f in parts
                if f.place.placetype == "neighbourhood" and f.place.parent_id
            ]
        cities = cities or next(filter(None, towns), [])
        if not cities and not segments:
            around = [p for p in ([within] if within else list(near)) if p]
            cities = [Found(p, 1.0, 0.9, ("the city given",)) for p in self._capitals_of(around)]
        if not cities:
            why = "the city of the numbered district is not known"
            return ([kept(within, why)] if within else []), (why,)
        best = max(c.weight for c in cities)
        found = []
        for city in cities:
            if city.weight < best * RIVAL:
                continue
            allowed = self._places.city_districts(city.place.id)
            if 1 <= number <= allowed:
                place = self._places.place(f"cd:{city.place.id[5:]}/{number}")
                reasons = (f"numbered district {number} of {city.place.name}", *city.reasons)
                found.append(Found(place, city.weight, city.quality, reasons))
            else:
                why = f"{city.place.name} has no district {number} (1 to {allowed})"
                found.append(
                    replace(city, quality=city.quality * 0.7, reasons=(*city.reasons, why))
                )
        return found, ()

    def _cities(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]
    ) -> list[Found]:
        """The towns that a segment beside a numbered district can mean."""
        wanted = Segment(segment.name, "town", segment.name, segment.aliases)
        named = self._lookup.named(wanted, scope, near)
        return [f for f in named if f.place.placetype == "settlement"]

    def _capitals_of(self, places: Sequence[Place]) -> list[Place]:
        """The cities that places given as context can mean."""
        found = []
        for place in places:
            if place.placetype == "settlement":
                return [place]
            for town_id in sorted(self._prominence.capitals):
                town = self._places.place(town_id)
                if place.id in self._places.line(town) or (
                    town.adm2_pcode == place.adm2_pcode and place.adm2_pcode is not None
                ):
                    found.append(town)
        return list(dict.fromkeys(found))
