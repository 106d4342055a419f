"""Finds place mentions in English prose with exact spans and resolves them together.

A mention keeps the words and leaves doubt open: its `result` ranks what it can mean. Names
used as attributes of people and institutions ('Herat hospitals', 'the former Balkh
governor'), datelines, and names of groups, meetings and media are found but given another
`role`, and left out unless asked for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .features import WORDS
from .index import Hit, NameIndex
from .model import Place, Result
from .query import number_before, number_behind
from .text import fold

if TYPE_CHECKING:
    from .gazetteer import Gazetteer

SOURCES = Path(__file__).parent / "sources"
MAX_WORDS = 6
NEAR_PROSE = 0.95  # prose is full of words that are no places: only close spellings count
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_JOINT = re.compile(r"^(?:[ \u00a0]{1,2}|[-‐‑–’'ʼ`‘]|-\s)$")
_LINKS = frozenset({"e", "i", "ye", "yi", "ul", "al", "us", "os", "wa", "aw", "o", "va"})
_ATTRIBUTED = frozenset(
    "hospitals hospital residents resident governor governors officials official reporter reporters "
    "journalist journalists spokesman spokesperson spokeswoman chief chiefs mayor people natives "
    "native elders elder mp mps lawmaker lawmakers senator senators administration regime government "
    "authorities authority directorate department council councillors councilor councillor court "
    "dialogue dialoque conference summit talks process declaration deal agreement accord times "
    "newspaper radio tv television bank news now pulse weekly embassy ambassador university "
    "restaurants families family women men shura commander commanders".split()
)
_BETWEEN_ATTRIBUTE = frozenset(
    "provincial police security intelligence local former deputy peace public health military "
    "municipal city district army taliban media press high appeals".split()
)
_HAPPENS = frozenset(
    "attack attacks clash clashes battle battles bombing bombings blast blasts explosion violence "
    "fighting ambush assault offensive operation raid raids bomb suicide attackers shooting".split()
)
_MEETINGS = re.compile(
    r"^\s+(?:[A-Za-z]+\s+)?(?:Dialog|Dialogue|Dialoque|Conference|Summit|Process|Declaration|Agreement"
    r"|Times|Bank|Now|Pulse|Weekly|News|Post|Security\s+Dialog\w*|Shura|TV|Radio)\b"
)
_BROADCAST = re.compile(
    r"^\s*,?\s*in\s+(?:English|Dari|Pashto|Persian|Farsi|Uzbek|Arabic|Urdu|Russian|Tajik|Turkmen)\b",
    re.I,
)
_MEDIUM = re.compile(
    r"(?:\b(?:TV|Television|Radio|agency|newspaper|website|web\s?site|channel|press)\b[^.\"“”]{0,30},\s*)$",
    re.I,
)
_PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|of|to|into|around|outside|on|off|across|inside|including|through|via|between|and|toward|towards"
    r"|retake|retakes|captured?|seized?|overran|storm(?:ed|s)?|hits?|attack(?:ed|s)?|rocks?|enter(?:ed|s)?)"
    r"\s+(?:the\s+)?(?:[a-z]+ern\s+|central\s+|restive\s+|afghan\s+)?(?:city\s+of\s+|province\s+of\s+)?$",
    re.I,
)
_NAME_BEFORE = re.compile(r"([^\W\d_]+)[ ]+$")
_TITLES = frozenset(
    "afghan afghanistan taliban taleban isis isil daesh iskp us nato isaf un eastern western northern "
    "southern central north south east west northeast northwest southeast southwest in at near from of "
    "to the and or on for after before as by with into over around outside amid monday tuesday wednesday "
    "thursday friday saturday sunday war battle fall city province district police gen nuclear new "
    "killed kills kill wounded hits hit rocks attack attacks blast dead bombing claims storm seize "
    "seized capture captured take takes leave leaves retake enter enters".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: `text[start:end]`, its role and what it can mean.

    `role` is 'location', 'attributive' (of people or institutions), 'dateline' or 'medium'.
    """

    start: int
    end: int
    text: str
    role: str
    result: Result

    @property
    def ambiguous(self) -> bool:
        return self.result.ambiguous


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    name: str
    feature: str
    role: str
    number: int | None = None


def read_prose_words(path: Path = SOURCES / "prose_words.csv") -> dict[str, str]:
    """{folded name: what prose must show before the word counts as that place}."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["use"] for row in csv.DictReader(file)}


class MentionFinder:
    """Scans prose for the names of one gazetteer."""

    def __init__(self, gazetteer: Gazetteer, index: NameIndex) -> None:
        self._gazetteer = gazetteer
        self._index = index
        self._uses = read_prose_words()

    def find(self, text: str, every_role: bool = False) -> tuple[Mention, ...]:
        """Mentions in order of their start; only locations unless `every_role`."""
        spans = self._spans(text)
        wanted = [s for s in spans if every_role or s.role == "location"]
        return tuple(self._resolve(text, wanted))

    # -- spans ---------------------------------------------------------------------------

    def _spans(self, text: str) -> list[_Span]:
        words = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
        spans: list[_Span] = []
        i = 0
        while i < len(words):
            found = self._at(text, words, i)
            if found is None:
                i += 1
                continue
            span, used = found
            spans.append(span)
            i += used
        return spans

    def _at(
        self, text: str, words: Sequence[tuple[int, int, str]], i: int
    ) -> tuple[_Span, int] | None:
        start, _, first = words[i]
        if not (first[0].isupper() or "\u0600" <= first[0] <= "\u06ff" or first in ("al", "ul")):
            return None
        longest = 1
        while longest < MAX_WORDS and i + longest < len(words):
            previous, following = words[i + longest - 1], words[i + longest]
            if not _JOINT.match(text[previous[1] : following[0]]):
                break
            longest += 1
        for size in range(longest, 0, -1):
            last = words[i + size - 1]
            if size > 1 and last[2].lower() in _LINKS:
                continue
            inner = [w[2] for w in words[i + 1 : i + size]]
            if any(
                w[0].islower() and w.lower() not in _LINKS and w.lower() not in WORDS for w in inner
            ):
                continue
            name = text[start : last[1]]
            hits = self._hits(name, size)
            if not hits:
                continue
            span = self._judge(text, start, last[1], name, hits)
            if span is not None:
                return span, size
        return None

    def _hits(self, name: str, size: int) -> list[Hit]:
        folded = fold(name)
        letters = len(folded.replace(" ", ""))
        if letters < 3 or folded in WORDS:
            return []
        least = 1.0 if letters < 5 else NEAR_PROSE
        hits = [
            h
            for h in self._index.lookup(name)
            if (h.exact or h.likeness >= least)
            and not (h.kind == "alternative" and h.lang == "und")
        ]
        if size == 1:  # one plain word must be spelled like a listed name, not only sound so
            hits = [h for h in hits if h.exact or letters >= 6 or h.likeness >= 0.985]
        return [h for h in hits if h.place_id != "country:af"]

    def _judge(
        self, text: str, start: int, end: int, name: str, hits: Sequence[Hit]
    ) -> _Span | None:
        before, after = text[max(0, start - 60) : start], text[end : end + 60]
        feature = self._feature_after(after) or self._feature_before(before)
        use = self._uses.get(fold(name), "free")
        places = [self._gazetteer.place(h.place_id) for h in hits]
        major = any(
            p.placetype == "province" or (p.note or "").startswith("capital") for p in places
        )
        contained = bool(
            re.match(r"^(?:\s+[a-z]+)?\s*(?:,|\bof\b|\bin\b|\()\s*(?:the\s+)?[A-Z]", after)
        )
        led = bool(_PREPOSITION.search(before))
        if use == "needs_feature" and not feature:
            return None
        if use == "needs_preposition" and not (feature or led):
            return None
        if use == "needs_container" and not (contained or feature):
            return None
        if use == "not_after_name" and not feature and self._after_a_name(before):
            return None
        if not major and not feature and not led and use == "free":
            short = len(fold(name)) <= 4
            if short or (self._after_a_name(before) and not contained):
                return None
        if re.match(r"^['’]?(?:i|is|ai|zai|zada|zoy)\b", after):
            return None
        number, reach = number_before(text[:start])
        if number is None:
            number, reach_behind = number_behind(after)
            end += reach_behind
        else:
            start -= reach
        role = self._role(text, start, end, name, feature, use)
        return _Span(start, end, name, feature, role, number)

    @staticmethod
    def _feature_after(after: str) -> str:
        match = re.match(r"^[ \-]+([A-Za-z]+)(?:[ ]+([A-Za-z]+))?", after)
        if not match:
            return ""
        first = match[1].lower()
        singular = first.removesuffix("s")
        if first in WORDS and first != "border":
            return WORDS[first]
        if singular in ("crossing", "district", "province", "airport"):
            return WORDS[singular]
        if first in ("border", "international") and match[2]:
            return WORDS.get(match[2].lower().removesuffix("s"), "")
        return ""

    @staticmethod
    def _feature_before(before: str) -> str:
        """'the southern city of', 'the capital, ': a kind said ahead of the name."""
        match = re.search(
            r"\b(city|town|district|province|village)\s+of\s+(?:the\s+)?$", before, re.I
        )
        if match:
            return WORDS[match[1].lower()]
        return "town" if re.search(r"\bcapital(?:\s+city)?,?\s+$", before, re.I) else ""

    @staticmethod
    def _after_a_name(before: str) -> bool:
        """Whether a capitalised word that is no title or preposition stands right before."""
        match = _NAME_BEFORE.search(before)
        if not match or not match[1][0].isupper():
            return False
        return match[1].lower() not in _TITLES

    def _role(self, text: str, start: int, end: int, name: str, feature: str, use: str) -> str:
        after, before = text[end : end + 80], text[max(0, start - 80) : start]
        line = before.rsplit("\n", 1)[-1]
        if _BROADCAST.match(after) or _MEDIUM.search(before):
            return "medium"
        if not feature and _MEETINGS.match(after):
            return "medium"
        if name.isupper() and len(name) > 3 and re.match(r"^\s*(?:,[^.]{0,30})?[–—:(-]", after):
            return "dateline"
        if not line.strip() and re.match(r"^\s*(?:\([A-Za-z ]+\)\s*)?[–—]\s", after):
            return "dateline"
        if re.fullmatch(r"\s*[A-Z]{2,4}\s+", line) and re.match(r"^\s*[–—:]\s", after):
            return "dateline"  # 'AT Kabul: …', the agency before the place
        if not feature:
            tail = re.findall(r"[^\W\d_]+|[^\w\s]", after)[:3]
            if tail and not after.startswith((" ", "’s", "'s")):
                tail = []
            while tail and tail[0].lower() in _BETWEEN_ATTRIBUTE:
                tail.pop(0)
            if tail and tail[0].lower() in _ATTRIBUTED and tail[0][0].islower():
                return "attributive"
        return "location"

    # -- resolution ----------------------------------------------------------------------

    def _resolve(self, text: str, spans: Sequence[_Span]) -> Iterable[Mention]:
        alone = [self._search(text, spans, i, ()) for i in range(len(spans))]
        anchors: list[Place] = []
        for result in alone:
            best = result.best
            if best and (not result.ambiguous or best.placetype == "province"):
                anchors.append(best.place)
        for i, span in enumerate(spans):
            result = alone[i]
            if result.ambiguous or not result.candidates:
                near = [a for a in anchors if a.id != (result.best.id if result.best else "")]
                if near:
                    result = self._search(text, spans, i, near)
            if result.candidates:
                yield Mention(span.start, span.end, text[span.start : span.end], span.role, result)

    def _search(self, text: str, spans: Sequence[_Span], i: int, near: Sequence[Place]) -> Result:
        span = spans[i]
        query = f"{span.name} {_SAY.get(span.feature, span.feature)}".strip()
        if span.number is not None:
            query = f"district {span.number} of {span.name}"
        within: str | None = None
        after = spans[i + 1] if i + 1 < len(spans) else None
        if after is not None and _holds(text[span.end : after.start]):
            outer = self._gazetteer.search(
                f"{after.name} {_SAY.get(after.feature, after.feature)}".strip()
            )
            joined = self._gazetteer.search(
                f"{query}, {after.name} {_SAY.get(after.feature, after.feature)}"
            )
            best = joined.best
            if best and outer.best and best.id not in {c.id for c in outer.candidates}:
                return replace(joined, query=span.name)
        before = spans[i - 1] if i else None
        if before is not None and re.fullmatch(
            r"(?:\s+province)?(?:['’?]s|\s*,)\s+(?:[a-z]+\s+)?", text[before.end : span.start]
        ):
            joined = self._gazetteer.search(f"{query}, {before.name}")
            first = self._gazetteer.search(before.name)
            if joined.best and joined.best.id not in {c.id for c in first.candidates}:
                return replace(joined, query=span.name)
        result = self._gazetteer.search(query, within, tuple(p.id for p in near))
        return replace(result, query=span.name)


_SAY = {
    "centre": "town",
    "nature": "",
    "crossing": "crossing",
    "site": "",
    "road": "",
    "airport": "airport",
}


def _holds(between: str) -> bool:
    """Whether the words between two names say that the second holds the first."""
    return bool(
        re.fullmatch(
            r"(?:\s+[a-z]+){0,2}\s*(?:,|of|in|\()(?:\s+(?:the|of|capital|city|province|[a-z]+ern|in)){0,5}\s*",
            between,
        )
    )
