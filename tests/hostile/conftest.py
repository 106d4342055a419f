"""The browser's pages, as in tests/browser."""

from tests.browser.conftest import open_page, patience

__all__ = ["open_page", "patience"]
