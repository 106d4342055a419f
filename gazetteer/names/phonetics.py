"""Turns folded names into sounds, skeletons and a weighted distance; second step of matching.

Dari and Pashto names reach English through a dozen romanisations. What they keep is the row
of consonants; what they vary is known: i/e, u/o, ai/ay/ey, q/k, w/v, a dropped h, the izafat
written -e, -i, -ye or not at all. A `sound` writes each name with one letter per sound, the
`skeleton` keeps coarse consonant classes to find neighbours quickly, and `distance` weighs
each change by how often reporters make it. Weights were set on the visible name-variant
pairs (see docs/gazetteer.md for what was held back).
"""

from __future__ import annotations

import re
from functools import lru_cache

# Capital letters are sounds of two Latin letters: X kh, G gh, S sh, C ch, J zh, W aw, Y ay.
_DIGRAPHS = {
    "tsch": "C",
    "sch": "S",
    "tch": "C",
    "ch": "C",
    "sh": "S",
    "kh": "X",
    "gh": "G",
    "zh": "J",
    "ph": "f",
    "th": "t",
    "dh": "d",
    "dj": "j",
    "dz": "z",
    "ts": "s",
    "ck": "k",
    "oo": "u",
    "ou": "u",
    "ee": "i",
    "ie": "i",
    "aw": "W",
    "au": "W",
    "ow": "W",
    "ay": "Y",
    "ai": "Y",
    "ey": "Y",
    "ei": "Y",
    "aa": "a",
    "q": "k",
    "c": "k",
    "x": "X",
    "v": "w",
}
_ARABIC = {
    "ا": "a",
    "ب": "b",
    "پ": "p",
    "ت": "t",
    "ث": "s",
    "ج": "j",
    "چ": "C",
    "ح": "h",
    "خ": "X",
    "د": "d",
    "ذ": "z",
    "ر": "r",
    "ز": "z",
    "ژ": "J",
    "س": "s",
    "ش": "S",
    "ص": "s",
    "ض": "z",
    "ط": "t",
    "ظ": "z",
    "ع": "",
    "غ": "G",
    "ف": "f",
    "ق": "k",
    "ک": "k",
    "گ": "g",
    "ل": "l",
    "م": "m",
    "ن": "n",
    "و": "O",  # w, u, o or aw: decided by what stands opposite
    "ه": "h",
    "ی": "I",  # y, i, e or ay
}
_LATIN_RE = re.compile("|".join(sorted(_DIGRAPHS, key=len, reverse=True)))
_ARABIC_RE = re.compile("[\u0600-\u06ff]")
_DOUBLED = re.compile(r"([a-zA-Z])\1+")
_LINKS = frozenset(
    {"e", "i", "ye", "yi", "ya", "wa", "va", "aw", "u", "o", "and", "ul", "al", "el", "و"}
)

VOWELS = frozenset("aeiouWY")
_SOFT = frozenset("hywOI")
# Coarse classes: letters that romanisations swap share one, so that they fall in one block.
_CLASS = {
    **dict.fromkeys("kgXG", "K"),
    **dict.fromkeys("szSJjC", "Z"),
    **dict.fromkeys("td", "T"),
    **dict.fromkeys("pbf", "P"),
    **dict.fromkeys("mn", "N"),
    "l": "L",
    "r": "R",
}


@lru_cache(maxsize=65536)
def sound(folded: str) -> str:
    """One letter per sound, words run together, izafat and 'wa' links left out."""
    words = folded.split()
    if len(words) > 2 or (len(words) == 2 and words[1] not in _LINKS):
        words = [w for i, w in enumerate(words) if i == 0 or w not in _LINKS] or words
    out = []
    for word in words:
        if _ARABIC_RE.search(word):
            spelled = "".join(_ARABIC.get(c, c) for c in word)
            if spelled.endswith("h") and len(spelled) > 1:
                spelled = spelled[:-1] + "a"  # final ه writes the vowel of قلعه, دره, پروانه
        else:
            spelled = _LATIN_RE.sub(lambda m: _DIGRAPHS[m.group()], word)
            if spelled.endswith(("ah", "eh")):
                spelled = spelled[:-1]
        out.append(spelled)
    return _DOUBLED.sub(r"\1", "".join(out))


@lru_cache(maxsize=65536)
def skeleton(sounds: str) -> str:
    """Coarse consonant classes of a sound, vowels and weak letters dropped, digits kept."""
    out: list[str] = []
    for letter in sounds:
        mark = letter if letter.isdigit() else _CLASS.get(letter)
        if mark and (not out or out[-1] != mark or mark.isdigit()):
            out.append(mark)
    return "".join(out)


def _pairs(weights: dict[str, float]) -> dict[tuple[str, str], float]:
    table: dict[tuple[str, str], float] = {}
    for letters, weight in weights.items():
        for a in letters:
            for b in letters:
                if a != b:
                    table[a, b] = min(weight, table.get((a, b), 9.0))
    return table


_SUBSTITUTE = _pairs(
    {
        "ie": 0.04,
        "uo": 0.04,
        "ae": 0.16,
        "ao": 0.22,
        "ai": 0.25,
        "au": 0.25,
        "ei": 0.04,
        "eu": 0.35,
        "iu": 0.35,
        "eo": 0.35,
        "io": 0.4,
        "Yi": 0.15,
        "Ye": 0.1,
        "Ya": 0.2,
        "Yy": 0.15,
        "YI": 0.05,
        "Wo": 0.1,
        "Wu": 0.15,
        "Wa": 0.25,
        "Ww": 0.2,
        "WO": 0.05,
        "Ou": 0.03,
        "Oo": 0.03,
        "Ow": 0.03,
        "Oa": 0.4,
        "Ii": 0.03,
        "Ie": 0.05,
        "Iy": 0.03,
        "Ia": 0.3,
        "iy": 0.15,
        "ey": 0.2,
        "ha": 0.3,
        "kX": 0.35,
        "gG": 0.12,
        "kg": 0.45,
        "kG": 0.5,
        "XG": 0.6,
        "Xh": 0.5,
        "sz": 0.35,
        "sS": 0.45,
        "zJ": 0.2,
        "jJ": 0.2,
        "jz": 0.4,
        "jg": 0.6,
        "CS": 0.55,
        "Cj": 0.6,
        "dz": 0.6,
        "td": 0.5,
        "pb": 0.5,
        "pf": 0.4,
        "bw": 0.4,
        "wu": 0.15,
        "wo": 0.2,
        "mn": 0.55,
        "fw": 0.7,
    }
)
_INSERT = {"h": 0.15, "y": 0.15, "w": 0.3, "O": 0.25, "I": 0.2, "W": 0.3, "Y": 0.25, "a": 0.22}
_HARD = 1.0


def _insertion(letter: str) -> float:
    if letter in _INSERT:
        return _INSERT[letter]
    return 0.2 if letter in VOWELS else 3.0 if letter.isdigit() else _HARD


_LETTERS = "abcdefghijklmnopqrstuvwxyzXGSCJWYOI0123456789"
_INSERTION = {c: _insertion(c) for c in _LETTERS}
# An Arabic spelling leaves short vowels out, so that they cost half against one.
_INSERTION_ARABIC = {c: w * (0.5 if c in VOWELS else 1.0) for c, w in _INSERTION.items()}


def _swap(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return 3.0 if a.isdigit() or b.isdigit() else _SUBSTITUTE.get((a, b), _HARD)


_SWAP = {a: {b: _swap(a, b) for b in _LETTERS} for a in _LETTERS}
_STRANGE = dict.fromkeys(_LETTERS, _HARD)  # a letter of a third script


def distance(a: str, b: str, limit: float) -> float:
    """Weighted edits from sound `a` to sound `b`; `limit` + 1 as soon as it must exceed `limit`.

    A vowel that only one Arabic spelling leaves out costs little, a lost consonant 1, a
    changed digit 3 (digits match exactly or not at all).
    """
    if a == b:
        return 0.0
    arabic = ("O" in a or "I" in a) != ("O" in b or "I" in b)
    insertion = _INSERTION_ARABIC if arabic else _INSERTION
    # What both begin or end with costs nothing, and most near spellings share most letters.
    start, shorter = 0, min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    a, b = a[start : len(a) - end], b[start : len(b) - end]
    costs = [insertion.get(y, _HARD) for y in b]
    previous = [0.0]
    for cost in costs:
        previous.append(previous[-1] + cost)
    for x in a:
        drop = insertion.get(x, _HARD)
        swaps = _SWAP.get(x, _STRANGE)
        left = best = previous[0] + drop
        row = [left]
        for j, y in enumerate(b):
            value = previous[j] + swaps.get(y, _HARD)
            step = left + costs[j]
            if step < value:
                value = step
            step = previous[j + 1] + drop
            if step < value:
                value = step
            row.append(value)
            if value < best:
                best = value
            left = value
        if best > limit:
            return limit + 1.0
        previous = row
    return previous[-1]


_MARKS = "KZTPNLR"
_LEAST_CHANGE = 0.4  # no consonant is dropped, or changed into one of another class, for less


@lru_cache(maxsize=65536)
def class_counts(sounds: str) -> tuple[int, ...]:
    """How often each coarse consonant class occurs in a sound, in a fixed order."""
    marks = [_CLASS.get(letter) for letter in sounds]
    return tuple(marks.count(mark) for mark in _MARKS)


def least_distance(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """What the distance between two sounds is at least, by their class counts alone."""
    more = fewer = 0
    for x, y in zip(a, b, strict=True):
        if x > y:
            more += x - y
        else:
            fewer += y - x
    return _LEAST_CHANGE * max(more, fewer)


@lru_cache(maxsize=65536)
def consonants(sounds: str) -> int:
    """How many consonants carry the name; the measure a distance is judged against."""
    return sum(1 for c in sounds if c not in VOWELS and c not in _SOFT)


def likeness(a: str, b: str) -> float:
    """0–1: 1 for equal sounds, falling with the distance relative to the shorter name."""
    size = min(consonants(a), consonants(b)) + 1.0
    limit = 0.45 * size
    cost = distance(a, b, limit)
    return max(0.0, 1.0 - cost / size) if cost <= limit else 0.0
