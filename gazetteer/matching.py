"""The Matcher: takes a query through its steps and answers with a `Result`.

Parse, refuse what is abroad, then resolve and rank, or hand on to the forms (offsets, roads)
and to prose. Also the two questions beside a search: what a table's column names, and
whether two spellings are one place.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import BadQueryError
from .forms import Forms
from .lookup import SegmentLookup
from .model import Place, Result
from .names.index import NEAR, NameIndex
from .names.phonetics import likeness, sound
from .names.text import fold
from .prominence import DISTRICT, Prominence
from .prose import Prose
from .ranking import Ranking, doubt_village
from .reading.query import Parsed, looks_like_prose, parse
from .reading.segments import Segment, segment, segment_words
from .resolve import Resolver, given

if TYPE_CHECKING:
    from .gazetteer import Gazetteer

ADMIN_ELSEWHERE = 0.93  # how sure a district's name must be outside the province given


def read_foreign(path: Path) -> dict[str, str]:
    """{sound of a foreign or group name: its country or ''}."""
    with path.open(encoding="utf-8", newline="") as file:
        return {sound(fold(row["name"])): row["country"] for row in csv.DictReader(file)}


class Matcher:
    """Answers queries over one gazetteer's places and names."""

    def __init__(self, gazetteer: Gazetteer, index: NameIndex, foreign: dict[str, str]) -> None:
        self._gazetteer = gazetteer
        self._index = index
        self._foreign = foreign
        self._prominence = Prominence(gazetteer.places())
        self._lookup = SegmentLookup(gazetteer, index, self._prominence)
        self._resolver = Resolver(gazetteer, self._lookup, self._prominence)
        self._ranking = Ranking(gazetteer, self._prominence)
        self._forms = Forms(gazetteer, index, self._resolver, self._ranking)
        self._prose = Prose(gazetteer, self._ranking)

    def search(self, query: str, within: Place | None, near: Sequence[Place], limit: int) -> Result:
        """Ranked candidates for a place phrase or a sentence; none when nothing fits."""
        if not sound(fold(query)):
            raise BadQueryError("The query holds no letters or digits to look up.")
        if self._whole(query) is None and looks_like_prose(query):
            return self._prose.search(query, within, limit)
        result = self.phrase(query, within, near, limit)
        several = query.count(" ") >= 3 or " and " in query
        if not result.candidates and within is None and several and not self._abroad(parse(query)):
            said = self._prose.search(query, within, limit)
            return said if said.candidates else result
        return result

    def phrase(self, query: str, within: Place | None, near: Sequence[Place], limit: int) -> Result:
        """Ranked candidates for one place phrase, never read as a sentence."""
        parsed = self._whole(query) or parse(query)
        note = self._abroad(parsed) if within is None else None
        if note:
            return Result(query, (), False, (note,))
        if parsed.offset:
            return self._forms.offset(query, parsed.offset, parsed, within, near, limit)
        if parsed.ends:
            return self._forms.road(query, parsed.ends, parsed, within, near, limit)
        found, notes = self._resolver.resolve(parsed, within, near)
        result = self._ranking.rank(query, found, limit, notes)
        lone = len(parsed.segments) == 1 and parsed.segments[0].feature == "village"
        if lone and within is None and not near and result.candidates:
            return doubt_village(result)
        return result

    def admin(self, text: str, level: str, inside: Place | None) -> Place | None:
        """The province or district that a table's column names, or None."""
        scope = given(inside)
        segments = [s for s in parse(text).segments if s.name] or [segment(text)]
        part = segments[0]
        wanted = Segment(part.name, level, part.name, part.aliases)
        found = [f for f in self._lookup.named(wanted, scope, ()) if f.place.placetype == level]
        if not found and part.aliases:
            found = [
                f
                for alias in part.aliases
                for f in self._lookup.named(Segment(fold(alias), level, fold(alias)), scope, ())
                if f.place.placetype == level
            ]
        if not found and scope:
            # sources disagree about parents: a district spelled right elsewhere is still meant
            found = [
                f
                for f in self._lookup.named(wanted, (), ())
                if f.place.placetype == level and f.quality > ADMIN_ELSEWHERE
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

    def is_abroad(self, name: str) -> bool:
        """Whether a name is that of a foreign country, region or city."""
        return bool(name) and bool(self._foreign.get(sound(fold(name))))

    def _abroad(self, parsed: Parsed) -> str | None:
        for part in parsed.segments:
            for text in (part.words, part.name):
                country = self._foreign.get(sound(text))
                if country is None:
                    continue
                known = [
                    h
                    for h in self._index.lookup(text)
                    if h.exact and h.kind == "main" and self._prominence[h.place_id] >= DISTRICT
                ]
                if not known:
                    where = f"in {country}" if country else "not a place in Afghanistan"
                    return f"'{part.words}' is {where}; this gazetteer holds Afghanistan only."
        return None
