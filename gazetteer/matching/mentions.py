"""Resolves the places that a text names together: containers, lists, roads and offsets.

A mention keeps the words and leaves doubt open: its `result` ranks what it can mean. Names
used as attributes of people and institutions ('Herat hospitals', 'the former Balkh
governor'), datelines, and names of groups, meetings and media are found but given another
`role`, and left out unless asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..model import Candidate, Place, Result
from ..places import Places
from ..reading.segments import Segment
from .doubt import doubt_in_text, doubted
from .phrases import Phrases
from .spans import Span, SpanFinder

HOLDS_SCORE = 0.97  # of a province whose district the text names in it
# Words that may stand between a name and the name of what holds it: 'X district of eastern P'.
_HELD = re.compile(
    r"(?:['’]s)?(?:\s+[a-z]+){0,2}\s*(?:,|\bof\b|\bin\b|\()"
    r"(?:\s+(?:the|an?|district|village|town|area|remote|small|of|capital|city|province|[a-z]+ern|central|restive|volatile|neighbou?ring|in)\b){0,5}\s*"
)
_DISTRICT_OF = re.compile(
    r"\s+district\s*(?:,|\bof\b|\bin\b)\s*(?:the\s+|[a-z]+ern\s+|central\s+|province\s+of\s+|afghan\s+)*"
)
_FAR_REACHING = re.compile(r"\s+(?:river|desert)\b", re.I)
_OWNED = re.compile(r"(?:\s+province)?(?:['’?]s|\s*,)\s+(?:[a-z]+\s+){0,2}")
_LISTED = re.compile(
    r"(?:\s+(?:districts?|provinces?))?\s*(?:,|,?\s*and\b|&|/|,?\s*or\b|و|،)\s*(?:the\s+)?"
    r"(?:(?:in|from)\s+)?"
)
_BESIDE_OFFSET = re.compile(
    r"\s*(?:district|province|village|area|town|city)?\s*(?:,|\(|[–—-])?\s*"
    r"(?:(?:which|that|is|lies|located|situated|about)\s+)*"
)
_ARABIC_HELD = re.compile(
    r"\s*(?:،|در|مربوط|مربوطات|واقع|در مربوطات)?\s*(?:ولسوالی|ولایت|شهر)?\s*(?:ی|ء)?\s*"
)
_ROAD = re.compile(r"\s*(?:-|–|—|\s-\s|to|and)\s*")
_ROAD_AFTER = re.compile(r"\s*(?:-|\s)\s*(?:main\s+)?(?:highway|road|motorway|route)\b", re.I)
_BETWEEN_BEFORE = re.compile(
    r"\b(?:between|linking|connecting|links|connects)\s+(?:the\s+)?$", re.I
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: `text[start:end]`, its role and what it can mean.

    `role` is 'location', 'attributive' (of people or institutions), 'dateline' or 'medium'.
    The words include a distance ('20 km south of Herat') where one is measured from the name.
    """

    start: int
    end: int
    text: str
    role: str
    result: Result

    @property
    def ambiguous(self) -> bool:
        """Whether the words can mean several places."""
        return self.result.ambiguous


class MentionFinder:
    """Finds and resolves the place mentions of a text."""

    def __init__(self, places: Places, spans: SpanFinder, phrases: Phrases) -> None:
        self._places = places
        self._spans = spans
        self._phrases = phrases

    def find(
        self, text: str, every_role: bool = False, near: Sequence[Place] = ()
    ) -> tuple[Mention, ...]:
        """Mentions in order of their start; only locations unless `every_role`."""
        wanted = [s for s in self._spans.find(text) if every_role or s.role == "location"]
        return tuple(_Page(self._places, self._phrases, text, wanted, near).mentions())


class _Page:
    """The spans of one text, resolved together."""

    def __init__(
        self,
        places: Places,
        phrases: Phrases,
        text: str,
        spans: Sequence[Span],
        near: Sequence[Place],
    ) -> None:
        self._places = places
        self._phrases = phrases
        self._text = text
        self._spans = spans
        self._near = tuple(near)
        self._holders = self._find_holders()
        self._given: dict[int, Result] = {}

    def mentions(self) -> Iterable[Mention]:
        """The mentions, each resolved with what holds it, then with the rest of the page."""
        alone = [self._resolve(i, self._near) for i in range(len(self._spans))]
        anchors: dict[str, Place] = {}
        for result in alone:
            best = result.best
            if best and (not result.ambiguous or best.placetype == "province"):
                anchors[best.id] = best.place
        done = 0
        for i, span in enumerate(self._spans):
            if i < done:
                continue
            road = self._road(i)
            if road is not None:
                yield road
                done = i + 2
                continue
            result = self._given.get(i, alone[i])
            if (result.ambiguous or not result.candidates) and span.offset is None:
                own = result.best.id if result.best else ""
                near = [a for key, a in anchors.items() if key != own]
                if near:
                    result = self._given.get(i) or self._resolve(i, (*near, *self._near))
            if span.offset is not None:
                result = self._moved(i, result)
            elif self._holders[i] is None:
                near = [a for a in anchors.values() if not result.best or a.id != result.best.id]
                result = doubt_in_text(result, span.name, span.feature, (*near, *self._near))
            if span.feature == "nature" and _FAR_REACHING.match(self._text, span.end):
                result = doubted(result, "a river or desert that bears its name reaches far")
            if result.candidates or result.abroad:
                words = self._text[span.start : span.end]
                yield Mention(span.start, span.end, words, span.role, replace(result, query=words))

    def _between(self, i: int, j: int) -> str:
        return self._text[self._spans[i].end : self._spans[j].start]

    def _find_holders(self) -> list[int | None]:
        """For each span the span that holds it by grammar, or None."""
        count = len(self._spans)
        holders: list[int | None] = [None] * count
        for i in range(count - 2, -1, -1):
            if self._spans[i + 1].offset is not None:
                continue
            between = self._between(i, i + 1)
            if _LISTED.fullmatch(between) and holders[i + 1] is not None:
                holders[i] = holders[i + 1]
            elif _HELD.fullmatch(between) or _ARABIC_HELD.fullmatch(between):
                holders[i] = i + 1
        for i in range(1, count):
            free = holders[i] is None and holders[i - 1] != i and self._spans[i].offset is None
            if free and _OWNED.fullmatch(self._between(i - 1, i)):
                holders[i] = i - 1
        return holders

    def _resolve(self, i: int, near: Sequence[Place]) -> Result:
        """One span: inside what the text says holds it if that is so, else by itself."""
        span, holder = self._spans[i], self._holders[i]
        if holder is not None:
            outer = self._spans[holder]
            scope = self._phrases.named((_segment(outer),), near)
            joined = self._phrases.named((_segment(span), _segment(outer)), near, span.number)
            best = joined.best
            fell_back = best is not None and best.id in {c.id for c in scope.candidates}
            if best is not None and not fell_back and self._is_held(best, scope):
                self._settle(holder, scope, best)
                return joined
            known = best is not None and best.whole
            if span.feature == "district" and not known and self._said_to_hold(i, holder, scope):
                return doubted(scope, f"no '{span.name}' is known there")
        return self._phrases.named((_segment(span),), near, span.number)

    def _said_to_hold(self, i: int, holder: int, scope: Result) -> bool:
        """Whether the words leave no doubt that a province holds a district: 'X district of P'."""
        best = scope.best
        if best is None or not any(c.placetype == "province" for c in scope.candidates):
            return False
        return holder < i or bool(_DISTRICT_OF.fullmatch(self._between(i, holder)))

    def _is_held(self, best: Candidate, scope: Result) -> bool:
        line = self._places.line(best.place)
        return any(c.id in line or c.place.parent_id in line for c in scope.candidates)

    def _settle(self, holder: int, scope: Result, best: Candidate) -> None:
        """What holds a place that is sure is sure itself: 'Qarabagh district of Kabul'."""
        line = self._places.line(best.place) - {best.id}
        held = [c for c in scope.candidates if c.id in line]
        order = {"province": 0, "district": 1}
        held.sort(key=lambda c: (order.get(c.placetype, 2), -c.score))
        if best.placetype != "district":  # 'the Khairkhana area of Kabul': the city is meant
            held.sort(key=lambda c: -c.score)
        if held and scope.ambiguous:
            why = f"holds {best.name}"
            top = replace(held[0], score=HOLDS_SCORE, reasons=(*held[0].reasons, why))
            self._given.setdefault(holder, replace(scope, candidates=(top,), ambiguous=False))

    def _moved(self, i: int, result: Result) -> Result:
        """Where a distance from a span ends, unless the text names the place that lies there."""
        span = self._spans[i]
        if span.offset is None:
            return result
        moved = self._phrases.offsets.moved(span.name, span.offset, result, 5)
        if i and _BESIDE_OFFSET.fullmatch(self._between(i - 1, i)):
            before = self._resolve(i - 1, self._near)
            named = [c for c in before.candidates[:1] if not before.ambiguous]
            if named and self._phrases.offsets.in_reach(named[0].place, moved, span.offset):
                return Result(span.name)  # 'Salang Pass, 71 miles north of Kabul' is the pass
        return moved

    def _road(self, i: int) -> Mention | None:
        """'the Kabul-Kandahar highway', 'between Kabul and Jalalabad': one stretch of road."""
        if i + 1 >= len(self._spans):
            return None
        first, second = self._spans[i], self._spans[i + 1]
        after = self._text[second.end : second.end + 30]
        before = self._text[max(0, first.start - 20) : first.start]
        road = bool(_ROAD_AFTER.match(after))
        between = bool(_BETWEEN_BEFORE.search(before)) and "and" in self._between(i, i + 1)
        if not (road or between) or not _ROAD.fullmatch(self._between(i, i + 1)):
            return None
        result = self._phrases.phrase(f"between {first.name} and {second.name}")
        if not result.candidates:
            return None
        words = self._text[first.start : second.end]
        return Mention(first.start, second.end, words, "location", replace(result, query=words))


_SAY = {"centre": "town", "nature": "", "site": "", "works": "", "road": ""}


def _segment(span: Span) -> Segment:
    feature = _SAY.get(span.feature, span.feature)
    return Segment.of(span.name, feature)
