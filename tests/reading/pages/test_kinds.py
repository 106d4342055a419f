"""Each kind of file that people have gives its words; what cannot be read is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from mapapp.domain.problems import InvalidInput
from mapapp.reading.pages import LARGEST_BYTES, page_of
from mapapp.reading.pages.page import LONGEST_TEXT
from tests.reading.pages.support import DARI, HEADLINE, LEAD, MORE, docx, pdf, web_page, with_part

MAIL = (
    "From: desk@example.org\r\nTo: map@example.org\r\nSubject: {subject}\r\n"
    "Date: Thu, 26 Oct 2023 23:30:00 +0430\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}"
)
ARCHIVE = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/2023/10/26/blast\r\n"
    "Subject: saved\r\nDate: Tue, 1 Dec 2026 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="----X"\r\n\r\n------X\r\n'
    "Content-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
    "Content-Location: https://example.org/2023/10/26/blast\r\n\r\n{html}\r\n------X--\r\n"
)


def test_pasted_words_stay_as_they_are() -> None:
    text = f"{HEADLINE}\n\n{LEAD}\n"
    page = page_of(text.encode())
    assert (page.text, page.kind, page.title) == (text, "text", HEADLINE)
    assert (page.language, page.notices, page.published) == ("en", (), None)


def test_line_ends_and_marks_are_made_one() -> None:
    assert page_of(b"\xef\xbb\xbfone line\r\ntwo\rthree\xe2\x80\xa8four").text == (
        "one line\ntwo\nthree\nfour"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_any_form(encoding: str) -> None:
    page = page_of(f"{DARI}\n".encode(encoding))
    assert (page.text, page.language, page.notices) == (f"{DARI}\n", "fa", ())


def test_windows_1256_is_read_and_said() -> None:
    words = "در نتیجه انفجار در شهر مزار هفت تن كشته شدند".replace("ی", "ي")
    page = page_of(words.encode("cp1256"))
    assert page.text == words
    assert "Windows-1256" in page.notices[0]


def test_damaged_bytes_show_and_are_said() -> None:
    page = page_of(f"{DARI}\n".encode() * 5 + b"\xff\xfe killed")
    assert page.text.endswith("\ufffd\ufffd killed")
    assert "2 bytes" in page.notices[0]


def test_a_web_page_gives_its_article_and_what_its_head_says() -> None:
    head = (
        f"<title>{HEADLINE} | Example Daily</title>"
        '<link rel="canonical" href="https://example.org/blast">'
        '<meta property="og:site_name" content="Example Daily">'
        '<meta property="article:published_time" content="2023-10-26T09:00:00+04:30">'
    )
    page = page_of(web_page(head))
    assert page.text.split("\n") == [HEADLINE, LEAD, MORE]
    assert (page.kind, page.title, page.publisher) == ("html", HEADLINE, "Example Daily")
    assert page.address == "https://example.org/blast"
    assert page.published is not None
    assert (str(page.published.day), page.published.origin, page.published.span) == (
        "2023-10-26", "meta article:published_time", None,
    )  # fmt: skip


def test_a_web_page_keeps_the_joiners_of_dari() -> None:
    more = "او افزود که " + DARI
    named = more.replace("\u200c", "&zwnj;")
    body = f"<h1>انفجار در شهر مزار شریف</h1><p>{DARI}</p><p>{named}</p>"
    page = page_of(web_page(body=body, lang="fa"))
    assert page.text.split("\n")[1:] == [DARI, more]
    assert page.language == "fa"


def test_a_web_page_in_the_encoding_that_it_declares() -> None:
    source = web_page().decode().replace("utf-8", "windows-1252").replace("bakery", "café")
    assert "near a café" in page_of(source.encode("cp1252")).text
    lying = web_page().replace(b"utf-8", b"us-ascii").replace(b"bakery", "café".encode())
    assert "near a café" in page_of(lying).text


def test_pieces_of_a_page_are_html_and_words_with_a_sign_are_not() -> None:
    piece = f"<h1>{HEADLINE}</h1>\n<p>{LEAD}</p><p>{MORE}</p>"
    assert page_of(piece.encode()).text.split("\n") == [HEADLINE, LEAD, MORE]
    assert page_of(b"Between 3 < 5 men, a <b>word</b> and more were killed").kind == "text"


def test_scripts_alone_are_no_page() -> None:
    with pytest.raises(InvalidInput, match="made by scripts"):
        page_of(b"<html><body><script>draw()</script></body></html>")


def test_a_pdf_gives_paragraphs() -> None:
    lines = LEAD.split(", ")
    page = page_of(pdf([HEADLINE, "", *(f"{line}," for line in lines[:-1]), lines[-1]], [MORE]))
    assert page.kind == "pdf"
    assert page.text.split("\n")[0] == HEADLINE
    assert "bakery" in page.text
    assert MORE in page.text
    assert "knows only lines" in page.notices[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pdf([]), "pictures of pages"),
        (pdf([HEADLINE])[:200], "damaged"),
        (b"%PDF-1.4 nothing", "damaged"),
        (b"", "nothing in it"),
        (b" \n ", "nothing in it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "old Word"),
        (b"{\\rtf1 words}", "RTF"),
        (bytes(range(32)) * 40, "not a text"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"x" * (LARGEST_BYTES + 1), "larger than"),
        ("<p>\u00a0</p>".encode() * 9, "holds no text"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        page_of(data)


def test_a_locked_pdf() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([HEADLINE]))))
    out = io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    with pytest.raises(InvalidInput, match="password"):
        page_of(out.getvalue())


def test_a_document_gives_paragraphs_and_rows() -> None:
    page = page_of(docx(HEADLINE, LEAD, MORE, rows=(("place", "killed"), ("Kabul", "7"))))
    assert page.text.split("\n") == [HEADLINE, LEAD, MORE, "place | killed", "Kabul | 7"]
    assert (page.kind, page.title) == ("docx", HEADLINE)


def test_a_document_that_unpacks_to_absurd_sizes_is_refused() -> None:
    bomb = with_part(docx(HEADLINE), "word/document.xml", b" " * (17 * 2**20))
    assert len(bomb) < 2**20
    with pytest.raises(InvalidInput, match="absurd size"):
        page_of(bomb)


def test_entities_of_a_document_are_not_unfolded() -> None:
    body = (
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>seven killed &b;&f;</w:t></w:r></w:p></w:body></w:document>"
    )
    hostile = with_part(docx(HEADLINE), "word/document.xml", body.encode())
    try:
        text = page_of(hostile).text
    except InvalidInput:
        return
    assert "lol" not in text


def test_other_packed_files_are_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("content.xml", "<x/>")
    with pytest.raises(InvalidInput, match="LibreOffice"):
        page_of(out.getvalue())


def test_a_mail_gives_subject_words_and_the_day_of_sending() -> None:
    page = page_of(MAIL.format(subject=HEADLINE, text=LEAD).encode())
    assert (page.text, page.kind, page.title) == (f"{HEADLINE}\n\n{LEAD}", "mail", HEADLINE)
    assert page.published is not None
    assert (str(page.published.day), page.published.origin) == (
        "2023-10-26", "the day the mail was sent",
    )  # fmt: skip


def test_a_web_archive_gives_its_page_and_not_the_day_of_saving() -> None:
    page = page_of(ARCHIVE.format(html=web_page().decode()).encode())
    assert page.text.split("\n") == [HEADLINE, LEAD, MORE]
    assert page.address == "https://example.org/2023/10/26/blast"
    assert page.published is not None
    assert (str(page.published.day), page.published.origin) == ("2023-10-26", "the address")


def test_of_a_long_text_the_beginning_is_read_and_it_is_said() -> None:
    page = page_of(f"{LEAD}\n".encode() * (2 * LONGEST_TEXT // len(LEAD)))
    assert LONGEST_TEXT // 2 < len(page.text) <= LONGEST_TEXT
    assert page.text.endswith("said.")
    assert "characters are read" in page.notices[0]
