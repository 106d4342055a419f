"""Options of a filter with the number of incidents each would leave (selection → facets)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.query.params import printable
from mapapp.query.tables import selected
from mapapp.query.words import Labels, word

Expr = Any

#: Parts with options, and the column that holds their codes.
COLUMNS: Mapping[str, str] = {
    "provinces": "adm1_pcode",
    "districts": "adm2_pcode",
    "groups": "groups",
    "kinds": "kinds",
    "event_types": "event_type",
    "targets": "target_type",
    "victims": "victims",
    "sources": "source_ids",
    "geo_precisions": "geo_precision",
    "date_precisions": "date_precision",
    "datasets": "dataset",
}

#: Columns that hold several codes an incident.
LISTS = frozenset({"groups", "kinds", "victims", "source_ids", "tokens"})


@dataclass(frozen=True, slots=True)
class Facet:
    """One option: its code, words, and how many incidents choosing it alone would leave."""

    code: str
    label: str
    count: int


def facet_query(part: str, narrowed_by: tuple[str, ...] = ()) -> Expr:
    """Rows (code, n) of a part's options among the selected incidents.

    `narrowed_by` are the chosen kinds for the groups, the chosen groups for the kinds: an option
    then counts the incidents of which one statement has both.
    """
    t = selected()
    if narrowed_by:
        return _token_query(t, part, narrowed_by)
    column = COLUMNS[part]
    codes = t.select(code=t[column].unnest() if column in LISTS else t[column])
    codes = codes.filter(codes.code.notnull())
    return codes.group_by("code").aggregate(n=codes.count().cast("int64"))


def narrowing(selection: Selection, part: str) -> tuple[str, ...]:
    """What `facet_query` is narrowed by."""
    other = {"groups": selection.kinds, "kinds": selection.groups}
    return other.get(part, ())


def _token_query(t: Expr, part: str, narrowed_by: tuple[str, ...]) -> Expr:
    """Groups with a statement of a chosen kind, or kinds of a statement about a chosen group."""
    tokens = t.select(t.row, token=t.tokens.unnest())
    # A kind never holds a colon; a group may.
    kind, group = tokens.token.re_extract("^([^:]*):", 1), tokens.token.re_replace("^[^:]*:", "")
    own, other = (group, kind) if part == "groups" else (kind, group)
    pairs = tokens.select(tokens.row, code=own, other=other)
    safe = [code for code in narrowed_by if printable(code)]
    pairs = pairs.filter(pairs.other.isin(safe), pairs.code != "")
    return pairs.group_by("code").aggregate(n=pairs.row.nunique().cast("int64"))


def read_facets(
    answer: pa.Table, selection: Selection, part: str, labels: Labels
) -> tuple[Facet, ...]:
    """Options, most incidents first; what is chosen is there also where it would leave none."""
    found = dict(zip(answer["code"].to_pylist(), answer["n"].to_pylist(), strict=True))
    for code in getattr(selection, part):
        found.setdefault(code, 0)
    facets = [Facet(code, word(labels, part, code), count) for code, count in found.items()]
    return tuple(sorted(facets, key=lambda f: (-f.count, f.label.casefold(), f.code)))
