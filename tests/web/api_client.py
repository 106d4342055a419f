"""A client of `/api` alone, over stores that the tests fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.domain.access import AccessSettings, Role
from mapapp.domain.batch import Batch
from mapapp.store.store import Store
from mapapp.web.api.app import api_routes
from mapapp.web.api.settings import ApiSettings
from mapapp.web.server.access import Access

FREE = ApiSettings(per_minute=0)


def application(store: Callable[[], Store], settings: ApiSettings = FREE) -> Starlette:
    return Starlette(routes=api_routes(store, settings))


@contextmanager
def served(
    folder: Path, batch: Batch, settings: ApiSettings = FREE, role: Role = Role.ANONYMOUS
) -> Iterator[TestClient]:
    store = Store.open(folder)
    store.append(batch, by="test")
    store.publish()
    app = application(lambda: store, settings)
    with TestClient(Access(app, lambda headers, cookies: role, AccessSettings().may)) as client:
        yield client
    store.close()
