"""One of several servers over one log, each with a data folder of its own (log → snapshot).

It publishes for itself: told by the database that something was recorded, or finding out when it
looks, which it does twice a second as well. What would show readers something else at each server
is agreed on at the start.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Sequence
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

_RULES: Final = "gate.rules"
_KEY: Final = "gate.key"


def agree(folder: Path, gate_file: Path | None, shared: Shared) -> None:
    """See that this server makes the same ids outside as the others, and holds back where they do.

    Raises StoreUnavailable where it has another key, or no rules while others have some.
    """
    rules = GateFile(folder, gate_file)
    if rules.path.exists():
        shared.agree_anew(_RULES, "some" if rules.rules() else "none")
    elif shared.agreed(_RULES, "none") == "some":
        raise StoreUnavailable(
            f"other servers over this log hold something back by rules of the gate, and there is "
            f"no {rules.path}: put their file there, or an empty one where nothing is to be held "
            "back any more"
        )
    path = folder / KEY_FILE
    here = path.read_bytes().hex() if path.exists() else None
    agreed = shared.agreed(_KEY, here or secrets.token_bytes(KEY_BYTES).hex())
    if here is None:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(bytes.fromhex(agreed))
            file.flush()
            os.fsync(file.fileno())
    elif here != agreed:
        raise StoreUnavailable(
            f"{path} is not the key of the other servers over this log, so that links would lead "
            "to different places; remove it, and theirs is taken"
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
