"""Incidents at the areas they lie in, whole columns at a time (serves log → public snapshot)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import DatePrecision, EventType, GeoPrecision, TargetType
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.gate import coarsened, is_finer, without_fields
from mapapp.gate.rules import ORDER
from mapapp.snapshot.columns import derive, searched
from mapapp.snapshot.schema import BASE

#: Columns of a place, and what `PlaceRef` calls them where that is another name.
_PLACE: Final = {
    "place_id": "", "place_text": "text", "place_name": "name", "adm1_pcode": "", "adm1_name": "",
    "adm2_pcode": "", "adm2_name": "", "geo_precision": "", "lat": "", "lng": "", "radius_m": "",
    "area_id": "", "mappable": "",
}  # fmt: skip
_SPOT: Final = ("adm1_pcode", "adm2_pcode", "lat", "lng", "geo_precision")
_NO_DAY: Final = DateInterval(None, None, DatePrecision.UNKNOWN)


class Coarsening:
    """What becomes of incidents that leave with places of a level at the finest; remembers it."""

    def __init__(
        self,
        level: GeoPrecision,
        withheld: frozenset[str],
        areas: GazetteerAreas,
        alias: Callable[[str], str],
    ) -> None:
        self._level, self._withheld = level, withheld
        self._areas, self._alias = areas, alias
        self._spots: dict[tuple[Any, ...], tuple[str, bool]] = {}
        self._said: dict[tuple[Any, ...], tuple[str, str, PlaceRef]] = {}

    def columns(self, t: pa.Table) -> tuple[pa.Table, Any, Any]:
        """Incidents (columns of `INCIDENTS`) as they leave, without `row`; the ids of their areas,
        "" for the country; "1" where the place is known finer, else "".
        """
        spots, keys = grouped([t[name] for name in _SPOT])
        found = [self._spot(*key) for key in keys]
        area = pa.array([own for own, _ in found], pa.string()).take(spots)
        finer = pa.array(["1" if own else "" for _, own in found], pa.string()).take(spots)
        actors = pc.binary_join(t["actors"], "\x1f")
        kinds, keys = grouped([t["event_type"], t["country"], area, finer, actors])
        said = [self._text(*key) for key in keys]
        places = [place for _, _, place in said]
        new: dict[str, Any] = {
            "id": self._ids(t),
            "title": pa.array([title for title, _, _ in said], pa.string()).take(kinds),
            "search_text": pa.array([text for _, text, _ in said], pa.string()).take(kinds),
            "date_text": pa.repeat("", t.num_rows),
            "target": pa.repeat("", t.num_rows),
        }
        for name, own in _PLACE.items():
            values = [getattr(place, own or name) for place in places]
            column = pa.array([str(v) if name == "geo_precision" else v for v in values],
                              BASE.field(name).type)  # fmt: skip
            new[name] = column.take(kinds)
        base = pa.table([new.get(n, t[n]) for n in BASE.names], names=BASE.names)
        return derive(base), area, finer

    def _ids(self, t: pa.Table) -> Any:
        """As `gate.coarse_id` makes them."""
        alias = pa.array([self._alias(key) for key in t["id"].to_pylist()], pa.string())
        year = pc.year(pc.coalesce(t["latest"], t["earliest"])).cast(pa.string())
        year = pc.fill_null(pc.binary_join_element_wise("-", year, ""), "")
        return pc.binary_join_element_wise(pc.utf8_lower(t["country"]), year, "-", alias, "")

    def _spot(
        self, adm1: str | None, adm2: str | None, lat: float | None, lng: float | None, own: str
    ) -> tuple[str, bool]:
        """The id of the area that stands for a place, and whether that is known finer."""
        key = (adm1, adm2, lat, lng, own)
        if key not in self._spots:
            precision = GeoPrecision(own)
            place = PlaceRef(
                "", adm1_pcode=adm1, adm2_pcode=adm2, geo_precision=precision, lat=lat, lng=lng
            )
            level = max(self._level, precision, key=ORDER.index)
            area = self._areas.area_of(place, level).place_id or ""
            self._spots[key] = area, is_finer(precision, self._level)
        return self._spots[key]

    def _text(
        self, event: str, country: str, area: str, finer: str, actors: str
    ) -> tuple[str, str, PlaceRef]:
        """Title, text to search and place of all incidents of a kind, as of one of them."""
        key = (event, country, area, finer, actors)
        if key not in self._said:
            place = self._areas.named(area)
            bare = IncidentRecord(
                "", "", _NO_DAY, place, EventType(event), TargetType.UNKNOWN, "", country=country
            )
            own = coarsened(bare, "", place, self._level if finer else None)
            own = without_fields(own, self._withheld)
            text = searched(own, [name for name in actors.split("\x1f") if name])
            self._said[key] = own.title, text, own.place
        return self._said[key]


def repeated(value: str, rows: int) -> Any:
    """A column of lists of this one value."""
    return pa.array([[value]], pa.list_(pa.string())).take(pa.array(np.zeros(rows, np.int64)))


def grouped(columns: Sequence[Any]) -> tuple[pa.Array, list[tuple[Any, ...]]]:
    """For each row the number of its kind, and the columns' values of each kind; null is a value.

    The columns are Arrow arrays of one length.
    """
    kinds, codes, values = np.zeros(len(columns[0]), np.int64), [], []
    for column in columns:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        coded = pc.dictionary_encode(whole, null_encoding="encode")
        values.append(coded.dictionary.to_pylist())
        codes.append(coded.indices.to_numpy())
        # Numbered anew with each column, so that the product stays small.
        kinds = pd.factorize(kinds * max(1, len(values[-1])) + codes[-1])[0].astype(np.int64)
    _, first = np.unique(kinds, return_index=True)
    named = zip(values, codes, strict=True)
    keys = zip(*([own[at] for at in code[first].tolist()] for own, code in named), strict=True)
    return pa.array(kinds), list(keys)
