"""The words of Dari and Pashto (words.toml), folded and read once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from mapapp.reading.words import Phrases

#: Letters that are written in several ways: Arabic, Persian and Pashto forms of one.
_LETTERS: Final = str.maketrans(
    {"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ے": "ی", "ك": "ک", "ګ": "گ", "ۀ": "ه",
     "ة": "ه", "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و", "ـ": "", "ء": ""}
)  # fmt: skip
_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٬٫", "01234567890123456789,.")
_ENDING: Final = re.compile("\u200c(?:ی|ای|ي)$")
_PARTS: Final = re.compile("[\\s\u200c]+")

#: The same at the ends of the words of a phrase.
_JOINED: Final = re.compile("\u200c(?:ی|ای|ي)(?![^\\s|])")

DATA: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text("utf-8")
)


def folded(word: str) -> str:
    """A word as lists are asked for it: like letters made one, marks left out, digits ASCII.

    The endings that join it to the next ("حمله‌ی", "اعلامیه‌ای") are no part of it.
    """
    plain = _ENDING.sub("", word).translate(_LETTERS).translate(_DIGITS)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKC", plain) if not _is_mark(c))
    return plain.casefold()


def _is_mark(letter: str) -> bool:
    return unicodedata.combining(letter) > 0 or unicodedata.category(letter) == "Cf"


def parts(phrase: str) -> list[str]:
    """The words of a phrase, folded; the zero-width joiner parts them as a blank does."""
    return [folded(word) for word in _PARTS.split(_JOINED.sub("", phrase)) if word]


@cache
def word_set(section: str, name: str) -> frozenset[str]:
    """One list as a set: each word whole, and joined where a joiner parts it."""
    found: set[str] = set()
    for word in DATA[section][name].split():
        found.add("".join(parts(word)))
        found.update(parts(word)[:1] if "\u200c" not in word else ())
    return frozenset(found)


@cache
def values(section: str, name: str) -> dict[tuple[str, ...], int]:
    """A list of `word=number`, by the words' parts."""
    found: dict[tuple[str, ...], int] = {}
    for entry in DATA[section][name].split():
        word, _, number = entry.partition("=")
        found[tuple(parts(word))] = int(number)
        found.setdefault(("".join(parts(word)),), int(number))
    return found


def phrases(rows: Iterable[tuple[str, str]]) -> Phrases:
    """Phrases with meanings; a bar parts words that may stand in one place."""
    folded_rows = []
    for phrase, meaning in rows:
        either = [[parts(one) for one in word.split("|")] for word in phrase.split()]
        for chosen in product(*either):
            folded_rows.append((" ".join(word for one in chosen for word in one), meaning))
    return Phrases(folded_rows)


@cache
def listed(section: str, name: str) -> Phrases:
    """A list of phrases; the meaning is the list's name."""
    return phrases([(phrase, name) for phrase in DATA[section][name]])


@cache
def with_meaning(section: str, name: str, words: int) -> Phrases:
    """A list of phrases each of which begins with its meaning, which is so many words."""
    rows = []
    for row in DATA[section][name]:
        *meaning, phrase = row.split(" ", words)
        rows.append((phrase, " ".join(meaning)))
    return phrases(rows)
