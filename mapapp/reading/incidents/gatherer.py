"""Which facts belong to which attack: sentences gather round incidents (facts → incidents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import AttributionKind, DatePrecision
from mapapp.reading.dates import DateWords
from mapapp.reading.figures import Statement
from mapapp.reading.incidents.asides import Asides
from mapapp.reading.incidents.incident import SAID_ON, Dated, Incident, fits, is_day
from mapapp.reading.incidents.parts import parts
from mapapp.reading.incidents.places_told import label_of, own_places, spoken_places
from mapapp.reading.incidents.sums import (
    attack_said,
    counts_attacks,
    finely_placed,
    is_crash,
    is_entry,
    is_mined,
    is_span,
    placeless_sum,
    spread_attacks,
)
from mapapp.reading.incidents.told import of_the_attack
from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceWords, holds
from mapapp.reading.words import WORDS

_SITES = WORDS.set("incidents", "sites")
_COUNTED = WORDS.set("incidents", "counted")
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
_ATTACKERS = WORDS.set("people", "attackers")
#: As fine as a district.
_DISTRICT = 3


class Gatherer(Asides):
    """Goes through the sentences of a page and gathers incidents."""

    def __init__(self, published: date | None) -> None:
        super().__init__(published)
        self.together: list[tuple[Facts, Statement]] = []  # figures of several attacks
        self._paragraph = self._begins = -1  # the paragraph, and its first sentence
        self._sums = False
        self._lead: tuple[Facts, list[Dated]] | None = None
        self._set: tuple[Facts, list[Dated], list[PlaceWords]] | None = None
        self.title: Facts | None = None

    def gather(self, rows: Sequence[Facts]) -> list[Incident]:
        """The incidents of a page in the order in which it tells of them."""
        caused = titled = False
        mined = any(is_mined(facts) for facts in rows)
        label: list[PlaceWords] = []
        for facts, before in zip(rows, (None, *rows), strict=False):
            self._name_day(before)
            new_paragraph = facts.sentence.paragraph != self._paragraph
            self._paragraph = facts.sentence.paragraph
            if facts.sentence.heading and facts.sentence.paragraph == 0:
                self.title = facts
                titled = facts.cause and not (mined and is_crash(facts))
                continue
            listed = is_entry(facts)
            if facts.furniture or (facts.sentence.heading and not listed):
                continue
            if new_paragraph:
                self._begins = facts.sentence.number
                caused = titled
                self._sums = self._sums and not self.incidents  # the page is about a sum
                label = label_of(facts)
                if label or listed:
                    self._current = None
            another = facts.cause and not attack_said(facts) and not (mined and is_crash(facts))
            if (
                another
                and self._current is not None
                and (not facts.statements or self._current.ascriptions)
                and self._near(facts)
            ):
                self._current.doubted.append(facts)
                if not facts.statements:
                    continue
                another = False
            caused = (caused or another) and not (attack_said(facts) or self._turns(facts))
            if self._is_sum(facts) or caused:
                continue
            for part in parts(facts):
                self._take(part, label)
        if self._lead is not None:
            for incident in self.incidents:
                if not incident.dates and not incident.past:
                    incident.dates += [(self._lead[0], *row) for row in self._lead[1]]
        return self.incidents

    def _turns(self, facts: Facts) -> bool:
        """Whether a paragraph on accidents or the like turns to an attack elsewhere."""
        attack = any(f in _ATTACKERS for f in facts.sentence.lows) and self._tells(facts)
        return attack and not facts.cause and bool(facts.statements) and finely_placed(facts)

    def _is_sum(self, facts: Facts) -> bool:
        """Whether a sentence counts attacks together, or goes on to."""
        lead = self._current is None and placeless_sum(facts)
        sums = facts.period or counts_attacks(facts) or lead
        dated = any(
            words.interval is not None and is_day(interval)
            for words, interval in self._own_dates(facts)
        )
        spread = lead or is_span(facts) or spread_attacks(facts)
        self._sums = (sums and (not dated or spread)) or (
            self._sums and not dated and not finely_placed(facts)
        )
        if self._sums and dated:
            self._lead = (facts, self._own_dates(facts))
        if self._sums and self.title is not None and not self.incidents:
            self.title = replace(self.title, statements=())  # it gives the sum
        return self._sums

    def _name_day(self, facts: Facts | None) -> None:
        days = [w.interval for w in facts.dates if w.interval] if facts else []
        if facts and days and days[-1].precision is DatePrecision.DAY:
            self._named = (facts.sentence.paragraph, days[-1])

    def _take(self, facts: Facts, label: Sequence[PlaceWords]) -> None:
        statements = list(facts.statements)
        if facts.over_several:
            self.together += [(facts, s) for s in statements]
            statements = []
        deed = any(row.rule == "deed" for row in facts.ascriptions)
        event = self._tells(facts) or (deed and bool(facts.dates) and bool(facts.places))
        if self._came_after(facts):
            return
        if not statements and not facts.ascriptions:
            if not event:
                self._place_of_target(facts)
                self._scene(facts)
                return
            if not self.incidents and counts_attacks(facts) and not own_places(facts):
                self._scene(facts)  # "three attacks shook the country on Sunday"
                return
            self._opens_story(facts)
        lows = facts.sentence.lows
        self._anaphoric = of_the_attack(facts) and not facts.part
        self._indefinite = bool(facts.ascriptions) and any(
            word in ("a", "an") and not _EVENT_NOUNS.isdisjoint(lows[k + 1 : k + 4])
            for k, word in enumerate(lows)
        )
        dates = [] if self._told_again(facts) else self._own_dates(facts)
        inner = self._of_another(facts, dates)
        if inner is not None:
            dates = [row for row in dates if row[0].start < inner]
            statements = [s for s in statements if s.predicate.start < inner]
        places = self._same_place(facts) or own_places(facts) or list(label)
        incident = self._incident(facts, dates, places, bool(statements) or event)
        if incident is None:
            self._scene(facts)
            return
        if (
            incident is not self._current
            and self._set is not None
            and self._set[0].number >= facts.number - 3
        ):
            scene, when, where = self._set
            if not dates and not incident.dates:
                incident.dates += [(scene, words, interval) for words, interval in when]
            finer = any(holds(p.place, w.place) for p in places for w in where)
            if (not places or finer) and not incident.places:
                incident.places += [(scene, place) for place in where]
        self._set = None
        incident.facts.append(facts)
        incident.fallbacks += [(facts, p) for p in spoken_places(facts)]
        if statements and not incident.said_on:
            incident.said_on = self._said_on(facts)
        if event or statements:
            for words, interval in dates:
                incident.dates.append((facts, words, interval))
            fresh = not incident.places
            for place in places:
                if fresh or fits(incident, place):
                    incident.places.append((facts, place))
            if fresh and len({p.place.adm1_pcode for p in places if not p.abroad}) > 1:
                incident.several = True
        incident.statements += [(facts, s) for s in statements]
        incident.ascriptions += [(facts, a) for a in facts.ascriptions]
        self._for_all(facts)
        self._current = incident

    def _said_on(self, facts: Facts) -> list[tuple[Facts, DateWords, DateInterval]]:
        """ "an official said on Tuesday": the attack lies on that day or shortly before."""
        for words in facts.dates:
            day = words.interval.earliest if words.interval else None
            if day is None or not self._of_speech(facts, words) or self._of_page(facts, words):
                continue
            if words.interval is None or words.interval.precision is not DatePrecision.DAY:
                continue
            interval = DateInterval(
                day - timedelta(1), day, DatePrecision.DAYS, words.interval.text, SAID_ON
            )
            return [(facts, words, interval)]
        return []

    def _for_all(self, facts: Facts) -> None:
        """ "claimed responsibility for both attacks": for those told before, too."""
        lows = facts.sentence.lows
        both = any(
            w in ("both", "all") and not _COUNTED.isdisjoint(lows[k + 1 : k + 4])
            for k, w in enumerate(lows)
        )
        for row in facts.ascriptions if both else ():
            if row.kind is AttributionKind.CLAIMED:
                for other in self.incidents:
                    if not any(f is facts for f, _ in other.ascriptions) and not other.past:
                        other.ascriptions.append((facts, row))

    def _told_again(self, facts: Facts) -> bool:
        """ "claimed responsibility for the shooting on Sunday": of the attack told before."""
        if self._current is not None and any(s.rule == "toll" for s in facts.statements):
            return not facts.events
        if self._current is None or facts.statements or not facts.ascriptions or facts.places:
            return False
        lows = facts.sentence.lows
        return any(
            word in ("the", "this", "that") and not _EVENT_NOUNS.isdisjoint(lows[k + 1 : k + 3])
            for k, word in enumerate(lows)
        )

    def _near(self, facts: Facts) -> bool:
        """Whether a sentence can be of the attack told before: close to it, no other place."""
        if self._current is None or not self._current.facts or facts.dates:
            return False
        if not all(fits(self._current, place) for place in own_places(facts)):
            return False
        told = self._current.facts[-1].sentence.paragraph
        return facts.sentence.paragraph <= told + 1

    def _scene(self, facts: Facts) -> None:
        """Keep day and place of a sentence that sets the scene for the attack told next."""
        dates, places = self._own_dates(facts), own_places(facts)
        if self._current is None and (dates or places):
            self._set = (facts, dates, places)
        days = [row for row in dates if is_day(row[1])]
        if not self.incidents and days and not _COUNTED.isdisjoint(facts.sentence.lows):
            self._lead = (facts, days)

    def _opens_story(self, facts: Facts) -> None:
        """A paragraph that begins with an attack of another day and place tells of another."""
        dates, places = self._own_dates(facts), own_places(facts)
        days = [row for row in dates if is_day(row[1])]
        begins = facts.sentence.number == self._begins and not of_the_attack(facts)
        if begins and days and places and self._current:
            fine = all(p.fineness <= _DISTRICT for p in places)
            if fine and not any(fits(self._current, p) for p in places):
                self._current = None
                self._set = (facts, dates, places)

    def _place_of_target(self, facts: Facts) -> None:
        """ "The restaurant is in the Shahr-e Naw area": where the attack was, told afterwards."""
        lows, current = facts.sentence.lows, self._current
        if current is None or not (facts.places or facts.dates):
            return
        told = {w for f in current.facts for w in f.sentence.lows}
        site = lows[0] == "the" and any(w in _SITES and w in told for w in lows[1:5])
        attackers = not current.dates and lows[0] == "the" and lows[1] in _ATTACKERS
        if site or attackers or "scene" in lows[1:3] or of_the_attack(facts):
            for place in own_places(facts):
                if fits(current, place):
                    current.places.append((facts, place))
            current.dates += [(facts, *row) for row in self._own_dates(facts)]
