"""A Parquet or GeoParquet file as rows, read in batches (file → rows)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.domain.problems import InvalidInput
from mapapp.importers.tables.table import ReadOptions, Row, Shape, make_row

_BATCH_ROWS = 4096


class ParquetTable:
    """A Parquet file; a GeoParquet point column gives longitude and latitude."""

    kind = "parquet"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        del options
        self.path = path
        self._done = 0.0
        try:
            with pq.ParquetFile(path) as file:
                self._names = tuple(file.schema_arrow.names)
                geometry = "geometry" in self._names and pa.types.is_binary(
                    file.schema_arrow.field("geometry").type
                )
                self._total = max(1, file.metadata.num_rows)
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(
                f"{path.name} cannot be read as Parquet ({error}): it is damaged or cut off. "
                "Download or write it again"
            ) from error
        self._geometry = self._names.index("geometry") if geometry else None
        extra = tuple(n for n in ("longitude", "latitude") if n not in self._names)
        self._adds_point = self._geometry is not None and len(extra) == 2
        self.shape = Shape(self._names + extra if self._adds_point else self._names, 0)

    def done(self) -> float:
        """How much has been read, 0 to 1."""
        return self._done

    def rows(self) -> Iterator[Row]:
        """Data rows; values keep their types."""
        number = 0
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(_BATCH_ROWS):
                    columns = [column.to_pylist() for column in batch.columns]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        point: tuple[float | None, ...] = ()
                        if self._adds_point:
                            point = _point(cells[self._geometry or 0])
                        kept = [None if isinstance(c, bytes) else c for c in cells]
                        yield make_row(number, number, (*kept, *point), self.shape.header)
                    self._done = number / self._total
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(
                f"{self.path.name} is damaged after row {number} ({error}). Nothing was imported: "
                "write the file again"
            ) from error


def _point(wkb: bytes | None) -> tuple[float | None, float | None]:
    """Longitude and latitude of a WKB point; (None, None) for any other geometry."""
    if wkb is None or len(wkb) < 21:
        return None, None
    order = "<" if wkb[0] == 1 else ">"
    if struct.unpack_from(order + "I", wkb, 1)[0] % 1000 != 1:
        return None, None
    lng, lat = struct.unpack_from(order + "dd", wkb, 5)
    return lng, lat
