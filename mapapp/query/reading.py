"""Incidents read whole from a snapshot: record, claims, judgements and sources (snapshot →
incidents).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mapapp.domain.incident import Incident, assemble
from mapapp.domain.source import Source
from mapapp.log import codec
from mapapp.query.filters.params import printable
from mapapp.query.tables import Expr, compile_query, table
from mapapp.snapshot import row_files
from mapapp.store import Engine


@dataclass(frozen=True, slots=True)
class Whole:
    """Incidents by id, and the sources that their claims name."""

    incidents: tuple[Incident, ...]
    sources: Mapping[str, Source]


def read_whole(engine: Engine, ids: Sequence[str] | Expr) -> Whole:
    """The incidents with these ids, or with the ids of a column of an expression.

    Of which the snapshot has neither a record nor a row is left out. Raises StoreUnavailable.
    """
    chosen = [key for key in ids if printable(key)] if isinstance(ids, Sequence) else ids
    records = [
        codec.decode_record(row["content"]) for row in _rows(engine, "records", "id", chosen)
    ]
    claims = []
    if records:  # the claims of an incident kept as a row are made of it
        held = {record.id for record in records}
        claims = [
            codec.decode_claim(
                row["content"], recorded_at=row["recorded_at"], recorded_by=row["recorded_by"]
            )
            for row in sorted(
                _rows(engine, "claims", "incident_id", chosen), key=lambda row: row["position"]
            )
            if row["incident_id"] in held
        ]
    if not isinstance(ids, Sequence) or len(records) < len(chosen):
        for record, made in row_files.incidents(_rows(engine, "rows", "id", chosen), engine):
            records.append(record)
            claims += made
    judgements = {
        row["id"]: codec.decode_judgement(row["content"], recorded_at=row["recorded_at"])
        for side in ("left_id", "right_id")
        for row in _rows(engine, "judgements", side, chosen)
    }
    records.sort(key=lambda record: record.id)
    sources = _sources(engine, list(dict.fromkeys(claim.source_id for claim in claims)))
    linked = [judgements[key] for key in sorted(judgements)]
    return Whole(assemble(records, claims, linked, sources.values()), sources)


#: Above so many sources all are read: a long list of ids is slow to compile.
_LISTED = 200


def _sources(engine: Engine, ids: list[str]) -> dict[str, Source]:
    """Sources in the order of their ids in the list."""
    t = table("sources")
    rows = _run(engine, t) if len(ids) > _LISTED else _rows(engine, "sources", "id", ids)
    content = {row["id"]: row["content"] for row in rows}
    return {key: codec.decode_source(content[key]) for key in ids if key in content}


def _rows(engine: Engine, name: str, column: str, ids: list[str] | Expr) -> list[dict[str, Any]]:
    if isinstance(ids, list) and not ids:
        return []
    t = table(name)
    return _run(engine, t.filter(t[column].isin(ids)))


def _run(engine: Engine, expression: Expr) -> list[dict[str, Any]]:
    answer = compile_query(expression, engine.dialect).ask(engine)
    rows: list[dict[str, Any]] = answer.to_pylist()
    return rows
