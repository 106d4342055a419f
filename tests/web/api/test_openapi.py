"""The OpenAPI document: it names every address and filter, and schemathesis finds no fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.query.filters.link import PARAMS
from mapapp.store.store import Store
from mapapp.web.api.app import api_routes, document
from mapapp.web.api.params import FILTERS
from tests.web.api_client import FREE, application


@pytest.fixture(scope="module")
def app(seeds: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    store = Store.open(tmp_path_factory.mktemp("openapi"))
    store.append(seeds, by="test")
    store.publish()
    yield application(lambda: store)
    store.close()


@pytest.fixture(scope="module")
def api(app: Starlette) -> Any:
    return schemathesis.openapi.from_asgi("/api/openapi.json", app)


def test_every_filter_of_the_page_is_documented() -> None:
    assert list(FILTERS) == [param.name for param in PARAMS]


def test_every_address_is_documented() -> None:
    def store() -> Store:
        raise AssertionError("no address is asked")

    mounted = {route.path for route in api_routes(store, FREE)}
    documented = set(document()["paths"])
    # The same under another name, and what answers for all that is not there.
    assert mounted - documented == {"/api/tiles", "/api/{rest:path}"}
    assert documented <= mounted


def test_the_document_is_valid_openapi(app: Starlette) -> None:
    with TestClient(app) as client:
        answer = client.get("/api/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    names = [
        own["operationId"] for path in answer.json()["paths"].values() for own in path.values()
    ]
    assert len(names) == len(set(names))


#: Not asked: that every value beyond the schema be refused (a limit beyond the largest is no error
#: in OGC API – Features), nor that every value within it be taken (a range may run backwards).
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

PATHS = tuple(document()["paths"])
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("path", PATHS)
def test_no_question_brings_it_down(api: Any, path: str, mode: Any) -> None:
    _ask(api, path, mode, examples=12, derandomize=True)


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("path", PATHS)
def test_no_question_of_hundreds_brings_it_down(api: Any, path: str, mode: Any) -> None:
    _ask(api, path, mode, examples=300, derandomize=False)


def _ask(api: Any, path: str, mode: Any, *, examples: int, derandomize: bool) -> None:
    operation = api[path]["GET"]
    asked = 0

    # schemathesis' own pytest plugin does not know this version of pytest.
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        # An address without parameters has nothing that could be given wrongly.
        assert mode is schemathesis.GenerationMode.NEGATIVE
        assert not operation.definition.raw["parameters"]
        return
    assert asked
