"""The composition root: `app` serves the page, its map's data and assets from one process.

`streamlit run mapapp/asgi.py`, any ASGI server (`mapapp.asgi:app`) and Starlette's TestClient all
serve it. The folder of the store is MAPAPP_DATA_DIR (`var` where it is not set).
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request

ROOT = Path(__file__).resolve().parent.parent
# `streamlit run` imports this file by its path and knows nothing of the package around it.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mapapp import __version__, settings, streamlit_internals  # noqa: E402
from mapapp.domain import basemaps  # noqa: E402
from mapapp.domain.access import Permission  # noqa: E402
from mapapp.domain.problems import InvalidInput  # noqa: E402
from mapapp.map import bundle  # noqa: E402
from mapapp.ui import notices, services  # noqa: E402
from mapapp.ui.reader import access  # noqa: E402
from mapapp.web import routes  # noqa: E402
from mapapp.web.api.app import api_routes  # noqa: E402
from mapapp.web.feed import feed_routes  # noqa: E402
from mapapp.web.front_end import FrontEnd  # noqa: E402
from mapapp.web.icons import Icons, SmallIcons  # noqa: E402
from mapapp.web.preview import preview_routes  # noqa: E402
from mapapp.web.server import logs, metrics  # noqa: E402
from mapapp.web.server.access import Access, role_of  # noqa: E402
from mapapp.web.server.base import Base, below  # noqa: E402
from mapapp.web.server.compressed import KeptCompressed  # noqa: E402
from mapapp.web.server.framing import DeafFrames  # noqa: E402
from mapapp.web.server.security import Security  # noqa: E402
from mapapp.web.server.sign_in import SignIn  # noqa: E402

_LOG = logging.getLogger("mapapp.server")

try:
    if settings.start().basemap_file:
        bundle.bundle("vector_tiles.js")
    access.settings()
    services.rules()
except (InvalidInput, bundle.AssetMissing) as error:
    # A server that runs with half of what its owner wrote is worse than none.
    raise SystemExit(f"error: {error}") from error


def _warm() -> None:
    """Ask what a first view asks, and take what is loaded by then out of later collections."""
    services.warm()
    _ICONS.cut()
    gc.collect()
    # Some 200,000 objects of modules and compiled questions that live as long as the process.
    gc.freeze()


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Register the map's frame before the first page asks for it, and open the store."""
    streamlit_internals.register_map_frame()
    # A server listens once we have begun.
    streamlit_internals.send_whole(asyncio.get_running_loop())
    _keep_one_log()
    streamlit_internals.sign_in_relative()
    services.begin()
    follower = services.follower()
    if follower is not None:
        follower.start()
    _LOG.info("version %s serves", __version__)
    async with anyio.create_task_group() as tasks:
        # The first reader need not wait for what is compiled once a process.
        tasks.start_soon(anyio.to_thread.run_sync, _warm)
        yield {}
    if follower is not None:
        await anyio.to_thread.run_sync(follower.stop)
    gc.unfreeze()  # who goes on without the server collects as before
    _LOG.info("stopped: sessions are closed, requests answered")


def _keep_one_log() -> None:
    """Let the server's own loggers, present and to come, write through ours."""
    own = settings.read()
    kept = (own.secret(secret) for secret in (own.metrics_token, own.log_url, own.files_url))
    secret = [text for text in kept if text]
    streamlit_internals.pass_logs_on()
    logs.configure(own.log_format, own.log_level, secret)


#: The path that Streamlit is told to serve everything below: `--server.baseUrlPath`.
_BASE: str = st.get_option("server.baseUrlPath") or ""

_FRONT_END = FrontEnd(
    streamlit_internals.index_html(),
    streamlit_internals.front_end_folder() / "js",
    [bundle.url("map.js"), bundle.url("map.css"), *streamlit_internals.map_frame_scripts()],
    [bundle.url("page.js")],
)
_INDEX = _FRONT_END.index
_ICONS = Icons(streamlit_internals.front_end_folder(), ROOT / "mapapp", Path(st.__file__).parent)


def _may_read(request: Request) -> bool:
    return access.allows(role_of(request), Permission.READ)


def _page_broke(error: Exception) -> bool:
    metrics.FAULTS.inc()
    return notices.show_failure(error)


app = st.App(
    ROOT / "mapapp" / "ui" / "app.py",
    # The interfaces first: the routes end in a 404 for all that is left below /api.
    routes=below(
        _BASE,
        [
            _FRONT_END.route(),
            *api_routes(services.store),
            *feed_routes(services.store),
            *routes(services.store),
            *preview_routes(services.store, _INDEX, _may_read),
        ],
    ),
    middleware=[
        Middleware(Base, path=_BASE),
        Middleware(metrics.Observe),
        Middleware(
            Security,
            index=_INDEX,
            public_url=settings.read().public_url,
            per_minute=settings.read().data_per_minute,
            ancestors=settings.read().frame_ancestors,
            tile_origins=basemaps.origins(settings.read().basemaps),
        ),
        Middleware(SmallIcons, icons=_ICONS),
        Middleware(KeptCompressed),
        Middleware(DeafFrames),
        Middleware(Access, who=access.role_of, may=access.allows),
        Middleware(SignIn, sign_out=access.sign_out, callback=access.callback_path),
    ],
    lifespan=lifespan,
    on_script_error=_page_broke,
)
