"""Incidents of a snapshot as records and claims, some at a time, for the gate of records (serves
log → public snapshot).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from mapapp.domain.batch import Batch
from mapapp.domain.source import Source
from mapapp.log import codec
from mapapp.snapshot import row_files

#: Incidents that pass the gate at a time: some 100 MB of claims.
_PIECE: Final = 25_000


def pieces(connection: Any, ids: pa.Array, sources: tuple[Source, ...]) -> Iterator[Batch]:
    """The records and claims of incidents, some at a time, from the log's or a release's rows."""
    for start in range(0, len(ids), _PIECE):
        connection.register("piece", pa.table({"id": ids.slice(start, _PIECE)}))
        records = [
            codec.decode_record(text)
            for (text,) in rows_of(
                connection, "SELECT content FROM whole.records JOIN piece USING (id) ORDER BY id"
            )
        ]
        claims = [
            codec.decode_claim(text, recorded_at=at, recorded_by=by)
            for text, at, by in rows_of(
                connection,
                "SELECT content, recorded_at, recorded_by FROM whole.claims "
                "JOIN piece ON incident_id = piece.id ORDER BY incident_id, position",
            )
        ]
        rows = connection.sql(
            "SELECT w.* FROM whole.rows w JOIN piece USING (id) ORDER BY id"
        ).to_arrow_table()
        for record, said in row_files.incidents(rows.to_pylist()):
            records.append(record)
            claims += said
        connection.unregister("piece")
        yield Batch(sources, tuple(records), tuple(claims))


def rows_of(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a query's answer."""
    # By way of Arrow: the driver's own times with a zone need another library.
    columns = connection.sql(statement).to_arrow_table().to_pydict().values()
    return list(zip(*columns, strict=True))
