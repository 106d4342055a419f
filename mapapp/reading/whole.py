"""A page from its bytes to its drafts, as every caller reads one (bytes → Page, Reading)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from mapapp.reading.languages import UNKNOWN
from mapapp.reading.model import Question, Reading
from mapapp.reading.pages.page import Page
from mapapp.reading.reader import read

#: What a page may take, in seconds: for each thousand words, at the least, and in all.
SECONDS_A_THOUSAND: Final = 2.0
FEWEST_SECONDS: Final = 2.0
MOST_SECONDS: Final = 10.0
#: After so much of it the reader stops by itself, and has what it has.
_OWN_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Known:
    """What a person says of a page; it stands before what the page itself says.

    `language` is ISO 639-1. What is empty or None is taken from the page.
    """

    publisher: str = ""
    published: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page and what it says of attacks."""

    page: Page
    reading: Reading


def seconds_for(text: str) -> float:
    """How long a text may be read."""
    words = len(text.split())
    return min(MOST_SECONDS, max(FEWEST_SECONDS, SECONDS_A_THOUSAND * words / 1000))


def read_text(page: Page, known: Known) -> Reading:
    """What a page's text says. A day that is only guessed is used, and asked about."""
    guessed = page.published if known.published is None else None
    language = known.language or (page.language if page.language != UNKNOWN else None)
    return read(
        page.text,
        publisher=known.publisher or page.publisher,
        published=known.published or (guessed.day if guessed else None),
        language=language,
        seconds=_OWN_SHARE * seconds_for(page.text),
    )


def unread(page: Page, known: Known, why: str) -> Reading:
    """A reading without drafts, which says why there are none."""
    return Reading(
        page.text, known.publisher or page.publisher,
        known.published or (page.published.day if page.published else None),
        known.language or page.language, questions=(Question("not-read", why, "page"),),
        complete=False,
    )  # fmt: skip
