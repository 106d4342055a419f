"""What linking looks at of each incident, as arrays with one place an incident (snapshot → arrays).

Days count from 1970-01-01. An open side of an interval is bounded by `REACH_DAYS`, so that "before
5 July" is compared with what happened in the years before it and not with all of history.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gazetteer.names.phonetics import skeleton, sound
from mapapp.query.tables import compile_query, table
from mapapp.snapshot.columns import fold_text
from mapapp.store import Engine

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: How far an open side of an interval reaches, days.
REACH_DAYS = 730

#: Stands for no upper bound on a number of people.
NO_BOUND = np.iinfo(np.int32).max

#: Stands for "nothing known" in a column of codes.
NONE = -1

COLUMNS = (
    "id", "title", "dataset", "country", "earliest", "latest", "date_precision", "place_text",
    "place_name", "adm1_pcode", "adm1_name", "adm2_pcode", "adm2_name", "geo_precision", "lat",
    "lng", "radius_m", "mappable", "event_type", "target_type", "target", "tokens", "source_ids",
    "killed_low", "killed_high", "killed_high_open", "killed_text", "wounded_low", "wounded_high",
    "wounded_high_open", "wounded_text", "mx", "my",
)  # fmt: skip

#: Kinds of statements that say an actor did it.
_DID_IT = ("claimed:", "attributed:", "suspected:")

#: Words that say nothing of whom or what was hit.
_EMPTY_WORDS = (
    "a an and at by for from in into its of on or the their they to who with was were her his one "
    "two three killing killings wounded new near during reported report area city town district "
    "province village attack attacks attacked incident said not kills killed hits hit several "
    "people conflict state based non sided violence"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
#: Words of places that say what kind of place it is, or where beside it.
_OF_PLACES = "town village city district province state region area of the in and"
_HEARD_OF_PLACES = frozenset(skeleton(sound(word)) for word in _OF_PLACES.split())
_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True)
class Subjects:
    """Incidents as arrays of one length; `rows` has them as a table with `COLUMNS`.

    `start`, `end`: days, inclusive. `lat`, `lng`: degrees, NaN where not mappable; `radius_m`
    metres. Codes (`adm1`, `country`, `event_type`, `target_type`, `source`, `actors`) are numbers
    made for this set, `NONE` where nothing is known; `source` is the only source, `NONE` where
    there are several. `actor_sets` are the actors said to have done it, by the code in `actors`.
    `words` are the words for the target, without names of places.
    """

    rows: pa.Table
    start: Ints
    end: Ints
    dated: Flags
    lat: Floats
    lng: Floats
    radius_m: Floats
    mx: Ints
    my: Ints
    placed: Flags
    adm1: Ints
    country: Ints
    event_type: Ints
    target_type: Ints
    source: Ints
    actors: Ints
    actor_sets: tuple[frozenset[str], ...]
    source_sets: tuple[frozenset[str], ...]
    killed: tuple[Ints, Ints]  # low (NONE: no number), high
    wounded: tuple[Ints, Ints]
    place_name: Ints  # names that sound alike have one code
    words: tuple[frozenset[str], ...]
    frequency: dict[str, int]  # of words: in how many incidents
    event_types: tuple[str, ...]
    target_types: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.start)

    def row(self, index: int) -> dict[str, Any]:
        """One incident's columns."""
        values: dict[str, Any] = self.rows.slice(index, 1).to_pylist()[0]
        return values


def read_subjects(engine: Engine, ids: Sequence[str] | None = None) -> Subjects:
    """All incidents of a snapshot, or those of the ids given."""
    t = table("incidents")
    query = t if ids is None else t.filter(t.id.isin(list(ids)))
    return subjects_of(
        compile_query(query.select(*COLUMNS), engine.dialect).ask(engine).sort_by("id")
    )


def subjects_of(rows: pa.Table) -> Subjects:
    """The arrays of a table with `COLUMNS`."""
    rows = rows.combine_chunks()
    start, end, dated = _days(rows)
    lat, lng = (_floats(rows, name) for name in ("lat", "lng"))
    placed = np.asarray(rows["mappable"].fill_null(False).to_numpy(), bool) & ~np.isnan(lat)
    actor_sets = [_actors(tokens) for tokens in rows["tokens"].to_pylist()]
    sources = [frozenset(several or ()) for several in rows["source_ids"].to_pylist()]
    actor_codes, known_actors = _codes(several or None for several in actor_sets)
    event_codes, event_types = _codes(rows["event_type"].to_pylist())
    target_codes, target_types = _codes(rows["target_type"].to_pylist())
    words = _words(rows)
    frequency: dict[str, int] = {}
    for several in words:
        for word in several:
            frequency[word] = frequency.get(word, 0) + 1
    return Subjects(
        rows=rows,
        start=start,
        end=end,
        dated=dated,
        lat=np.where(placed, lat, np.nan),
        lng=np.where(placed, lng, np.nan),
        radius_m=np.nan_to_num(_floats(rows, "radius_m")),
        mx=_whole(rows, "mx"),
        my=_whole(rows, "my"),
        placed=placed,
        adm1=_codes(rows["adm1_pcode"].to_pylist())[0],
        country=_codes(rows["country"].to_pylist())[0],
        event_type=event_codes,
        target_type=target_codes,
        source=_codes(next(iter(several)) if len(several) == 1 else None for several in sources)[0],
        actors=actor_codes,
        actor_sets=tuple(known_actors),
        source_sets=tuple(sources),
        killed=_measure(rows, "killed"),
        wounded=_measure(rows, "wounded"),
        place_name=_codes(_sound(text) for text in rows["place_text"].to_pylist())[0],
        words=words,
        frequency=frequency,
        event_types=tuple(event_types),
        target_types=tuple(target_types),
    )


def _days(rows: pa.Table) -> tuple[Ints, Ints, Flags]:
    earliest, latest = (
        rows[name].cast(pa.int32()).cast(pa.int64()).to_numpy(zero_copy_only=False).astype(float)
        for name in ("earliest", "latest")
    )
    dated = ~(np.isnan(earliest) & np.isnan(latest))
    start = np.where(np.isnan(earliest), latest - REACH_DAYS, earliest)
    end = np.where(np.isnan(latest), earliest + REACH_DAYS, latest)
    return np.nan_to_num(start).astype(np.int64), np.nan_to_num(end).astype(np.int64), dated


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(zero_copy_only=False), np.float64)


def _whole(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].fill_null(0).to_numpy(), np.int64)


def _measure(rows: pa.Table, name: str) -> tuple[Ints, Ints]:
    low = np.asarray(rows[f"{name}_low"].fill_null(NONE).to_numpy(), np.int64)
    high = np.asarray(rows[f"{name}_high"].fill_null(NO_BOUND).to_numpy(), np.int64)
    is_open = np.asarray(rows[f"{name}_high_open"].fill_null(False).to_numpy(), bool)
    return low, np.where(is_open, NO_BOUND, high)


def _codes(values: Any) -> tuple[Ints, list[Any]]:
    """Numbers for values, `NONE` for None, and the values by number."""
    known: dict[Any, int] = {}
    codes = [NONE if value is None else known.setdefault(value, len(known)) for value in values]
    return np.asarray(codes, np.int64), list(known)


def _actors(tokens: list[str] | None) -> frozenset[str]:
    return frozenset(token.split(":", 1)[1] for token in tokens or () if token.startswith(_DID_IT))


@lru_cache(maxsize=100_000)
def _sound(text: str | None) -> str | None:
    """The consonants that a place's words sound like, so that spellings of one name are alike."""
    heard = [skeleton(sound(word)) for word in re.findall(r"\w+", fold_text(text or ""))]
    # By sound, since "town" and "district" are misspelt as well.
    return " ".join([part for part in heard if part not in _HEARD_OF_PLACES] or heard) or None


def _words(rows: pa.Table) -> tuple[frozenset[str], ...]:
    """Words for the target; names of places count under place, so that they count once."""
    made: dict[str, frozenset[str]] = {}

    def words(text: str | None) -> frozenset[str]:
        if not text:
            return frozenset()
        if text not in made:
            made[text] = frozenset(_WORD.findall(fold_text(text))) - _EMPTY
        return made[text]

    places = ("place_text", "place_name", "adm1_name", "adm2_name")
    columns = [rows[name].to_pylist() for name in ("title", "target", *places)]
    return tuple(
        (words(title) | words(target)).difference(*map(words, where))
        for title, target, *where in zip(*columns, strict=True)
    )
