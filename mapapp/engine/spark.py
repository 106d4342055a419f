"""The engine beyond one machine: any Spark Connect endpoint over tables on shared storage.

Serves the step from snapshot to query behind the same contract as `DuckDBEngine`: Apache Spark and
Sail both speak Spark Connect. `MAPAPP_ENGINE=sc://host:port` is the one setting; the tables are
those that `ingest_job` wrote. See docs/scaling.md.
"""

from __future__ import annotations

import importlib
import socket
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlsplit

import ibis
import pyarrow as pa

from mapapp import settings
from mapapp.domain.problems import StoreUnavailable

#: The one setting: the address of a Spark Connect endpoint.
ENGINE_VARIABLE: Final = "MAPAPP_ENGINE"

#: The engine's names of the types in `schema.py`.
SPARK_TYPES: Final = {
    pa.string(): "string",
    pa.bool_(): "boolean",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "timestamp",
    pa.list_(pa.string()): "array<string>",
}

#: How often and how long a request waits for an engine that does not answer: a few seconds.
_RETRIES: Final = {"max_retries": 3, "initial_backoff": 100, "max_backoff": 1000, "jitter": 100}

#: Each session has connections of its own: gRPC would give all sessions of an address the waiting
#: time of the one that was lost, up to two minutes, also when the endpoint is back.
_CHANNEL: Final = (
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
)

#: How long a connection may take; gRPC itself would wait for a host that is silent for a minute.
_CONNECT_S: Final = 3.0

#: Where an address names no port.
_PORT: Final = 15002


class _CompilerOptions(ibis.config.Config):  # type: ignore[misc]
    """What Ibis's own Spark connector would set; it is not loaded here, nor could it be."""

    treat_nan_as_null: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """What is laid over the tables of a root: small tables of ours, and views over all of them."""

    tables: Mapping[str, pa.Table]
    views: Mapping[str, str]


class SparkConnectEngine:
    """Tables in `root`, asked through the endpoint at `address` (`sc://host:port`).

    `tables` are their names and columns; they are known by their names with `under` before them.
    Safe from many threads. The session is made at the first
    question, and anew after the endpoint was lost. Raises StoreUnavailable for a wrong address.
    """

    dialect = "pyspark"

    def __init__(
        self, address: str, root: str | Path, tables: Mapping[str, pa.Schema], under: str = ""
    ) -> None:
        check_address(address)
        self.address, self.root = address, str(root)
        self._tables = dict(tables)
        self._under = under
        self._layers: list[Layer] = []
        self._lock = threading.Lock()
        self._held: Any = None
        _compile_for_null()

    def run(self, sql: str) -> pa.Table:
        """The rows of one query. Raises StoreUnavailable where the endpoint does not answer."""
        spark = client()
        was_held = self._held is not None
        try:
            return self._answer(spark, sql)
        except (spark.PySparkException, spark.RpcError) as error:
            self._forget()
            if not was_held:
                raise self._unanswered(error) from error
        # An endpoint that was started anew, or tidied up, knows the session no longer.
        try:
            return self._answer(spark, sql)
        except (spark.PySparkException, spark.RpcError) as error:
            self._forget()
            raise self._unanswered(error) from error

    def add_tables(self, tables: Mapping[str, pa.Schema]) -> None:
        """Further tables of the root, to be asked from now on."""
        with self._lock:
            new = {name: table for name, table in tables.items() if name not in self._tables}
            self._tables |= new
            if self._held is not None:
                self._make_views(self._held, new)

    def lay_over(self, layer: Layer) -> None:
        """Put tables of ours, and views over them and what there is, beside it from now on."""
        with self._lock:
            self._layers.append(layer)
            if self._held is not None:
                _lay(self._held, layer)

    def close(self) -> None:
        """End the session; the endpoint goes on."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            held.stop()

    def _answer(self, spark: Any, sql: str) -> pa.Table:
        held = self._session(spark).client
        # `session.sql(…).toArrow()` asks three times: whether it is a command, for its columns,
        # and for its rows.
        table, *_ = held.to_table(spark.SQL(sql).to_proto(held), {})
        return table

    def _session(self, spark: Any) -> Any:
        with self._lock:
            if self._held is None:
                session = _open(spark, self.address)
                self._make_views(session, self._tables)
                for layer in self._layers:
                    _lay(session, layer)
                self._held = session
            return self._held

    def _make_views(self, session: Any, tables: Mapping[str, pa.Schema]) -> None:
        for name, schema in tables.items():
            # Columns are said: a table without rows may have no file to tell them.
            reader = session.read.schema(columns_of(schema))
            frame = reader.parquet(f"{self.root.rstrip('/')}/{name}")
            # Apache Spark would add the column by which the files are parted.
            frame.select(*schema.names).createOrReplaceTempView(self._under + name)

    def _forget(self) -> None:
        """The next question makes a new session: this one may be of an endpoint that is gone."""
        with self._lock:
            self._held = None

    def _unanswered(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(
            f"the engine at {self.address} could not answer ({_first_line(error)}); "
            "check that it runs and sees the tables, or narrow the selection"
        )


def _lay(session: Any, layer: Layer) -> None:
    for name, rows in layer.tables.items():
        frame = session.createDataFrame(rows, schema=columns_of(rows.schema))
        frame.createOrReplaceTempView(name)
    for name, sql in layer.views.items():
        session.sql(sql).createOrReplaceTempView(name)


@contextmanager
def connect(address: str) -> Iterator[Any]:
    """A session of the endpoint for a job, ended afterwards. Raises StoreUnavailable."""
    check_address(address)
    spark = client()
    try:
        session = _open(spark, address)
        try:
            yield session
        finally:
            session.stop()
    except (spark.PySparkException, spark.RpcError) as error:
        raise StoreUnavailable(
            f"the engine at {address} failed ({_first_line(error)}); check that it runs and can "
            "read the source and write the tables"
        ) from error


def columns_of(schema: pa.Schema) -> str:
    """A schema in the words of the engine: "`id` string, `row` bigint"."""
    return ", ".join(f"`{field.name}` {SPARK_TYPES[field.type]}" for field in schema)


def check_address(address: str) -> None:
    """Raises StoreUnavailable where an address is not of the form `sc://host:port`."""
    try:
        settings.spark_address(address)
    except ValueError as error:
        raise StoreUnavailable(str(error)) from error


def _open(spark: Any, address: str) -> Any:
    parts = urlsplit(address)
    place = (parts.hostname or "", parts.port or _PORT)
    try:
        socket.create_connection(place, _CONNECT_S).close()
    except OSError as error:
        raise StoreUnavailable(
            f"the engine at {address} cannot be reached ({error.strerror or error}); check that it "
            "runs and that this machine may connect to it. It is asked again at the next question"
        ) from error
    channel = spark.ChannelBuilder(address, channelOptions=list(_CHANNEL))
    session = spark.SparkSession.builder.channelBuilder(channel).create()
    session.client.set_retry_policies([spark.DefaultPolicy(**_RETRIES)])
    # A day cut to its month is midnight there, and is read as UTC here.
    session.conf.set("spark.sql.session.timeZone", "UTC")
    # Apache Spark would put its own settings in place of `${…}`, also where a reader typed that.
    session.conf.set("spark.sql.variable.substitute", "false")
    return session


def _compile_for_null() -> None:
    """Tell Ibis's compiler, which has no Spark to ask, that NaN is not null: we store none."""
    ibis.options.pyspark = _CompilerOptions()


@cache
def client() -> Any:
    """What is used of the optional client. Raises StoreUnavailable where it is not installed."""
    try:
        with warnings.catch_warnings():
            # It warns of pandas 3, of which nothing is used here: answers are Arrow tables.
            warnings.simplefilter("ignore", FutureWarning)
            session = importlib.import_module("pyspark.sql.connect.session")
            plan = importlib.import_module("pyspark.sql.connect.plan")
            errors = importlib.import_module("pyspark.errors")
            core = importlib.import_module("pyspark.sql.connect.client.core")
            retries = importlib.import_module("pyspark.sql.connect.client.retries")
            grpc = importlib.import_module("grpc")
    except ImportError as error:
        raise StoreUnavailable(
            f"{ENGINE_VARIABLE} is set, but the Spark Connect client is not installed "
            f"({error}); install it with pip install -r requirements-spark.txt"
        ) from error
    return SimpleNamespace(
        SparkSession=session.SparkSession,
        SQL=plan.SQL,
        PySparkException=errors.PySparkException,
        ChannelBuilder=core.DefaultChannelBuilder,
        DefaultPolicy=retries.DefaultPolicy,
        RpcError=grpc.RpcError,
    )


def _first_line(error: Exception) -> str:
    lines = (str(error).strip() or type(error).__name__).splitlines()
    # gRPC says "terminated with:" and, below, with what.
    message = " ".join(" ".join(lines[:3]).split()) if lines[0].endswith(":") else lines[0]
    return message[:300]
