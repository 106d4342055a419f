"""A page of the layer alone, served from this process, and Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.dev_page import make_app
from tests.web.on_thread import on_thread


@pytest.fixture(scope="session")
def layer_page() -> Iterator[str]:
    """The address of the page with invented incidents."""
    with on_thread(make_app()) as address:
        yield address
