"""A client of the real routes over a store of the seeds, and one over many invented incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.store import Store
from mapapp.web import routes
from tests.store import generate


def client_of(store: Callable[[], Store]) -> TestClient:
    # Starlette's own debug page or re-raised exception would hide what a reader is answered.
    return TestClient(Starlette(routes=routes(store)), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def seeds_store(tmp_path_factory: pytest.TempPathFactory, seeds: Batch) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("seeds"))
    store.append(seeds, by="test")
    store.publish()
    yield store
    store.close()


@pytest.fixture(scope="session")
def invented_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(tmp_path_factory.mktemp("invented"))
    store.append(generate.batch(400), by="test")
    store.publish()
    yield store
    store.close()


@pytest.fixture
def client(seeds_store: Store) -> TestClient:
    return client_of(lambda: seeds_store)


@pytest.fixture
def invented(invented_store: Store) -> TestClient:
    return client_of(lambda: invented_store)


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path)
    store.publish()
    yield store
    store.close()
