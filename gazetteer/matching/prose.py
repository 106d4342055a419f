"""Answers a sentence or headline given as a query: the places it mentions, finest first."""

from __future__ import annotations

from dataclasses import replace

from ..model import Candidate, Place, Result
from ..places import Places
from .mentions import MentionFinder
from .ranking import Ranking, group
from .resolve import kept

HOLDER = 0.5  # what a place keeps of its score when the text also names a part of it


class Prose:
    """Combines the mentions of a text into one result."""

    def __init__(self, places: Places, ranking: Ranking, finder: MentionFinder) -> None:
        self._places = places
        self._finder = finder
        self._ranking = ranking

    def search(self, query: str, within: Place | None, limit: int) -> Result:
        """Candidates for the finest places mentioned; ambiguous when they are several."""
        line = self._places.line
        readings: list[list[Candidate]] = []
        doubted: set[str] = set()
        by_id: dict[str, Candidate] = {}
        for mention in self._finder.find(query):
            inside = [
                c for c in mention.result.candidates if within is None or within.id in line(c.place)
            ]
            if not inside:
                continue
            readings.append(inside)
            if mention.ambiguous:
                doubted.add(inside[0].id)
            for c in inside:
                known = by_id.get(c.id)
                if known is None or known.score < c.score:
                    why = f"the text mentions '{mention.text}'"
                    by_id[c.id] = replace(c, reasons=(why, *c.reasons))
        if not readings:
            if within is not None:
                found = kept(within, "the text names no place there")
                return self._ranking.rank(query, [found], limit, ())
            return Result(query, (), False, ("the text mentions no Afghan place",))
        finest = self._finest(readings)
        spread = len({group(p) for p in finest.values()})
        scaled = [
            replace(c, score=c.score / spread * (1.0 if c.id in finest else HOLDER))
            for c in by_id.values()
        ]
        scaled.sort(key=lambda c: (-c.score, c.id))
        ambiguous = spread > 1 or bool(doubted & set(finest))
        notes = ("the text mentions several places",) if spread > 1 else ()
        return Result(query, tuple(scaled[:limit]), ambiguous, notes)

    def _finest(self, readings: list[list[Candidate]]) -> dict[str, Place]:
        """The best readings, without those that only hold another one.

        In 'Ghazni's Ajristan district' Ghazni is the district's province, whatever else the
        name can mean.
        """
        tops = [options[0].place for options in readings]
        finest = {}
        for top, options in zip(tops, readings, strict=True):
            ids = {c.id for c in options}
            holds = any(
                ids & (self._places.line(other) - {other.id})
                for other in tops
                if other.id not in ids
            )
            if not holds:
                finest[top.id] = top
        return finest or {t.id: t for t in tops}
