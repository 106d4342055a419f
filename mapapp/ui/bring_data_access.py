"""Who may bring data into this installation: nobody from beyond this machine unless it is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

#: "1" or "true": whoever opens the page may import; any other value: nobody may.
EDITING_VARIABLE: Final = "MAPAPP_EDITING"

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

#: A proxy that tells of another client sets one of these.
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def may_edit(setting: str | None, listens_on: str | None, headers: Mapping[str, str]) -> bool:
    """Whether the page "Bring your data" is there for this reader.

    `setting` is the value of MAPAPP_EDITING. Without one the server has to listen on loopback
    *and* the request has to come straight from there: a proxy on this machine also listens on
    loopback's behalf, and shows by its headers or by the address that the reader typed.
    """
    if setting is not None and setting.strip():
        return setting.strip().casefold() in ("1", "true")
    if listens_on not in _LOOPBACK:
        return False
    given = {name.casefold(): value for name, value in headers.items()}
    if any(name in given for name in _FORWARDED):
        return False
    origin = given.get("origin", "")
    return _host("//" + given.get("host", "")) in _LOOPBACK and (
        not origin or _host(origin) in _LOOPBACK
    )


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
