"""Canaries: texts, places and figures that must never leave, and the search for them in anything.

The search looks into archives, workbooks, Parquet, GeoPackages, compressed and packed bytes,
pictures' texts and vector tiles, and finds coordinates by their value, not by how they are written.
"""

from __future__ import annotations

import base64
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import shapely

#: A place is found by a pair of numbers this near to it, in degrees: some 30 m.
NEAR = 0.0003

_NUMBER = re.compile(rb"-?\d{1,3}\.\d{2,}")
_SQLITE = b"SQLite format 3\0"
_SIX = re.compile(rb"(?<!\d)\d{3},?\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Canaries:
    """What must not be found: words in any case, (lat, lng), and whole numbers of six digits."""

    words: frozenset[str]
    places: frozenset[tuple[float, float]]
    figures: frozenset[int]

    def found(self, content: bytes) -> set[str]:
        """Those that some bytes hold, however packed."""
        seen: set[str] = set()
        for piece in opened(content):
            lower = piece.lower()
            seen |= {word for word in self.words if word.encode() in lower}
            numbers = {m.group().replace(b",", b"") for m in _SIX.finditer(piece)}
            seen |= {str(own) for own in self.figures if str(own).encode() in numbers}
            seen |= {str(own) for own in self.figures if own.to_bytes(4, "little") in piece}
            written = np.array([float(m.group()) for m in _NUMBER.finditer(piece)])
            # Outlines hold a hundred thousand written numbers: a place is two beside each other.
            # What is packed may have its latitudes and its longitudes apart.
            # A database is read by its cells (`_rows_of`): among the corners of many outlines one
            # has such a latitude and another such a longitude, wherever its pages put them.
            packed = () if piece[:16] == _SQLITE else _packed(piece)
            for values, reach in ((written, 3), *((own, 0) for own in packed)):
                seen |= {f"{a}, {b}" for a, b in self.places if _near(values, a, b, reach)}
        return seen


def _near(values: Any, lat: float, lng: float, reach: int) -> bool:
    first = np.flatnonzero(abs(values - lat) < NEAR)
    second = np.flatnonzero(abs(values - lng) < NEAR)
    if not reach:
        return bool(len(first) and len(second))
    return any((abs(second - at) <= reach).any() for at in first)


def _packed(piece: bytes) -> Iterator[Any]:
    """The bytes as floats of either size, at every place that a packer puts them."""
    for kind, size in (("<f8", 8), ("<f4", 4)):
        for start in range(0, 4 if size == 4 else 8):
            whole = (len(piece) - start) // size * size
            if whole <= 0:
                continue
            values = np.frombuffer(piece[start : start + whole], kind)
            yield values[np.isfinite(values) & (abs(values) < 200)]


def opened(content: bytes, depth: int = 0) -> Iterator[bytes]:
    """Some bytes, and what is packed in them."""
    yield content
    if depth > 4:
        return
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from opened(archive.read(name), depth + 1)
    elif content[:2] == b"\x1f\x8b":
        yield from opened(gzip.decompress(content), depth + 1)
    elif content[:16] == _SQLITE:
        yield from _rows_of(content)
    elif content[:4] == b"PAR1":
        table = pq.read_table(io.BytesIO(content))
        yield repr(table.to_pylist()).encode()
        for row in table.to_pylist():
            yield from map(_corners, row.values())
        yield repr(table.schema.metadata).encode()
    elif content[:6] == b"ARROW1":
        yield repr(pyarrow.ipc.open_file(pa.py_buffer(content)).read_all().to_pylist()).encode()
    elif b'"packed":' in content[:200_000]:  # a large standalone page
        for match in re.finditer(rb'"data":\s*"([A-Za-z0-9+/=]+)"', content):
            yield zlib.decompress(base64.b64decode(match[1]))
    elif content[:8] == b"\x89PNG\r\n\x1a\n":
        yield from _texts_of(content)


def _rows_of(database: bytes) -> Iterator[bytes]:
    """What the tables of an SQLite file say: a line a row, and the corners of its geometries."""
    base = sqlite3.connect(":memory:")
    base.deserialize(database)
    names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    for name in names:
        for row in base.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
            yield repr([cell for cell in row if not isinstance(cell, bytes)]).encode()
            yield from map(_corners, row)
    base.close()


def _corners(cell: Any) -> bytes:
    """A geometry's corners as text, latitude and longitude a line; nothing of other cells."""
    if not isinstance(cell, bytes):
        return b""
    header = 8 if cell[:2] == b"GP" else 0  # GeoPackage's own, without an envelope
    corners = shapely.get_coordinates(shapely.from_wkb(cell[header:]))
    return "\n".join(f"{lat:.6f} {lng:.6f}" for lng, lat in corners).encode()


def _texts_of(picture: bytes) -> Iterator[bytes]:
    """What a PNG says beside its pixels."""
    at = 8
    while at < len(picture):
        size = int.from_bytes(picture[at : at + 4], "big")
        kind, own = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"eXIf"):
            yield own
        elif kind == b"zTXt":
            yield zlib.decompress(own.split(b"\0", 1)[1][1:])
        at += 12 + size


def tile_text(content: bytes, z: int, x: int, y: int) -> bytes:
    """A vector tile as text, its points as degrees of latitude and longitude."""
    lines = []
    for name, layer in mapbox_vector_tile.decode(content).items():
        for feature in layer["features"]:
            lines.append(f"{name} {feature['properties']!r}")
            points = _points(feature["geometry"]["coordinates"])
            lines += [_degrees(px, py, layer["extent"], z, x, y) for px, py in points]
    return "\n".join(lines).encode()


def _points(own: Any) -> list[tuple[float, float]]:
    if own and isinstance(own[0], int | float):
        return [(own[0], own[1])]
    return [point for part in own for point in _points(part)]


def _degrees(px: float, py: float, extent: int, z: int, x: int, y: int) -> str:
    n = 2**z
    lng = (x + px / extent) / n * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + 1 - py / extent) / n))))
    return f"{lat:.6f} {lng:.6f}"


def tile_at(lat: float, lng: float, z: int) -> tuple[int, int]:
    """Column and row of the tile that holds a place."""
    n = 2**z
    radians = np.radians(lat)
    return int((lng + 180) / 360 * n), int((1 - np.arcsinh(np.tan(radians)) / np.pi) / 2 * n)
