"""Where "This is wrong" leads."""

import pytest

from mapapp.ui.settings import REPORT_VARIABLE, report_href


@pytest.mark.parametrize(
    ("address", "start"),
    [
        ("https://example.test/report", "https://example.test/report"),
        ("desk@example.test", "mailto:desk@example.test?subject=Correction%20to%20record%20afg-1"),
        ("a b&c@example.test", "mailto:a%20b%26c@example.test?subject="),
    ],
)
def test_the_owners_address_is_the_link(
    monkeypatch: pytest.MonkeyPatch, address: str, start: str
) -> None:
    monkeypatch.setenv(REPORT_VARIABLE, address)
    found = report_href("afg-1")
    assert found is not None
    assert found.startswith(start)


@pytest.mark.parametrize("address", ["", "nobody", "javascript:alert(1)"])
def test_without_one_there_is_no_link(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(REPORT_VARIABLE, address)
    assert report_href("afg-1") is None
