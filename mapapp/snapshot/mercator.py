"""Web-mercator integers and Morton keys, over whole columns (claims → snapshot).

Tiles and cells are then integer shifts in SQL, and need no spatial extension.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mapapp.snapshot.schema import MERCATOR_BITS

#: Where the square of web-mercator ends, degrees.
MAX_LAT = 85.0511287798066

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def project(lat: Floats, lng: Floats, bits: int = MERCATOR_BITS) -> tuple[Ints, Ints]:
    """Degrees to integer x (eastward) and y (southward) in 0 .. 2**bits - 1."""
    size = float(1 << bits)
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
    x = (lng / 360 + 0.5) * size
    y = (0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)) * size
    top = (1 << bits) - 1
    return (
        np.clip(np.floor(x), 0, top).astype(np.int64),
        np.clip(np.floor(y), 0, top).astype(np.int64),
    )


def unproject_all(x: Floats, y: Floats, bits: int = MERCATOR_BITS) -> tuple[Floats, Floats]:
    """Columns of integer coordinates (or fractions of them) to (lat, lng) degrees."""
    size = float(1 << bits)
    return np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / size)))), (x / size - 0.5) * 360


def morton(x: Ints, y: Ints) -> Ints:
    """The bits of x and y interleaved, so that near places have near keys."""
    return _spread(x) | (_spread(y) << 1)


def _spread(value: Ints) -> Ints:
    """Bits moved apart by one: abc → a0b0c, for numbers of 32 bits at most."""
    spread = value.astype(np.uint64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | (spread << np.uint64(shift))) & np.uint64(mask)
    return spread.astype(np.int64)
