"""Incidents read whole from a snapshot for what leaves: a selection, a page, or one (snapshot →
export, API).

A snapshot given here holds nothing but what may leave: see `PublicSnapshots.shareable`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mapapp.domain.incident import Incident
from mapapp.domain.moment import Moment
from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.exporters.extract import Extract, extract
from mapapp.gate.public import TRIMMED_KEY, sentences_of
from mapapp.query import Dashboard
from mapapp.query.filters.params import Bounds
from mapapp.query.filters.table import restrict
from mapapp.query.reading import Whole, read_whole
from mapapp.query.tables import Expr, compile_query, table
from mapapp.store import Engine, Snapshot

#: Above so many incidents an export is not made in one piece: 2 GB of memory would not do. See
#: `Parts` for more.
MAX_INCIDENTS = 200_000

#: Incidents in a part: some tens of megabytes.
PART_INCIDENTS = 5_000

#: Told how many incidents of how many have been read.
Tell = Callable[[int, int], None]


def read_extract(
    snapshot: Snapshot,
    selection: Selection,
    as_of: Moment | None = None,
    whole: Snapshot | None = None,
) -> Extract:
    """A selection of a snapshot, in the order of ids.

    `as_of` is said in the extract and its link where the snapshot is one of an earlier time. With
    `whole`, the snapshot that `snapshot` was made of, it says how many incidents are left out.
    Raises InvalidInput where it holds more than `MAX_INCIDENTS`, StoreUnavailable where the
    snapshot cannot be read.
    """
    count = Dashboard(snapshot).count(selection)
    if count > MAX_INCIDENTS:
        raise InvalidInput(
            f"the selection holds {count:,} incidents, a file of this format "
            f"{MAX_INCIDENTS:,} at most; narrow it, for example to a year or a province, or take "
            "csv-package, geoparquet, geojson or json on the command line (python -m mapapp "
            "export), which hold any number"
        )
    parts = Parts(snapshot, selection, as_of, whole=whole)
    made = parts.part(restrict(table("incidents"), selection))
    if made.number != count:
        raise InvalidInput(
            f"{count - made.number} of {count} incidents have no record in the snapshot and "
            "cannot be exported with their claims; publish the store anew"
        )
    return made


class Parts:
    """A selection of any size, as extracts of some incidents each: memory holds one.

    `whole` is the same without incidents: what a file says of itself at its end (how many, by
    which sources, what was left out) is complete once all parts were given. Parameters and errors
    are as in `read_extract`.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        selection: Selection,
        as_of: Moment | None = None,
        tell: Tell = lambda done, all_: None,
        whole: Snapshot | None = None,
    ) -> None:
        self._engine, self._selection, self._tell = snapshot.engine, selection, tell
        self._left_out = left_out(snapshot)
        dash = Dashboard(snapshot)
        begun = extract((), {}, selection, labels=dash.labels(), held_back=sentences_of(snapshot))
        if whole is not None and whole is not snapshot:
            begun = replace(
                begun, withheld=Dashboard(whole).count(selection) - dash.count(selection)
            )
        if as_of is not None:
            link = f"{begun.link}&as_of={as_of}" if begun.link else f"as_of={as_of}"
            begun = replace(begun, sentence=f"{begun.sentence}, as recorded on {as_of}", link=link)
        self.whole = begun

    def __iter__(self) -> Iterator[Extract]:
        trimmed: dict[str, int] = {}
        self.whole = replace(self.whole, counted=0, sources={}, trimmed=trimmed)
        chosen = restrict(table("incidents"), self._selection)
        ids = _answer(self._engine, chosen.select("id").order_by("id"))["id"]
        after = None
        for at in range(0, len(ids), PART_INCIDENTS):
            last = ids[min(at + PART_INCIDENTS, len(ids)) - 1].as_py()
            rest = chosen.filter(chosen.id <= last)
            part = self.part(rest if after is None else rest.filter(rest.id > after))
            trimmed.update(part.trimmed)
            sources: dict[str, Source] = {**self.whole.sources, **part.sources}
            self.whole = replace(
                self.whole,
                counted=self.whole.number + part.number,
                sources={key: sources[key] for key in sorted(sources)},
            )
            yield part
            after = last
            self._tell(min(at + PART_INCIDENTS, len(ids)), len(ids))

    def part(self, chosen: Expr) -> Extract:
        """The extract of chosen rows of the incidents table."""
        read = read_whole(self._engine, chosen.id)
        return replace(
            self.whole,
            incidents=read.incidents,
            sources={key: read.sources[key] for key in sorted(read.sources)},
            trimmed=_of(read.incidents, self._left_out),
            counted=None,
        )


def left_out(snapshot: Snapshot) -> Mapping[str, int]:
    """How many claims a snapshot is without, by incident."""
    numbers: dict[str, int] = json.loads(snapshot.meta.get(TRIMMED_KEY, "{}"))
    return numbers


def _of(incidents: tuple[Incident, ...], numbers: Mapping[str, int]) -> dict[str, int]:
    return {i.id: numbers[i.id] for i in incidents if i.id in numbers}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of incidents, with how many claims each is without: `after` is the id the next page
    begins after.
    """

    whole: Whole
    trimmed: Mapping[str, int]
    matched: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Extent:
    """What the points and days of all incidents span; None where there is none."""

    bounds: Bounds | None
    first: date | None
    last: date | None


def read_page(
    snapshot: Snapshot, selection: Selection, bounds: Bounds | None, limit: int, after: str | None
) -> Page:
    """Incidents of a selection by id, `limit` at most, whose point lies in `bounds`."""
    engine = snapshot.engine
    t = restrict(table("incidents"), selection)
    if bounds is not None:
        t = t.filter(point_in(t, bounds))
    matched = int(_answer(engine, t.aggregate(n=t.count().cast("int64")))["n"][0].as_py())
    if after is not None:
        t = t.filter(t.id > after)
    # One more than asked for tells whether there is a next page.
    ids = _answer(engine, t.select("id").order_by("id").limit(limit + 1))["id"].to_pylist()
    whole = read_whole(engine, ids[:limit])
    last = ids[limit - 1] if len(ids) > limit else None
    return Page(whole, _of(whole.incidents, left_out(snapshot)), matched, last)


def read_extent(engine: Engine) -> Extent:
    """What all incidents span."""
    t = table("incidents")
    placed = t.filter(t.mappable)
    (box,) = _answer(
        engine,
        placed.aggregate(
            west=placed.lng.min(), south=placed.lat.min(), east=placed.lng.max(),
            north=placed.lat.max(),
        ),
    ).to_pylist()  # fmt: skip
    (days,) = _answer(
        engine,
        t.aggregate(
            first=t.earliest.coalesce(t.latest).min(), last=t.latest.coalesce(t.earliest).max()
        ),
    ).to_pylist()
    bounds = None
    if box["west"] is not None:
        bounds = (box["west"], box["south"], box["east"], box["north"])
    return Extent(bounds, days["first"], days["last"])


def point_in(t: Expr, bounds: Bounds) -> Expr:
    """Whether an incident's point lies in the bounds; what is not mappable lies in none."""
    west, south, east, north = map(float, bounds)
    fits = t.mappable & (t.lat >= south) & (t.lat <= north)
    after, before = t.lng >= west, t.lng <= east
    return fits & ((after & before) if west <= east else (after | before))


def _answer(engine: Engine, expression: Expr) -> Any:
    return compile_query(expression, engine.dialect).ask(engine)
