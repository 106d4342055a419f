"""Nasty texts and files: each is read or refused, every value stands on its words, time is bounded.

Times are not asserted here (benchmarks measure them): a reader that hangs is stopped by its own
limit, and then says that it is not complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapapp.domain.problems import InvalidInput
from mapapp.reading.apart import PageReader
from mapapp.reading.languages import language_of
from mapapp.reading.pages import page_of
from mapapp.reading.reader import read
from mapapp.reading.whole import Known
from tests.reading.pages.support import docx, pdf, web_page

#: Words that the rules look at, to be put together in every order.
WORDS = (
    "killed wounded dead and , . ; : five 12 dozens at least more than people soldiers Taliban "
    "said that the police in Kabul on Tuesday who were was no one claimed responsibility ISIS "
    "attack “ ” ( ) including children among them کشته زخمی شدند و ، هفت تن ۲۶ بیش از دست‌کم طالبان "
    "گفت که در کابل روز سه‌شنبه مسوولیت نگرفته داعش انفجار به گفته‌ی میان کشته‌شدگان کودک جان را گرفت "
    "وژل شوي ټپیان د په کې چې وویل په وینا لږ تر لږه"
)
WORDS_AND_BREAKS = [*WORDS.split(), "\n", "\n\n", '"']

WHOLE = {
    "pdf": pdf(["Seven were killed in Kabul"]),
    "docx": docx("Seven killed"),
    "html": web_page(),
}
mixed = st.lists(st.sampled_from(WORDS_AND_BREAKS) | st.text(max_size=6), max_size=250).map(
    " ".join
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mixed, st.sampled_from(["en", "fa", "ps", None]), st.booleans())
def test_any_text_is_read_and_every_value_stands_on_its_words(
    text: str, language: str | None, dated: bool
) -> None:
    published = date(2024, 9, 18) if dated else None
    found = read(text, publisher="P", published=published, language=language, seconds=10)
    assert found.text == text  # `Reading` itself refuses a value without its words
    for draft in found.drafts:
        assert text[draft.span.start : draft.span.end]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000) | st.text(max_size=2000).map(str.encode))
def test_any_bytes_are_a_page_or_refused_with_a_reason(data: bytes) -> None:
    try:
        page = page_of(data)
    except InvalidInput as error:
        assert str(error)
        return
    assert page.text.strip()
    assert language_of(page.text) == page.language


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_damaged_files_are_a_page_or_refused(kind: str, damage: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE[kind])
    for at, byte in damage:
        data[at % len(data)] = byte
    try:
        assert page_of(bytes(data)).text
    except InvalidInput as error:
        assert str(error)


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    one = PageReader()
    yield one
    one.close()


NASTY = {
    "one word": b"a" * 100_000,
    "no end": b"killed and " * 2_000,
    "numbers": b"five " * 4_000,
    "quotes": '“ said '.encode() * 2_000,
    "places": b"Kabul " * 2_000,
    "commas": b"Kabul, Herat, Balkh and " * 500,
    "lines": b"killed\n" * 5_000,
    "dari": "هفت تن کشته و ".encode() * 1_000,
    "joiners": "\u200c".encode() * 10_000 + "هفت تن کشته شدند".encode(),
    "marks": ("ا" + "\u064b" * 10_000).encode(),
    "open tags": b"<div>" * 100_000 + b"seven killed",
    "attributes": b"<p " + b"a=1 " * 10_000 + b">seven killed</p>",
    "linked data": b"<p>x y z</p><script type='application/ld+json'>" + b"[" * 100_000,
    "lines of a mail": b"MIME-Version: 1.0\nSubject: x\n" + b"X: y\n" * 50_000 + b"\nwords",
    "parts in parts": b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3_000,
    "objects in a circle": pdf(["words"]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "a stream without end": b"%PDF-1.4\n1 0 obj\n<< /Length 99999999999 >>\nstream\n" + b"x" * 9000,
    "many objects": b"%PDF-1.4\n"
    + b"".join(b"%d 0 obj\n<< /A %d 0 R >>\nendobj\n" % (n, n + 1) for n in range(1, 5_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_nasty_pages_are_read_refused_or_stopped(name: str, reader: PageReader) -> None:
    try:
        read_page = reader.read(NASTY[name], Known("P", date(2024, 9, 18)))
    except InvalidInput as error:
        assert str(error)
        return
    reading = read_page.reading
    assert reading.complete or reading.questions
    assert reading.text == read_page.page.text
