"""Which facts belong to which attack: sentences gather round incidents (facts → incidents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.reading.attributions import Ascription
from mapapp.reading.dates import DateWords
from mapapp.reading.figures import Statement
from mapapp.reading.page import EVENT_WORDS, Facts
from mapapp.reading.places import PlaceWords, holds
from mapapp.reading.words import WORDS

_TAIL_OF_SPEECH = frozenset(
    [
        "on",
        "in",
        "a",
        "the",
        "an",
        "statement",
        "late",
        "early",
        "by",
        "phone",
        "telephone",
        "reporters",
        "media",
        "via",
        "interview",
        "twitter",
        "x",
        "post",
        "message",
        "told",
        "that",
        ",",
        "his",
        "its",
        "their",
        "released",
        "issued",
    ]
)
_ANOTHER = frozenset(["another", "second", "separate", "third", "fourth", "other", "similar"])
_NEXT = (("separately",), ("in", "a", "separate"), ("in", "another"), ("in", "a", "second"),
         ("in", "a", "different"), ("elsewhere",), ("in", "a", "similar"), ("another",),
         ("in", "a", "third"), ("earlier",), ("also", "on"))  # fmt: skip
_PAST = (("in", "the", "past"), ("previously",), ("last", "month"), ("last", "year"), ("in", "recent"),
         ("earlier", "this", "month"), ("earlier", "this", "year"), ("earlier", "this", "week"))  # fmt: skip
_HOSPITAL = frozenset(["hospital", "hospitals", "clinic", "to", "from", "toward", "towards"])
#: An attack that lies further back than this, beside a newer one, is told of in passing.
_LONG_AGO = 12
_YEARS_AGO = 300


@dataclass
class Incident:
    """What has been gathered of one attack; places and dates with the sentence they stand in."""

    first: Facts
    facts: list[Facts] = field(default_factory=list)
    places: list[tuple[Facts, PlaceWords]] = field(default_factory=list)
    dates: list[tuple[Facts, DateWords, DateInterval]] = field(default_factory=list)
    statements: list[tuple[Facts, Statement]] = field(default_factory=list)
    ascriptions: list[tuple[Facts, Ascription]] = field(default_factory=list)
    past: bool = False

    @property
    def place(self) -> tuple[Facts, PlaceWords] | None:
        """The finest place that the others hold."""
        if not self.places:
            return None
        best = self.places[0]
        for row in self.places[1:]:
            finer = row[1].fineness < best[1].fineness
            if finer and (holds(best[1].place, row[1].place) or best[1].abroad):
                best = row
        return best

    @property
    def interval(self) -> DateInterval | None:
        """The first date that says most."""
        known = [row[2] for row in self.dates if row[2].earliest is not None]
        days = [i for i in known if i.precision in (DatePrecision.DAY, DatePrecision.DAYS)]
        return (days or known or [None])[0]  # type: ignore[list-item]


class Gatherer:
    """Goes through the sentences of a page and gathers incidents."""

    def __init__(self, published: date | None) -> None:
        self._published = published
        self.incidents: list[Incident] = []
        self._current: Incident | None = None
        self._paragraph = -1
        self.title: Facts | None = None

    def gather(self, rows: Sequence[Facts]) -> list[Incident]:
        """The incidents of a page in the order in which it tells of them."""
        caused = False
        label: list[PlaceWords] = []
        for facts in rows:
            new_paragraph = facts.sentence.paragraph != self._paragraph
            self._paragraph = facts.sentence.paragraph
            if facts.sentence.heading and facts.sentence.paragraph == 0:
                self.title = facts
                continue
            if facts.furniture or facts.sentence.heading:
                continue
            if new_paragraph:
                caused = False
                label = _label(facts)
                if label:
                    self._current = None
            caused = (caused or facts.cause) and not _attack_said(facts)
            if caused or (facts.period and not _dated(facts, self._published)):
                continue
            self._take(facts, label)
        return self.incidents

    def _take(self, facts: Facts, label: Sequence[PlaceWords]) -> None:
        statements = [s for s in facts.statements]
        event = self._tells(facts)
        if not statements and not facts.ascriptions and not event:
            return
        dates, places = self._own_dates(facts), _own_places(facts) or list(label)
        incident = self._incident(facts, dates, places, bool(statements) or event)
        if incident is None:
            return
        incident.facts.append(facts)
        if event or statements:
            for words, interval in dates:
                incident.dates.append((facts, words, interval))
            for place in places:
                if _fits(incident, place):
                    incident.places.append((facts, place))
        incident.statements += [(facts, s) for s in statements]
        incident.ascriptions += [(facts, a) for a in facts.ascriptions]
        self._current = incident

    def _tells(self, facts: Facts) -> bool:
        """Whether a sentence tells that an attack took place."""
        if not facts.events or facts.plan:
            return False
        lows = facts.sentence.lows
        for i in facts.events:
            around = lows[max(0, i - 6) : i]
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
        opens = any(lows[: len(w)] == w for w in _NEXT) or any(
            lows[k] in _ANOTHER
            and any(lows[j] in _EVENT_NOUNS for j in range(k + 1, min(k + 4, len(lows))))
            for k in range(min(12, len(lows)))
        )
        if current is None or (tells and (opens or self._conflict(current, dates, places))):
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
                facts, past=any(lows[k : k + len(w)] == w for w in _PAST for k in range(len(lows)))
            )
            self.incidents.append(new)
            return new
        return current

    @staticmethod
    def _shares(
        other: Incident,
        dates: Sequence[tuple[DateWords, DateInterval]],
        places: Sequence[PlaceWords],
    ) -> bool:
        own = other.place
        return any(
            own and (holds(own[1].place, p.place) or holds(p.place, own[1].place)) for p in places
        ) or bool(not places and dates and other.interval)

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
        return (
            bool(incident.places) and bool(places) and not any(_fits(incident, p) for p in places)
        )

    def _own_dates(self, facts: Facts) -> list[tuple[DateWords, DateInterval]]:
        """The dates of what happened: none of what was said, none of the page."""
        rows: list[tuple[DateWords, DateInterval]] = []
        for words in facts.dates:
            if self._of_speech(facts, words) or self._of_page(facts, words):
                continue
            if words.interval is not None:
                rows.append((words, words.interval))
            elif words.shift is not None:
                linked = self._linked(words, facts)
                if linked is not None:
                    rows.append((words, linked))
        rows.sort(key=lambda row: row[1].precision not in (DatePrecision.DAY, DatePrecision.DAYS))
        return rows

    def _linked(self, words: DateWords, facts: Facts) -> DateInterval | None:
        base = self._current.interval if self._current else None
        if base is None or base.earliest is None or base.latest is None or words.shift is None:
            return None
        first, last = (
            base.earliest + timedelta(words.shift[0]),
            base.latest + timedelta(words.shift[1]),
        )
        if self._published:
            last = min(last, self._published)
        if last < first:
            return None
        text = " ".join(t.text for t in facts.sentence.tokens[words.start : words.end])
        precision = DatePrecision.DAY if first == last else DatePrecision.DAYS
        return DateInterval(
            first, last, precision, text, f"counted from {base.text or base.earliest}"
        )

    @staticmethod
    def _of_speech(facts: Facts, words: DateWords) -> bool:
        """ "police said on Friday": the day of the word, not of the deed."""
        lows = facts.sentence.lows
        for speech in facts.speeches:
            if speech.verb < words.start <= speech.verb + 9:
                between = lows[speech.verb + 1 : words.start]
                follows = lows[words.end : words.end + 1]
                if all(w in _TAIL_OF_SPEECH for w in between) and "that" not in between:
                    return True
                if (
                    speech.first < speech.voice.start
                    and follows in ((".",), ())
                    and len(between) < 9
                ):
                    return True
        for i in range(max(0, words.start - 8), words.start):
            if (
                lows[i] in ("claimed", "claiming")
                and not any(w in WORDS.casualty_words for w in lows[i : words.start])
                and "bombing" not in lows[words.end : words.end + 3]
                and lows[words.end : words.end + 1] != ("'s",)
            ):
                if any(
                    w in ("responsibility", "statement", "channel", "telegram")
                    for w in lows[i : words.start]
                ):
                    return True
        return False

    def _of_page(self, facts: Facts, words: DateWords) -> bool:
        """The day in a dateline: "KABUL, Afghanistan (July 25, 2011) –"."""
        lows = facts.sentence.lows
        if (
            words.start < 8
            and lows[max(0, words.start - 1) : words.start] == ("(",)
            and lows[words.end : words.end + 1] in ((")",), (".",))
        ):
            return True
        if words.interval is None or words.interval.earliest != self._published:
            return False
        tail = lows[words.end : words.end + 1]
        return (
            words.start < 8
            and words.interval.precision is DatePrecision.DAY
            and tail in (("(",), ("—",), ("-",), ("–",), (":",), (")",))
        )


def _fits(incident: Incident, place: PlaceWords) -> bool:
    """Whether a place can be that of an incident: one holds the other."""
    if not incident.places:
        return True
    for _, own in incident.places:
        if own.abroad or place.abroad:
            if own.abroad and place.abroad:
                return True
            continue
        if holds(own.place, place.place) or holds(place.place, own.place):
            return True
    return False


def _own_places(facts: Facts) -> list[PlaceWords]:
    """Places of what happened: none of speakers, none that the wounded were taken to."""
    rows = []
    lows = facts.sentence.lows
    for place in facts.places:
        inside = any(s.voice.start <= place.start < s.voice.end for s in facts.speeches)
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


def _label(facts: Facts) -> list[PlaceWords]:
    """ "Takhar: …" at the head of a paragraph."""
    return [
        p for p in facts.places
        if p.start == 0 and facts.sentence.lows[p.end : p.end + 1] == (":",) and not facts.sentence.tokens[0].text.isupper()
    ]  # fmt: skip


def _attack_said(facts: Facts) -> bool:
    """Whether a sentence that names another cause also says that it was an attack."""
    return bool(facts.ascriptions)


def _dated(facts: Facts, published: date | None) -> bool:
    """Whether a sentence with words of a long time also names a day."""
    return any(
        w.interval is not None and w.interval.precision is DatePrecision.DAY for w in facts.dates
    )


_UNREAL = WORDS.set("casualty", "unreal")
_EVENT_NOUNS = frozenset(
    w for w in EVENT_WORDS
    if w in ("attack", "attacks", "bombing", "explosion", "blast", "ambush", "shooting", "incident", "raid",
             "assault", "operation", "clash", "strike", "suicide", "bomb", "mine")
) | {"incident", "case", "operation", "event"}  # fmt: skip
