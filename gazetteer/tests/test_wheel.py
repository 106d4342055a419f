"""The wheel builds, and these tests pass against it alone in an empty environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import gazetteer

PROJECT = Path(gazetteer.__file__).parent
ASKED = os.environ.get("GAZETTEER_ALONE") == "1" and (PROJECT / "pyproject.toml").exists()
pytestmark = pytest.mark.skipif(
    not ASKED, reason="takes a minute and a package index: set GAZETTEER_ALONE=1 in the source tree"
)


def run(*command: str | Path, cwd: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that no build folder is left in the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(
        PROJECT, source, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info", ".*")
    )
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", folder, source, cwd=folder)
    return next(folder.glob("*.whl"))


def test_what_the_wheel_holds(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "gazetteer/__init__.py",
        "gazetteer/NOTICE",
        "gazetteer/py.typed",
        "gazetteer/data/places.json",
        "gazetteer/data/districts.geojson",
        "gazetteer/data/foreign.csv",
        "gazetteer/sources/places.csv",
        "gazetteer/evaluation/mentions.csv",
        "gazetteer/making/assemble.py",
        "gazetteer/names/phonetics.py",
        "gazetteer/reading/query.py",
        "gazetteer/matching/matcher.py",
    ):
        assert name in names
    assert not [n for n in names if "/tests/" in n or "benchmarks" in n]
    assert wheel.stat().st_size < 1_000_000


def test_the_tests_pass_alone(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", f"{wheel}[test]", cwd=tmp_path)
    shutil.copytree(
        PROJECT / "tests", tmp_path / "alone", ignore=shutil.ignore_patterns("__pycache__")
    )
    options = ("-q", "-p", "no:cacheprovider", "--import-mode=importlib")
    said = run(python, "-m", "pytest", *options, "alone", cwd=tmp_path)
    assert " passed" in said
    listed = run(python, "-m", "pip", "list", cwd=tmp_path)
    assert "shapely" not in listed
    assert "rapidfuzz" not in listed
    run(python, "-m", "gazetteer", "geocode", "Herat", "--json", cwd=tmp_path)
