"""The engine's ingest job: incidents in Parquet or CSV to a partitioned, cell-ordered table with a
pyramid of cells, through any Spark Connect endpoint (claims → tables → query).

python -m mapapp.store.ingest_job --engine sc://host:port --source 's3://bucket/*.parquet' \
    --tables /shared/tables

The engine reads and writes; this process only asks, and no row passes through it. A build goes to
a folder of its own (`v-<time>`), and CURRENT names it only when it is whole.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from mapapp.domain.problems import InvalidInput, MapAppError
from mapapp.domain.vocab import GeoPrecision
from mapapp.store.columns import _M_PER_DEGREE
from mapapp.store.mercator import MAX_LAT
from mapapp.store.schema import BASE, INCIDENTS, MERCATOR_BITS, TABLES, VERSION
from mapapp.store.snapshot import open_snapshot
from mapapp.store.spark import ENGINE_VARIABLE, SPARK_TYPES, columns_of, connect

#: Rows that one file of the table holds, about: some hundred megabytes of Parquet.
ROWS_PER_FILE: Final = 2_000_000

#: Grids of the pyramid, as the power of two of their cells a side: a country view to a town's.
LEVELS: Final = (8, 9, 10, 11, 12, 13)

#: How lists are written in CSV.
LIST_SEPARATOR: Final = "|"


def build(
    address: str,
    source: str,
    tables: str,
    *,
    snapshot: Path | None = None,
    partitions: int | None = None,
    version: str | None = None,
) -> str:
    """Build the tables of `source` under `tables` and return the new version's folder.

    `source` is a path or pattern that the engine sees: Parquet with the `BASE` columns of
    `schema.py`, or CSV with them as its header (`.csv`, `.csv.gz`; lists as "a|b"). `snapshot` is
    a published DuckDB file from which claims, sources, records and judgements are taken. Raises
    InvalidInput where columns are missing, StoreUnavailable where the engine fails.
    """
    name = version or f"v-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    root = f"{tables.rstrip('/')}/{name}"
    with connect(address) as session:
        f = importlib.import_module("pyspark.sql.connect.functions")
        incidents = derive(_read(session, f, source), f)
        count = incidents.count()
        parts = partitions or max(1, -(-count // ROWS_PER_FILE))
        _write_incidents(incidents, f, f"{root}/incidents", parts)
        written = session.read.parquet(f"{root}/incidents")
        pyramid(written, f).write.partitionBy("level").parquet(f"{root}/pyramid")
        for table, rows in _others(snapshot, count).items():
            _write_small(session, rows, f"{root}/{table}")
    if "://" not in tables:
        pointer = Path(tables) / ".CURRENT.new"
        pointer.write_text(name + "\n", encoding="utf-8")
        pointer.replace(Path(tables) / "CURRENT")
    return root


def _read(session: Any, f: Any, source: str) -> Any:
    if not source.removesuffix(".gz").endswith(".csv"):
        frame = session.read.parquet(source)
        _check(frame.columns, source)
        return frame.select(*BASE.names)
    frame = session.read.option("header", True).option("multiLine", True).csv(source)
    _check(frame.columns, source)
    return frame.select(*(_parsed(f, field).alias(field.name) for field in BASE))


def _check(columns: Sequence[str], source: str) -> None:
    missing = [name for name in BASE.names if name not in columns]
    if missing:
        raise InvalidInput(
            f"{source} lacks the columns {', '.join(missing[:8])}"
            f"{' …' if len(missing) > 8 else ''}; write it with the BASE columns of "
            "mapapp/store/schema.py"
        )


def _parsed(f: Any, field: pa.Field) -> Any:
    column = f.col(field.name)
    if field.type == pa.list_(pa.string()):
        empty = f.array().cast("array<string>")
        return f.when(f.coalesce(column, f.lit("")) == "", empty).otherwise(
            f.split(column, f"[{LIST_SEPARATOR}]")
        )
    if pa.types.is_integer(field.type):
        column = column.cast("double")  # pandas writes a column with gaps as 20.0
    return column.cast(SPARK_TYPES[field.type])


def derive(base: Any, f: Any) -> Any:
    """`BASE` columns with the derived ones but `row`, as `columns.finish` makes them."""
    size = float(1 << MERCATOR_BITS)
    top = (1 << MERCATOR_BITS) - 1

    def within(column: Any) -> Any:
        whole = f.floor(column).cast("bigint")
        return f.least(f.greatest(whole, f.lit(0).cast("bigint")), f.lit(top).cast("bigint"))

    def mapped(column: Any) -> Any:
        return f.when(f.col("mappable"), column)

    lat = f.least(f.greatest(f.col("lat"), f.lit(-MAX_LAT)), f.lit(MAX_LAT))
    sine = f.sin(f.radians(lat))
    up = f.coalesce(f.col("radius_m"), f.lit(0.0)) / _M_PER_DEGREE
    across = up / f.greatest(f.lit(0.01), f.cos(f.radians(f.col("lat"))))
    day = f.coalesce(f.col("earliest"), f.col("latest"))
    areas = [str(GeoPrecision.DISTRICT), str(GeoPrecision.PROVINCE)]
    placed = base.withColumns(
        {
            "month": (f.year(day) * 12 + f.month(day) - 1).cast("int"),
            "mx": mapped(within((f.col("lng") / 360.0 + 0.5) * size)),
            "my": mapped(within((0.5 - f.log((1 + sine) / (1 - sine)) / (4 * f.pi())) * size)),
            "west": mapped(f.col("lng") - across),
            "south": mapped(f.col("lat") - up),
            "east": mapped(f.col("lng") + across),
            "north": mapped(f.col("lat") + up),
            "areal": f.col("geo_precision").isin(areas) & f.col("area_id").isNotNull(),
        }
    )
    spread_x, spread_y = (_spread(f, f.col(name)) for name in ("mx", "my"))
    return placed.withColumn("cell", spread_x.bitwiseOR(f.shiftleft(spread_y, 1)))


def _spread(f: Any, column: Any) -> Any:
    """Bits moved apart by one; see `mercator.morton`."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        moved = column.bitwiseOR(f.shiftleft(column, shift))
        column = moved.bitwiseAND(f.lit(mask).cast("bigint"))
    return column


def _write_incidents(frame: Any, f: Any, path: str, parts: int) -> None:
    """Files by year, each in the order of month, cell and id, so that readers skip row groups.

    `row` is unique and follows that order within a file; numbering all rows one after the other
    would put them all through one worker.
    """
    frame = frame.repartitionByRange(parts, "month", "cell")
    frame = frame.sortWithinPartitions("month", "cell", "id")
    frame = frame.withColumn("row", f.monotonically_increasing_id().cast("bigint"))
    frame = frame.select(*INCIDENTS.names, (f.col("month") / 12).cast("int").alias("year"))
    frame.write.partitionBy("year").option("compression", "zstd").parquet(path)


def pyramid(incidents: Any, f: Any) -> Any:
    """Counts of point-like incidents by cell of each level, months of first and last day, kind.

    Columns: level, x, y, first_month, last_month, display_kind, counted (neither background nor
    abroad), n, lat_sum, lng_sum. A count over any span of months or kinds is a sum of these rows.
    """
    points = incidents.filter(f.col("mappable") & ~f.col("areal"))

    def month(day: str) -> Any:
        return (f.year(f.col(day)) * 12 + f.month(f.col(day)) - 1).cast("int")

    levels = []
    for level in LEVELS:
        shift = MERCATOR_BITS - level
        keyed = points.select(
            f.lit(level).alias("level"),
            f.shiftright(f.col("mx"), shift).alias("x"),
            f.shiftright(f.col("my"), shift).alias("y"),
            month("earliest").alias("first_month"),
            month("latest").alias("last_month"),
            "display_kind",
            (~f.col("background") & ~f.col("abroad")).alias("counted"),
            "lat",
            "lng",
        )
        keys = ("level", "x", "y", "first_month", "last_month", "display_kind", "counted")
        levels.append(
            keyed.groupBy(*keys).agg(
                f.count(f.lit(1)).alias("n"),
                f.sum("lat").alias("lat_sum"),
                f.sum("lng").alias("lng_sum"),
            )
        )
    whole = levels[0]
    for level_rows in levels[1:]:
        whole = whole.unionByName(level_rows)
    return whole


def _others(snapshot: Path | None, incidents: int) -> Mapping[str, pa.Table]:
    """The tables beside the incidents: of a snapshot, or without rows."""
    names = [name for name in TABLES if name not in ("incidents", "meta")]
    meta = {
        "seq": "1",
        "schema": str(VERSION),
        "published_at": datetime.now(UTC).isoformat(),
        "incidents": str(incidents),
        "claims": "0",
        "sources": "0",
    }
    found = {name: TABLES[name].empty_table() for name in names}
    if snapshot is not None:
        held = open_snapshot(snapshot)
        found = {
            name: held.engine.run(f'SELECT * FROM "{name}"').cast(TABLES[name])  # noqa: S608
            for name in names
        }
        held.engine.close()
        meta |= {"seq": str(held.seq)}
        meta |= {name: str(found[name].num_rows) for name in ("claims", "sources")}
    rows = [{"key": key, "value": value} for key, value in meta.items()]
    return {**found, "meta": pa.Table.from_pylist(rows, schema=TABLES["meta"])}


def _write_small(session: Any, rows: pa.Table, path: str) -> None:
    session.createDataFrame(rows, schema=columns_of(rows.schema)).write.parquet(path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; 0 is success, 1 faults in the input, 2 an engine that cannot be used."""
    parser = argparse.ArgumentParser(prog="ingest_job", description=__doc__)
    parser.add_argument(
        "--engine", default=os.environ.get(ENGINE_VARIABLE), help="sc://host:port of the endpoint"
    )
    parser.add_argument("--source", required=True, help="Parquet or CSV that the engine sees")
    parser.add_argument("--tables", required=True, help="folder or prefix to build under")
    parser.add_argument("--snapshot", type=Path, default=None, help="DuckDB file for the claims")
    parser.add_argument("--partitions", type=int, default=None, help="files (default: by rows)")
    options = parser.parse_args(arguments)
    if not options.engine:
        parser.error(f"name the engine with --engine sc://host:port, or set {ENGINE_VARIABLE}")
    try:
        root = build(
            options.engine,
            options.source,
            options.tables,
            snapshot=options.snapshot,
            partitions=options.partitions,
        )
    except InvalidInput as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except MapAppError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"built {root}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
