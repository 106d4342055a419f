"""Parses a place phrase into its parts: segments, numbered district, offset or road ends.

Nothing is looked up here; `matching` decides what the parts mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..names.numbers import NUMBER_OF, take_number
from ..names.text import word_set
from .features import LOOSE, WORDS
from .offsets import Offset, take_offset
from .segments import BORDERING, PARENTHESIS, Segment, segments_of

_BETWEEN = re.compile(r"\b(?:between|from)\s+(?P<a>.+?)\s+(?:and|to)\s+(?P<b>.+)", re.I | re.S)
# 'Kabul to Kandahar', 'از کابل تا قندهار', 'له کابل څخه تر کندهار': two names and the word between
_FROM_TO = re.compile(
    r"^\s*(?:on\s+the\s+way\s+)?(?:from\s+)?(?P<a>[A-Z][^,()]*?)\s+to\s+(?P<b>[A-Z].*)$"
    r"|^\s*(?:در\s+مسیر\s+)?(?:از\s+)?(?P<c>[\u0600-\u06ff ]+?)\s+(?:تا|الی)\s+(?P<d>.+)$"
    r"|^\s*(?:بین|میان|مابین|در\s+مسیر)\s+(?P<g>.+?)\s+و\s+(?P<h>.+)$"
    r"|^\s*له\s+(?P<e>.+?)\s+(?:څخه|نه)\s+تر\s+(?P<f>.+)$",
    re.S,
)
# Words before 'to' that make one place of both: 'Close to Kabul', 'Road to Ghazni'.
_TOWARDS = frozenset({"close", "next", "near", "adjacent", "road", "way", "due", "north", "south",
                      "east", "west", "highway", "entrance", "gate", "outskirts"})  # fmt: skip
_ROAD_END = re.compile(r"\b(?:main\s+)?(?:highway|road|motorway|route)s?\b", re.I)
# 'the Kabul-Kandahar highway in Zabul': the part of the road that is meant
_STRETCH = re.compile(
    r"(?:highway|road|motorway|route)s?\b(?P<where>\s*(?:,|in|near|through|of)\s+(?P<place>.+))$",
    re.I | re.S,
)
# Lower-case words that a place phrase may hold beside names and kinds of place.
_PHRASE_WORDS = word_set(
    "e i ye yi ul al us os wa aw o va and to of in at near from between km kms kilometre "
    "kilometres kilometer kilometers miles mile about some nne ene ese sse ssw wsw wnw nnw ne se "
    "sw nw the no st nd rd th by part s pd nahia road khel abad police security "
    "council office house building residence compound governor mayor intelligence army "
    "municipal zone precinct districts provinces cities towns villages areas or and outside"
)
_OWNED = re.compile(r"['’‘`]s$")
_TOKEN = re.compile(r"[^\W_]+(?:['’‘`][^\W_]+)*")
SENTENCE_WORDS = 16  # a place phrase is shorter
PART_WORDS = 4  # of one part between commas
TYPED_WORDS = 8  # and so is one typed without capitals, which tells nothing else


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the words say: segments specific first, plus number, offset or road ends.

    With an offset the segments are what it is measured from, and `head` what stands before it.
    """

    segments: tuple[Segment, ...]
    city_district: int | None = None
    offset: Offset | None = None
    ends: tuple[str, str] | None = None
    head: tuple[Segment, ...] = ()


def parse(text: str) -> Parsed:
    """The parts of a place phrase. Text without any name gives no segments."""
    taken = take_offset(text)
    if taken is not None:
        anchor = tuple(segments_of(taken.anchor))
        return Parsed(anchor, None, taken.offset, None, tuple(segments_of(taken.head)))
    outside = PARENTHESIS.sub(" ", text)
    is_road = bool(_ROAD_END.search(outside))
    if is_road or re.match(r"\s*between\b", outside, re.I):
        stretch = _STRETCH.search(outside)
        ends = _road_ends(outside[: stretch.start("where")] if stretch else outside)
        if ends:
            named = PARENTHESIS.findall(text) + ([stretch["place"]] if stretch else [])
            inner = [s for p in named for s in segments_of(p)]
            return Parsed(tuple(inner), None, None, ends)
    if ends := _from_to(text):
        return Parsed((), None, None, ends)
    number, rest = take_number(text)
    return Parsed(tuple(segments_of(rest)), number)


def looks_like_prose(text: str) -> bool:
    """Whether a text is a sentence or headline rather than a place phrase.

    A phrase holds names, kinds of place and prepositions; prose has other lower-case words.
    """
    text = BORDERING.sub("", text)
    taken = take_offset(text)
    rest = f"{taken.head} {taken.anchor}" if taken is not None else text
    tokens = [_OWNED.sub("", t) for t in _TOKEN.findall(rest)]
    if len(tokens) < 4:
        return False
    if len(tokens) > SENTENCE_WORDS or "\n" in text.strip():
        return True
    others = [
        t
        for t in tokens
        if t[0].islower() and t.isascii() and t not in WORDS and t not in LOOSE
        and t not in _PHRASE_WORDS and t not in NUMBER_OF
    ]  # fmt: skip
    if not any(t[0].isupper() for t in tokens):
        return bool(others) and len(tokens) > TYPED_WORDS  # typed without capitals
    return bool(others) and not _listed(rest)


def _listed(text: str) -> bool:
    """'Chang hazara Bayee, Jurm, Badakhshan': short parts, each of which begins like a name."""
    parts = [p.split() for p in re.split(r"[,;/]", text) if p.strip()]
    return len(parts) > 1 and all(len(p) <= PART_WORDS and p[0][0].isupper() for p in parts)


def _from_to(text: str) -> tuple[str, str] | None:
    found = _FROM_TO.match(text)
    if not found:
        return None
    first, second = (g.strip() for g in found.groups() if g is not None)
    towards = first.split()[-1].lower() in _TOWARDS if first else True
    return None if towards else (first, second)


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
