"""Finds the places one segment of a query can mean, inside the places that hold it.

The middle step of matching: spellings from the index are weighed by kind of place, by the
containers the text names, by prominence and by other places of the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..geometry import distance_m
from ..model import SAME_SOUND, Place
from ..names.index import NEAR, Hit, NameIndex
from ..names.phonetics import consonants, sound
from ..names.text import fold
from ..places import Places
from ..reading.features import WORDS, fit
from ..reading.query import parse
from ..reading.segments import Segment
from .prominence import Prominence
from .ranking import Found

# Inside a given province a district has few rivals, so spellings farther off are taken where the
# text says that a district or its centre is meant; a bare name may be any unlisted village's.
NEAR_WITHIN = 0.70
NEAR_BARE = 0.85
NEAR_BARE_TOWN = 0.93
NEAR_LONG = 0.78  # a name of five consonants has few neighbours
LONG = 5
NEAR_VILLAGE = 0.93  # Afghan village names differ by one sound too often to go lower
BESIDE_M = 80_000.0  # 'Bagram airbase near Kabul': how far 'near' and 'outside' reach
JUXTAPOSED_WORDS = 6
REPEATED = 0.03  # what a container keeps of its weight when its own name is asked for within it


def quality_of(hit: Hit) -> float:
    """How likely a spelling this near is the name: measured on held-out spellings."""
    if hit.exact:
        base = 0.99
    elif hit.likeness >= SAME_SOUND:
        base = 0.975
    elif hit.likeness >= NEAR:
        base = 0.93 + (hit.likeness - 0.95) * 0.9
    else:
        base = max(0.45, 0.85 - (NEAR - hit.likeness) * 1.8)
    return base * (0.85 if hit.kind == "alternative" else 1.0)


def spelling(hit: Hit) -> str:
    """The reason that says how the words match a listed spelling."""
    if hit.exact:
        tail = ", an alternative name" if hit.kind == "alternative" else ""
        return f"spelled '{hit.text}'{tail}"
    if hit.likeness >= SAME_SOUND:
        return f"sounds like '{hit.text}'"
    return f"spelled nearly like '{hit.text}' ({hit.likeness:.2f})"


class SegmentLookup:
    """Looks segments up in one gazetteer's names."""

    def __init__(self, places: Places, index: NameIndex, prominence: Prominence) -> None:
        self._places = places
        self._index = index
        self._prominence = prominence
        self._inside: dict[frozenset[str], frozenset[str]] = {}

    def named(self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]) -> list[Found]:
        """Places a segment can mean inside the scope (anywhere when the scope is empty)."""
        found = self._look_up(segment, scope, near)
        if not found and segment.aliases:
            for alias in segment.aliases:
                other = Segment(fold(alias), segment.feature, fold(alias))
                found = self._look_up(other, scope, near)
                if found:
                    break
        elif found and segment.aliases:
            found = self._use_aliases(segment, found)
        if not found and " " in segment.name:
            found = self._juxtaposed(segment, scope, near)
        if not found and segment.beside and scope:
            found = self._beside(segment, scope, near)
        return found

    def _beside(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]
    ) -> list[Found]:
        """'X near Y': X need not lie in Y, only within reach of it."""
        kept = []
        for f in self._look_up(segment, (), near):
            for anchor in scope:
                here = self._places.effective_geometry(f.place.id)
                there = self._places.effective_geometry(anchor.place.id)
                if distance_m(here[0], here[1], there[0], there[1]) <= BESIDE_M:
                    why = f"within reach of {anchor.place.name}"
                    kept.append(replace(f, reasons=(*f.reasons, why)))
                    break
        return kept

    def _use_aliases(self, segment: Segment, found: list[Found]) -> list[Found]:
        """'Jani Khel (Paktika)' names a parent, 'Shinwar (Ghani Khel)' another name."""
        kept = found
        for alias in segment.aliases:
            named = parse(alias).segments
            hits = {h.place_id for h in self._index.lookup(named[0].name)} if named else set()
            # 'Abdul Haq (2)' is listed with its number
            numbered = self._index.lookup(fold(f"{segment.name} {alias}"))
            hits |= {h.place_id for h in numbered if h.exact}
            inside = [f for f in kept if hits & self._places.line(f.place)]
            if inside:
                kept = [replace(f, reasons=(*f.reasons, f"({alias}) agrees")) for f in inside]
        return kept

    def _look_up(
        self,
        segment: Segment,
        scope: Sequence[Found],
        near: Sequence[Place],
        far: bool = True,
    ) -> list[Found]:
        """Readings of one segment; with `far` also spellings that only a scope makes likely."""
        best: dict[str, Found] = {}
        least = NEAR_VILLAGE if segment.feature in ("village", "nature", "road") else 0.0
        texts = [(segment.words, True)]
        texts += [(partly, False) for partly in segment.partly]
        if segment.name != segment.words:
            texts.append((segment.name, False))
        for text, whole in texts:
            hits = [h for h in self._index.lookup(text) if h.likeness >= least]
            self._weigh(segment, hits, whole, scope, near, best)
            if text != segment.name and any(h.exact for h in hits) and best:
                break  # 'Pul-e Charkhi prison' is listed: the area of that name is not meant
        narrow = bool(scope) and all(
            f.place.placetype in ("province", "district", "settlement") for f in scope
        )
        if not best and far and narrow and not least and len(segment.name) > 2:
            inside = self._listed_inside(frozenset(f.place.id for f in scope))
            level = segment.feature in ("district", "subdistrict", "centre", "town")
            long = consonants(sound(segment.name)) >= LONG
            least = NEAR_WITHIN if level else NEAR_LONG if long else NEAR_BARE
            hits = [
                h
                for h in self._index.lookup_among(segment.name, inside, least)
                if level or h.likeness >= NEAR_BARE_TOWN or h.place_id.startswith("dist:")
            ]
            self._weigh(segment, hits, False, scope, near, best)
        return sorted(best.values(), key=lambda f: (-f.weight, f.place.id))

    def _listed_inside(self, holders: frozenset[str]) -> frozenset[str]:
        """The places inside these, without the owner's villages: those must be spelled right."""
        known = self._inside.get(holders)
        if known is None:
            places = map(self._places.place, self._places.descendants(holders))
            known = self._inside[holders] = frozenset(p.id for p in places if not p.own_list)
        return known

    def _weigh(
        self,
        segment: Segment,
        hits: Iterable[Hit],
        whole: bool,
        scope: Sequence[Found],
        near: Sequence[Place],
        best: dict[str, Found],
    ) -> None:
        hits = list(hits)
        top = max((h.likeness for h in hits), default=0.0)
        any_exact = any(h.exact and h.kind != "alternative" for h in hits)
        for hit in hits:
            place = self._places.place(hit.place_id)
            if place.own_list and hit.likeness < SAME_SOUND:
                continue
            typed = fit(segment.feature, place.placetype)
            if whole and segment.feature and segment.words != segment.name:
                typed = max(typed, 0.9 if place.placetype not in ("province",) else typed)
            if typed <= 0.0:
                continue
            container, share = self._container(place, scope)
            if scope and container is None:
                continue
            quality = quality_of(hit)
            weight = self._prominence[place.id] * quality * typed * typed * share
            if any_exact and not hit.exact:
                weight *= 0.35 if hit.likeness >= SAME_SOUND else 0.08
            elif top >= SAME_SOUND > hit.likeness:
                weight *= 0.08
            if any_exact and hit.kind == "alternative":
                weight *= 0.03
            weight *= math.exp(-14.0 * (top - hit.likeness))
            reasons = [spelling(hit)]
            if segment.feature and typed >= 0.9:
                reasons.append(f"the word for a {segment.feature} fits")
            elif segment.feature and typed < 0.9:
                quality *= 0.8 if typed >= 0.25 else 0.6
                reasons.append(f"a {place.placetype}, though the text says {segment.feature}")
            if container is not None:
                reasons.append(f"in {container.place.name}")
                quality = min(quality, 0.99) * (container.quality**0.3)
            if any(f.place.id == place.id for f in scope) and segment.feature != place.placetype:
                weight *= REPEATED  # 'Herat' in Herat province means the city or its district
            weight *= self._nearness(place, near, reasons)
            known = best.get(place.id)
            if known is None or weight > known.weight:
                best[place.id] = Found(
                    place, weight, quality, tuple(reasons), hit.likeness, hit.exact
                )

    def _container(self, place: Place, scope: Sequence[Found]) -> tuple[Found | None, float]:
        if not scope:
            return None, 1.0
        total = sum(f.weight for f in scope) or 1.0
        line = self._places.line(place)
        best, share = None, 0.0
        for f in scope:
            held = f.place.id in line
            # 'Injil district of Herat city': a district beside its provincial capital
            beside = (
                f.place.placetype == "settlement"
                and place.placetype in ("district", "settlement", "neighbourhood", "site")
                and f.place.parent_id in line
            )
            if held or beside:
                part = f.weight / total * (1.0 if held else 0.5)
                share += part
                if best is None:
                    best = f
        return best, share

    @staticmethod
    def _nearness(place: Place, near: Sequence[Place], reasons: list[str]) -> float:
        if not near:
            return 1.0
        if place.adm2_pcode and any(n.adm2_pcode == place.adm2_pcode for n in near):
            reasons.append("other places of the page lie in the same district")
            return 12.0
        if place.adm1_pcode and any(n.adm1_pcode == place.adm1_pcode for n in near):
            reasons.append("other places of the page lie in the same province")
            return 11.0
        return 1.0

    def _juxtaposed(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]
    ) -> list[Found]:
        """'Injil Herat' or 'Herat Injil': two known names, one inside the other."""
        listed = segment.words.split()  # 'شهر نو کابل' begins with a word for a kind of place
        return self._parted(segment, segment.name.split(), scope, near) or (
            self._parted(segment, listed, scope, near, 0.95) if listed[0] in WORDS else []
        )

    def _parted(
        self,
        segment: Segment,
        words: Sequence[str],
        scope: Sequence[Found],
        near: Sequence[Place],
        least: float = 0.85,
    ) -> list[Found]:
        if len(words) > JUXTAPOSED_WORDS:
            return []
        for cut in range(len(words) - 1, 0, -1):
            left, right = " ".join(words[:cut]), " ".join(words[cut:])
            for inner, outer in ((left, right), (right, left)):
                outer_part = Segment(outer, "", outer)
                # a bare part of a name must be spelled right to be taken for a place
                holders = [
                    f
                    for f in self._look_up(outer_part, scope, near, far=False)
                    if f.quality > 0.95
                    and f.place.placetype in ("province", "settlement", "district")
                ]
                if not holders:
                    continue
                inner_part = Segment(inner, "" if least > 0.85 else segment.feature, inner)
                inside = self._look_up(inner_part, holders, near, far=False)
                found = [f for f in inside if f.quality > least or f.exact]
                if found:
                    return found
        return []

    def known_elsewhere(self, segment: Segment) -> bool:
        """Whether some place bears this name, though not where the text puts it."""
        return any(h.likeness > 0.95 for h in self._index.lookup(segment.name))
