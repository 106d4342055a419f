"""Pages are read by a process of its own: it stays warm, is stopped in time, and loses nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.reading import apart
from mapapp.reading.apart import PageReader
from mapapp.reading.pages import page_of
from mapapp.reading.whole import Known, read_text, seconds_for
from tests.reading.pages.support import HEADLINE, LEAD, MORE, web_page

TEXT = f"{HEADLINE}\n\n{LEAD}\n\n{MORE}\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    one = PageReader()
    yield one
    one.close()


def faulty(program: str) -> PageReader:
    """A reader whose process does something else with the text."""
    return PageReader(
        ("-c", "import time, os\nout = os.dup(1)\nfrom mapapp.reading import apart\n"
         f"def read_text(page, known):\n    if 'bakery' in page.text: {program}\n"
         "apart.read_text = read_text\napart.main()")
    )  # fmt: skip


def test_one_process_reads_page_after_page(reader: PageReader) -> None:
    first = reader.read(TEXT.encode(), Known("Example Daily", date(2023, 10, 26)))
    child = reader._child
    second = reader.read(web_page(), Known())
    assert reader._child is child
    assert first.page.text == first.reading.text == TEXT
    assert (first.reading.publisher, str(first.reading.published)) == (
        "Example Daily",
        "2023-10-26",
    )
    assert (second.page.kind, second.reading.published) == ("html", None)


def test_what_a_person_knows_stands_before_what_the_page_says(reader: PageReader) -> None:
    page = web_page('<meta property="article:published_time" content="2023-10-26">'
                    '<meta property="og:site_name" content="Example Daily">')  # fmt: skip
    guessed = reader.read(page, Known()).reading
    told = reader.read(page, Known("Another", date(2023, 10, 27), "en")).reading
    assert (guessed.publisher, str(guessed.published)) == ("Example Daily", "2023-10-26")
    assert (told.publisher, str(told.published)) == ("Another", "2023-10-27")


def test_a_refusal_leaves_the_process_as_it_was(reader: PageReader) -> None:
    reader.read(TEXT.encode(), Known())
    child = reader._child
    with pytest.raises(InvalidInput, match="a picture"):
        reader.read(b"\x89PNG\r\n", Known())
    assert reader.read(TEXT.encode(), Known()).page.title == HEADLINE
    assert reader._child is child


def test_a_killed_process_is_begun_anew(reader: PageReader) -> None:
    reader.read(TEXT.encode(), Known())
    assert reader._child is not None
    os.kill(reader._child.pid, signal.SIGKILL)
    reader._child.wait()
    assert reader.read(TEXT.encode(), Known()).page.title == HEADLINE


def test_a_reading_without_end_is_stopped_and_the_text_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "seconds_for", lambda text: 0.2)
    one = faulty("time.sleep(600)")
    try:
        began = time.monotonic()
        read = one.read(TEXT.encode(), Known())
        assert time.monotonic() - began < 60
        assert (read.page.text, read.reading.drafts, read.reading.complete) == (TEXT, (), False)
        assert "took too long" in read.reading.questions[0].text
    finally:
        one.close()


def test_a_reading_that_eats_memory_is_stopped() -> None:
    one = faulty("x = [bytearray(2**20) for _ in range(2000)]")
    try:
        read = one.read(TEXT.encode(), Known())
        assert (read.page.text, read.reading.drafts, read.reading.complete) == (TEXT, (), False)
        assert "more memory" in read.reading.questions[0].text
        assert one._child is not None
        assert one._child.poll() is None  # it has let go of it, and reads on
    finally:
        one.close()


def test_a_reading_that_dies_or_fails_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    dead = faulty("os._exit(3)")
    failing = faulty("raise ValueError(page.text)")
    try:
        read = dead.read(TEXT.encode(), Known())
        assert "was stopped" in read.reading.questions[0].text
        read = failing.read(TEXT.encode(), Known())
        assert "failed (ValueError)" in read.reading.questions[0].text
    finally:
        dead.close()
        failing.close()
    logged = capfd.readouterr().err
    assert "ValueError at" in logged
    assert "bakery" not in logged  # words of a page go into no log


def test_what_a_page_comes_to_arrives_whole(reader: PageReader) -> None:
    known = Known("Example Daily", date(2023, 10, 26))
    read = reader.read(TEXT.encode(), known)
    page = page_of(TEXT.encode())
    assert (read.page, read.reading) == (page, read_text(page, known))
    assert read.reading.drafts


#: A pickle that makes a file as it is loaded.
BAIT = """
import os, pickle, sys
class Bait:
    def __reduce__(self): return os.mkdir, (MADE,)
sent = pickle.dumps(Bait()) + b"\\n"
"""


def test_a_process_taken_over_runs_nothing_here(tmp_path: Path) -> None:
    made = tmp_path / "made"
    bait = BAIT.replace("MADE", repr(str(made)))
    at_once = PageReader(("-c", f"{bait}\nsys.stdout.buffer.write(sent)"))
    with pytest.raises(StoreUnavailable, match="does not begin"):
        at_once.read(TEXT.encode(), Known())
    later = PageReader(
        ("-c", f"{bait}\nfrom mapapp.reading.messages import Answer, send_answer, take_order\n"
         "out = sys.stdout.buffer\nsend_answer(out, Answer())\ntake_order(sys.stdin.buffer)\n"
         "out.write(sent); out.flush(); take_order(sys.stdin.buffer)")
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="was stopped"):
        later.read(TEXT.encode(), Known())
    assert later._child is None
    assert not made.exists()


@pytest.mark.parametrize("line", ['{"page": 3}', '{"page": {"text": "a"}}', "[]", "", '{"why": "'])
def test_an_answer_of_another_form_is_none(line: str) -> None:
    one = faulty(f"os.write(out, {(line + chr(10)).encode()!r}); os._exit(0)")
    read = one.read(TEXT.encode(), Known())
    assert (read.page.text, read.reading.drafts) == (TEXT, ())
    assert "was stopped" in read.reading.questions[0].text


def test_a_process_that_does_not_begin_is_said() -> None:
    with pytest.raises(StoreUnavailable, match="does not begin"):
        PageReader(("-c", "raise SystemExit(1)")).read(TEXT.encode(), Known())


def test_time_grows_with_the_words_up_to_ten_seconds() -> None:
    assert [seconds_for("word " * n) for n in (1, 1000, 2500, 90_000)] == [2.0, 2.0, 5.0, 10.0]
