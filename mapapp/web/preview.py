"""What a shared link shows where it is pasted: title, figures and picture of its view (query →
route).

The page itself is one static file for all links; here its head is completed for each link, before
any script runs. Everything goes through the gate, and what cannot be told exactly is left out:
then the link shows the page's own title.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from mapapp import __version__, settings
from mapapp.domain.problems import InvalidInput, MapAppError, NotFound, StoreUnavailable
from mapapp.domain.vocab import Property
from mapapp.exporters.extract import Extract, extract
from mapapp.exporters.pictures import png
from mapapp.exporters.pictures import preview as svg_preview
from mapapp.exporters.reading import read_extract
from mapapp.exporters.totals import total_line
from mapapp.query import Dashboard, params_to_selection, selection_to_params
from mapapp.query.filters.sentence import sentence
from mapapp.query.questions.figures import total_of
from mapapp.store import Snapshot, Store
from mapapp.web import errors, front_end
from mapapp.web.caching import SafetyHeaders, conditional
from mapapp.web.server.access import mark_of
from mapapp.web.server.base import address_of
from mapapp.web.server.limit import RateLimit
from mapapp.web.server.security import NONCE

_LOG = logging.getLogger(__name__)

StoreProvider = Callable[[], Store]
Params = Mapping[str, Sequence[str]]

TITLE: Final = "Afghanistan incidents, and who says so"
ABOUT: Final = (
    "Attacks in Afghanistan: every figure with its speaker and source, ranges where sources differ."
)

#: Up to so many incidents are read whole, drawn one by one and summed claim by claim.
MAX_READ: Final = 1000

#: Pictures kept: a link that is pasted is asked for by every reader's network at once.
_KEPT: Final = 64
PER_MINUTE: Final = 30
_ZOOM: Final = 6
#: A description longer than this is cut by those who show it, in the middle of a figure.
_WORDS: Final = 300
_HOUR: Final = "public, max-age=3600"

#: State of another time, or a comparison: its figures are not those of now.
_OTHER_TIMES: Final = ("as_of", "since", "cited")


@dataclass(frozen=True, slots=True)
class Shared:
    """What a link says: `title`, `lines` of figures, and `query`, the link's canonical form.

    `extract` holds the incidents where they are few enough; `spots` (lat, lng, count) where not.
    """

    title: str
    lines: tuple[str, ...]
    query: str
    seq: int
    extract: Extract | None = None
    spots: tuple[tuple[float, float, int], ...] = ()


def read(snapshot: Snapshot, params: Params, *, drawn: bool = False) -> Shared | None:
    """What a link with these parameters says now; None where it has no view of its own to tell.

    With `drawn` it holds what the picture needs, too. Raises StoreUnavailable.
    """
    if any(name in params for name in _OTHER_TIMES):
        return None
    own = params.get("incident", ())
    if own:
        return _of_incident(snapshot, own[-1], params)
    selection, _ = params_to_selection(params)
    dash = Dashboard(snapshot)
    query = urlencode(selection_to_params(selection), doseq=True, safe=",:;")
    shared = Shared(sentence(selection, dash.labels()), (), query, snapshot.seq)
    number = dash.count(selection)
    if number == 0:
        return replace(shared, lines=("no incident matches",))
    whole = read_extract(snapshot, selection) if drawn and number <= MAX_READ else None
    figures = dash.figures(selection)  # the page asks for the same
    lines = total_line(figures.incidents, figures.killed, figures.wounded)
    shared = replace(shared, lines=tuple(lines), extract=whole)
    if drawn and whole is None:
        cells = dash.picture(selection, None, _ZOOM).cells
        columns = (cells[name].to_pylist() for name in ("lat", "lng", "count"))
        shared = replace(shared, spots=tuple(zip(*columns, strict=True)))
    return shared


def _of_incident(snapshot: Snapshot, incident_id: str, params: Params) -> Shared | None:
    selection, _ = params_to_selection(params)
    try:
        detail = Dashboard(snapshot).incident(incident_id)
    except (NotFound, InvalidInput):
        return None
    incident = detail.incident
    lines = []
    for measure in (Property.KILLED, Property.WOUNDED):
        lines.append(f"reported {measure} {total_of([incident], measure, selection.rule)}")
    lines.append("according to " + ", ".join(dict.fromkeys(
        source.publisher for source in detail.sources.values()))[:120])  # fmt: skip
    return Shared(
        incident.record.title or incident.id, tuple(lines),
        urlencode({"incident": incident.id}), snapshot.seq,
        extract((incident,), detail.sources),
    )  # fmt: skip


def head(shared: Shared | None, base: str) -> str:
    """The lines of an HTML head; every text is escaped. `base` is the address of the page."""
    title = TITLE if shared is None else f"{shared.title} · {TITLE}"
    words = ABOUT if shared is None else f"{' · '.join(shared.lines) or ABOUT}"
    if len(words) > _WORDS:
        words = words[: _WORDS - 1] + "…"
    query = shared.query if shared else ""
    tags = [
        ("name", "description", words),
        ("property", "og:type", "website"),
        ("property", "og:site_name", TITLE),
        ("property", "og:title", TITLE if shared is None else shared.title),
        ("property", "og:description", words),
        ("property", "og:url", f"{base}/?{query}" if query else f"{base}/"),
    ]
    if shared is not None:
        tags += [
            ("property", "og:image", f"{base}/preview.png?{query}" if query else
             f"{base}/preview.png"),
            ("property", "og:image:width", str(svg_preview.WIDTH)),
            ("property", "og:image:height", str(svg_preview.HEIGHT)),
            ("property", "og:image:alt", f"Map and figures: {shared.title}"),
            ("name", "twitter:card", "summary_large_image"),
        ]  # fmt: skip
    lines = [f'<meta {kind}="{name}" content="{escape(text)}" />' for kind, name, text in tags]
    return "\n    ".join([f"<title>{escape(title)}</title>", *lines])


def picture(shared: Shared) -> bytes:
    """The PNG of a link. Raises StoreUnavailable where no font is installed."""
    if not png.has_font():
        raise StoreUnavailable("no font is installed here; a picture would be without words")
    figures = list(shared.lines[:4])
    drawn = svg_preview.draw(TITLE, shared.title, figures, shared.extract, shared.spots)
    return png.render(drawn.bytes().decode(), 1)


def preview_routes(
    store_provider: StoreProvider, index: str, may_read: Callable[[Request], bool]
) -> list[Route]:
    """The page `/` with its head completed, and `/preview.png`.

    `index` is the page's HTML; `may_read` says whether who sends a request may read the data.
    """
    previews = Previews(store_provider, index, may_read)
    return [
        Route("/", previews.page, methods=["GET"]),
        Route(
            "/preview.png", previews.image, methods=["GET"], middleware=[Middleware(SafetyHeaders)]
        ),
    ]


class Previews:
    """The two handlers; both run in threads."""

    def __init__(
        self, store_provider: StoreProvider, index: str, may_read: Callable[[Request], bool]
    ) -> None:
        self._store, self._index, self._may_read = store_provider, index, may_read
        self._limit = RateLimit(PER_MINUTE)
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._drawing = threading.Lock()  # one at a time: a flood must not take the machine

    def page(self, request: Request) -> Response:
        """The page's HTML; whatever fails here, the page comes."""
        shared = None
        if settings.read().previews and self._may_read(request):
            try:
                shared = read(self._store().public(), _params(request))
            except MapAppError as error:
                _LOG.warning("a link is shown without its view: %s", error)
            except Exception:  # a fault of ours costs the link its words, not its reader the page
                _LOG.exception("a link is shown without its view")
        # The function keeps backslashes of a title from being read as groups.
        content, found = re.subn(
            r"<title>.*?</title>", lambda _: head(shared, _base(request)), self._index, count=1
        )
        assert found, "the page's HTML has no title"
        content = content.replace(front_end.NONCE, request.scope.get(NONCE, ""))
        return HTMLResponse(content, headers={"Cache-Control": "no-cache"})

    def image(self, request: Request) -> Response:
        """The picture of the view that the parameters name."""
        try:
            if not settings.read().previews:
                raise NotFound("there are no previews here")
            # Whoever made the link, those it is shown to are the public.
            snapshot = self._store().public()
            shared = read(snapshot, _params(request), drawn=True)
            if shared is None:
                raise NotFound("there is no picture of this link")
            key = hashlib.sha256(f"{__version__} {mark_of(snapshot)} {shared.query}".encode())
            tag = key.hexdigest()[:16]
            if tag not in self._pictures:
                wait_s = self._limit.wait_s(request.client.host if request.client else "")
                if wait_s:
                    return JSONResponse(
                        {"error": "too many pictures", "field": None, "remedy": "Come back later."},
                        429, headers={"Retry-After": str(int(wait_s) + 1)},
                    )  # fmt: skip
            return conditional(
                request, lambda: self._drawn(tag, shared), etag=tag, media_type="image/png",
                cache_control=_HOUR,
            )  # fmt: skip
        except Exception as error:
            return errors.answer(request, error)

    def _drawn(self, tag: str, shared: Shared) -> bytes:
        with self._drawing:
            if tag not in self._pictures:
                self._pictures[tag] = picture(shared)
            self._pictures.move_to_end(tag)
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
            return self._pictures[tag]


def _params(request: Request) -> dict[str, list[str]]:
    query = request.query_params
    return {name: query.getlist(name) for name in query}


def _base(request: Request) -> str:
    return address_of(request, settings.read().public_url)
