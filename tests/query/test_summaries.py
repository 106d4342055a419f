"""Pre-aggregated tables: they answer as the rows do, and only what they hold exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapapp.domain.selection import Circle, Selection
from mapapp.domain.vocab import Rule
from mapapp.query import Dashboard
from mapapp.query.questions import coverage, facets, figures, picture, places, rows, series
from mapapp.query.summaries import choose
from mapapp.query.tables import Query
from mapapp.snapshot import summaries
from mapapp.snapshot.snapshot import open_snapshot, tables_of, write
from mapapp.store import Log
from tests.query.answers import QUESTIONS
from tests.query.selections import light_selections
from tests.store.generate import batch


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dashboard, Dashboard]]:
    """The same incidents twice: asked of the rows, and with every summary there is."""
    folder = tmp_path_factory.mktemp("preaggregated")
    log = Log.open(":memory:")
    log.append(batch(220, seed=5), by="ana")
    tables = tables_of(log.read())
    opened = []
    for name in ("rows", "summaries"):
        path = folder / f"{name}.duckdb"
        write(path, tables, seq=1)
        if name == "summaries":
            with duckdb.connect(str(path)) as connection:
                summaries.write_to(connection, 220, worth=1)
        opened.append(open_snapshot(path))
    assert set(summaries.held(opened[1].meta)) == set(summaries.CATALOGUE)
    yield Dashboard(opened[0]), Dashboard(opened[1])
    for snapshot in opened:
        snapshot.engine.close()
    log.close()


_MONTHS = st.integers(0, 35)


@st.composite
def monthly_selections(draw: st.DrawFn) -> Selection:
    """Mostly such as a summary covers: whole months, and what one or two parts choose."""
    selection = draw(light_selections())
    if draw(st.booleans()):
        return selection
    first, last = sorted((draw(_MONTHS), draw(_MONTHS)))
    start, end = (date(2021 + n // 12, n % 12 + 1, 1) for n in (first, last + 1))
    dates: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"date_from": start, "date_to": end - timedelta(days=1)},
                {"date_from": start, "date_to": None},
                {"date_from": None, "date_to": end - timedelta(days=1)},
            ]
        )
    )
    return replace(selection, **dates, date_certain=draw(st.booleans()))


@settings(max_examples=40, deadline=None)
@given(selection=monthly_selections(), data=st.data())
def test_summaries_answer_as_the_rows_do(
    pair: tuple[Dashboard, Dashboard], selection: Selection, data: st.DataObject
) -> None:
    plain, summed = pair
    for name in data.draw(st.lists(st.sampled_from(sorted(QUESTIONS)), min_size=6, unique=True)):
        assert QUESTIONS[name](summed, selection) == QUESTIONS[name](plain, selection), name


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(date_from=date(2022, 3, 1), date_to=date(2022, 9, 30), groups=("dfa",)),
        Selection(provinces=("AF01",), kinds=("claimed",), rule=Rule.HIGHEST),
        Selection(text="zzz"),
    ],
    ids=["everything", "months of a group", "claimed in a province", "nothing"],
)
def test_every_question_is_answered_alike(
    pair: tuple[Dashboard, Dashboard], name: str, selection: Selection
) -> None:
    plain, summed = pair
    assert QUESTIONS[name](summed, selection) == QUESTIONS[name](plain, selection)


FIGURES = figures.figures_question(Rule.LOWEST)
SPAN = (date(2021, 1, 1), date(2024, 1, 1))
BINS = places.cell_bins_question(6, "month", SPAN)
ALL = {name: 2000 if "month" in name else 1000 for name in summaries.CATALOGUE}
ALL |= {"map": 10, "figures_by_event": 10}


@pytest.mark.parametrize(
    ("question", "selection", "chosen"),
    [
        (FIGURES, Selection(), "figures_by_event"),  # the smallest of many
        (FIGURES, Selection(provinces=("AF01",), abroad=True), "figures_by_event"),
        (FIGURES, Selection(date_from=date(2022, 1, 1)), "figures_by_month"),
        (FIGURES, Selection(date_to=date(2024, 2, 29), date_certain=True), "figures_by_month"),
        (FIGURES, Selection(kinds=("claimed",), groups=("iskp",)), "figures_by_said"),
        (picture.picture_question(5), Selection(), "map"),
        (picture.picture_question(7), Selection(victims=("children",)), "map_by_victims"),
        (BINS, Selection(datasets=("curated",)), "map_by_month"),
        (facets.facet_question("districts"), Selection(), "figures_by_district"),
        (series.breakdown_question("source", Rule.LATEST), Selection(), "figures_by_sources"),
        (coverage.months_question(SPAN), Selection(provinces=("AF01",)), "figures_by_month"),
        (series.pairs_question("month", SPAN, "target"), Selection(), "figures_by_month_target"),
        # A day inside a month, and what no summary has, go to the rows.
        (FIGURES, Selection(date_from=date(2022, 1, 2)), None),
        (FIGURES, Selection(date_to=date(2024, 2, 28)), None),
        (FIGURES, Selection(text="kabul"), None),
        (FIGURES, Selection(killed_min=1), None),
        (FIGURES, Selection(near=Circle(34.5, 69.2, 5)), None),
        (FIGURES, Selection(event_types=("bombing",), targets=("education",)), None),
        (picture.picture_question(8), Selection(), None),
        (BINS, Selection(groups=("iskp",)), None),
        (series.pairs_question("week", SPAN), Selection(), None),
        (
            facets.facet_question("groups", ((), ("claimed",), ())),
            Selection(kinds=("claimed",)),
            None,
        ),
        (rows.table_question("date", Rule.LOWEST, True, 50), Selection(), None),
        (figures.groups_question(), Selection(), None),
    ],
)
def test_the_smallest_that_covers_is_chosen(
    question: Query, selection: Selection, chosen: str | None
) -> None:
    found = choose(ALL, question, selection, "duckdb")
    if chosen is None:
        assert found is None
    else:
        assert found is not None
        assert f'FROM "{chosen}"' in found[1].sql


def test_a_snapshot_without_summaries_is_asked_by_its_rows() -> None:
    assert choose({}, FIGURES, Selection(), "duckdb") is None
    assert summaries.held({}) == {}
    assert summaries.held({"summaries": '{"map": 3, "of a later program": 4}'}) == {"map": 3}


def test_only_what_saves_ten_times_the_rows_is_kept(tmp_path: Path) -> None:
    log = Log.open(":memory:")
    log.append(batch(220, seed=5), by="ana")
    write(tmp_path / "s.duckdb", tables_of(log.read()), seq=1)
    log.close()
    with duckdb.connect(str(tmp_path / "s.duckdb")) as connection:
        summaries.write_to(connection, 220)
    snapshot = open_snapshot(tmp_path / "s.duckdb")
    kept = summaries.held(snapshot.meta)
    assert all(rows <= 22 for rows in kept.values())
    assert "map_by_month" not in kept
    snapshot.engine.close()
