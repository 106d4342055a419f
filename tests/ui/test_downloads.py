"""Files to take away hold what the page shows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs

import pytest

from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS
from mapapp.query import Dashboard, params_to_selection
from mapapp.store.default import open_default
from mapapp.store.store import Store
from mapapp.ui.citing import downloads


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_default(tmp_path_factory.mktemp("store"))
    yield store
    store.close()


def test_files_hold_the_selection(seeded: Store) -> None:
    snapshot = seeded.current()
    selection = Selection(groups=("iskp",), kinds=("claimed",))
    ids = Dashboard(snapshot).table(selection)["id"].to_pylist()
    found = json.loads(downloads.content(seeded, snapshot, selection, "json"))
    assert sorted(incident["id"] for incident in found["incidents"]) == sorted(ids)
    assert len(ids) == 4


@pytest.mark.parametrize("name", downloads.FIRST)
def test_the_formats_shown_first_can_be_written(seeded: Store, name: str) -> None:
    assert name in FORMATS
    assert len(downloads.content(seeded, seeded.current(), Selection(), name)) > 1000


def test_a_picture_says_what_it_rests_on(seeded: Store) -> None:
    snapshot = seeded.current()
    selection = Selection(groups=("aff",), date_from=date(2024, 5, 1), date_to=date(2024, 5, 31))
    words = downloads.picture_words(Dashboard(snapshot), snapshot, selection)
    assert words["sentence"].endswith("May 2024")
    assert "2024" not in words["undated"]
    assert "AFF" in words["undated"]
    assert re.fullmatch(r"attacks-[a-z-]+aff-may-2024-\d{8}", words["name"])
    sources, state, *_, licence = words["notes"]
    assert "Afghanistan International" in sources
    assert "Hasht-e Subh" not in sources, "only those that the selection rests on"
    assert "change 1" in state
    assert "Absence of incidents is not safety" in state
    assert "CC BY 4.0" in licence


@pytest.mark.parametrize("text", ["", "$(touch run)", "`touch run`", "';touch run;'", '"\\!x'])
def test_the_command_for_a_large_selection_means_it_and_nothing_else(text: str) -> None:
    selection = Selection(groups=("iskp",), text=text)
    made = downloads.command(selection, None)
    echoed = subprocess.run(
        ["/bin/sh", "-c", f"printf '%s\\n' {made}"], capture_output=True, text=True, check=True
    ).stdout
    words = shlex.split(made)
    assert echoed.splitlines() == words
    again, problems = params_to_selection(parse_qs(words[words.index("--link") + 1]))
    assert (again, problems) == (selection, ())
