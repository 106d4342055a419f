"""The composition root: `app` serves the page, its map's data and assets from one process.

`streamlit run mapapp/asgi.py`, any ASGI server (`mapapp.asgi:app`) and Starlette's TestClient all
serve it. The folder of the store is MAPAPP_DATA_DIR (`var` where it is not set).
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import streamlit as st
import streamlit.runtime
from starlette.middleware import Middleware

ROOT = Path(__file__).resolve().parent.parent
# `streamlit run` imports this file by its path and knows nothing of the package around it.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mapapp import settings  # noqa: E402
from mapapp.domain.problems import InvalidInput  # noqa: E402
from mapapp.ui import access, notices, services  # noqa: E402
from mapapp.web import routes  # noqa: E402
from mapapp.web.access import Access  # noqa: E402
from mapapp.web.api import api_routes  # noqa: E402

try:
    settings.start()
    access.settings()
except InvalidInput as error:
    # A server that runs with half of what its owner wrote is worse than none.
    raise SystemExit(f"error: {error}") from error


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Register the map's frame before the first page asks for it, and open the store."""
    # Imported outside a script run, streamlit_folium declares its component to nobody, and its
    # frame answers 404 to the reader who comes first.
    import streamlit_folium

    registry = streamlit.runtime.get_instance().component_registry
    registry.register_component(streamlit_folium._component_func)
    services.begin()
    async with anyio.create_task_group() as tasks:
        # The first reader need not wait for what is compiled once a process.
        tasks.start_soon(anyio.to_thread.run_sync, services.warm)
        yield {}


app = st.App(
    ROOT / "mapapp" / "ui" / "app.py",
    # The interfaces first: the routes end in a 404 for all that is left below /api.
    routes=[*api_routes(services.store), *routes(services.store)],
    middleware=[Middleware(Access, who=access.role_of, may=access.allows)],
    lifespan=lifespan,
    on_script_error=notices.show_failure,
)
