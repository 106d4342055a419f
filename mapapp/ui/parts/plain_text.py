"""Text from data made safe for the places where Streamlit reads Markdown: labels, captions, help.

Streamlit's Markdown also knows `$math$`, `:colour[…]` directives, `:emoji:` codes and bare links;
the last two are replaced after parsing, where a backslash no longer helps.
"""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~^&:=\"'@/%])")

#: Invisible and without width; it parts the colon of ":smile:" and the slashes of "https://".
WORD_JOINER = "\N{WORD JOINER}"

_PARTED = re.compile(r":(?=[\w+/-])|@(?=\w)|(?<=\bwww)(?=\.)", re.IGNORECASE)


def plain(text: str) -> str:
    """The text as one line that any Markdown place of the page shows as it is."""
    one_line = " ".join(text.split())
    parted = _PARTED.sub(lambda found: found.group() + WORD_JOINER, one_line)
    return _PUNCTUATION.sub(r"\\\1", parted)
