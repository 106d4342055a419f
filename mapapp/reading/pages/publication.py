"""The day on which a page was published: from a field, the text's own lines, or the address.

Never today, and never made from a part: a dateline without a year says nothing here. A day that
a file was saved or printed on is no day of publication either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from mapapp.importers.cells.day_values import KABUL, days
from mapapp.importers.cells.values import BadValue
from mapapp.reading.model import Span
from mapapp.reading.pages.page import Published

#: Nothing that is pasted here is older.
_FIRST_YEAR = 1990

_DIGIT = "[0-9۰-۹٠-٩]"
_WORD = r"[^\W\d_][^\W\d_\u200c]*"
_DAY = re.compile(
    rf"(?<!{_DIGIT})(?:{_DIGIT}{{4}}[-/.]{_DIGIT}{{1,2}}[-/.]{_DIGIT}{{1,2}}"
    rf"|{_DIGIT}{{1,2}}[-/.]{_DIGIT}{{1,2}}[-/.]{_DIGIT}{{4}}"
    rf"|{_DIGIT}{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_WORD}\.?,?\s+{_DIGIT}{{4}}"
    rf"|{_WORD}\.?\s+{_DIGIT}{{1,2}}(?:st|nd|rd|th)?,?\s+{_DIGIT}{{4}})(?!{_DIGIT})"
)
#: Lines that say what day they give; those of a change come after all others.
_SAYS = re.compile(
    r"\b(?:published|posted|publication date|date|issued|filed)\b|تاریخ|نشر|منتشر|خپور|خپره|نېټه",
    re.IGNORECASE,
)
_SAYS_CHANGED = re.compile(r"\b(?:updated|modified|edited)\b|به\s?روز|تازه", re.IGNORECASE)
#: Beside a day alone in its line: a day of the week, a time, marks between them.
_BESIDE = re.compile(
    r"(?:[\s,،|·•:–—\-()]|\d{1,2}:\d{2}(?::\d{2})?|[ap]\.?m\.?|GMT|UTC|AFT|Z|\+?\d{4}"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|(?:یک|دو|سه|چهار|پنج)?[\s\u200c]?شنبه|جمعه|[۰-۹]{1,2}:[۰-۹]{2}|ساعت)*",
    re.IGNORECASE,
)
#: "KABUL, Oct. 5, 2023 (AP) —": a few words before the day, a mark behind it.
_DATELINE_BEFORE = re.compile(r"[^\W\d_][^.!?؟]{0,40}[,،(]\s*")
_DATELINE_BEHIND = re.compile(r"\s*(?:\)|\([^)]{1,30}\))?\s*(?:[-–—:]|\()")
#: So many lines of the head are looked at, and of the foot.
_HEAD_LINES, _FOOT_LINES = 15, 3

_IN_ADDRESS = re.compile(
    r"[/=](20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?![\d])|/(20\d\d)(\d\d)(\d\d)\d{0,6}(?=[/.?#-]|$)"
)


def of_field(words: str, origin: str) -> Published | None:
    """The day that a field of a file holds: a day, or a time, which is moved to Kabul's day.

    A time that carries another offset than UTC's is its publisher's own, and stays.
    """
    given = words.strip()[:60]
    try:
        moment = datetime.fromisoformat(given)
        if moment.tzinfo is not None and not moment.utcoffset():
            moment = moment.astimezone(KABUL)
        found = moment.date() if _likely(moment.date()) else None
    except (ValueError, OverflowError):
        found = None
    found = found or _day_of(given)
    return Published(found, origin, given) if found else None


def of_address(address: str) -> Published | None:
    """The day that an address holds, such as /2022/07/05/ or /en/202207054905."""
    found = _IN_ADDRESS.search(address)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        read = date(year, month, day)
    except ValueError:
        return None
    return Published(read, "the address", found.group().strip("/=")) if _likely(read) else None


def of_text(text: str) -> Published | None:
    """The day that a line of the text gives as its own: "Published: …", a dateline, a day alone."""
    found = sorted(_of_lines(text), key=lambda one: one[0])
    return found[0][1] if found else None


def _of_lines(text: str) -> Iterator[tuple[int, Published]]:
    lines = [line for line in re.finditer(r"[^\n]+", text) if line.group().strip()]
    looked_at = (*lines[:_HEAD_LINES], *lines[max(_HEAD_LINES, len(lines) - _FOOT_LINES) :])
    for line in looked_at:
        words = line.group()[:300]
        for match in _DAY.finditer(words):
            kind = _kind_of_line(words, match)
            day = _day_of(match.group()) if kind is not None else None
            if day is None or kind is None:
                continue
            rank, origin = kind
            span = Span(line.start() + match.start(), line.start() + match.end())
            yield rank, Published(day, origin, match.group(), span)


def _kind_of_line(words: str, match: re.Match[str]) -> tuple[int, str] | None:
    before, behind = words[: match.start()], words[match.end() :]
    short = len(words) <= 120
    if short and _SAYS_CHANGED.search(before):
        return 3, "the line that says when the page was changed"
    if short and _SAYS.search(before) and len(before) <= 60:
        return 0, "the line that says when it was published"
    if _DATELINE_BEFORE.fullmatch(before.lstrip()) and _DATELINE_BEHIND.match(behind):
        return 1, "the dateline"
    if short and _BESIDE.fullmatch(before) and _BESIDE.fullmatch(behind):
        return 2, "a line that holds a day alone"
    byline = re.match(r"\s*(?:by|از|نویسنده|لیکوال)\b", words, re.IGNORECASE)
    if short and byline and _BESIDE.fullmatch(behind):
        return 2, "the line that names the author"
    return None


def _day_of(words: str) -> date | None:
    try:
        found = days(words)
    except BadValue:
        return None
    if found is None or found.earliest != found.latest or not _likely(found.earliest):
        return None
    return found.earliest


def _likely(day: date) -> bool:
    return day.year >= _FIRST_YEAR and day <= datetime.now(UTC).astimezone(KABUL).date()
