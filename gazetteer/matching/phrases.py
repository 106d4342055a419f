"""Answers one place phrase: refuse what is abroad, then resolve and rank, or an offset or road."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from ..model import Place, Result
from ..names.index import NameIndex
from ..names.phonetics import sound
from ..names.text import fold
from ..places import Places
from ..reading.query import Parsed, parse
from ..reading.segments import Segment, segment_words
from .forms import Forms
from .lookup import SegmentLookup
from .prominence import DISTRICT, Prominence
from .ranking import Ranking, doubt_village
from .resolve import Resolver


def read_foreign(path: Path) -> dict[str, str]:
    """{sound of a foreign or group name: its country or ''}."""
    with path.open(encoding="utf-8", newline="") as file:
        return {sound(fold(row["name"])): row["country"] for row in csv.DictReader(file)}


class Phrases:
    """Answers place phrases over the places and names of one gazetteer."""

    def __init__(
        self,
        places: Places,
        index: NameIndex,
        lookup: SegmentLookup,
        prominence: Prominence,
        foreign: dict[str, str],
    ) -> None:
        self._places = places
        self._index = index
        self._prominence = prominence
        self._foreign = foreign
        self._resolver = Resolver(places, lookup, prominence)
        self.ranking = Ranking(places, prominence)
        self._forms = Forms(places, index, self._resolver, self.ranking)

    def phrase(
        self,
        query: str,
        within: Place | None = None,
        near: Sequence[Place] = (),
        limit: int = 5,
    ) -> Result:
        """Ranked candidates for one place phrase, never read as a sentence."""
        parsed = self.whole(query) or parse(query)
        note = self.abroad(parsed) if within is None else None
        if note:
            return Result(query, (), False, (note,))
        if parsed.offset:
            return self._forms.offset(query, parsed.offset, parsed, within, near, limit)
        if parsed.ends:
            return self._forms.road(query, parsed.ends, parsed, within, near, limit)
        found, notes = self._resolver.resolve(parsed, within, near)
        result = self.ranking.rank(query, found, limit, notes)
        lone = len(parsed.segments) == 1 and parsed.segments[0].feature == "village"
        if lone and within is None and not near and result.candidates:
            return doubt_village(result)
        return result

    def whole(self, query: str) -> Parsed | None:
        """A phrase that as a whole is a listed name: 'Pakistani embassy in Kabul'."""
        words = segment_words(query)
        for hit in self._index.lookup(words) if " " in words else ():
            kind = self._places.place(hit.place_id).placetype
            if hit.exact and kind in ("site", "neighbourhood", "area", "crossing"):
                return Parsed((Segment(words, "", words),))
        return None

    def is_abroad(self, name: str) -> bool:
        """Whether a name is that of a foreign country, region or city."""
        return bool(name) and bool(self._foreign.get(sound(fold(name))))

    def abroad(self, parsed: Parsed) -> str | None:
        """Says which part of a phrase lies outside Afghanistan, or None."""
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
