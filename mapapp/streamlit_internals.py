"""All that we take from the inside of Streamlit, for want of a public way (serves page, route).

Nothing here is promised to stay: `tests/test_streamlit_internals.py` has a test for each piece, and
for the names of its elements in our style sheets and scripts.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit.logger
import streamlit.runtime
import streamlit.user_info
from streamlit.auth_util import get_origin_from_redirect_uri, get_secrets_auth_section
from streamlit.file_util import get_static_dir
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME


def index_html() -> str:
    """The page that Streamlit serves for every link."""
    return Path(get_static_dir(), "index.html").read_text("utf-8")


def register_map_frame() -> None:
    """Give the map's frame an address before the first page asks for it.

    Imported outside a script run, streamlit_folium declares its component to nobody, and its frame
    answers 404 to the reader who comes first.
    """
    unheard = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    unheard.disabled = True  # it warns that a component is declared outside a script run
    import streamlit_folium

    unheard.disabled = False
    registry = streamlit.runtime.get_instance().component_registry
    registry.register_component(streamlit_folium._component_func)


def sign_in_relative() -> None:
    """Let the addresses of signing in and out be relative to the page.

    The browser resolves them where the page is, whatever prefix a proxy takes away.
    """
    vars(streamlit.user_info)["make_url_path"] = lambda _base, path: path.lstrip("/")


def pass_logs_on() -> None:
    """Let loggers that Streamlit makes from now on pass their lines to the root logger's handler.

    It gives each of its loggers a handler of its own when that is first asked for.
    """
    streamlit.logger.setup_formatter = lambda logger: setattr(logger, "propagate", True)


def send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Let servers that this loop makes from now on send what they have without waiting.

    An answer goes out in two pieces, head and body. By Nagle's algorithm the second waits until the
    first is acknowledged, which the other side puts off: 40 ms for each answer on a connection that
    is kept. asyncio turns that off, but only for sockets made with their protocol's number, and
    those that Streamlit and uvicorn bind are not.
    """
    create = loop.create_server

    async def created(*arguments: Any, **options: Any) -> asyncio.AbstractServer:
        bound = options.get("sock")
        if bound is not None and bound.family in (socket.AF_INET, socket.AF_INET6):
            # Connections have the options of the socket that they come in by.
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server: asyncio.AbstractServer = await create(*arguments, **options)
        return server

    loop.create_server = created  # type: ignore[assignment, method-assign]


def in_script_run() -> bool:
    """Whether a reader's page is being drawn in this thread."""
    return get_script_run_ctx(suppress_warning=True) is not None


def sign_in_section() -> Mapping[str, Any]:
    """The identity provider's part of `.streamlit/secrets.toml`; empty where none is set up."""
    section: Mapping[str, Any] = get_secrets_auth_section()
    return section


def signed_in_as(cookies: dict[str, str]) -> dict[str, Any] | None:
    """What the identity provider said of whoever sends these cookies, as `st.user` has it.

    None where nobody is signed in, or the cookie was not signed by this server.
    """
    if USER_COOKIE_NAME not in cookies or not sign_in_section():
        return None
    signed = starlette_websocket._get_signed_cookie_with_chunks(cookies, USER_COOKIE_NAME)
    origin = get_origin_from_redirect_uri()
    if signed is None or origin is None:
        return None
    claims = starlette_websocket._parse_decoded_user_cookie(signed, origin)
    return claims if claims.pop("is_logged_in", False) else None
