"""GED rows as snapshot columns, whole columns at a time (rows → columns).

The way of `importers/ged.py` for a million rows: what is plainly sound is computed here over whole
columns, and anything else is left to the reader of single rows, so that both give the same. The
tests hold the two against each other on every real file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.vocab import (
    Doubt,
    GeoPrecision,
    Rule,
)
from mapapp.domain.weapons import Weapon
from mapapp.importers.cells import countries
from mapapp.importers.cells.day_values import tomorrow
from mapapp.importers.cells.located import Locator
from mapapp.importers.cells.values import BadValue
from mapapp.importers.forms import ged_codes, ged_sides
from mapapp.importers.forms.dataset import Columns, Release
from mapapp.ingest.convert import CLAIMS
from mapapp.ingest.ged_arrays import (
    by_code,
    like,
    numbers_of,
    precision,
    range_text,
    repeated,
    taken,
)
from mapapp.ingest.ged_column_sides import add_victims, claims_of, fold, sides_of
from mapapp.snapshot.columns import fold_text
from mapapp.snapshot.schema import BASE, best_column

#: Columns without which rows are read one at a time.
NEEDED = (
    "id", "type_of_violence", "side_a", "side_b", "where_prec", "latitude", "longitude", "country",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "low", "high",
)  # fmt: skip
_USED = (
    *NEEDED, "iso3", "adm_1", "adm_2", "where_coordinates", "where_description", "event_clarity",
    "code_status", "source_article", "source_headline",
)  # fmt: skip
_COUNTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high")
_DAY = r"^(?:19|20)\d\d-\d\d-\d\d(?:[T ].*)?$"


class GedColumns:
    """Turns chunks of rows of one file into `BASE` columns."""

    def __init__(self, columns: Columns, header: Sequence[str], release: Release, locator: Locator):
        self._at = {
            name: list(header).index(columns.found[name]) for name in _USED if name in columns.found
        }
        self._usable = self.has_all(columns)
        self._release = release
        self._locator = locator
        self._places: dict[tuple[Any, ...], dict[str, Any] | None] = {}

    @staticmethod
    def has_all(columns: Columns) -> bool:
        """Whether a file's columns are enough for this way."""
        # No release has it beside the other four; as one of five they would not add up.
        if "combatant_deaths" in columns.found:
            return False
        return all(name in columns.found for name in NEEDED)

    @property
    def usable(self) -> bool:
        """Whether the file has the columns that this way needs."""
        return self._usable

    def chunk(self, cells: Sequence[Sequence[str]]) -> tuple[pa.Table, np.ndarray]:
        """`BASE` columns of the sound rows with their number of claims (`CLAIMS`), and which rows
        those are; all have the header's width.

        The rows not marked have to be read one at a time.
        """
        every = list(zip(*cells, strict=True))
        empty = [""] * len(cells)
        text = {
            name: pc.utf8_trim_whitespace(
                pa.array(every[self._at[name]] if name in self._at else empty, pa.string())
            )
            for name in _USED
        }
        sound, numbers, days, country = self._check(text)
        keep = pa.array(sound)
        text = {name: column.filter(keep) for name, column in text.items()}
        numbers = {name: values[sound] for name, values in numbers.items()}
        days = {name: column.filter(keep) for name, column in days.items()}
        country = country[sound]
        places = self._located(text, numbers, country)
        placed = np.array([place is not None for place in places], bool)
        if not placed.all():
            sound[np.flatnonzero(sound)[~placed]] = False
            keep = pa.array(placed)
            text = {name: column.filter(keep) for name, column in text.items()}
            numbers = {name: values[placed] for name, values in numbers.items()}
            days = {name: column.filter(keep) for name, column in days.items()}
            country = country[placed]
        found = [place for place in places if place is not None]
        return self._columns(text, numbers, days, country, found), sound

    def _check(
        self, text: dict[str, Any]
    ) -> tuple[np.ndarray, dict[str, np.ndarray], dict[str, Any], np.ndarray]:
        """Which rows are plainly sound, and their figures, days and countries."""
        ok = like(text["id"], r"^[1-9][0-9]{0,17}$")
        numbers: dict[str, np.ndarray] = {}
        for name in _COUNTS:
            ok &= like(text[name], r"^[0-9]{1,7}$")
        for name, codes in (
            ("type_of_violence", "1-3"), ("where_prec", "1-7"), ("date_prec", "0-9"),
        ):  # fmt: skip
            ok &= like(text[name], f"^[{codes}]$")
        for name in (*_COUNTS, "type_of_violence", "where_prec", "date_prec"):
            numbers[name] = numbers_of(text[name], ok)
        ok &= (numbers["low"] <= numbers["best"]) & (numbers["best"] <= numbers["high"])
        for name, limit in (("latitude", 90), ("longitude", 180)):
            ok &= like(text[name], r"^-?[0-9]{1,3}(?:\.[0-9]+)?$")
            numbers[name] = numbers_of(text[name], ok, float)
            ok &= np.abs(numbers[name]) <= limit
        days: dict[str, Any] = {}
        for name in ("date_start", "date_end"):
            ok &= like(text[name], _DAY)
            head = pc.utf8_slice_codeunits(text[name], 0, 10)
            head = pc.if_else(pa.array(ok), head, pa.scalar("2000-01-01"))
            parsed = pc.strptime(head, format="%Y-%m-%d", unit="s", error_is_null=True)
            # A day that its month does not have comes out as another day, or as none.
            same = pc.equal(pc.strftime(parsed, format="%Y-%m-%d"), head)
            ok &= pc.fill_null(same, False).to_numpy(zero_copy_only=False)
            days[name] = parsed.cast(pa.date32())
        last = pa.scalar(tomorrow())
        past = pc.less_equal(days["date_start"], last)
        past = pc.and_(past, pc.less_equal(days["date_end"], last))
        ok &= pc.fill_null(past, False).to_numpy(zero_copy_only=False)
        ordered = pc.less_equal(days["date_start"], days["date_end"])
        ok &= pc.fill_null(ordered, False).to_numpy(zero_copy_only=False)
        named = pc.if_else(pc.equal(text["iso3"], ""), text["country"], text["iso3"])
        codes_, names = pd.factorize(np.asarray(named.to_pandas(), dtype=object))
        country = np.array([countries.iso3(str(n)) or "" for n in names] + [""], object)[codes_]
        ok &= country != ""
        return ok, numbers, days, country

    def _located(
        self, text: dict[str, Any], numbers: dict[str, np.ndarray], country: np.ndarray
    ) -> list[dict[str, Any] | None]:
        """The place of each row; None where it needs a closer look."""
        keys = zip(
            country.tolist(), numbers["latitude"].tolist(), numbers["longitude"].tolist(),
            numbers["where_prec"].tolist(), text["adm_1"].to_pylist(), text["adm_2"].to_pylist(),
            strict=True,
        )  # fmt: skip
        return [self._place(key) for key in keys]

    def _place(self, key: tuple[Any, ...]) -> dict[str, Any] | None:
        if key not in self._places:
            nation, lat, lng, prec, adm1, adm2 = key
            try:
                where = self._locator.at(
                    country=nation, text="", lat=lat, lng=lng,
                    exactness=ged_codes.WHERE[int(prec)], adm1=adm1, adm2=adm2,
                ).place  # fmt: skip
            except BadValue:
                self._places[key] = None
            else:
                self._places[key] = {
                    "place_id": where.place_id, "adm1_pcode": where.adm1_pcode,
                    "adm1_name": where.adm1_name, "adm2_pcode": where.adm2_pcode,
                    "adm2_name": where.adm2_name, "geo_precision": str(where.geo_precision),
                    "lat": where.lat, "lng": where.lng, "radius_m": where.radius_m,
                    "area_id": where.area_id,
                }  # fmt: skip
        return self._places[key]

    def _columns(
        self,
        text: dict[str, Any],
        numbers: dict[str, np.ndarray],
        days: dict[str, Any],
        country: np.ndarray,
        places: list[dict[str, Any]],
    ) -> pa.Table:
        rows = len(places)
        kinds = numbers["type_of_violence"].astype(int)
        start, end = days["date_start"], days["date_end"]
        one_day = pc.equal(start, end)
        shown = pc.if_else(
            one_day,
            start.cast(pa.string()),
            pc.binary_join_element_wise(start.cast(pa.string()), end.cast(pa.string()), " to "),
        )
        where = text["country"]
        for name in ("adm_1", "adm_2", "where_description", "where_coordinates"):
            where = pc.if_else(pc.equal(text[name], ""), where, text[name])
        labels = {kind: ged_codes.VIOLENCE[kind] for kind in (1, 2, 3)}
        label = by_code(kinds, {kind: own[0] for kind, own in labels.items()})
        title = pc.if_else(
            pc.equal(where, ""), label, pc.binary_join_element_wise(label, where, ", ")
        )
        sides = sides_of(text, kinds, country, start)
        low, best, high = (numbers[name].astype(np.int32) for name in ("low", "best", "high"))
        columns: dict[str, Any] = {
            "id": pc.binary_join_element_wise(pa.scalar(self._release.dataset), text["id"], "-"),
            "title": title,
            "background": np.zeros(rows, bool),
            "abroad": country != "AFG",
            "country": pa.array(country.tolist(), pa.string()),
            "dataset": pa.repeat(self._release.dataset, rows),
            "earliest": start,
            "latest": end,
            "date_precision": precision(numbers["date_prec"].astype(int), one_day),
            "date_text": shown,
            "place_text": where,
            "place_name": pa.repeat("", rows),
            "mappable": pa.array(
                [
                    p["geo_precision"] != GeoPrecision.COUNTRY and p["lat"] is not None
                    for p in places
                ]
            ),
            "event_type": by_code(kinds, {k: str(own[1]) for k, own in labels.items()}),
            "target_type": by_code(kinds, {k: str(own[2]) for k, own in labels.items()}),
            "target": by_code(kinds, {k: own[3] for k, own in labels.items()}),
            "source_ids": repeated([self._release.source.id], rows),
            "doubts": repeated([str(Doubt.SINGLE_SOURCE)], rows),
            "weapons": repeated([str(Weapon.NOT_STATED)], rows),  # GED codes none
            "origins": np.ones(rows, np.int32),
            "speakers": np.ones(rows, np.int32),
            "killed_low": low,
            "killed_high": high,
            "killed_high_open": np.zeros(rows, bool),
            "killed_text": range_text(low, high),
            "wounded_high_open": np.zeros(rows, bool),
            "wounded_text": pa.repeat("unknown", rows),
            **{best_column("killed", rule): best for rule in Rule},
        }
        for name in ("place_id", "adm1_pcode", "adm1_name", "adm2_pcode", "adm2_name",
                     "geo_precision", "lat", "lng", "radius_m", "area_id"):  # fmt: skip
            columns[name] = pa.array([p[name] for p in places], BASE.field(name).type)
        for name in ("tokens", "actors", "groups", "kinds", "attributed_by", "voices",
                     "participants", "display_kind", "disagreements"):  # fmt: skip
            columns[name] = taken([side[name] for side in sides.values], sides.codes, name)
        add_victims(columns, numbers, sides, low, high)
        columns["search_text"] = pa.array(
            [
                _search_text(*words)
                for words in zip(
                    title.to_pylist(), columns["target"].to_pylist(), where.to_pylist(),
                    columns["adm1_name"].to_pylist(), columns["adm2_name"].to_pylist(),
                    _notes(text, kinds, label), [sides.values[i]["words"] for i in sides.codes],
                    strict=True,
                )
            ],
            pa.string(),
        )  # fmt: skip
        for field in BASE:
            if field.name not in columns:
                columns[field.name] = pa.nulls(rows, field.type)
        made = pa.table([pa.array(columns[n]) if isinstance(columns[n], np.ndarray) else columns[n]
                         for n in BASE.names], names=BASE.names).cast(BASE)  # fmt: skip
        return made.append_column(CLAIMS, pa.array(claims_of(numbers, kinds, sides)))


def _notes(text: dict[str, Any], kinds: np.ndarray, label: Any) -> list[list[str]]:
    """The notes of each record, as `ged.py` writes them."""
    names = (
        "side_a",
        "side_b",
        "event_clarity",
        "code_status",
        "source_article",
        "source_headline",
    )
    said = zip(*(text[name].to_pylist() for name in names), strict=True)
    return [
        ged_sides.notes(kind, words, a, b, clarity, status, article or headline)
        for kind, words, (a, b, clarity, status, article, headline) in zip(
            kinds.tolist(), label.to_pylist(), said, strict=True
        )
    ]


def _search_text(
    title: str, target: str, where: str, adm1: str | None, adm2: str | None, notes: list[str],
    actors: tuple[str, ...],
) -> str:  # fmt: skip
    words = dict.fromkeys(fold(word) for word in (title, target, where, adm1, adm2) if word)
    words |= dict.fromkeys(map(fold_text, notes))
    return "\n".join(words | dict.fromkeys(actors))
