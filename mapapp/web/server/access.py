"""Who may ask for which address: one table for pages' and our own routes, and the middleware that
holds to it (serves route).

The role of a request is put into its scope; an endpoint reads it with `role_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mapapp.domain.access import GRANTS, Permission, Role
from mapapp.reading.pages.page import LARGEST_BYTES
from mapapp.store import Snapshot, Store
from mapapp.web.server.base import path_of

#: Who sends a request, by its headers and cookies.
WhoAsks = Callable[[Mapping[str, str], dict[str, str]], Role]
May = Callable[[Role, Permission], bool]

_SCOPE_KEY: Final = "mapapp.role"

#: What an editor may hand in: the file of a page, as large as one is read. Data sets are larger.
SMALL_BYTES: Final = LARGEST_BYTES + 2**16  # and the form around it


@dataclass(frozen=True, slots=True)
class Rule:
    """What one needs for a path and all below it; None: nothing, not even to be let in.

    `small` is enough for a body of no more than `SMALL_BYTES`.
    """

    path: str
    needs: Permission | None
    small: Permission | None = None

    def fits(self, path: str) -> bool:
        """Whether the rule is about this path."""
        return path == self.path or path.startswith(self.path.rstrip("/") + "/")


#: The first that fits counts. tests/test_asgi.py asks every route of the application for its
#: rule here: a new one needs a line, or it fails.
RULES: Final = (
    Rule("/data", Permission.READ),
    Rule("/api", Permission.READ),
    Rule("/feed.atom", Permission.READ),
    Rule("/media", Permission.READ),
    Rule("/assets", None),  # scripts and outlines of the map: in the repository for all to see
    Rule("/healthz", None),
    Rule("/readyz", None),
    Rule("/metrics", None),  # it asks for its token, or to come from this machine
    Rule("/preview.png", Permission.READ),
    # Streamlit's own. The page asks for its reader's role itself, at each run.
    Rule("/_stcore/upload_file", Permission.IMPORT, small=Permission.EDIT),
    Rule("/_stcore/metrics", Permission.OPERATE),
    Rule("/_stcore/agent", Permission.OPERATE),
    Rule("/_stcore", None),
    Rule("/component", None),
    Rule("/static", None),
    Rule("/auth", None),
    Rule("/oauth2callback", None),
)

#: What was made for one reader and must not be kept for the next; assets are the same for all.
_SAME_FOR_ALL: Final = ("/assets", "/static", "/component", "/_stcore")


def rule_of(path: str) -> Rule | None:
    """The rule for a path; None where there is none: Streamlit answers it with its empty page."""
    return next((rule for rule in RULES if rule.fits(path)), None)


def role_of(request: HTTPConnection) -> Role:
    """The role of whoever sent a request; nobody in particular where no one looked."""
    role: Role = request.scope.get(_SCOPE_KEY, Role.ANONYMOUS)
    return role


def readable(request: HTTPConnection, store: Store, whole: Snapshot) -> Snapshot:
    """What of a snapshot whoever sent a request may read."""
    return whole if Permission.READ_ALL in GRANTS[role_of(request)] else store.gate.of(whole)


def mark_of(snapshot: Snapshot) -> tuple[int, str]:
    """What tells a snapshot from every other, the public one from the whole: for an ETag.

    That of a public one follows from what is in it: a change of what is held back is none.
    """
    if snapshot.number != snapshot.seq:
        return snapshot.number, ""
    return snapshot.seq, snapshot.path.name if snapshot.path else ""


class Access:
    """Middleware: finds out who asks, and answers 401 or 403 where they may not."""

    def __init__(self, app: ASGIApp, who: WhoAsks, may: May) -> None:
        self.app, self._who, self._may = app, who, may

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be asked for."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        path = path_of(scope)
        role = self._who(connection.headers, connection.cookies)
        scope[_SCOPE_KEY] = role
        rule = rule_of(path)
        needs = rule.needs if rule is not None and scope["type"] == "http" else None
        if rule is not None and rule.small is not None and _is_small(connection):
            needs = rule.small
        if needs is not None and not self._may(role, needs):
            await _refusal(role)(scope, receive, send)
            return
        same = any(path.startswith(start) for start in _SAME_FOR_ALL)

        async def with_caching(message: Message) -> None:
            if message["type"] == "http.response.start" and not same:
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Cookie")
                if role is not Role.ANONYMOUS:
                    # Neither a shared cache nor a shared browser keeps what only some may see.
                    headers["Cache-Control"] = "private, no-store"
            await send(message)

        await self.app(scope, receive, with_caching if scope["type"] == "http" else send)


def _is_small(connection: HTTPConnection) -> bool:
    """Whether a body says that it is small; the server reads no more of it than it says."""
    said = connection.headers.get("content-length", "")
    return said.isdigit() and int(said) <= SMALL_BYTES


def _refusal(role: Role) -> JSONResponse:
    known = role is not Role.ANONYMOUS
    body = {
        "error": "your role here may not do that" if known else "sign in to do that",
        "field": None,
        "remedy": "Ask the owner of this map." if known else "Open the map and sign in there.",
    }
    return JSONResponse(body, 403 if known else 401, headers={"Cache-Control": "no-store"})
