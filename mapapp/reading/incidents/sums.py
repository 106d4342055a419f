"""Sentences that count attacks together, or tell of other causes than attacks."""

from __future__ import annotations

from mapapp.domain.vocab import DatePrecision
from mapapp.reading.numbers import number_at
from mapapp.reading.page import Facts
from mapapp.reading.words import WORDS

_CRASHES = WORDS.set("incidents", "crashes")
_EXPLOSIVES = WORDS.set("incidents", "explosives")
#: An attack does not last longer.
_SPAN_DAYS = 14
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
_ENTRY_MARKS = frozenset({(":",), ("-",), ("–",), ("—",)})
_LONG_UNITS = frozenset((unit,) for unit in ("months", "years", "weeks", "decades"))
_EVERY = frozenset({"every", "each", "any"})
_COUNTED = WORDS.set("incidents", "counted")


def attack_said(facts: Facts) -> bool:
    """Whether a sentence that names another cause also says that it was an attack."""
    if facts.ascriptions:
        return True
    lows = set(facts.sentence.lows)
    return bool(lows & _CRASHES) and bool(lows & _EXPLOSIVES)


def is_crash(facts: Facts) -> bool:
    """Whether a sentence tells of a collision or the like."""
    return not _CRASHES.isdisjoint(facts.sentence.lows)


def is_mined(facts: Facts) -> bool:
    """Whether a sentence tells of a crash and of explosives: "a mine-caused bus crash"."""
    words = {part for word in facts.sentence.lows for part in word.split("-")}
    return is_crash(facts) and not _EXPLOSIVES.isdisjoint(words)


def counts_attacks(facts: Facts) -> bool:
    """ "74 attacks", "61 operations": what is counted is attacks."""
    lows = facts.sentence.lows
    fine = {(p.place.adm2_pcode, p.place.name) for p in facts.places if p.fineness <= 3}
    most = (
        4 if len(fine) == 1 and (facts.statements or facts.ascriptions) else 2
    )  # "three blasts in the town killed nine"
    for i, word in enumerate(lows):
        if word in _COUNTED and i:
            for k in range(max(0, i - 3), i):
                number = number_at(lows, k)
                several = (number.low or 0) > most or "separate" in lows[k:i] if number else False
                if number and number.end <= i and several:
                    return True
    provinces = {p.place.adm1_pcode for p in facts.places if p.role == "location"}
    several = len(provinces) > 2 and (bool(_COUNTED & set(lows)) or _one_figure_before(facts))
    if several or is_span(facts) or is_habit(facts) or is_long(facts):
        return True
    only_years = facts.dates and all(
        w.interval is not None and w.interval.precision is DatePrecision.YEAR for w in facts.dates
    )
    return bool(only_years) and all(p.abroad or p.role != "location" for p in facts.places)


def _one_figure_before(facts: Facts) -> bool:
    """ "34 were killed in operations in A, B and C": one figure, and the places behind it."""
    whole = [s for s in facts.statements if not s.subset]
    places = [p for p in facts.places if p.role == "location"]
    return len({s.measure for s in whole}) == len(whole) > 0 and all(
        s.end <= p.start for s in whole for p in places
    )


def is_entry(facts: Facts) -> bool:
    """ "8 March 2017: gunmen stormed …": a line that begins with its day and tells of an attack."""
    day = facts.dates[0] if facts.dates else None
    if day is None or day.start or day.interval is None:
        return False
    mark = facts.sentence.lows[day.end : day.end + 1]
    return mark in _ENTRY_MARKS and bool(facts.events or facts.statements)


def is_long(facts: Facts) -> bool:
    """ "in the past 12 months", "over the last three years": more than one attack's time."""
    lows = facts.sentence.lows
    for i in range(len(lows) - 2):
        number = number_at(lows, i + 1) if lows[i] in ("past", "last") else None
        if number is not None and lows[number.end : number.end + 1] in _LONG_UNITS:
            return True
    return False


def is_habit(facts: Facts) -> bool:
    """ "every bombing in Kabul", "whenever a mosque is attacked": no attack of its own."""
    lows = facts.sentence.lows
    if "whenever" in lows[:6]:
        return True
    return any(
        word in _EVERY and not _EVENT_NOUNS.isdisjoint(lows[k + 1 : k + 3])
        for k, word in enumerate(lows)
    )


def spread_attacks(facts: Facts) -> bool:
    """ "four blasts in Kabul and Mazar killed 14": attacks counted over several provinces."""
    provinces = {p.place.adm1_pcode for p in facts.places if p.role == "location" and not p.abroad}
    return len(provinces) > 1 and counts_attacks(facts) and not facts.ascriptions


def is_span(facts: Facts) -> bool:
    """ "between 15 August 2021 and 30 May 2023": a time of more than two weeks."""
    days = [w.interval for w in facts.dates if w.interval is not None]
    known = [i.earliest for i in days if i.earliest is not None]
    long = len(known) > 1 and (max(known) - min(known)).days > _SPAN_DAYS
    return long and not {"between", "from"}.isdisjoint(facts.sentence.lows)


def placeless_sum(facts: Facts) -> bool:
    """ "A day of attacks left three dead": attacks, a figure, and no place."""
    placed = any(p.role == "location" for p in facts.places)
    attacks = bool(_COUNTED & set(facts.sentence.lows))
    return attacks and not placed and bool(facts.statements) and not facts.ascriptions


def finely_placed(facts: Facts) -> bool:
    """Whether a sentence names a district or less: it tells of one attack again."""
    return any(
        p.role == "location" and not p.abroad and p.fineness <= 3
        and p.place.name != p.place.adm1_name
        for p in facts.places
    )  # fmt: skip
