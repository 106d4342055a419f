"""Base maps that an owner offers: what can be written, and what each mistake is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mapapp.domain.basemaps import origins, read_file, read_layers

OWN = "Streets=https://tiles.example.org/{z}/{x}/{y}.png#© OpenStreetMap contributors"


def test_known_layers_and_an_own_server() -> None:
    streets, terrain, own = read_layers(f"OpenStreetMap.Mapnik, OpenTopoMap, {OWN}")
    assert streets.url == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert "OpenStreetMap" in streets.attribution
    assert terrain.max_zoom == 17
    assert terrain.origins == tuple(f"https://{s}.tile.opentopomap.org" for s in "abc")
    assert (own.label, own.attribution) == ("Streets", "© OpenStreetMap contributors")
    assert own.url == "https://tiles.example.org/{z}/{x}/{y}.png", "the attribution is not sent"
    assert origins((streets, own, own)) == (
        "https://tile.openstreetmap.org", "https://tiles.example.org",
    )  # fmt: skip


def test_parts_of_an_address_that_the_provider_sets_are_filled_in() -> None:
    [satellite] = read_layers("Esri.WorldImagery")
    assert "/World_Imagery/MapServer/tile/{z}/{y}/{x}" in satellite.url


def test_nothing_is_offered_unless_chosen() -> None:
    assert read_layers("") == read_layers(" , ") == ()
    assert read_file(" ") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("OpenStreetMap.Mapnick", "did you mean OpenStreetMap.Mapnik"),
        ("CartoDB.Positron", "asks for a key"),
        ("X=ftp://tiles.example.org/{z}/{x}/{y}.png#us", "is not a tile server"),
        ("X=https://tiles.example.org/{z}/{x}.png#us", "has no {z}, {x} and {y}"),
        ("X=https://tiles.example.org/{z}/{x}/{y}.png", "names nobody"),
        ("X=https://t.example.org/{z}/{x}/{y}.png; img-src *#us", "cannot stand in an address"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        read_layers(text)


def test_a_file_must_be_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "afghanistan.pmtiles"
    with pytest.raises(ValueError, match="cannot be read"):
        read_file(str(path))
    path.write_bytes(b"SQLite format 3")
    with pytest.raises(ValueError, match="no PMTiles archive of version 3"):
        read_file(str(path))
    path.write_bytes(b"PMTiles\x03 and more")
    assert read_file(str(path)) == path
