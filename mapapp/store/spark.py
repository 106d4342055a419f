"""The engine beyond one machine: any Spark Connect endpoint over tables on shared storage.

Serves the step from snapshot to query behind the same contract as `DuckDBEngine`: Apache Spark and
Sail both speak Spark Connect. `MAPAPP_ENGINE=sc://host:port` is the one setting; the tables are
those that `ingest_job` wrote. See docs/scaling.md.
"""

from __future__ import annotations

import importlib
import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import ibis
import pyarrow as pa

from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.store.log import Log
from mapapp.store.past import Tell
from mapapp.store.schema import TABLES, VERSION
from mapapp.store.snapshot import Snapshot
from mapapp.store.store import Store

#: The one setting: the address of a Spark Connect endpoint.
ENGINE_VARIABLE: Final = "MAPAPP_ENGINE"

#: Where the tables are: a folder that every worker of the engine sees, or an object store's prefix.
TABLES_VARIABLE: Final = "MAPAPP_ENGINE_TABLES"

#: Where they are if that is not set, inside the data folder.
DEFAULT_TABLES: Final = "tables"

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


class _CompilerOptions(ibis.config.Config):  # type: ignore[misc]
    """What Ibis's own Spark connector would set; it is not loaded here, nor could it be."""

    treat_nan_as_null: bool = False


class SparkConnectEngine:
    """Tables in `root`, asked through the endpoint at `address` (`sc://host:port`).

    Safe from many threads. The session is made at the first question, and anew after the endpoint
    was lost.
    """

    dialect = "pyspark"

    def __init__(self, address: str, root: str | Path) -> None:
        _check_address(address)
        self.address, self.root = address, str(root)
        self._lock = threading.Lock()
        self._held: Any = None
        _compile_for_null()

    def run(self, sql: str) -> pa.Table:
        """The rows of one query. Raises StoreUnavailable where the endpoint does not answer."""
        spark = _pyspark()
        try:
            session = self._session(spark)
            return session.sql(sql).toArrow()
        except (spark.PySparkException, spark.RpcError) as error:
            self._forget()
            raise StoreUnavailable(
                f"the engine at {self.address} could not answer ({_first_line(error)}); "
                "check that it runs and sees the tables, or narrow the selection"
            ) from error

    def close(self) -> None:
        """End the session; the endpoint goes on."""
        with self._lock:
            held, self._held = self._held, None
        if held is not None:
            held.stop()

    def _session(self, spark: Any) -> Any:
        with self._lock:
            if self._held is None:
                session = _open(spark, self.address)
                for name, schema in TABLES.items():
                    # Columns are said: a table without rows may have no file to tell them.
                    reader = session.read.schema(columns_of(schema))
                    frame = reader.parquet(f"{self.root.rstrip('/')}/{name}")
                    frame.createOrReplaceTempView(name)
                self._held = session
            return self._held

    def _forget(self) -> None:
        """The next question makes a new session: this one may be of an endpoint that is gone."""
        with self._lock:
            self._held = None


class SparkStore(Store):
    """A data folder whose incidents are read through an engine; its log stays where it is."""

    def __init__(self, data_dir: Path, log: Log, engine: SparkConnectEngine) -> None:
        super().__init__(data_dir, log)
        self._engine = engine
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """The tables as one snapshot. Raises StoreUnavailable where they cannot be read."""
        if self._snapshot is None:
            self._snapshot = remote_snapshot(self._engine)
        return self._snapshot

    def at(
        self, as_of: datetime, tell: Tell = lambda done, doing: None, wait_s: float = 120.0
    ) -> Snapshot:
        """The tables, where they are of that time. Raises InvalidInput: there are no others."""
        current = self.current()
        if self.log.seq_at(as_of) != current.seq:
            raise InvalidInput(
                "this engine holds the data of one time only, of "
                f"{current.published_at:%Y-%m-%d}; leave as_of out, or build tables of that time"
            )
        return current

    def close(self) -> None:
        """Let go of the log and of the engine."""
        super().close()
        self._engine.close()


def remote_snapshot(engine: SparkConnectEngine) -> Snapshot:
    """The tables of an engine's root as a snapshot, checked to be of this version."""
    rows = engine.run("SELECT `key`, `value` FROM `meta`").to_pylist()
    meta = {row["key"]: row["value"] for row in rows}
    if meta.get("schema") != str(VERSION):
        raise StoreUnavailable(
            f"the tables in {engine.root} are of version {meta.get('schema')}, this program reads "
            f"version {VERSION}; build them anew with python -m mapapp.store.ingest_job"
        )
    published_at = datetime.fromisoformat(meta["published_at"])
    return Snapshot(int(meta["seq"]), published_at, engine, meta)


def open_store(folder: Path, environ: Mapping[str, str] = os.environ) -> Store:
    """The store of a folder: embedded, or through the engine that `MAPAPP_ENGINE` names."""
    address = environ.get(ENGINE_VARIABLE)
    if not address:
        return Store.open(folder)
    root = environ.get(TABLES_VARIABLE) or folder / DEFAULT_TABLES
    log = Store.open(folder).log
    return SparkStore(folder, log, SparkConnectEngine(address, current_version(root)))


def current_version(root: str | Path) -> str:
    """The folder of the version that a root's CURRENT names; the root itself where it has none.

    On object storage give the version's own prefix: there is no pointer to read.
    """
    pointer = Path(root) / "CURRENT"
    if "://" in str(root) or not pointer.exists():
        return str(root)
    return str(Path(root) / pointer.read_text("utf-8").strip())


@contextmanager
def connect(address: str) -> Iterator[Any]:
    """A session of the endpoint for a job, ended afterwards. Raises StoreUnavailable."""
    _check_address(address)
    spark = _pyspark()
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


def _check_address(address: str) -> None:
    if not address.startswith("sc://"):
        raise StoreUnavailable(
            f"“{address}” is no Spark Connect address; write it like sc://host:15002"
        )


def _open(spark: Any, address: str) -> Any:
    session = spark.SparkSession.builder.remote(address).create()
    session.client.set_retry_policies([spark.DefaultPolicy(**_RETRIES)])
    return session


def _compile_for_null() -> None:
    """Tell Ibis's compiler, which has no Spark to ask, that NaN is not null: we store none."""
    ibis.options.pyspark = _CompilerOptions()


def _pyspark() -> Any:
    """What is used of the optional client. Raises StoreUnavailable where it is not installed."""
    try:
        with warnings.catch_warnings():
            # It warns of pandas 3, of which nothing is used here: answers are Arrow tables.
            warnings.simplefilter("ignore", FutureWarning)
            session = importlib.import_module("pyspark.sql.connect.session")
            errors = importlib.import_module("pyspark.errors")
            retries = importlib.import_module("pyspark.sql.connect.client.retries")
            grpc = importlib.import_module("grpc")
    except ImportError as error:
        raise StoreUnavailable(
            f"{ENGINE_VARIABLE} is set, but the Spark Connect client is not installed "
            f"({error}); install it with pip install -r requirements-spark.txt"
        ) from error
    return SimpleNamespace(
        SparkSession=session.SparkSession,
        PySparkException=errors.PySparkException,
        DefaultPolicy=retries.DefaultPolicy,
        RpcError=grpc.RpcError,
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
