"""Words and marks of a text with their places, in one pass (text → tokens → sentences)."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A number with thousands, a word with hyphens, a possessive, or one mark. Every quantifier is
#: possessive or bounded: the time is linear whatever the text.
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})++(?![\w])"
    r"|\d++\.\d++(?!\w)"
    r"|(?:[A-Za-z]\.){2,8}"
    r"|['’]s\b"
    r"|[^\W_]++(?:[-‑–][^\W_]++)*+"
    r"|[^\s\w]|_"
)

#: One word longer than this is no word; nothing is looked up for it.
MAX_WORD_CHARS = 60
_FOLD = str.maketrans({"’": "'", "‘": "'", "‑": "-", "–": "-"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark at `text[start:end]`; `low` is what word lists are asked for."""

    text: str
    low: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def word(self) -> bool:
        """Whether it is a word or a number, not a mark."""
        return self.text[0].isalnum()


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of `text[start:end]`."""
    found = []
    for match in _TOKEN.finditer(text, start, end):
        words = match[0]
        low = words.translate(_FOLD).lower() if len(words) <= MAX_WORD_CHARS else "…"
        found.append(Token(words, low, match.start(), match.end()))
    return found
