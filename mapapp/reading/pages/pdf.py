"""A PDF → the text of its pages, lines joined into paragraphs as far as their shape shows them.

A PDF knows of lines only. The days of its making and printing say nothing of publication.
"""

from __future__ import annotations

import io
import math
import re
import statistics
from typing import Final

from pypdf import PdfReader

from mapapp.domain.problems import InvalidInput
from mapapp.reading.pages.page import LONGEST_TEXT, Raw
from mapapp.reading.pages.plain import TITLE_TAIL, cleaned, first_line

#: Of a longer one the first pages are read.
MOST_PAGES: Final = 60

_ENDS = (".", "!", "?", "؟", "۔", ":", "”", "»", '"')
#: A line so much shorter than the others ends its paragraph.
_FULL: Final = 0.75
_HYPHENATED = re.compile(r"(?<=[a-z])-$")
_RIGHT_TO_LEFT = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
#: A few such words stand in English pages too.
_MOST_RIGHT_TO_LEFT: Final = 0.1


def read_pdf(data: bytes) -> Raw:
    """The pages' text. Raises InvalidInput for one that is locked, broken or of pictures."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InvalidInput(
                "the PDF is locked with a password; open it, and paste the words or print it anew"
            )
        count = len(reader.pages)
        pages, length = [], 0
        for number in range(min(count, MOST_PAGES)):
            pages.append(reader.pages[number].extract_text() or "")
            length += len(pages[-1])
            if length > LONGEST_TEXT:
                break
        title = _title(reader)
    except (InvalidInput, MemoryError):
        raise
    except Exception as error:  # a damaged file makes the library fail in any way
        raise InvalidInput(
            f"the PDF is damaged or of a kind that cannot be read ({type(error).__name__}); open "
            "it, and paste the words"
        ) from error
    lines = [line.rstrip() for page in pages for line in (*page.split("\n"), "")]
    if not any(line.strip() for line in lines):
        raise InvalidInput(
            "the PDF holds pictures of pages and no text. Letters in pictures are not read: paste "
            "the words, or make the PDF searchable first"
        )
    text = cleaned("\n".join(joined(lines)))
    if len(_RIGHT_TO_LEFT.findall(text)) > _MOST_RIGHT_TO_LEFT * len(text):
        raise InvalidInput(
            "the PDF is written from right to left. Words and figures come out of such a PDF in a "
            "wrong order (26 as 62), so that it is not read: paste the words, or the web page"
        )
    notices = ["a PDF knows only lines: see whether paragraphs and the order of columns are right"]
    if len(pages) < count:
        notices.append(f"{len(pages)} of the PDF's {count} pages are read")
    return Raw(text, "pdf", title or first_line(text), notices=tuple(notices))


def _title(reader: PdfReader) -> str:
    found = reader.metadata.title if reader.metadata else None
    words = " ".join(str(found or "").split())
    words = TITLE_TAIL.sub("", words)
    # Programs write a file's name there.
    return "" if re.search(r"\.\w{2,5}$|^(?:untitled|microsoft word)", words, re.I) else words[:300]


def joined(lines: list[str]) -> list[str]:
    """Lines of print as paragraphs: joined where a line is full and no sentence ends with it."""
    lengths = [len(line) for line in lines if line.strip()]
    full = _FULL * statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 2 else math.inf
    found: list[str] = []
    going_on = False
    for line in lines:
        if not line.strip():
            # A page's end breaks no sentence.
            going_on = going_on and bool(found) and not found[-1].endswith(_ENDS)
            if found and found[-1] and not going_on:
                found.append("")
            continue
        if going_on:
            broken = _HYPHENATED.search(found[-1])
            before = found[-1][:-1] if broken and line.lstrip()[:1].islower() else found[-1] + " "
            found[-1] = before + line.strip()
        else:
            found.append(line.strip())
        going_on = len(line) >= full and not (line.endswith(_ENDS) and len(line) < full / _FULL)
    return found
