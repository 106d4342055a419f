"""Which kind of file it is, and what of it becomes a page (bytes → Page)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final

from mapapp.domain.problems import InvalidInput
from mapapp.reading.languages import language_of
from mapapp.reading.pages.page import LARGEST_BYTES, LONGEST_TEXT, Page, Published, Raw
from mapapp.reading.pages.publication import of_address, of_text

#: First bytes of what people hand in and nobody can read as text, with what to do instead.
_OTHERS: Final = (
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"), (b"II*\x00", "a picture"), (b"MM\x00*", "a picture"),
    (b"\xd0\xcf\x11\xe0", "a document of old Word (.doc)"), (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a packed file"), (b"Rar!", "a packed file"), (b"7z\xbc\xaf", "a packed file"),
    (b"ID3", "a sound"), (b"\x00\x00\x00\x18ftyp", "a video"), (b"\x00\x00\x00 ftyp", "a video"),
    (b"\x7fELF", "a program"), (b"MZ\x90", "a program"), (b"PAR1", "a table"),
)  # fmt: skip


def page_of(data: bytes) -> Page:
    """The page that a file's bytes are; pasted words come as UTF-8.

    Raises InvalidInput, with what to try, for what is empty, too large, locked, damaged, without
    text or no document.
    """
    if not data.strip():
        raise InvalidInput("there is nothing in it; paste the page's words or choose its file")
    if len(data) > LARGEST_BYTES:
        raise InvalidInput(
            f"it is larger than {LARGEST_BYTES // 2**20} MB; paste the words of the article"
        )
    raw = _raw(data)
    if not raw.text.strip():
        raise InvalidInput("it holds no words; paste the page's text")
    text, notices = raw.text, raw.notices
    if len(text) > LONGEST_TEXT:
        end = text.rfind("\n", LONGEST_TEXT // 2, LONGEST_TEXT)
        text = text[: end if end > 0 else LONGEST_TEXT]
        notices += (
            f"the first {len(text):,} of {len(raw.text):,} characters are read; hand in the rest "
            "as a page of its own",
        )
    address = raw.address or _address_line(text)
    published, doubt = _published(raw, text, address)
    return Page(
        text, raw.kind, raw.title, raw.publisher, published, language_of(text), address,
        (*notices, *doubt),
    )  # fmt: skip


def _published(raw: Raw, text: str, address: str) -> tuple[Published | None, tuple[str, ...]]:
    """The day, and a sentence where two places of the page give two days."""
    found = [one for one in (raw.published, of_text(text), of_address(address)) if one is not None]
    if not found:
        return None, ()
    first = found[0]
    other = next((one for one in found if one.day != first.day), None)
    if other is None:
        return first, ()
    return first, (
        f"{first.origin} gives {first.day} as the day of publication, {other.origin} {other.day}; "
        "see which is right",
    )


def _address_line(text: str) -> str:
    """An address that stands alone in one of the first or last lines."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in (*lines[:5], *lines[-3:]):
        if re.fullmatch(r"https?://[^\s<>\"]{4,2000}", line):
            return line
    return ""


def _of_zip(data: bytes) -> Raw:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InvalidInput("the file is damaged or cut off; save or download it again") from error
    if "word/document.xml" in names:
        from mapapp.reading.pages.docx_file import read_docx

        return read_docx(data)
    what = {
        "xl/workbook.xml": "a workbook", "ppt/presentation.xml": "a presentation",
        "content.xml": "a document of LibreOffice",
    }  # fmt: skip
    said = next((what[name] for name in names if name in what), "a packed folder")
    raise InvalidInput(
        f"this is {said}, which is not read as a page; save it as DOCX or PDF, or paste its words"
    )


def _raw(data: bytes) -> Raw:
    """By content, never by the file's name. A kind's library is loaded when it is met."""
    if b"%PDF-" in data[:1024]:
        from mapapp.reading.pages.pdf import read_pdf

        return read_pdf(data)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _of_zip(data)
    for beginning, what in _OTHERS:
        if data.startswith(beginning):
            raise InvalidInput(
                f"this is {what}, which is not read; paste the page's words, or save it as PDF, "
                "HTML, DOCX or text"
            )
    from mapapp.reading.pages.mail import is_mail, read_mail

    if is_mail(data):
        return read_mail(data)
    from mapapp.reading.pages.plain import read_plain

    raw = read_plain(data)
    from mapapp.reading.pages.html import is_html, read_html

    return read_html(data) if is_html(raw.text) else raw
