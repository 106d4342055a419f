"""One page on an editor's desk in a session: its words, its desk, what was done (page → log)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gazetteer import Gazetteer
from mapapp.curation.desk.acts import Context, apply
from mapapp.curation.desk.desk import Desk, PageFacts
from mapapp.curation.desk.reading import desk_of, read_again
from mapapp.domain.problems import InvalidInput
from mapapp.reading.apart import PAGES
from mapapp.reading.languages import UNKNOWN
from mapapp.reading.pages.page import Page
from mapapp.reading.whole import Known
from mapapp.ui.curation.grid import new_acts


@dataclass
class Work:
    """A desk, and beside it what lasts no longer than the session: the page's text.

    `asked_day` says in words where a day of publication was guessed from, "" once a person has
    said it. `faults` are cells that could not be read, by incident, row and column.
    """

    desk: Desk
    text: str = ""
    asked_day: str = ""
    notices: tuple[str, ...] = ()
    faults: dict[str, dict[str, str]] = field(default_factory=dict)
    fault: str = ""
    applied: int = 0
    reason: str = ""
    recorded: tuple[tuple[str, str], ...] = ()
    seq: int = 0
    undone: bool = False
    looked_up: dict[str, tuple[object, Any]] = field(default_factory=dict)

    def hear(self, acts: object, gazetteer: Gazetteer) -> bool:
        """Do what the browser tells that has not been done yet; whether there was anything."""
        new = new_acts(acts, self.applied)
        context = Context(self.text, gazetteer)
        for act in new:
            self.applied = int(act["n"])
            place = f"{act.get('incident', '')}.{act.get('row', '')}.{act.get('column', '')}"
            try:
                self.desk, self.fault = apply(self.desk, act, context), ""
                self.faults.pop(place, None)
            except InvalidInput as error:
                if act.get("column"):
                    self.faults[place] = {"typed": str(act.get("text", "")), "words": str(error)}
                else:
                    self.fault = str(error)
        return bool(new)

    def give_text(self, text: str) -> None:
        """The page's text, from the tab that kept it; another text is not taken."""
        if hash_of(text) == self.desk.page.sha256:
            self.text = text

    def read_again(self, gazetteer: Gazetteer) -> None:
        """Read the text anew, as after another day of publication; what was done stays."""
        if self.text:
            known = known_of(self.desk.page)
            found = PAGES.read(self.text.encode(), known)
            if hash_of(found.page.text) == self.desk.page.sha256:
                self.desk = read_again(self.desk, found.reading, self.desk.page, gazetteer)


def hash_of(text: str) -> str:
    """What stands for a page's text wherever the text itself is not kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def known_of(page: PageFacts) -> Known:
    """What a person said of a page, for its reader."""
    published = date.fromisoformat(page.published) if page.published else None
    return Known(page.publisher, published, page.language or None)


def read(data: bytes, typed: PageFacts, held: Desk | None, gazetteer: Gazetteer) -> Work:
    """The work on a page that was handed in; `held` is the desk that waits for its text, if any.

    Raises InvalidInput for what cannot be read.
    """
    found = PAGES.read(data, Known(typed.publisher, day(typed.published), None))
    page, reading = found.page, found.reading
    facts = replace(
        typed,
        sha256=hash_of(page.text),
        publisher=typed.publisher or page.publisher,
        published=typed.published or (str(page.published.day) if page.published else ""),
        title=typed.title or page.title or first_line(page.text),
        url=typed.url or page.address,
        language=reading.language if reading.language != UNKNOWN else "en",
        reader=reading.reader,
    )
    if held is None:
        return Work(desk_of(reading, facts, gazetteer), page.text, guessed(page, typed),
                    page.notices)  # fmt: skip
    kept = replace(held.page, sha256=facts.sha256)
    return Work(read_again(held, reading, kept, gazetteer), page.text, "", page.notices)


def day(text: str) -> date | None:
    """The day of publication as typed. Raises InvalidInput for what is no day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text}” is no day of publication; write it as YYYY-MM-DD, or leave it empty"
        ) from error


def first_line(text: str) -> str:
    """The headline, as the title of the page; shortened where it is none."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 160 else ""


def guessed(page: Page, typed: PageFacts) -> str:
    """Where the day of publication was taken from, to be asked about; "" where a person said it."""
    if typed.published or page.published is None:
        return ""
    return f"{page.published.day}, guessed from “{page.published.words}” ({page.published.origin})"
