"""One dashboard over invented incidents for the query tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from mapapp.domain.incident import Incident, assemble
from mapapp.query import Dashboard
from mapapp.snapshot.snapshot import tables_of
from mapapp.store import Log
from tests.engine.backends import ENGINES
from tests.store.generate import batch


@pytest.fixture(scope="package")
def setting(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Dashboard, Sequence[Incident]]]:
    log = Log.open(":memory:")
    log.append(batch(220, seed=5), by="ana")
    held = log.read()
    engine = ENGINES["duckdb"](tmp_path_factory.mktemp("query"), tables_of(held))
    incidents = assemble(held.records, held.claims, held.judgements, held.sources)
    yield Dashboard(engine), incidents
    engine.close()
    log.close()


@pytest.fixture(scope="package")
def dashboard(setting: tuple[Dashboard, Sequence[Incident]]) -> Dashboard:
    return setting[0]


@pytest.fixture(scope="package")
def incidents(setting: tuple[Dashboard, Sequence[Incident]]) -> Sequence[Incident]:
    return setting[1]
