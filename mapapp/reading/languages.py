"""The language of a text: English, Dari (fa) or Pashto, by its letters and its commonest words."""

from __future__ import annotations

import re

from mapapp.importers.cells.marks import words_of

ENGLISH, DARI, PASHTO, UNKNOWN = "en", "fa", "ps", "unknown"

#: Other names of them that people give.
ALSO = {"prs": DARI, "pes": DARI, "dari": DARI, "farsi": DARI, "pus": PASHTO, "pbu": PASHTO,
        "pashto": PASHTO, "eng": ENGLISH, "english": ENGLISH}  # fmt: skip

#: So much of a text decides.
_LOOKED_AT = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile("[\u0600-\u06ff]")

#: Words that each language has every few words, and its neighbours do not.
_COMMON = {
    ENGLISH: words_of("the of and in to was were that by said on for with is has been at"),
    DARI: words_of("که در از را است این شده اند های با برای گفت کرد بود شد می و به"),
    PASHTO: words_of("چې په کې د دي دی او له شوي وویل ته نه یې ده کړي سره ووژل پر"),
}
#: Words of neighbours that are not read: a text with as many of them is not ours.
_FOREIGN = words_of(
    "في من على إلى التي الذي هذا أن ہے کے میں کی سے اور ہیں کا نے کو "
    "der die und das ist le les des et est el los que una"
)
#: Letters that only Pashto has.
_PASHTO_LETTERS = re.compile("[ټډړږښځڅڼېۍګ]")
#: Fewest common words among a hundred.
_SHARE = 0.06


def language_of(text: str) -> str:
    """ISO 639-1 code of the language, "unknown" where it is none of the three or too short."""
    words = _WORD.findall(text[:_LOOKED_AT].casefold())
    if not words:
        return UNKNOWN
    arabic = sum(1 for word in words if _ARABIC.match(word))
    candidates = (DARI, PASHTO) if arabic * 2 > len(words) else (ENGLISH,)
    counts = {name: sum(word in _COMMON[name] for word in words) for name in candidates}
    if PASHTO in counts:
        letters = sum(1 for word in words if _PASHTO_LETTERS.search(word))
        counts[PASHTO] += letters
        counts[DARI] -= letters
    best = max(candidates, key=lambda name: counts[name])
    foreign = sum(word in _FOREIGN for word in words)
    if foreign > counts[best] or counts[best] < _SHARE * len(words):
        return UNKNOWN
    return best


def language_of_title(text: str) -> str:
    """ISO 639-1 code of a line that may be too short for `language_of`: then its letters say it,
    "en" where they are Latin.
    """
    if (found := language_of(text)) != UNKNOWN:
        return found
    if not _ARABIC.search(text):
        return ENGLISH
    return PASHTO if _PASHTO_LETTERS.search(text) else DARI


def language_code(words: str) -> str | None:
    """The code that a person's word for a language means, None for another."""
    plain = words.strip().casefold()
    return plain if plain in _COMMON else ALSO.get(plain)
