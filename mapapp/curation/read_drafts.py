"""Drafts that were read from a page as files of a seeds folder, with what is open as comments.

`mapapp check` takes what is written; a person goes through it before anything is recorded
(reading → files).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gazetteer import Gazetteer
from mapapp.curation.document import Document, tidy, yaml_text
from mapapp.curation.filled import record_id, source_of
from mapapp.curation.read_values import (
    attribution_statement,
    day_part,
    figure_statement,
    kind_part,
    paragraph_of,
    target_part,
    where_part,
)
from mapapp.domain import actors
from mapapp.domain.countries import UNKNOWN
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    SpeakerClass,
    TargetType,
)
from mapapp.importers.cells.countries import iso3
from mapapp.reading.model import Attribution, Draft, Figure, Question, Reading
from mapapp.reading.pages.page import Page
from mapapp.reading.whole import PageRead

#: Stands where a seed file needs words and the page has none.
NOT_SAID: Final = "not said"
#: The gazetteer's id of what a place is in that nobody names.
_COUNTRY: Final = "country:af"


@dataclass(frozen=True, slots=True)
class SeedFile:
    """One incident as a file of a seeds folder; `own_id` is the record's id and the file's name."""

    own_id: str
    text: str


def source_document(read: PageRead, taken: Collection[str] = ()) -> Document:
    """The page as an entry of `sources.yaml`; `taken` are ids of others."""
    page, reading = read.page, read.reading
    day = str(reading.published) if reading.published else ""
    published = {"earliest": day, "latest": day} if day else {}
    return source_of(
        {
            "publisher": reading.publisher or "unknown publisher",
            "title": page.title or NOT_SAID,
            "language": reading.language,
            "url": page.address if page.address.startswith(("http://", "https://")) else "",
            "published": {**published, "how": _how_published(page, reading)},
        },
        taken,
    )


def _how_published(page: Page, reading: Reading) -> str:
    if reading.published is None:
        return "the page does not say"
    if page.published and page.published.day == reading.published:
        return f"guessed from {page.published.origin}: {page.published.words}"
    return "as told by who handed the page in"


def seed_files(
    read: PageRead, source: str, gazetteer: Gazetteer, taken: Collection[str] = ()
) -> Iterator[SeedFile]:
    """A file for each draft of a page whose source has the id `source`."""
    used = set(taken)
    for draft in read.reading.drafts:
        document, open_points = draft_document(draft, read.reading, source, gazetteer)
        place = draft.where.place.name if draft.where else ""
        own_id = record_id(document, place or "somewhere", used)
        used.add(own_id)
        asked = (*open_points, *map(_asked, read.reading.questions))
        yield SeedFile(own_id, _with_comments(tidy({"id": own_id, **document}), asked))


def draft_document(
    draft: Draft, reading: Reading, source: str, gazetteer: Gazetteer
) -> tuple[Document, tuple[str, ...]]:
    """The draft in the form of a seed file, without its id, and the sentences on what is open."""
    at = str(paragraph_of(reading.text, draft.span.start))
    country = draft.country or _country_of(draft, gazetteer)
    text = reading.text
    document: Document = {
        "title": draft.title,
        "source": source,
        "background": draft.background or None,
        "country": country if country != "AFG" else None,
        "date": day_part(draft.day, text) if draft.day else _no_day(at),
        "place": _place(draft, text, at, gazetteer),
        "event_type": (
            kind_part(draft.kind, text)
            if draft.kind
            else {"value": str(EventType.OTHER), "paragraph": at}
        ),
        "target": (
            target_part(draft.target, text)
            if draft.target
            else {"type": str(TargetType.UNKNOWN), "text": NOT_SAID, "paragraph": at}
        ),
    }
    claims, left_out = [], []
    latest = draft.day.interval.latest if draft.day else None
    statements: tuple[Figure | Attribution, ...] = (*draft.figures, *draft.attributions)
    for statement in statements:
        if reason := _no_claim(statement, latest):
            left_out.append(f"claims: “{_one_line(statement.words)}” is left out: {reason}")
        else:
            claims.append(_claim(statement, text))
    document["claims"] = [own for n, own in enumerate(claims) if own not in claims[:n]]
    return document, (*_missing(draft), *left_out, *map(_asked, draft.questions))


def _place(draft: Draft, text: str, at: str, gazetteer: Gazetteer) -> Document:
    if draft.where is None:
        return {"id": _COUNTRY, "text": NOT_SAID, "paragraph": at}
    part = where_part(draft.where, text, gazetteer)
    part.pop("others", None)
    return part


def _country_of(draft: Draft, gazetteer: Gazetteer) -> str:
    """The country of a place abroad, by its words."""
    found = gazetteer.search(draft.where.words).abroad if draft.where else None
    return (iso3(found.country) if found and found.country else None) or UNKNOWN


def _no_day(at: str) -> Document:
    return {
        "precision": str(DatePrecision.UNKNOWN), "text": NOT_SAID,
        "derivation": "the page gives no day", "paragraph": at,
    }  # fmt: skip


def _no_claim(statement: Figure | Attribution, latest: date | None) -> str:
    """Why a statement is no claim of a seed file, "" where it is one."""
    if isinstance(statement, Figure) or statement.kind is AttributionKind.UNCLAIMED:
        return ""
    if statement.actor is None:
        return f"“{_one_line(statement.actor_text)}” is no actor known here; write one's id"
    if statement.actor not in actors.KNOWN_IDS:
        return f"'{statement.actor}' is no actor of curated records; write one's id"
    if latest is not None and not actors.stands(statement.actor, latest):
        return f"'{statement.actor}' was not there on {latest}; write the id of that time's"
    return ""


def _claim(statement: Figure | Attribution, text: str) -> Document:
    own = (
        figure_statement(statement, text)
        if isinstance(statement, Figure)
        else attribution_statement(statement, text)
    )
    speaker = statement.speaker
    if speaker.name:
        own["asserted_by"] = _one_line(speaker.name)
    if speaker.speaker_class is not SpeakerClass.MEDIA:
        own["speaker_class"] = str(speaker.speaker_class)
    return own


def _missing(draft: Draft) -> Iterator[str]:
    for name, value in (
        ("date", draft.day), ("place", draft.where), ("event_type", draft.kind),
        ("target", draft.target),
    ):  # fmt: skip
        if value is None:
            yield f"{name}: not found on the page; write it, or leave it open"
    if not draft.country:
        yield "country: the place lies abroad; see whether its country's code is right"


def _asked(question: Question) -> str:
    options = f" ({' / '.join(map(_one_line, question.options))})" if question.options else ""
    return f"{question.field}: {_one_line(question.text)}{options}"


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _with_comments(document: Mapping[str, Any], open_points: tuple[str, ...]) -> str:
    """Sentences above the document: comments cannot break out of their line."""
    head = "# A draft that was read from a page; nothing of it is recorded. Look at every value.\n"
    asked = "".join(f"# OPEN {_one_line(point)}\n" for point in open_points)
    return f"{head}{asked}{yaml_text(document)}"
