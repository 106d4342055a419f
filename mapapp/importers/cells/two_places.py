"""Whether words name two places side by side: then neither is taken (words → choice)."""

from __future__ import annotations

import re
from functools import lru_cache

from gazetteer import BadQueryError, Gazetteer
from gazetteer.model import Candidate, Place
from mapapp.importers.cells.marks import folded

#: Between places side by side; a comma stands as often between a place and what holds it.
_BESIDE = re.compile(
    r"\s*[/;|&+]\s*|\s+[-–—]\s+|\s+(?:and|or|to|und|et|y|و|یا|او|تا)\s+", re.IGNORECASE
)
#: With these words both are meant, also where one lies in the other.
_BOTH = re.compile(r"\s*[;&+]\s*|\s+(?:and|or|und|et|y|و|یا|او)\s+", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,،]\s*")
_UNITS = ("province", "district")


class TwoPlaces:
    """Looks for places side by side in a cell."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self.found = lru_cache(maxsize=20_000)(self._found)
        self._place = lru_cache(maxsize=20_000)(self._sure)

    def _found(self, words: str) -> tuple[Candidate, ...]:
        """The places, where there are two that do not lie in one another; else none."""
        if not (_BESIDE.search(words) or _COMMA.search(words)) or self._is_a_name(words):
            return ()
        apart = _BESIDE.search(words) is not None
        parts = [part for side in _BESIDE.split(words) for part in _COMMA.split(side)]
        named = [
            found for part in parts if (found := self._place(part.strip(" ()[]."))) is not None
        ]
        if not apart:  # "Kabul, Parwan": two provinces, or a village that is called as one
            named = [one for one in named if one.place.placetype in _UNITS]
        own = {one.place.id: one for one in named}
        outer = {above.id for one in named for above in self._gazetteer.ancestors(one.place.id)}
        several = tuple(own.values())
        if not _BOTH.search(words):
            several = tuple(one for key, one in own.items() if key not in outer)
        provinces = {self._province(one.place) for one in several}
        # Two places of one province side by side are still two, unless a comma alone parts them.
        return several if len(several) > 1 and (apart or len(provinces) > 1) else ()

    def _sure(self, part: str) -> Candidate | None:
        """The place that a part of a cell names by itself, spelled as it is known."""
        if len(part) < 3:
            return None
        try:
            result = self._gazetteer.search(part, limit=3)
        except BadQueryError:
            return None
        candidates = [c for c in result.candidates if not nearly(c)]
        if not candidates:
            return None
        # "Kandahar" is a town, a district and a province: the widest, as they lie in one another.
        wide = [c for c in candidates if c.placetype == "province"]
        best = (wide or candidates)[0]
        others = {self._province(c.place) for c in candidates if c.score > 0.2}
        return best if len(others) == 1 and best.placetype != "country" else None

    def _is_a_name(self, words: str) -> bool:
        """Whether the whole is one name, as that of the district Lal wa Sarjangal."""
        try:
            best = self._gazetteer.search(words, limit=1).best
        except BadQueryError:
            return True  # nothing to look up
        return best is not None and any(
            folded(name.text) == folded(words) for name in best.place.names
        )

    def _province(self, place: Place) -> str | None:
        line = (place, *self._gazetteer.ancestors(place.id))
        return next((one.id for one in line if one.placetype == "province"), None)


def nearly(candidate: Candidate) -> bool:
    """Whether a place was found by a spelling that is only like its name."""
    return any(reason.startswith("spelled nearly like") for reason in candidate.reasons)
