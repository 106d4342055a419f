"""Coverage strips as the page shows them: quiet is told from not watched, in marks and in words."""

from __future__ import annotations

from datetime import date

from mapapp.query.questions.coverage import Coverage, State, Strip, Strips
from mapapp.ui.charts.coverage import coverage_view, declared_words
from mapapp.ui.parts.templating import render

MONTHS = tuple(date(2022, month, 1) for month in range(1, 5))
WATCHED = Coverage("one", date(2022, 1, 1), date(2022, 3, 31), True, True, "<b>daily</b>", 1)


def strips(coverage: Coverage = WATCHED) -> Strips:
    some = (State.QUIET, State.RECORDED, State.POSSIBLY, State.OUTSIDE)
    none = (State.QUIET, State.QUIET, State.QUIET, State.OUTSIDE)
    return Strips(
        coverage,
        MONTHS,
        (
            Strip("P1", "Herat", some, (0, 2, 0, 0), 3),
            Strip("P2", "Ghor", none, (0, 0, 0, 0), 0),
            Strip("P3", "Farah", none, (0, 0, 0, 0), 0),
        ),
        undated=1,
    )


def test_a_strip_says_in_words_what_it_shows() -> None:
    view = coverage_view(strips())
    (line,) = view.lines
    assert line.words == (
        "recorded in 1; possibly in 1; quiet in 1; not monitored in 1 of 4 months"
    )
    assert [(run.state, run.months) for run in line.runs] == [
        ("quiet", 1), ("recorded", 1), ("possibly", 1), ("outside", 1),
    ]  # fmt: skip
    assert line.runs[1].words == "Feb 2022, recorded: 2 incidents for certain"
    ((names, empty_line),) = view.empty
    assert names == ("Ghor", "Farah")
    assert [run.words for run in empty_line.runs] == [
        "Jan 2022 – Mar 2022, quiet: watched, none recorded",
        "Apr 2022, not monitored",
    ]
    assert [state for state, _ in view.legend] == ["recorded", "possibly", "quiet", "outside"]


def test_what_a_data_set_declares_is_said_beside_it() -> None:
    assert declared_words(WATCHED).startswith(
        "Declared: 1 Jan 2022 – 31 Mar 2022, watched all the time"
    )
    picked = Coverage("two", WATCHED.first, WATCHED.last, False, True, "", 5)
    assert "a hand-picked set, not monitoring" in declared_words(picked)
    silent = Coverage("three", None, None, False, True, "", 1)
    assert "may be quiet or unwatched" in declared_words(silent)
    elsewhere = Coverage("four", WATCHED.first, WATCHED.last, True, False, "", 1)
    assert "does not cover Afghanistan" in declared_words(elsewhere)


def test_the_template_has_words_beside_every_mark_and_escapes() -> None:
    html = render("coverage.html", v=coverage_view(strips()))
    assert "2 other provinces" in html
    assert "not monitored in 1 of 4 months" in html
    assert "&lt;b&gt;daily" in html
    assert "<b>" not in html
