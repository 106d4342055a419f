"""SVG drawing with all text escaped by the XML writer (export → picture)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from mapapp.exporters.xml_text import xml_text

# DejaVu first: it has ≥ and ≠, for which a renderer would else set the whole line in another font.
FAMILY = "'DejaVu Sans', 'Noto Sans', 'Segoe UI', system-ui, sans-serif"

INK, SOFT, LINE, SEA, LAND, BORDER = (
    "#1b2733", "#55626f", "#d3dbe2", "#e8eef2", "#fcfdfe", "#a9b4bf",
)  # fmt: skip

#: Okabe–Ito by attribution kind, with the letter that repeats what the colour says.
KINDS: dict[str, tuple[str, str]] = {
    "contested": ("#CC79A7", "X"),
    "claimed": ("#D55E00", "C"),
    "attributed": ("#E69F00", "A"),
    "suspected": ("#F0E442", "S"),
    "denied": ("#0072B2", "D"),
    "unclaimed": ("#999999", "U"),
    "none": ("#7C8792", ""),
}


class Picture:
    """An SVG picture of a size in px; shapes are drawn in the order they are added."""

    def __init__(self, width: float, height: float, title: str, about: str) -> None:
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width:g} {height:g}",
                "width": f"{width:g}",
                "height": f"{height:g}",
                "font-family": FAMILY,
                "role": "img",
                "aria-labelledby": "title about",
            },
        )
        self.add("title", id="title").text = clean(title)
        self.add("desc", id="about").text = clean(about)
        self.defs = self.add("defs")
        self.rect(0, 0, width, height, fill="#ffffff")

    def add(self, tag: str, **attributes: object) -> ET.Element:
        """An element; `_` in a name stands for `-`, numbers are shortened."""
        return self.add_to(self.root, tag, **attributes)

    @staticmethod
    def add_to(parent: ET.Element, tag: str, **attributes: object) -> ET.Element:
        """The same inside another element."""
        plain = {
            name.replace("_", "-"): f"{value:.2f}".rstrip("0").rstrip(".")
            if isinstance(value, float)
            else str(value)
            for name, value in attributes.items()
        }
        return ET.SubElement(parent, tag, plain)

    def rect(self, x: float, y: float, width: float, height: float, **style: object) -> ET.Element:
        """A rectangle from its top left corner."""
        return self.add("rect", x=x, y=y, width=width, height=height, **style)

    def circle(self, x: float, y: float, r: float, **style: object) -> ET.Element:
        """A circle."""
        return self.add("circle", cx=x, cy=y, r=r, **style)

    def path(self, d: str, **style: object) -> ET.Element:
        """A path in SVG's own words."""
        return self.add("path", d=d, **style)

    def text(self, x: float, y: float, words: str, size: float = 13, **style: object) -> ET.Element:
        """One line of text; `y` is its base line."""
        element = self.add("text", x=x, y=y, font_size=size, **{"fill": INK, **style})
        element.text = clean(words)
        return element

    def hatch(self, name: str, colour: str, size: float = 9, width: float = 1.4) -> str:
        """A 45° hatch, made once; the value for `fill`."""
        if self.defs.find(f"./pattern[@id='{name}']") is None:
            pattern = self.add_to(
                self.defs, "pattern", id=name, width=size, height=size,
                patternUnits="userSpaceOnUse", patternTransform="rotate(45)",
            )  # fmt: skip
            self.add_to(
                pattern, "line", x1=0, y1=0, x2=0, y2=size, stroke=colour, stroke_width=width * 2
            )
        return f"url(#{name})"

    def bytes(self) -> bytes:
        """The picture as UTF-8 SVG."""
        content: bytes = ET.tostring(self.root, encoding="utf-8", xml_declaration=True)
        return content


def clean(words: str) -> str:
    """Text that XML can hold, on one line."""
    return xml_text(" ".join(words.split()))


def wrapped(words: str, width_px: float, size: float, most: int = 3) -> list[str]:
    """Lines that fit a width by the mean width of a letter; the last is cut where too many."""
    lines = textwrap.wrap(clean(words), max(8, int(width_px / (size * 0.6))))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" .,;") + " …"]
    return lines


def width_of(words: str, size: float) -> float:
    """About how wide a line of text is, px."""
    return len(words) * size * 0.6


def lines(
    picture: Picture, x: float, y: float, words: Iterable[str], size: float, **style: object
) -> float:
    """Lines of text one under the other; returns the base line after the last."""
    for line in words:
        picture.text(x, y, line, size, **style)
        y += size * 1.4
    return y
