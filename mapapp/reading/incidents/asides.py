"""Attacks that a sentence on another tells of beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapapp.domain.dates import DateInterval
from mapapp.reading.incidents.incident import Dated, Incident, is_day
from mapapp.reading.incidents.places_told import own_places
from mapapp.reading.incidents.told import Told
from mapapp.reading.page import Facts

_CAME = frozenset({"came", "comes"})


def _before(one: DateInterval, other: DateInterval) -> bool:
    """Whether its days lie before the other's."""
    return bool(one.latest and other.earliest and one.latest < other.earliest)


class Asides(Told):
    """Takes what a sentence says of an attack in passing."""

    def _came_after(self, facts: Facts) -> bool:
        """ "The attack came two days after the governor was killed": all of it is of the other."""
        lows = facts.sentence.lows
        came = next((k for k in range(1, min(6, len(lows))) if lows[k] in _CAME), 0)
        after = next((k for k in range(came + 1, min(came + 8, len(lows))) if came and
                      lows[k] == "after"), 0)  # fmt: skip
        if not after or self._current is None or lows[0] not in ("the", "it", "this"):
            return False
        if any(s.predicate.start < after for s in facts.statements):
            return False
        if not facts.statements and not facts.ascriptions:
            return True
        other = Incident(facts, past=True, facts=[facts])
        for words, interval in self._own_dates(facts):
            if words.start > after:
                other.dates.append((facts, words, interval))
        for words in facts.dates if not other.dates else ():
            if words.shift is not None and words.end == after + 1:
                back = replace(words, shift=(-words.shift[1], -words.shift[0]))
                linked = self._linked(back, facts)
                other.dates += [(facts, words, linked)] if linked is not None else []
        other.places += [(facts, p) for p in own_places(facts) if p.start > after]
        other.statements += [(facts, s) for s in facts.statements]
        other.ascriptions += [(facts, a) for a in facts.ascriptions]
        self.incidents.append(other)
        return True

    def _of_another(self, facts: Facts, dates: Sequence[Dated]) -> int | None:
        """ "the blast happened at the funeral of a governor who was killed on Tuesday": where the
        words on the other attack begin. It gets its own, told in passing.
        """
        lows = facts.sentence.lows
        who = next((k for k in range(len(lows) - 1, 0, -1) if lows[k] == "who"), 0)
        behind = [row for row in dates if row[0].start > who] if who else []
        mine = [s for s in facts.statements if s.predicate.start > who]
        if not behind or not mine:
            return None
        own = next((interval for words, interval in dates if words.start < who), None)
        if own is not None and is_day(own):
            if not _before(behind[0][1], own):
                return None
        elif (
            not self._current
            or not self._anaphoric
            or not self._conflict(self._current, behind, ())
        ):
            return None
        other = Incident(facts, past=True, facts=[facts])
        other.dates += [(facts, *row) for row in behind]
        other.statements += [(facts, s) for s in mine]
        self.incidents.append(other)
        return who
