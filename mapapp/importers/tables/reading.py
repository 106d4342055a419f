"""Open any file that holds a table (file → rows)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mapapp.importers.tables import files
from mapapp.importers.tables.delimited import DelimitedTable
from mapapp.importers.tables.json_table import JsonTable
from mapapp.importers.tables.parquet import ParquetTable
from mapapp.importers.tables.table import ReadOptions, Table
from mapapp.importers.tables.workbook import WorkbookTable

_READERS: dict[str, Callable[[Path, ReadOptions], Table]] = {
    "delimited": DelimitedTable,
    "json": JsonTable,
    "parquet": ParquetTable,
    "xlsx": WorkbookTable,
}


def open_table(path: Path, options: ReadOptions | None = None) -> Table:
    """The table in a file: CSV or TSV (also gzipped or zipped), XLSX, GeoJSON, JSON, Parquet.

    Only its beginning is read. Raises InvalidInput where there is no table in it.
    """
    files.check_exists(path)
    return _READERS[files.kind_of(path)](path, options or ReadOptions())
