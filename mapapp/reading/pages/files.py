"""Files of pages on this machine: named one by one, in folders, or waiting in the inbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from mapapp.domain.problems import InvalidInput
from mapapp.reading.pages.page import LARGEST_BYTES

#: Where in the data folder pages wait for somebody to read them.
INBOX: Final = Path("inbox", "pages")


def inside(folder: Path) -> tuple[Path, ...]:
    """The files of a folder and of those in it, hidden ones left out; none where there is none."""
    return tuple(sorted(p for p in folder.rglob("*") if p.is_file() and p.name[0] != "."))


def files_of(given: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those of the folders named. Raises InvalidInput for an empty folder."""
    for path in given:
        found = inside(path) if path.is_dir() else (path,)
        if not found:
            raise InvalidInput(f"there is no file in {path}; name a page or a folder of pages")
        yield from found


def bytes_of(path: Path) -> bytes:
    """A file's content. Raises InvalidInput where it cannot be read or is too large."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InvalidInput(
                f"it is larger than {LARGEST_BYTES // 2**20} MB; save the article alone, as text"
            )
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"it cannot be read ({error.strerror}); name a page's file") from error
