"""Only addresses of the web become links."""

import pytest

from mapapp.domain.source import web_address


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://example.test/a?b=c", "https://example.test/a?b=c"),
        (" http://example.test ", "http://example.test"),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.test", None),
        ("https://", None),
        ("http://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_web_address(url: str | None, found: str | None) -> None:
    assert web_address(url) == found
