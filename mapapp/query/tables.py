"""The snapshot's tables as unbound Ibis tables, and compiling to an engine's SQL (query → SQL).

Ibis is used as a compiler only: expressions are written once and each engine runs its own SQL.
A question is asked of a table called `selected`; which incidents those are is compiled apart and
comes before it as a common table expression. Compiling takes Ibis 20 to 100 ms for a question
and a few for a selection, so that a new selection must not compile every question anew; see
docs/decisions/store-compile-in-two.md.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

import ibis
import pyarrow as pa
import sqlglot as sg

from mapapp.snapshot import schema
from mapapp.store import Engine

Expr = Any  # Ibis is untyped
T = TypeVar("T")

SELECTED = "selected"

_ARROW_TYPES = {name: kind for kind, name in schema.TYPE_NAMES.items()}


@lru_cache
def table(name: str) -> Expr:
    """The unbound table of a snapshot table's name."""
    fields = {field.name: schema.TYPE_NAMES[field.type] for field in schema.TABLES[name]}
    return ibis.table(fields, name=name)


@lru_cache
def selected() -> Expr:
    """The incidents that a question is about."""
    return ibis.table(table("incidents").schema(), name=SELECTED)


@dataclass(frozen=True, slots=True)
class Query:
    """A question about incidents, not yet compiled.

    `key` is its name, equal for equal questions. `query` makes its expression of the incidents,
    which are rows, or a pre-aggregated table where `reads` are the columns that it must have (None:
    only rows answer). `of_places`: it is for a table of places, else for one of figures.
    """

    key: Hashable
    query: Callable[[Expr], Expr]
    reads: frozenset[str] | None = None
    of_places: bool = False


def incidents_in(t: Expr) -> Expr:
    """How many incidents the rows of a table stand for: `n` each of a pre-aggregated one, else 1.

    A sum of ones would do as well, at twice the time of a count.
    """
    counted = t.n.sum().fill_null(0) if "n" in t.columns else t.count()
    return counted.cast("int64")


def weight(t: Expr) -> dict[str, Expr]:
    """The column `n` to carry along in a selection of columns, where there is one."""
    return {"n": t.n} if "n" in t.columns else {}


@dataclass(frozen=True, slots=True)
class Compiled:
    """Compiled SQL and the Arrow types its answer is to have."""

    sql: str
    schema: pa.Schema

    def ask(self, engine: Engine, of: Compiled | None = None) -> pa.Table:
        """The answer, in the same types from every engine (DuckDB sums to 128 bits, say).

        `of` gives the incidents that the question is about.
        """
        answer = engine.run(self.sql if of is None else _with_selected(of.sql, self.sql, engine))
        return answer if answer.schema == self.schema else answer.cast(self.schema)


def compile_query(expression: Expr, dialect: str) -> Compiled:
    """An expression in an engine's dialect."""
    fields = [pa.field(name, _arrow_type(kind)) for name, kind in expression.schema().items()]
    return Compiled(str(ibis.to_sql(expression, dialect=dialect)), pa.schema(fields))


def _with_selected(selection_sql: str, question_sql: str, engine: Engine) -> str:
    """Two compiled statements as one; no text but the two goes in."""
    if question_sql.lstrip().upper().startswith("WITH"):
        raise AssertionError("a question may name the selected incidents in one place only")
    name = sg.to_identifier(SELECTED, quoted=True).sql(dialect=_SQLGLOT.get(engine.dialect))
    return f"WITH {name} AS (\n{selection_sql}\n)\n{question_sql}"


#: Where sqlglot calls a dialect otherwise than Ibis.
_SQLGLOT = {"duckdb": "duckdb", "postgres": "postgres", "pyspark": "spark"}


def _arrow_type(kind: Any) -> pa.DataType:
    name = str(kind).removeprefix("!")  # the mark of a column without nulls
    if name.startswith("int"):
        return pa.int32() if name == "int32" else pa.int64()
    return _ARROW_TYPES[name]


class Recent(Generic[T]):
    """The values asked for last, by key; safe between threads.

    A value is made outside the lock, and once: who asks for it meanwhile waits for it. A click
    asks for one selection from five sides at the same time.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, Future[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not held. What `make` raises, all who wait get."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            making = self._making.get(key)
            if making is None:
                answer = self._making[key] = Future()
        if making is not None:
            return making.result()
        try:
            value = make()
        except BaseException as error:
            answer.set_exception(error)
            with self._lock:
                del self._making[key]
            raise
        with self._lock:
            self._held[key] = value
            while len(self._held) > self._size:
                self._held.popitem(last=False)
            del self._making[key]
        answer.set_result(value)
        return value
