"""The default store: opened where there is one, else made and seeded with the curated incidents."""

from __future__ import annotations

import logging
from pathlib import Path

from gazetteer import Gazetteer
from mapapp import settings
from mapapp.importers.seeds import read_seeds
from mapapp.store.spark_store import SparkStore, open_store
from mapapp.store.store import Store

logger = logging.getLogger(__name__)

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def data_dir() -> Path:
    """The data folder: `MAPAPP_DATA_DIR`, else `var` in the working directory."""
    return settings.read().data_dir


def open_default(folder: Path | None = None, seeds: Path = SEEDS) -> Store:
    """The store in `folder` with the curated incidents as `seeds` has them now, published.

    Seeds already recorded add nothing; edited ones supersede. A faulty seed file is logged and
    leaves what is recorded of it as it is. Where `MAPAPP_ENGINE` names an engine, its tables are
    read as they are. Raises StoreUnavailable, or InvalidInput where `seeds`
    is no seeds folder.
    """
    store = open_store(folder or data_dir(), settings.read())
    if isinstance(store, SparkStore):
        return store
    batch, problems = read_seeds(seeds, Gazetteer.load())
    for problem in problems:
        logger.warning("%s", problem)
    # With a file left out for its faults, absence does not mean withdrawal.
    replace = None if problems else "curated"
    store.append(batch, by="curators", replace_dataset=replace)
    store.publish()
    return store
