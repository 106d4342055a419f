"""What each rule of the gate holds back is said, and a rule that fits nothing is named."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mapapp.cli import main
from mapapp.domain.batch import Batch
from mapapp.domain.vocab import DatePrecision
from mapapp.gate.check import findings
from mapapp.gate.file import rules_in
from mapapp.gate.rules import GateRules
from mapapp.store.store import Store

KAJ = "afg-2022-09-28-kabul-kaj"
MISSPELT = "afg-2022-09-28-kabul-kai"
TODAY = date(2030, 1, 1)

RULES = f"""
delay_days = 2000
min_precision = "district"
withhold_fields = ["words"]
withhold_incidents = ["{KAJ}", "{MISSPELT}"]
[[source]]
id = "002"
redistribution = "private"
[[source]]
dataset = "no-such-data-set"
delay_days = 3
"""


@pytest.fixture
def folder(tmp_path: Path, seeds: Batch) -> Path:
    store = Store.open(tmp_path / "var")
    store.append(seeds, by="curators", at=datetime(2026, 1, 1, tzinfo=UTC))
    store.publish()
    store.close()
    return tmp_path / "var"


def rules(text: str) -> GateRules:
    return rules_in(text.encode(), Path("gate.toml"))


def test_each_rule_says_what_it_holds(folder: Path, seeds: Batch) -> None:
    store = Store.open(folder)
    found = findings(store.current(), rules(RULES), TODAY)
    late = [
        r for r in seeds.records if r.date.latest is None or (TODAY - r.date.latest).days < 2000
    ]
    fine = [
        r for r in seeds.records
        if r.place.geo_precision in ("site", "neighbourhood", "settlement", "near")
    ]  # fmt: skip
    resting = {c.incident_id for c in seeds.claims if c.source_id == "002"}
    held = {(f.place, f.names): f.holds for f in found}
    assert held["delay_days", "2000"] == f"withholds {len(late)} incidents"
    assert held["withhold_fields", "words"] == f"is about {len(seeds.records)} incidents"
    assert held["withhold_incidents", f"“{KAJ}”"] == "withholds 1 incident"
    assert held["withhold_incidents", f"“{MISSPELT}”"] == f"fits nothing; did you mean “{KAJ}”?"
    assert held["[[source]] 1", "id “002”"].startswith(f"is about {len(resting)} incident")
    assert held["[[source]] 2", "dataset “no-such-data-set”"] == "fits nothing"
    coarsened = int(held["min_precision", "district"].split()[1])
    assert 0 < coarsened <= len(seeds.records)
    assert coarsened >= len(fine)
    assert [f.names for f in found if not f.fits] == [
        f"“{MISSPELT}”", "dataset “no-such-data-set”",
    ]  # fmt: skip
    store.close()


def test_no_rules_hold_nothing(folder: Path) -> None:
    store = Store.open(folder)
    assert findings(store.current(), GateRules(), TODAY) == ()
    store.close()


def test_the_command_ends_with_1_where_a_rule_fits_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check = ["gate", "check", "--data-dir", str(folder)]
    assert main(check) == 0
    assert "has no rules" in capsys.readouterr().out
    (folder / "gate.toml").write_text(f'withhold_incidents = ["{KAJ}"]\n', "utf-8")
    assert main(check) == 0
    assert capsys.readouterr().out == f"withhold_incidents “{KAJ}”: withholds 1 incident\n"
    (folder / "gate.toml").write_text(f'withhold_incidents = ["{MISSPELT}"]\n', "utf-8")
    assert main(check) == 1
    assert f"“{MISSPELT}”: fits nothing" in capsys.readouterr().out
    (folder / "gate.toml").write_text("withhold_incidents = [", "utf-8")
    assert main(check) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_log_names_what_fits_nothing_and_nothing_that_is_held_back(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "gate.toml").write_text(RULES, "utf-8")
    store = Store.open(folder)
    with caplog.at_level(logging.INFO):
        store.public()
        store.public()
    said = [
        (r.levelname, r.getMessage()) for r in caplog.records if "rules of the gate" in r.message
    ]
    warned = [text for level, text in said if level == "WARNING"]
    assert len(said) == len(set(said)) == 7
    assert [MISSPELT in text or "no-such-data-set" in text for text in warned] == [True, True]
    others = " ".join(text for level, text in said if level == "INFO")
    assert KAJ not in others
    assert "002" not in others
    assert "withholds 1 incident" in others
    # Said anew where the rules are others.
    (folder / "gate.toml").write_text('withhold_fields = ["notes"]\n', "utf-8")
    with caplog.at_level(logging.INFO):
        store.public()
    assert "withhold_fields: is about" in caplog.records[-1].getMessage() or any(
        "withhold_fields: is about" in r.getMessage() for r in caplog.records[-3:]
    )
    store.close()


def test_an_open_end_is_held(folder: Path, seeds: Batch) -> None:
    store = Store.open(folder)
    record = seeds.records[0]
    undated = replace(
        record,
        id="undated",
        date=replace(record.date, earliest=None, latest=None, precision=DatePrecision.UNKNOWN),
    )
    claims = tuple(replace(c, incident_id="undated") for c in seeds.claims
                   if c.incident_id == record.id)  # fmt: skip
    store.append(Batch((), (undated,), claims), by="ana")
    store.publish()
    (found,) = findings(store.current(), GateRules(delay_days=1), TODAY)
    assert found.holds == "withholds 1 incident"
    store.close()


def test_rules_that_cannot_be_read_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text("withhold_incidents = [", "utf-8")
    started = subprocess.run(
        [sys.executable, "-c", "import mapapp.asgi"],
        cwd=Path(__file__).parents[2], env=os.environ | {"MAPAPP_DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert started.returncode == 1
    assert "gate.toml cannot be read" in started.stderr
    assert "Traceback" not in started.stderr
