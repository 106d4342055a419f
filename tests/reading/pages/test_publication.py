"""The day of publication: from fields, lines and addresses, with its origin, and never invented."""

from __future__ import annotations

import pytest

from mapapp.reading.pages import page_of, publication
from tests.reading.pages.support import HEADLINE, LEAD, web_page


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2023-10-25", "2023-10-25"),
        ("2023-10-25T09:00:00+04:30", "2023-10-25"),
        ("2023-10-25T18:00:00Z", "2023-10-25"),
        ("2023-10-25T21:30:00Z", "2023-10-26"),  # two in the morning in Kabul
        ("2023-10-25T23:30:00-05:00", "2023-10-25"),  # the publisher's own day
        ("25 October 2023", "2023-10-25"),
        ("۳ عقرب ۱۴۰۲", "2023-10-25"),
        ("1402-08-03", "2023-10-25"),
        ("October 2023", None),
        ("soon", None),
        ("", None),
        ("2399-01-01", None),
        ("0001-01-01T00:00:00Z", None),
        ("03/04/2019", None),  # March or April
    ],
)
def test_of_a_field(words: str, day: str | None) -> None:
    found = publication.of_field(words, "meta date")
    assert (str(found.day) if found else None) == day
    assert found is None or (found.words, found.origin) == (words, "meta date")


@pytest.mark.parametrize(
    ("line", "words", "origin"),
    [
        ("Published: 25 October 2023, 14:00", "25 October 2023", "the line that says when"),
        ("KABUL, Oct. 25, 2023 (Example) — Seven were killed", "Oct. 25, 2023", "the dateline"),
        ("Wednesday, 25 October 2023 | 14:05", "25 October 2023", "a line that holds a day"),
        ("By A. Writer - October 25, 2023", "October 25, 2023", "the line that names the author"),
        ("تاریخ نشر: ۳ عقرب ۱۴۰۲", "۳ عقرب ۱۴۰۲", "the line that says when"),
        ("چهارشنبه، ۳ عقرب ۱۴۰۲", "۳ عقرب ۱۴۰۲", "a line that holds a day"),
    ],
)
def test_of_a_line(line: str, words: str, origin: str) -> None:
    text = f"{HEADLINE}\n{line}\n{LEAD}"
    found = publication.of_text(text)
    assert found is not None
    assert str(found.day) == "2023-10-25"
    assert found.span is not None
    assert found.span.of(text) == words == found.words
    assert found.origin.startswith(origin)


@pytest.mark.parametrize(
    "line",
    [
        "The attack came after one on 25 October 2023 in the same city, the police said.",
        "KABUL, Oct. 25 (Example) — Seven were killed",
        "© 2023 Example Daily",
    ],
)
def test_other_days_of_a_text_are_not_its_own(line: str) -> None:
    assert publication.of_text(f"{HEADLINE}\n{line}\n{LEAD}") is None


def test_the_day_of_a_change_comes_last() -> None:
    text = "Updated: 27 October 2023\n25 October 2023\n" + LEAD
    found = publication.of_text(text)
    assert found is not None
    assert str(found.day) == "2023-10-25"


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://www.example.org/en/202207054905", "2022-07-05"),
        ("https://example.org/2022/7/5/blast", "2022-07-05"),
        ("https://example.org/news/2022-07-05-blast", "2022-07-05"),
        ("https://example.org/2022/13/5/blast", None),
        ("https://example.org/20221", None),
    ],
)
def test_of_an_address(address: str, day: str | None) -> None:
    found = publication.of_address(address)
    assert (str(found.day) if found else None) == day


def test_the_order_of_fields_of_a_web_page() -> None:
    linked = '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle",'
    linked += '"datePublished":"2023-10-25","dateModified":"2026-11-30"}]}</script>'
    page = page_of(web_page(linked + '<meta name="date" content="2023-10-24">'))
    assert page.published is not None
    assert page.published.origin == "JSON-LD datePublished"
    broken = '<script type="application/ld+json">{"@graph":[</script>'
    page = page_of(web_page(broken, body=f'<time datetime="2023-10-25">x</time><p>{LEAD}</p>'))
    assert page.published is not None
    assert page.published.origin == "a time element"
    several = '<time datetime="2023-10-25">a</time><time datetime="2023-10-20">b</time>'
    assert page_of(web_page(body=f"{several}<p>{LEAD}</p>")).published is None


def test_two_days_are_said() -> None:
    page = page_of(
        f"{HEADLINE}\nPublished: 25 October 2023\n{LEAD}\nhttps://x.org/2023/10/27/a\n".encode()
    )
    assert page.published is not None
    assert str(page.published.day) == "2023-10-25"
    assert page.address == "https://x.org/2023/10/27/a"
    assert "2023-10-27" in page.notices[0]
