"""Which of the attacks told before a sentence speaks of, or that it tells of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import AttributionKind, DatePrecision, SpeakerClass
from mapapp.reading.dari_pashto.words import word_set
from mapapp.reading.incidents.dates_told import DatesTold
from mapapp.reading.incidents.incident import Dated, Incident, fits, is_day
from mapapp.reading.incidents.places_told import spoken_places
from mapapp.reading.incidents.sums import is_entry
from mapapp.reading.page import EVENT_WORDS, Facts
from mapapp.reading.places import PlaceWords, holds
from mapapp.reading.words import WORDS

_ANOTHER = WORDS.set("incidents", "another")
#: An attack that lies further back than this, beside a newer one, is told of in passing.
_LONG_AGO = 12
_UNREAL = WORDS.set("casualty", "unreal")
_SITES = WORDS.set("incidents", "sites")
_AREAS = WORDS.set("incidents", "areas")
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")
#: "This attack" in Dari and Pashto.
_THIS = word_set("incidents", "this")
_EVENTS_BESIDE = word_set("incidents", "events")
#: Who speaks of what happened where they are.
_PEOPLE_THERE = frozenset({SpeakerClass.LOCAL_SOURCE, SpeakerClass.WITNESS})
#: So many attacks back one may be meant by its kind; a page of hundreds stays linear.
_LOOKED_BACK = 12
#: Words that say nothing of what kind of attack it was.
_ANY_ATTACK = frozenset({"attack", "attacks", "killing", "killings", "attackers", "attacker"})
_HAPPENED = frozenset({"happened", "took", "occurred", "came"})


def of_the_attack(facts: Facts) -> bool:
    """ "the blast tore through …", "he said the attack happened at …": the one told before."""
    lows = facts.sentence.lows
    if lows[:1] == ("the",) and not _EVENT_NOUNS.isdisjoint(lows[1:3]):
        return True
    if any(
        word in _THIS and not _EVENTS_BESIDE.isdisjoint(lows[k + 1 : k + 2])
        for k, word in enumerate(lows)
    ):
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


class Told(DatesTold):
    """The attacks that a page has told of so far; the current is the one of the sentence before."""

    def __init__(self, published: date | None) -> None:
        super().__init__(published)
        self.incidents: list[Incident] = []
        self._anaphoric = self._indefinite = False

    def _incident(
        self,
        facts: Facts,
        dates: Sequence[Dated],
        places: Sequence[PlaceWords],
        tells: bool,
    ) -> Incident | None:
        """The one that a sentence speaks of: the current, an earlier, or a new one."""
        current = self._current
        lows = facts.sentence.lows
        at_site = self._at_site(facts) or self._of_kind(facts)
        if at_site is not None and not dates and not places:
            return at_site
        if self.incidents and _only_nobody(facts):
            return self._denied_of(dates, places)
        there = None if dates or places else self._of_residents(facts)
        if there is not None:
            return there
        opens = WORDS.another_opens.at(lows, 0) is not None or any(
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
            past = WORDS.in_passing.within(lows) is not None
            new = Incident(facts, past=past, listed=is_entry(facts))
            self.incidents.append(new)
            return new
        return current

    def _denied_of(self, dates: Sequence[Dated], places: Sequence[PlaceWords]) -> Incident:
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

    def _of_residents(self, facts: Facts) -> Incident | None:
        """ "residents of Barmal said three were killed": of the attack there, if one is told."""
        local = any(s.voice.speaker_class in _PEOPLE_THERE for s in facts.speeches)
        whence = spoken_places(facts) if local and facts.statements else []
        if self._current is None or not whence or any(fits(self._current, p) for p in whence):
            return None
        late = reversed(self.incidents[-_LOOKED_BACK:])
        return next((i for i in late if self._shares(i, (), whence)), None)

    def _of_kind(self, facts: Facts) -> Incident | None:
        """ "claimed the bombing", after a shooting: the last attack told of that is one."""
        lows = facts.sentence.lows
        if facts.statements or not facts.ascriptions or self._current is None:
            return None
        kinds = {
            EVENT_WORDS[lows[k]]
            for k in facts.events
            if k and lows[k - 1] == "the" and lows[k] not in _ANY_ATTACK
        }
        late = self.incidents[-_LOOKED_BACK:]
        for other in (self._current, *reversed(late)) if len(kinds) == 1 else ():
            told = {EVENT_WORDS[f.sentence.lows[k]] for f in other.facts for k in f.events}
            if kinds <= told:
                return other
        return None

    def _news(self) -> Incident:
        """The attack told last that is none of another time."""
        return next((i for i in reversed(self.incidents) if not i.past), self.incidents[-1])

    @staticmethod
    def _shares(
        other: Incident,
        dates: Sequence[Dated],
        places: Sequence[PlaceWords],
    ) -> bool:
        own = other.place
        return any(
            own and (holds(own[1].place, p.place) or holds(p.place, own[1].place)) for p in places
        ) or bool(not places and dates and _day_meets(other, dates[0][1]))

    def _conflict(
        self,
        incident: Incident,
        dates: Sequence[Dated],
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

    def _own_dates(self, facts: Facts) -> list[Dated]:
        """The dates of what happened: none of what was said, none of the page."""
        rows: list[Dated] = []
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
        years = [row for row in rows if row[1].precision is DatePrecision.YEAR]
        if years and facts.sentence.lows[years[0][0].start - 1] in ("the", "a"):
            return years  # "survivors of the 2020 attack met on Sunday"
        rows.sort(key=lambda row: (not is_day(row[1]), row[0].interval is None))
        return rows

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
