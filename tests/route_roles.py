"""What each route answers each role, written down: not read from the application's own rules."""

from __future__ import annotations

from typing import Final

from mapapp.domain.access import Mode, Role

#: Who asks, in the order of the answers.
WHO: Final = (
    (Mode.PUBLIC, Role.ANONYMOUS),
    (Mode.SIGNED_IN, Role.ANONYMOUS),
    (Mode.SIGNED_IN, Role.VIEWER),
    (Mode.SIGNED_IN, Role.EDITOR),
    (Mode.SIGNED_IN, Role.OWNER),
)


def example(path: str) -> str:
    """An address that a route's path stands for."""
    for part, value in (
        ("{id}", "afg-2022-09-28-kabul-kaj"), ("{z}/{x}/{y}", "0/0/0"), ("{session_id}", "s"),
        ("{file_id}", "f"), ("{file_id:path}", "f"), ("{path:path}", "x"), ("{rest:path}", "x"),
    ):  # fmt: skip
        path = path.replace(part, value)
    assert "{" not in path, f"give a value for the parameters of {path}"
    return path


#: Path of a route → status for: nobody signed in where the map is public; the same where it is for
#: who has signed in; a viewer; an editor; an owner. Examples stand for the parts in braces; what
#: is asked without its parameters is 400, an upload without its token 403 by Streamlit.
EXPECTED: Final[dict[str, tuple[int, int, int, int, int]]] = {
    "/api": (200, 401, 200, 200, 200),
    "/api/conformance": (200, 401, 200, 200, 200),
    "/api/openapi.json": (200, 401, 200, 200, 200),
    "/api/collections": (200, 401, 200, 200, 200),
    "/api/collections/incidents": (200, 401, 200, 200, 200),
    "/api/collections/incidents/items": (200, 401, 200, 200, 200),
    "/api/collections/incidents/items/{id}": (200, 401, 200, 200, 200),
    "/api/incidents/{id}": (200, 401, 200, 200, 200),
    "/api/places": (400, 401, 400, 400, 400),
    "/api/tiles.json": (200, 401, 200, 200, 200),
    "/api/tiles": (200, 401, 200, 200, 200),
    "/api/tiles/{z}/{x}/{y}.mvt": (200, 401, 200, 200, 200),
    "/api/{rest:path}": (404, 401, 404, 404, 404),
    "/feed.atom": (200, 401, 200, 200, 200),
    "/healthz": (200, 200, 200, 200, 200),
    "/readyz": (200, 200, 200, 200, 200),
    "/metrics": (404, 404, 404, 404, 404),
    "/data/view": (200, 401, 200, 200, 200),
    "/data/bins": (200, 401, 200, 200, 200),
    "/data/counts": (200, 401, 200, 200, 200),
    "/data/figures": (200, 401, 200, 200, 200),
    "/data/series": (200, 401, 200, 200, 200),
    "/data/facets": (400, 401, 400, 400, 400),
    "/data/table": (200, 401, 200, 200, 200),
    "/data/{rest:path}": (404, 401, 404, 404, 404),
    "/data": (404, 401, 404, 404, 404),
    "/assets/front-end.json": (200, 200, 200, 200, 200),
    "/assets/basemap.pmtiles": (404, 404, 404, 404, 404),
    "/assets/{path:path}": (404, 404, 404, 404, 404),
    "/assets": (404, 404, 404, 404, 404),
    "/": (200, 200, 200, 200, 200),
    "/preview.png": (200, 401, 200, 200, 200),
    "/_stcore/health": (200, 200, 200, 200, 200),
    "/_stcore/metrics": (401, 401, 403, 403, 200),
    "/_stcore/host-config": (200, 200, 200, 200, 200),
    "/media/{file_id:path}": (404, 401, 404, 404, 404),
    "/_stcore/upload_file/{session_id}/{file_id}": (401, 401, 403, 403, 403),
    "/component/{path:path}": (404, 404, 404, 404, 404),
    "/_stcore/bidi-components/{path:path}": (404, 404, 404, 404, 404),
    "/auth/login": (302, 302, 302, 302, 302),
    "/auth/logout": (302, 302, 302, 302, 302),
    "/oauth2callback": (302, 302, 302, 302, 302),
    "/_stcore/agent/interact": (401, 401, 403, 403, 405),
    "/_stcore/agent/openapi.json": (401, 401, 403, 403, 200),
    "/_stcore/agent/mcp": (401, 401, 403, 403, 405),
    "": (200, 200, 200, 200, 200),
}
