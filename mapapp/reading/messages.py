"""What the process that reads pages and the one that asks it say to each other.

Each message is a line of JSON, checked against the types below as it comes in: a process that a
nasty file has taken over can send wrong values, never anything that runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Final

from pydantic import ConfigDict, TypeAdapter

from mapapp.reading.model import Reading
from mapapp.reading.pages.page import LARGEST_BYTES, Page
from mapapp.reading.whole import Known

#: A longer line is not read: the largest file in base64 and what is known of it, or the reading of
#: the longest text, are shorter.
_LONGEST: Final = 2 * LARGEST_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the page, then its reading, or in place of either why there is none.

    An answer with none of them says that the process is ready.
    """

    page: Page | None = None
    reading: Reading | None = None
    why: str = ""


#: A file's bytes and what a person says of it.
_ORDER: Final[TypeAdapter[tuple[bytes, Known]]] = TypeAdapter(
    tuple[bytes, Known], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
)
_ANSWER: Final = TypeAdapter(Answer)


def send_order(pipe: IO[bytes], data: bytes, known: Known) -> None:
    """Ask for a page."""
    _send(pipe, _ORDER.dump_json((data, known)))


def take_order(pipe: IO[bytes]) -> tuple[bytes, Known]:
    """The page that is asked for; EOFError where nobody asks any more."""
    return _ORDER.validate_json(_line(pipe))


def send_answer(pipe: IO[bytes], answer: Answer) -> None:
    """Tell what came of it."""
    _send(pipe, _ANSWER.dump_json(answer))


def take_answer(pipe: IO[bytes]) -> Answer:
    """What came of it; EOFError where the process has ended, ValueError for no answer of ours."""
    return _ANSWER.validate_json(_line(pipe))


def _send(pipe: IO[bytes], line: bytes) -> None:
    pipe.write(line)
    pipe.write(b"\n")
    pipe.flush()


def _line(pipe: IO[bytes]) -> bytes:
    line = pipe.readline(_LONGEST)
    if not line.endswith(b"\n"):
        raise EOFError("the line has no end")
    return line
