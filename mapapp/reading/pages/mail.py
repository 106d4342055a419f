"""A saved mail (.eml) or web archive (.mhtml) → the text of its main part.

A mail's day is that of its sending; a web archive's is that of its saving, and says nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final

from mapapp.domain.problems import InvalidInput
from mapapp.reading.pages import publication
from mapapp.reading.pages.html import html_text
from mapapp.reading.pages.page import Published, Raw
from mapapp.reading.pages.plain import cleaned

_HEADER = re.compile(rb"^[A-Za-z][A-Za-z-]{1,40}:[ \t]?\S", re.MULTILINE)
_OF_MAIL = re.compile(
    rb"^(?:mime-version|received|return-path|message-id|delivered-to|snapshot-content-location):",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_PARTS: Final = 500


def is_mail(data: bytes) -> bool:
    """Whether a file begins with the headers of a mail or of a web archive."""
    head = data[:8000].replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")[0]
    return bool(_HEADER.match(head) and _OF_MAIL.search(head))


def read_mail(data: bytes) -> Raw:
    """The main part's text. Raises InvalidInput where there is none."""
    try:
        mail = message_from_bytes(data, policy=policy.default)
        archive = "snapshot-content-location" in mail or (
            mail.get_content_type() == "multipart/related" and "from" not in mail
        )
        kind, words = _main_part(mail)
        subject = " ".join(str(mail.get("subject", "")).split())[:300]
        address = str(mail.get("snapshot-content-location", "")).strip()
        sent = None if archive else _sent(mail)
    except (InvalidInput, MemoryError):
        raise
    except Exception as error:  # a damaged mail makes the library fail in any way
        raise InvalidInput(
            f"the mail is damaged ({type(error).__name__}); open it and paste the words"
        ) from error
    if not words.strip():
        raise InvalidInput("the mail holds no text to read; paste the words")
    if kind == "text/html":
        found = html_text(words)
        address = address if re.match(r"https?://\S+$", address) else ""
        return replace(
            found, kind="html" if archive else "mail", title=found.title or subject,
            address=found.address or address, published=found.published or sent,
        )  # fmt: skip
    text = cleaned(words)
    return Raw(f"{subject}\n\n{text}" if subject else text, "mail", subject, published=sent)


def _main_part(mail: EmailMessage[Any, Any]) -> tuple[str, str]:
    """Kind and text of the longest part that is text; HTML first, which has the page's shape."""
    found: dict[str, str] = {}
    for number, part in enumerate(mail.walk()):
        if number > _MOST_PARTS:
            raise InvalidInput("the mail holds too many parts and is refused; paste the words")
        kind = part.get_content_type()
        if kind in ("text/html", "text/plain") and part.get_content_disposition() != "attachment":
            words = part.get_content()
            if len(words) > len(found.get(kind, "")):
                found[kind] = words
    kind = "text/html" if found.get("text/html", "").strip() else "text/plain"
    return kind, found.get(kind, "")


def _sent(mail: EmailMessage[Any, Any]) -> Published | None:
    header = mail.get("date")
    moment = getattr(header, "datetime", None)
    if not isinstance(moment, datetime):
        return None
    return publication.of_field(moment.isoformat(), "the day the mail was sent")
