"""Cuts a place phrase into segments: one name each, with its feature word, specific first.

'Injil district, Herat province' and 'Herat province's Injil district' both become Injil
(district), Herat (province).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..names.text import fold, script_of
from .features import LOOSE, WORDS

_POSSESSIVE = re.compile(r"^(?P<a>[^,()]+?)(?:['’‘´`?]s|s['’])\s+(?P<b>.+)$", re.S)
# The house of an office is an institution of the place that it is named after.
_OFFICE = re.compile(
    r"\b(?:(?:deputy|provincial|former|district)\s+)*(?:(?:governor|mayor|police\s+chief)['’]s\s+"
    r"(?:office|house|compound|residence|palace|guest\s?house|headquarters)"
    r"|(?:police|intelligence|security|NDS|army)\s+(?:headquarters|HQ|station|office|building)"
    r"|governorate\s+(?:building|compound)|provincial\s+council(?:\s+(?:office|building))?)\b",
    re.I,
)
_ONE_OF = re.compile(r"\s*(?:an?|another|one|some|several|two|three)\s", re.I)  # 'a village in X'
_RELATION = re.compile(r"\s+(?:of|in|at|near|outside|within|inside|under|from)\s+(?:the\s+)?", re.I)
# What only says on which border a place lies: 'Torkham crossing with Pakistan'.
BORDERING = re.compile(
    r",?\s+(?:with|on|along|near|at|bordering)\s+(?:the\s+)?(?:(?:border\s+with\s+|frontier\s+with\s+)?"
    r"(?:neighbou?ring\s+)?(?:Pakistan|Iran|Turkmenistan|Uzbekistan|Tajikistan|China)"
    r"|(?:Afghan[\s-]+)?(?:Pakistani?|Pak|Iran(?:ian)?|Turkmen|Uzbek|Tajik|Chinese)(?:[\s-]+Afghan)?\s+"
    r"(?:border|frontier)|(?:Pakistan|Iran)['’]s\s+border|Durand\s+Line)$",
    re.I,
)
PARENTHESIS = re.compile(r"\(([^()]*)\)")
_BESIDE = "\u241f"  # marks a piece that the text puts near the next one, not in it
_PASHTO_OF = "د"
_ALSO_A_NAME = frozenset({"شهرستان"})  # Iran's word for a district, and one in Daykundi
# Particles that stand before or after a name, folded: of, in, from, to.
_PASHTO_PARTICLES = frozenset({"د", "په", "کی", "له", "سخه", "ته"})
_ARABIC_AIRPORT = re.compile(r"میدان هوایی|هوایی (?:میدان|دگر)")
# Dari words that lead from a place to what holds it.
_ARABIC_RELATIONS = frozenset(
    {"در", "از", "مربوط", "مربوطات", "مربوطه", "توابع", "واقع", "نزدیکی", "به"}
)
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

    @classmethod
    def of(cls, name: str, feature: str) -> Segment:
        """A name found in a text, with the kind of place said beside it."""
        folded = segment_words(name)
        return cls(folded, feature, folded)


def segment(text: str) -> Segment:
    """Take the feature words off a name: 'Aybak city' → Aybak, town."""
    aliases = tuple(a for a in (p.strip() for p in PARENTHESIS.findall(text)) if a)
    main = PARENTHESIS.sub(" ", text)
    tokens = fold(main.replace("sub-district", "subdistrict")).split()
    while tokens and tokens[0] in LOOSE and len(tokens) > 1:
        tokens.pop(0)
    while len(tokens) > 1 and tokens[-1] in ("of", "in", "at"):
        tokens.pop()  # before a number that is taken out: 'Karte Char area of PD 3'
    feature = ""
    words = " ".join(tokens)
    name = list(tokens)
    partly: list[str] = []
    # شهر میدان شهر: Dari says the kind first, and what ends the name is part of it
    dari = (
        len(name) > 2 and name[0] in WORDS and script_of(main) == "Arab"
        and WORDS.get(name[-1]) not in ("district", "province")
    )  # fmt: skip
    while not dari and name and (name[-1] in WORDS or name[-1] == _PASHTO_OF):
        found = WORDS.get(name.pop(), "")
        # 'Achin district centre' is the town, 'border crossing' a crossing, 'airport road' a road
        if feature in ("", "district", "crossing") or found == "airport":
            feature = feature or found
        if feature == "district" and found == "centre":
            feature = "centre"
        partly.append(" ".join(name))
    if not feature:
        while name and (name[0] in WORDS or name[0] == _PASHTO_OF):
            if name[0] in _ALSO_A_NAME and len(name) < len(tokens):
                break  # a kind stands before it: ولسوالی شهرستان
            feature = WORDS.get(name.pop(0), "") or feature
    if feature in ("district", "province") and len(name) > 1 and WORDS.get(name[0]) == "centre":
        name.pop(0)  # د مرکز فراه ولسوالۍ
        feature = "centre"
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
    text = _OFFICE.sub("compound", BORDERING.sub("", text.strip(" ,;.\n\t")))
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
    """The pieces of a Dari or Pashto part, specific first.

    Dari puts the kind of place before the name and the larger place last: 'ولسوالی انجیل ولایت
    هرات'; Pashto the kind after the name and the larger place first, each after a particle:
    'د هرات ولایت د انجیل ولسوالۍ'.
    """
    words = _ARABIC_AIRPORT.sub("فرودگاه", fold(part)).split()
    pashto = not _PASHTO_PARTICLES.isdisjoint(words)
    pieces: list[list[str]] = [[]]
    for position, word in enumerate(words):
        if word in _PASHTO_PARTICLES or word in _ARABIC_RELATIONS:
            pieces.append([])
        elif not pashto and word in WORDS and _new_name(pieces[-1], word, words[position + 1 :]):
            pieces.append([word])
        else:
            pieces[-1].append(word)
            if pashto and word in WORDS and len(pieces[-1]) > 1:
                pieces.append([])
    texts = [" ".join(p) for p in pieces if p]
    return texts[::-1] if pashto else texts


def _new_name(piece: list[str], word: str, rest: list[str]) -> bool:
    """Whether a Dari kind of place begins a new name: one stands before it, and one follows."""
    named = [w for w in piece if w not in WORDS and w not in LOOSE]
    named += [w for w in piece if WORDS.get(w) == "centre"]  # مرکز ولایت هلمند
    centre = WORDS.get(word) == "centre" and len(rest) > 1  # شهر فیض‌آباد مرکز ولایت بدخشان
    return bool(named) and bool(rest) and (rest[0] not in WORDS or centre)


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
            if part.feature in _CARRIED and not _ONE_OF.match(piece):
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
