"""What we take from the inside of Streamlit is there, and does what we take it for.

A test here that fails after an upgrade says which piece of `mapapp/streamlit_internals.py` is to be
looked at. `tests/test_asgi.py` has the cookie of a signed-in reader and the map's frame as served.
"""

from __future__ import annotations

import asyncio
import inspect
import re
import socket
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit.logger
import streamlit.runtime
import streamlit.user_info
import uvicorn
from streamlit.components.lib.local_component_registry import LocalComponentRegistry
from streamlit.file_util import get_static_dir
from streamlit.url_util import make_url_path
from uvicorn.server import ServerState

from mapapp import streamlit_internals
from mapapp.streamlit_internals import send_whole
from tests.apart import apart


async def _nodelay(prepared: bool) -> bool:
    """Whether the connections of a server on a socket bound as uvicorn binds it send at once."""
    loop = asyncio.get_running_loop()
    if prepared:
        send_whole(loop)
    seen = loop.create_future()

    def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own = writer.get_extra_info("socket")
        seen.set_result(bool(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    bound = socket.socket(family=socket.AF_INET)
    bound.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(connected, sock=bound)
    async with server:
        _, writer = await asyncio.open_connection(*bound.getsockname())
        found = await seen
        writer.close()
    return bool(found)


def test_an_answer_is_not_held_until_the_other_side_acknowledges() -> None:
    assert apart(lambda: asyncio.run(_nodelay(prepared=True)))


async def _kept_for() -> tuple[float, float]:
    """How long uvicorn keeps a connection that nothing is asked by: by itself, and prepared."""
    loop = asyncio.get_running_loop()
    send_whole(loop)
    chosen = uvicorn.Config(lambda: None, lifespan="off")
    chosen.load()
    protocol: Any = chosen.http_protocol_class
    made: list[Any] = []
    by_itself: list[float] = []

    def factory() -> Any:
        made.append(protocol(config=chosen, server_state=ServerState(), app_state={}))
        by_itself.append(made[-1].timeout_keep_alive)
        return made[-1]

    server = await loop.create_server(factory, "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        while not made:
            await asyncio.sleep(0)
        writer.close()
    return by_itself[0], made[0].timeout_keep_alive


def test_a_connection_is_kept_longer_than_proxies_keep_theirs() -> None:
    by_itself, prepared = apart(lambda: asyncio.run(_kept_for()))
    assert by_itself < 60 < prepared


def test_the_page_has_one_title_and_its_scripts() -> None:
    index = streamlit_internals.index_html()
    assert index.count("<title>") == 1
    assert "<script" in index


def test_the_maps_frame_is_known_before_a_page_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = LocalComponentRegistry()
    running = SimpleNamespace(component_registry=registry)
    monkeypatch.setattr(streamlit.runtime, "get_instance", lambda: running)
    streamlit_internals.register_map_frame()
    folder = registry.get_component_path("streamlit_folium.st_folium")
    assert folder is not None
    assert Path(folder, "index.html").is_file()


def test_loggers_made_later_pass_their_lines_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit.logger, "setup_formatter", streamlit.logger.setup_formatter)
    streamlit_internals.pass_logs_on()
    made = streamlit.logger.get_logger("tests.streamlit_internals")
    assert made.handlers == []
    assert made.propagate


def test_no_page_is_drawn_here_and_nobody_is_signed_in() -> None:
    assert not streamlit_internals.in_script_run()
    assert not streamlit_internals.sign_in_section()
    assert streamlit_internals.signed_in_as({"_streamlit_user": "x.y.z"}) is None


@cache
def _frontend() -> str:
    """Streamlit's scripts, which hold the names of its elements."""
    return "".join(
        path.read_text("utf-8", "replace") for path in Path(get_static_dir()).rglob("*.js")
    )


ROOT = Path(__file__).parents[1] / "mapapp"
LOOKS = sorted([*(ROOT / "ui/static").iterdir(), *(ROOT / "map/assets").rglob("*.*")])


def _names(text: str) -> set[str]:
    """Names of Streamlit's elements: test ids, classes that begin with st and a capital."""
    return {*re.findall(r'data-testid="(\w+)"', text), *re.findall(r"\.(st[A-Z]\w+)", text)}


def test_streamlits_elements_have_the_names_that_we_know_them_by() -> None:
    named = {name for path in LOOKS for name in _names(path.read_text("utf-8"))}
    assert len(named) > 20
    assert {name for name in named if name not in _frontend()} == set()
    assert "st-key-" in _frontend()


def test_one_style_sheet_alone_names_its_parts() -> None:
    sheets = {path.name for path in LOOKS if path.suffix == ".css"}
    naming = {
        path.name
        for path in LOOKS
        if path.suffix == ".css" and "data-testid" in path.read_text("utf-8")
    }
    assert naming == {"page.css"} < sheets


def test_signing_in_is_asked_for_relative_to_the_page() -> None:
    # The name there may be ours by now, if this process has begun the application.
    assert "make_url_path" in vars(streamlit.user_info)
    assert inspect.signature(make_url_path).parameters.keys() == {"base_url", "path"}
    uses = inspect.getsource(streamlit.user_info).count("make_url_path(")
    assert uses >= 2, "login and logout ask for their addresses elsewhere now"
