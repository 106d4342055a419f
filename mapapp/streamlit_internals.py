"""All that we take from the inside of Streamlit, for want of a public way (serves page, route).

Nothing here is promised to stay: `tests/test_streamlit_internals.py` has a test for each piece, and
for the names of its elements in our style sheets and scripts.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

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


def front_end_folder() -> Path:
    """Where the modules (`js`) and fonts (`media`) of its front end are."""
    return Path(get_static_dir(), "static")


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


def map_frame_scripts() -> list[str]:
    """The addresses of the scripts of the map's frame, relative to the page."""
    spec = find_spec("streamlit_folium")  # imported it would declare its component
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "frontend" / "build"
    base = "component/streamlit_folium.st_folium"
    return [f"{base}/{path.relative_to(folder)}" for path in folder.glob("static/js/main.*.js")]


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


#: Seconds that a connection is kept which nothing is asked by: longer than by proxies.
_KEPT_S: Final = 75


def send_whole(loop: asyncio.AbstractEventLoop) -> None:
    """Let servers that this loop makes from now on send a small answer whole, and without waiting.

    uvicorn writes an answer in two pieces, head and body. A process that is killed between the two
    has answered half: a proxy has passed the head on, and can no longer ask another replica. So
    what is written within one turn of the loop goes out in one piece: all of it or nothing.

    Of larger answers a piece would wait until the one before is acknowledged (Nagle's algorithm),
    which the other side puts off: 40 ms each on a connection that is kept. asyncio turns that off,
    but only for sockets made with their protocol's number, and those that Streamlit and uvicorn
    bind are not.

    uvicorn closes a connection that nothing was asked by for 5 s, while proxies keep theirs for a
    minute (nginx's `keepalive_timeout`, an AWS load balancer's idle timeout). A question that meets
    the closing fails, and the proxy takes the server for dead.
    """
    create = loop.create_server

    async def created(factory: Any, *arguments: Any, **options: Any) -> asyncio.AbstractServer:
        bound = options.get("sock")
        if bound is not None and bound.family in (socket.AF_INET, socket.AF_INET6):
            # Connections have the options of the socket that they come in by.
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def made() -> Any:
            protocol = factory()
            protocol.timeout_keep_alive = _KEPT_S
            connected = protocol.connection_made
            protocol.connection_made = lambda transport: connected(_Whole(loop, transport))
            return protocol

        server: asyncio.AbstractServer = await create(made, *arguments, **options)
        return server

    loop.create_server = created  # type: ignore[assignment, method-assign]


class _Whole:
    """A connection's transport that sends once a turn of the loop, or when it holds `_MOST`."""

    _MOST = 1 << 16

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: Any) -> None:
        self._loop, self._transport = loop, transport
        self._held = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Hold some bytes to the end of this turn."""
        if data and not self._held:
            self._loop.call_soon(self._send)
        self._held += data
        if len(self._held) >= self._MOST:
            self._send()

    def writelines(self, lines: Iterable[bytes]) -> None:
        """Hold several pieces."""
        self.write(b"".join(lines))

    def write_eof(self) -> None:
        """Send what is held, and no more after it."""
        self._send()
        self._transport.write_eof()

    def close(self) -> None:
        """Send what is held and close."""
        self._send()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        """How many bytes are not sent yet."""
        return len(self._held) + int(self._transport.get_write_buffer_size())

    def _send(self) -> None:
        if self._held:
            data, self._held = bytes(self._held), bytearray()
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


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
