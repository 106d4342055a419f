"""The default store: opened where there is one, else made and seeded with the curated incidents."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path
from typing import Final

from gazetteer import Gazetteer
from mapapp import settings
from mapapp.domain.batch import Batch
from mapapp.domain.problems import LogAway, LogMoved, StoreUnavailable
from mapapp.importers.seeds.seeds import read_seeds
from mapapp.log import codec
from mapapp.log.backup import LOG
from mapapp.log.entries import Contents, Renewal
from mapapp.log.log import Log
from mapapp.settings import Settings
from mapapp.snapshot import row_files
from mapapp.store.replica import agree, agreed_before
from mapapp.store.store import Store

logger = logging.getLogger(__name__)


def data_dir() -> Path:
    """The data folder: `MAPAPP_DATA_DIR`, else `var` in the working directory."""
    return settings.read().data_dir


#: The dataset of the seeds, and of what editors record in the browser.
CURATED = "curated"

#: Names under which programs record; every other name is a person's.
PROGRAMS = ("curators", "import", "page")

#: How often the seeds are read against a log that others write at the same time.
_ATTEMPTS: Final = 3


def open_log(folder: Path, chosen: Settings) -> Log:
    """The log of a folder, wherever it is. Raises StoreUnavailable."""
    return Log.open(chosen.secret(chosen.log_url) or folder / LOG)


def open_embedded(folder: Path, chosen: Settings) -> Store:
    """The store of a folder whose questions are answered here. Raises StoreUnavailable."""
    log_url = chosen.secret(chosen.log_url)
    store = Store.open(folder, log_url=log_url, gate_file=chosen.gate_file)
    try:
        _join(store, chosen)
    except StoreUnavailable:
        store.close()
        raise
    if log_url is not None and (folder / LOG).exists():
        logger.warning("%s is not read: MAPAPP_LOG_URL names another log", folder / LOG)
    return store


def _join(store: Store, chosen: Settings) -> None:
    if store.log.shared is not None:
        agree(store.data_dir, chosen.gate_file, store.log.shared)
    row_files.share(store.data_dir, store.log.all_row_files())


def _open_published(folder: Path, chosen: Settings, away: LogAway) -> Store:
    """The store of a folder for reading what was published in it, until its log is back.

    Raises `away` where nothing is, and Disagreement where it may not be shown.
    """
    log_url = chosen.secret(chosen.log_url)
    store = Store.open(folder, log_url=log_url, gate_file=chosen.gate_file, later=True)
    try:
        store.current()
        if chosen.engine is not None or not agreed_before(folder, chosen.gate_file):
            raise away
    except StoreUnavailable as error:
        store.close()
        raise (away if isinstance(error, LogAway) else error) from None
    store.waits = True
    logger.warning("what was last published is served, until the log is back: %s", away)
    return store


def open_store(folder: Path, chosen: Settings) -> Store:
    """The store of a folder: embedded, or through the engine that `MAPAPP_ENGINE` names.

    Raises StoreUnavailable for an address that is none; an engine that does not answer yet is
    asked at the first question.
    """
    store = open_embedded(folder, chosen)
    if chosen.engine is None:
        return store
    # What speaks to an engine takes long to load, and most installations have none.
    from mapapp.store.spark_store import DEFAULT_TABLES, SparkStore

    tables = chosen.engine_tables or folder / DEFAULT_TABLES
    return SparkStore(folder, store.log, chosen.engine, tables, chosen.gate_file)


def open_default(
    folder: Path | None = None, seeds: Path = settings.SEEDS, *, publish: bool = True
) -> Store:
    """The store in `folder` with the curated incidents as `seeds` has them now, published.

    Seeds already recorded add nothing; edited ones supersede. A faulty seed file is logged and
    leaves what is recorded of it as it is. Without `publish` that is left to who records more at
    once. Where `MAPAPP_ENGINE` names an engine, its tables are
    read as they are. What is published is served also where nothing can be written, or the log's
    database is away: then the store waits (`take_up`). Raises StoreUnavailable, or InvalidInput
    where `seeds` is no seeds folder.
    """
    chosen = settings.read()
    folder = folder or chosen.data_dir
    try:
        store = open_store(folder, chosen)
    except LogAway as away:
        return _open_published(folder, chosen, away)
    if chosen.engine is None:
        _bring_up_to_date(store, seeds, publish=publish)
    return store


def take_up(store: Store, seeds: Path = settings.SEEDS) -> None:
    """Do what a start does with the log, for a store that waits for its database.

    Raises LogAway where it is still away, Disagreement where this server must not go on.
    """
    _join(store, settings.read())
    store.publish()
    store.waits = False
    logger.info("the log is back, and what was recorded since is published")
    _bring_up_to_date(store, seeds, publish=True)


def _bring_up_to_date(store: Store, seeds: Path, *, publish: bool) -> None:
    batch, problems = read_seeds(seeds, Gazetteer.load())
    for problem in problems:
        logger.warning("%s", problem)
    try:
        # With a file left out for its faults, absence does not mean withdrawal.
        _record_seeds(store, batch, None if problems else CURATED)
        if publish:
            store.publish()
    except StoreUnavailable as error:
        try:
            store.current()
        except StoreUnavailable:
            raise error from None  # nothing is published: the first fault says why
        logger.warning("the seeds are not read anew, what is published is served: %s", error)


def _record_seeds(store: Store, seeds: Batch, dataset: str | None) -> None:
    """Record the seeds beside what editors made of them, also where they edit at this moment."""
    for attempt in range(_ATTEMPTS):
        seen = store.log.seq()
        edited = store.log.touched(CURATED, without=PROGRAMS)
        batch = _with_edits(seeds, store.log.read(), edited) if edited else seeds
        try:
            store.append(batch, by="curators", replace_dataset=Renewal(dataset, seen))
            return
        except LogMoved:
            if attempt == _ATTEMPTS - 1:
                raise


def _with_edits(seeds: Batch, held: Contents, edited: Collection[str]) -> Batch:
    """The seeds, but of what an editor has changed the version that stands.

    A record that an editor took out again is the seeds' own once more.
    """
    theirs = {r.id: r for r in held.records if r.id in edited and r.dataset == CURATED}
    for record in seeds.records:
        if record.id in theirs and theirs[record.id] != record:
            logger.warning(
                "seeds/incidents/%s.yaml differs from what an editor recorded here; the editor's "
                "version stands", record.id,
            )  # fmt: skip
    records = (*(r for r in seeds.records if r.id not in theirs), *theirs.values())
    claims = tuple(c for c in seeds.claims if c.incident_id not in theirs)
    kept = tuple(
        codec.decode_claim(codec.encode(c)) for c in held.claims if c.incident_id in theirs
    )
    known = {source.id for source in seeds.sources}
    cited = {claim.source_id for claim in kept}
    more = tuple(s for s in held.sources if s.id in cited and s.id not in known)
    own = {record.id for record in records}
    return Batch(
        (*seeds.sources, *more),
        records,
        (*claims, *kept),
        tuple(j for j in seeds.judgements if {j.left_id, j.right_id} <= own),
    )
