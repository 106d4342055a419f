"""Mounts the scripts of `mapapp/map/assets` as Streamlit components (v2) (page ↔ map layer)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from mapapp.map.bundle import ASSETS, url

Mount = Callable[..., Any]


def declare(name: str, min_height_px: int) -> Mount:
    """A component whose script is `IncidentPage.<name>` in `page.js`.

    `min_height_px` keeps its place in the layout until it is drawn.
    """
    # Streamlit sends this text with every run, so it stays small.
    script = (ASSETS / "page/component.js").read_text("utf-8").replace('"NAME"', f'"{name}"')
    mount: Mount = st.components.v2.component(
        f"mapapp.{name}",
        html=f'<div class="{name}" style="min-height:{min_height_px}px"></div>',
        js=script,
    )
    return mount


def addresses(assets_url: str = "assets") -> Mapping[str, str]:
    """Where the component finds the page's script, style and data, from the page's own address."""
    return {
        "script": url("page.js", assets_url),
        "style": url("page.css", assets_url),
        "data_url": "data",
    }
