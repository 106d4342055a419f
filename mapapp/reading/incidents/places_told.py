"""Which places of a sentence are those of what happened."""

from __future__ import annotations

from collections.abc import Sequence

from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceWords, holds
from mapapp.reading.words import WORDS

_HOSPITAL = WORDS.set("incidents", "hospital")
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
#: What leads to a place: behind it stands no surname.
_LEADS = WORDS.set("places", "lead") | {"در", "از", "د", "په", "ولایت", "ولسوالی", "شهر"}
#: So many tokens, and none of these, stand between the parts of one address.
_BREATH = 6
_STOPS = frozenset({",", ";", "and", "while", "or", "but", "to", "from", "between", "و", "او", "،"})
#: The last place of a dateline begins here at the latest: "QALA-E-NAW, Badghis —".
_DATELINE = 3
_CLINICS = frozenset({"hospital", "hospitals", "clinic"})
_BETWEEN = frozenset({"the", "city", "of", "capital", "province", "provincial", "nearby"})
#: What stands between the place of a dateline and its dash.
_DATED = WORDS.set("dates", "day_names") | {",", ".", "/", "city", "afghanistan"}


def _moved(before: Sequence[str]) -> bool:
    """ "taken to Kabul", "from the city of Herat"; "rose to ten in Kabul" moves nobody there."""
    for k in range(len(before) - 1, -1, -1):
        if before[k] in _HOSPITAL - _CLINICS:
            return True
        if before[k] not in _BETWEEN:
            return False
    return False


def _of_old_attack(facts: Facts, place: PlaceWords) -> bool:
    """ "the men behind the August 2021 bombing at the airport"."""
    lows = facts.sentence.lows
    return any(
        w.start > 1 and w.end <= place.start and lows[w.start - 2 : w.start] == ("behind", "the")
        for w in facts.dates
    )


def own_places(facts: Facts) -> list[PlaceWords]:
    """Places of what happened: none of speakers, none that the wounded were taken to."""
    rows = []
    lows = facts.sentence.lows
    for place in facts.places:
        if place.start <= _DATELINE and _is_dateline(lows, place.end):
            continue
        if _of_old_attack(facts, place):
            continue
        if (
            lows[place.start].startswith("al-")
            or "named" in lows[max(0, place.start - 3) : place.end]
        ):
            continue  # a man's name
        of_attack = (  # "the Jalalabad raid"
            place.role == "attributive"
            and lows[place.start - 1 : place.start] == ("the",)
            and not _EVENT_NOUNS.isdisjoint(lows[place.end : place.end + 1])
        )
        inside = (place.role != "location" and not of_attack) or any(
            s.voice.start <= place.start < s.voice.end for s in facts.speeches
        )
        before = lows[max(0, place.start - 3) : place.start]
        after = lows[place.end : place.end + 2]
        taken = _moved(before) or not _CLINICS.isdisjoint((*before, *after))
        if inside or (taken and "border" not in lows):
            continue
        if (
            after[:1] in (("'s",),)
            and after[1:2]
            and after[1] in ("governor", "police", "hospital", "spokesman", "council")
        ):
            continue
        rows.append(place)
    home = [p for p in rows if not p.abroad]
    return [p for p in home if not _contradicted(lows, p, home)] or rows


def _contradicted(lows: Sequence[str], place: PlaceWords, rows: Sequence[PlaceWords]) -> bool:
    """ "Herat city's Injil district", "the Imam Zaman mosque in Guzara district of Herat": the
    district that is named behind it, in the same breath, lies elsewhere.
    """
    if not place.start and lows[place.end : place.end + 1] == (":",):  # where it was written
        return any(not (holds(place.place, o.place) or holds(o.place, place.place)) for o in rows)
    for other in rows:
        between = lows[place.end : other.start]
        if other.start <= place.start or len(between) > _BREATH or _STOPS.intersection(between):
            continue
        if holds(place.place, other.place) or holds(other.place, place.place):
            continue
        if "district" in lows[other.end : other.end + 1] or "district" in between[-2:]:
            return True
    return False


def _is_dateline(lows: Sequence[str], end: int) -> bool:
    """ "Taluqan [Afghanistan], January 16 (agency):", "Kabul, 30 April 2024 -"."""
    if lows[end : end + 1] == (":",):
        return False  # a label: "Takhar: …"
    ends = [k for k in range(end, min(end + 14, len(lows))) if lows[k] == ")"]
    if any(lows[k + 1 : k + 2] in ((":",), ("-",), ("—",), ("–",)) for k in ends):
        return True
    k = end
    while k < min(end + 9, len(lows)) and (lows[k] in _DATED or lows[k][0].isdigit()):
        k += 1
    return lows[k : k + 1] in (("-",), ("—",), ("–",))


def _is_surname(lows: Sequence[str], voice: int, place: PlaceWords) -> bool:
    """ "Khalid Zadran, the spokesman of …": a man's name, and a district's."""
    if lows[place.start - 1] in _LEADS or not voice < place.start <= voice + 2:
        return False
    return lows[place.end : place.end + 1] in ((",",), ("،",))


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
        if not p.abroad
        and any(
            s.voice.start <= p.start < s.voice.end and not _is_surname(lows, s.voice.start, p)
            for s in facts.speeches
        )
    ]  # fmt: skip
    return rows


def label_of(facts: Facts) -> list[PlaceWords]:
    """ "Takhar: …" at the head of a paragraph."""
    if facts.sentence.tokens[0].text.isupper():
        return []  # a dateline
    lows = facts.sentence.lows
    return [p for p in facts.places if p.start == 0 and lows[p.end : p.end + 1] == (":",)]
