"""Which incidents of a large snapshot lie in a shape, measured once and kept as a bit an incident
(selection → expression).

A snapshot never changes, and its incidents lie at far fewer places: a shape is measured for each
place, by `geo.within` as everywhere, and a question looks a bit up where it would measure sides for
each incident. See docs/decisions/query-shapes.md.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mapapp.domain.selection import Circle, Corridor, Polygon, Selection
from mapapp.query.filters import geo
from mapapp.query.filters.table import restrict
from mapapp.query.tables import Compiled, Expr, Recent, compile_query, table
from mapapp.snapshot.releases import FIRST_ROW
from mapapp.store import Engine

Shape = Circle | Corridor | Polygon

#: What tells places apart, and what a shape is measured by beside these.
_PLACE = ("lat", "lng", "radius_m", "areal", "area_id")
_MEASURED = ("mx", "my", "west", "south", "east", "north")

#: Selections kept of a snapshot: each holds a bit and a third an incident.
_KEPT = 32


@dataclass(frozen=True, slots=True)
class _Places:
    """The places of a snapshot, and which of them each incident is at: by file, the number of the
    place at the incident's place in the file, one more than there are where it has none.
    """

    table: pa.Table
    numbers: Mapping[int, NDArray[np.int32]]


class Shapes:
    """What was measured of one snapshot; safe between threads."""

    def __init__(self) -> None:
        self._places: Recent[_Places] = Recent(1)
        self._bits: Recent[Mapping[int, NDArray[np.bool_]]] = Recent(_KEPT)
        self._selections: Recent[Compiled] = Recent(_KEPT)

    def selection(
        self, engine: Engine, selection: Selection, name: Hashable, to: Callable[[Expr], Expr]
    ) -> Compiled:
        """The incidents of a selection that has shapes, after what `to`, known by `name`, makes of
        them.
        """

        def make() -> Compiled:
            others = replace(selection, near=None, along=None, inside=None)
            chosen = restrict(table("incidents"), others)
            for shape in selection.shapes:
                chosen = chosen.filter(self._within(engine, chosen, shape, selection.place_certain))
            return compile_query(to(chosen), engine.dialect)

        return self._selections.get((selection, name), make)

    def _within(self, engine: Engine, t: Expr, shape: Shape, certain: bool) -> Expr:
        def measure() -> Mapping[int, NDArray[np.bool_]]:
            places = self._places.get("places", lambda: _places_of(engine))
            inside = _measured(places.table, shape, certain)
            return {file: inside[numbers] for file, numbers in places.numbers.items()}

        bits = self._bits.get((shape, certain), measure)
        return geo.any_of(
            [(t.row >> _FILE_BITS == file) & (_bit(t, own) == 1) for file, own in bits.items()]
        )


_FILE_BITS = FIRST_ROW.bit_length() - 1

_SHAPES: WeakKeyDictionary[Engine, Shapes] = WeakKeyDictionary()


def shapes_of(engine: Engine) -> Shapes:
    """What was measured of the snapshot that an engine has open."""
    return _SHAPES.setdefault(engine, Shapes())


@ibis.udf.scalar.builtin(name="bit_at", catalog="memory", database="main")  # type: ignore[untyped-decorator]
def _bit_at(bits: str, at: int) -> int:  # type: ignore[empty-body]
    """The bit at a place of a text in base 64 (a macro of `DuckDBEngine`)."""


def _bit(t: Expr, bits: NDArray[np.bool_]) -> Expr:
    """A row's bit. A last one, 0, is for rows beyond: of incidents that are not on the map, and of
    those that an edit stands for.
    """
    text = base64.b64encode(np.packbits(np.append(bits, False)).tobytes()).decode("ascii")
    return _bit_at(text, ibis.least(t.row & (FIRST_ROW - 1), len(bits)))


def _places_of(engine: Engine) -> _Places:
    t = table("incidents")
    mapped = t.filter(t.mappable)
    places = mapped.group_by([t[name] for name in _PLACE]).aggregate(
        row=mapped.row.min(), **{name: mapped[name].min() for name in _MEASURED}
    )
    same = [mapped[name].identical_to(places[name]) for name in _PLACE]
    at = mapped.join(places, same).select(row=mapped.row, first=places.row)
    found = compile_query(places.mutate(mappable=True), engine.dialect).ask(engine).sort_by("row")
    rows = compile_query(at, engine.dialect).ask(engine)
    return _Places(found, _numbered(rows, found["row"].to_numpy()))


def _numbered(rows: pa.Table, firsts: NDArray[np.int64]) -> dict[int, NDArray[np.int32]]:
    row = rows["row"].to_numpy()
    place = np.searchsorted(firsts, rows["first"].to_numpy()).astype(np.int32)
    files = row >> _FILE_BITS
    numbers = {}
    for file in np.unique(files).tolist():
        own = files == file
        at = row[own] & (FIRST_ROW - 1)
        numbers[file] = np.full(int(at.max()) + 1, len(firsts), np.int32)
        numbers[file][at] = place[own]
    return numbers


def _measured(places: pa.Table, shape: Shape, certain: bool) -> NDArray[np.bool_]:
    """Whether each place lies in a shape; the last is no place."""
    inside: NDArray[np.bool_] = geo.within(geo.Columns(places), shape, certain=certain)
    return np.append(inside, False)
