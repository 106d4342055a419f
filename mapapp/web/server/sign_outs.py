"""Sign-ins that were ended by signing out, kept in the data folder for all replicas over it, and
handed on to those over the same log.

The cookie of a sign-in is signed, not kept: without this list a copy of it would be good until its
session's hours are over.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from mapapp.domain.problems import StoreUnavailable
from mapapp.log.shared import Shared

_LOG = logging.getLogger(__name__)

#: What tells one sign-in from every other; `nonce` is new at each.
_NAMED_BY: Final = ("iss", "sub", "iat", "nonce", "jti")


def key_of(claims: Mapping[str, Any]) -> str:
    """A name for the sign-in with these claims that says nothing about who it was."""
    named = [claims.get(name) for name in _NAMED_BY]
    return hashlib.sha256(json.dumps(named, default=str).encode()).hexdigest()


class SignOuts:
    """Ended sign-ins: an empty file for each in the data folder, for as long as one could last."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "signed-out"
        self._unwritten: set[str] = set()
        #: How servers with data folders of their own hear of it; None where there are none.
        self.shared: Shared | None = None
        self._heard = True
        self._untold: dict[str, timedelta] = {}

    def share(self, shared: Shared) -> None:
        """Hear of others from now on; before they were heard once (`follow`), nobody has signed
        in: a copy of a cookie may be of a sign-in that was ended elsewhere meanwhile.
        """
        self.shared, self._heard = shared, False

    def has(self, claims: Mapping[str, Any]) -> bool:
        """Whether this sign-in was ended, or may have been."""
        key = key_of(claims)
        return not self._heard or key in self._unwritten or (self._folder / key).exists()

    def add(self, claims: Mapping[str, Any], keep: timedelta) -> None:
        """End a sign-in; what is older than `keep`, the longest session, is forgotten.

        Where nothing can be written it is ended in this process only, and the log says so.
        """
        key = key_of(claims)
        self._write(key)
        with suppress(OSError):
            self._forget(time.time() - keep.total_seconds())
        if self.shared is not None:
            self._untold[key] = keep
            try:
                self._tell(self.shared)
            except StoreUnavailable as error:  # it is told with the next look
                _LOG.warning("a sign-out does not hold on other servers yet: %s", error)

    def follow(self) -> None:
        """Hear what other servers ended, and tell them what they do not know yet.

        Raises StoreUnavailable.
        """
        if self.shared is not None:
            self._tell(self.shared)
            for key in self.shared.signed_out():
                if key not in self._unwritten and not (self._folder / key).exists():
                    self._write(key)
            self._heard = True

    def _tell(self, shared: Shared) -> None:
        for key, keep in list(self._untold.items()):
            shared.sign_out(key, keep)
            self._untold.pop(key, None)

    def _write(self, key: str) -> None:
        try:
            self._folder.mkdir(exist_ok=True)
            (self._folder / key).touch()
        except OSError as error:
            self._unwritten.add(key)
            _LOG.warning(
                "a sign-out holds in this process only, until it restarts: %s cannot be written "
                "(%s)", self._folder, error.strerror,
            )  # fmt: skip

    def _forget(self, before: float) -> None:
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another replica forgets it, too
                if file.stat().st_mtime < before:
                    file.unlink()
