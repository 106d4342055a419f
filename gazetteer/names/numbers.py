"""Reads numbered city districts: 'PD 4', '8th security district', 'ناحیه چهارم', 'پنځمه ناحیه'.

Digits and ordinals match exactly; which city is meant is decided later. Serves parsing and
the search for mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..cities import ORDINALS
from .text import fold, without_postposition

DARI_ORDINALS = (
    "اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم",
    "دوازدهم", "سیزدهم", "چهاردهم", "پانزدهم", "شانزدهم", "هفدهم", "هژدهم", "نزدهم", "بیستم",
    "بیست و یکم", "بیست و دوم",
)  # fmt: skip
# In the feminine, which ناحیه takes.
PASHTO_ORDINALS = (
    "لومړۍ", "دویمه", "دریمه", "څلورمه", "پنځمه", "شپږمه", "اوومه", "اتمه", "نهمه", "لسمه",
    "یوولسمه", "دوولسمه", "دیارلسمه", "څوارلسمه", "پنځلسمه", "شپاړسمه", "اوولسمه", "اتلسمه",
    "نولسمه", "شلمه", "یوویشتمه", "دوه ویشتمه",
)  # fmt: skip
_OTHER_SPELLINGS = {
    "یکم": 1, "هجدهم": 18, "هیجدهم": 18, "نوزدهم": 19, "لمړۍ": 1, "لومړی": 1, "دوهمه": 2,
    "درېیمه": 3, "درییمه": 3, "اومه": 7, "پنځه لسمه": 15,
    "نهمه": 9, "یولسمه": 11, "دولسمه": 12, "څورلسمه": 14, "اولسمه": 17, "نونسمه": 19, "نوولسمه": 19,
}  # fmt: skip
#: English number words, zero to nineteen, and the tens; "twenty-one" is put together of both.
CARDINALS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
        "eighty": 80, "ninety": 90}  # fmt: skip
ORDINAL_OF = {word.replace("-", " "): n for n, word in enumerate(ORDINALS) if n}
ORDINAL_OF.update({word: n for n, word in enumerate(DARI_ORDINALS, 1)})
ORDINAL_OF.update({fold(word): n for n, word in enumerate(PASHTO_ORDINALS, 1)})
ORDINAL_OF.update({fold(word): n for word, n in _OTHER_SPELLINGS.items()})
#: Districts are numbered so far.
_COUNTED = (*CARDINALS[1:], "twenty")
NUMBER_OF = ORDINAL_OF | {word: n for n, word in enumerate(_COUNTED, 1)}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_WORDS = _any_of(ORDINAL_OF)
_OFFICE = r"(?:(?:police|security|municipal|municipality|city|urban|administrative)\s+)?"
_NUMBERED = (
    r"(?:police district|security district|municipal district|city district|police zone"
    r"|security zone|pd|p d"
)
# Izafat may be written: 'nahia-e 4', 'ناحیه‌ی ۴'; the security office keeps its word: حوزه امنیتی.
_NUMBERED_MORE = (
    r"|(?:nahia|nahiya|nahya|nahiyah|hawza)(?: [ei])?|precinct|ward|district"
    r"|(?:ناحیه|حوزه|منطقه)(?: ی)?(?:\s+امنیتی)?)"
)
_DISTRICT = (
    r"(?:(?:police |security )?(?:district|nahia|nahiya|pd|p d|precinct)|(?:police|security) zone)"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_NUMBERED}{_NUMBERED_MORE}\s*(?:no|number|nr)?\s*(?P<n>\d{{1,2}})(?!\d)"
        r"(?:\s*(?:st|nd|rd|th))?",
        rf"\b(?P<n>\d{{1,2}})(?:st|nd|rd|th)\s+{_OFFICE}{_DISTRICT}\b",
        rf"\b(?P<word>{_WORDS})\s+{_OFFICE}{_DISTRICT}\b",
        rf"\b(?:ناحیه|حوزه)(?: ی)?(?:\s+امنیتی)?\s+(?P<word>{_WORDS})\b(?:\s+امنیتی\b)?",
        rf"\b(?P<word>{_WORDS})\s+(?:امنیتی\s+)?(?:ناحیه|حوزه)\b",
        rf"\b(?P<word>{_WORDS})\s+(?:امنیتی|پولیسو|پولیس)\s+(?:ناحیه|ناحیی|حوزه|حوزی)\b",
        r"(?<!\d)(?P<n>\d{1,2})\s*(?:مه|می|یمه|ومه)\s+(?:امنیتی\s+)?(?:ناحیه|حوزه)\b",
        rf"\b{_NUMBERED}{_NUMBERED_MORE}\s+(?:no |number )?(?P<word>{_any_of(_COUNTED)})\b",
    )
)
_BEFORE = re.compile(
    rf"(?:\b{_NUMBERED}|nahia|district)\s*(?:no\.?\s*)?\d{{1,2}}"
    rf"|\b(?:\d{{1,2}}(?:st|nd|rd|th)|{_WORDS})\s+{_OFFICE}(?:district|nahia|pd))"
    r"\s+(?:of|in)\s+(?:the\s+)?(?:city\s+of\s+)?$",
    re.I,
)
_BEHIND = re.compile(r"^(?:['’]s)?\s*,?\s*(?P<phrase>(?:PD|[Pp]olice [Dd]istrict)\s*\d{1,2})\b")
# The city whose district it is: "Kabul's fifth police district".
_OWNER = re.compile(r"(?<=\w)['’‘´`]s\b")
# 'ناحیه پنجم شهر کابل', 'د کابل ښار په پنځمه ناحیه کې', in letters as written.
_ARABIC_BEFORE = re.compile(r"(?:ناحیه|ناحيه|حوزه|حوزۀ)\S*(?:\s+[\w\u200c]+){1,3}?\s+(?:شهر\s+)?$")
_ARABIC_BEHIND = re.compile(
    r"^\s+(?:(?:شهر|ښار)\s+)?(?:(?:په|د)\s+)?(?P<phrase>[\w\u200c]+(?:\s+[\w\u200c]+)?\s+(?:ناحیه|ناحيه|ناحیې|حوزه|حوزې))\b"
)
_TAIL_CHARS = 48  # longer than any such phrase


def take_number(text: str) -> tuple[int | None, str]:
    """The number and the text without its phrase; (None, text) when there is none."""
    folded = without_postposition(fold(_OWNER.sub(" ", text)))
    for pattern in _PATTERNS:
        match = pattern.search(folded)
        if match is None:
            continue
        groups = match.groupdict()
        number = int(groups["n"]) if groups.get("n") else NUMBER_OF[groups["word"]]
        if number:
            return number, folded[: match.start()] + " , " + folded[match.end() :]
    return None, text


def number_before(text: str) -> tuple[int | None, int]:
    """The numbered district that ends a text ('… first district of ') and its length."""
    tail = text[-_TAIL_CHARS:]
    match = _BEFORE.search(tail) or _ARABIC_BEFORE.search(tail)
    if not match:
        return None, 0
    return take_number(match.group())[0], len(match.group())


def number_behind(text: str) -> tuple[int | None, int]:
    """The numbered district that begins a text (' PD 4', "'s Police District 12")."""
    match = _BEHIND.match(text) or _ARABIC_BEHIND.match(text)
    if not match:
        return None, 0
    return take_number(match["phrase"])[0], match.end()
