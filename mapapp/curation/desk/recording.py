"""The accepted values of a page's drafts, as records with one source (desk → log).

Only what a person accepted goes in. All of it is one change, with one reason, taken back as one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gazetteer import Gazetteer
from mapapp.curation.change import Checked, Draft, draft_of, save_all
from mapapp.curation.desk.desk import PARTS, Desk, IncidentDraft, content_of
from mapapp.curation.document import Document, day_value
from mapapp.curation.filled import day_of, record_id, source_of, title_of
from mapapp.curation.grid import Grid, State, Value, claims_of, unclear
from mapapp.domain.dates import DateInterval
from mapapp.domain.problems import Problem
from mapapp.domain.source import Source
from mapapp.domain.vocab import DatePrecision, label
from mapapp.store import Store


@dataclass(frozen=True, slots=True)
class Prepared:
    """An incident of the desk as it would be recorded, and what is still wanting in it."""

    incident: IncidentDraft
    draft: Draft
    wanting: tuple[Problem, ...] = ()


def page_source(desk: Desk, known: Mapping[str, Source]) -> tuple[str, tuple[Document, ...]]:
    """The id of the page as a source, and the source where it is a new one.

    The same address is the same source; so are publisher, title and day where there is none.
    """
    page = desk.page
    for own in known.values():
        if page.url and own.url == page.url:
            return own.id, ()
        same = (own.publisher, own.title, str(own.published_on or "")) == (
            page.publisher, page.title, page.published,
        )  # fmt: skip
        if same and not (page.url and own.url):
            return own.id, ()
    how = "given by the editor who read the page"
    published = {"earliest": page.published, "latest": page.published, "how": how}
    entry = source_of(
        {"publisher": page.publisher, "title": page.title, "url": page.url,
         "language": page.language,
         "published": published if page.published else {"how": "not known"}},
        known,
    )  # fmt: skip
    return str(entry.get("id", "")), (entry,)


def prepared(
    desk: Desk,
    store: Store,
    known: Mapping[str, Source],
    taken: Collection[str],
    gazetteer: Gazetteer,
) -> tuple[Prepared, ...]:
    """The wanted incidents as drafts of records; ids are made so that none is taken."""
    source, new = page_source(desk, known)
    found, names = [], set(taken)
    for own in desk.wanted:
        wanting = unclear(_accepted(own.grid))
        if own.joins:
            held = draft_of(store, own.joins, gazetteer)
            claims = [*held.document.get("claims", ()), *_further(own, source, held.document)]
            draft = Draft(held.document | {"claims": claims}, new, held.based_on)
        else:
            document = document_of(own, source, gazetteer, names)
            names.add(str(document["id"]))
            draft = Draft(document, new)
        found.append(Prepared(own, draft, wanting))
    return tuple(found)


def _accepted(grid: Grid) -> Grid:
    return Grid(
        grid.name, grid.speakers, tuple(v for v in grid.values if v.state is State.ACCEPTED)
    )


def document_of(
    incident: IncidentDraft, source: str, gazetteer: Gazetteer, taken: Collection[str]
) -> Document:
    """An incident in the form of a seed file: what was accepted of it."""
    document: dict[str, Any] = {"title": incident.title, "source": source}
    if incident.background:
        document["background"] = True
    if incident.country != "AFG":
        document["country"] = incident.country
    for name in PARTS:
        value = incident.part(name)
        accepted = value is not None and value.state is State.ACCEPTED
        document[name] = content_of(value) if accepted else {}
    target = document["target"]
    if target.get("type") and not target.get("text"):
        target["text"] = label(str(target["type"]))
    place_id = str(document["place"].get("id") or "")
    place_name = gazetteer.place(place_id).name if place_id else ""
    document["title"] = incident.title or title_of(document, place_name)
    document["id"] = record_id(document, place_name, taken)
    document["claims"] = claims_of(incident.grid, only_accepted=True)
    return document


#: What a statement says, wherever and in which words it stands.
_SAYS: Final = (
    "property", "value", "low", "high", "modifier", "victim_class", "subset_of", "kind", "actor",
    "asserted_by", "source",
)  # fmt: skip


def _further(incident: IncidentDraft, source: str, held: Document) -> list[Document]:
    """What a page says of a record that is there and what the record does not have of it yet: its
    statements, and its own words for day, place, kind and target.
    """
    main = str(held["source"])

    def says(claim: Document) -> tuple[str, ...]:
        return tuple(str(({"source": main} | claim).get(name, "")) for name in _SAYS)

    known = {says(own) for own in held.get("claims", ())}
    said = [own | {"source": source} for own in claims_of(incident.grid, only_accepted=True)]
    if source != main:
        said += [own for name in PARTS if (own := _word(incident.part(name), source))]
    return [own for own in said if says(own) not in known]


def _word(value: Value | None, source: str) -> Document:
    """A part as a page's own word on it, empty where nobody accepted one."""
    if value is None or value.state is not State.ACCEPTED:
        return {}
    content, part = content_of(value), value.part
    told = {"date": _days, "place": _text, "target": _text, "event_type": _kind}[part](content)
    if not told:
        return {}
    claim: Document = {"property": part, "value": told, "source": source}
    claim |= {name: content[name] for name in ("paragraph", "words") if content.get(name)}
    if "words" not in claim and content.get("text"):
        claim["words"] = content["text"]
    return claim


def _days(content: Document) -> str:
    first, last = day_of(content.get("earliest")), day_of(content.get("latest"))
    if first is None and last is None:
        return ""
    return day_value(DateInterval(first, last, DatePrecision.DAYS))


def _text(content: Document) -> str:
    return str(content.get("text") or "")


def _kind(content: Document) -> str:
    return str(content.get("value") or "")


def record(
    store: Store, ready: Collection[Prepared], reason: str, *, by: str, gazetteer: Gazetteer
) -> tuple[Checked, ...]:
    """Record incidents of a page in one change. Raises what `save_all` raises."""
    return save_all(store, [own.draft for own in ready], reason, by=by, gazetteer=gazetteer)
