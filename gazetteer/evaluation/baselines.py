"""The usual ways to match place names, run over the same names in the same call.

exact: folded to lower case. WRatio: `rapidfuzz.process.extractOne` over every spelling the
gazetteer holds. alternates: GeoNames' names of populated places and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..gazetteer import Gazetteer
from ..model import Place

WRATIO_CUTOFF = 85.0
Find = Callable[[str], list[Place]]


class Baselines:
    """Exact, WRatio and GeoNames-alternates look-ups; each returns places or none."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        from rapidfuzz import fuzz, process

        self._extract, self._scorer = process.extractOne, fuzz.WRatio
        self._exact: dict[str, list[Place]] = {}
        self._alternates: dict[str, list[Place]] = {}
        for place in gazetteer.places():
            for name in place.names:
                self._exact.setdefault(name.text.lower(), []).append(place)
                if name.origin == "GeoNames" and place.placetype == "settlement":
                    self._alternates.setdefault(name.text.lower(), []).append(place)
        self._names = list(self._exact)

    def exact(self, text: str) -> list[Place]:
        """Places with this very spelling, case aside."""
        return self._exact.get(_bare(text), [])

    def alternates(self, text: str) -> list[Place]:
        """Populated places for which GeoNames lists this spelling."""
        return self._alternates.get(_bare(text), [])

    def wratio(self, text: str) -> list[Place]:
        """The places of the spelling that rapidfuzz finds most alike, above a cut-off."""
        found = self._extract(
            _bare(text), self._names, scorer=self._scorer, score_cutoff=WRATIO_CUTOFF
        )
        return self._exact[found[0]] if found else []

    def all(self) -> Iterable[tuple[str, Find]]:
        """Each baseline's name and look-up."""
        return (("exact", self.exact), ("WRatio", self.wratio), ("alternates", self.alternates))


def _bare(text: str) -> str:
    lowered = text.lower().strip()
    for word in (" district", " province", " town", " city", " village"):
        lowered = lowered.removesuffix(word)
    return lowered
