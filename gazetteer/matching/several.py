"""Answers words that name several places: one result for each, and an ambiguity over all.

What is parted is looked up first: 'Tala and Barfak' is one district, 'Herat/Injil' a district
in its province, 'Firozkoh/Chaghcharan' one town under two names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..model import SAME_SOUND, Candidate, Place, Result
from ..names.index import NameIndex
from ..places import Places
from ..reading.query import parse
from ..reading.segments import Segment
from ..reading.several import inside_one_name, separated
from .doubt import doubted
from .phrases import Phrases
from .ranking import group

_JOINED = re.compile(r"([^-–—,]{3,})[-–—]([^-–—,]{3,})")
_BORDER_PAIR = re.compile(
    r"(?:the\s+)?(?P<a>[A-Z][^-–—,/]{2,})\s*[-–—/]\s*(?P<b>[A-Z][^-–—,/]{2,}?)\s+(?:border\s+)?"
    r"(?:crossing|border|gate|port)(?:\s+point)?"
)
SHARED = 0.9  # the score that the places named share
NOTE = "the words name several places"


class Several:
    """Results for words that name several places."""

    def __init__(self, places: Places, index: NameIndex, phrases: Phrases) -> None:
        self._places = places
        self._index = index
        self._phrases = phrases

    def search(
        self, query: str, within: Place | None, near: Sequence[Place], limit: int
    ) -> Result | None:
        """The result over all places that the words name, or None when they name one."""
        parts = separated(query)
        if parts and not any(self._one_name(words) for words in inside_one_name(query)):
            parts = [p for part in parts for p in self._provinces(part) or [part]]
            return self._together(query, parts, within, near, limit)
        if "," in query or "،" in query:
            return self._together(query, self._provinces(query), within, near, limit)
        if border := _BORDER_PAIR.fullmatch(query.strip()):  # 'Chaman-Spin Boldak crossing'
            here = [n for n in border.group("a", "b") if self._one_name(n)]
            if len(here) == 1:
                return self._phrases.phrase(f"{here[0]} crossing", within, near, limit)
        if joined := _JOINED.fullmatch(query.strip()):  # 'Herat-Badghis'; most dashes join a name
            return self._together(query, self._provinces(", ".join(joined.groups())), within, near,
                                  limit)  # fmt: skip
        return None

    def _one_name(self, words: str) -> bool:
        return any(h.likeness >= SAME_SOUND for h in self._index.lookup(words))

    def _together(
        self,
        query: str,
        parts: Sequence[str],
        within: Place | None,
        near: Sequence[Place],
        limit: int,
    ) -> Result | None:
        results = [self._phrases.phrase(part, within, near, limit) for part in parts]
        known = [r for r in results if r.best is not None and self._named(r)]
        if len(known) == 1 and "/" in query and len(results) > len(known):
            return doubted(replace(known[0], query=query), "the other part is not known")
        if len(known) < 2 or self._one_place(query, known):
            return None
        tops: dict[str, Candidate] = {}
        for result in known:
            for c in result.candidates[: 1 if not result.ambiguous else limit]:
                tops.setdefault(c.id, c)
        share = SHARED / len(known)
        candidates = [replace(c, score=round(c.score * share, 4)) for c in tops.values()]
        candidates.sort(key=lambda c: (-c.score, c.id))
        return Result(
            query, tuple(candidates[: max(limit, len(known))]), True, (NOTE,), tuple(known)
        )

    @staticmethod
    def _named(result: Result) -> bool:
        """Whether a part itself is known, not only what holds it."""
        return result.best is not None and result.best.whole

    def _one_place(self, query: str, known: Sequence[Result]) -> bool:
        """Whether the parts are one place, or, written with '/', one inside another."""
        tops = [r.best.place for r in known if r.best is not None]
        groups = [{group(c.place) for c in r.candidates} for r in known]
        if set.intersection(*groups) and "/" in query:
            return True
        if len({p.id for p in tops}) == 1:
            return True
        return "/" in query and any(
            {c.id for c in other.candidates} & (self._places.line(top) - {top.id})
            for i, top in enumerate(tops)
            for j, other in enumerate(known)
            if i != j
        )

    def _provinces(self, query: str) -> list[str]:
        """The provinces that a list with commas names, where none can hold another."""
        segments = [s for s in parse(query).segments if s.name and s.name != "afghanistan"]
        named = [(s, self._province(s)) for s in segments]
        ids = [p for _, p in named if p]
        if len(set(ids)) < 2 or len(ids) != len(named):
            return []
        return [f"{s.name} province" for s, _ in named]

    def _province(self, segment: Segment) -> str | None:
        if segment.feature not in ("", "province"):
            return None
        hits = self._index.lookup(segment.name)
        return next(
            (h.place_id for h in hits
             if h.likeness >= SAME_SOUND and h.place_id.startswith("prov:")), None
        )  # fmt: skip
