"""A reader's main job in Firefox, wide and as on a phone, in the light and in the dark."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import serving

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def firefox() -> str:
    """The program; the driver speaks WebDriver BiDi with whichever version it is."""
    names = (os.environ.get("FIREFOX"), "firefox-esr", "firefox")
    programs = [path for name in names if name and (path := shutil.which(name))]
    if not programs:
        pytest.skip("no Firefox here; install firefox-esr, or set FIREFOX to its path")
    return programs[0]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The dashboard over the curated seeds."""
    with serving(tmp_path_factory.mktemp("seeded") / "data") as seeded:
        yield seeded


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 960, "light"), (390, 844, "dark")])
def test_filter_play_open_and_share_in_firefox(
    width: int, height: int, scheme: str, address: str, firefox: str, tmp_path: Path
) -> None:
    script = ["node", "main_job.js", firefox, address, str(width), str(height), scheme, tmp_path]
    done = subprocess.run(
        list(map(str, script)), cwd=HERE, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout)
    assert seen["faults"] == []
    assert seen["outside"] == []
    assert seen["sideways"] == seen["panelSideways"] == 0
    assert seen["cut"] == seen["panelCut"] == []
    assert int(seen["filtered"]) < int(seen["everything"])
    assert seen["group"] == "iskp"
    assert seen["played"]
    assert "Who says so" in seen["panel"]
    assert seen["again"] == seen["filtered"]
