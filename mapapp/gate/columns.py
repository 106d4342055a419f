"""The gate over whole columns, for rows of UCDP GED kept as they were (serves log → public
snapshot).

`domain/gate.py` says what leaves; here the same is done to a hundred thousand rows at a time, and
what is not plainly of the usual form is handed back, to pass as a record of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    TargetType,
)
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.gate import without_fields
from mapapp.gate.gated_rows import GatedForm
from mapapp.gate.ged_words import canonical_sides, note_texts, same_place_names
from mapapp.gate.places import Coarsening, grouped, repeated
from mapapp.importers.forms import ged, ged_codes, ged_sides
from mapapp.importers.forms.dataset import Columns
from mapapp.importers.forms.ged_codes import ONE_SIDED
from mapapp.importers.kept_rows import BETWEEN, TYPED, KeptForm
from mapapp.snapshot.columns import searched
from mapapp.snapshot.schema import INCIDENTS, ROWS

#: Columns of a row that always leave, by the importer's names.
_ALWAYS: Final = (
    "type_of_violence", "side_a", "side_b", "country", "iso3", "where_prec", "date_prec",
    "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown",
    "best", "low", "high",
)  # fmt: skip
_POINT: Final = ("adm_1", "adm_2", "latitude", "longitude")
_WHERE: Final = ("where_coordinates", "where_description")
_NOTES: Final = ("event_clarity", "code_status", "source_article", "source_headline")
#: Fields of which a search knows words.
_SEARCHED: Final = frozenset({"title", "target", "notes", "place_text", "words"})
_RECORD: Final = (
    "title", "event_type", "country", "target", "place_text", "place_name", "adm1_name",
    "adm2_name",
)  # fmt: skip
_FIELD_OF: Final = {"title": "title", "target": "target", "place_text": "place_text"}
_REMEMBERED: Final = 50_000
_NO_DAY: Final = DateInterval(None, None, DatePrecision.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Passed:
    """What leaves of some rows: their incidents (without `row`), their rows, and the ids of those
    that have to pass as records."""

    incidents: pa.Table
    rows: pa.Table
    refused: pa.Array


class GedGate:
    """One form's rows under the finest `level` that leaves and the fields withheld; `source_id` is
    their source's id outside."""

    def __init__(
        self,
        form: str,
        level: GeoPrecision | None,
        withheld: frozenset[str],
        source_id: str,
        areas: GazetteerAreas,
        alias: Callable[[str], str],
    ) -> None:
        self._kept, self._level, self._withheld = KeptForm.of(form), level, withheld
        self._source_id = source_id
        self._coarsening = Coarsening(level, withheld, areas, alias) if level else None
        self._said = lru_cache(maxsize=_REMEMBERED)(self._text_of)
        columns = Columns(self._kept.header, ged_codes.COLUMNS)
        self._at = {name: self._kept.header.index(own) for name, own in columns.found.items()}
        self._coarse = level is not None
        self._wordless = self._coarse or "words" in withheld
        # Without any of the three nothing else says how the row itself names its place.
        self._nameless = {"title", "place_text"} <= withheld
        names = ["id", *_ALWAYS]
        if not self._coarse:
            names += _POINT
            names += () if self._nameless else _WHERE
            names += () if "notes" in withheld else _NOTES
        self._names = tuple(name for name in names if name in self._at)
        header = tuple(self._kept.header[self._at[name]] for name in self._names)
        orders = {name: order for name, order in self._kept.orders.items() if name in header}
        left = replace(self._kept, header=header, orders=orders)
        self.form = GatedForm(left.text(), level, withheld).text()

    @staticmethod
    def can(form: str) -> bool:
        """Whether rows of this form can pass in columns."""
        kept = KeptForm.of(form)
        if kept.form != ged.Ged.name or kept.mapping or kept.defaults:
            return False
        found = Columns(kept.header, ged_codes.COLUMNS).found
        needed = ("id", *_ALWAYS, *_POINT)
        return all(n in found for n in needed if n != "iso3") and "combatant_deaths" not in found

    def chunk(self, whole: pa.Table) -> Passed:
        """What leaves of rows, which have the columns of `INCIDENTS`, `cells`, `claims`,
        `recorded_at` and `recorded_by`.
        """
        cells = whole["cells"].combine_chunks()
        width = len(self._kept.header)
        plain = pc.and_(
            pc.equal(pc.count_substring(cells, BETWEEN), width - 1),
            pc.invert(pc.starts_with(cells, TYPED)),
        )
        text = self._text(cells.filter(plain))
        known = pc.is_in(
            pc.utf8_trim_whitespace(text["type_of_violence"]), value_set=pa.array(["1", "2", "3"])
        )
        if self._nameless and not self._coarse:
            for name in ("latitude", "longitude"):  # else the words for the place locate it
                known = pc.and_(known, pc.not_equal(pc.utf8_trim_whitespace(text[name]), ""))
        t = whole.filter(plain).filter(known)
        text = {name: column.filter(known) for name, column in text.items()}
        fits = self._sides(t, text) & self._names_of_place(t, text)
        keep = pa.array(fits)
        t, text = t.filter(keep), {name: column.filter(keep) for name, column in text.items()}
        refused = whole["id"].filter(
            pc.invert(pc.is_in(whole["id"], value_set=t["id"].combine_chunks()))
        )
        own, extra = self._outside(t, text)
        incidents = own.select([n for n in INCIDENTS.names if n != "row"])
        return Passed(incidents, self._rows(t, own, text, extra), refused.combine_chunks())

    def _text(self, cells: pa.Array) -> dict[str, pa.Array]:
        parts = pc.split_pattern(cells, BETWEEN)
        names = {*self._names, *(n for n in (*_WHERE, *_NOTES) if n in self._at)}
        return {name: pc.list_element(parts, self._at[name]) for name in names}

    def _sides(self, t: pa.Table, text: dict[str, Any]) -> np.ndarray:
        """Put sides into words that say no more than what leaves; which rows that is possible for.

        Sides of battles are participants, which leave; of an attack's only the actors that they
        stand for.
        """
        rows = t.num_rows
        if not self._wordless:
            return np.ones(rows, bool)
        trimmed = {n: pc.utf8_trim_whitespace(text[n]) for n in ("side_a", "side_b", "deaths_a")}
        dead = pc.invert(pc.is_in(trimmed["deaths_a"], value_set=pa.array(["", "0"])))
        kind = pc.utf8_trim_whitespace(text["type_of_violence"])
        codes, keys = grouped(
            [kind, trimmed["side_a"], trimmed["side_b"], t["country"],
             pa.array(ged_sides.eras(t["earliest"])), dead]
        )  # fmt: skip
        made = [canonical_sides(int(key[0]), *key[1:]) for key in keys]
        for at, name in enumerate(("side_a", "side_b")):
            words = pa.array([own[at] if own else "" for own in made], pa.string())
            text[name] = words.take(codes)
        fits: np.ndarray = np.array([own is not None for own in made], bool)[codes]
        return fits

    def _names_of_place(self, t: pa.Table, text: dict[str, Any]) -> np.ndarray:
        """Put the row's names of areas into the gazetteer's, where its own are withheld."""
        if self._coarse or not {"place_text", "notes"} <= self._withheld:
            return np.ones(t.num_rows, bool)
        return same_place_names(t, text, shown="title" not in self._withheld)

    def _outside(self, t: pa.Table, text: dict[str, Any]) -> tuple[pa.Table, tuple[Any, ...]]:
        """The incidents as they leave, and the cells that say which areas they lie in."""
        if self._coarsening is None:
            return self._without_fields(t, text), ()
        own, area, finer = self._coarsening.columns(t)
        at = own.schema.get_field_index("source_ids")
        return own.set_column(at, "source_ids", repeated(self._source_id, t.num_rows)), (
            area,
            finer,
        )

    def _without_fields(self, t: pa.Table, text: dict[str, Any]) -> pa.Table:
        """The incidents without the fields withheld, at their own places."""
        if not _SEARCHED & self._withheld:
            return t
        gone = {_FIELD_OF[name] for name in self._withheld if name in _FIELD_OF}
        empty = [""] * t.num_rows
        rows = [empty if name in gone else t[name].to_pylist() for name in _RECORD]
        notes = note_texts(text) if "notes" not in self._withheld else empty
        named: Sequence[str] = empty
        if "words" not in self._withheld:
            attack = pc.equal(pc.utf8_trim_whitespace(text["type_of_violence"]), str(ONE_SIDED))
            side = pc.utf8_trim_whitespace(text["side_a"])
            named = pc.if_else(attack, side, "").to_pylist()
        actors = pc.binary_join(t["actors"], "\x1f").to_pylist()
        made = [self._said(*key) for key in zip(*rows, actors, notes, named, strict=True)]
        titles, targets, places, searches = zip(*made, strict=True) if made else ((),) * 4
        found = {"title": titles, "target": targets, "place_text": places, "search_text": searches}
        for name, values in found.items():
            at = t.schema.get_field_index(name)
            t = t.set_column(at, name, pa.array(values, pa.string()))
        return t

    def _text_of(
        self, title: str, event: str, country: str, target: str, words: str, name: str,
        adm1: str | None, adm2: str | None, actors: str, notes: str, side_a: str,
    ) -> tuple[str, str, str, str]:  # fmt: skip
        """Title, target, words for the place and text to search of an incident as it leaves."""
        place = PlaceRef(words, name=name, adm1_name=adm1, adm2_name=adm2)
        record = IncidentRecord(
            "", title, _NO_DAY, place, EventType(event), TargetType.UNKNOWN, target,
            country=country, notes=tuple(notes.split("\x1f")) if notes else (),
        )  # fmt: skip
        own = without_fields(record, self._withheld)
        text = searched(own, [a for a in actors.split("\x1f") if a], (side_a,))
        return own.title, own.target, own.place.text, text

    def _rows(
        self, t: pa.Table, own: pa.Table, text: dict[str, Any], extra: tuple[Any, ...]
    ) -> pa.Table:
        cells = [text[name] for name in self._names]
        if self._coarse:  # the number that UCDP gives it names the place
            cells[0] = pa.repeat("0", t.num_rows)
            cells[self._names.index("where_prec")] = pa.repeat("6", t.num_rows)
        joined = pc.binary_join_element_wise(*cells, *extra, BETWEEN)
        made = {
            "id": own["id"],
            "form": pa.repeat(self.form, t.num_rows),
            "cells": joined,
            "source_id": pa.repeat(self._source_id, t.num_rows),
            "claims": t["claims"],
            "recorded_at": t["recorded_at"],
            "recorded_by": t["recorded_by"],
        }
        return pa.table([made[n] for n in ROWS.names], names=ROWS.names).cast(ROWS)
