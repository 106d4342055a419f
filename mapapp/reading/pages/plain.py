"""Bytes of text in whatever encoding → text, and pasted words as they are."""

from __future__ import annotations

import io
import re

from mapapp.domain.problems import InvalidInput
from mapapp.importers.tables.files import LAST_RESORTS, encoding_in
from mapapp.reading.pages.page import Raw

_LINE_END = re.compile(r"\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
#: Characters without a meaning in a text, and those of a file that is none.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROL = 0.01
#: A title is no longer; longer first lines are a paragraph.
_LONGEST_TITLE = 200
#: The publisher's name behind a title: "Blast in Kabul | Example Daily".
TITLE_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—]{2,60}$")


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of bytes, line ends as \\n, and sentences on what was doubtful in reading them.

    Raises InvalidInput for bytes that are no text.
    """
    encoding, damaged = encoding_in(io.BytesIO(data))
    text = data.decode(encoding, "replace")
    notices = []
    if damaged:
        notices.append(
            f"{damaged} bytes of the text are damaged and show as �; look at what is near them"
        )
    if encoding in LAST_RESORTS:
        notices.append(
            f"the text is not UTF-8 and was read as {LAST_RESORTS[encoding]}; if letters look "
            "wrong, save it as UTF-8, or paste the words"
        )
    return cleaned(text), tuple(notices)


def cleaned(text: str) -> str:
    """Line ends as \\n, no byte-order mark; InvalidInput for what is no text."""
    controls = len(_CONTROL.findall(text))
    if controls > _MOST_CONTROL * len(text) + 3:
        raise InvalidInput(
            "this is not a text: it holds bytes that no text has. Give the page as text, HTML, PDF "
            "or DOCX, or paste its words"
        )
    text = (
        _CONTROL.sub("", text.removeprefix("\ufeff")) if controls else text.removeprefix("\ufeff")
    )
    return _LINE_END.sub("\n", text)


def read_plain(data: bytes) -> Raw:
    """A text file."""
    text, notices = decoded(data)
    return Raw(text, "text", title=first_line(text), notices=notices)


def first_line(text: str) -> str:
    """The first line that can be a headline, "" where the text begins otherwise.

    Lines of menus come before it on pasted pages: single words, or words with bars between.
    """
    for line in text.split("\n")[:40]:
        words = line.strip()
        if len(words) > _LONGEST_TITLE:
            return ""
        if len(words.split()) > 2 and not _MENU.search(words):
            return words
    return ""


_MENU = re.compile(r"[|/›»].*[|/›»]|\S {2,}\S+ {2,}\S|^[^:]{0,30}: ?(?:\w+ {2,})+")
