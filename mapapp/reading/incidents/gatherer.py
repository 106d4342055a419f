"""Which facts belong to which attack: sentences gather round incidents (facts → incidents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import AttributionKind, DatePrecision
from mapapp.reading.dates import DateWords
from mapapp.reading.figures import Statement
from mapapp.reading.incidents.dates_told import DatesTold
from mapapp.reading.incidents.incident import SAID_ON, Incident, fits, is_day
from mapapp.reading.incidents.parts import parts
from mapapp.reading.incidents.places_told import label_of, own_places, spoken_places
from mapapp.reading.incidents.sums import (
    attack_said,
    counts_attacks,
    finely_placed,
    is_entry,
    is_crash,
    is_mined,
    is_span,
    placeless_sum,
    spread_attacks,
)
from mapapp.reading.page import Facts
from mapapp.reading.places import PlaceWords, holds
from mapapp.reading.words import WORDS

_ANOTHER = WORDS.set("incidents", "another")
_NEXT = (("separately",), ("in", "a", "separate"), ("in", "another"), ("in", "a", "second"),
         ("in", "a", "different"), ("elsewhere",),
    ("later", "on"),
    ("later", "in"), ("before", "that"), ("before", "this"), ("in", "a", "similar"),
         ("in", "a", "third"), ("a", "further"), ("earlier",), ("also", "on"), ("days", "earlier"),
         ("hours", "earlier"),
         ("weeks", "earlier"))  # fmt: skip
_PAST = (
    ("in", "the", "past"), ("previously",), ("last", "month"), ("last", "year"), ("last", "week"),
    ("weeks", "ago"), ("months", "ago"), ("in", "recent"),
    ("anniversary",), ("earlier", ",", "on"), ("earlier", ",", "in"), ("earlier", "this", "month"), ("earlier", "this", "year"), ("earlier", "this", "week"),
    ("a", "similar"), ("days", "earlier"), ("weeks", "earlier"),
)  # fmt: skip
#: An attack that lies further back than this, beside a newer one, is told of in passing.
_LONG_AGO = 12
_UNREAL = WORDS.set("casualty", "unreal")
_SITES = WORDS.set("incidents", "sites")
_AREAS = WORDS.set("incidents", "areas")
_COUNTED = WORDS.set("incidents", "counted")
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
_ATTACKERS = WORDS.set("people", "attackers")
#: As fine as a district.
_DISTRICT = 3
_CAME = frozenset({"came", "comes"})
_HAPPENED = frozenset({"happened", "took", "occurred", "came"})


def _of_the_attack(facts: Facts) -> bool:
    """ "the blast tore through …", "he said the attack happened at …": the one told before."""
    lows = facts.sentence.lows
    if lows[:1] == ("the",) and not _EVENT_NOUNS.isdisjoint(lows[1:3]):
        return True
    return any(
        word in ("the", "this")
        and not _EVENT_NOUNS.isdisjoint(lows[k + 1 : k + 3])
        and not _HAPPENED.isdisjoint(lows[k + 2 : k + 7])
        for k, word in enumerate(lows)
    )


def _only_nobody(facts: Facts) -> bool:
    """ "no one has claimed responsibility for today's blasts", and no more."""
    return (
        bool(facts.ascriptions)
        and not facts.statements
        and all(
            a.kind is AttributionKind.UNCLAIMED and a.rule != "unknown-men"
            for a in facts.ascriptions
        )
    )


def _day_meets(incident: Incident, day: DateInterval) -> bool:
    """Whether a day can be that of an incident whose own is told, or the day of its first words."""
    own = incident.day[2] if incident.day else None
    if own is None or not (own.earliest and own.latest and day.earliest and day.latest):
        return incident.interval is not None
    return day.earliest <= own.latest and own.earliest <= day.latest


class Gatherer(DatesTold):
    """Goes through the sentences of a page and gathers incidents."""

    def __init__(self, published: date | None) -> None:
        super().__init__(published)
        self.incidents: list[Incident] = []
        self.together: list[tuple[Facts, Statement]] = []  # figures of several attacks
        self._paragraph = self._begins = -1  # the paragraph, and its first sentence
        self._sums = self._anaphoric = self._indefinite = False
        self._lead: tuple[Facts, list[tuple[DateWords, DateInterval]]] | None = None
        self._set: tuple[Facts, list[tuple[DateWords, DateInterval]], list[PlaceWords]] | None = (
            None
        )
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
            caused = (caused or another) and not attack_said(facts)
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
            if caused or self._sums:
                continue
            for part in parts(facts):
                self._take(part, label)
        if self._lead is not None:
            for incident in self.incidents:
                if not incident.dates and not incident.past:
                    incident.dates += [(self._lead[0], *row) for row in self._lead[1]]
        return self.incidents

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
            self._opens_story(facts)
        lows = facts.sentence.lows
        self._anaphoric = _of_the_attack(facts) and not facts.part
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

    def _of_another(
        self, facts: Facts, dates: Sequence[tuple[DateWords, DateInterval]]
    ) -> int | None:
        """ "the blast happened at the funeral of a governor who was killed on Tuesday": where the
        words on the other attack begin. It gets its own, told in passing.
        """
        lows = facts.sentence.lows
        current = self._current
        who = next((k for k in range(len(lows) - 1, 0, -1) if lows[k] == "who"), 0)
        if not who or current is None or not self._anaphoric:
            return None
        behind = [row for row in dates if row[0].start > who]
        mine = [s for s in facts.statements if s.predicate.start > who]
        if not behind or not mine or not self._conflict(current, behind, ()):
            return None
        other = Incident(facts, past=True, facts=[facts])
        other.dates += [(facts, *row) for row in behind]
        other.statements += [(facts, s) for s in mine]
        self.incidents.append(other)
        return who

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
        """Whether a sentence can be of the attack told before: close to it, no day or place."""
        if self._current is None or not self._current.facts or facts.dates or own_places(facts):
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
        if facts.sentence.number == self._begins and days and places and self._current:
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
        if site or attackers or "scene" in lows[1:3] or _of_the_attack(facts):
            for place in own_places(facts):
                if fits(current, place):
                    current.places.append((facts, place))
            current.dates += [(facts, *row) for row in self._own_dates(facts)]

    def _same_place(self, facts: Facts) -> list[PlaceWords]:
        """ "in the same city", "a further blast hit the city": that of the attack before."""
        lows = facts.sentence.lows
        further = not facts.places and not {"further", "second", "another"}.isdisjoint(lows[:4])
        for i, word in enumerate(lows[:-1]):
            if word != "same" and not (word == "the" and further):
                continue
            if lows[i + 1] not in _AREAS:
                continue
            known = [p for p in (n.place for n in reversed(self.incidents)) if p is not None]
            named = next((p for p in facts.places if p.start == i + 3), None)
            if named is not None and lows[i + 2] == "of":  # "the same district of Ghazni"
                known = [p for p in known if holds(named.place, p[1].place)]
            if known:
                finest = min(known, key=lambda p: p[1].fineness)
                if lows[i + 1] in ("province", "district", "city", "town"):
                    finest = known[0]
                return [replace(finest[1], start=i, end=i + 2)]
        return []

    def _tells(self, facts: Facts) -> bool:
        """Whether a sentence tells that an attack took place."""
        if not facts.events or facts.plan:
            return False
        for i in facts.events:
            before = facts.sentence.tokens[max(0, i - 6) : i]
            around = [t.low for t in before if t.text != "May"]  # the month
            if not any(
                w in _UNREAL or w in ("no", "not", "n't", "future", "any", "more") for w in around
            ):
                return True
        return False

    def _incident(
        self,
        facts: Facts,
        dates: Sequence[tuple[DateWords, DateInterval]],
        places: Sequence[PlaceWords],
        tells: bool,
    ) -> Incident | None:
        """The one that a sentence speaks of: the current, an earlier, or a new one."""
        current = self._current
        lows = facts.sentence.lows
        if self.incidents and _only_nobody(facts):
            return self._denied_of(dates, places)
        at_site = self._at_site(facts)
        if at_site is not None and not dates and not places:
            return at_site
        opens = any(lows[: len(w)] == w for w in _NEXT) or any(
            lows[k] in _ANOTHER
            and any(lows[j] in _EVENT_NOUNS for j in range(k + 1, min(k + 4, len(lows))))
            for k in range(min(12, len(lows)))
        )
        speaks = tells or (bool(facts.ascriptions) and bool(places))
        if current is None or (speaks and (opens or self._conflict(current, dates, places))):
            if not opens:
                for other in reversed(self.incidents):
                    if (
                        other is not current
                        and (dates or places)
                        and not self._conflict(other, dates, places)
                        and self._shares(other, dates, places)
                    ):
                        return other
            if current is None and not tells and not places and not dates:
                return self.incidents[-1] if self.incidents else None
            if not tells or not (places or dates or facts.statements or facts.ascriptions):
                return current
            new = Incident(
                facts,
                past=any(lows[k : k + len(w)] == w for w in _PAST for k in range(len(lows))),
                listed=is_entry(facts),
            )
            self.incidents.append(new)
            return new
        return current

    def _denied_of(
        self, dates: Sequence[tuple[DateWords, DateInterval]], places: Sequence[PlaceWords]
    ) -> Incident:
        """The attack that nobody has claimed: of that day or place, else the news of the page."""
        rows = list(reversed(self.incidents))
        same = (i for i in rows if dates and _day_meets(i, dates[0][1]))
        there = (i for i in rows if places and self._shares(i, (), places))
        return next(same, None) or next(there, None) or self._news()

    def _at_site(self, facts: Facts) -> Incident | None:
        """ "in the mosque explosion": the attack told before that names a mosque."""
        lows = facts.sentence.lows
        for k in range(1, len(lows) - 1):
            if lows[k] in _SITES and lows[k - 1] == "the" and lows[k + 1] in _EVENT_NOUNS:
                for other in (self._current, *reversed(self.incidents)):
                    if other and any(lows[k] in f.sentence.lows for f in other.facts):
                        return other
        return None

    def _news(self) -> Incident:
        """The attack told last that is none of another time."""
        return next((i for i in reversed(self.incidents) if not i.past), self.incidents[-1])

    @staticmethod
    def _shares(
        other: Incident,
        dates: Sequence[tuple[DateWords, DateInterval]],
        places: Sequence[PlaceWords],
    ) -> bool:
        own = other.place
        return any(
            own and (holds(own[1].place, p.place) or holds(p.place, own[1].place)) for p in places
        ) or bool(not places and dates and _day_meets(other, dates[0][1]))

    def _conflict(
        self,
        incident: Incident,
        dates: Sequence[tuple[DateWords, DateInterval]],
        places: Sequence[PlaceWords],
    ) -> bool:
        interval = incident.interval
        if interval is not None and dates:
            mine = dates[0][1]
            if (
                mine.earliest
                and mine.latest
                and interval.earliest
                and interval.latest
                and (mine.latest < interval.earliest or mine.earliest > interval.latest)
            ):
                return True
        if (
            interval is None
            and dates
            and incident.statements
            and dates[0][1].latest
            and self._published
            and (dates[0][0].past and dates[0][1].latest < self._published - timedelta(_LONG_AGO))
        ):
            return True
        claimed = any(a.kind is AttributionKind.CLAIMED for _, a in incident.ascriptions)
        if interval is None and dates and claimed and self._indefinite:
            return True
        if self._anaphoric:
            return False  # "the blast took place in …": of the attack told before
        return bool(incident.places) and bool(places) and not any(fits(incident, p) for p in places)

    def _own_dates(self, facts: Facts) -> list[tuple[DateWords, DateInterval]]:
        """The dates of what happened: none of what was said, none of the page."""
        rows: list[tuple[DateWords, DateInterval]] = []
        for words in facts.dates:
            if self._of_speech(facts, words) or self._of_page(facts, words):
                continue
            if self._of_rule(facts, words) or self._of_toll(facts, words):
                continue
            if self._of_speaker(facts, words):
                continue
            if words.interval is not None:
                rows.append((words, words.interval))
            elif words.shift is not None:
                linked = self._linked(words, facts)
                if linked is not None:
                    rows.append((words, linked))
        rows.sort(key=lambda row: (not is_day(row[1]), row[0].interval is None))
        return rows
