"""What the page and the routes share: the one store of the process, and the gazetteer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gazetteer import Gazetteer
from mapapp.query import Dashboard
from mapapp.store import Store
from mapapp.store.default import data_dir, open_default


def store() -> Store:
    """The store of MAPAPP_DATA_DIR, opened (and seeded where it is new) at the first call."""
    return _store(data_dir().resolve())


@cache
def _store(folder: Path) -> Store:
    return open_default(folder)


def dashboard() -> Dashboard:
    """The questions to the snapshot that is current now."""
    return Dashboard(store().current())


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, loaded at the first place that somebody types."""
    return Gazetteer.load()
