"""A picture as PNG, by resvg (SVG → PNG)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import resvg_py

from mapapp.domain.problems import StoreUnavailable
from mapapp.exporters.extract import Extract
from mapapp.exporters.pictures.svg import Picture

#: Twice the picture's px: sharp on paper and on a dense screen.
ZOOM = 2


def writer(draw: Callable[[Extract], Picture]) -> Callable[[Extract], bytes]:
    """What writes the PNG of a picture."""

    def write(extract: Extract) -> bytes:
        """The PNG. Raises StoreUnavailable where this machine has no font to set text in."""
        if not has_font():
            raise StoreUnavailable(
                "no font is installed here, a PNG would be without words. Take the SVG, or "
                "install a font (on Debian: apt install fonts-dejavu-core)"
            )
        return render(draw(extract).bytes().decode())

    return write


def render(svg: str, zoom: int = ZOOM) -> bytes:
    """PNG bytes of an SVG text."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, background="#ffffff"))


@lru_cache
def has_font() -> bool:
    """Whether a letter leaves a mark."""
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{}</svg>'
    letter = '<text x="2" y="30" font-size="30" font-family="sans-serif">M</text>'
    return render(frame.format(letter)) != render(frame.format(""))
