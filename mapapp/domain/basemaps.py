"""Base maps that the owner offers beside our own: online layers, or a file of vector tiles.

An online layer is a name that `xyzservices` knows ("OpenStreetMap.Mapnik"), or one's own tile
server as "Streets=https://tiles.example.org/{z}/{x}/{y}.png#© OpenStreetMap contributors": what
follows the "#" is the attribution and is sent to nobody.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_SUBDOMAINS: Final = "abc"
_PLACES: Final = ("{z}", "{x}", "{y}")
_MAX_ZOOM: Final = 19
_PMTILES: Final = b"PMTiles\x03"


@dataclass(frozen=True, slots=True)
class TileLayer:
    """An online layer: `url` with {z}, {x}, {y} and perhaps {s}, {r}; `attribution` plain text."""

    label: str
    url: str
    attribution: str
    max_zoom: int = _MAX_ZOOM
    subdomains: str = _SUBDOMAINS

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that its pictures come from, one for each subdomain."""
        subs = self.subdomains if "{s}" in self.url else "a"
        parts = [urlsplit(self.url.replace("{s}", sub)) for sub in subs]
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


def read_layers(text: str) -> tuple[TileLayer, ...]:
    """The layers of a setting, commas between them. Raises ValueError with fault; remedy."""
    return tuple(_layer(entry.strip()) for entry in text.split(",") if entry.strip())


def origins(layers: Iterable[TileLayer]) -> tuple[str, ...]:
    """All origins of the layers, each once."""
    return tuple(dict.fromkeys(origin for layer in layers for origin in layer.origins))


def read_file(text: str) -> Path | None:
    """The file of vector tiles of a setting. Raises ValueError where it is none."""
    if not text.strip():
        return None
    path = Path(text.strip())
    try:
        with path.open("rb") as file:
            head = file.read(len(_PMTILES))
    except OSError as error:
        raise ValueError(
            f"“{path}” cannot be read ({error.strerror}); name a .pmtiles file that is there"
        ) from error
    if head != _PMTILES:
        raise ValueError(
            f"“{path}” is no PMTiles archive of version 3; docs/map.md says how to make one"
        )
    return path


def _layer(entry: str) -> TileLayer:
    label, is_own, address = entry.partition("=")
    if is_own and "://" in address:
        return _own(label.strip(), address.strip())
    return _known(entry)


def _own(label: str, address: str) -> TileLayer:
    url, _, attribution = address.partition("#")
    parts = urlsplit(url)
    if not label or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            f"“{label}={address}” is not a tile server; write it like "
            "Streets=https://tiles.example.org/{z}/{x}/{y}.png#© who made the map"
        )
    if not all(place in url for place in _PLACES):
        raise ValueError(f"“{url}” has no {{z}}, {{x}} and {{y}}; write them where the tile's go")
    if re.search(r"[\s;\"']", url):
        raise ValueError(f"“{url}” holds a sign that cannot stand in an address; leave it out")
    if not attribution.strip():
        raise ValueError(
            f"“{label}” names nobody as the map's maker; write their name after the address, "
            "like …/{y}.png#© OpenStreetMap contributors"
        )
    return TileLayer(label, url, attribution.strip())


def _known(name: str) -> TileLayer:
    # Loaded only where an owner chose one: it holds some hundreds of providers.
    import xyzservices.providers as providers

    try:
        provider: dict[str, Any] = dict(providers.query_name(name))
    except ValueError:
        close = difflib.get_close_matches(name, providers.flatten(), 3)
        remedy = f"did you mean {' or '.join(close)}?" if close else "see docs/map.md for some"
        raise ValueError(f"there is no layer “{name}”; {remedy}") from None
    url = str(provider["url"])
    for key, value in provider.items():
        if isinstance(value, str) and f"{{{key}}}" in url:
            if value.startswith("<insert"):
                raise ValueError(
                    f"“{name}” asks for a key of its provider; write its address with your key as "
                    "an own tile server, or choose another"
                )
            url = url.replace(f"{{{key}}}", value)
    return TileLayer(
        label=str(provider["name"]).replace(".", " "),
        url=url,
        attribution=str(provider["attribution"]),
        max_zoom=int(provider.get("max_zoom", _MAX_ZOOM)),
        subdomains=str(provider.get("subdomains", _SUBDOMAINS)),
    )
