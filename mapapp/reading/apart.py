"""Pages are read by a process of its own: a nasty file harms nobody, and readers do not wait.

The process is begun when the first page comes and stays warm. It has a limit of memory, is stopped
when a page takes too long, and ends when who began it does. What it has found until then is kept.
"""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.reading import language_model
from mapapp.reading.messages import Answer, send_answer, send_order, take_answer, take_order
from mapapp.reading.pages.page import Page
from mapapp.reading.whole import MOST_SECONDS, Known, PageRead, read_text, seconds_for, unread

#: What the process may hold: its own libraries and the gazetteer are half of it.
MOST_BYTES: Final = 400 * 2**20
#: Above it the process ends after its answer, and the next page begins another.
_WORN_BYTES: Final = 320 * 2**20
#: The process begins in a second or two; a busy machine takes longer.
_START_SECONDS: Final = 60.0
#: How much more than a page the map's readers count (see nice(2)).
_NICE: Final = 10


_PROGRAM: Final = ("-m", "mapapp.reading.apart")


class PageReader:
    """One process that reads one page after another; `close` or the end of this one ends it.

    Where the owner has named a language model, it is asked from here, after the process has read.
    """

    def __init__(self, program: Sequence[str] = _PROGRAM) -> None:
        self._program = program
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, known: Known) -> PageRead:
        """The page of a file's bytes.

        Raises InvalidInput for what cannot be read, StoreUnavailable where no process can be had.
        """
        found = self._by_rules(data, known)
        model = language_model.from_settings()
        if model is None:
            return found
        return replace(found, reading=language_model.completed(found.reading, model))

    def _by_rules(self, data: bytes, known: Known) -> PageRead:
        with self._turn:
            child = self._ready()
            page: Page | None = None
            try:
                ends = time.monotonic() + MOST_SECONDS
                with _stopped_after(MOST_SECONDS, child) as late:
                    assert child.stdin is not None
                    send_order(child.stdin, data, known)
                    first = _answer(child)
                    page = first.page
                if page is None:
                    raise InvalidInput(first.why)
                left = min(ends - time.monotonic(), seconds_for(page.text))
                with _stopped_after(left, child) as late:
                    second = _answer(child)
            except (EOFError, OSError, ValidationError):
                self.close()
                return _what_there_is(page, known, late)
            return PageRead(page, second.reading or unread(page, known, second.why))

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        self._child = child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *self._program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        try:
            with _stopped_after(_START_SECONDS, child):
                _answer(child)
        except (EOFError, OSError, ValidationError) as error:
            self.close()
            raise StoreUnavailable(
                "the process that reads pages does not begin; see the server's log, and try again"
            ) from error
        return child


#: The one of this process.
PAGES: Final = PageReader()


def _what_there_is(page: Page | None, known: Known, late: threading.Event) -> PageRead:
    why = (
        "reading it took too long and was stopped"
        if late.is_set()
        else "reading it needed more memory than a page may have, or failed, and was stopped"
    )
    if page is None:
        raise InvalidInput(f"{why}; paste the words of the article instead of its file")
    return PageRead(
        page, unread(page, known, f"{why}: no draft was made. Hand it in by parts, or type it")
    )


@contextmanager
def _stopped_after(seconds: float, child: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kills the process after some time; the event says whether it did."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _answer(child: subprocess.Popen[bytes]) -> Answer:
    assert child.stdout is not None
    return take_answer(child.stdout)


def main() -> None:
    """Read pages from the standard input until it ends."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    logging.disable(logging.CRITICAL)  # libraries tell of a file's faults in the file's own words
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not come between the answers
    _warm()
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    with suppress(BrokenPipeError):
        send_answer(target, Answer())
        while True:
            try:
                data, known = take_order(source)
            except EOFError:
                return
            for answer in _answers(data, known):
                send_answer(target, answer)
            if _held_bytes() > _WORN_BYTES:
                return


def _warm() -> None:
    """Load what every page needs, so that the first one does not wait for it."""
    from gazetteer import Gazetteer
    from mapapp.reading.pages import page_of

    page = page_of(b"<p>Seven people were killed in Kabul on Tuesday, the police said.</p>" * 5)
    Gazetteer.load().mentions(page.text)
    read_text(page, Known())


def _answers(data: bytes, known: Known) -> Iterator[Answer]:
    """The page and its reading, or a sentence in place of either that cannot be had."""
    from mapapp.reading.pages import page_of

    try:
        page = page_of(data)
    except InvalidInput as error:
        yield Answer(why=str(error))
        return
    except MemoryError:
        yield Answer(
            why="it needs more memory than a page may have; paste the words of the article"
        )
        return
    except Exception as error:
        _log(error)
        what = type(error).__name__
        yield Answer(why=f"it cannot be read ({what}); paste the words of the article")
        return
    yield Answer(page)
    try:
        yield Answer(reading=read_text(page, known))
    except MemoryError:
        yield Answer(why="reading it needed more memory than a page may have: no draft was made")
    except Exception as error:
        _log(error)
        yield Answer(why=f"reading it failed ({type(error).__name__}): no draft was made")


def _log(error: Exception) -> None:
    """Where it failed, without its message: that may hold words of the page."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " > ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
    print(f"reading a page failed: {type(error).__name__} at {where}", file=sys.stderr)


def _held_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError):  # not Linux: the limit alone holds
        return 0
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main()
