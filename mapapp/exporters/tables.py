"""CSV tables that are safe to open in a spreadsheet (claims → CSV)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mapapp.exporters import columns
from mapapp.exporters.columns import ExportColumn
from mapapp.exporters.extract import Extract

#: Characters that make a spreadsheet read a cell as a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table_csv(
    rows: Iterable[Mapping[str, Any]], of: Sequence[ExportColumn], *, header: bool = True
) -> str:
    """Rows as CSV with a header, also where there are none; without, more rows of the same."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=[column.name for column in of], lineterminator="\r\n")
    if header:
        writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue()


def incidents_csv(extract: Extract) -> str:
    """One row an incident; nested fields become `date_earliest`, lists become JSON text."""
    return table_csv(columns.incident_rows(extract), columns.INCIDENTS)


def claims_csv(extract: Extract) -> str:
    """One row a claim, with the id of its incident first."""
    return table_csv(columns.claim_rows(extract), columns.CLAIMS)


def sources_csv(extract: Extract) -> str:
    """One row a source."""
    return table_csv(columns.source_rows(extract), columns.SOURCES)


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
