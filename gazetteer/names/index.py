"""Finds the spellings that sound like a word; the look-up at the heart of matching.

Names are blocked by consonant skeleton, so that a query is compared with a handful of
spellings and not with all of them. When the exact block holds nothing near enough, blocks
one consonant away are tried.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from ..store import IndexedName
from .phonetics import class_counts, consonants, distance, least_distance, skeleton, sound
from .text import fold

# Names of few consonants have near neighbours among other names and common words.
SHORT = 3
NEAR_SHORT = 0.9
# A likeness below this is another name: set on the visible pairs (docs/gazetteer.md).
NEAR = 0.86


_SOFTLY_LOST = "PK"  # b beside w, kh beside h: the skeleton has no mark for w and h
_SOFT_SWAPS = frozenset({frozenset("TZ"), frozenset("ZK"), frozenset("PK")})


def _soft_swap(skel: str, other: str) -> bool:
    changed = [frozenset((a, b)) for a, b in zip(skel, other, strict=True) if a != b]
    return len(changed) == 1 and changed[0] in _SOFT_SWAPS


def _spelled(folded: str) -> str:
    """Folded letters with vowels written one way: 'Nahreen' is Nahrin, 'Waigal' Waygal."""
    return folded.replace("ee", "i").replace("oo", "u").replace("ai", "ay")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place whose spelling is like the query: `likeness` 0–1, `exact` when it is the same."""

    place_id: str
    text: str
    kind: str
    likeness: float
    exact: bool
    lang: str = "und"


class NameIndex:
    """All spellings, by folded form, by sound and by skeleton."""

    def __init__(self, names: Iterable[IndexedName]) -> None:
        self._by_sound: dict[str, list[IndexedName]] = defaultdict(list)
        self._by_place: dict[str, list[IndexedName]] = defaultdict(list)
        for name in names:
            if name.sounds:
                self._by_sound[name.sounds].append(name)
                self._by_place[name.place_id].append(name)
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        for sounds in self._by_sound:
            self._by_skeleton[skeleton(sounds)].append(sounds)
        self._near: dict[str, list[str]] = defaultdict(list)
        for skel in self._by_skeleton:
            if len(skel) >= 3:
                for i in range(len(skel)):
                    self._near[skel[:i] + skel[i + 1 :]].append(skel)
        self.lookup = lru_cache(maxsize=4096)(self._lookup)
        self.lookup_among = lru_cache(maxsize=4096)(self._lookup_among)
        self._among = lru_cache(maxsize=512)(self._among_places)

    def _lookup(self, text: str, near: float = NEAR) -> tuple[Hit, ...]:
        """Hits best first, at most one a place, each at least `near` like the text."""
        folded = fold(text)
        sounds, spelled = sound(folded), _spelled(folded)
        if not sounds:
            return ()
        liked = {s: 1.0 for s in (sounds,) if s in self._by_sound}
        skel = skeleton(sounds)
        self._compare(sounds, self._by_skeleton.get(skel, ()), liked, near)
        if not liked:
            hard = (1.0 - near) * (consonants(sounds) + 2.0) >= 1.0
            for other in self._neighbours(skel, hard):
                self._compare(sounds, self._by_skeleton[other], liked, near)
        best: dict[str, Hit] = {}
        for sound_of_name, like in liked.items():
            for name in self._by_sound[sound_of_name]:
                exact = _spelled(fold(name.text)) == spelled
                hit = Hit(name.place_id, name.text, name.kind, like, exact, name.lang)
                known = best.get(name.place_id)
                if known is None or (hit.exact, hit.likeness, hit.kind != "alternative") > (
                    known.exact,
                    known.likeness,
                    known.kind != "alternative",
                ):
                    best[name.place_id] = hit
        return tuple(sorted(best.values(), key=lambda h: (-h.exact, -h.likeness, h.place_id)))

    def begins(self, folded: str) -> set[str]:
        """Ids of places with a spelling that begins with these folded letters."""
        start = bisect_left(self._spellings, (folded, ""))
        found: set[str] = set()
        for spelling, place_id in islice(self._spellings, start, None):
            if not spelling.startswith(folded):
                break
            found.add(place_id)
        return found

    @cached_property
    def _spellings(self) -> list[tuple[str, str]]:
        return sorted(
            (fold(name.text), name.place_id) for names in self._by_place.values() for name in names
        )

    def _lookup_among(self, text: str, place_ids: frozenset[str], near: float) -> tuple[Hit, ...]:
        """Hits among these places only, compared one by one; for a given province's names."""
        sounds = sound(fold(text))
        if not sounds:
            return ()
        size, counts = consonants(sounds), class_counts(sounds)
        best: dict[str, Hit] = {}
        for name, name_size, name_counts in self._among(place_ids):
            scale = min(size, name_size) + 1.0
            limit = (1.0 - near) * scale
            if least_distance(counts, name_counts) > limit:
                continue
            cost = distance(sounds, name.sounds, limit)
            if cost <= limit:
                like = 1.0 - cost / scale
                known = best.get(name.place_id)
                if known is None or like > known.likeness:
                    hit = Hit(name.place_id, name.text, name.kind, like, False, name.lang)
                    best[name.place_id] = hit
        return tuple(sorted(best.values(), key=lambda h: (-h.likeness, h.place_id)))

    def _among_places(
        self, place_ids: frozenset[str]
    ) -> tuple[tuple[IndexedName, int, tuple[int, ...]], ...]:
        return tuple(
            (name, consonants(name.sounds), class_counts(name.sounds))
            for place_id in sorted(place_ids)
            for name in self._by_place.get(place_id, ())
        )

    def _neighbours(self, skel: str, hard: bool) -> list[str]:
        """Skeletons one class away; without `hard` only those that a soft change explains."""
        found: dict[str, None] = {}
        for i, mark in enumerate(skel):
            shorter = skel[:i] + skel[i + 1 :]
            if (hard or mark in _SOFTLY_LOST) and shorter in self._by_skeleton:
                found[shorter] = None
            for other in self._near.get(shorter, ()):
                if len(other) == len(skel) and (hard or _soft_swap(skel, other)):
                    found[other] = None
        for other in self._near.get(skel, ()):
            if hard or any(m in other and other.count(m) > skel.count(m) for m in _SOFTLY_LOST):
                found[other] = None
        found.pop(skel, None)
        return list(found)

    @staticmethod
    def _compare(sounds: str, others: Iterable[str], liked: dict[str, float], near: float) -> None:
        size = consonants(sounds)
        for other in others:
            if other in liked:
                continue
            scale = min(size, consonants(other)) + 1.0
            least = max(near, NEAR_SHORT) if scale <= SHORT + 1.0 else near
            limit = (1.0 - least) * scale
            cost = distance(sounds, other, limit)
            if cost <= limit:
                liked[other] = 1.0 - cost / scale
