"""The engine's ingest job: incidents in Parquet or CSV to a partitioned, cell-ordered table with
pre-aggregated ones beside it, through any Spark Connect endpoint (claims → tables → query).

python -m mapapp.store.spark_job --engine sc://host:port --source 's3://bucket/*.parquet' \
    --tables /shared/tables

The engine reads and writes; this process only asks, and no row passes through it. A build goes to
a folder of its own (`v-<time>-<letters>`), and CURRENT names it only when it is whole.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mapapp.domain.problems import InvalidInput, MapAppError
from mapapp.domain.vocab import GeoPrecision
from mapapp.engine.spark import ENGINE_VARIABLE, SPARK_TYPES, columns_of, connect
from mapapp.snapshot import summaries
from mapapp.snapshot.columns import _M_PER_DEGREE
from mapapp.snapshot.mercator import MAX_LAT
from mapapp.snapshot.schema import BASE, INCIDENTS, MERCATOR_BITS, TABLES, VERSION
from mapapp.snapshot.snapshot import open_snapshot
from mapapp.store.store import CHANGED_KEY

#: The entry of the tables' meta that is the last change of the log that their claims are of.
LOG_SEQ_KEY: Final = "log_seq"

#: Rows that one file of the table holds, about: some hundred megabytes of Parquet.
ROWS_PER_FILE: Final = 2_000_000

#: Rows that the workers sort at once. A sorted row takes them more than a kilobyte of memory; those
#: of a larger cluster take more at once (`--rows-at-once`).
ROWS_AT_ONCE: Final = 2_000_000

#: Partitions that one slice has at most, for numbers of rows that no two have.
_MOST_PARTS: Final = 4096

#: How lists are written in CSV.
LIST_SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How a build is cut: the workers sort some `rows_at_once` rows at a time, months that belong
    together, into `partitions` files each time (None: by rows). `worth` and `summaries_from` are
    `WORTH` and `FROM_INCIDENTS` of `summaries.py`.
    """

    partitions: int | None = None
    rows_at_once: int = ROWS_AT_ONCE
    worth: int = summaries.WORTH
    summaries_from: int = summaries.FROM_INCIDENTS


def build(
    address: str,
    source: str | None,
    tables: str,
    *,
    snapshot: Path | None = None,
    version: str | None = None,
    sizes: Sizes | None = None,
) -> str:
    """Build the tables of `source` under `tables` and return the new version's folder.

    `source` is a path or pattern that the engine sees: Parquet with the `BASE` columns of
    `schema.py`, or CSV with them as its header (`.csv`, `.csv.gz`; lists as "a|b"). `snapshot` is
    a published DuckDB file from which claims, sources, records and judgements are taken, and the
    incidents too where no source is given.

    Raises InvalidInput where columns are missing, StoreUnavailable where the engine fails.
    """
    if source is None and snapshot is None:
        raise InvalidInput("name the incidents with --source, or a published file with --snapshot")
    held, of_snapshot, sizes = _Held(snapshot), False, sizes or Sizes()
    name = version or new_version(datetime.now(UTC))
    root = f"{tables.rstrip('/')}/{name}"
    with connect(address) as session:
        f = importlib.import_module("pyspark.sql.connect.functions")
        if source is None:
            source = f"{root}/source"
            _put(session, held.table("incidents"), source)
            of_snapshot = True
        frame = derive(_read(session, f, source), f)
        slices = _slices(frame, f, sizes.rows_at_once)
        if len(slices) > 1 and _is_csv(source):
            # Each slice reads all rows: text is understood once.
            _read(session, f, source).write.parquet(f"{root}/source")
            frame = derive(_read(session, f, f"{root}/source"), f)
        for number, own in enumerate(slices):
            path = f"{root}/incidents"
            _write_incidents(own.of(frame, f), f, path, number, own.parts(sizes.partitions))
        # Columns are said: a table without rows may have no file to tell them.
        written = session.read.schema(columns_of(INCIDENTS)).parquet(f"{root}/incidents")
        written.createOrReplaceTempView("incidents")
        count = written.count()
        most = count // sizes.worth if count >= sizes.summaries_from else 0
        found = _write_summaries(session, f, root, most) if most else {}
        for beside in TABLES:
            if beside not in ("incidents", "meta"):
                _put(session, held.table(beside), f"{root}/{beside}")
        meta = held.meta(count, of_snapshot) | {summaries.META_KEY: json.dumps(found)}
        _put(session, _meta_table(meta), f"{root}/meta")
    if "://" not in tables:
        pointer = Path(tables) / f".CURRENT.{name}.new"
        pointer.write_text(name + "\n", encoding="utf-8")
        pointer.replace(Path(tables) / "CURRENT")
    return root


def new_version(at: datetime) -> str:
    """The folder's name of a build that begins at `at`; no two builds get the same.

    By the time alone, two machines that build into one shared folder could meet.
    """
    return f"v-{at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def _read(session: Any, f: Any, source: str) -> Any:
    if not _is_csv(source):
        frame = session.read.parquet(source)
        _check(frame.columns, source)
        return frame.select(*BASE.names)
    frame = session.read.option("header", True).option("multiLine", True).csv(source)
    _check(frame.columns, source)
    return frame.select(*(_parsed(f, field).alias(field.name) for field in BASE))


def _is_csv(source: str) -> bool:
    return source.removesuffix(".gz").endswith(".csv")


def _check(columns: Sequence[str], source: str) -> None:
    missing = [name for name in BASE.names if name not in columns]
    if missing:
        raise InvalidInput(
            f"{source} lacks the columns {', '.join(missing[:8])}"
            f"{' …' if len(missing) > 8 else ''}; write it with the BASE columns of "
            "mapapp/snapshot/schema.py"
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
            "province": f.when(
                f.col("abroad"), f.concat(f.col("country"), f.lit(":"), f.col("adm1_name"))
            ).otherwise(f.col("adm1_pcode")),
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


@dataclass(frozen=True, slots=True)
class _Slice:
    """Months that are sorted and written together, None for an open end; rows without a month are
    with the first.
    """

    first: int | None
    last: int | None
    rows: int

    def of(self, frame: Any, f: Any) -> Any:
        """Their rows."""
        month = f.col("month")
        if self.first is not None:
            frame = frame.where(month >= self.first)
        if self.last is not None:
            until = month <= self.last
            frame = frame.where(until if self.first is not None else until | month.isNull())
        return frame

    def parts(self, wished: int | None) -> int:
        """Files that they make, if all were of one year."""
        return wished or max(1, -(-self.rows // ROWS_PER_FILE))


def _slices(frame: Any, f: Any, at_once: int) -> list[_Slice]:
    """All months in slices of some `at_once` rows; a month is never cut."""
    counted = frame.groupBy("month").agg(f.count(f.lit(1)).alias("n")).toArrow()
    counts = {row["month"]: row["n"] for row in counted.to_pylist()}
    rows = counts.pop(None, 0)
    slices: list[_Slice] = []
    first: int | None = None
    for month in sorted(counts):
        if rows and rows + counts[month] > at_once:
            slices.append(_Slice(first, month - 1, rows))
            first, rows = month, 0
        rows += counts[month]
    return [*slices, _Slice(first, None, rows)]


def _write_incidents(frame: Any, f: Any, path: str, number: int, parts: int) -> None:
    """Files by year, each in the order of month, cell and id, so that readers skip row groups.

    `row` is unique and follows that order within a file; numbering all rows one after the other
    would put them all through one worker. The engine's own numbers hold the partition above their
    33rd bit and begin anew with each slice (`number`).
    """
    frame = frame.repartitionByRange(parts, "month", "cell")
    frame = frame.sortWithinPartitions("month", "cell", "id")
    before = f.lit((number * _MOST_PARTS) << 33).cast("bigint")
    frame = frame.withColumn("row", f.monotonically_increasing_id().cast("bigint") + before)
    frame = frame.select(*INCIDENTS.names, (f.col("month") / 12).cast("int").alias("year"))
    files = frame.write.mode("append").partitionBy("year").option("compression", "zstd")
    files.parquet(path)


def _write_summaries(session: Any, f: Any, root: str, most: int) -> dict[str, int]:
    """The pre-aggregated tables and their rows, without those of more than `most` rows.

    What is too large is found out by writing it: it is left where it is and named nowhere.
    """
    found = {}
    for name, summary in summaries.CATALOGUE.items():
        path = f"{root}/{name}"
        # A day cut to its month is a timestamp there.
        typed = [f.col(own.name).cast(SPARK_TYPES[own.type]) for own in summary.schema]
        session.sql(summary.sql("pyspark")).select(*typed).coalesce(1).write.parquet(path)
        rows = session.read.schema(columns_of(summary.schema)).parquet(path).count()
        if rows <= most:
            found[name] = rows
    return found


class _Held:
    """The tables beside the incidents: of a published file, or without rows."""

    def __init__(self, snapshot: Path | None) -> None:
        self._snapshot = open_snapshot(snapshot) if snapshot is not None else None

    def table(self, name: str) -> pa.Table:
        """One of them."""
        if self._snapshot is None:
            return TABLES[name].empty_table()
        schema = TABLES[name]
        return self._snapshot.engine.run(f"FROM {name}").select(schema.names).cast(schema)

    def meta(self, incidents: int, of_snapshot: bool) -> dict[str, str]:
        """What the tables are; `seq` is the log's only where all of them are of the snapshot.

        Else it is a number that no other build has: the routes tell versions apart by it.
        """
        held = self._snapshot
        own = time.time_ns() // 1_000_000
        changed = held.meta.get(CHANGED_KEY) if held is not None else None
        return {
            "seq": str(held.seq if held is not None and of_snapshot else own),
            "schema": str(VERSION),
            "published_at": datetime.now(UTC).isoformat(),
            "incidents": str(incidents),
            "claims": held.meta["claims"] if held is not None else "0",
            "sources": held.meta["sources"] if held is not None else "0",
            **({LOG_SEQ_KEY: str(held.seq)} if held is not None else {}),
            **({CHANGED_KEY: changed} if changed else {}),
        }


def _meta_table(meta: Mapping[str, str]) -> pa.Table:
    rows = [{"key": key, "value": value} for key, value in meta.items()]
    return pa.Table.from_pylist(rows, schema=TABLES["meta"])


def _put(session: Any, rows: pa.Table, path: str) -> None:
    """Write a table of this process: to the shared folder itself, else through the engine."""
    if "://" in path:
        session.createDataFrame(rows, schema=columns_of(rows.schema)).write.parquet(path)
        return
    folder = Path(path)
    folder.mkdir(parents=True)
    pq.write_table(rows, folder / "part-0.parquet", compression="zstd")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job; 0 is success, 1 faults in the input, 2 an engine that cannot be used."""
    parser = argparse.ArgumentParser(prog="ingest_job", description=__doc__)
    parser.add_argument(
        "--engine", default=os.environ.get(ENGINE_VARIABLE), help="sc://host:port of the endpoint"
    )
    parser.add_argument("--source", default=None, help="Parquet or CSV that the engine sees")
    parser.add_argument("--tables", required=True, help="folder or prefix to build under")
    parser.add_argument(
        "--snapshot",
        type=Path,
        default=None,
        help="a published file: its claims and, where no source is named, its incidents",
    )
    parser.add_argument("--partitions", type=int, default=None, help="files (default: by rows)")
    parser.add_argument(
        "--rows-at-once", type=int, default=ROWS_AT_ONCE, help="rows that the workers sort at once"
    )
    options = parser.parse_args(arguments)
    if not options.engine:
        parser.error(f"name the engine with --engine sc://host:port, or set {ENGINE_VARIABLE}")
    try:
        root = build(
            options.engine,
            options.source,
            options.tables,
            snapshot=options.snapshot,
            sizes=Sizes(options.partitions, options.rows_at_once),
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
