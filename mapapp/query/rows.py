"""Tables of incidents, paged by key, and one incident with its sources (selection → rows)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from mapapp.domain.incident import Incident
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.query.filters import restrict
from mapapp.query.tables import table
from mapapp.store.schema import BASE, best_column

Expr = Any

#: Where a page ended: the sort value (None is null) and id of its last row.
Cursor = tuple[Any, str]

#: Columns that are the store's own business.
_HIDDEN = frozenset({"search_text", "tokens", "victims"})

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


def sort_key(t: Expr, order_by: str, selection: Selection) -> Expr:
    """The expression a table is ordered by; `date` is the earliest day, else the latest.

    `killed` and `wounded` order by the best figure under the selection's rule.
    """
    if order_by == "date":
        return t.earliest.coalesce(t.latest)
    if order_by in ("killed", "wounded"):
        return t[best_column(order_by, selection.rule)]
    if order_by not in BASE.names or pa.types.is_list(BASE.field(order_by).type):
        raise InvalidInput(f"a table cannot be ordered by '{order_by}'; use a column of the table")
    return t[order_by]


def table_query(
    selection: Selection,
    order_by: str,
    descending: bool,
    limit: int | None,
    after: Cursor | None,
    mappable: bool | None = None,
) -> Expr:
    """Display columns, ordered by a column and then id; rows without a value come last."""
    t = restrict(table("incidents"), selection)
    if mappable is not None:
        t = t.filter(t.mappable == mappable)
    t = t.mutate(sort_key=sort_key(t, order_by, selection))
    if after is not None:
        value, last_id = after
        if value is None:
            t = t.filter(t.sort_key.isnull() & (t.id > last_id))
        else:
            beyond = t.sort_key < value if descending else t.sort_key > value
            same = (t.sort_key == value) & (t.id > last_id)
            t = t.filter(t.sort_key.isnull() | beyond | same)
    ordered = t.order_by(
        [t.sort_key.isnull(), t.sort_key.desc() if descending else t.sort_key.asc(), t.id.asc()]
    )
    if limit is not None:
        ordered = ordered.limit(limit)
    return ordered.select(*DISPLAY_COLUMNS, "sort_key")


def sources_query(selection: Selection) -> Expr:
    """Rows (id, incidents, claims) of each source that the selection rests on."""
    t = restrict(table("incidents"), selection)
    named = t.select(source_id=t.source_ids.unnest())
    incidents = named.group_by("source_id").aggregate(incidents=named.count().cast("int64"))
    claims = table("claims")
    kept = claims.semi_join(t, claims.incident_id == t.id)
    counted = kept.group_by("source_id").aggregate(claims=kept.count().cast("int64"))
    joined = incidents.left_join(counted, "source_id")
    source = table("sources")
    both = joined.left_join(source, joined.source_id == source.id)
    return both.select(
        joined.source_id,
        joined.incidents,
        claims=joined.claims.fill_null(0),
        **{name: source[name] for name in _CITATION},
    ).order_by("source_id")


_CITATION = (
    "publisher", "title", "url", "published_earliest", "published_latest", "published_how",
    "language", "licence", "redistribution", "graphic", "dataset", "dataset_version",
)  # fmt: skip
