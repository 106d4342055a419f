"""The Atom feed of what changed in a selection (RFC 4287): `/feed.atom?<filters>` (serves route).

One entry an incident or judgement that a change of the log touched, the latest changes first; a
change that touched very many is one entry with the counts. An entry's id follows from the log, the
change and the incident, so that a reader program shows it once.

A document holds the latest changes; the next older ones are behind its link `next` (RFC 5005),
which gives `before`, the number of a change. `since`, a day or a time, is where it ends.
"""

from __future__ import annotations

import hashlib
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mapapp import __version__
from mapapp.domain.moment import Moment
from mapapp.domain.selection import Selection
from mapapp.exporters.xml_text import NOT_XML, xml_text
from mapapp.gate.gate import editor_name
from mapapp.query import Dashboard, selection_to_params
from mapapp.query.changes.changes import Changed, ChangeLog, Changes, MovedJudgement
from mapapp.query.changes.public import EDITOR, PublicLog, public_log
from mapapp.query.filters.sentence import sentence
from mapapp.query.tables import Recent
from mapapp.store import Change, Snapshot, Store
from mapapp.web.api.app import served
from mapapp.web.api.params import FeedAsked, refuse
from mapapp.web.api.settings import ApiSettings
from mapapp.web.assets import ASK_AGAIN
from mapapp.web.caching import conditional
from mapapp.web.server.base import address_of

ATOM: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"

#: Changes of the log and entries that one document holds, and entries a change may have before it
#: is summed up in one.
MAX_CHANGES: Final = 30
MAX_ENTRIES: Final = 100
MAX_OF_ONE: Final = 40

#: Names of our entries; never changed, or every reader program shows all of them anew.
_NAMESPACE: Final = uuid.UUID("5a0f3a52-0a0e-5d0c-9a51-0c1f4f6b7d21")

_TITLE: Final = "Afghanistan incidents, and who says so: changes"

_DONE: Final[Recent[Changes]] = Recent(256)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `key` is what its id follows from, `query` opens it on the page."""

    key: str
    title: str
    at: datetime
    by: str
    text: str
    query: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which changes a document is of: since a moment (None: all), before a number (None: last)."""

    since: Moment | None = None
    before: int | None = None

    def params(self, before: int | None) -> str:
        """The query of the document that begins before a change."""
        own = {"since": self.since.text} if self.since is not None else {}
        return urlencode(own | ({"before": str(before)} if before is not None else {}), safe=":")


def feed_routes(
    store_provider: Callable[[], Store], settings: ApiSettings | None = None
) -> list[Route]:
    """The route; settings as for `/api`. Raises InvalidInput where those cannot be read."""
    own = settings or ApiSettings.from_environment()

    def answer(request: Request, asked: Annotated[FeedAsked, Query()]) -> Response:
        return _answer(store_provider, own, request, asked)

    router = APIRouter()
    router.add_api_route("/feed.atom", answer, response_model=None)
    return served(router, own)


def _answer(
    store_provider: Callable[[], Store], settings: ApiSettings, request: Request, asked: FeedAsked
) -> Response:
    page, selection = Page(asked.since, asked.before), asked.selection()
    if asked.as_of is not None:
        raise refuse("as_of", "a feed tells what changes from now on", "Leave as_of out.")
    store = store_provider()
    log = public_log(store)
    snapshot = store.public() if log.withholds else store.current()
    base = address_of(request, settings.public_url)
    params = urlencode(selection_to_params(selection), doseq=True, safe=",:;")
    if log.withholds:
        # A tag of the log's number would tell when something was recorded that is held back.
        body = feed(store, snapshot, selection, base, params, page, log)
        return conditional(
            request,
            lambda: body,
            etag=hashlib.sha256(body).hexdigest()[:16],
            media_type=MEDIA_TYPE,
            cache_control=ASK_AGAIN,
        )
    parts = (__version__, str(snapshot.seq), str(snapshot.path), base, params, repr(page))
    return conditional(
        request,
        lambda: feed(store, snapshot, selection, base, params, page),
        etag=hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16],
        media_type=MEDIA_TYPE,
        cache_control=ASK_AGAIN,
    )


def feed(
    store: Store, snapshot: Snapshot, selection: Selection, base: str, params: str,
    page: Page = Page(), gated: PublicLog | None = None,
) -> bytes:  # fmt: skip
    """The feed's bytes; `base` is the address of the page, `params` the selection's query.

    `gated` is given where something is held back: then `snapshot` is the public one.
    """
    log = store.log.changes()
    origin = log[0].at.isoformat() if log else "empty"
    said = sentence(selection, Dashboard(snapshot).labels())

    def address(before: int | None) -> str:
        query = "&".join(part for part in (params, page.params(before)) if part)
        return f"{base}/feed.atom{f'?{query}' if query else ''}"

    root = ET.Element("feed", xmlns=ATOM)
    _text(root, "id", _urn(origin, "feed", params))
    _text(root, "title", f"{_TITLE}. {said}")
    entries, older = _entries(store, snapshot, selection, log, params, page, gated)
    # The log's last change may be of what is held back.
    last = log[-1:] if gated is None else entries[:1] or log[:1]
    _text(root, "updated", _rfc3339(last[0].at if last else datetime(1970, 1, 1, tzinfo=UTC)))
    author = ET.SubElement(root, "author")
    _text(author, "name", "The curators of this map")
    _text(root, "generator", "mapapp")
    _link(root, "self", address(page.before), MEDIA_TYPE)
    if older is not None:
        _link(root, "next", address(older), MEDIA_TYPE)
    _link(root, "alternate", f"{base}/?{params}&tab=changes".replace("?&", "?"), "text/html")
    _text(root, "rights", "Facts with their sources; cite the source beside each figure.")
    for entry in entries:
        own = ET.SubElement(root, "entry")
        _text(own, "id", _urn(origin, entry.key))
        _text(own, "title", entry.title)
        _text(own, "updated", _rfc3339(entry.at))
        by = ET.SubElement(own, "author")
        _text(by, "name", entry.by)
        _link(own, "alternate", f"{base}/?{entry.query}", "text/html")
        _text(own, "content", entry.text).set("type", "text")
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _entries(
    store: Store,
    snapshot: Snapshot,
    selection: Selection,
    log: tuple[Change, ...],
    params: str,
    page: Page,
    gated: PublicLog | None,
) -> tuple[list[Entry], int | None]:
    """A document's entries, and the number before which the next one begins (None: it is all).

    Through the gate a change of which nothing is told does not count, and a change goes by its
    time: its number in the log, or a document cut short, would tell of what is held back.
    """
    done = [
        change
        for change in log
        if change.seq <= snapshot.seq
        and (page.before is None or _number(change, gated) < page.before)
        and (page.since is None or change.at >= page.since.start)
    ]
    found: list[Entry] = []
    last, told = None, 0
    for change in reversed(done):
        own = list(_of_change(store, snapshot, selection, change, params, gated))
        if gated is not None and not own:
            continue
        # A change is never cut in two, so that its number alone says where a document ends.
        if told == MAX_CHANGES or (found and len(found) + len(own) > MAX_ENTRIES):
            assert last is not None
            return found, _number(last, gated)
        found += own
        last, told = change, told + 1
    return found, None


def _number(change: Change, gated: PublicLog | None) -> int:
    if gated is None:
        return change.seq
    return int((change.at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def _of_change(
    store: Store,
    snapshot: Snapshot,
    selection: Selection,
    change: Change,
    params: str,
    gated: PublicLog | None,
) -> Iterator[Entry]:
    key = (store.data_dir, snapshot.seq, snapshot.path, change.seq, selection)
    found = _DONE.get(key, partial(_of_one, store, snapshot, selection, change, gated))
    name = str(change.seq if gated is None else _number(change, gated))
    if found.total > MAX_OF_ONE or (found.more and found.total):
        yield _summed_up(found, change, params, name, gated)
        return
    yield from (_incident("Withdrawn", item, name) for item in found.withdrawn)
    yield from (_incident("Revised", item, name) for item in found.revised)
    yield from (_incident("Added", item, name) for item in found.added)
    yield from (_judgement(item, name) for item in found.judgements)


def _of_one(
    store: Store,
    snapshot: Snapshot,
    selection: Selection,
    change: Change,
    gated: PublicLog | None,
) -> Changes:
    log = gated or ChangeLog(store.log, store.data_dir)
    return replace(log.changes(snapshot, selection, change.seq - 1, change.seq), sources=())


def _incident(what: str, item: Changed, name: str) -> Entry:
    lines = [*map(str, item.revisions), *([f"Reason: {item.reason}"] if item.reason else [])]
    # Through the gate no number is told, and the name of a change is its time.
    number = f", change {item.seq}" if name == str(item.seq) else ""
    lines += [f"Record {item.id}{number}"]
    return Entry(
        f"{name} {what} {item.id}",
        f"{what}: {item.title}",
        item.at,
        public_name(item.by),
        "\n".join(lines),
        urlencode({"incident": item.id}),
    )


def _judgement(item: MovedJudgement, name: str) -> Entry:
    words = [
        "not judged" if own is None else f"{str(own.relation).replace('_', ' ')} ({own.reason})"
        for own in (item.old, item.new)
    ]
    text = f"{words[0]} → {words[1]}" + (f"\nReason: {item.reason}" if item.reason else "")
    return Entry(
        f"{name} Judged {item.left_id} {item.right_id}",
        f"Judged: {item.left_id} and {item.right_id}",
        item.at,
        public_name(item.by),
        text,
        urlencode({"incident": item.left_id}),
    )


def _summed_up(
    found: Changes, change: Change, params: str, name: str, gated: PublicLog | None
) -> Entry:
    counts = (
        f"{len(found.added):,} added, {len(found.revised):,} revised, "
        f"{len(found.withdrawn):,} withdrawn, {len(found.judgements):,} judgements moved"
    )
    since = urlencode({"tab": "changes", "since": change.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")})
    reason = f" Reason: {change.reason}" if change.reason and gated is None else ""
    return Entry(
        f"{name} all",
        f"{'At least ' if found.more else ''}{found.total:,} changes at once: {counts}",
        change.at,
        public_name(change.by) if gated is None else EDITOR,
        f"{counts}.{reason}",
        f"{params}&{since}" if params else since,
    )


def public_name(by: str) -> str:
    """Who changed something; a mail address is nobody's business, and this goes to everybody."""
    return editor_name(by) or "unnamed"


def _urn(*parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\x1f".join(parts)).urn


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name)
    element.text = xml_text(text)
    return element


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, "link", rel=rel, href=NOT_XML.sub("", href), type=media_type)
