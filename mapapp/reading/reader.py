"""Reads a page: text → sentences → mentions → incidents → drafts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from gazetteer import Gazetteer
from mapapp.domain.vocab import GeoPrecision
from mapapp.reading.actors import ActorFinder
from mapapp.reading.dari_pashto.page import PageReader as DariPashtoReader
from mapapp.reading.drafts import Drafter
from mapapp.reading.drafts.questions import over_several
from mapapp.reading.incidents import Gatherer
from mapapp.reading.languages import DARI, PASHTO, language_code, language_of
from mapapp.reading.model import Question, Reading, Span, Speaker
from mapapp.reading.page import Facts, PageReader
from mapapp.reading.places import PlaceWords
from mapapp.reading.voices import Voices

#: Longer pages are read to here; a long news page has 30,000 characters.
MAX_CHARS = 200_000


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
    deadline = None if seconds is None else time.monotonic() + seconds
    part = text[:MAX_CHARS]
    language = language_code(language or "") or language_of(part)
    page: PageReader | DariPashtoReader
    if language in (DARI, PASHTO):
        page = DariPashtoReader(part, published, Gazetteer.load(), deadline)
    else:
        page = PageReader(part, publisher, published, Gazetteer.load(), deadline)
    rows = list(page.facts())
    voices = Voices(part, publisher)
    owner = voices.owner(rows, ActorFinder(published))
    voiced = _voiced(rows, voices)
    gatherer = Gatherer(published)
    incidents = gatherer.gather(rows)
    drafter = Drafter(part, published, voices, voiced, gatherer.title, owner, _dateline(rows))
    drafts = drafter.drafts(incidents)
    complete = page.complete and len(text) <= MAX_CHARS
    questions: tuple[Question, ...] = () if complete else (_cut(len(text)),)
    questions += tuple(_together(part, gatherer)) if drafts else ()
    return Reading(text, publisher, published, language, drafts, questions, complete=complete)


def _dateline(rows: Sequence[Facts]) -> tuple[Facts, PlaceWords] | None:
    """The town that a paragraph is dated from, if it is not the capital: agencies sit there."""
    for facts in rows:
        for place in facts.places:
            if place.role == "dateline" and not place.abroad and place.place.name != "Kabul":
                towns = (o for o in place.others if o.geo_precision is GeoPrecision.SETTLEMENT)
                town = next(towns, None) if place.place.ambiguous else None
                return facts, replace(place, place=town) if town else place
    return None


def _together(text: str, gatherer: Gatherer) -> Iterator[Question]:
    for facts, statement in gatherer.together:
        row = facts.sentence.tokens
        span = Span(row[statement.start].start, row[statement.end - 1].end)
        yield over_several(span, span.of(text))


def _cut(size: int) -> Question:
    return Question(
        "not-read-to-the-end",
        f"The page has {size:,} characters and was not read to its end: paste the part that "
        "matters by itself.",
        "incident",
    )


def _voiced(
    rows: Sequence[Facts], voices: Voices
) -> dict[int, tuple[tuple[int, int, Speaker], ...]]:
    """For each sentence the speakers with the tokens they reach over; quotes without a speaker of
    their own take that of the sentence before or behind them.
    """
    found: dict[int, tuple[tuple[int, int, Speaker], ...]] = {}
    for facts in rows:
        found[facts.number] = tuple(
            (s.first, s.last, voices.speaker(facts, s.voice)) for s in facts.speeches
        )
        if not facts.speeches:
            voices.subject(facts)
        for row in facts.ascriptions:
            named = row.actor if row.self_said else None
            if named is not None and named in facts.names:
                voices.claimed(facts, named.start, named.end, named.key)
    for k, facts in enumerate(rows):
        if found[facts.number] or not facts.quoted:
            continue
        speaker = _quoted(rows, k, found)
        if speaker is not None:
            found[facts.number] = ((0, len(facts.sentence.lows), speaker),)
    return found


def _quoted(
    rows: Sequence[Facts], k: int, found: dict[int, tuple[tuple[int, int, Speaker], ...]]
) -> Speaker | None:
    facts = rows[k]
    if (
        k
        and rows[k - 1].sentence.paragraph == facts.sentence.paragraph
        and found[rows[k - 1].number]
    ):
        return found[rows[k - 1].number][-1][2]
    for other in rows[k + 1 : k + 5]:
        if not other.quoted:
            break
        if found[other.number]:
            return found[other.number][0][2]
    return found[rows[k - 1].number][-1][2] if k and found[rows[k - 1].number] else None
