"""What changed in the log after a change, and what stands now of the incidents that it touched
(log → the next snapshot).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from mapapp.log.tables import CHANGES, VERSIONS

T = TypeVar("T")

#: Keys a statement binds: SQLite builds of old allow 999 parameters.
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Touched:
    """The statements that some changes recorded or ended, by kind.

    `incidents` are those whose record, claims or judgements these are; `sources` only those that
    stood before and say otherwise now, or are gone; `rows` is whether a file of rows came or went.
    """

    incidents: frozenset[str]
    judgements: frozenset[str]
    sources: frozenset[str]
    new_sources: frozenset[str]
    rows: bool


def last_seq(connection: sa.Connection) -> int:
    """The number of the last change."""
    query = sa.select(sa.func.coalesce(sa.func.max(CHANGES.c.seq), 0))
    return int(connection.execute(query).scalar_one())


def touched(connection: sa.Connection, after: int, until: int) -> Touched:
    """What the changes `after` < seq <= `until` recorded or ended."""
    v = VERSIONS.c
    query = sa.select(v.kind, v.key, v.incident_id, v.other_id, v.recorded_seq).where(
        v.recorded_seq.between(after + 1, until) | v.superseded_seq.between(after + 1, until)
    )
    found = connection.execute(query).all()
    sides = {side for row in found for side in (row.incident_id, row.other_id) if side}
    sources = {row.key for row in found if row.kind == "source"}
    older = {row.key for row in found if row.kind == "source" and row.recorded_seq <= after}
    return Touched(
        frozenset(sides),
        frozenset(row.key for row in found if row.kind == "judgement"),
        frozenset(older),
        frozenset(sources - older),
        any(row.kind == "rows" for row in found),
    )


def standing(
    connection: sa.Connection, kind: str, column: Any, keys: Iterable[str], until: int
) -> list[Any]:
    """The versions of a kind that stood after change `until`, of these keys, in recorded order."""
    v = VERSIONS.c
    rows: dict[int, Any] = {}
    for some in chunks(sorted(keys)):
        query = sa.select(VERSIONS).where(
            v.kind == kind,
            column.in_(some),
            v.recorded_seq <= until,
            v.superseded_seq.is_(None) | (v.superseded_seq > until),
        )
        rows.update((row.row, row) for row in connection.execute(query))
    return [rows[number] for number in sorted(rows)]


def contents(
    connection: sa.Connection,
    found: Touched,
    until: int,
    decoded: Callable[[Any], Any],
) -> dict[str, list[Any]]:
    """Of the touched incidents, by kind: what stood after change `until`, `decoded` row by row.

    Sources are those that these cite, and the new ones.
    """
    v = VERSIONS.c
    records = standing(connection, "record", v.key, found.incidents, until)
    claims = standing(connection, "claim", v.incident_id, found.incidents, until)
    judgements = {
        row.row: row
        for side in (v.incident_id, v.other_id)
        for row in standing(connection, "judgement", side, found.incidents, until)
    }
    said = [decoded(row) for row in claims]
    cited = {claim.source_id for claim in said} | found.new_sources
    return {
        "record": [decoded(row) for row in records],
        "claim": said,
        "judgement": [decoded(judgements[number]) for number in sorted(judgements)],
        "source": [decoded(row) for row in standing(connection, "source", v.key, cited, until)],
        "rows": [decoded(row) for row in _row_files(connection, until)],
    }


def _row_files(connection: sa.Connection, until: int) -> Sequence[Any]:
    v = VERSIONS.c
    query = sa.select(VERSIONS).where(
        v.kind == "rows",
        v.recorded_seq <= until,
        v.superseded_seq.is_(None) | (v.superseded_seq > until),
    )
    return connection.execute(query.order_by(v.row)).all()


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Items in portions that one statement can bind."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
