"""What changed in the log after a change, and what stands now of the incidents that it touched
(log → the next snapshot).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from mapapp.log import codec
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


#: The source of a claim in its content: ids that releases get hold nothing that JSON escapes, and
#: a quotation inside another field is escaped there.
_SOURCE_ID = re.compile(r'(?<=[{,])"source_id":"([^"\\]*)"')


def records_standing(connection: sa.Connection, ids: Sequence[str], seq: int) -> dict[str, int]:
    """Those of these incidents whose record stood after change `seq`, and when it was recorded."""
    v = VERSIONS.c
    found: dict[str, int] = {}
    for some in chunks(ids):
        query = sa.select(v.key, v.recorded_seq).where(
            v.kind == "record", v.key.in_(some), _stood(seq)
        )
        found.update((row.key, row.recorded_seq) for row in connection.execute(query))
    return found


def releases(connection: sa.Connection) -> dict[str, str]:
    """Sources that are releases of a data set, by id, and that data set."""
    query = sa.select(VERSIONS.c.content).where(VERSIONS.c.kind == "source")
    sources = map(codec.decode_source, connection.execute(query).scalars())
    return {source.id: source.dataset for source in sources if source.dataset_version}


def changed(
    rows: Sequence[Any], after: int, until: int, releases: Mapping[str, str]
) -> Iterator[Any]:
    """The rows of incidents of which something else is said after `until` than after `after`."""
    by_incident: dict[str, list[Any]] = {}
    for row in rows:
        by_incident.setdefault(row.incident_id, []).append(row)
    for own in by_incident.values():
        if _said(own, after, releases) != _said(own, until, releases):
            yield from own


def _said(rows: Sequence[Any], seq: int, releases: Mapping[str, str]) -> set[str]:
    """What stood after a change, the release that says it left out."""
    return {
        _without_release(row, releases)
        for row in rows
        if row.recorded_seq <= seq and (row.superseded_seq is None or row.superseded_seq > seq)
    }


def _without_release(row: Any, releases: Mapping[str, str]) -> str:
    content: str = row.content
    if row.kind == "claim":
        # Cut out of the text: taking JSON apart would be most of the work of a comparison.
        named = _SOURCE_ID.search(content)
        if named and named[1] in releases:
            content = content.replace(named[0], f'"release":"{releases[named[1]]}"', 1)
    return f"{row.kind} {content}"


def _stood(seq: int) -> sa.ColumnElement[bool]:
    v = VERSIONS.c
    return (v.recorded_seq <= seq) & (v.superseded_seq.is_(None) | (v.superseded_seq > seq))
