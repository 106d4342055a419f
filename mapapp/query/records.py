"""The dashboard's questions for incidents and sources themselves (selection → rows, incidents)."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from mapapp.domain.incident import Incident
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import NotFound
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.log import codec
from mapapp.query.asking import Asking, Narrowing
from mapapp.query.filters.params import printable
from mapapp.query.questions import rows
from mapapp.query.questions.rows import Cursor, IncidentDetail, Related
from mapapp.query.reading import read_whole
from mapapp.query.tables import Expr, Query, table

#: Pages of up to so many rows are sorted by their keys alone where an engine would sort whole rows
#: (DuckDB fetches the other columns late by itself).
KEYED_LIMIT = 1000


class Records(Asking):
    """Rows, and what stands behind one."""

    def table(
        self,
        selection: Selection,
        order_by: str = "date",
        descending: bool = True,
        limit: int | None = None,
        after: Cursor | None = None,
    ) -> pa.Table:
        """Incidents with all display columns; those without a value of `order_by` come last.

        `order_by` is `date`, `killed`, `wounded` (best by the rule) or a column that is no list.
        For the next page give `after` = `cursor(table)` of the page before.
        """
        rule = selection.rule

        def further(t: Expr) -> Expr:
            assert after is not None
            return rows.beyond(t, order_by, rule, descending, after)

        page = None
        if after is not None:
            page = Narrowing(("after", order_by, rule, descending, after), further)
        if limit is not None and limit <= KEYED_LIMIT and self._engine.dialect != "duckdb":
            question = rows.keys_question(order_by, rule, descending, limit)
            keys = self._ask(selection, question, page)
            return rows.page_of(keys, self._ask_once(rows.wide_query(keys["row"].to_pylist())))
        return self._ask(selection, rows.table_question(order_by, rule, descending, limit), page)

    @staticmethod
    def cursor(page: pa.Table) -> Cursor | None:
        """Where a page of `table` ended, None where it was empty."""
        if page.num_rows == 0:
            return None
        last = page.slice(page.num_rows - 1)
        return last["sort_key"][0].as_py(), last["id"][0].as_py()

    def unmappable(self, selection: Selection) -> pa.Table:
        """Incidents without a geometry finer than the country, latest first."""
        return self._ask(
            selection,
            rows.table_question("date", selection.rule, True, None),
            Narrowing("unmappable", lambda t: t.filter(~t.mappable)),
        )

    def columns(
        self, selection: Selection, names: tuple[str, ...], ids: tuple[str, ...] = ()
    ) -> pa.Table:
        """Columns of the selected incidents, by id; of those of `ids` alone, where any is given."""

        def query(t: Expr) -> Expr:
            return (t.filter(t.id.isin(ids)) if ids else t).select(*names)

        return self._ask(selection, Query(("columns", names, ids), query)).sort_by("id")

    def among(self, selection: Selection, ids: Sequence[str]) -> tuple[str, ...]:
        """Those of some ids that a selection keeps."""
        asked = tuple(key for key in ids if printable(key))

        if not asked:
            return ()
        answer = self._ask(
            selection,
            Query("ids", lambda t: t.select("id")),
            Narrowing(("among", asked), lambda t: t.filter(t.id.isin(asked))),
        )
        return tuple(answer["id"].to_pylist())

    def ids_of(self, row_numbers: Sequence[int]) -> dict[int, str]:
        """The ids of incidents by their `row`."""
        if not row_numbers:
            return {}
        t = table("incidents")
        answer = self._ask_once(t.filter(t.row.isin(list(row_numbers))).select(t.row, t.id))
        return dict(zip(answer["row"].to_pylist(), answer["id"].to_pylist(), strict=True))

    def sources(self, selection: Selection) -> pa.Table:
        """A row a source that the selection rests on: incidents, claims and how to cite it."""
        return rows.read_sources(
            self._ask(selection, rows.sources_question()),
            self._ask(selection, rows.claim_counts_question()),
            self._ask_tables("all sources", lambda: table("sources")),
        )

    def source(self, source_id: str) -> Source:
        """One source. Raises NotFound."""
        rows = self._contents("sources", "id", (source_id,))
        if not rows:
            raise NotFound(f"there is no source '{source_id}'; it may have been withdrawn")
        return codec.decode_source(rows[0]["content"])

    def cited(self, ids: Sequence[str]) -> dict[str, Source]:
        """Sources by id; what the data do not have is left out."""
        rows = self._contents("sources", "id", tuple(ids))
        return {row["id"]: codec.decode_source(row["content"]) for row in rows}

    def judgements(self) -> tuple[Judgement, ...]:
        """All judgements that stand, each with when it was recorded."""

        def make() -> tuple[Judgement, ...]:
            rows = self._ask_tables("judgements", lambda: table("judgements")).to_pylist()
            return tuple(
                codec.decode_judgement(row["content"], recorded_at=row["recorded_at"])
                for row in sorted(rows, key=lambda row: row["id"])
            )

        return self._once("judgements", make)

    def incident(self, incident_id: str) -> IncidentDetail:
        """One incident with its claims, their sources, and what judgements link it to.

        Raises NotFound.
        """
        return self._once(("incident", incident_id), lambda: self._incident(incident_id))

    def several(self, ids: Sequence[str]) -> dict[str, Incident]:
        """Incidents with their claims, by id; what the snapshot does not hold is left out."""
        return {incident.id: incident for incident in read_whole(self._engine, ids).incidents}

    def _incident(self, incident_id: str) -> IncidentDetail:
        whole = read_whole(self._engine, (incident_id,))
        if not whole.incidents:
            raise NotFound(
                f"there is no incident '{incident_id}'; it may have been withdrawn or renamed"
            )
        (incident,) = whole.incidents
        others = {j.other(incident_id): j for j in incident.judgements}
        related = (
            Related(row["id"], row["title"], row["earliest"], row["latest"], others[row["id"]])
            for row in self._contents("incidents", "id", tuple(others))
        )
        return IncidentDetail(
            incident, whole.sources, tuple(sorted(related, key=lambda other: other.id))
        )
