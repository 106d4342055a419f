"""Places that a page names, through the gazetteer, with what is said of them (text → places)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gazetteer import Candidate, Gazetteer
from gazetteer.matching.mentions import Mention
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.importers.cells.countries import iso3
from mapapp.importers.cells.places import candidate_ref
from mapapp.reading.sentences import Sentence
from mapapp.reading.words import WORDS

#: Likely enough to be offered beside the first.
_OFFERED = 0.2
_FINENESS = {level: n for n, level in enumerate(GeoPrecision)}
#: A capital whose bare name means the town: that of the country.
_TOWN_ALONE = "Kabul"
_ELSEWHERE = WORDS.set("places", "elsewhere")
_LEAD = WORDS.set("places", "lead")


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A place named at tokens `start` to `end` of a sentence; abroad `place` has no P-codes."""

    start: int
    end: int
    place: PlaceRef
    others: tuple[PlaceRef, ...] = ()
    abroad: bool = False
    role: str = "location"
    country: str = "AFG"

    @property
    def fineness(self) -> int:
        """0 for a site, 5 for the country."""
        return _FINENESS[self.place.geo_precision]


#: So much of a text is read at once: its parts explain each other, and no page waits for all of it.
_PART_CHARS = 8_000


class PlaceFinder:
    """Places by sentence, a part of the text at a time: most pages are one."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._text = text
        self._gazetteer = gazetteer
        self._mentions: list[Mention] = []
        self._read_to = 0
        self._next = 0

    def _read_on(self) -> None:
        """The mentions of the next part, which ends with a line where it can."""
        start, end = self._read_to, self._read_to + _PART_CHARS
        if end < len(self._text):
            line = self._text.rfind("\n", start + _PART_CHARS // 2, end)
            blank = self._text.rfind(" ", start + _PART_CHARS // 2, end)
            end = max(line if line > 0 else blank, start) + 1 if max(line, blank) > 0 else end
        part = self._text[start:end]
        self._mentions.extend(
            replace(mention, start=mention.start + start, end=mention.end + start)
            for mention in self._gazetteer.mentions(part, every_role=True)
        )
        self._read_to = end

    def find(self, sentence: Sentence) -> list[PlaceWords]:
        """Those of one sentence; sentences are asked for in order."""
        while self._read_to < min(sentence.end, len(self._text)):
            self._read_on()
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
        alone = not any(p.role == "location" for p in found)
        found += (
            p for p in self._capital(sentence)
            if alone or "in" in sentence.lows[max(0, p.start - 2) : p.start]
        )  # fmt: skip
        return sorted([*found, *self._foreign(sentence, found)], key=lambda p: p.start)

    def _capital(self, sentence: Sentence) -> list[PlaceWords]:
        """ "the Afghan capital", "Afghanistan's capital" is Kabul."""
        lows = sentence.lows
        for i, word in enumerate(lows):
            if word != "capital" or not i:
                continue
            start = i - 1 if lows[i - 1] == "afghan" else i - 2
            if start >= 0 and lows[start] in ("afghan", "afghanistan"):
                best = self._gazetteer.search("Kabul city").best
                if best is not None:
                    words = " ".join(t.text for t in sentence.tokens[start : i + 1])
                    return [PlaceWords(start, i + 1, candidate_ref(self._gazetteer, best, words))]
        return []

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
            place = replace(place, ambiguous=True)
        others = tuple(
            candidate_ref(self._gazetteer, c, mention.text)
            for c in result.candidates
            if c.id != best.id and c.score >= _OFFERED
        )
        return PlaceWords(inside[0], inside[-1] + 1, place, others, role=mention.role)

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

    def _country(self, name: str) -> str:
        """The alpha-3 code of the country of a place abroad, "" where it is not known."""
        abroad = self._gazetteer.search(name).abroad
        return (iso3(abroad.country) or "") if abroad and abroad.country else ""

    def _foreign(self, sentence: Sentence, found: Sequence[PlaceWords]) -> list[PlaceWords]:
        """Names abroad behind a preposition: "in Bannu", "in Pakistan's Khyber province"."""
        rows: list[PlaceWords] = []
        taken = {i for p in found for i in range(p.start, p.end)}
        for i, word in enumerate(sentence.lows if not found else ()):
            if word in _ELSEWHERE and not rows:  # "Israel's strike on a school in Rafah"
                text = sentence.tokens[i].text
                ref = PlaceRef(text=text, geo_precision=GeoPrecision.COUNTRY)
                rows.append(PlaceWords(i, i + 1, ref, abroad=True, country=""))
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
                    country = self._country(name)
                    rows.append(PlaceWords(i, i + size, place, abroad=True, country=country))
                    i += size - 1
                    break
            i += 1
        return rows


def holds(outer: PlaceRef, inner: PlaceRef) -> bool:
    """Whether one place can lie in the other, by their P-codes."""
    if outer.adm1_pcode is None or inner.adm1_pcode is None:
        return outer.place_id is not None and outer.geo_precision is GeoPrecision.COUNTRY
    if outer.adm1_pcode != inner.adm1_pcode:
        return False
    if outer.adm2_pcode is None or inner.adm2_pcode is None:
        return outer.adm2_pcode is None
    return outer.adm2_pcode == inner.adm2_pcode
