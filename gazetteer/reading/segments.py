"""Cuts a place phrase into segments: one name each, with its feature word, specific first.

'Injil district, Herat province' and 'Herat province's Injil district' both become Injil
(district), Herat (province).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ..names.text import fold, script_of, without_postposition
from .features import LOOSE, WORDS

_POSSESSIVE = re.compile(r"^(?P<a>[^,()]+?)(?:['’‘´`?]s|s['’])\s+(?P<b>.+)$", re.S)
_RELATION = re.compile(r"\s+(?:of|in|at|near|outside|within|inside|under|from)\s+(?:the\s+)?", re.I)
PARENTHESIS = re.compile(r"\(([^()]*)\)")
_BESIDE = "\u241f"  # marks a piece that the text puts near the next one, not in it
_PASHTO_OF = "د"
# A kind of place that may stand apart from its name: 'the city of Herat'.
_CARRIED = frozenset(
    {"province", "district", "town", "village", "centre", "area", "subdistrict", "capital"}
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One named part: its name without feature words, the feature, and the words as written."""

    name: str
    feature: str
    words: str
    aliases: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()  # the name with only some of its feature words taken off
    beside: bool = False  # 'near' or 'outside' what the next segment names


def segment(text: str) -> Segment:
    """Take the feature words off a name: 'Aybak city' → Aybak, town."""
    aliases = tuple(a for a in (p.strip() for p in PARENTHESIS.findall(text)) if a)
    main = PARENTHESIS.sub(" ", text)
    tokens = fold(main.replace("sub-district", "subdistrict")).split()
    while tokens and tokens[0] in LOOSE and len(tokens) > 1:
        tokens.pop(0)
    feature = ""
    words = " ".join(tokens)
    name = list(tokens)
    partly: list[str] = []
    while name and (name[-1] in WORDS or name[-1] == _PASHTO_OF):
        found = WORDS.get(name.pop(), "")
        # 'Achin district centre' is the town, 'border crossing' a crossing, 'airport road' a road
        if feature in ("", "district", "crossing") or found == "airport":
            feature = feature or found
        if feature == "district" and found == "centre":
            feature = "centre"
        partly.append(" ".join(name))
    if not feature:
        while name and (name[0] in WORDS or name[0] == _PASHTO_OF):
            feature = WORDS.get(name.pop(0), "") or feature
    while name and (name[0] in LOOSE or name[0] == _PASHTO_OF):
        name.pop(0)
    bare = " ".join(name)
    return Segment(bare, feature, words, aliases, tuple(p for p in partly if p and p != bare))


def segment_words(text: str) -> str:
    """The folded words of a phrase without a leading 'the', 'near', 'western' …"""
    tokens = fold(text).split()
    while len(tokens) > 1 and tokens[0] in LOOSE:
        tokens.pop(0)
    return " ".join(tokens)


def chain(text: str) -> list[str]:
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
    pieces: list[str] = []
    for part in parts:
        if script_of(part) == "Arab":
            pieces.extend(_arabic_parts(part))
            continue
        owned = _POSSESSIVE.match(part.strip())
        if owned:
            pieces.extend([*_split_relations(owned["b"]), owned["a"]])
        else:
            pieces.extend(_split_relations(part))
    return [c.strip() for c in pieces if fold(c)]


def _arabic_parts(part: str) -> list[str]:
    """'ولسوالی انجیل ولایت هرات' and Pashto's 'د هرات ولایت د انجیل ولسوالۍ' in pieces.

    Dari puts the kind of place before the name, Pashto after it.
    """
    folded = fold(part)
    plain = without_postposition(folded)
    words = [w for w in plain.split() if w != _PASHTO_OF]
    kinds = [i for i, word in enumerate(words) if word in WORDS]
    if len(words) < 3 or not kinds:
        return [part if plain == folded else plain]
    cuts = kinds if kinds[0] == 0 else [i + 1 for i in kinds]
    edges = [0, *(c for c in cuts if 0 < c < len(words)), len(words)]
    return [" ".join(words[a:b]) for a, b in pairwise(edges)]


def _split_relations(part: str) -> list[str]:
    masked = PARENTHESIS.sub(lambda m: "\0" * len(m.group()), part)
    pieces, start = [], 0
    for match in _RELATION.finditer(masked):
        loose = _BESIDE if match.group().split()[0].lower() in ("near", "outside") else ""
        pieces.append(part[start : match.start()] + loose)
        start = match.end()
    pieces.append(part[start:])
    return pieces


def segments_of(text: str) -> list[Segment]:
    """'the city of Herat' is one segment; 'gate of Kabul Airport' keeps the airport."""
    segments: list[Segment] = []
    carried = ""
    for piece in chain(text):
        part = segment(piece)
        if piece.endswith(_BESIDE):
            part = replace(part, beside=True)
        if not part.name:
            if part.feature in _CARRIED:
                carried = carried or part.feature
            elif segments and not part.feature:
                continue
            continue
        if carried == "capital" and part.feature in ("", "province"):
            part = replace(part, feature=carried)
        elif carried == "centre" and part.feature == "province":  # مرکز ولایت هلمند
            part = replace(part, feature="capital")
        elif carried and not part.feature:
            part = replace(part, feature=carried if carried != "area" else "")
        carried = ""
        segments.append(part)
    return segments
