"""A page of news as it was handed in: its text, and what is guessed of it with its origin.

Offsets everywhere count Unicode code points of `Page.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapapp.reading.model import Span

#: A larger file is refused; a news page with its pictures is a tenth of it.
LARGEST_BYTES = 20 * 2**20

#: Of a longer text the beginning is read, and the page says so. About 30,000 words.
LONGEST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Published:
    """The day a page was published, as guessed.

    `origin` names the field it stands in ("meta article:published_time"), `words` are what stands
    there; `span` is where the text has them, None where it does not.
    """

    day: date
    origin: str
    words: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a file or pasted words come to. Texts are empty where the page does not say.

    `kind` is "text", "html", "pdf", "docx" or "mail"; `language` is ISO 639-1 or "unknown";
    `address` is text and never asked for. `notices` are sentences for who handed it in.
    """

    text: str
    kind: str
    title: str = ""
    publisher: str = ""
    published: Published | None = None
    language: str = "unknown"
    address: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """What the reader of one kind of file found, before the text itself is looked at."""

    text: str
    kind: str
    title: str = ""
    publisher: str = ""
    published: Published | None = None
    address: str = ""
    notices: tuple[str, ...] = ()
