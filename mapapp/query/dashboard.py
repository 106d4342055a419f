"""The dashboard's questions to a snapshot, one method a question (selection → answers)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pyarrow as pa

from mapapp.domain.batch import source_dates, source_origins
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule, VictimGroup
from mapapp.query import (
    coverage,
    disagreements,
    facets,
    figures,
    picture,
    places,
    preaggregated,
    rows,
    series,
)
from mapapp.query.coverage import Coverage, Strips
from mapapp.query.disagreements import Order
from mapapp.query.facets import Facet
from mapapp.query.figures import Figures, GroupTotals
from mapapp.query.filters import FILTERS, lift, restrict
from mapapp.query.params import printable
from mapapp.query.picture import Picture
from mapapp.query.places import Bounds
from mapapp.query.rows import Cursor, IncidentDetail, Related
from mapapp.query.rule_totals import RuleTotals, read_rule_totals, rule_totals_query
from mapapp.query.sentence import ActivePart, active_parts
from mapapp.query.series import Step
from mapapp.query.tables import Expr, Question, Recent, compile_question, selected, table
from mapapp.query.words import Labels, word
from mapapp.store import Engine, Snapshot, codec, row_files, summaries

T = TypeVar("T")

#: Compiled questions and selections: their SQL never changes, and compiling takes longer than
#: most answers.
_COMPILED: Recent[Question] = Recent(1024)
_SELECTIONS: Recent[Question] = Recent(1024)

#: A snapshot never changes, so that small answers to it hold for ever.
_ANSWERS: WeakKeyDictionary[Engine, Recent[Any]] = WeakKeyDictionary()

#: Larger than other answers, and so fewer are kept.
_PICTURES: WeakKeyDictionary[Engine, Recent[Picture]] = WeakKeyDictionary()

#: Pages of up to so many rows are sorted by their keys alone where an engine would sort whole rows
#: (DuckDB fetches the other columns late by itself).
KEYED_LIMIT = 1000

#: The whole country fits a screen; what a picture says of totals and areas is the same at any zoom.
OVERVIEW_ZOOM = 6


class Dashboard:
    """Questions over one snapshot. Cheap to make; safe to share between threads.

    Every method may raise StoreUnavailable.
    """

    def __init__(self, source: Engine | Snapshot) -> None:
        self._engine: Engine = source.engine if isinstance(source, Snapshot) else source
        self._summaries = summaries.held(source.meta) if isinstance(source, Snapshot) else {}
        self._answers: Recent[Any] = _ANSWERS.setdefault(self._engine, Recent(512))

    def figures(self, selection: Selection) -> Figures:
        """The line of figures."""

        def make() -> Figures:
            rule = selection.rule
            answer = self._ask(selection, ("figures", rule), lambda: figures.figures_query(rule))
            return figures.read_figures(answer, self._certain(selection), rule)

        return self._once(("figures", selection), make)

    def figures_without(self, selection: Selection, ids: Sequence[str]) -> Figures:
        """The line of figures of a selection without some incidents; `certain` is not counted."""
        rule, left_out = selection.rule, tuple(ids)
        answer = self._ask(
            selection, ("figures", rule), lambda: figures.figures_query(rule),
            ("without", left_out), lambda t: t.filter(~t.id.isin(left_out)),
        )  # fmt: skip
        return figures.read_figures(answer, 0, rule)

    def figures_of(self, selection: Selection, ids: Sequence[str]) -> Figures:
        """The line of figures of some of a selection's incidents; `certain` is not counted."""
        rule, kept = selection.rule, tuple(key for key in ids if printable(key)) or ("",)
        answer = self._ask(
            selection, ("figures", rule), lambda: figures.figures_query(rule),
            ("among", kept), lambda t: t.filter(t.id.isin(kept)),
        )  # fmt: skip
        return figures.read_figures(answer, 0, rule)

    def among(self, selection: Selection, ids: Sequence[str]) -> tuple[str, ...]:
        """Those of some ids that a selection keeps."""
        asked = tuple(key for key in ids if printable(key))

        def query() -> Expr:
            return selected().select("id")

        if not asked:
            return ()
        answer = self._ask(
            selection, "ids", query, ("among", asked), lambda t: t.filter(t.id.isin(asked))
        )
        return tuple(answer["id"].to_pylist())

    def columns(
        self, selection: Selection, names: tuple[str, ...], ids: tuple[str, ...] = ()
    ) -> pa.Table:
        """Columns of the selected incidents, by id; of those of `ids` alone, where any is given."""

        def query() -> Expr:
            own = selected()
            return (own.filter(own.id.isin(ids)) if ids else own).select(*names)

        return self._ask(selection, ("columns", names, ids), query).sort_by("id")

    def judgements(self) -> tuple[Judgement, ...]:
        """All judgements that stand, each with when it was recorded."""

        def make() -> tuple[Judgement, ...]:
            rows = self._ask(None, "judgements", lambda: table("judgements")).to_pylist()
            return tuple(
                codec.decode_judgement(row["content"], recorded_at=row["recorded_at"])
                for row in sorted(rows, key=lambda row: row["id"])
            )

        return self._once("judgements", make)

    def by_victim_group(self, selection: Selection) -> Mapping[VictimGroup, GroupTotals]:
        """(killed, wounded) of each victim group; attackers, who are in no other total, too."""

        def make() -> Mapping[VictimGroup, GroupTotals]:
            answer = self._ask(selection, "victim groups", figures.groups_query)
            return figures.read_groups(answer, selection.rule)

        return self._once(("victim groups", selection), make)

    def rule_totals(self, selection: Selection) -> Mapping[Rule, RuleTotals]:
        """The sums of the best figures under every rule, in one question."""

        def make() -> Mapping[Rule, RuleTotals]:
            return read_rule_totals(self._ask(selection, "rules", rule_totals_query))

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)
        return self._once(("rules", plain), make)

    def disputed(self, selection: Selection, order: Order, limit: int) -> pa.Table:
        """Incidents on which claims differ, widest first; see `disagreements.disputed_query`."""
        return self._ask(
            selection,
            ("disputed", order, limit),
            lambda: disagreements.disputed_query(order, limit),
        )

    def disputed_subjects(self, selection: Selection) -> tuple[tuple[str, int], ...]:
        """What claims differ on, and on how many incidents."""

        def make() -> tuple[tuple[str, int], ...]:
            answer = self._ask(selection, "subjects", disagreements.subjects_query)
            return disagreements.read_subjects(answer)

        return self._once(("subjects", selection), make)

    def several(self, ids: Sequence[str]) -> tuple[dict[str, Incident], dict[str, Source]]:
        """Incidents with their claims by id, and the sources these name."""
        return disagreements.several(self._contents, ids)

    def coverage(self, selection: Selection, provinces: Mapping[str, str]) -> tuple[Strips, ...]:
        """What each data set recorded and watched, a strip a province; see `coverage.strips`.

        Only place, days and data sets of the selection count. `provinces` are codes and names.
        """
        wanted = coverage.recorded(selection)
        span = self._bounds_in_time()

        def make() -> tuple[Strips, ...]:
            answer = self._ask(wanted, ("coverage", span), lambda: coverage.months_query(span))
            kept = {
                code: name
                for code, name in provinces.items()
                if not selection.provinces or code in selection.provinces
            }
            days = (selection.date_from, selection.date_to)
            return coverage.strips(answer, self.declared(), kept, span, days, selection.datasets)

        return self._once(("coverage", wanted, tuple(provinces)), make)

    def declared(self) -> Mapping[str, Coverage]:
        """What each data set declares to cover."""

        def make() -> Mapping[str, Coverage]:
            sources = self._ask(None, "all sources", lambda: table("sources"))
            return coverage.declared(
                codec.decode_source(text) for text in sources["content"].to_pylist()
            )

        return self._once("declared", make)

    def count(self, selection: Selection) -> int:
        """How many incidents a selection keeps."""

        def query() -> Expr:
            return selected().aggregate(n=selected().count().cast("int64"))

        return self._once(("count", selection), lambda: self._number(selection, "count", query))

    def facet(self, selection: Selection, part: str) -> tuple[Facet, ...]:
        """A part's options with the incidents each alone would leave under the other filters.

        `part` is a field of Selection: provinces, districts, groups, kinds, event_types, targets,
        victims, participants, sources, geo_precisions, date_precisions, datasets. Chosen options
        are always there, other options where they would leave any.
        """
        if part not in facets.COLUMNS:
            raise InvalidInput(f"'{part}' has no options; use one of {', '.join(facets.COLUMNS)}")

        def make() -> tuple[Facet, ...]:
            by = facets.narrowing(selection, part)
            answer = self._ask(
                lift(selection, part), ("facet", part, by), lambda: facets.facet_query(part, by)
            )
            return facets.read_facets(answer, selection, part, self.labels())

        return self._once(("facet", part, selection), make)

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

        narrowed = ("after", order_by, rule, descending, after) if after is not None else None
        if limit is not None and limit <= KEYED_LIMIT and self._engine.dialect != "duckdb":
            query = partial(rows.keys_query, order_by, rule, descending, limit)
            keyed = ("table keys", order_by, rule, descending, limit)
            keys = self._ask(selection, keyed, query, narrowed, further)
            return rows.page_of(keys, self._ask_once(rows.wide_query(keys["row"].to_pylist())))
        return self._ask(
            selection,
            ("table", order_by, rule, descending, limit),
            lambda: rows.table_query(order_by, rule, descending, limit),
            narrowed,
            further,
        )

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
            ("table", "date", selection.rule, True, None),
            lambda: rows.table_query("date", selection.rule, True, None),
            "unmappable",
            lambda t: t.filter(~t.mappable),
        )

    def series(self, selection: Selection, step: Step = "month") -> pa.Table:
        """Columns bin_start, certain, possible (which includes the certain), without gaps.

        Incidents without any day are in no bin; `figures().undated` counts them. Bins outside the
        selection's days are left out. Weeks begin on Monday.
        """
        return self._once(
            ("series", step, selection),
            lambda: series.read_series(
                self._pairs(selection, step, None), step, self._shown(selection)
            ),
        )

    def stacked(
        self, selection: Selection, step: Step = "month", by: str = "display_kind"
    ) -> pa.Table:
        """Columns bin_start, code, certain, possible; `by` as in `breakdown`.

        By kind, group, victim or source an incident counts once for each that it has.
        """
        _check_by(by)
        return self._once(
            ("stacked", step, by, selection),
            lambda: series.read_stacked(
                self._pairs(selection, step, by), step, self._shown(selection)
            ),
        )

    def breakdown(self, selection: Selection, by: str) -> pa.Table:
        """A row a code with code, label, incidents, certain, and totals of killed and wounded.

        The totals' columns are `<measure>_low`, `_best`, `_high`, `_open` and `_unknown`. `by` is
        one of province, district, group, kind, display_kind, event_type, target, victim, source,
        dataset; by a list (kind, group, victim, source) an incident counts once for each, so that
        rows do not add up to the whole. An empty code is "not stated".
        """
        _check_by(by)
        rule = selection.rule
        answer = self._ask(
            selection, ("breakdown", by, rule), lambda: series.breakdown_query(by, rule)
        )
        strict = _certain_only(selection)
        if strict is None:
            certain = answer["incidents"]
        else:
            counted = self._ask(strict, ("counts", by), lambda: series.counts_query(by))
            found = dict(zip(counted["code"].to_pylist(), counted["n"].to_pylist(), strict=True))
            certain = pa.array([found.get(c, 0) for c in answer["code"].to_pylist()], pa.int64())
        labels, part = self.labels(), series.PART[by]
        words = [word(labels, part, c) if c else "not stated" for c in answer["code"].to_pylist()]
        named = answer.add_column(1, "label", pa.array(words, pa.string()))
        named = named.add_column(3, "certain", certain)
        return named.sort_by([("incidents", "descending"), ("code", "ascending")])

    def features(
        self, selection: Selection, bounds: Bounds | None = None, limit: int | None = None
    ) -> pa.Table:
        """Mappable incidents whose point or disc meets `bounds` (west, south, east, north).

        One known only to an area (`areal`) counts by that area's label point; the areas
        themselves are in `areas`.
        """
        return self._ask(
            selection, ("features", limit), lambda: places.features_query(limit), *_view(bounds)
        )

    def picture(self, selection: Selection, bounds: Bounds | None, zoom: int) -> Picture:
        """Cells and areas as seen from a zoom, with totals: see `Picture`.

        `bounds` keep what meets a view; leave them out for totals of the selection.
        """

        def make() -> Picture:
            query = partial(picture.picture_query, zoom)
            return picture.read_picture(
                self._ask(selection, ("picture", zoom), query, *_view(bounds))
            )

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule moves no incident
        key = ("picture", plain, bounds, zoom)
        return _PICTURES.setdefault(self._engine, Recent(64)).get(key, make)

    def cells(self, selection: Selection, bounds: Bounds | None, zoom: int) -> pa.Table:
        """Point-like incidents in cells of a grid: see `Picture` for the columns."""
        return self.picture(selection, bounds, zoom).cells

    def ids_of(self, row_numbers: Sequence[int]) -> dict[int, str]:
        """The ids of incidents by their `row`."""
        if not row_numbers:
            return {}
        t = table("incidents")
        found = self._ask_once(t.filter(t.row.isin(list(row_numbers))).select(t.row, t.id))
        return dict(zip(found["row"].to_pylist(), found["id"].to_pylist(), strict=True))

    def cell_bins(
        self, selection: Selection, bounds: Bounds | None, zoom: int, step: Step = "month"
    ) -> pa.Table:
        """The same cells by time: columns x, y, first, last (days that bins begin on), count."""
        span = self._bounds_in_time()
        return self._ask(
            selection,
            ("cell_bins", zoom, step, span),
            lambda: places.cell_bins_query(zoom, step, span),
            *_view(bounds),
        )

    def areas(self, selection: Selection) -> pa.Table:
        """Incidents known only to a district or province: area_id, count, and count by kind."""
        return self.picture(selection, None, OVERVIEW_ZOOM).areas

    def sources(self, selection: Selection) -> pa.Table:
        """A row a source that the selection rests on: incidents, claims and how to cite it."""
        return rows.read_sources(
            self._ask(selection, "sources", rows.sources_query),
            self._ask(selection, "claims by source", rows.claim_counts_query),
            self._ask(None, "all sources", lambda: table("sources")),
        )

    def source(self, source_id: str) -> Source:
        """One source. Raises NotFound."""
        found = self._contents("sources", "id", (source_id,))
        if not found:
            raise NotFound(f"there is no source '{source_id}'; it may have been withdrawn")
        return codec.decode_source(found[0]["content"])

    def cited(self, ids: Sequence[str]) -> dict[str, Source]:
        """Sources by id; what the data do not have is left out."""
        rows = self._contents("sources", "id", tuple(ids))
        return {row["id"]: codec.decode_source(row["content"]) for row in rows}

    def incident(self, incident_id: str) -> IncidentDetail:
        """One incident with its claims, their sources, and what judgements link it to.

        Raises NotFound.
        """
        return self._once(("incident", incident_id), lambda: self._incident(incident_id))

    def span(self) -> tuple[date, date] | tuple[None, None]:
        """The first and last day of the data that totals count by default, or (None, None)."""

        def query() -> Expr:
            t = selected()
            return t.aggregate(
                first=t.earliest.coalesce(t.latest).min(), last=t.latest.coalesce(t.earliest).max()
            )

        (row,) = self._once("span", lambda: self._ask(Selection(), "span", query).to_pylist())
        return (row["first"], row["last"])

    def labels(self) -> Labels:
        """Words for codes whose words stand in the data: provinces, districts, sources."""
        return self._once("labels", self._labels)

    def emptied_by(self, selection: Selection) -> tuple[tuple[ActivePart, int], ...]:
        """Parts which, lifted alone and whole, would give results, and how many each.

        Empty where the selection has results, or where no single part empties it.
        """
        if self.count(selection):
            return ()
        labels = self.labels()
        found = []
        for entry in FILTERS:
            if entry.active(selection) and entry.part not in ("background", "abroad"):
                without = entry.lifted(selection)
                left = self.count(without)
                if left:
                    words = entry.chip(selection, labels)
                    found.append((ActivePart(entry.part, words, without), left))
        return tuple(sorted(found, key=lambda item: -item[1]))

    def missing(self, selection: Selection) -> tuple[tuple[str, str], ...]:
        """(part, code) of the selection's codes that the data do not have, as in an old link."""
        return tuple(
            (part, code)
            for part in (
                "provinces",
                "districts",
                "groups",
                "participants",
                "sources",
                "datasets",
            )
            for code in getattr(selection, part)
            if code not in self._codes(part)
        )

    def active_parts(self, selection: Selection) -> tuple[ActivePart, ...]:
        """The chips, with the data's labels."""
        return active_parts(selection, self.labels())

    def warm(self) -> None:
        """Ask what a first view asks, so that its first reader need not wait for compiling."""
        everything = Selection()
        self.figures(everything)
        for part in facets.COLUMNS:
            self.facet(everything, part)
        steps: tuple[Step, ...] = ("day", "week", "month")
        for step in steps:
            self.series(everything, step)
        for by in ("province", "group", "kind"):
            self.breakdown(everything, by)
        for zoom in (5, 6, 7):
            self.picture(everything, None, zoom)
        self.sources(everything)

    # How questions are asked.

    def _ask(
        self,
        selection: Selection | None,
        key: Hashable,
        query: Callable[[], Expr],
        narrowed: Hashable = None,
        narrow: Callable[[Expr], Expr] | None = None,
    ) -> pa.Table:
        """A question's answer over the incidents of a selection (None: it asks of no incidents).

        `key` names the question and `narrowed` a further restriction `narrow`, None for none.
        """
        dialect = self._engine.dialect
        if selection is not None and narrowed is None:
            covered = preaggregated.choose(self._summaries, key, selection, dialect)
            if covered is not None:
                return covered[0].ask(self._engine, covered[1])
        question = _COMPILED.get((dialect, key), lambda: compile_question(query(), dialect))
        if selection is None:
            return question.ask(self._engine)

        def incidents() -> Question:
            kept = restrict(table("incidents"), selection)
            if narrow is not None and narrowed is not None:
                kept = narrow(kept)
            return compile_question(kept, dialect)

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule restricts nothing
        of = _SELECTIONS.get((dialect, plain, narrowed), incidents)
        return question.ask(self._engine, of)

    def _ask_once(self, query: Expr) -> pa.Table:
        return compile_question(query, self._engine.dialect).ask(self._engine)

    def _certain(self, selection: Selection) -> int:
        strict = _certain_only(selection)
        return self.count(selection if strict is None else strict)

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        answer: T = self._answers.get(key, make)
        return answer

    def _number(
        self,
        selection: Selection,
        key: Hashable,
        query: Callable[[], Expr],
        narrowed: Hashable = None,
        narrow: Callable[[Expr], Expr] | None = None,
    ) -> int:
        return int(self._ask(selection, key, query, narrowed, narrow)["n"][0].as_py())

    def _pairs(self, selection: Selection, step: Step, by: str | None) -> pa.Table:
        span = self._bounds_in_time()
        return self._ask(
            selection, ("pairs", step, span, by), lambda: series.pairs_query(step, span, by)
        )

    def _bounds_in_time(self) -> tuple[date, date]:
        """The span, with a day that harms nothing where there is none."""
        first, last = self.span()
        return (first or date(2000, 1, 1), last or date(2000, 1, 1))

    def _shown(self, selection: Selection) -> tuple[date, date] | None:
        if selection.date_from is None and selection.date_to is None:
            return None
        return (selection.date_from or date.min, selection.date_to or date.max)

    def _contents(self, name: str, column: str, keys: tuple[str, ...]) -> list[dict[str, Any]]:
        safe = [key for key in keys if printable(key)]
        if not safe:
            return []
        t = table(name)
        query = t.filter(t[column].isin(safe))
        found: list[dict[str, Any]] = self._ask_once(query).to_pylist()
        return found

    def _incident(self, incident_id: str) -> IncidentDetail:
        found = self._contents("records", "id", (incident_id,))
        if not found and (kept := self._contents("rows", "id", (incident_id,))):
            return self._of_row(kept)
        if not found:
            raise NotFound(
                f"there is no incident '{incident_id}'; it may have been withdrawn or renamed"
            )
        record = codec.decode_record(found[0]["content"])
        claims = tuple(
            codec.decode_claim(
                row["content"], recorded_at=row["recorded_at"], recorded_by=row["recorded_by"]
            )
            for row in sorted(
                self._contents("claims", "incident_id", (incident_id,)), key=lambda r: r["position"]
            )
        )
        judgements = {
            row["id"]: codec.decode_judgement(row["content"], recorded_at=row["recorded_at"])
            for side in ("left_id", "right_id")
            for row in self._contents("judgements", side, (incident_id,))
        }
        ids = tuple(dict.fromkeys(claim.source_id for claim in claims))
        held = {row["id"]: row["content"] for row in self._contents("sources", "id", ids)}
        sources = {key: codec.decode_source(held[key]) for key in ids if key in held}
        (incident,) = assemble(
            [record],
            claims,
            tuple(judgements.values()),
            source_dates(sources.values()),
            source_origins(sources.values()),
        )
        others = {j.other(incident_id): j for j in judgements.values()}
        related = tuple(
            Related(row["id"], row["title"], row["earliest"], row["latest"], others[row["id"]])
            for row in self._contents("incidents", "id", tuple(others))
        )
        return IncidentDetail(incident, sources, tuple(sorted(related, key=lambda r: r.id)))

    def _of_row(self, kept: list[dict[str, Any]]) -> IncidentDetail:
        """An incident whose claims are made of its row; no statement in the log is about it."""
        ((record, claims),) = row_files.incidents(kept)
        ids = tuple(dict.fromkeys(claim.source_id for claim in claims))
        held = self._contents("sources", "id", ids)
        sources = {row["id"]: codec.decode_source(row["content"]) for row in held}
        (incident,) = assemble([record], claims, (), source_dates(sources.values()))
        return IncidentDetail(incident, sources, ())

    def _labels(self) -> dict[str, Mapping[str, str]]:
        t, s = table("incidents"), table("sources")

        def names(code: str, name: str) -> dict[str, str]:
            query = (
                t.filter(t[code].notnull(), t[name].notnull())
                .group_by(code=t[code])
                .aggregate(name=t[name].min())
            )
            answer = self._ask(None, ("names", code), lambda: query)
            return dict(zip(answer["code"].to_pylist(), answer["name"].to_pylist(), strict=True))

        titles = self._ask(None, "titles", lambda: s.select("id", "publisher", "title")).to_pylist()
        return {
            "provinces": names("adm1_pcode", "adm1_name"),
            "districts": names("adm2_pcode", "adm2_name"),
            "sources": {row["id"]: f"{row['publisher']}, “{row['title']}”" for row in titles},
        }

    def _codes(self, part: str) -> frozenset[str]:
        everything = Selection(background=True, abroad=True)
        return frozenset(facet.code for facet in self.facet(everything, part))


def _check_by(by: str) -> None:
    if by not in series.BY:
        raise InvalidInput(f"there is no breakdown by '{by}'; use one of {', '.join(series.BY)}")


def _certain_only(selection: Selection) -> Selection | None:
    """The selection of what lies in its days for certain, None where that is the same."""
    if selection.date_certain or (selection.date_from is None and selection.date_to is None):
        return None
    return replace(selection, date_certain=True)


def _view(bounds: Bounds | None) -> tuple[Hashable, Callable[[Expr], Expr] | None]:
    """The restriction to a view, as `_ask` takes it."""
    if bounds is None:
        return (None, None)
    return (("view", bounds), lambda t: places.in_view(t, bounds))
