"""Parts words that name several places: 'Nangarhar/Kunar', 'X and Y districts of P'.

Each part becomes a phrase of its own with the kind and the larger place that the last part
gives to all. Whether the parts are places, and not one name, is decided by looking them up.
"""

from __future__ import annotations

import re

from ..names.numbers import NUMBER_OF, take_number
from ..names.text import fold
from .query import parse
from .segments import PARENTHESIS, segments_of

# '/' also writes a place inside another (Herat/Injil); the others never do.
_SEPARATOR = re.compile(
    r"\s*(?:/|\\|;|&|\+|\||\band\b|\bor\b|\bas well as\b|(?<=\s)(?:[-–—]|و|او|یا)(?=\s))\s*",
    re.I,
)
_PLURALS = {"districts": "district", "provinces": "province", "cities": "city", "towns": "town",
            "villages": "village", "areas": "area"}  # fmt: skip
MOST_PARTS = 6
_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?$")


def separated(text: str) -> list[str]:
    """The phrases that separators part a text into; empty when it names one place or a road."""
    outside = PARENTHESIS.sub(lambda m: "\0" * len(m.group()), text)
    if not _SEPARATOR.search(outside):
        return []
    parsed = parse(text)
    if parsed.offset or parsed.ends:
        return []
    cuts = [0, *(i for m in _SEPARATOR.finditer(outside) for i in m.span()), len(text)]
    parts = [text[a:b].strip(" ,") for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    parts = [p for p in parts if fold(p)]
    if not 1 < len(parts) <= MOST_PARTS:
        return []
    return _shared(_numbered(parts))


def inside_one_name(text: str) -> list[str]:
    """The names of a text's segments that hold a separator: 'Tala and Barfak' may be one."""
    segments = [s for s in segments_of(text) if _SEPARATOR.search(f" {s.words} ")]
    return [words for s in segments for words in (s.words, s.name)]


def _numbered(parts: list[str]) -> list[str]:
    """'Police Districts 4', '5 of Herat' → 'Police District 4', 'district 5 of Herat'."""
    first = re.sub(r"\bdistricts\b", "district", parts[0], flags=re.I)
    if take_number(first)[0] is None:
        return parts
    more = []
    for part in parts[1:]:
        word, _, rest = part.partition(" ")
        digits = _NUMBER.match(fold(word))
        number = int(digits[1]) if digits else NUMBER_OF.get(fold(word))
        more.append(f"district {number} {rest}" if number else part)
    return [first, *more]


def _shared(parts: list[str]) -> list[str]:
    """'X', 'Y districts of P' → 'X district, P', 'Y district, P'."""
    last, told = parts[-1], ""
    for plural, kind in _PLURALS.items():
        last, count = re.subn(rf"\b{plural}\b", kind, last, flags=re.I)
        told = told or (kind if count else "")
    segments = segments_of(last)
    if not segments:
        return parts
    holders = [s.words for s in segments[1:]]
    if told:  # 'A, B and C districts'
        parts = [p for part in parts[:-1] for p in part.split(",") if fold(p)] + [last]
    shared = []
    for part in parts[:-1]:
        inner = segments_of(part)
        if len(inner) == 1 and not inner[0].feature and told:
            part = f"{part} {told}"
        if len(inner) == 1 and holders and len(inner[0].words.split()) < 5:
            part = ", ".join([part, *holders])
        shared.append(part)
    return [*shared, last]
