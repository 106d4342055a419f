"""What follows from what an editor typed, so that it need not be typed (form → form).

Only what follows: nothing is filled in that could be false, and what was typed is never replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from mapapp.curation.document import Document
from mapapp.domain.vocab import Redistribution, SpeakerClass, TargetType, label
from mapapp.importers.cells.day_values import days as days_of_cell
from mapapp.importers.cells.values import BadValue
from mapapp.reading.actors import ActorFinder
from mapapp.reading.dates import DateFinder
from mapapp.reading.languages import language_of_title
from mapapp.reading.sentences import sentences
from mapapp.reading.speakers import SpeechFinder

#: Targets that are no side of a conflict.
_NO_SIDE: Final = frozenset(
    {TargetType.RELIGIOUS_SITE, TargetType.EDUCATION, TargetType.TRANSPORT, TargetType.BUSINESS,
     TargetType.CIVILIANS, TargetType.FOREIGN_NATIONALS, TargetType.DIPLOMATIC}
)  # fmt: skip
_PARTS: Final = ("date", "place", "event_type", "target")


def filled(
    document: Mapping[str, Any],
    published: date | None,
    place_name: str,
    taken: Collection[str] = (),
) -> Document:
    """A form as typed with what follows from it.

    The days from the words for them and the day of publication, the paragraph of the record for
    parts that have none of their own, a title and an id. `place_name` is the gazetteer's name of
    the place, `taken` are ids that other records have.
    """
    made = {name: value for name, value in document.items() if name != "paragraph"}
    paragraph = str(document.get("paragraph") or "")
    for name in _PARTS:
        part = dict(made.get(name) or {})
        if paragraph and not part.get("paragraph"):
            part["paragraph"] = paragraph
        made[name] = part
    if paragraph:
        made["claims"] = [{"paragraph": paragraph, **claim} for claim in made.get("claims", ())]
    when, target = made["date"], made["target"]
    if when.get("text") and not any(when.get(n) for n in ("earliest", "latest", "precision")):
        made["date"] = {**when, **days_of(str(when["text"]), published)}
    if target.get("type") and not target.get("text"):
        target["text"] = label(str(target["type"]))
    made["title"] = made.get("title") or title_of(made, place_name)
    made["id"] = made.get("id") or record_id(made, place_name, taken)
    return made


def day_of(text: object) -> date | None:
    """An ISO day, None for anything else."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def days_of(text: str, published: date | None) -> Document:
    """The days that words name, with how they were reckoned; empty where they name none.

    "8 May 2024", "2024-05-08", "14 Asad 1403"; "on Wednesday", "yesterday" and "8 May" need the
    day of publication.
    """
    finder = DateFinder(published)
    found = [own.interval for sentence in sentences(text) for own in finder.find(sentence)]
    if len(found) == 1 and (when := found[0]) is not None and (when.earliest or when.latest):
        made = {"earliest": when.earliest, "latest": when.latest, "precision": when.precision,
                "derivation": when.derivation or "as written"}  # fmt: skip
        return {name: str(value) for name, value in made.items() if value}
    try:
        days = days_of_cell(text)
    except BadValue:
        return {}
    if days is None:
        return {}
    return {"earliest": str(days.earliest), "latest": str(days.latest),
            "precision": str(days.precision), "derivation": "as written"}  # fmt: skip


def speaker_class_of(name: str, target_type: str) -> str:
    """The kind of speaker that a name shows, "" where it shows none.

    Whether an official speaks for a side of the incident is a person's to say: then it is asked.
    """
    names = ActorFinder(None)
    finder = SpeechFinder()
    for sentence in sentences(f"{name} said that three people were killed."):
        for speech in finder.find(sentence, names.find(sentence)):
            found = speech.voice.speaker_class
            side = found is SpeakerClass.OFFICIAL and target_type not in _NO_SIDE
            if found is not None and found is not SpeakerClass.PARTY and not side:
                return str(found)
    return ""


def title_of(document: Mapping[str, Any], place_name: str) -> str:
    """ "Bombing or planted device, Fayzabad": what and where; "" before both are known."""
    kind = str(document.get("event_type", {}).get("value") or "")
    where = place_name or str(document.get("place", {}).get("text") or "")
    if not kind or not where:
        return ""
    words = label(kind)
    return f"{words[0].upper()}{words[1:]}, {where}"


def record_id(document: Mapping[str, Any], place_name: str, taken: Collection[str]) -> str:
    """ "afg-2024-05-08-fayzabad-bombing"; "" before place and kind are known.

    A month or a year stands alone where the day is not known; a number follows where another
    record has the id.
    """
    when = document.get("date", {})
    kind = str(document.get("event_type", {}).get("value") or "")
    where = slug(place_name or str(document.get("place", {}).get("text") or ""))
    if not kind or not where:
        return ""
    first, last = (str(when.get(name) or "") for name in ("earliest", "latest"))
    same = next((n for n in (10, 7, 4) if first and last and first[:n] == last[:n]), 0)
    parts = ("afg", first[:same] or "undated", where, slug(kind))
    return _free("-".join(part for part in parts if part), taken)


def source_of(entry: Mapping[str, Any], taken: Collection[str] = ()) -> Document:
    """A new source as typed with what follows: its id, language, terms, and how its day is known.

    The language is that of its title's letters. Facts may leave, the publisher's wording does not.
    """
    made = {name: value for name, value in entry.items() if value}
    published = {n: own for n, own in dict(entry.get("published") or {}).items() if own}
    if published.get("earliest") and not published.get("latest"):
        published["latest"] = published["earliest"]
    if published.get("earliest") or published.get("latest"):
        published.setdefault("how", "as entered with the page")
    made["published"] = published
    publisher, title = (str(made.get(name) or "") for name in ("publisher", "title"))
    if title:
        made.setdefault("language", language_of_title(title))
    if publisher:
        made.setdefault("licence", f"© {publisher}; facts cited, no text reproduced")
        day = str(published.get("earliest") or "undated")
        made.setdefault("id", _free(f"{slug(publisher) or 'page'}-{day}", taken))
    made.setdefault("redistribution", str(Redistribution.FACTS))
    return made


def reason_of(source: Mapping[str, Any]) -> str:
    """Why a new record is made, where nobody says otherwise; "" before its source is known."""
    published = dict(source.get("published") or {})
    parts = (source.get("publisher"), f"“{source.get('title')}”", published.get("earliest"))
    return f"New from {', '.join(str(own) for own in parts if own)}" if all(parts[:2]) else ""


def slug(text: str) -> str:
    """ "Pul-e Khumri" → "pul-e-khumri"; letters beyond the Latin ones are left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def _free(name: str, taken: Collection[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
