"""The gate over whole columns, for releases that are kept as rows (serves log → public snapshot).

`gate.py` says what leaves of an incident that is read whole; here the columns that questions are
asked of lose what could tell the same, a hundred thousand rows at a time. Nothing here knows the
form that a release came in: it sees the snapshot's columns, and a row's key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    Property,
    SpeakerClass,
    TargetType,
)
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.gate import LOCAL, coarsened, is_finer, without_fields
from mapapp.gate.rules import ORDER, GateRules
from mapapp.snapshot.columns import derive, searched
from mapapp.snapshot.schema import BASE, measure_fields

#: Columns of a place, and what `PlaceRef` calls them where that is another name.
_PLACE: Final = {
    "place_id": "", "place_text": "text", "place_name": "name", "adm1_pcode": "", "adm1_name": "",
    "adm2_pcode": "", "adm2_name": "", "geo_precision": "", "lat": "", "lng": "", "radius_m": "",
    "area_id": "", "mappable": "",
}  # fmt: skip
#: Columns that name no place, person or text of a source: they leave a coarsened incident as they
#: are (statements have lost their speakers by then). A column that is in no list here stops the
#: gate: whoever adds one says what becomes of it.
_AS_THEY_ARE: Final = (
    "background", "abroad", "country", "dataset", "earliest", "latest", "date_precision",
    "event_type", "target_type", "victim_classes", "victims", "tokens", "actors", "groups", "kinds",
    "attributed_by", "voices", "participants", "weapons", "display_kind", "disagreements", "doubts",
    "origins", "speakers", *(field.name for field in measure_fields()),
)  # fmt: skip
_SPOT: Final = ("abroad", "adm1_pcode", "adm2_pcode", "lat", "lng", "geo_precision")
_NO_DAY: Final = DateInterval(None, None, DatePrecision.UNKNOWN)

#: Fields that a search knows words of.
_SEARCHED: Final = frozenset({"title", "target", "notes", "place_text", "words"})
_RECORD: Final = (
    "title", "event_type", "country", "target", "place_text", "place_name", "adm1_name",
    "adm2_name",
)  # fmt: skip
_REMEMBERED: Final = 50_000

_CLASSES: Final = frozenset(map(str, SpeakerClass))
#: Speakers whose names can tell a place; the columns do not say whether a party is under its own.
_BOUND: Final = frozenset(map(str, (*LOCAL, SpeakerClass.PARTY)))

#: Between the items of a list that is looked at as one text.
_ITEM: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Fate:
    """Which rows leave, and the first day on which another may."""

    leave: np.ndarray
    next_due: date | None


def fate(rows: pa.Table, source: Source, closed: bool, rules: GateRules, today: date) -> Fate:
    """What becomes of rows of one source (columns id, latest, claims and recorded_at).

    All claims of a row are of one release, so that it leaves whole or not at all. `closed`: every
    source of the data set is private.
    """
    claimed = pc.greater(rows["claims"].combine_chunks(), 0).to_numpy(zero_copy_only=False)
    # Its end is open: nothing but our own record of it has a day.
    recorded = rows["recorded_at"].combine_chunks().cast(pa.date32())
    recorded = pc.if_else(pa.array(claimed), recorded, pa.scalar(None, pa.date32()))
    last = pc.coalesce(rows["latest"].combine_chunks(), recorded)
    dated = pc.is_valid(last).to_numpy(zero_copy_only=False)
    days = pc.fill_null(last.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
    withheld = pa.array(sorted(rules.withhold_incidents), pa.string())
    in_withheld = pc.is_in(rows["id"].combine_chunks(), value_set=withheld)
    leave = ~in_withheld.to_numpy(zero_copy_only=False)
    leave &= ~np.where(claimed, rules.private(source), closed)
    due = []
    for wait, whose in ((rules.delay(source), claimed), (rules.delay_days, np.ones_like(claimed))):
        if wait:
            early = leave & whose & dated & (days + wait > (today - date(1970, 1, 1)).days)
            if early.any():
                due.append(date(1970, 1, 1) + timedelta(days=int(days[early].min()) + wait))
            leave &= ~early & (dated | ~whose)
    return Fate(leave, min(due, default=None))


class ColumnGate:
    """What becomes of the columns of incidents that leave with places of `level` at the finest
    (None: as they are) and without some fields; remembers what it has seen.
    """

    def __init__(
        self,
        level: GeoPrecision | None,
        withheld: frozenset[str],
        areas: GazetteerAreas,
        alias: Callable[[str], str],
    ) -> None:
        self._level, self._withheld = level, withheld
        self._areas, self._alias = areas, alias
        self._spots: dict[tuple[Any, ...], tuple[str, bool]] = {}
        self._said: dict[tuple[Any, ...], tuple[str, str, PlaceRef]] = {}
        self._worded = lru_cache(maxsize=_REMEMBERED)(self._without)

    def columns(self, t: pa.Table, source_id: str) -> pa.Table:
        """Incidents (columns of `INCIDENTS`) as they leave, without `row`; `source_id` is what
        their source is called outside.
        """
        t = self._statements(t)
        if self._level is not None:
            return self._coarsened(t, source_id)
        if _SEARCHED & self._withheld:
            t = self._without_fields(t)
        return t.drop_columns(["row"])

    def _statements(self, t: pa.Table) -> pa.Table:
        """Without what the claims say that is withheld: who a speaker is, what differs."""
        gone = {str(Property.TARGET)} if self._level or "target" in self._withheld else set()
        if self._level or "place_text" in self._withheld:
            gone.add(str(Property.PLACE))
        if gone:
            t = _relisted(t, "disagreements", lambda items: [i for i in items if i not in gone])
        every = "speakers" in self._withheld
        if every or self._level:

            def classes(codes: Sequence[str]) -> list[str]:
                hidden = every or not _BOUND.isdisjoint(code.rpartition(":")[2] for code in codes)
                if not hidden:
                    return list(codes)
                return [code for code in codes if code.rpartition(":")[2] in _CLASSES]

            t = _relisted(t, "attributed_by", classes)
            t = _relisted(t, "voices", classes)
        return t

    def _coarsened(self, t: pa.Table, source_id: str) -> pa.Table:
        spots, keys = grouped([t[name] for name in _SPOT])
        areas = [self._spot(*key) for key in keys]
        area = pa.array([own for own, _ in areas], pa.string()).take(spots)
        finer = pa.array(["1" if own else "" for _, own in areas], pa.string()).take(spots)
        actors = pc.binary_join(t["actors"], _ITEM)
        kinds, keys = grouped([t["event_type"], t["country"], area, finer, actors])
        texts = [self._text(*key) for key in keys]
        places = [place for _, _, place in texts]
        cited = pa.array([[source_id], []], pa.list_(pa.string()))
        silent = pc.equal(pc.list_value_length(t["source_ids"]), 0).combine_chunks()
        new: dict[str, Any] = {
            "id": self._ids(t),
            "title": pa.array([title for title, _, _ in texts], pa.string()).take(kinds),
            "search_text": pa.array([text for _, text, _ in texts], pa.string()).take(kinds),
            "date_text": pa.repeat("", t.num_rows),
            "target": pa.repeat("", t.num_rows),
            "source_ids": cited.take(silent.cast(pa.int64())),
        }
        for name, own in _PLACE.items():
            values = [getattr(place, own or name) for place in places]
            column = pa.array([str(v) if name == "geo_precision" else v for v in values],
                              BASE.field(name).type)  # fmt: skip
            new[name] = column.take(kinds)
        left = {name: t[name] for name in _AS_THEY_ARE} | new
        return derive(pa.table([left[name] for name in BASE.names], names=BASE.names))

    def _ids(self, t: pa.Table) -> Any:
        """As `gate.coarse_id` makes them."""
        alias = pa.array([self._alias(key) for key in t["id"].to_pylist()], pa.string())
        year = pc.year(pc.coalesce(t["latest"], t["earliest"])).cast(pa.string())
        year = pc.fill_null(pc.binary_join_element_wise("-", year, ""), "")
        return pc.binary_join_element_wise(pc.utf8_lower(t["country"]), year, "-", alias, "")

    def _spot(
        self,
        abroad: bool,
        adm1: str | None,
        adm2: str | None,
        lat: float | None,
        lng: float | None,
        exactness: str,
    ) -> tuple[str, bool]:
        """The id of the area that stands for a place, and whether that is known finer."""
        key = (abroad, adm1, adm2, lat, lng, exactness)
        if key not in self._spots:
            assert self._level is not None
            precision = GeoPrecision(exactness)
            place = PlaceRef(
                "", adm1_pcode=adm1, adm2_pcode=adm2, geo_precision=precision, lat=lat, lng=lng
            )
            level = max(self._level, precision, key=ORDER.index)
            area = "" if abroad else self._areas.area_of(place, level).place_id or ""
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
            record = coarsened(bare, "", place, self._level if finer else None)
            record = without_fields(record, self._withheld)
            text = searched(record, [name for name in actors.split(_ITEM) if name])
            self._said[key] = record.title, text, record.place
        return self._said[key]

    def _without_fields(self, t: pa.Table) -> pa.Table:
        """Without the fields withheld. A search looks through what the columns show: of notes and
        quoted words they do not know which is which.
        """
        rows = [t[name].to_pylist() for name in _RECORD]
        actors = pc.binary_join(t["actors"], _ITEM).to_pylist()
        made = [self._worded(key) for key in zip(*rows, actors, strict=True)]
        columns = zip(*made, strict=True) if made else ((),) * 4
        for name, values in zip(("title", "target", "place_text", "search_text"), columns,
                                strict=True):  # fmt: skip
            column = pa.array(values, pa.string())
            t = t.set_column(t.schema.get_field_index(name), BASE.field(name), column)
        return t

    def _without(self, row: tuple[Any, ...]) -> tuple[str, str, str, str]:
        """Title, target, words for the place and text to search of an incident as it leaves; `row`
        is its `_RECORD` and its actors.
        """
        title, event, country, target, words, name, adm1, adm2, actors = row
        place = PlaceRef(words, name=name, adm1_name=adm1, adm2_name=adm2)
        record = IncidentRecord(
            "", title, _NO_DAY, place, EventType(event), TargetType.UNKNOWN, target, country=country
        )
        bare = without_fields(record, self._withheld)
        text = searched(bare, [actor for actor in actors.split(_ITEM) if actor])
        return bare.title, bare.target, bare.place.text, text


def touched_ids(t: pa.Table, sources: Iterable[Source], rules: GateRules, today: date) -> pa.Array:
    """Ids of all incidents (columns id, latest, dataset and source_ids) that a rule may be about,
    and perhaps of some others.
    """
    ids = t["id"].combine_chunks()
    if rules.min_precision or rules.withhold_fields:
        return ids
    touched = pc.is_in(ids, value_set=_texts(rules.withhold_incidents))
    if rules.delay_days:
        days = pc.days_between(t["latest"].combine_chunks(), pa.scalar(today, pa.date32()))
        touched = pc.or_(touched, pc.fill_null(pc.less(days, rules.delay_days), True))
    held = [s for s in sources if is_ruled(s, rules)]
    if held:
        lists = t["source_ids"].combine_chunks()
        resting = pc.is_in(pc.list_flatten(lists), value_set=_texts(s.id for s in held))
        rows = pc.list_parent_indices(lists).filter(resting)
        touched = pc.or_(touched, pc.is_in(pa.array(range(len(ids)), rows.type), value_set=rows))
        silent = {s.dataset for s in held if rules.private(s)}
        touched = pc.or_(touched, pc.is_in(t["dataset"].combine_chunks(), value_set=_texts(silent)))
    return ids.filter(touched)


def is_ruled(source: Source, rules: GateRules) -> bool:
    """Whether a rule is about all that rests on a source."""
    return rules.private(source) or any(rule.fits(source) for rule in rules.sources)


def _relisted(t: pa.Table, name: str, change: Callable[[Sequence[str]], Collection[str]]) -> Any:
    """The table with each list of a column changed; made once for lists alike."""
    codes, keys = grouped([pc.binary_join(t[name], _ITEM)])
    made = [list(change(own.split(_ITEM) if own else [])) for (own,) in keys]
    column = pa.array(made, pa.list_(pa.string())).take(codes)
    return t.set_column(t.schema.get_field_index(name), BASE.field(name), column)


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())


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
