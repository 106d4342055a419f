"""Places that a Dari or Pashto sentence names (tokens → places)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import GeoPrecision
from mapapp.reading.dari_pashto import words
from mapapp.reading.figures import Statement
from mapapp.reading.places import PlaceFinder, PlaceWords
from mapapp.reading.sentences import Sentence

_ABROAD: Final = words.with_meaning("places", "abroad", 1)
#: Behind it stands a common noun: "یک خانقاه" is a lodge, not the district of that name.
_ONE: Final = frozenset({"یک", "یو", "یوه"})
_NAMED_AFTER: Final = words.word_set("places", "named_after")
_BEFORE: Final = words.word_set("places", "before")
_POSSESSIVE: Final = "د"


def places_of(
    finder: PlaceFinder, sentence: Sentence, statements: Sequence[Statement]
) -> tuple[PlaceWords, ...]:
    """Those of the gazetteer, but for words of the people counted ("دو نوزاد" are no Nawzad)
    and for what is named after a place, and those abroad that stand behind a preposition.
    """
    counted = {
        i for s in statements if s.people is not None for i in range(s.people.start, s.people.end)
    }
    abroad = list(_abroad(sentence))
    counted |= {i for p in abroad for i in range(p.start, p.end)}
    named = {i - 1 for i, word in enumerate(sentence.lows) if word in _NAMED_AFTER}
    home = (
        p
        for p in finder.find(sentence)
        if counted.isdisjoint(range(p.start, p.end))
        and p.end - 1 not in named
        and sentence.lows[max(0, p.start - 1)] not in _ONE
    )
    return tuple(sorted([*home, *abroad], key=lambda p: p.start))


def _abroad(sentence: Sentence) -> Iterator[PlaceWords]:
    lows = sentence.lows
    for i in range(1, len(lows)):
        named = _ABROAD.at(lows, i)
        if named is None:
            continue
        before = lows[i - 1]
        behind = lows[i + named[0] : i + named[0] + 1]
        if before in _BEFORE or (before == _POSSESSIVE and behind == ("په",)):
            text = " ".join(t.text for t in sentence.tokens[i : i + named[0]])
            ref = PlaceRef(text=text, geo_precision=GeoPrecision.COUNTRY)
            yield PlaceWords(i, i + named[0], ref, abroad=True, country=named[1])
