"""Parses place words into parts: numbered district, offset, road, chain of containers.

'Injil district, Herat province' becomes two segments, specific first, each with its name and
feature word. Nothing is looked up here; `matching` decides what the parts mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .cities import ORDINALS
from .features import LOOSE, WORDS
from .text import fold

_ORDINAL_OF = {word.replace("-", " "): n for n, word in enumerate(ORDINALS) if n}
_ORDINAL_OF.update(
    {
        w: n
        for n, w in enumerate(
            "اول دوم سوم چهارم پنجم ششم هفتم هشتم نهم دهم یازدهم دوازدهم سیزدهم".split(), 1
        )
    }
)
_NUMBER = r"(?P<n>\d{1,2})"
_KIND = r"(?:(?:police|security|municipal|municipality|city|urban|administrative)\s+)?"
_ORDINALS = "|".join(sorted(map(re.escape, _ORDINAL_OF), key=len, reverse=True))
_CITY_DISTRICT = [
    re.compile(p)
    for p in (
        rf"\b(?:pd|police district|security district|municipal district|city district|nahia|nahiya|nahya"
        rf"|nahiyah|hawza|precinct|district|ناحیه|حوزه)\s*(?:no|number|nr)?\s*{_NUMBER}(?!\d)(?:\s*(?:st|nd|rd|th))?",
        rf"\b{_NUMBER}(?:st|nd|rd|th)\s+{_KIND}(?:police |security )?(?:district|nahia|nahiya|pd|precinct)\b",
        rf"\b(?P<word>{_ORDINALS})\s+{_KIND}(?:police |security )?(?:district|nahia|nahiya|precinct)\b",
        rf"\b(?:ناحیه|حوزه)\s+(?P<word>{_ORDINALS})",
    )
]
_POINTS = {
    "north": 0, "n": 0, "nne": 22.5, "northeast": 45, "ne": 45, "ene": 67.5, "east": 90, "e": 90,
    "ese": 112.5, "southeast": 135, "se": 135, "sse": 157.5, "south": 180, "s": 180, "ssw": 202.5,
    "southwest": 225, "sw": 225, "wsw": 247.5, "west": 270, "w": 270, "wnw": 292.5, "northwest": 315,
    "nw": 315, "nnw": 337.5, "north northeast": 22.5, "east northeast": 67.5, "east southeast": 112.5,
    "south southeast": 157.5, "south southwest": 202.5, "west southwest": 247.5,
    "west northwest": 292.5, "north northwest": 337.5, "north east": 45, "south east": 135,
    "south west": 225, "north west": 315,
}  # fmt: skip
_OFFSET = re.compile(
    r"(?:(?:about|some|around|nearly|almost|approximately|roughly)\s+)?"
    r"(?P<n>\d{1,3}(?:[.,]\d+)?)\s*-?\s*(?P<unit>km|kms|kilomet(?:er|re)s?|mi|miles?)\s+"
    r"(?:away\s+)?(?:to\s+)?(?:the\s+)?"
    r"(?:(?P<point>[a-z]+(?:[\s-](?:north|south)?(?:east|west))?)\s+(?:of|from)\s+|(?:from|of|outside)\s+)(?P<rest>.+)",
    re.I | re.S,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?P<a>.+?)\s+(?:and|to)\s+(?P<b>.+)", re.I | re.S)
_ROAD_END = re.compile(r"\b(?:main\s+)?(?:highway|road|motorway|route)s?\b", re.I)
_POSSESSIVE = re.compile(r"^(?P<a>[^,()]+?)(?:['’‘´`?]s|s['’])\s+(?P<b>.+)$", re.S)
_RELATION = re.compile(r"\s+(?:of|in|at|near|outside|within|inside|under|from)\s+(?:the\s+)?", re.I)
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_MILE_KM = 1.609344
_BESIDE = "\x1f"  # marks a piece that the text puts near the next one, not in it


@dataclass(frozen=True, slots=True)
class Segment:
    """One named part: its name without feature words, the feature, and the words as written."""

    name: str
    feature: str
    words: str
    aliases: tuple[str, ...] = ()
    beside: bool = False  # 'near' or 'outside' what the next segment names


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


def segment(text: str) -> Segment:
    """Take the feature words off a name: 'Aybak city' → Aybak, town."""
    aliases = tuple(a for a in (p.strip() for p in _PARENTHESIS.findall(text)) if a)
    main = _PARENTHESIS.sub(" ", text)
    tokens = fold(main.replace("sub-district", "subdistrict")).split()
    while tokens and tokens[0] in LOOSE and len(tokens) > 1:
        tokens.pop(0)
    feature = ""
    words = " ".join(tokens)
    name = list(tokens)
    while name and (name[-1] in WORDS or name[-1] == "د"):
        found = WORDS.get(name.pop(), "")
        # 'Achin district centre' is the town, 'border crossing' a crossing, 'airport road' a road
        if feature in ("", "district", "crossing") or found == "airport":
            feature = feature or found
        if feature == "district" and found == "centre":
            feature = "centre"
    if not feature:
        while name and (name[0] in WORDS or name[0] == "د"):
            feature = WORDS.get(name.pop(0), "") or feature
    while name and name[0] in LOOSE:
        name.pop(0)
    return Segment(" ".join(name), feature, words, aliases)


_PLAIN_WORDS = frozenset(
    "e i ye yi ul al us os wa aw o va and to of in at near from between km kms kilometre kilometres "
    "kilometer kilometers miles mile about some nne ene ese sse ssw wsw wnw nnw ne se sw nw the no "
    "st nd rd th by part s pd nahia road khel abad".split()
)


def looks_like_prose(text: str) -> bool:
    """Whether a text is a sentence or headline rather than a place phrase.

    A phrase holds names, kinds of place and prepositions; prose has other lower-case words.
    """
    tokens = re.findall(r"[^\W_]+", text)
    if len(tokens) < 4:
        return False
    if len(tokens) > 16 or "\n" in text.strip():
        return True
    others = [
        t
        for t in tokens
        if t[0].islower() and t.isascii() and t not in WORDS and t not in LOOSE
        and t not in _PLAIN_WORDS and t not in _ORDINAL_OF
    ]  # fmt: skip
    if len(others) == len([t for t in tokens if t[0].isalpha()]):
        return len(tokens) > 8  # typed without capitals
    return bool(others)


_BEHIND = re.compile(r"^(?:['’]s)?\s*,?\s*(?P<phrase>(?:PD|[Pp]olice [Dd]istrict)\s*\d{1,2})\b")


def number_before(text: str) -> tuple[int | None, int]:
    """The numbered district that ends a text ('… first district of ') and its length."""
    tail = text[-48:]
    match = re.search(
        rf"(?i:\b(?:police district|security district|municipal district|city district|pd|nahia|district)"
        rf"\s*(?:no\.?\s*)?\d{{1,2}}|\b(?:\d{{1,2}}(?:st|nd|rd|th)|{_ORDINALS})\s+(?:police |security "
        rf"|municipal |city )?(?:district|nahia|pd))\s+(?:of|in)\s+(?:the\s+)?(?:city\s+of\s+)?$",
        tail,
    )
    if not match:
        return None, 0
    number, _ = _take_number(match.group())
    return number, len(match.group())


def number_behind(text: str) -> tuple[int | None, int]:
    """The numbered district that begins a text (' PD 4', "'s Police District 12")."""
    match = _BEHIND.match(text)
    if not match:
        return None, 0
    number, _ = _take_number(match["phrase"])
    return number, match.end()


def segment_words(text: str) -> str:
    """The folded words of a phrase without a leading 'the', 'near', 'western' …"""
    tokens = fold(text).split()
    while len(tokens) > 1 and tokens[0] in LOOSE:
        tokens.pop(0)
    return " ".join(tokens)


def _take_number(text: str) -> tuple[int | None, str]:
    folded = fold(text)
    for pattern in _CITY_DISTRICT:
        match = pattern.search(folded)
        if match:
            groups = match.groupdict()
            number = int(groups["n"]) if groups.get("n") else _ORDINAL_OF[groups["word"]]
            if number:
                rest = folded[: match.start()] + " , " + folded[match.end() :]
                return number, rest
    return None, text


def _chain(text: str) -> list[str]:
    """The parts of a place phrase, specific first."""
    text = text.strip(" ,;.\n\t")
    parts: list[str] = []
    depth, start = 0, 0
    for i, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char in ",;/،\n" and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    chain: list[str] = []
    for part in parts:
        owned = _POSSESSIVE.match(part.strip())
        if owned:
            chain.extend([*_split_relations(owned["b"]), owned["a"]])
        else:
            chain.extend(_split_relations(part))
    return [c.strip() for c in chain if fold(c)]


def _split_relations(part: str) -> list[str]:
    masked = _PARENTHESIS.sub(lambda m: "\0" * len(m.group()), part)
    pieces, start = [], 0
    for match in _RELATION.finditer(masked):
        loose = _BESIDE if match.group().split()[0].lower() in ("near", "outside") else ""
        pieces.append(part[start : match.start()] + loose)
        start = match.end()
    pieces.append(part[start:])
    return pieces


def _merge_bare_features(chain: list[str]) -> list[Segment]:
    """'the city of Herat' is one segment; 'gate of Kabul Airport' keeps the airport."""
    segments: list[Segment] = []
    carried = ""
    for piece in chain:
        part = segment(piece)
        if piece.endswith(_BESIDE):
            part = replace(part, beside=True)
        if not part.name:
            if part.feature in (
                "province",
                "district",
                "town",
                "village",
                "centre",
                "area",
                "subdistrict",
            ):
                carried = carried or part.feature
            elif segments and not part.feature:
                continue
            continue
        if carried and not part.feature:
            part = replace(part, feature=carried if carried != "area" else "")
        carried = ""
        segments.append(part)
    return segments


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
    outside = _PARENTHESIS.sub(" ", text)
    is_road = bool(_ROAD_END.search(outside))
    if offset is None and (is_road or re.match(r"\s*between\b", outside, re.I)):
        ends = _road_ends(outside)
        if ends:
            inner = [s for p in _PARENTHESIS.findall(text) for s in _merge_bare_features(_chain(p))]
            return Parsed(tuple(inner), None, None, ends)
    number, rest = (None, text) if offset else _take_number(text)
    return Parsed(tuple(_merge_bare_features(_chain(rest))), number, offset)


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
