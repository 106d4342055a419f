"""A DOCX → its paragraphs and the cells of its tables, in their order."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from docx import Document
from docx.table import Table

from mapapp.domain.problems import InvalidInput
from mapapp.reading.pages.page import Raw
from mapapp.reading.pages.plain import cleaned, first_line

#: What a document may unpack to. Pictures hardly pack, so that only a bomb gets near it.
LARGEST_UNPACKED: Final = 64 * 2**20
#: The same of a single part of XML, which is held as a tree many times its size.
LARGEST_PART: Final = 16 * 2**20


def read_docx(data: bytes) -> Raw:
    """The document's text. Raises InvalidInput for one that is damaged, or unpacks to too much."""
    try:
        _check(zipfile.ZipFile(io.BytesIO(data)))
        document = Document(io.BytesIO(data))
        lines = []
        for part in document.iter_inner_content():
            lines.extend(_cells(part) if isinstance(part, Table) else part.text.split("\n"))
        title = document.core_properties.title.strip()
        heads = [
            paragraph.text.strip()
            for paragraph in document.paragraphs
            if (paragraph.style is not None and (paragraph.style.name or "") in _HEADS)
        ]
    except (InvalidInput, MemoryError):
        raise
    except Exception as error:  # a damaged file makes the library fail in any way
        raise InvalidInput(
            f"the document is damaged ({type(error).__name__}); open it, and save it again or "
            "paste the words"
        ) from error
    text = cleaned("\n".join(lines))
    if not text.strip():
        raise InvalidInput("the document holds no text; paste the words")
    return Raw(text, "docx", next(filter(None, heads), "") or first_line(text) or title)


_HEADS: Final = frozenset({"Title", "Heading 1"})


def _cells(table: Table) -> list[str]:
    """One line a row; a merged cell once."""
    lines = []
    for row in table.rows:
        cells = {id(cell._tc): cell.text.strip() for cell in row.cells}
        lines.append(" | ".join(" ".join(words.split()) for words in cells.values() if words))
    return lines


def _check(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise InvalidInput("the document is locked with a password; save it without, or paste it")
    largest = max((p.file_size for p in parts if p.filename.endswith((".xml", ".rels"))), default=0)
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or largest > LARGEST_PART:
        raise InvalidInput("the document unpacks to an absurd size and is refused; paste the words")
