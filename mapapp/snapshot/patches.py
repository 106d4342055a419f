"""The groups of a release's pre-aggregated tables that edited incidents are in, without these
(release + edited → tables in the snapshot's own file).

A release's file is never changed: the views of a snapshot take the groups of a patch in place of
the release's. See docs/decisions/store-files.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from mapapp.domain.vocab import Rule
from mapapp.snapshot.schema import INCIDENTS, MEASURES, MERCATOR_BITS, best_column
from mapapp.snapshot.summaries import (
    CATALOGUE,
    CELL_LEVEL,
    OF_FIGURES,
    OF_PLACES,
    PLACES,
    Summary,
)

#: Columns that say how an incident is drawn, beside its place.
_DRAWN: Final = ("areal", "geo_precision")

#: Sums of a summary of figures that are null where no incident has a number, and the column that
#: counts those that have one: the lowest, highest and best of a measure are there together.
KNOWN: Final = {
    name: f"{measure}_known"
    for measure in MEASURES
    for name in (
        *(f"{measure}_{end}" for end in ("low", "high")),
        *(best_column(measure, rule) for rule in Rule),
    )
}


#: What of incidents patches are made of.
COLUMNS: Final = tuple(name for name in INCIDENTS.names if name not in ("title", "search_text"))


def write(connection: Any, release: str, held: Collection[str]) -> None:
    """Make a patch of each summary that a release has, of its incidents in `main.edited`."""
    connection.begin()  # at once: each statement by itself would wait for the disk
    edited = f"SELECT row FROM main.edited WHERE release = '{release}'"  # noqa: S608 - a name of ours
    incidents = f"{release}.main.incidents"
    connection.execute(
        f"CREATE TEMP TABLE gone AS SELECT {', '.join(COLUMNS)} "  # noqa: S608
        f"FROM {incidents} SEMI JOIN ({edited}) USING (row)"
    )
    connection.execute(f"CREATE TEMP TABLE near AS {near(incidents, 'gone')}")
    for name in held:
        summary, whole, patch = CATALOGUE[name], f"{release}.main.{name}", _name(release, name)
        counted = {of: summary.sql("duckdb", of) for of in ("gone", "near")}
        connection.execute(
            f"CREATE TABLE {patch} AS FROM {whole} LIMIT 0; "
            f"INSERT INTO {patch} BY NAME {groups(summary, whole, counted)}"
        )
    connection.execute("DROP TABLE near; DROP TABLE gone")
    connection.commit()


def of_release(release: str, name: str) -> str:
    """The query of a release's summary with the groups of its patch in place."""
    return patched(CATALOGUE[name], f"{release}.main.{name}", _name(release, name))


def _name(release: str, name: str) -> str:
    return f"own.{release}_{name}"


def patched(summary: Summary, whole: str, patch: str, left: str = "") -> str:
    """The query of a summary in the table `whole` with the groups of a patch in place.

    `left` is what the engine wants before ANTI JOIN: DuckDB nothing, Spark "LEFT ".
    """
    names = summary.schema.names
    return (
        f"SELECT {', '.join(f's.{name}' for name in names)} FROM {whole} s "  # noqa: S608 - names of ours
        f"{left}ANTI JOIN {patch} p ON {_same(summary.dimensions, 's', 'p')} "
        f"UNION ALL SELECT {', '.join(names)} FROM {patch} WHERE n > 0"
    )


def groups(summary: Summary, whole: str, counted: Mapping[str, str]) -> str:
    """The query of a patch of the summary in the table `whole`: a group that has nothing left stays
    in it, with n = 0. `counted` are the summaries of what is `gone` and of what is left `near`.
    """
    keys = ", ".join(f"g.{name}" for name in summary.dimensions)
    if summary.of_places:  # a least and a greatest number cannot be taken out again
        rest = f"LEFT JOIN ({counted['near']}) s"
        values = ["coalesce(s.n, 0) AS n", *(f"s.{name}" for name in OF_PLACES)]
    else:
        rest = f"JOIN {whole} s"
        values = [_less(name) for name in ("n", *OF_FIGURES)]
    return (
        f"SELECT {keys}, {', '.join(values)} "  # noqa: S608
        f"FROM ({counted['gone']}) g {rest} ON {_same(summary.dimensions, 's', 'g')}"
    )


def _less(name: str) -> str:
    known = KNOWN.get(name)
    if known is None:
        return f"s.{name} - g.{name} AS {name}"
    return f"CASE WHEN s.{known} > g.{known} THEN s.{name} - coalesce(g.{name}, 0) END AS {name}"


def _same(names: Collection[str], one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in names)


def near(incidents: str, gone: str, left: str = "") -> str:
    """The query of what is left in the groups of the plainest summary of places that incidents are
    `gone` from, with the columns that such summaries are made of. `left` as for `patched`.
    """
    dimensions = {name for summary in CATALOGUE.values() for name in summary.dimensions}
    columns = dimensions.intersection(INCIDENTS.names).union(OF_PLACES.values(), _DRAWN)
    bits = MERCATOR_BITS - CELL_LEVEL
    same = " AND ".join(
        f"{at.format('i')} IS NOT DISTINCT FROM {at.format('g')}"
        for at in (
            *(f"{{0}}.{name}" for name in CATALOGUE["map"].dimensions if name not in PLACES),
            "CASE WHEN {0}.areal THEN {0}.area_id END",
            f"CASE WHEN NOT {{0}}.areal THEN {{0}}.mx >> {bits} END",
            f"CASE WHEN NOT {{0}}.areal THEN {{0}}.my >> {bits} END",
        )
    )
    return (
        f"SELECT {', '.join(f'i.{name}' for name in sorted(columns))} FROM {incidents} i "  # noqa: S608 - names of ours
        f"{left}ANTI JOIN {gone} o ON i.row = o.row {left}SEMI JOIN {gone} g ON {same}"
    )
