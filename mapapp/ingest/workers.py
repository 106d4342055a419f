"""Rows converted by processes of their own, several chunks at once (rows → columns).

A worker is told once how the file's rows are read, and then given chunk after chunk through a
pipe. It touches neither files nor the store, and ends when the pipe does: also where who began it
was killed. Chunks come back in the order they were given.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from gazetteer import Gazetteer
from mapapp.domain.problems import StoreUnavailable
from mapapp.importers.kept_rows import KeptForm
from mapapp.importers.tables.table import Table
from mapapp.ingest.convert import Converter, Made, Raw, Unsurveyed

#: From so many bytes on a file's rows are converted by several processes: each takes a second or
#: two to begin.
FROM_BYTES = 16 << 20
_MOST = 4
#: How much more text a packed file comes to, about.
_PACKED = 6

_Some = Sequence[Raw]


def how_many(size_bytes: int) -> int:
    """How many processes are worth it for a file; 0: none but this."""
    wanted = min(_MOST, _cores())
    return wanted if size_bytes >= FROM_BYTES and wanted > 1 else 0


def text_bytes(table: Table) -> int:
    """How much text a file comes to, roughly."""
    packed = table.kind in ("xlsx", "parquet") or table.path.suffix.casefold() in (".gz", ".zip")
    return table.path.stat().st_size * (_PACKED if packed else 1)


def _cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Some processes that convert rows of one form; `plain_days` as for `Converter`."""

    def __init__(self, count: int, form: KeptForm, plain_days: Sequence[str]) -> None:
        self._begin = {"form": form.text(), "plain_days": tuple(plain_days)}
        self._threads = ThreadPoolExecutor(count)
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._count = count
        self._every: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Workers:
        command = [sys.executable, "-m", "mapapp.ingest.workers"]
        for _ in range(self._count):
            child = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )  # fmt: skip
            self._every.append(child)
            self._idle.put(child)
            with suppress(BrokenPipeError):  # said where an answer is waited for
                _send(child.stdin, self._begin)
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._every:
            child.kill()  # one that is idle has nothing to lose, no other is waited for
        self._threads.shutdown()
        for child in self._every:
            child.wait()
            for pipe in (child.stdin, child.stdout):
                assert pipe is not None
                with suppress(OSError):
                    pipe.close()

    def made(self, chunks: Iterable[_Some]) -> Iterator[tuple[_Some, Made]]:
        """Each chunk with what became of it, in their order.

        Raises Unsurveyed as `Converter` does, StoreUnavailable where a worker ends before its time.
        """
        waiting: deque[tuple[_Some, Future[Made]]] = deque()
        for chunk in chunks:
            waiting.append((chunk, self._threads.submit(self._ask, chunk)))
            if len(waiting) > self._count:
                first, answer = waiting.popleft()
                yield first, answer.result()
        for first, answer in waiting:
            yield first, answer.result()

    def _ask(self, chunk: _Some) -> Made:
        child = self._idle.get()
        try:
            _send(child.stdin, chunk)
            assert child.stdout is not None
            said = pickle.load(child.stdout)  # noqa: S301 - of a process that this one began
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise StoreUnavailable(
                f"a process that reads the rows ended before it was done ({child.wait()}); nothing "
                "was recorded. Import the file again; if memory is short, on a larger machine"
            ) from error
        finally:
            self._idle.put(child)
        if isinstance(said, Made):
            return said
        kind, words = said
        raise Unsurveyed(words) if kind == Unsurveyed.__name__ else RuntimeError(words)


def _send(pipe: IO[bytes] | None, what: object) -> None:
    assert pipe is not None
    pickle.dump(what, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def main() -> None:
    """Convert chunks from the standard input until it ends."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not come between the answers
    order: dict[str, Any] = pickle.load(source)  # noqa: S301 - of who began this process
    kept = KeptForm.of(order["form"])
    converter = Converter(kept, kept.reader(Gazetteer.load()), order["plain_days"])
    while True:
        try:
            chunk: _Some = pickle.load(source)  # noqa: S301
        except EOFError:
            return
        try:
            answer: object = converter.chunk(chunk)
        except Exception as error:
            answer = (type(error).__name__, f"{type(error).__name__}: {error}")
        with suppress(BrokenPipeError):
            _send(target, answer)


if __name__ == "__main__":
    main()
