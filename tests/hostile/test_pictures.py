"""Pictures: nothing of what is held back is in their pixels, as they are the same, byte for byte,
where what is held back is not there or is something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from mapapp.domain.selection import Selection
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import read_extract
from mapapp.store import Snapshot, Store
from mapapp.web import preview
from tests.hostile import held_back
from tests.hostile.canaries import opened

EVERYTHING = Selection(background=True, abroad=True)
PICTURES = ("map-svg", "map-png", "charts-svg", "charts-png")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pair:
    """The data folder with what is held back, and one without it that is otherwise the same; and
    the pictures that the public has of each.
    """

    stores: tuple[Store, Store]
    public: tuple[dict[str, bytes], dict[str, bytes]]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pictures")
    stores = []
    for name in ("held", "other"):
        (folder / name).mkdir()
        own = held_back.make(folder / name / "var", other=name == "other")
        (own / "gate.key").write_bytes(b"k" * 32)
        (own / "gate.toml").write_text(held_back.GATE, "utf-8")
        stores.append(Store.open(own))
    held, other = stores
    yield Pair((held, other), (drawn(held.public()), drawn(other.public())))
    for store in stores:
        store.close()


def drawn(snapshot: Snapshot) -> dict[str, bytes]:
    """Every picture that is made of a snapshot."""
    extract = replace(read_extract(snapshot, EVERYTHING), made_at=NOW)
    found = {name: FORMATS[name].write(extract).content for name in PICTURES}
    links: list[dict[str, list[str]]] = [{}, {"background": ["1"], "abroad": ["1"]}]
    links += [{"incident": [own.id]} for own in extract.incidents if "row" not in own.id][:4]
    for link in links:
        shared = preview.read(snapshot, link, drawn=True)
        assert shared is not None
        found[f"preview {link}"] = preview.picture(shared)
    return found


def test_pictures_are_the_same_whatever_is_held_back(pair: Pair) -> None:
    held, other = pair.public
    assert len(held) > 8
    assert held.keys() == other.keys()
    assert [name for name in held if held[name] != other[name]] == []


def test_pictures_differ_where_nothing_is_held_back(pair: Pair) -> None:
    """So that the comparison can fail: what is to be hidden does show on each kind of picture."""
    held, other = (drawn(store.current()) for store in pair.stores)
    same = [name for name in held if held[name] == other.get(name)]
    assert not set(same) & {
        *PICTURES,
        "preview {}",
        "preview {'background': ['1'], 'abroad': ['1']}",
    }


def test_a_picture_says_nothing_beside_its_pixels(pair: Pair) -> None:
    canaries = held_back.held_by_gate()
    for name, content in pair.public[0].items():
        assert canaries.found(content) == set(), name
        if content[:4] == b"\x89PNG":
            assert list(opened(content)) == [content], f"{name} has texts beside its pixels"
