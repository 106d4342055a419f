"""What changes of the log did to incidents (log → what changed)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from mapapp.log import codec
from mapapp.log.tables import VERSIONS

T = TypeVar("T")

#: Keys a statement binds: SQLite builds of old allow 999 parameters.
_CHUNK: Final = 500


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
