"""What the gazetteer's tests share: the loaded gazetteer and the optional folders beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

import gazetteer
from gazetteer import Gazetteer

# A busy machine must not fail a property for being slow; benchmarks look at time.
settings.register_profile("gazetteer", deadline=None)
settings.load_profile("gazetteer")

# The owner's layers on this machine are none of the tests'.
os.environ["GAZETTEER_LAYERS"] = os.devnull

PACKAGE = Path(gazetteer.__file__).parent
SHARED = PACKAGE.parent.parent / "shared"


@pytest.fixture(scope="session")
def gaz() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the evaluation sets (../shared/data) are not beside the repository")
    return folder


@pytest.fixture(scope="session")
def documents() -> Path:
    folder = SHARED / "source-documents"
    if not folder.is_dir():
        pytest.skip("the source documents (../shared/source-documents) are not there")
    return folder
