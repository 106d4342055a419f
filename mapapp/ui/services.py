"""What the page and the routes share: the one store of the process, and the gazetteer."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from functools import cache
from pathlib import Path

from gazetteer import Gazetteer
from mapapp import settings
from mapapp.domain.access import Permission
from mapapp.domain.problems import InvalidInput, NotAllowed, StoreUnavailable
from mapapp.gate.file import GateFile
from mapapp.gate.public_file import SENTENCES_KEY
from mapapp.gate.rules import GateRules
from mapapp.log import room
from mapapp.query import Dashboard
from mapapp.query.changes.public import PublicLog, public_log
from mapapp.store import Snapshot, Store
from mapapp.store.default import data_dir, open_default, take_up
from mapapp.store.replica import Disagreement, Follower
from mapapp.store.spark_store import SparkStore
from mapapp.ui.reader import access

_LOG = logging.getLogger(__name__)


def store() -> Store:
    """The store of MAPAPP_DATA_DIR, opened (and seeded where it is new) at the first call."""
    return _store(data_dir().resolve())


@cache
def _store(folder: Path) -> Store:
    return open_default(folder)


def rules() -> GateRules:
    """The owner's rules of what is held back. Raises InvalidInput where they cannot be read."""
    return GateFile(data_dir(), settings.read().gate_file).rules()


def begin() -> None:
    """Open the store and its snapshot; an engine that does not answer is asked again later.

    Raises StoreUnavailable.
    """
    own = store()
    try:
        own.current()
    except StoreUnavailable as error:
        if not isinstance(own, SparkStore):
            raise
        _LOG.warning("%s", error)


def follower() -> Follower | None:
    """What publishes here what other servers record in the same log; None where none can."""
    shared = store().log.shared
    if shared is None:
        return None
    outs = access.sign_outs()
    outs.share(shared)
    with suppress(
        StoreUnavailable
    ):  # nobody has signed in until it is known who signed out elsewhere
        outs.follow()
    return Follower(store(), shared, [take_up_what_waits, outs.follow])


def take_up_what_waits() -> None:
    """Do what is left of a start, once the log's database is back; end a server that may not go on.

    Raises StoreUnavailable.
    """
    if store().waits:
        try:
            take_up(store())
        except InvalidInput as error:  # rules or seeds that were broken meanwhile
            raise StoreUnavailable(str(error)) from error
        except Disagreement as error:
            # As at a start with its database: the others hold back what is shown here.
            _LOG.critical("this server stops: %s", error)
            os.kill(os.getpid(), signal.SIGTERM)
            raise


def hindrance() -> str | None:
    """What keeps changes from being recorded just now; None where nothing does."""
    if store().log.away:
        return "the database that they are recorded in does not answer"
    return room.hindrance(store().data_dir)


def without_log(error: StoreUnavailable) -> StoreUnavailable:
    """What a reader is told where the log cannot be asked; where its database is, they are not."""
    if store().log.shared is None:
        return error
    _LOG.warning("%s", error)
    return StoreUnavailable(
        "the database that knows what was changed, when and by whom does not answer; the rest of "
        "the page is as it was last published. Try again in a moment"
    )


def warm() -> None:
    """Ask what a first view asks, so that its first reader need not wait."""
    try:
        Dashboard(store().public()).warm()
    except StoreUnavailable as error:
        _LOG.warning("%s", error)


def snapshot() -> Snapshot:
    """The snapshot that this session's reader may read now."""
    return readable(store().current())


def readable(whole: Snapshot) -> Snapshot:
    """What of a snapshot the reader may read. Raises NotAllowed where that is nothing."""
    if not access.may(Permission.READ):
        raise NotAllowed("only who has signed in may read this map")
    return whole if access.may(Permission.READ_ALL) else store().gate.of(whole)


def held_back(shown: Snapshot) -> bool:
    """Whether what a reader is shown is not the whole of it."""
    return shown.meta.get(SENTENCES_KEY) is not None


def reads_all() -> bool:
    """Whether the reader may read what is held back."""
    return access.may(Permission.READ_ALL)


def gated_log(shown: Snapshot) -> PublicLog | None:
    """The log as a reader of a snapshot may know it; None where that is all of it.

    Of a log that holds back no more than the addresses of who wrote in it, that is all.
    """
    if reads_all():
        return None
    found = public_log(store())
    return found if found.withholds else None


def dashboard() -> Dashboard:
    """The questions to the snapshot that this session's reader may read now."""
    return Dashboard(snapshot())


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, loaded at the first place that somebody types."""
    return Gazetteer.load()
