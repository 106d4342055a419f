"""Files to take away hold what the page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS
from mapapp.query import Dashboard
from mapapp.store.default import open_default
from mapapp.store.store import Store
from mapapp.ui import downloads


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_default(tmp_path_factory.mktemp("store"))
    yield store
    store.close()


def test_files_hold_the_selection(seeded: Store) -> None:
    snapshot = seeded.current()
    selection = Selection(groups=("iskp",), kinds=("claimed",))
    ids = Dashboard(snapshot).table(selection)["id"].to_pylist()
    found = json.loads(downloads.content(snapshot, selection, "json"))
    assert sorted(incident["id"] for incident in found["incidents"]) == sorted(ids)
    assert len(ids) == 4


@pytest.mark.parametrize("name", downloads.FIRST)
def test_the_formats_shown_first_can_be_written(seeded: Store, name: str) -> None:
    assert name in FORMATS
    assert len(downloads.content(seeded.current(), Selection(), name)) > 1000
