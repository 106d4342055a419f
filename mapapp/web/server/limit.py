"""How often one client may ask `/api`: a token bucket for each, in this process (serves route)."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

#: So many clients are remembered; who asked longest ago is forgotten first, with a full bucket.
MAX_CLIENTS: Final = 10_000


class RateLimit:
    """`per_minute` requests a minute for each client, all of which may come at once; 0: no limit.

    Safe between threads. `clock` gives seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, since when
        self._lock = threading.Lock()

    def wait_s(self, address: str) -> float:
        """0 where the client may ask now (and has), else the seconds until it may."""
        if not self._size:
            return 0.0
        client = client_of(address)
        with self._lock:
            now = self._clock()
            tokens, since = self._buckets.pop(client, (self._size, now))
            tokens = min(self._size, tokens + (now - since) * self._per_second)
            allowed = tokens >= 1
            self._buckets[client] = (tokens - 1 if allowed else tokens, now)
            while len(self._buckets) > MAX_CLIENTS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second


def client_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 net that one IPv6 line has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
