"""The figures on the half of the visible sets that nothing was tuned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazetteer import Gazetteer
from gazetteer.evaluate import main
from gazetteer.evaluation import classes, homonyms
from gazetteer.evaluation.headlines import headline_texts, headlines
from gazetteer.evaluation.split import half
from gazetteer.evaluation.strings import geocode
from gazetteer.evaluation.tally import Tally, f1


def share(tally: Tally, key: str, of: str | None = None) -> float:
    total = tally.rows if of is None else tally.get(of)
    return tally.get(key) / total


def test_names(gaz: Gazetteer, shared_data: Path) -> None:
    pytest.importorskip("rapidfuzz")
    from gazetteer.evaluation.baselines import Baselines
    from gazetteer.evaluation.names import pairs, variants

    baselines = Baselines(gaz)
    held = pairs(gaz, baselines, shared_data)[1]["held"]
    precision, _, both = f1(held.get("tp"), held.get("fp"), held.get("fn"))
    assert precision >= 0.98
    assert both >= 0.95
    spelled = variants(gaz, baselines, shared_data)[1]["held"]
    assert share(spelled, "right") >= 0.98
    assert share(spelled, "plain_right") >= 0.97  # without any curated spelling
    assert share(spelled, "bare_wrong", "bare_plain") <= 0.02


def test_place_strings(gaz: Gazetteer, shared_data: Path) -> None:
    tallies = geocode(gaz, shared_data)[1]
    full = tallies["held/district + province"]
    assert share(full, "right2") >= 0.95
    assert share(full, "plain") >= 0.70
    assert share(full, "right_sure", "right") >= 0.60
    province = tallies["held/province"]
    assert share(province, "fine_right", "fine") >= 0.95
    assert share(province, "wrong1") <= 0.02
    bare = tallies["held/bare"]
    assert share(bare, "plain_wrong1", "plain") <= 0.02


def test_scores_mean_what_they_say(gaz: Gazetteer, shared_data: Path) -> None:
    scored = [s for name, t in geocode(gaz, shared_data)[1].items() for s in t.scored]
    sure = [right for score, right in scored if score >= 0.9]
    assert len(sure) > 100
    assert sum(sure) / len(sure) >= 0.97


def test_headlines(gaz: Gazetteer, shared_data: Path) -> None:
    held = headlines(gaz, shared_data)[1]["held"]
    assert share(held, "named_right", "named") >= 0.9
    assert share(held, "none_right", "none") >= 0.9  # the labels are a rough text match


def test_classes(gaz: Gazetteer, shared_data: Path) -> None:
    held = {kind: halves["held"] for kind, halves in classes.measure(gaz, shared_data).items()}
    for kind, least in {
        "offsets, from capitals": 0.95, "offsets in a sentence, from capitals": 0.93,
        "offsets in Dari, from capitals": 0.93, "offsets in Pashto, from capitals": 0.93,
        "spelling, province given": 0.98, "district of a province, sentence": 0.95,
        "Dari and Pashto, alone": 0.95, "Dari and Pashto, province given": 0.95,
        "'V, P'": 0.97, "'V, D, P'": 0.97, "two provinces in a cell": 0.98,
        "cells without a place": 1.0, "foreign places, country named": 0.99,
        "hard phrases, alone": 0.9, "hard phrases, province given": 0.95,
    }.items():  # fmt: skip
        assert held[kind].share("right") >= least, kind
    for kind, count in held.items():
        most = 0.07 if "district centres" in kind else 0.02
        assert classes.wilson(count.of("wrong"), len(count.outcomes))[0] <= most, kind
    assert held["foreign headlines"].share("wrong") <= 0.003


def test_intervals() -> None:
    assert classes.wilson(0, 0) == (0.0, 1.0)
    low, high = classes.wilson(95, 100)
    assert 0.88 < low < 0.9 < 0.97 < high < 0.99


def test_headline_texts() -> None:
    assert headline_texts('AP, 2007-09-29, "30 killed in Kabul') == ["30 killed in Kabul"]
    two = '"Reuters News,2015-12-20,A title, with comma";"Agence France Presse,2015-12-20,Another"'
    assert headline_texts(two) == ["A title, with comma", "Another"]
    assert headline_texts("R 180506") == []


def test_homonyms(gaz: Gazetteer) -> None:
    shared = homonyms.shared_names(gaz)
    assert len(shared) > 15
    assert {"Herat", "Fayzabad", "Arghandab"} <= set(shared)
    for name in shared:
        assert gaz.search(name).ambiguous, name


def test_halves_are_stable_and_by_place() -> None:
    assert half("AF0101") == half(" af0101 ")
    assert {half(f"AF{n:04d}") for n in range(40)} == {"tuned", "held"}


def test_the_report_is_printed(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rapidfuzz")
    assert main([str(shared_data)]) == 0
    said = capsys.readouterr().out
    for title in (
        "Spelling pairs",
        "UCDP place strings",
        "Headlines",
        "Mentions",
        "Calibration",
        "Places as reporters write them",
    ):
        assert f"## {title}" in said
    assert main([str(shared_data / "nowhere")]) == 2
    assert "does not hold" in capsys.readouterr().err
