"""Tables of incidents, paged by key, and one incident with its sources (selection → rows)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.incident import Incident
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.query.tables import Query, incidents_in, table
from mapapp.snapshot.schema import BASE, best_column

Expr = Any

#: Where a page ended: the sort value (None is null) and id of its last row.
Cursor = tuple[Any, str]

#: Columns that are the store's own business.
_HIDDEN = frozenset({"search_text", "tokens", "victims", "attributed_by", "voices"})

DISPLAY_COLUMNS = tuple(name for name in BASE.names if name not in _HIDDEN)


@dataclass(frozen=True, slots=True)
class Related:
    """Another incident that a judgement links to this one."""

    id: str
    title: str
    earliest: date | None
    latest: date | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """One incident with its claims, the sources they name, and what it is linked to."""

    incident: Incident
    sources: Mapping[str, Source]
    related: tuple[Related, ...]


def sort_key(t: Expr, order_by: str, rule: Rule) -> Expr:
    """The expression a table is ordered by; `date` is the earliest day, else the latest.

    `killed` and `wounded` order by the best figure under the rule.
    """
    if order_by == "date":
        return t.earliest.coalesce(t.latest)
    if order_by in ("killed", "wounded"):
        return t[best_column(order_by, rule)]
    if order_by not in DISPLAY_COLUMNS or pa.types.is_list(BASE.field(order_by).type):
        raise InvalidInput(f"a table cannot be ordered by '{order_by}'; use a column of the table")
    return t[order_by]


def beyond(t: Expr, order_by: str, rule: Rule, descending: bool, after: Cursor) -> Expr:
    """The rows that come after a page's last."""
    key = sort_key(t, order_by, rule)
    value, last_id = after
    if value is None:
        return t.filter(key.isnull() & (t.id > last_id))
    further = key < value if descending else key > value
    return t.filter(key.isnull() | further | ((key == value) & (t.id > last_id)))


def table_question(order_by: str, rule: Rule, descending: bool, limit: int | None) -> Query:
    """Display columns, ordered by a column and then id; rows without a value come last.

    A page is sorted by its keys alone, and its other columns are fetched by `row`: a view over
    several files would sort whole rows.
    """

    def query(t: Expr) -> Expr:
        if limit is None:
            ordered = t.order_by(_order(t, sort_key(t, order_by, rule), descending))
            return ordered.select(*DISPLAY_COLUMNS, sort_key=sort_key(ordered, order_by, rule))
        keys = keys_question(order_by, rule, descending, limit).query(t)
        page = table("incidents").inner_join(keys, "row")
        ordered = page.order_by(_order(page, page.sort_key, descending))
        return ordered.select(*DISPLAY_COLUMNS, "sort_key")

    return Query(("table", order_by, rule, descending, limit), query)


def _order(t: Expr, key: Expr, descending: bool) -> list[Expr]:
    by = [key.isnull(), key.desc() if descending else key.asc()]
    # A column may be ordered by once only.
    return by if key.get_name() == "id" else [*by, t.id.asc()]


def keys_question(order_by: str, rule: Rule, descending: bool, limit: int) -> Query:
    """Rows (row, sort_key) of the page that `table_question` gives, in its order."""

    def query(t: Expr) -> Expr:
        narrow = t.select(t.row, t.id, sort_key=sort_key(t, order_by, rule))
        ordered = narrow.order_by(_order(narrow, narrow.sort_key, descending)).limit(limit)
        return ordered.select("row", "sort_key")

    return Query(("table keys", order_by, rule, descending, limit), query)


def wide_query(numbers: list[int]) -> Expr:
    """The display columns, and `row`, of incidents by their `row`."""
    t = table("incidents")
    # The range lets an engine leave out row groups by their statistics; a long list does not.
    narrowed = (
        t.filter(t.row.between(min(numbers), max(numbers)), t.row.isin(numbers))
        if numbers
        else t.limit(0)
    )
    return narrowed.select("row", *DISPLAY_COLUMNS)


def page_of(keys: pa.Table, wide: pa.Table) -> pa.Table:
    """The display columns of `wide` (with `row`) in the order of `keys`, and their sort key."""
    at = pc.index_in(keys["row"], value_set=wide["row"].combine_chunks())
    return wide.take(at).select(DISPLAY_COLUMNS).append_column("sort_key", keys["sort_key"])


def sources_question() -> Query:
    """Rows (source_id, incidents) of each source that the selected incidents rest on."""

    def query(t: Expr) -> Expr:
        named = t.select(source_id=t.source_ids.unnest())
        return named.group_by("source_id").aggregate(incidents=incidents_in(named))

    return Query("sources", query)


def claim_counts_question() -> Query:
    """Rows (source_id, claims): the claims of the selected incidents, also those made of rows."""

    def query(t: Expr) -> Expr:
        claims, rows = table("claims"), table("rows")
        stated = claims.semi_join(t, claims.incident_id == t.id)
        of_rows = rows.semi_join(t, rows.id == t.id)
        both = stated.group_by("source_id").aggregate(n=stated.count().cast("int64")).union(
            of_rows.group_by("source_id").aggregate(n=of_rows.claims.sum().cast("int64"))
        )  # fmt: skip
        return both.group_by("source_id").aggregate(claims=both.n.sum().cast("int64"))

    return Query("claims by source", query)


def read_sources(incidents: pa.Table, claims: pa.Table, sources: pa.Table) -> pa.Table:
    """The three joined: a row a source with its counts and how to cite it, ordered by id."""
    cited = sources.select(["id", *_CITATION]).rename_columns(["source_id", *_CITATION])
    joined = incidents.join(claims, "source_id").join(cited, "source_id")
    counted = pc.fill_null(joined["claims"], 0)
    joined = joined.set_column(joined.schema.get_field_index("claims"), "claims", counted)
    return joined.sort_by("source_id")


_CITATION = (
    "publisher", "title", "url", "published_earliest", "published_latest", "published_how",
    "language", "licence", "redistribution", "graphic", "dataset", "dataset_version",
)  # fmt: skip
