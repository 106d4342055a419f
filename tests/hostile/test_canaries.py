"""What the owner holds back is searched for in everything that a visitor can obtain: never found.

The same search finds all of it where nothing is held back.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import pytest
import shapely

from mapapp.exporters.formats import FORMATS
from mapapp.store import Log
from mapapp.store.store import Store
from tests import postgres
from tests.browser.conftest import serving
from tests.hostile import held_back
from tests.hostile.canaries import Canaries
from tests.hostile.harvest import Found, data, files, links, pages

PUBLIC = {
    "MAPAPP_ACCESS": "public", "MAPAPP_API_PER_MINUTE": "0", "MAPAPP_DATA_PER_MINUTE": "0",
    "MAPAPP_LOG_LEVEL": "debug",
}  # fmt: skip


#: Pictures, and counts by area: nothing of one incident stands in them.
NO_TEXT = ("map-png", "map-svg", "charts-svg", "charts-png", "hapi")


@dataclass(slots=True)
class Harvest:
    """What was obtained: pieces by where they came from."""

    pieces: list[Found] = field(default_factory=list)

    def leaks(self, canaries: Canaries) -> dict[str, set[str]]:
        """Canary to the places where it was found."""
        found: dict[str, set[str]] = {}
        for name, content in self.pieces:
            for canary in canaries.found(content):
                found.setdefault(canary, set()).add(name)
        return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return held_back.make(tmp_path_factory.mktemp("canaries") / "var")


def times(folder: Path, log_url: str | None) -> list[str]:
    """When the log's changes were recorded, as a link has it."""
    log = Log.open(log_url or folder / "log.sqlite")
    try:
        return [change.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for change in log.changes()]
    finally:
        log.close()


def harvest(folder: Path, environ: dict[str, str]) -> Harvest:
    """Everything that whoever asks as `environ` lets them can obtain, and what the server wrote."""
    found = Harvest()
    log_url = environ.get("MAPAPP_LOG_URL")
    then = times(folder, log_url)
    places = [own[:2] for own in (*held_back.RULES.values(), *held_back.ROWS.values())]
    everybody = environ["MAPAPP_ACCESS"] == "local"
    store = Store.open(folder, log_url=log_url)
    snapshot = store.current() if everybody else store.public()
    ids = snapshot.engine.run("SELECT id FROM incidents")["id"].to_pylist()
    own = [key for key in ids if "qz" in key or key.startswith(("af-", "afg-2022-"))]
    found.pieces += files(snapshot)
    with serving(folder, environ) as address:
        found.pieces += data(address, places, then[:1])
        found.pieces += pages(address, links(own[:9], then[:2]))
    (log,) = folder.parent.glob("server-*.log")
    found.pieces.append(("log", log.read_bytes()))
    log.unlink()
    store.close()
    return found


@pytest.fixture(scope="module")
def whole(folder: Path) -> Harvest:
    """What an owner obtains."""
    (folder / "gate.toml").unlink(missing_ok=True)
    return harvest(folder, PUBLIC | {"MAPAPP_ACCESS": "local"})


#: Every way by which something reaches a visitor; the search must find something in each of them.
WAYS = (
    "page", "/", "/data/view", "/data/facets", "/data/table",
    "/api/collections", "/api/incidents", "/api/tiles", "/feed.atom",
    *(f"file {name}" for name in FORMATS if name not in NO_TEXT),
    "site data/incidents", "site data/panels",
)  # fmt: skip


def test_the_search_finds_what_is_not_held_back(whole: Harvest) -> None:
    """Without rules an owner finds every canary, and in everything there is: so it can fail."""
    for canaries in (held_back.held_by_gate(), held_back.held_by_fields()):
        seen = whole.leaks(canaries)
        every = {*canaries.words, *map(str, canaries.figures)}
        every |= {f"{lat}, {lng}" for lat, lng in canaries.places}
        assert sorted(every - seen.keys() - held_back.NEVER_SHOWN) == []
        names = {name for found in seen.values() for name in found}
        assert [way for way in WAYS if not any(n.startswith(way) for n in names)] == []


@pytest.mark.parametrize(
    ("corners", "found"),
    [(((69.1, 34.41), (69.15423, 34.46351)), True), (((69.1, 34.46351), (69.15423, 34.41)), False)],
)
@pytest.mark.parametrize("header", [b"GP\x00\x01\xe6\x10\x00\x00", b""])
def test_a_place_in_a_database_is_found_by_its_corners(
    corners: tuple[tuple[float, float], ...], found: bool, header: bytes
) -> None:
    """Outlines that share no corner with a place hold its latitude here and its longitude there."""
    place = (34.46351, 69.15423)
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE areas (geom BLOB, title TEXT)")
    blank = [(69.3, 34.6)] * 4  # a written number is near those of its own row alone
    line = shapely.LineString([corners[0], *blank, corners[1]])
    base.execute("INSERT INTO areas VALUES (?, 'Kabul')", (header + shapely.to_wkb(line),))
    canaries = Canaries(frozenset(), frozenset({place}), frozenset())
    assert bool(canaries.found(base.serialize())) is found
    base.close()


@pytest.mark.parametrize(
    ("rules", "where"),
    [("gate", ""), ("fields", ""), ("gate", "under a base path"), ("gate", "log in PostgreSQL")],
)
def test_nothing_that_is_held_back_is_found(
    folder: Path, tmp_path: Path, rules: str, where: str
) -> None:
    toml, canaries = {
        "gate": (held_back.GATE, held_back.held_by_gate()),
        "fields": (held_back.FIELDS, held_back.held_by_fields()),
    }[rules]
    environ = dict(PUBLIC)
    if where == "log in PostgreSQL":
        environ["MAPAPP_LOG_URL"] = url = postgres.server().database()
        own = held_back.make(tmp_path / "var", log_url=url)
    else:
        own = copytree(folder, tmp_path / "var")
    if where == "under a base path":
        environ["STREAMLIT_SERVER_BASE_URL_PATH"] = "a/map"
    (own / "gate.toml").write_text(toml, "utf-8")
    found = harvest(own, environ)
    leaks = {canary: sorted(names)[:5] for canary, names in found.leaks(canaries).items()}
    assert leaks == {}
    # What is open comes through: it is not by silence that nothing is found.
    assert found.leaks(held_back.left_open(rules)).keys() == held_back.left_open(rules).words
