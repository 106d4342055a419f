"""Parses a place phrase into its parts: segments, numbered district, offset or road ends.

Nothing is looked up here; `matching` decides what the parts mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..names.numbers import ORDINAL_OF, take_number
from ..names.text import word_set
from .features import LOOSE, WORDS
from .segments import PARENTHESIS, Segment, segments_of

_POINTS = {
    "north": 0, "n": 0, "nne": 22.5, "northeast": 45, "ne": 45, "ene": 67.5, "east": 90, "e": 90,
    "ese": 112.5, "southeast": 135, "se": 135, "sse": 157.5, "south": 180, "s": 180, "ssw": 202.5,
    "southwest": 225, "sw": 225, "wsw": 247.5, "west": 270, "w": 270, "wnw": 292.5,
    "northwest": 315, "nw": 315, "nnw": 337.5, "north east": 45, "south east": 135,
    "south west": 225, "north west": 315, "north northeast": 22.5, "east northeast": 67.5,
    "east southeast": 112.5, "south southeast": 157.5, "south southwest": 202.5,
    "west southwest": 247.5, "west northwest": 292.5, "north northwest": 337.5,
}  # fmt: skip
_OFFSET = re.compile(
    r"(?:(?:about|some|around|nearly|almost|approximately|roughly)\s+)?"
    r"(?P<n>\d{1,3}(?:[.,]\d+)?)\s*-?\s*(?P<unit>km|kms|kilomet(?:er|re)s?|mi|miles?)\s+"
    r"(?:away\s+)?(?:to\s+)?(?:the\s+)?"
    r"(?:(?P<point>[a-z]+(?:[\s-](?:north|south)?(?:east|west))?)\s+(?:of|from)\s+"
    r"|(?:from|of|outside)\s+)(?P<rest>.+)",
    re.I | re.S,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?P<a>.+?)\s+(?:and|to)\s+(?P<b>.+)", re.I | re.S)
_ROAD_END = re.compile(r"\b(?:main\s+)?(?:highway|road|motorway|route)s?\b", re.I)
# 'the Kabul-Kandahar highway in Zabul': the part of the road that is meant
_STRETCH = re.compile(
    r"(?:highway|road|motorway|route)s?\b(?P<where>\s*(?:,|in|near|through|of)\s+(?P<place>.+))$",
    re.I | re.S,
)
_MILE_KM = 1.609344
# Lower-case words that a place phrase may hold beside names and kinds of place.
_PHRASE_WORDS = word_set(
    "e i ye yi ul al us os wa aw o va and to of in at near from between km kms kilometre "
    "kilometres kilometer kilometers miles mile about some nne ene ese sse ssw wsw wnw nnw ne se "
    "sw nw the no st nd rd th by part s pd nahia road khel abad police security "
    "municipal zone precinct"
)
SENTENCE_WORDS = 16  # a place phrase is shorter
TYPED_WORDS = 8  # and so is one typed without capitals, which tells nothing else


@dataclass(frozen=True, slots=True)
class Offset:
    """'33 km SSE of': metres and degrees; no bearing when the text gives none."""

    metres: float
    bearing: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the words say: segments specific first, plus number, offset or road ends."""

    segments: tuple[Segment, ...]
    city_district: int | None = None
    offset: Offset | None = None
    ends: tuple[str, str] | None = None


def parse(text: str) -> Parsed:
    """The parts of a place phrase. Text without any name gives no segments."""
    offset = None
    match = _OFFSET.search(text)
    if match:
        point = (match["point"] or "").lower().replace("-", " ").removesuffix("ern")
        if not point or point in _POINTS:
            amount = float(match["n"].replace(",", "."))
            metres = amount * 1000 * (_MILE_KM if match["unit"].lower().startswith("mi") else 1)
            bearing = float(_POINTS[point]) if point else None
            offset = Offset(metres, bearing, text[match.start() : match.start("rest")].strip())
            text = match["rest"]
    outside = PARENTHESIS.sub(" ", text)
    is_road = bool(_ROAD_END.search(outside))
    if offset is None and (is_road or re.match(r"\s*between\b", outside, re.I)):
        stretch = _STRETCH.search(outside)
        ends = _road_ends(outside[: stretch.start("where")] if stretch else outside)
        if ends:
            named = PARENTHESIS.findall(text) + ([stretch["place"]] if stretch else [])
            inner = [s for p in named for s in segments_of(p)]
            return Parsed(tuple(inner), None, None, ends)
    number, rest = (None, text) if offset else take_number(text)
    return Parsed(tuple(segments_of(rest)), number, offset)


def looks_like_prose(text: str) -> bool:
    """Whether a text is a sentence or headline rather than a place phrase.

    A phrase holds names, kinds of place and prepositions; prose has other lower-case words.
    """
    tokens = re.findall(r"[^\W_]+", text)
    if len(tokens) < 4:
        return False
    if len(tokens) > SENTENCE_WORDS or "\n" in text.strip():
        return True
    others = [
        t
        for t in tokens
        if t[0].islower() and t.isascii() and t not in WORDS and t not in LOOSE
        and t not in _PHRASE_WORDS and t not in ORDINAL_OF
    ]  # fmt: skip
    if not any(t[0].isupper() for t in tokens):
        return bool(others) and len(tokens) > TYPED_WORDS  # typed without capitals
    return bool(others)


def _road_ends(text: str) -> tuple[str, str] | None:
    between = _BETWEEN.search(text)
    bare = _ROAD_END.sub(" ", text)
    if between:
        first, second = between["a"], _ROAD_END.sub(" ", between["b"])
        return first.strip(), second.strip(" ,.")
    spaced = re.split(r"\s+[-–—]\s+|\s+to\s+", bare.strip())
    if len(spaced) == 2:
        return spaced[0].strip(), spaced[1].strip()
    pieces = re.split(r"[-–—]", bare.strip())
    if len(pieces) == 2:
        return pieces[0].strip(), pieces[1].strip()
    return ("-".join(pieces), "") if len(pieces) > 2 else None
