"""The bundles: every part is there, they run in order, and their address changes with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapapp.map import bundle
from mapapp.map.bundle import ASSETS, BUNDLES, AssetMissing


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_a_bundle_holds_all_its_parts_in_order(name: str) -> None:
    content = bundle.bundle(name).content
    places = []
    for part in BUNDLES[name]:
        if not part.startswith(("leaflet:", "npm:")):
            places.append(content.index((ASSETS / part).read_bytes()))
    assert places == sorted(places)


def test_every_script_and_style_of_ours_is_in_a_bundle() -> None:
    named = {part for parts in BUNDLES.values() for part in parts}
    files = {path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.*")}
    by_themselves = {"page/component.js", "page/boot.js"}  # for Streamlit; in the page's HTML
    assert files - named == by_themselves


def test_leaflet_comes_first_and_brings_no_source_map() -> None:
    content = bundle.bundle("map.js").content
    assert b"Leaflet 1.9.4" in content[:400]
    assert b"sourceMappingURL" not in content


def test_the_address_changes_with_the_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in BUNDLES["page.js"]:
        (tmp_path / part).parent.mkdir(exist_ok=True)
        (tmp_path / part).write_text("1", "utf-8")
    monkeypatch.setattr(bundle, "ASSETS", tmp_path)
    before = bundle.url("page.js")
    (tmp_path / BUNDLES["page.js"][0]).write_text("22", "utf-8")
    assert bundle.url("page.js") != before


def test_a_missing_part_says_what_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "ASSETS", tmp_path)
    with pytest.raises(AssetMissing, match=r"maths/tiles\.js.*reinstall"):
        bundle.bundle("page.js")


def test_without_the_package_of_npm_the_command_to_install_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "NPM", tmp_path)
    with pytest.raises(AssetMissing, match="npm ci --prefix mapapp/map/npm"):
        bundle.bundle("vector_tiles.js")


def test_without_leaflet_the_command_to_install_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundle, "find_spec", lambda name: None)
    with pytest.raises(AssetMissing, match="pip install django-js-lib-leaflet"):
        bundle.leaflet_dir()
