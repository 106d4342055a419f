"""The views through which a snapshot and the releases it names are one (snapshot → query).

They stand in the snapshot's own file. Its tables are in the schema `own` there; a release is
another file, opened under the name that `release` gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from mapapp.snapshot import patches, summaries
from mapapp.snapshot.summaries import CATALOGUE

_AND: Final = " UNION ALL BY NAME "


def release(number: int) -> str:
    """What a release is called among the files of a snapshot."""
    return f"release_{number}"


def edited(name: str) -> str:
    """The statement that notes which incidents of a release are among those `asked` for."""
    return (
        f"INSERT INTO main.edited SELECT '{name}', id, row FROM {name}.main.incidents "  # noqa: S608 - names of ours
        "JOIN asked USING (id)"
    )


def create(connection: Any, own: int, metas: Sequence[Mapping[str, str]], rows_sql: str) -> None:
    """Make the views of a snapshot that is being written, which has `own` incidents itself, and of
    the releases that are open beside it and say `metas` of themselves.
    """
    names = [release(number) for number in range(len(metas))]
    changed = {key for (key,) in connection.sql("SELECT DISTINCT release FROM edited").fetchall()}
    incidents = {"own": "FROM own.incidents"}
    rows = {"own": "FROM own.rows"}
    for name in names:
        incidents[name] = f"FROM {name}.main.incidents"
        rows[name] = rows_sql.format(rows=f"{name}.main.rows")
        if name in changed:
            hidden = f"FROM edited WHERE release = '{name}'"
            incidents[name] += f" ANTI JOIN ({hidden}) e USING (row)"
            rows[name] = f"FROM ({rows[name]}) ANTI JOIN ({hidden}) e USING (id)"
    for table in ("claims", "records", "sources", "judgements"):
        connection.execute(f"CREATE VIEW main.{table} AS FROM own.{table}")
    connection.execute(f"CREATE VIEW main.rows AS {_all(rows.values())}")
    connection.execute(f"CREATE VIEW main.incidents AS {_all(incidents.values())}")
    large = {
        name: summaries.held(meta)
        for name, meta in zip(names, metas, strict=True)
        if int(meta["incidents"]) >= summaries.FROM_INCIDENTS
    }
    if large and own >= summaries.FROM_INCIDENTS:
        connection.execute("SET search_path = 'own,main'")
        large["own"] = summaries.make(connection, own)
        connection.execute("SET search_path = 'main'")
    for name in changed & large.keys():
        patches.write(connection, name, large[name])
    if large:
        small = [q for name, q in incidents.items() if name not in large]
        _summaries(connection, large, small, changed)


def _summaries(
    connection: Any,
    large: Mapping[str, Mapping[str, int]],
    small: Sequence[str],
    changed: Collection[str],
) -> None:
    """Make the views of the pre-aggregated tables that every large part has; of those `changed`
    with their patches. What is small has none, and is counted when it is asked for.
    """
    rows_by_name: dict[str, int] = {}
    for summary in CATALOGUE.values():
        name = summary.name
        if not all(name in held for held in large.values()):
            continue
        parts = [
            f"FROM own.{name}"
            if of == "own"
            else patches.of_release(of, name)
            if of in changed
            else f"FROM {of}.main.{name}"
            for of in large
        ]
        if small:
            parts.append(f"WITH incidents AS ({_all(small)}) FROM ({summary.sql('duckdb')})")
        connection.execute(f"CREATE VIEW main.{name} AS {_all(parts)}")
        rows_by_name[name] = sum(held[name] for held in large.values())
    summaries.note(connection, rows_by_name)


def _all(parts: Iterable[str]) -> str:
    return _AND.join(f"({part})" for part in parts)
