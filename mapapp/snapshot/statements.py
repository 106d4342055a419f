"""Statements over tables that are named at run time: the few that neither Ibis nor a constant can
say (serves log + snapshot → snapshot).

They are put together as trees, which quote every name, and only for tables and columns that the
schema or the catalogue of summaries has.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ibis
from sqlglot import exp

from mapapp.snapshot.schema import TABLES, TYPE_NAMES
from mapapp.snapshot.summaries import CATALOGUE, Summary

_DIALECT = "duckdb"


@cache
def all_of(name: str) -> str:
    """The query for all of a table of the schema."""
    return str(ibis.to_sql(_table(name), dialect=_DIALECT))


@cache
def count_of(name: str) -> str:
    """The query that counts a table's rows, as `n`."""
    t = ibis.table({"n": "int64"}, name=name) if name in CATALOGUE else _table(name)
    return str(ibis.to_sql(t.aggregate(n=t.count()), dialect=_DIALECT))


@cache
def groups_of(name: str, of: str) -> str:
    """The query for the groups of a summary that the incidents of the table `of` are counted in."""
    summary = _summary(name)
    groups = summary.expression_of(of).select(*summary.dimensions).distinct()
    return str(ibis.to_sql(groups, dialect=_DIALECT))


@cache
def anew_of(name: str, of: str, stale: str) -> str:
    """The query for a summary's rows, made of the incidents in `of`, of groups in `stale`."""
    summary = _summary(name)
    made = summary.expression_of(of)
    kinds = {column: str(made.schema()[column]).lstrip("!") for column in summary.dimensions}
    old = ibis.table(kinds, name=stale)
    same = [made[column].identical_to(old[column]) for column in summary.dimensions]
    return str(ibis.to_sql(made.semi_join(old, same), dialect=_DIALECT))


@cache
def without_groups(name: str, stale: str) -> str:
    """The statement that takes the groups in `stale` out of a summary."""
    same = (
        exp.NullSafeEQ(
            this=exp.column(column, table=name), expression=exp.column(column, table=stale)
        )
        for column in _summary(name).dimensions
    )
    found = exp.select("1").from_(exp.to_table(stale)).where(*same)
    return exp.delete(exp.to_table(name), where=exp.Exists(this=found)).sql(_DIALECT, identify=True)


@cache
def rows_moved(name: str, moved: str) -> str:
    """The statement that lets a summary's `row` follow the rows `old` of `moved` to `new`."""
    old = exp.column("old", table=moved)
    at = exp.column("row", table=_summary(name).name).eq(old)
    where = exp.and_(at, old.copy() >= exp.Literal.number(0))
    new: dict[str, object] = {"row": exp.column("new", table=moved)}
    return exp.update(name, new, where=where, from_=moved).sql(_DIALECT, identify=True)


@cache
def dropped(name: str) -> str:
    """The statement that drops a summary."""
    return exp.Drop(this=exp.to_table(_summary(name).name), kind="TABLE").sql(
        _DIALECT, identify=True
    )


def _table(name: str) -> Any:
    if name not in TABLES:
        raise ValueError(f"'{name}' is no table of a snapshot")
    fields = {field.name: TYPE_NAMES[field.type] for field in TABLES[name]}
    return ibis.table(fields, name=name)


def _summary(name: str) -> Summary:
    if name not in CATALOGUE:
        raise ValueError(f"'{name}' is no summary of a snapshot")
    return CATALOGUE[name]
