"""Files of pages, made for a test: web pages, PDF by hand, DOCX, mails."""

from __future__ import annotations

import io
import zipfile

from docx import Document

HEADLINE = "Blast near bakery in Kabul kills seven"
LEAD = (
    "Seven people were killed and eleven were wounded in an explosion near a bakery in the Qala-e "
    "Fatullah area of Kabul city on Tuesday morning, the interior ministry said."
)
MORE = (
    "A doctor at the emergency hospital, who asked not to be named, said that nine bodies had been "
    "brought in. Nobody has claimed responsibility for the attack so far."
)
DARI = (
    "منابع محلی در بلخ می‌گویند که در نتیجه‌ی انفجار ماین در شهر مزار شریف هفت تن کشته و بیش از "
    "بیست تن دیگر زخمی شده‌اند و کسی مسوولیت آن را بر عهده نگرفته است."
)


def web_page(head: str = "", body: str = "", lang: str = "en") -> bytes:
    """A page with a menu and a footer around its article."""
    menu = "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(12))
    body = body or f"<h1>{HEADLINE}</h1><p>{LEAD}</p><p>{MORE}</p>"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>'
        f"<nav><ul>{menu}</ul></nav><main><article>{body}</article></main>"
        "<footer>All rights reserved</footer><script>document.write('nothing')</script></body>"
        "</html>"
    ).encode()


def pdf(*pages: list[str], trailer: str = "") -> bytes:
    """A PDF with lines of plain text; no lines make a page without text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        words = "".join(
            f"BT /F1 11 Tf 50 {780 - 14 * n} Td ({line}) Tj ET\n" for n, line in enumerate(lines)
        )
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R"
            " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
            ">> >>"
        )
        objects.append(f"<< /Length {len(words)} >>\nstream\n{words}endstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()


def docx(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A document whose first paragraph is its heading."""
    document = Document()
    document.add_heading(paragraphs[0], 1)
    for words in paragraphs[1:]:
        document.add_paragraph(words)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(packed: bytes, name: str, content: bytes) -> bytes:
    """A packed file with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()
