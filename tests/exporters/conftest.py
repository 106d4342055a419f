"""What the tests of exporters share."""

from __future__ import annotations

import pytest

from mapapp.exporters.extract import Extract
from tests.exporters.extracts import mixed_extract


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    """What leaves of open and private claims."""
    return mixed_extract(tmp_path_factory.mktemp("mixed"))
