"""One of several servers over one log, each with a data folder of its own (log → snapshot).

It publishes for itself: told by the database that something was recorded, or finding out when it
looks, which it does twice a second as well. What would show readers something else at each server
is agreed on at the start; what was agreed is kept beside the key, for a start while the database is
away.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from mapapp.domain.problems import StoreUnavailable
from mapapp.gate.file import GateFile
from mapapp.gate.key import KEY_BYTES, KEY_FILE
from mapapp.log.shared import Shared
from mapapp.store.store import Store

_LOG = logging.getLogger(__name__)

#: Seconds between two looks, for news that nobody told of.
_LOOK_S: Final = 0.5

#: Whether a server holds something back by rules; in the folder, what was agreed on last.
_RULES: Final = "gate.rules"
_KEY: Final = "gate.key"


class Disagreement(StoreUnavailable):
    """Other servers over the same log show something else than this one would."""


def agree(folder: Path, gate_file: Path | None, shared: Shared) -> None:
    """See that this server makes the same ids outside as the others, and holds back where they do.

    Raises Disagreement where it has another key, or no rules while others have some.
    """
    rules = GateFile(folder, gate_file)
    if rules.path.exists():
        agreed = "some" if rules.rules() else "none"
        shared.agree_anew(_RULES, agreed)
    else:
        agreed = shared.agreed(_RULES, "none")
        _refuse_without(rules, agreed)
    path = folder / KEY_FILE
    here = path.read_bytes().hex() if path.exists() else None
    key = shared.agreed(_KEY, here or secrets.token_bytes(KEY_BYTES).hex())
    if here is None:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(bytes.fromhex(key))
            file.flush()
            os.fsync(file.fileno())
    elif here != key:
        raise Disagreement(
            f"{path} is not the key of the other servers over this log, so that links would lead "
            "to different places; remove it, and theirs is taken"
        )
    with suppress(OSError):  # a folder that cannot be written keeps what it has
        if not (folder / _RULES).exists() or (folder / _RULES).read_text("utf-8") != agreed:
            (folder / _RULES).write_text(agreed, "utf-8")


def agreed_before(folder: Path, gate_file: Path | None) -> bool:
    """Whether a server has agreed with the others, who cannot be asked now, and still would.

    Raises Disagreement where some held back by rules then, and it has none now.
    """
    rules = GateFile(folder, gate_file)
    if not ((folder / KEY_FILE).exists() and (folder / _RULES).exists()):
        return False
    if not rules.path.exists():
        _refuse_without(rules, (folder / _RULES).read_text("utf-8"))
    return True


def _refuse_without(rules: GateFile, agreed: str) -> None:
    if agreed == "some":
        raise Disagreement(
            f"other servers over this log hold something back by rules of the gate, and there is "
            f"no {rules.path}: put their file there, or an empty one where nothing is to be held "
            "back any more"
        )


class Follower:
    """A thread that publishes what others record, and does what else is to follow (`besides`)."""

    def __init__(self, store: Store, shared: Shared, besides: Sequence[Callable[[], None]]) -> None:
        self._store, self._shared, self._besides = store, shared, besides
        self._ending = threading.Event()
        self._fault = ""  # that is in the log
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Follow no more; what is being published comes to its end."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with self._shared.listening() as wait:
                    while not self._ending.is_set():
                        self._catch_up()
                        wait(_LOOK_S)
            except StoreUnavailable as error:  # then nothing is heard, and looking has to do
                self._say(error)
                self._catch_up()
                self._ending.wait(_LOOK_S)

    def _catch_up(self) -> None:
        try:
            for follow in self._besides:
                follow()
            if self._store.behind():
                self._store.publish()
            self._fault = ""
        except StoreUnavailable as error:
            self._say(error)

    def _say(self, error: StoreUnavailable) -> None:
        if str(error) != self._fault:  # once, however often it is tried
            self._fault = str(error)
            _LOG.warning("what other servers record is not followed just now: %s", error)
