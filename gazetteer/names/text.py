"""Folds Latin and Arabic-script place words to one comparable form; first step of matching.

Reporters write one name with macrons, apostrophes, hyphenated izafat, Arabic or Persian
letters, zero-width joiners and three kinds of digits. `fold` removes what carries no
difference and keeps what does: digits stay exact.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Arabic-script letters that name the same sound in Dari, Pashto, Urdu and Arabic keyboards.
_ARABIC = {
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "ې": "ی",
    "ۍ": "ی",
    "ے": "ی",
    "ۓ": "ی",
    "ك": "ک",
    "ڪ": "ک",
    "ګ": "گ",
    "ة": "ه",
    "ۀ": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "أ": "ا",
    "إ": "ا",
    "ٱ": "ا",
    "آ": "ا",
    "ؤ": "و",
    "ۇ": "و",
    "ټ": "ت",
    "ٹ": "ت",
    "ډ": "د",
    "ڈ": "د",
    "ړ": "ر",
    "ڑ": "ر",
    "ږ": "ژ",
    "ښ": "ش",
    "ځ": "ز",
    "څ": "س",
    "ڼ": "ن",
    "ں": "ن",
    "ء": "",
    "ـ": "",
    "ٔ": "",
}
# Latin letters that NFKD does not take apart.
_LATIN = {
    "ı": "i",
    "ə": "a",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ß": "ss",
    "æ": "ae",
    "þ": "th",
    "ð": "d",
}
# Marks written for hamza, ayn or the izafat hyphen's apostrophe: no sound of their own here.
_DROPPED = "'’‘`´ʻʼʿʾˈ\u2032\u02bb\u02bc"
_INVISIBLE = "\u200b\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"

_TABLE: dict[int, str | None] = {ord(k): v for k, v in (_ARABIC | _LATIN).items()}
_TABLE.update({ord(c): None for c in _DROPPED + _INVISIBLE})
_TABLE[0x200C] = " "  # the zero-width non-joiner parts two words: دشت‌برچی
for _first in (0x0660, 0x06F0):
    _TABLE.update({_first + n: str(n) for n in range(10)})

_NOT_WORD = re.compile(r"[^0-9a-z\u0600-\u06ff]+")
_ARABIC_LETTER = re.compile(r"[\u0600-\u06ff]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_PLAIN = re.compile(r"[0-9a-z ]*\Z")


@lru_cache(maxsize=32768)
def fold(text: str) -> str:
    """Lower-case words of a–z, 0–9 and unified Arabic letters, parted by single spaces."""
    lowered = text.lower()
    if not _PLAIN.match(lowered):
        lowered = lowered.translate(_TABLE)
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(c for c in decomposed if not unicodedata.combining(c))
        lowered = lowered.translate(_TABLE)
        lowered = _NOT_WORD.sub(" ", lowered)
    return " ".join(lowered.split())


# Pashto's "in", around a name: په اچین ولسوالۍ کې, folded.
_AROUND, _BEHIND = "په", "کی"


def without_postposition(folded: str) -> str:
    """Folded words without Pashto's "په … کې", which is no part of any name."""
    words = folded.split()
    if _AROUND not in words:
        return folded
    return " ".join(word for word in words if word not in (_AROUND, _BEHIND))


def script_of(text: str) -> str:
    """`Arab`, `Latn` or `Zyyy` (no letter of either), as ISO 15924 codes them."""
    if _ARABIC_LETTER.search(text):
        return "Arab"
    return "Latn" if _LATIN_LETTER.search(unicodedata.normalize("NFKC", text)) else "Zyyy"


def slug(text: str) -> str:
    """The readable ASCII form of an English name that place ids are made of."""
    return fold(text).replace(" ", "-")


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set; for the word lists that rules are made of."""
    return frozenset(text.split())
