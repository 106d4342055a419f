"""How questions are asked of a snapshot: compiled once, answered from what is held where it is
(selection → answer).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pyarrow as pa

from mapapp.domain.countries import HOME, country_name, named_province
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query import summaries
from mapapp.query.filters.params import printable
from mapapp.query.filters.table import restrict
from mapapp.query.filters.words import Labels
from mapapp.query.shapes import shapes_of
from mapapp.query.tables import (
    Compiled,
    Expr,
    Query,
    Recent,
    compile_query,
    incidents_in,
    selected,
    table,
)
from mapapp.snapshot.summaries import held
from mapapp.store import Engine, Snapshot

T = TypeVar("T")

#: Compiled questions and selections: their SQL never changes, and compiling takes longer than
#: most answers.
_COMPILED: Recent[Compiled] = Recent(1024)
_SELECTIONS: Recent[Compiled] = Recent(1024)

#: A snapshot never changes, so that small answers to it hold for ever.
_ANSWERS: WeakKeyDictionary[Engine, Recent[Any]] = WeakKeyDictionary()


_COUNT = Query("count", lambda t: t.aggregate(n=incidents_in(t)), frozenset())
_SPAN = Query(
    "span",
    lambda t: t.aggregate(
        first=t.earliest.coalesce(t.latest).min(), last=t.latest.coalesce(t.earliest).max()
    ),
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A further restriction of the incidents that a question is about; `key` is its name."""

    key: Hashable
    to: Callable[[Expr], Expr]


_WHOLE = Narrowing(None, lambda t: t)


class Asking:
    """One snapshot to ask. Cheap to make; safe to share between threads."""

    def __init__(self, source: Engine | Snapshot) -> None:
        self._engine: Engine = source.engine if isinstance(source, Snapshot) else source
        self._summaries = held(source.meta) if isinstance(source, Snapshot) else {}
        self._answers: Recent[Any] = _ANSWERS.setdefault(self._engine, Recent(512))

    def count(self, selection: Selection) -> int:
        """How many incidents a selection keeps."""
        return self._once(
            ("count", selection), lambda: int(self._ask(selection, _COUNT)["n"][0].as_py())
        )

    def unfiltered(self, datasets: tuple[str, ...] = ()) -> Selection:
        """What a reader of these data sets (none: of all) begins with: incidents in Afghanistan,
        and where they have none there those of every country.
        """
        at_home = Selection(datasets=datasets)
        everywhere = replace(at_home, abroad=True)
        return everywhere if self.count(everywhere) and not self.count(at_home) else at_home

    def outside(self, selection: Selection) -> int:
        """How many more incidents a selection would keep, were those abroad not left out."""
        if selection.abroad or selection.countries:
            return 0
        return self.count(replace(selection, abroad=True)) - self.count(selection)

    def span(self, selection: Selection | None = None) -> tuple[date, date] | tuple[None, None]:
        """The first and last day of the data in the countries that a selection asks for, or
        (None, None); without one, of what a reader begins with.
        """
        wanted = self.unfiltered()
        if selection is not None and (selection.abroad or selection.countries):
            wanted = Selection(abroad=selection.abroad, countries=selection.countries)
        (row,) = self._once(("span", wanted), lambda: self._ask(wanted, _SPAN).to_pylist())
        return (row["first"], row["last"])

    def labels(self) -> Labels:
        """Words for codes whose words stand in the data: provinces, districts, sources."""
        return self._once("labels", self._labels)

    def _ask(
        self, selection: Selection, question: Query, narrowing: Narrowing | None = None
    ) -> pa.Table:
        """A question's answer over the incidents of a selection, narrowed further if wished."""
        dialect = self._engine.dialect
        # A large snapshot's shapes are measured once; its other questions may need no rows.
        measured = bool(selection.shapes and self._summaries) and dialect == "duckdb"
        if narrowing is None and not measured:
            covered = summaries.choose(self._summaries, question, selection, dialect)
            if covered is not None:
                return covered[0].ask(self._engine, covered[1])
        compiled = _COMPILED.get(
            (dialect, question.key), lambda: compile_query(question.query(selected()), dialect)
        )
        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule restricts nothing
        narrowed = narrowing or _WHOLE

        def incidents() -> Compiled:
            return compile_query(narrowed.to(restrict(table("incidents"), selection)), dialect)

        if measured:
            of = shapes_of(self._engine).selection(self._engine, plain, narrowed.key, narrowed.to)
        else:
            of = _SELECTIONS.get((dialect, plain, narrowed.key), incidents)
        return compiled.ask(self._engine, of)

    def _ask_tables(self, key: Hashable, query: Callable[[], Expr]) -> pa.Table:
        """The answer to a query of no selection, compiled once for its key."""
        dialect = self._engine.dialect
        compiled = _COMPILED.get((dialect, key), lambda: compile_query(query(), dialect))
        return compiled.ask(self._engine)

    def _ask_once(self, query: Expr) -> pa.Table:
        return compile_query(query, self._engine.dialect).ask(self._engine)

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        answer: T = self._answers.get(key, make)
        return answer

    def _contents(self, name: str, column: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
        safe = [key for key in keys if printable(key)]
        if not safe:
            return []
        t = table(name)
        query = t.filter(t[column].isin(safe))
        rows: list[dict[str, Any]] = self._ask_once(query).to_pylist()
        return rows

    def _bounds_in_time(self, selection: Selection | None = None) -> tuple[date, date]:
        """The span, with a day that harms nothing where there is none."""
        first, last = self.span(selection)
        return (first or date(2000, 1, 1), last or date(2000, 1, 1))

    def _countries(self) -> list[str]:
        """The countries of the data, Afghanistan first, then those of most incidents."""
        t = table("incidents")
        counted = t.group_by("country").aggregate(n=t.count())
        rows = self._ask_tables("countries", lambda: counted).to_pylist()
        rows.sort(key=lambda row: (row["country"] != HOME, -row["n"], row["country"]))
        return [row["country"] for row in rows]

    def _labels(self) -> dict[str, Mapping[str, str]]:
        t, s = table("incidents"), table("sources")

        def names(code: str, name: str) -> dict[str, str]:
            query = (
                t.filter(t[code].notnull(), t[name].notnull())
                .group_by(code=t[code])
                .aggregate(name=t[name].min())
            )
            answer = self._ask_tables(("names", code), lambda: query)
            return dict(zip(answer["code"].to_pylist(), answer["name"].to_pylist(), strict=True))

        cited = self._ask_tables("titles", lambda: s.select("id", "publisher", "title"))
        titles = cited.to_pylist()
        provinces = names("province", "adm1_name")
        for code, name in provinces.items():
            country, colon, _ = code.partition(":")
            provinces[code] = named_province(name, country if colon else HOME)
        return {
            "countries": {code: country_name(code) for code in self._countries()},
            "provinces": provinces,
            "districts": names("adm2_pcode", "adm2_name"),
            "sources": {row["id"]: f"{row['publisher']}, “{row['title']}”" for row in titles},
        }
