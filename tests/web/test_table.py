"""Pages of the table and options of the filters over the routes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.questions.table_words import NAMES, ORDERS
from mapapp.store import Store
from mapapp.web import table
from tests.web.test_data import get

RECORD = NAMES.index("Record")


def pages(client: TestClient, **params: str) -> list[list[Any]]:
    """All rows of the table, page after page."""
    rows, after = [], ""
    while True:
        body = get(client, "/data/table", **params, **({"after": after} if after else {}))
        assert [column["name"] for column in body["columns"]] == list(NAMES)
        rows += body["rows"]
        after = body["next"]
        if not after:
            return rows


@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("desc", ["0", "1"])
def test_pages_hold_every_incident_once_in_order(
    invented: TestClient,
    invented_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    desc: str,
) -> None:
    monkeypatch.setattr(table, "PAGE_ROWS", 67)
    found = [row[RECORD] for row in pages(invented, order=order, desc=desc, background="1")]
    whole = Dashboard(invented_store.current()).table(
        Selection(background=True), order, desc == "1"
    )
    assert found == whole["id"].to_pylist()


def test_the_table_follows_the_days_and_the_rule(
    invented: TestClient, invented_store: Store
) -> None:
    days = {"from": "2022-01-01", "to": "2022-06-30"}
    found = pages(invented, **days, rule="highest")
    assert 0 < len(found) < len(pages(invented))
    best, high = NAMES.index("Killed best"), NAMES.index("Killed high")
    known = [row for row in found if row[high] is not None]
    assert known
    assert all(row[best] == row[high] for row in known)


@pytest.mark.parametrize(
    "params",
    [
        {"order": "search_text"},
        {"order": "1; DROP TABLE incidents"},
        {"after": "x"},
        {"after": "é"},
        {"after": base64.urlsafe_b64encode(b"[1]").decode()},
        {"after": base64.urlsafe_b64encode(json.dumps(["2022-13-45", "a"]).encode()).decode()},
        {"after": base64.urlsafe_b64encode(json.dumps([True, "a"]).encode()).decode()},
        {"after": base64.urlsafe_b64encode(b"[" * 5000).decode()},
        {"order": "killed", "after": base64.urlsafe_b64encode(b'[99999999999999, "a"]').decode()},
        {"order": "title", "after": base64.urlsafe_b64encode(b'["\\u0000", "a"]').decode()},
    ],
)
def test_what_cannot_be_a_page_is_refused_in_words(
    invented: TestClient, params: dict[str, str]
) -> None:
    response = invented.get("/data/table", params=params)
    assert response.status_code == 400
    assert response.json()["remedy"]


def test_a_quote_in_a_cursor_is_a_value_and_no_sql(invented: TestClient) -> None:
    after = base64.urlsafe_b64encode(json.dumps(["' OR 1=1 --", "' --"]).encode()).decode()
    body = get(invented, "/data/table", order="title", desc="0", after=after)
    assert all(row[NAMES.index("Incident")] >= "' OR" for row in body["rows"])


def test_facets_are_those_of_the_dashboard(invented: TestClient, invented_store: Store) -> None:
    dash = Dashboard(invented_store.current())
    selection = Selection(kinds=("claimed",))
    for part in ("provinces", "groups", "kinds", "sources", "date_precisions"):
        options = get(invented, "/data/facets", part=part, kind="claimed")["options"]
        assert [(o["value"], o["text"], o["count"]) for o in options] == [
            (f.code, f.label, f.count) for f in dash.facet(selection, part)
        ]
        assert all((o["kind"] == o["value"]) == (part == "kinds") for o in options)


def test_a_long_list_is_cut_but_keeps_what_is_chosen(
    invented: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MAX_OPTIONS", 2)
    every = get(invented, "/data/facets", part="provinces", province="AF34")["options"]
    assert len(every) == 3
    assert every[-1]["value"] == "AF34"


def test_a_part_without_options_is_refused(invented: TestClient) -> None:
    response = invented.get("/data/facets", params={"part": "near"})
    assert response.status_code == 400
    assert "provinces" in response.json()["remedy"]
