"""Words of a text in Arabic letters with their places; the zero-width joiner parts two."""

from __future__ import annotations

import re

from mapapp.reading.dari_pashto.words import folded
from mapapp.reading.tokens import MAX_WORD_CHARS, Token

#: Every quantifier is possessive: the time is linear whatever the text.
_TOKEN = re.compile(
    "[0-9۰-۹٠-٩]++(?:[,٬][0-9۰-۹٠-٩]{3}(?![0-9۰-۹٠-٩]))*+|[^\\W_\\d][^\\W_\u064b-\u065f\u0670]*+"
    "(?:[\u064b-\u065f\u0670][^\\W_\u064b-\u065f\u0670]*+)*+(?:\u200c(?:ی|ای|ي)(?![\\w\u200c]))?|[^\\s\\w\u200c\u200d\u200e\u200f]|_"
)


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of `text[start:end]`."""
    found = []
    for match in _TOKEN.finditer(text, start, end):
        words = match[0]
        low = folded(words) if len(words) <= MAX_WORD_CHARS else "…"
        found.append(Token(words, low or words, match.start(), match.end()))
    return found
