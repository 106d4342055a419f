"""Drafts of editors whose session ended while they wrote, until they sign in again (page → page).

In this process's memory only, as sessions are: bounded in number and time, and given to whoever
signs in as the same person at the same provider.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

#: People whose drafts are kept; the one who left longest ago goes first.
MOST: Final = 100
KEPT_S: Final = 24 * 3600.0


class KeptDrafts(Generic[T]):
    """Drafts by person. Safe to share between threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[float, dict[str, T]]] = OrderedDict()

    def put(self, claims: Mapping[str, Any] | None, drafts: Mapping[str, T]) -> bool:
        """Keep somebody's drafts, with those kept before; whether it is known whose they are."""
        person = _person(claims)
        if person is None or not drafts:
            return False
        with self._lock:
            before = self._taken(person)
            self._kept[person] = (self._now(), before | dict(drafts))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return True

    def take(self, claims: Mapping[str, Any] | None) -> dict[str, T]:
        """Somebody's drafts, which are then theirs alone again."""
        person = _person(claims)
        if person is None:
            return {}
        with self._lock:
            return self._taken(person)

    def _taken(self, person: tuple[str, str]) -> dict[str, T]:
        at, found = self._kept.pop(person, (0.0, {}))
        return found if self._now() - at <= KEPT_S else {}


def _person(claims: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """Whom a provider means: a subject is its own only."""
    if not claims or not claims.get("sub"):
        return None
    return str(claims.get("iss", "")), str(claims["sub"])
