"""Where "This is wrong" leads."""

import pytest

from mapapp.ui.settings import report_href


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
    monkeypatch.setenv("MAPAPP_REPORT_ADDRESS", address)
    found = report_href("afg-1")
    assert found is not None
    assert found.startswith(start)


def test_without_one_there_is_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    # One that is none stops the start: tests/test_settings.py.
    monkeypatch.setenv("MAPAPP_REPORT_ADDRESS", "")
    assert report_href("afg-1") is None


def test_the_report_names_record_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPAPP_REPORT_ADDRESS", "https://example.test/r?id={record}&v={version}")
    version = "version 2 of 25 Nov 2026 (change 7)"
    assert report_href("afg 1&x", version) == (
        "https://example.test/r?id=afg%201%26x&v=version%202%20of%2025%20Nov%202026%20%28change%207%29"
    )
    monkeypatch.setenv("MAPAPP_REPORT_ADDRESS", "desk@example.test")
    assert "body=Record%3A%20afg-1%2C%20version%202" in (report_href("afg-1", version) or "")
