"""docs/exporting.md: every format is there, and its examples run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from mapapp import cli
from mapapp.domain.batch import Batch
from mapapp.exporters import incidents_json
from mapapp.exporters.formats import FORMATS
from mapapp.store.store import Store
from tests import docs
from tests.exporters.extracts import seeds_extract

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "exporting.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return docs.blocks("docs/exporting.md", language, __file__)


def test_every_format_is_named() -> None:
    table = TEXT.partition("## Formats")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z-]+)`", table))
    assert named == set(FORMATS)


def test_every_field_of_the_json_is_named(seeds: Batch) -> None:
    document = incidents_json.document(seeds_extract(seeds))
    section = TEXT.partition("## JSON")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z0-9_]+)`", section))
    incident = document["incidents"][0]
    inner = [*incident["date"], *incident["place"], *incident["fatalities"]]
    claim = next(c for i in document["incidents"] for c in i["claims"])
    fields = {*document, *incident, *inner, *claim, *document["sources"][0]}
    # The first line has the three at the top in one piece of code.
    assert fields - named <= {"incidents", "sources", "selection", "schema"}


@pytest.mark.parametrize("line", [line for b in blocks("sh") for line in b.splitlines()])
def test_each_command_writes_its_file(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(tmp_path / "data"))
    program, dash_m, name, *arguments = shlex.split(line)
    assert (program, dash_m, name) == ("python", "-m", "mapapp")
    assert cli.main(arguments) == 0
    assert Path(arguments[arguments.index("-o") + 1]).stat().st_size > 100


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_programs_run(seeds: Batch, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    store.append(seeds, by="test")
    store.publish()
    names: dict[str, object] = {"store": store, "folder": tmp_path}
    for block in blocks("python"):
        exec(compile(block, "docs/exporting.md", "exec"), names)  # noqa: S102 - our own page
    assert list(tmp_path.glob("*.xlsx"))
    store.close()
