"""Reads numbered city districts: 'PD 4', '8th security district', 'ناحیه چهارم'.

Digits and ordinals match exactly; which city is meant is decided later. Serves parsing and
the search for mentions.
"""

from __future__ import annotations

import re

from .cities import ORDINALS
from .text import fold

DARI_ORDINALS = (
    "اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم",
    "دوازدهم", "سیزدهم", "چهاردهم", "پانزدهم",
)  # fmt: skip
ORDINAL_OF = {word.replace("-", " "): n for n, word in enumerate(ORDINALS) if n}
ORDINAL_OF.update({word: n for n, word in enumerate(DARI_ORDINALS, 1)})

_WORDS = "|".join(sorted(map(re.escape, ORDINAL_OF), key=len, reverse=True))
_OFFICE = r"(?:(?:police|security|municipal|municipality|city|urban|administrative)\s+)?"
_NUMBERED = r"(?:police district|security district|municipal district|city district|pd"
_NUMBERED_MORE = r"|nahia|nahiya|nahya|nahiyah|hawza|precinct|district|ناحیه|حوزه)"
_DISTRICT = r"(?:police |security )?(?:district|nahia|nahiya|pd|precinct)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_NUMBERED}{_NUMBERED_MORE}\s*(?:no|number|nr)?\s*(?P<n>\d{{1,2}})(?!\d)"
        r"(?:\s*(?:st|nd|rd|th))?",
        rf"\b(?P<n>\d{{1,2}})(?:st|nd|rd|th)\s+{_OFFICE}{_DISTRICT}\b",
        rf"\b(?P<word>{_WORDS})\s+{_OFFICE}{_DISTRICT}\b",
        rf"\b(?:ناحیه|حوزه)\s+(?P<word>{_WORDS})",
    )
)
_BEFORE = re.compile(
    rf"(?:\b{_NUMBERED}|nahia|district)\s*(?:no\.?\s*)?\d{{1,2}}"
    rf"|\b(?:\d{{1,2}}(?:st|nd|rd|th)|{_WORDS})\s+{_OFFICE}(?:district|nahia|pd))"
    r"\s+(?:of|in)\s+(?:the\s+)?(?:city\s+of\s+)?$",
    re.I,
)
_BEHIND = re.compile(r"^(?:['’]s)?\s*,?\s*(?P<phrase>(?:PD|[Pp]olice [Dd]istrict)\s*\d{1,2})\b")
_TAIL_CHARS = 48  # longer than any such phrase


def take_number(text: str) -> tuple[int | None, str]:
    """The number and the text without its phrase; (None, text) when there is none."""
    folded = fold(text)
    for pattern in _PATTERNS:
        match = pattern.search(folded)
        if match is None:
            continue
        groups = match.groupdict()
        number = int(groups["n"]) if groups.get("n") else ORDINAL_OF[groups["word"]]
        if number:
            return number, folded[: match.start()] + " , " + folded[match.end() :]
    return None, text


def number_before(text: str) -> tuple[int | None, int]:
    """The numbered district that ends a text ('… first district of ') and its length."""
    match = _BEFORE.search(text[-_TAIL_CHARS:])
    if not match:
        return None, 0
    return take_number(match.group())[0], len(match.group())


def number_behind(text: str) -> tuple[int | None, int]:
    """The numbered district that begins a text (' PD 4', "'s Police District 12")."""
    match = _BEHIND.match(text)
    if not match:
        return None, 0
    return take_number(match["phrase"])[0], match.end()
