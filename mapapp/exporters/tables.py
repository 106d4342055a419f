"""CSV tables that are safe to open in a spreadsheet (claims → CSV)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.exporters import gate
from mapapp.exporters.columns import Column, flat_row
from mapapp.exporters.incidents_json import claim_json

#: Characters that make a spreadsheet read a cell as a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table_csv(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[Column], *, header: bool = True
) -> str:
    """Rows as CSV with a header, also where there are none; without, more rows of the same."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=[c.name for c in columns], lineterminator="\r\n")
    if header:
        writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue()


def incidents_csv(incidents: Iterable[Incident], sources: Mapping[str, Source], rule: Rule) -> str:
    """One row an incident; nested fields become `date_earliest`, lists become JSON text."""
    own = gate.extract(incidents, sources)
    return _csv([flat_row(i, own.sources, rule, own.trimmed.get(i.id, 0)) for i in own.incidents])


def claims_csv(incidents: Iterable[Incident], sources: Mapping[str, Source]) -> str:
    """One row a claim, with the id of its incident first."""
    own = gate.extract(incidents, sources)
    return _csv(
        [
            {"incident_id": incident.id, **claim_json(claim, own.sources)}
            for incident in own.incidents
            for claim in incident.claims
            if claim.current
        ]
    )


def _csv(rows: list[dict[str, Any]]) -> str:
    return table_csv(rows, [Column(name, "string") for name in rows[0]]) if rows else ""


def cell(value: Any) -> Any:
    """A value as a spreadsheet may hold it: text that would run as a formula gets a quote mark."""
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # NUL ends a cell in some readers; a lone surrogate cannot be written at all.
        value = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        value = value.encode("utf-8", "replace").decode()
        if value.startswith(FORMULA_STARTS):
            return "'" + value
    return value
