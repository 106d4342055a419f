"""The dashboard's questions answered by pandas over a DataFrame in memory, the usual way.

Columns are typed as a careful user would (categories, dates, nullable numbers); lists stay lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.query.filters import areas
from mapapp.query.filters.table import BY_PART
from mapapp.query.questions.places import CELL_BITS
from mapapp.snapshot.columns import fold_text
from mapapp.snapshot.schema import MERCATOR_BITS

_CODES = (
    "adm1_pcode", "adm2_pcode", "event_type", "target_type", "display_kind", "geo_precision",
    "date_precision", "area_id",
)  # fmt: skip
_LISTS = ("groups", "kinds", "tokens", "victims")
_PLAIN = (
    "row", "id", "title", "earliest", "latest", "background", "abroad", "mappable", "areal", "lat",
    "lng", "radius_m", "mx", "my", "killed_low", "killed_high", "killed_high_open",
    "killed_best_independent_first", "wounded_low", "wounded_high", "search_text",
)  # fmt: skip

FACETS = {
    "provinces": "adm1_pcode",
    "groups": "groups",
    "kinds": "kinds",
    "event_types": "event_type",
}


class PandasWay:
    """A DataFrame of the snapshot's incidents, and the questions as methods."""

    def __init__(self, snapshot: Path) -> None:
        with duckdb.connect(str(snapshot), read_only=True) as connection:
            names = [*_PLAIN, *_CODES, *_LISTS]
            table = connection.table("incidents").select(*names).to_arrow_table()
        self._frame = table.to_pandas(categories=list(_CODES), date_as_object=False)

    def _kept(self, s: Selection) -> Any:
        t = self._frame
        keep = ~t["background"] & ~t["abroad"]
        if s.date_from is not None:
            start = pd.Timestamp(s.date_from)
            keep &= (t["earliest"] >= start) if s.date_certain else ~(t["latest"] < start)
        if s.date_to is not None:
            end = pd.Timestamp(s.date_to)
            keep &= (t["latest"] <= end) if s.date_certain else ~(t["earliest"] > end)
        if s.provinces:
            keep &= t["adm1_pcode"].isin(s.provinces)
        if s.event_types:
            keep &= t["event_type"].isin(s.event_types)
        if s.groups and s.kinds:
            keep &= _any_of(t["tokens"], {f"{k}:{g}" for k in s.kinds for g in s.groups})
        elif s.groups:
            keep &= _any_of(t["groups"], set(s.groups))
        elif s.kinds:
            keep &= _any_of(t["kinds"], set(s.kinds))
        if s.victims:
            keep &= _any_of(t["victims"], set(s.victims))
        if s.killed_min is not None:
            keep &= t["killed_high_open"] | (t["killed_high"] >= s.killed_min)
        if s.killed_max is not None:
            keep &= t["killed_low"] <= s.killed_max
        if s.killed_min is not None or s.killed_max is not None:
            keep &= t["killed_low"].notna()
        for word in fold_text(s.text).split():
            keep &= t["search_text"].str.contains(word, regex=False)
        if s.near is not None:
            away = _haversine_km(t["lat"], t["lng"], s.near.lat, s.near.lng)
            near = away - t["radius_m"].fillna(0) / 1000 <= s.near.radius_km
            outlined = t["areal"] & t["area_id"].isin(areas.outlines())
            near = near.where(~outlined, t["area_id"].isin(areas.reach(s.near).touched))
            keep &= t["mappable"] & near
        return t[keep]

    def figures(self, s: Selection) -> dict[str, int]:
        kept = self._kept(s)
        return {
            "incidents": len(kept),
            "killed_low": int(kept["killed_low"].sum()),
            "killed_best": int(kept["killed_best_independent_first"].sum()),
            "killed_high": int(kept["killed_high"].sum()),
            "wounded_low": int(kept["wounded_low"].sum()),
            "wounded_high": int(kept["wounded_high"].sum()),
            "not_mappable": int((~kept["mappable"]).sum()),
        }

    def facets(self, s: Selection) -> dict[str, int]:
        """How many incidents all options of `FACETS` together would leave."""
        found = {}
        for part, column in FACETS.items():
            own = self._kept(BY_PART[part].lifted(s))[column]
            counts = own.explode().value_counts() if column in _LISTS else own.value_counts()
            found[part] = int(counts.sum())
        return found

    def table(self, s: Selection) -> list[str]:
        kept = self._kept(s)
        day = kept["earliest"].fillna(kept["latest"])
        order = pd.DataFrame({"day": day, "id": kept["id"]}).sort_values(
            ["day", "id"], ascending=[False, True], na_position="last"
        )
        return [str(own) for own in self._frame.loc[order.index[:50]]["id"]]

    def series(self, s: Selection) -> int:
        kept = self._kept(s)
        kept = kept[kept["earliest"].notna() & kept["latest"].notna()]
        first = kept["earliest"].dt.to_period("M")
        last = kept["latest"].dt.to_period("M")
        certain = first[first == last].value_counts()
        return int(certain.sum())

    def cells(self, s: Selection) -> dict[str, int]:
        kept = self._kept(s)
        kept = kept[kept["mappable"] & ~kept["areal"]]
        shift = MERCATOR_BITS - (6 + CELL_BITS)
        x = np.right_shift(kept["mx"].astype("int64"), shift)
        y = np.right_shift(kept["my"].astype("int64"), shift)
        counts = {kind: kept["display_kind"] == kind for kind in DISPLAY_KINDS}
        frame = pd.DataFrame({"x": x, "y": y, "lat": kept["lat"], "lng": kept["lng"], **counts})
        means = frame.groupby(["x", "y"]).agg(
            {"lat": "mean", "lng": "mean", **dict.fromkeys(DISPLAY_KINDS, "sum")}
        )
        return {"cells": len(means), "incidents": int(means[list(DISPLAY_KINDS)].sum().sum())}


def _any_of(lists: Any, wanted: set[str]) -> Any:
    return lists.map(lambda own: not wanted.isdisjoint(own)).astype(bool)


def _haversine_km(lat: Any, lng: Any, lat0: float, lng0: float) -> Any:
    a, b = np.radians(lat), np.radians(lat0)
    h = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lng - lng0) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(h))
