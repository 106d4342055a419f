"""The XLSX export: a list to read, then typed tables; nothing is a formula (claims → XLSX)."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from mapapp.domain.problems import InvalidInput
from mapapp.exporters import columns, terms, xlsx_list
from mapapp.exporters.columns import ExportColumn
from mapapp.exporters.extract import Extract
from mapapp.exporters.tables import FORMULA_STARTS
from mapapp.exporters.xml_text import xml_text

#: Excel's own limits.
MAX_ROWS = 1_048_576
MAX_CELL = 32_767

_BOLD = Font(bold=True)


def write(extract: Extract) -> bytes:
    """The workbook. Raises InvalidInput where a table has more rows than a sheet can hold."""
    claims = sum(len(incident.claims) for incident in extract.incidents)
    if max(claims, len(extract.incidents)) >= MAX_ROWS:
        raise InvalidInput(
            f"a sheet holds {MAX_ROWS:,} rows, the selection has {claims:,} claims; export it in "
            "parts, or as CSV or GeoParquet"
        )
    book = Workbook(write_only=True)
    book.properties.creator = "Afghanistan incidents, and who says so"
    book.properties.title = _text(extract.sentence)
    book.properties.created = book.properties.modified = extract.made_at.replace(tzinfo=None)
    xlsx_list.fill(book.create_sheet("List"), extract, _cell)
    sheet = book.create_sheet("README")
    sheet.column_dimensions["A"].width = 110
    for line in terms.readme(extract).splitlines():
        sheet.append([_cell(sheet, line)])
    _sheet(book, "Incidents", columns.INCIDENTS, columns.incident_rows(extract))
    _sheet(book, "Claims", columns.CLAIMS, columns.claim_rows(extract))
    _sheet(book, "Sources", columns.SOURCES, columns.source_rows(extract))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(
    book: Workbook, name: str, table: Sequence[ExportColumn], rows: Iterable[Mapping[str, Any]]
) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    header = [WriteOnlyCell(sheet, value=column.name) for column in table]
    for head in header:
        head.font = _BOLD
    sheet.append(header)
    for row in rows:
        sheet.append([_cell(sheet, row[column.name]) for column in table])


def _cell(sheet: WriteOnlyWorksheet, value: Any) -> Any:
    """What `append` takes: the plain value where openpyxl cannot mistake it, else a cell."""
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False) if value else None
    if not isinstance(value, str):
        return value  # None, truth values, numbers and days have types of their own
    text = _text(value)
    if not text.startswith((*FORMULA_STARTS, "#")):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    # openpyxl takes text that begins with "=" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    # Kept as text also when the cell is edited or saved as CSV again.
    cell.quotePrefix = True
    return cell


def _text(value: str) -> str:
    """Text as XML can hold it, no longer than a cell."""
    text: str = xml_text(value)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
