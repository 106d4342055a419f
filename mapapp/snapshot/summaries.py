"""Pre-aggregated tables: incidents counted by a few columns, for questions that need no more
(snapshot → query).

Each is an Ibis expression over the incidents, so that the snapshot and the ingest job of an engine
build the same from one definition. Which of them answers a question is decided in
`mapapp/query/summaries.py`; see docs/decisions/query-preaggregated.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import duckdb
import pyarrow as pa

from mapapp.domain.vocab import NO_STATEMENT, AttributionKind, Rule
from mapapp.snapshot.schema import INCIDENTS, MEASURES, MERCATOR_BITS, TYPE_NAMES, best_column

Expr = Any

#: The key of `meta` that names those which a snapshot has, with their rows.
META_KEY: Final = "summaries"

#: Below so many incidents the rows themselves answer in a few tens of milliseconds.
FROM_INCIDENTS: Final = 200_000

#: A summary is kept where it has at most one row for so many incidents.
WORTH: Final = 10

#: What making them may take of a server's memory.
MEMORY: Final = "800MB"

#: The finest cells of the map's summaries, as the power of two of cells a side: those of zoom 7.
CELL_LEVEL: Final = 10

#: Columns of every summary by which it can be narrowed.
BASE: Final = ("background", "abroad", "country", "dataset", "province")

#: Days, made the first of their month and the last of theirs.
MONTHS: Final = ("earliest", "latest")

#: Where the map draws: an area, a cell, or neither. Of no column's name, for they are no filter.
PLACES: Final = ("area_id", "area_level", "cell_x", "cell_y")

#: Columns by which a reader narrows that go together or take few values.
_SAID: Final = ("kinds", "groups", "tokens")
_FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "said": _SAID,
    "event": ("event_type",),
    "target": ("target_type",),
    "victims": ("victims",),
    "sources": ("source_ids",),
    "district": ("adm2_pcode",),
    "placed": ("geo_precision",),
    "dated": ("date_precision",),
}


@dataclass(frozen=True)
class Summary:
    """Incidents by `dimensions`; each row has `n`, and measures of the map or of the figures."""

    name: str
    dimensions: tuple[str, ...]

    @property
    def of_places(self) -> bool:
        """Whether it holds the map's measures, else the figures'."""
        return PLACES[0] in self.dimensions

    @cached_property
    def expression(self) -> Expr:
        """The summary, of the table of incidents."""
        return self.expression_of("incidents")

    def expression_of(self, name: str) -> Expr:
        """The summary, of a table with the columns of incidents."""
        t = _incidents(name)
        keys = {name: _dimension(t, name) for name in self.dimensions}
        measures = map_measures(t) if self.of_places else figure_measures(t)
        rows = t.select(**keys, **measures)
        names = OF_PLACES if self.of_places else OF_FIGURES
        return rows.group_by(list(keys)).aggregate(
            n=rows.count().cast("int64"), **{name: added(rows, name) for name in names}
        )

    @cached_property
    def schema(self) -> pa.Schema:
        """Its columns as an engine has them."""
        fields = self.expression.schema().items()
        return pa.schema([pa.field(name, _ARROW[str(kind).lstrip("!")]) for name, kind in fields])

    def sql(self, dialect: str, of: str = "incidents") -> str:
        """The query that makes it, of a table with the columns of incidents."""
        return _sql(self.name, dialect, of)


def _catalogue() -> Mapping[str, Summary]:
    found = [
        Summary("figures_by_month", (*BASE, *MONTHS)),
        Summary("figures_by_month_kind", (*BASE, *MONTHS, "display_kind")),
        Summary("map", (*BASE, *PLACES, "display_kind")),
        Summary("map_by_month", (*BASE, *PLACES, "display_kind", *MONTHS)),
    ]
    for name, columns in _FURTHER.items():
        found += [
            Summary(f"figures_by_{name}", (*BASE, *columns)),
            Summary(f"figures_by_month_{name}", (*BASE, *MONTHS, *columns)),
            Summary(f"map_by_{name}", (*BASE, *PLACES, "display_kind", *columns)),
        ]
    return {summary.name: summary for summary in found}


def _ibis() -> Any:
    """Ibis, which takes long to load: small stores have no summaries."""
    import ibis

    return ibis


@cache
def _sql(name: str, dialect: str, of: str) -> str:
    return str(_ibis().to_sql(CATALOGUE[name].expression_of(of), dialect=dialect))


@cache
def _incidents(name: str = "incidents") -> Expr:
    fields = {field.name: TYPE_NAMES[field.type] for field in INCIDENTS}
    return _ibis().table(fields, name=name)


_ARROW: Final = {name: kind for kind, name in TYPE_NAMES.items()}


def _dimension(t: Expr, name: str) -> Expr:
    if name == "earliest":
        return t.earliest.truncate("M").cast("date")
    if name == "latest":
        following = t.latest.truncate("M").cast("date") + _ibis().interval(months=1)
        return (following - _ibis().interval(days=1)).cast("date")
    if name == "area_id":
        return t.areal.ifelse(t.area_id, None)
    if name == "area_level":
        return t.areal.ifelse(t.geo_precision, None)
    if name in ("cell_x", "cell_y"):
        return t.areal.ifelse(None, t[f"m{name[-1]}"] >> (MERCATOR_BITS - CELL_LEVEL))
    return t[name]


#: What a summary of places holds, and the column of incidents that it is made of.
OF_PLACES: Final[Mapping[str, str]] = {
    "sum_x": "mx", "sum_y": "my", "min_x": "mx", "max_x": "mx", "min_y": "my", "max_y": "my",
    "row": "row",
}  # fmt: skip

#: Counts of a figures' summary; its other measures are sums of figures.
COUNTS: Final = ("unclaimed", "no_statement", "not_mappable", "undated", "disputed")

#: What a summary of figures holds.
OF_FIGURES: Final = (
    *COUNTS,
    *(f"{m}_{end}" for m in MEASURES for end in ("low", "high", "open", "known")),
    *(best_column(m, rule) for m in MEASURES for rule in Rule),
)


def map_measures(t: Expr) -> dict[str, Expr]:
    """The columns that `added` makes `OF_PLACES` of, of incidents or of a summary."""
    names = OF_PLACES if "n" in t.columns else dict.fromkeys(OF_PLACES.values())
    return {name: t[name] for name in names}


def figure_measures(t: Expr) -> dict[str, Expr]:
    """The columns that `added` makes `OF_FIGURES` of, of incidents or of a summary.

    Of incidents a count is of those that are true, or have a number; of a summary it is a sum.
    """
    if "n" in t.columns:
        return {name: t[name] for name in OF_FIGURES}
    unclaimed = t.kinds.contains(str(AttributionKind.UNCLAIMED)) & ~t.kinds.contains(
        str(AttributionKind.CLAIMED)
    )
    measures = {
        "unclaimed": unclaimed,
        "no_statement": t.display_kind == NO_STATEMENT,
        "not_mappable": ~t.mappable,
        "undated": t.earliest.isnull() & t.latest.isnull(),
        "disputed": t.disagreements.length() > 0,
    }
    for measure in MEASURES:
        measures |= {f"{measure}_{end}": t[f"{measure}_{end}"] for end in ("low", "high")}
        measures[f"{measure}_open"] = t[f"{measure}_high_open"]
        measures[f"{measure}_known"] = t[f"{measure}_low"]
        measures |= {best_column(measure, rule): t[best_column(measure, rule)] for rule in Rule}
    return measures


def added(rows: Expr, name: str) -> Expr:
    """A measure of many rows, which are incidents or a summary's; null where none has a number."""
    column = rows[name] if name in rows.columns else rows[OF_PLACES[name]]
    if name in OF_PLACES and not name.startswith("sum_"):
        return column.max() if name.startswith("max_") else column.min()
    if name not in COUNTS and not name.endswith(("_open", "_known")):
        return column.sum().cast("int64")
    if "n" in rows.columns:
        return column.sum().fill_null(0).cast("int64")
    return (column.nullif(False) if column.type().is_boolean() else column).count().cast("int64")


CATALOGUE: Final[Mapping[str, Summary]] = _catalogue()


def held(meta: Mapping[str, str]) -> Mapping[str, int]:
    """The summaries that a snapshot has and this program knows, with their rows."""
    named = json.loads(meta.get(META_KEY, "{}"))
    return {name: int(rows) for name, rows in named.items() if name in CATALOGUE}


def write_to(
    connection: duckdb.DuckDBPyConnection, incidents: int, worth: int | None = None
) -> None:
    """Add the summaries worth their room to a snapshot that is being written.

    `incidents` is how many rows its table of them has; `worth` as `WORTH`.
    """
    note(connection, make(connection, incidents, worth))


def make(
    connection: duckdb.DuckDBPyConnection, incidents: int, worth: int | None = None
) -> Mapping[str, int]:
    """Make the summaries worth their room of a table of incidents; their rows by name."""
    sizes = {}
    most = incidents // (WORTH if worth is None else worth)
    # What groups more than this spills to disk, or the import of a large release fills a server.
    connection.execute("SET memory_limit = $limit", {"limit": MEMORY})
    connection.execute("SET preserve_insertion_order = false")
    for name, summary in CATALOGUE.items():
        table = connection.sql(summary.sql("duckdb")).limit(most + 1).to_arrow_table()
        if table.num_rows <= most:
            connection.from_arrow(table.cast(summary.schema)).create(name)
            sizes[name] = table.num_rows
    return sizes


def note(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> None:
    """Let a snapshot that is being written say which summaries it has, with their rows."""
    row = pa.table({"key": [META_KEY], "value": [json.dumps(rows)]})
    connection.from_arrow(row).insert_into("meta")
