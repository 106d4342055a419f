"""The groups of a release's pre-aggregated tables that edited incidents are in, without these
(release + edited → tables in the snapshot's own file).

A release's file is never changed: the views of a snapshot take the groups of a patch in place of
the release's. See docs/decisions/store-files.md.
"""

from __future__ import annotations

from collections.abc import Collection
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


def write(connection: Any, release: str, held: Collection[str]) -> None:
    """Make a patch of each summary that a release has, of its incidents in `main.edited`."""
    connection.begin()  # at once: each statement by itself would wait for the disk
    edited = f"SELECT row FROM main.edited WHERE release = '{release}'"  # noqa: S608 - a name of ours
    connection.execute(
        "CREATE TEMP TABLE gone AS SELECT * EXCLUDE (title, search_text) "  # noqa: S608
        f"FROM {release}.main.incidents SEMI JOIN ({edited}) USING (row)"
    )
    connection.execute(_near(release))
    for name in held:
        connection.execute(_patch(CATALOGUE[name], release))
    connection.execute("DROP TABLE near; DROP TABLE gone")
    connection.commit()


def patched(release: str, name: str) -> str:
    """The query of a release's summary with the groups of its patch in place."""
    patch = _name(release, name)
    same = _same(CATALOGUE[name].dimensions, "s", "p")
    return (
        f"(SELECT s.* FROM {release}.main.{name} s ANTI JOIN {patch} p ON {same}) "  # noqa: S608
        f"UNION ALL BY NAME (FROM {patch} WHERE n > 0)"
    )


def _name(release: str, name: str) -> str:
    return f"own.{release}_{name}"


def _patch(summary: Summary, release: str) -> str:
    """The statements that make a patch: a group that has nothing left stays in it, with n = 0."""
    keys = ", ".join(f"g.{name}" for name in summary.dimensions)
    whole, patch = f"{release}.main.{summary.name}", _name(release, summary.name)
    if summary.of_places:  # a least and a greatest number cannot be taken out again
        rest = f"LEFT JOIN ({_of('near', summary)}) s"
        values = ["coalesce(s.n, 0) AS n", *(f's."{name}"' for name in OF_PLACES)]
    else:
        rest = f"JOIN {whole} s"
        values = [_less(name) for name in ("n", *OF_FIGURES)]
    return (
        f"CREATE TABLE {patch} AS FROM {whole} LIMIT 0; "  # noqa: S608 - names of ours
        f"INSERT INTO {patch} BY NAME SELECT {keys}, {', '.join(values)} "
        f"FROM ({_of('gone', summary)}) g {rest} ON {_same(summary.dimensions, 's', 'g')}"
    )


def _of(incidents: str, summary: Summary) -> str:
    return f"WITH incidents AS (FROM {incidents}) FROM ({summary.sql('duckdb')})"


def _less(name: str) -> str:
    known = KNOWN.get(name)
    if known is None:
        return f"s.{name} - g.{name} AS {name}"
    return f"CASE WHEN s.{known} > g.{known} THEN s.{name} - coalesce(g.{name}, 0) END AS {name}"


def _same(names: Collection[str], one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in names)


def _near(release: str) -> str:
    """The statement that keeps what is left in the groups of the plainest summary of places that
    edited incidents are in, with the columns that such summaries are made of.
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
        f"CREATE TEMP TABLE near AS SELECT {', '.join(sorted(columns))} "  # noqa: S608 - names of ours
        f"FROM {release}.main.incidents i ANTI JOIN gone USING (row) SEMI JOIN gone g ON {same}"
    )
