"""Fixtures every folder of tests may use."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserType, sync_playwright

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.importers.seeds.seeds import read_seeds
from tests.engine import clusters

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# A busy machine must not fail a property for being slow; benchmarks look at time.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

# The owner's own list of villages on this machine is none of the tests'.
os.environ["GAZETTEER_LAYERS"] = os.devnull

# A worker of pytest-xdist is a main module without a file, which the Spark client takes for a run
# of its own doctests.
if not hasattr(sys.modules["__main__"], "__file__"):
    sys.modules["__main__"].__file__ = str(Path(__file__))


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def seeds(gazetteer: Gazetteer) -> Batch:
    """The curated seeds; a fault in them fails here with its message."""
    batch, problems = read_seeds(ROOT / "seeds", gazetteer)
    assert not problems, "\n".join(map(str, problems))
    return batch


@pytest.fixture(scope="session")
def source_documents() -> dict[str, list[str]]:
    """Document number to its paragraphs (non-empty lines), from the pages outside the project."""
    folder = SHARED / "source-documents"
    if not folder.is_dir():
        pytest.skip("the source pages belong to their publishers and are not on this machine")
    return {
        path.name[:3]: [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        for path in sorted(folder.glob("*.txt"))
    }


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster with two workers: Sail's, or Apache Spark's in make test-spark."""
    if os.environ.get("TEST_ENGINE") == "spark":
        cluster = clusters.apache_spark(tmp_path_factory.mktemp("spark"))
    else:
        cluster = clusters.sail()
    with cluster as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium that reaches nothing but this machine; CHROMIUM names one not on the PATH.

    One for all folders of tests: Playwright runs once a thread.
    """
    with sync_playwright() as playwright:
        started = launch(playwright.chromium)
        yield started
        started.close()


def launch(chromium: BrowserType, *more: str, here: str = "") -> Browser:
    """Start Chromium; `here` is a name that it finds on this machine, `more` further arguments."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "no Chromium found: install it (Debian: apt install chromium) or set CHROMIUM"
    found = f"MAP {here} 127.0.0.1, " if here else ""
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--host-resolver-rules={found}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        *more,
    ]
    return chromium.launch(executable_path=path, args=arguments)
