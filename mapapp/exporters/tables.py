"""The CSV exports, safe to open in a spreadsheet: one table of incidents and one of claims."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.exporters.incidents_json import claim_json, incident_json

#: Characters that make a spreadsheet read a cell as a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def incidents_csv(incidents: Iterable[Incident], sources: Mapping[str, Source], rule: Rule) -> str:
    """One row an incident; nested fields become `date_earliest`, lists become JSON text."""
    rows = []
    for incident in incidents:
        row: dict[str, Any] = {}
        for name, value in incident_json(incident, sources, rule).items():
            if isinstance(value, dict):
                row |= {f"{name}_{inner}": cell for inner, cell in value.items()}
            elif name != "claims":
                row[name] = value
        row["sources"] = "; ".join(sources[source_id].cite() for source_id in incident.source_ids)
        rows.append(row)
    return _csv(rows)


def claims_csv(incidents: Iterable[Incident], sources: Mapping[str, Source]) -> str:
    """One row a claim, with the id of its incident first."""
    return _csv(
        [
            {"incident_id": incident.id, **claim_json(claim, sources)}
            for incident in incidents
            for claim in incident.claims
            if claim.current
        ]
    )


def _csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def cell(value: Any) -> Any:
    """A value as a spreadsheet may hold it: text that would run as a formula gets a quote mark."""
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
