"""A citation as a plain value, and its forms: card, sentence, BibTeX, RIS, CSL-JSON (view → text).

Pure. The address that replays it is put in where it is copied, for only the browser knows it:
texts hold `LINK` in its place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from mapapp.domain import wording

TITLE: Final = "Afghanistan incidents, and who says so"
LICENCE: Final = (
    "Facts cited to the sources listed; boundaries of 2014 geoBoundaries/AIMS (CC BY 4.0), place "
    "names GeoNames (CC BY 4.0)."
)

#: Stands in a text where the replay link goes.
LINK: Final = "⟨link⟩"


@dataclass(frozen=True, slots=True)
class Edition:
    """What the page shows: how many sources, of which years, published when, change number."""

    sources: int
    first_year: int | None
    last_year: int | None
    published_at: datetime
    seq: int

    @property
    def years(self) -> str:
        """ "2021–2024"."""
        if self.first_year is None or self.last_year is None:
            return "no incidents yet"
        if self.first_year == self.last_year:
            return str(self.first_year)
        return f"{self.first_year}{wording.DASH}{self.last_year}"


@dataclass(frozen=True, slots=True)
class Card:
    """A citation: what is cited, of what, and what it rests on.

    `what` is the thing cited ("The view", a chart's title), `subject` and `about` say of what:
    "Selection" and its sentence, "Record" and its title. `rests_on` are further lines, name and
    words. `recorded` is the day of the state of the data, `query` the replay link's query.
    """

    what: str
    subject: str
    about: str
    figures: str
    rule: str
    rests_on: tuple[tuple[str, str], ...]
    state: str
    recorded: date
    hash: str
    accessed: date
    query: str

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The card as it is read: name and text of each line."""
        return (
            (self.subject, self.about),
            ("Figures", self.figures),
            ("Rule", self.rule),
            *self.rests_on,
            ("State", self.state),
            ("Content hash", self.hash),
            ("Accessed", self.accessed.isoformat()),
            ("Licence", LICENCE),
        )

    @property
    def text(self) -> str:
        """The whole citation as plain text."""
        lines = [f"{TITLE}. {self.what}."]
        return "\n".join([*lines, *(f"{name}: {words}" for name, words in self.facts), LINK])

    @property
    def sentence(self) -> str:
        """The citation in one sentence, for a footnote."""
        return (
            f"{TITLE}, {_lower(self.what)}: “{self.about}” ({self.figures}; {self.rule}), "
            f"{self.state}, content hash {self.hash}, accessed "
            f"{wording.short_day(self.accessed)}, {LINK}"
        )

    @property
    def bibtex(self) -> str:
        """For BibTeX and what reads it."""
        return (
            f"@misc{{{self._key},\n  title = {{{_tex(self._title)}}},\n"
            f"  howpublished = {{{_tex(TITLE)}}},\n  year = {{{self.recorded.year}}},\n"
            f"  note = {{{_tex(self._note)}}},\n  url = {{{LINK}}},\n"
            f"  urldate = {{{self.accessed.isoformat()}}}\n}}"
        )

    @property
    def ris(self) -> str:
        """For EndNote, Zotero, Mendeley: a tag a line."""
        tags = (
            ("TY", "DATA"), ("ID", self._key), ("TI", self._title), ("T2", TITLE),
            ("PY", str(self.recorded.year)), ("DA", f"{self.recorded:%Y/%m/%d}"),
            ("ET", self.state), ("N1", self._note), ("UR", LINK),
            ("Y2", f"{self.accessed:%Y/%m/%d}"), ("ER", ""),
        )  # fmt: skip
        return "\r\n".join(f"{tag}  - {_one_line(text)}" for tag, text in tags)

    @property
    def csl_json(self) -> str:
        """For citation processors (CSL-JSON 1.0.2): a list of one item."""
        item: dict[str, Any] = {
            "id": self._key,
            "type": "dataset",
            "title": self._title,
            "container-title": TITLE,
            "version": self.state,
            "issued": _date_parts(self.recorded),
            "accessed": _date_parts(self.accessed),
            "note": self._note,
            "URL": LINK,
        }
        return json.dumps([item], ensure_ascii=False, indent=2)

    @property
    def _key(self) -> str:
        return f"incidents-{self.hash[:8]}"

    @property
    def _title(self) -> str:
        return f"{self.what}: {self.about}"

    @property
    def _note(self) -> str:
        return f"{self.figures}; {self.rule}. {self.state}. Content hash {self.hash}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _date_parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    """Text inside braces of BibTeX: no brace or command of its own."""
    return re.sub(r"([&%$#_])", r"\\\1", re.sub(r"[{}\\~^]", " ", text))
