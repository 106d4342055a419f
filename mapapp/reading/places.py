"""Places that a page names, through the gazetteer, with what is said of them (text → places)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gazetteer import Candidate, Gazetteer
from gazetteer.matching.mentions import Mention
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.places import candidate_ref
from mapapp.reading.sentences import Sentence

#: Likely enough to be offered beside the first.
_OFFERED = 0.2
_FINENESS = {level: n for n, level in enumerate(GeoPrecision)}
#: A capital whose bare name means the town: that of the country.
_TOWN_ALONE = "Kabul"
_LEAD = frozenset(
    [
        "in",
        "at",
        "near",
        "of",
        "from",
        "across",
        "inside",
        "outside",
        "around",
        "to",
        "on",
        "towards",
        "toward",
    ]
)


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A place named at tokens `start` to `end` of a sentence; abroad `place` has no P-codes."""

    start: int
    end: int
    place: PlaceRef
    others: tuple[PlaceRef, ...] = ()
    abroad: bool = False
    role: str = "location"

    @property
    def fineness(self) -> int:
        """0 for a site, 5 for the country."""
        return _FINENESS[self.place.geo_precision]


class PlaceFinder:
    """Places by sentence; the gazetteer reads the whole text once, as its parts explain each other."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._mentions = list(gazetteer.mentions(text))
        self._next = 0

    def find(self, sentence: Sentence) -> list[PlaceWords]:
        """Those of one sentence; sentences are asked for in order."""
        found: list[PlaceWords] = []
        while self._next < len(self._mentions):
            mention = self._mentions[self._next]
            if mention.start >= sentence.end:
                break
            self._next += 1
            if mention.start < sentence.start:
                continue
            row = self._words(sentence, mention)
            if row is not None:
                found.append(row)
        return sorted([*found, *self._foreign(sentence, found)], key=lambda p: p.start)

    def _words(self, sentence: Sentence, mention: Mention) -> PlaceWords | None:
        inside = [
            i for i, t in enumerate(sentence.tokens)
            if t.start < mention.end and mention.start < t.end
        ]  # fmt: skip
        result = mention.result
        if not inside or not result.candidates:
            return None
        best, doubtful = self._best(mention)
        place = candidate_ref(self._gazetteer, best, mention.text)
        if doubtful:
            place = PlaceRef(**{**_fields(place), "ambiguous": True})
        others = tuple(
            candidate_ref(self._gazetteer, c, mention.text)
            for c in result.candidates
            if c.id != best.id and c.score >= _OFFERED
        )
        return PlaceWords(inside[0], inside[-1] + 1, place, others)

    @staticmethod
    def _best(mention: Mention) -> tuple[Candidate, bool]:
        """A bare name of town and province is the province until the page says more."""
        candidates = mention.result.candidates
        best = candidates[0]
        if not mention.ambiguous:
            return best, False
        province = next((c for c in candidates if c.placetype == "province"), None)
        if best.placetype == "settlement" and province is not None and province.score >= _OFFERED:
            if best.name == _TOWN_ALONE:
                return best, False
            return province, True
        return best, True

    def _foreign(self, sentence: Sentence, found: Sequence[PlaceWords]) -> list[PlaceWords]:
        """Names abroad behind a preposition: "in Bannu", "in Pakistan's Khyber province"."""
        rows: list[PlaceWords] = []
        taken = {i for p in found for i in range(p.start, p.end)}
        row = sentence.tokens
        i = 0
        while i < len(row):
            if i in taken or not row[i].capital or not i or row[i - 1].low not in _LEAD:
                i += 1
                continue
            for size in (3, 2, 1):
                part = row[i : i + size]
                if len(part) < size or not all(t.capital and t.word for t in part):
                    continue
                name = " ".join(t.text for t in part)
                if len(name) <= 60 and self._gazetteer.is_abroad(name):
                    place = PlaceRef(text=name, geo_precision=GeoPrecision.COUNTRY)
                    rows.append(PlaceWords(i, i + size, place, abroad=True))
                    i += size - 1
                    break
            i += 1
        return rows


def _fields(place: PlaceRef) -> dict[str, object]:
    return {name: getattr(place, name) for name in PlaceRef.__slots__}


def holds(outer: PlaceRef, inner: PlaceRef) -> bool:
    """Whether one place can lie in the other, by their P-codes."""
    if outer.adm1_pcode is None or inner.adm1_pcode is None:
        return outer.place_id is not None and outer.geo_precision is GeoPrecision.COUNTRY
    if outer.adm1_pcode != inner.adm1_pcode:
        return False
    if outer.adm2_pcode is None or inner.adm2_pcode is None:
        return outer.adm2_pcode is None
    return outer.adm2_pcode == inner.adm2_pcode
