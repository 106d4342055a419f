"""Decides which places a parsed query can mean and how sure that is; ends in a `Result`.

Segments are resolved from the most general to the most specific, each inside what the ones
before it allow. What is not in the gazetteer is never guessed: the answer then is the
containing place, with a reason that says so, or nothing.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import BadQueryError
from .features import fit
from .geometry import move
from .index import NEAR, Hit, NameIndex
from .model import Candidate, Place, Result
from .phonetics import likeness, sound
from .query import Parsed, Segment, looks_like_prose, parse, segment, segment_words
from .text import fold

if TYPE_CHECKING:
    from .gazetteer import Gazetteer

# Inside a given province a name has few rivals, so spellings farther off are taken.
NEAR_WITHIN = 0.70
NEAR_VILLAGE = 0.93  # Afghan village names differ by one sound too often to go lower
RIVAL = 0.10  # a rival with this part of the best weight makes an answer ambiguous
CONTAINER_KEPT = 0.97
MAX_SEGMENTS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A place a segment can mean: its weight among rivals, how sure the name is, and why."""

    place: Place
    weight: float
    quality: float
    reasons: tuple[str, ...]


def read_foreign(path: Path) -> dict[str, str]:
    """{sound of a foreign or group name: its country or ''}."""
    with path.open(encoding="utf-8", newline="") as file:
        return {sound(fold(row["name"])): row["country"] for row in csv.DictReader(file)}


def quality_of(hit: Hit) -> float:
    """How likely a spelling this near is the name: measured on held-out spellings."""
    if hit.exact:
        base = 0.99
    elif hit.likeness >= 0.999:
        base = 0.975
    elif hit.likeness >= NEAR:
        base = 0.93 + (hit.likeness - 0.95) * 0.9
    else:
        base = max(0.45, 0.85 - (NEAR - hit.likeness) * 1.8)
    return base * (0.85 if hit.kind == "alternative" else 1.0)


class Matcher:
    """Resolves queries against one gazetteer's places and names."""

    def __init__(self, gazetteer: Gazetteer, index: NameIndex, foreign: dict[str, str]) -> None:
        self._gazetteer = gazetteer
        self._index = index
        self._foreign = foreign
        self._capitals = {
            p.id for p in gazetteer.places() if p.placetype == "settlement" and _is_capital(p)
        }
        self._prominence = {p.id: self._prominence_of(p) for p in gazetteer.places()}

    def _prominence_of(self, place: Place) -> float:
        """How often news means this bearer of a name; orders homonyms, never decides alone."""
        if place.placetype == "province":
            return 7.0
        if place.id in self._capitals:
            return 10.0
        if place.placetype == "settlement":
            return 0.6 + math.log10((place.population or 0) + 100) * 0.35
        if place.placetype == "district":
            return 3.0
        return {"country": 5.0, "crossing": 3.5, "site": 2.5, "neighbourhood": 2.5}.get(
            place.placetype, 2.0
        )

    # -- entry ---------------------------------------------------------------------------

    def search(self, query: str, within: Place | None, near: Sequence[Place], limit: int) -> Result:
        """Ranked candidates for one place phrase; no candidates when nothing fits."""
        if not sound(fold(query)):
            raise BadQueryError("The query holds no letters or digits to look up.")
        whole = self._whole(query)
        if whole is None and looks_like_prose(query):
            return self._prose(query, within, near, limit)
        parsed = whole or parse(query)
        note = self._abroad(parsed)
        if note:
            return Result(query, (), False, (note,))
        if parsed.offset:
            return self._offset(query, parsed, within, near, limit)
        if parsed.ends:
            return self._road(query, parsed, within, near, limit)
        found, notes = self._resolve(parsed, within, near)
        if not found and within is None and query.count(" ") >= 3:
            return self._prose(query, within, near, limit)
        result = self._rank(query, found, within, limit, notes)
        lone = len(parsed.segments) == 1 and parsed.segments[0].feature == "village"
        if lone and within is None and not near and result.candidates:
            return _doubt_village(result)
        return result

    def _prose(self, query: str, within: Place | None, near: Sequence[Place], limit: int) -> Result:
        """A sentence or headline: the places it mentions, the finest first."""
        mentions = self._gazetteer.mentions(query)
        by_id: dict[str, Candidate] = {}
        tops: list[Place] = []
        alternatives: list[set[str]] = []
        for mention in mentions:
            kept = [
                c
                for c in mention.result.candidates
                if within is None or within.id in self._line(c.place)
            ]
            if not kept:
                continue
            tops.append(kept[0].place)
            alternatives.append({c.id for c in kept})
            for c in kept:
                known = by_id.get(c.id)
                if known is None or known.score < c.score:
                    why = f"the text mentions '{mention.text}'"
                    by_id[c.id] = replace(c, reasons=(why, *c.reasons))
        if not by_id:
            if within is not None:
                return self._rank(
                    query, [self._kept(within, "the text names no place there")], within, limit, ()
                )
            return Result(query, (), False, ("the text mentions no Afghan place",))
        holders = {i for top in tops for i in self._line(top) - {top.id}}
        finest = [
            top
            for top, options in zip(tops, alternatives, strict=True)
            if top.id not in holders
            and not any(  # 'Ghazni's Ajristan district': Ghazni is its province here
                options & (self._line(other) - {other.id})
                for other in tops
                if other.id not in options
            )
        ] or tops
        provinces = {t.adm1_pcode for t in finest}
        spread = max(1, len({_group(t) for t in finest}))
        ordered = sorted(
            by_id.values(),
            key=lambda c: (-(c.id in {t.id for t in finest}), -c.score, c.id),
        )
        scaled = [
            replace(c, score=c.score / spread * (1.0 if c.place in finest else 0.5))
            for c in ordered
        ]
        scaled.sort(key=lambda c: (-c.score, c.id))
        several = ("the text mentions several places",) if spread > 1 else ()
        chosen = {t.id for t in finest}
        doubtful = any(
            m.ambiguous and m.result.best and m.result.best.id in chosen for m in mentions
        )
        return Result(
            query, tuple(scaled[:limit]), doubtful or spread > 1 or len(provinces) > 1, several
        )

    def admin(self, text: str, level: str, inside: Place | None) -> Place | None:
        """The province or district that a table's column names, or None."""
        scope = [Found(inside, 1.0, 0.99, ())] if inside else []
        segments = [s for s in parse(text).segments if s.name] or [segment(text)]
        part = segments[0]
        wanted = Segment(part.name, level, part.name, part.aliases)
        found = [f for f in self._named(wanted, scope, ()) if f.place.placetype == level]
        if not found and part.aliases:
            found = [
                f
                for alias in part.aliases
                for f in self._named(Segment(fold(alias), level, fold(alias)), scope, ())
                if f.place.placetype == level
            ]
        if not found and scope:
            # sources disagree about parents: a district spelled right elsewhere is still meant
            found = [
                f
                for f in self._named(wanted, (), ())
                if f.place.placetype == level and f.quality > 0.93
            ]
            if len(found) != 1:
                return None
        return found[0].place if found else None

    def same_place(self, first: str, second: str) -> float:
        """How likely two spellings name one place (see `Gazetteer.same_place`)."""
        if fold(first) == fold(second):
            return 1.0
        left, right = (self.search(t, None, (), 10).candidates for t in (first, second))
        alike = likeness(sound(fold(first)), sound(fold(second)))
        if left and right:
            tops = [
                {c.id: c.score for c in cs if c.score >= 0.4 * cs[0].score} for cs in (left, right)
            ]
            shared = set(tops[0]) & set(tops[1])
            if not shared:
                return 0.1 * alike
            quality = [max(c.score for c in cs) for cs in (left, right)]
            return 0.6 + 0.4 * min(1.0, *quality)
        # one or both are not listed: nothing but the sound can tell
        return alike**3 if alike >= NEAR and not (left or right) else 0.45 * alike

    def suggest(self, prefix: str, limit: int) -> tuple[Place, ...]:
        """Places whose spelling begins like the prefix, then those that sound like it."""
        begun = self._index.begins(fold(prefix))
        ranked = sorted(begun, key=lambda i: (-self._prominence[i], i))
        if len(ranked) < limit and sound(fold(prefix)):
            alike = [h.place_id for h in self._index.lookup(prefix)]
            ranked.extend(i for i in alike if i not in begun)
        return tuple(self._gazetteer.place(i) for i in ranked[:limit])

    def _whole(self, query: str) -> Parsed | None:
        """A phrase that as a whole is a listed name: 'Pakistani embassy in Kabul'."""
        words = segment_words(query)
        for hit in self._index.lookup(words) if " " in words else ():
            kind = self._gazetteer.place(hit.place_id).placetype
            if hit.exact and kind in ("site", "neighbourhood", "area", "crossing"):
                return Parsed((Segment(words, "", words),))
        return None

    def _abroad(self, parsed: Parsed) -> str | None:
        for part in parsed.segments:
            for text in (part.words, part.name):
                country = self._foreign.get(sound(text))
                if country is None:
                    continue
                known = [h for h in self._index.lookup(text) if h.exact and h.kind == "main"]
                if not known:
                    where = f"in {country}" if country else "not a place in Afghanistan"
                    return f"'{part.words}' is {where}; this gazetteer holds Afghanistan only."
        return None

    # -- segments ------------------------------------------------------------------------

    def _resolve(
        self, parsed: Parsed, within: Place | None, near: Sequence[Place]
    ) -> tuple[list[Found], tuple[str, ...]]:
        segments = [s for s in parsed.segments if s.name and s.name != "afghanistan"]
        country = [s for s in parsed.segments if s.name == "afghanistan"]
        if len(segments) > MAX_SEGMENTS:
            segments = segments[:MAX_SEGMENTS]
        if parsed.city_district is not None:
            return self._numbered(parsed.city_district, segments, within, near)
        if not segments:
            if country:
                place = self._gazetteer.place("country:af")
                return [Found(place, 1.0, 0.99, ("the country itself",))], ()
            return ([self._kept(within, "only a kind of place is named")] if within else []), ()
        forward = self._chain(segments, within, near)
        if len(segments) > 1:
            backward = self._chain(segments[::-1], within, near)
            if backward[2] > forward[2]:
                forward = backward
        return forward[0], forward[1]

    def _chain(
        self, segments: Sequence[Segment], within: Place | None, near: Sequence[Place]
    ) -> tuple[list[Found], tuple[str, ...], float]:
        """Resolve specific-first segments; returns found, notes and how many were resolved."""
        scope: list[Found] = [Found(within, 1.0, 0.99, ())] if within else []
        notes: list[str] = []
        resolved = 0.0
        unnamed: Segment | None = None
        for position, segment in enumerate(reversed(segments)):
            last = position == len(segments) - 1
            found = self._named(segment, scope, near)
            if found:
                scope = found
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
                if not self._elsewhere(unnamed)
                else f"no '{words}' is known there"
            )
            notes.append(why)
            scope = [
                replace(
                    f,
                    quality=f.quality * CONTAINER_KEPT,
                    reasons=(*f.reasons, f"{why}: answered with {_level(f.place)} that holds it"),
                )
                for f in scope
            ]
        elif not resolved and scope and within:
            why = notes[-1] if notes else "nothing finer is named"
            scope = [self._kept(within, why)]
        if not resolved and not within:
            scope = []
        return scope, tuple(notes), resolved

    def _elsewhere(self, segment: Segment) -> bool:
        return any(h.likeness > 0.95 for h in self._index.lookup(segment.name))

    @staticmethod
    def _kept(within: Place, why: str) -> Found:
        return Found(
            within, 1.0, 0.99 * CONTAINER_KEPT, (f"{why}: answered with {_level(within)} given",)
        )

    def _named(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]
    ) -> list[Found]:
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
        return found

    def _use_aliases(self, segment: Segment, found: list[Found]) -> list[Found]:
        """'Jani Khel (Paktika)' names a parent, 'Shinwar (Ghani Khel)' another name."""
        kept = found
        for alias in segment.aliases:
            hits = (
                {h.place_id for h in self._index.lookup(fold(parse(alias).segments[0].name))}
                if (parse(alias).segments)
                else set()
            )
            inside = [f for f in kept if hits & self._line(f.place)]
            if inside:
                kept = [replace(f, reasons=(*f.reasons, f"({alias}) agrees")) for f in inside]
        return kept

    def _line(self, place: Place) -> set[str]:
        """The ids of a place, its ancestors and the other parents that sources give it."""
        line = {place.id, *place.parents_elsewhere}
        parent = place.parent_id
        while parent is not None:
            above = self._gazetteer.place(parent)
            line.update((above.id, *above.parents_elsewhere))
            parent = above.parent_id
        return line

    def _look_up(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]
    ) -> list[Found]:
        best: dict[str, Found] = {}
        least = NEAR_VILLAGE if segment.feature in ("village", "nature", "road") else 0.0
        texts = [(segment.words, True)]
        if segment.name != segment.words:
            texts.append((segment.name, False))
        for text, whole in texts:
            hits = [h for h in self._index.lookup(text) if h.likeness >= least]
            self._weigh(segment, hits, whole, scope, near, best)
            if whole and any(h.exact for h in hits) and best:
                break  # 'Pul-e Charkhi prison' is listed: the area of that name is not meant
        narrow = bool(scope) and all(
            f.place.placetype in ("province", "district", "settlement") for f in scope
        )
        if not best and narrow and not least and len(segment.name) > 2:
            inside = self._within_ids(scope)
            hits = list(self._index.lookup_among(segment.name, inside, NEAR_WITHIN))
            self._weigh(segment, hits, False, scope, near, best)
        return sorted(best.values(), key=lambda f: (-f.weight, f.place.id))

    def _within_ids(self, scope: Sequence[Found]) -> frozenset[str]:
        wanted = {f.place.id for f in scope}
        return self._gazetteer.descendants(frozenset(wanted))

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
            place = self._gazetteer.place(hit.place_id)
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
                weight *= 0.35 if hit.likeness >= 0.999 else 0.08
            if any_exact and hit.kind == "alternative":
                weight *= 0.06
            weight *= math.exp(-14.0 * (top - hit.likeness))
            reasons = [_spelling(hit, segment)]
            if segment.feature and typed >= 0.9:
                reasons.append(f"the word for a {segment.feature} fits")
            elif segment.feature and typed < 0.9:
                quality *= 0.8 if typed >= 0.25 else 0.6
                reasons.append(f"a {place.placetype}, though the text says {segment.feature}")
            if container is not None:
                reasons.append(f"in {container.place.name}")
                quality = min(quality, 0.99) * (container.quality**0.3)
            weight *= self._nearness(place, near, reasons)
            known = best.get(place.id)
            if known is None or weight > known.weight:
                best[place.id] = Found(place, weight, quality, tuple(reasons))

    def _container(self, place: Place, scope: Sequence[Found]) -> tuple[Found | None, float]:
        if not scope:
            return None, 1.0
        total = sum(f.weight for f in scope) or 1.0
        line = self._line(place)
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

    def _nearness(self, place: Place, near: Sequence[Place], reasons: list[str]) -> float:
        if not near:
            return 1.0
        if place.adm2_pcode and any(n.adm2_pcode == place.adm2_pcode for n in near):
            reasons.append("other places of the page lie in the same district")
            return 8.0
        if place.adm1_pcode and any(n.adm1_pcode == place.adm1_pcode for n in near):
            reasons.append("other places of the page lie in the same province")
            return 6.0
        return 1.0

    def _juxtaposed(
        self, segment: Segment, scope: Sequence[Found], near: Sequence[Place]
    ) -> list[Found]:
        """'Injil Herat' or 'Herat Injil': two known names, one inside the other."""
        words = segment.name.split()
        if len(words) > 6:
            return []
        for cut in range(len(words) - 1, 0, -1):
            left, right = " ".join(words[:cut]), " ".join(words[cut:])
            for inner, outer in ((left, right), (right, left)):
                outer_part = Segment(outer, "", outer)
                # a bare part of a name must be spelled right to be taken for a place
                holders = [
                    f
                    for f in self._look_up(outer_part, scope, near)
                    if f.quality > 0.95
                    and f.place.placetype in ("province", "settlement", "district")
                ]
                if not holders:
                    continue
                inner_part = Segment(inner, segment.feature, inner)
                found = [f for f in self._look_up(inner_part, holders, near) if f.quality > 0.85]
                if found:
                    return found
        return []

    # -- forms ---------------------------------------------------------------------------

    def _numbered(
        self, number: int, segments: Sequence[Segment], within: Place | None, near: Sequence[Place]
    ) -> tuple[list[Found], tuple[str, ...]]:
        scope = [Found(within, 1.0, 0.99, ())] if within else []
        cities: list[Found] = []
        for segment in segments:
            wanted = Segment(segment.name, "town", segment.name, segment.aliases)
            cities = [
                f for f in self._named(wanted, scope, near) if f.place.placetype == "settlement"
            ]
            if cities:
                break
        if not cities and not segments:
            around = [p for p in ([within] if within else list(near)) if p]
            cities = [Found(p, 1.0, 0.9, ("the city given",)) for p in self._capitals_of(around)]
        if not cities:
            kept = (
                [self._kept(within, "the city of the numbered district is not known")]
                if within
                else []
            )
            return kept, ("a numbered city district without a known city",)
        best = max(c.weight for c in cities)
        found = []
        for city in cities:
            if city.weight < best * RIVAL:
                continue
            allowed = self._gazetteer.city_districts(city.place.id)
            if 1 <= number <= allowed:
                place = self._gazetteer.place(f"cd:{city.place.id[5:]}/{number}")
                reasons = (f"numbered district {number} of {city.place.name}", *city.reasons)
                found.append(Found(place, city.weight, city.quality, reasons))
            else:
                why = f"{city.place.name} has no district {number} (1 to {allowed})"
                found.append(
                    replace(city, quality=city.quality * 0.7, reasons=(*city.reasons, why))
                )
        return found, ()

    def _capitals_of(self, places: Sequence[Place]) -> list[Place]:
        found = []
        for place in places:
            if place.placetype == "settlement":
                return [place]
            for town_id in sorted(self._capitals):
                town = self._gazetteer.place(town_id)
                if place.id in self._line(town) or (
                    town.adm2_pcode == place.adm2_pcode and place.adm2_pcode is not None
                ):
                    found.append(town)
        return list(dict.fromkeys(found))

    def _offset(
        self, query: str, parsed: Parsed, within: Place | None, near: Sequence[Place], limit: int
    ) -> Result:
        offset = parsed.offset
        assert offset is not None
        found, notes = self._resolve(Parsed(parsed.segments), within, near)
        # '33 km from Jurm' is measured from the town, not from the middle of its district
        anchors = sorted(
            found, key=lambda f: -f.weight * (3.0 if f.place.placetype == "settlement" else 1.0)
        )
        moved: list[Candidate] = []
        base = self._rank(query, anchors, within, limit, notes)
        ids = {f.place.id: f for f in anchors}
        for candidate in sorted(
            base.candidates, key=lambda c: (c.placetype != "settlement", -c.score)
        ):
            if candidate.lat is None or candidate.lng is None or candidate.id not in ids:
                continue
            if offset.bearing is None:
                lat, lng = candidate.lat, candidate.lng
                radius = offset.metres + candidate.radius_m
            else:
                lat, lng = move(candidate.lat, candidate.lng, offset.bearing, offset.metres)
                radius = max(3000.0, 0.2 * offset.metres) + min(candidate.radius_m, 15_000.0)
            place = self._gazetteer.area_at(lat, lng)
            if place is None or any(m.place.id == place.id for m in moved):
                continue
            why = f"{offset.words} {candidate.name} ({candidate.placetype})"
            moved.append(
                Candidate(place, round(candidate.score * 0.92, 4), (why, *candidate.reasons),
                          round(lat, 5), round(lng, 5), round(radius, 0))
            )  # fmt: skip
        moved.sort(key=lambda c: -c.score)
        return Result(query, tuple(moved[:limit]), base.ambiguous and len(moved) > 1, base.notes)

    def _road(
        self, query: str, parsed: Parsed, within: Place | None, near: Sequence[Place], limit: int
    ) -> Result:
        """A stretch between two places: the area that holds both, or what the text adds."""
        assert parsed.ends is not None
        first, second = parsed.ends
        if parsed.segments:
            found, notes = self._resolve(Parsed(parsed.segments), within, near)
            found = [
                replace(f, reasons=(*f.reasons, "the part of the road that is named"))
                for f in found
            ]
            return self._rank(query, found, within, limit, notes)
        road = self._index.lookup(fold(query))
        known = [h for h in road if self._gazetteer.place(h.place_id).placetype == "road"]
        if known and known[0].likeness > 0.95:
            place = self._gazetteer.place(known[0].place_id)
            return self._rank(
                query, [Found(place, 1.0, 0.95, (_spelling(known[0], None),))], within, limit, ()
            )
        if within is not None and within.placetype != "country":
            why = "a stretch of road, known only to lie in the area given"
            return self._rank(query, [Found(within, 1.0, 0.96, (why,))], within, limit, ())
        ends = []
        for text in (first, second):
            if not fold(text):
                continue
            segments = parse(text).segments
            names = self._resolve(Parsed(segments), within, near)[0] if segments else []
            if names:
                ends.append(names)
        if not ends:
            return Result(query, (), False, ("neither end of the road is in the gazetteer",))
        tops = [max(names, key=lambda f: f.weight) for names in ends]
        common = self._common([t.place for t in tops])
        if common is not None and common.placetype != "country" and len(tops) == 2:
            why = f"holds both ends, {tops[0].place.name} and {tops[1].place.name}"
            ambiguous = common.placetype == "province" and any(len(e) > 1 for e in ends)
            result = self._rank(query, [Found(common, 1.0, 0.9, (why,))], within, limit, ())
            del ambiguous
            return result
        found = []
        for top in tops:
            line = [self._gazetteer.place(i) for i in self._line(top.place)]
            for place in line:
                if place.placetype == "province" and place.adm1_pcode == top.place.adm1_pcode:
                    why = f"one end of the road, {top.place.name}, is there"
                    found.append(Found(place, 1.0, 0.9, (why,)))
        return self._rank(query, found, within, limit, ("the road crosses provinces",))

    def _common(self, places: Sequence[Place]) -> Place | None:
        chains = [[p, *self._gazetteer.ancestors(p.id)] for p in places]
        for place in chains[0]:
            if all(place.id in {a.id for a in chain} for chain in chains):
                if place.placetype in ("district", "province", "country"):
                    return place
        return None

    # -- ranking -------------------------------------------------------------------------

    def _rank(
        self,
        query: str,
        found: Sequence[Found],
        within: Place | None,
        limit: int,
        notes: tuple[str, ...],
    ) -> Result:
        if not found:
            return Result(query, (), False, notes)
        groups: dict[str, list[Found]] = {}
        for f in found:
            groups.setdefault(_group(f.place), []).append(f)
        total = sum(max(f.weight for f in members) for members in groups.values())
        candidates: list[tuple[float, Candidate]] = []
        tops: list[tuple[float, str]] = []
        for key, members in groups.items():
            members = sorted(members, key=self._order)
            strongest = max(f.weight for f in members)
            share = strongest / total
            tops.append((share, key))
            for position, f in enumerate(members):
                part = 1.0 if position == 0 else 0.9 * min(1.0, f.weight / strongest)
                score = min(0.995, f.quality * share * part)
                reasons = f.reasons
                if share < 0.9 and len(groups) > 1:
                    reasons = (*reasons, f"{len(groups)} places bear this name")
                candidates.append((score, self._gazetteer.candidate(f.place, score, reasons)))
        candidates.sort(key=lambda c: (-c[0], c[1].id))
        tops.sort(reverse=True)
        best_line = self._line(candidates[0][1].place)
        held = {_group(candidates[0][1].place)}
        held |= {  # a district that holds the best answer does not contradict it
            key
            for key, members in groups.items()
            if any(f.place.id in best_line and f.place.placetype != "province" for f in members)
        }
        rivals = [share for share, key in tops if key not in held]
        ambiguous = bool(rivals) and rivals[0] >= RIVAL * tops[0][0]
        return Result(query, tuple(c for _, c in candidates[:limit]), ambiguous, notes)

    def _order(self, f: Found) -> tuple[float, int, str]:
        """Within one district: a capital before its district, other towns after theirs."""
        rank = 0 if f.place.id in self._capitals else {"district": 1}.get(f.place.placetype, 2)
        exactness = -round(f.quality, 1)
        return (exactness, rank, f.place.id)


def _doubt_village(result: Result) -> Result:
    """A village without its district: names repeat, and most villages are not listed here."""
    why = "Afghan village names repeat, and the text names no district or province"
    doubted = tuple(
        replace(c, score=c.score * 0.5, reasons=(*c.reasons, why)) for c in result.candidates
    )
    return replace(result, candidates=doubted, ambiguous=True)


def _group(place: Place) -> str:
    if place.placetype == "province":
        return f"province {place.adm1_pcode}"
    if place.placetype in ("district", "settlement"):
        return f"district {place.adm2_pcode}"
    return place.id


def _is_capital(place: Place) -> bool:
    return bool(place.note and place.note.startswith("capital"))


def _level(place: Place) -> str:
    kinds: dict[str, Callable[[], str]] = {
        "district": lambda: "the district",
        "province": lambda: "the province",
    }
    return kinds.get(place.placetype, lambda: place.name)()


def _spelling(hit: Hit, segment: Segment | None) -> str:
    del segment
    if hit.exact:
        return f"spelled '{hit.text}'" + (
            ", an alternative name" if hit.kind == "alternative" else ""
        )
    if hit.likeness >= 0.999:
        return f"sounds like '{hit.text}'"
    return f"spelled nearly like '{hit.text}' ({hit.likeness:.2f})"
