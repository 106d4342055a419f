"""Which places of a sentence are those of what happened."""

from __future__ import annotations

from collections.abc import Sequence

from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceWords
from mapapp.reading.words import WORDS

_HOSPITAL = WORDS.set("incidents", "hospital")


def own_places(facts: Facts) -> list[PlaceWords]:
    """Places of what happened: none of speakers, none that the wounded were taken to."""
    rows = []
    lows = facts.sentence.lows
    for place in facts.places:
        if place.start == 0 and _is_dateline(lows, place.end):
            continue
        inside = place.role != "location" or any(
            s.voice.start <= place.start < s.voice.end for s in facts.speeches
        )
        before = lows[max(0, place.start - 3) : place.start]
        after = lows[place.end : place.end + 2]
        if inside or (any(w in _HOSPITAL for w in (*before, *after)) and "border" not in lows):
            continue
        if (
            after[:1] in (("'s",),)
            and after[1:2]
            and after[1] in ("governor", "police", "hospital", "spokesman", "council")
        ):
            continue
        rows.append(place)
    home = [p for p in rows if not p.abroad]
    return home or rows


def _is_dateline(lows: Sequence[str], end: int) -> bool:
    """ "Taluqan [Afghanistan], January 16 (agency):"."""
    if lows[end : end + 1] == (":",):
        return False  # a label: "Takhar: …"
    ends = [k for k in range(end, min(end + 14, len(lows))) if lows[k] == ")"]
    return any(lows[k + 1 : k + 2] in ((":",), ("-",), ("—",), ("–",)) for k in ends)


def spoken_places(facts: Facts) -> list[PlaceWords]:
    """Where those are from who speak ("the Farah police chief"), if no more is said."""
    lows = facts.sentence.lows
    rows = [
        p for p in facts.places
        if not p.abroad
        and (p.role == "attributive" or _HOSPITAL & set(lows[max(0, p.start - 3) : p.start]))
    ]  # fmt: skip
    rows += [
        p for p in facts.places
        if not p.abroad and any(s.voice.start <= p.start < s.voice.end for s in facts.speeches)
    ]  # fmt: skip
    return rows


def label_of(facts: Facts) -> list[PlaceWords]:
    """ "Takhar: …" at the head of a paragraph."""
    if facts.sentence.tokens[0].text.isupper():
        return []  # a dateline
    lows = facts.sentence.lows
    return [p for p in facts.places if p.start == 0 and lows[p.end : p.end + 1] == (":",)]
