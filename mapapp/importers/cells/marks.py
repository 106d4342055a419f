"""Cells that hold no value: what programs and people write for nothing, or for not known (→ "").

Two tables, each for its meaning. A *mark* stands for an empty cell in every column: R's NA, SQL's
NULL, a dash. *Not known* is words: they empty a number, a day, a place or a coordinate; in a column
of perpetrators they are a statement of their own (`statements.py`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mapapp.importers.tables.table import Cell, text_of


def words_of(text: str) -> frozenset[str]:
    """The words of a text, each of which is an entry of a table of vocabulary."""
    return frozenset(text.split())


#: Folded by `folded`. "none" in small letters is not here: in a column of numbers it may be 0.
MARKS = words_of(
    "na n/a n.a n.a. n\\a <na> #n/a #na #n/v nan -nan null (null) <null> \\n nil nd n.d. n/d "
    "- -- --- – — ― ‒ ‐ − ~ _ __ . .. ... … ? ?? ??? * ** / // "
    "#null! #value! #ref! #div/0! #name? #num! "
    "s/d k.a. k.a o.a. s.o. s/o n.c. n.c nsp n.s.p. n.s.p н/д н.д. -//- "
    "not_applicable"
) | frozenset(
    (
        "[null, null]", "[null,null]", "[none, none]", "[]", "{}",
        "not applicable", "does not apply", "n / a", "no value", "(blank)", "(empty)", "blank",
        "nicht zutreffend", "keine angabe", "sans objet", "no aplica", "не применимо",
        "غیر قابل اجرا", "قابل اجرا نیست", "خالی", "ندارد", "نلري",
    )
)  # fmt: skip

#: Python's None as it is written into files, to the letter.
_NONE = "None"

NOT_KNOWN = frozenset(
    (
        "unknown", "unk", "unk.", "not known", "n/k", "n.k.", "nk", "unclear", "uncertain",
        "undetermined", "unspecified", "not specified", "not stated", "not reported",
        "not recorded", "not available", "unavailable", "no information", "no info", "no data",
        "no details", "data not available", "information not available", "missing",
        "not yet known", "to be confirmed", "tbc", "tbd", "pending", "undisclosed",
        "not disclosed", "unreported", "unnamed", "unknown location", "unknown place",
        "location unknown", "unknown province", "unknown district", "unknown city",
        "unknown date", "date unknown",
        "unbekannt", "nicht bekannt", "inconnu", "inconnue", "non connu", "pas d'information",
        "desconocido", "desconocida", "sin datos", "sin informacion", "sconosciuto", "onbekend",
        "non precise", "non precisee", "non renseigne", "non renseignee", "non disponible",
        "non communique", "non determine", "pas d'info", "pas d'infos", "ne sait pas",
        "no report", "no reports", "under investigation", "being investigated",
        "en cours d'enquete",
        "неизвестно", "не известно", "неизвестен", "не указано", "не установлено", "уточняется",
        "نه ده معلومه", "معلوم نه ده", "معلومات ندارد", "معلومات نشته", "تحت بررسی", "در حال بررسی",
        "نیست", "нет данных", "bilinmiyor", "noma'lum",
        "نامعلوم", "معلوم نیست", "نا معلوم", "مجهول", "نامشخص", "نا مشخص", "مشخص نیست",
        "مشخص نشده", "معلومات نیست", "معلومات موجود نیست", "بدون معلومات", "غير معروف",
        "غیر معروف", "ناڅرګند", "نه دی معلوم", "نه دي معلوم", "معلوم نه دی", "معلوم نه دي",
        "څرګند نه دي", "ناپېژندل شوی",
    )
)  # fmt: skip

#: One letter each: Arabic ya and kaf and their Pashto forms.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ك": "ک", "ۀ": "ه",
                          "ګ": "گ", "\u200c": " ", "’": "'", "‘": "'", "ʼ": "'"})  # fmt: skip

#: What stands around words without changing them.
_AROUND = re.compile(r"^[\s\"'`\[({]+(?=\w)|(?<=\w)[\s\"'`\])}.]+$")


@lru_cache(maxsize=100_000)
def folded(words: str) -> str:
    """Words as tables of vocabulary compare them: case, accents, like letters, blanks made one."""
    plain = unicodedata.normalize("NFKD", words.translate(_LETTERS).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join(plain.split())


_MARKS = frozenset(map(folded, MARKS))
_NOT_KNOWN = frozenset(map(folded, NOT_KNOWN))
#: The longest words of either table; what is longer need not be looked up.
_LONGEST = max(map(len, (*MARKS, *NOT_KNOWN))) + 4


@lru_cache(maxsize=100_000)
def is_mark(words: str) -> bool:
    """Whether a cell's text, alone in the cell, stands for nothing."""
    words = words.strip()
    return words == _NONE or folded(words) in _MARKS


#: Names of a row that adds up others.
TOTALS = frozenset(
    map(
        folded,
        (
            "total", "totals", "grand total", "sub-total", "subtotal", "sub total", "sum",
            "overall",
            "overall total", "all", "all provinces", "all districts", "all regions", "cumulative",
            "gesamt", "summe", "insgesamt", "ensemble", "total general", "sous-total", "somme",
            "итого", "всего", "итог", "مجموع", "جمله", "جمع", "مجموعه", "جمع کل", "مجموع کل",
            "مجموع کلی", "ټول", "ټولټال", "جمله کل", "الاجمالي", "المجموع",
        ),
    )
)  # fmt: skip


def is_total(cell: Cell) -> bool:
    """Whether a cell's text, alone in it, names a row of sums: "Total", "Total:", "مجموع"."""
    return type(cell) is str and len(cell) < 40 and folded(cell).strip(" :.=*") in TOTALS


@lru_cache(maxsize=100_000)
def is_not_known(words: str) -> bool:
    """Whether a cell's text says that a value is not known: "Unknown", "(no data)", "نامعلوم"."""
    plain = folded(words)
    return plain in _NOT_KNOWN or folded(_AROUND.sub("", plain)) in _NOT_KNOWN


def empty(cell: Cell) -> bool:
    """Whether a cell is a mark for nothing; cheap for what is not."""
    return type(cell) is str and 0 < len(cell) <= _LONGEST and is_mark(cell)


def filled(cell: Cell) -> str:
    """A cell as text, "" where it holds nothing, a mark, or words for not known."""
    words = text_of(cell)
    if not words or len(words) > _LONGEST or words.isdigit():
        return words
    return "" if is_mark(words) or is_not_known(words) else words
