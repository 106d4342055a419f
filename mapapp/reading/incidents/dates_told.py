"""Which dates of a sentence are those of what happened: none of what was said, none of the page."""

from __future__ import annotations

from datetime import date, timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.reading.dates import DateWords
from mapapp.reading.incidents.incident import Incident
from mapapp.reading.page import Facts
from mapapp.reading.tokens import Token
from mapapp.reading.words import WORDS

_TAIL_OF_SPEECH = WORDS.set("incidents", "tail_of_speech")
_CONFIRMS = WORDS.set("incidents", "confirms")
_CONFIRMED = WORDS.set("incidents", "confirmed")
_CLAIM_TALK = WORDS.set("incidents", "claim_talk")
_STATEMENTS = WORDS.set("incidents", "statements")
_TOOK_OVER = frozenset({"takeover", "retook", "regained", "recaptured", "withdrawal", "withdrew"})
_RISEN = frozenset({"rose", "rises", "risen", "climbed", "climbs", "increased", "grew", "jumped"})
_EVENT_NOUNS = WORDS.set("incidents", "event_nouns")


def _is_name(token: Token) -> bool:
    """Whom something is told: "told Pajhwok", "told 8am Media"."""
    return token.word and (token.capital or token.text[0].isdigit())


class DatesTold:
    """The dates of a page that belong to attacks; `published` is its day."""

    def __init__(self, published: date | None) -> None:
        self._published = published
        self._current: Incident | None = None
        self._named: tuple[int, DateInterval] | None = None  # the last day, and its paragraph

    def _last_day(self, facts: Facts) -> DateInterval | None:
        """The day that was named last, in this paragraph or the one before."""
        if self._named is None or self._named[0] < facts.sentence.paragraph - 1:
            return None
        return self._named[1]

    def _linked(self, words: DateWords, facts: Facts) -> DateInterval | None:
        known = [w.interval for w in facts.dates if w.end <= words.start and w.interval is not None]
        told = self._current.day if self._current else None
        base = known[-1] if known else told[2] if told else self._last_day(facts)
        if base is None or base.earliest is None or base.latest is None or words.shift is None:
            return None
        low, high = words.shift
        if facts.sentence.lows[words.end - 1] == "after" and (known or facts.part):
            low, high = -high, -low  # "killed three on Saturday, days after a blast left two dead"
        first, last = base.earliest + timedelta(low), base.latest + timedelta(high)
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
        if lows[words.end : words.end + 1] == ("'s",):
            return False
        claimed_by = lows[words.end : words.end + 2] == ("claimed", "by")
        after = lows[words.end : words.end + 1]
        if after in (("claimed",), ("claims",), ("said",)) and not claimed_by:
            return True
        for speech in facts.speeches:
            if speech.verb < words.start <= speech.verb + 9:
                row = facts.sentence.tokens[speech.verb + 1 : words.start]
                between = tuple(t.low for t in row if not _is_name(t))
                follows = lows[words.end : words.end + 1]
                confirms = lows[speech.verb] in _CONFIRMS
                if (
                    all(w in _TAIL_OF_SPEECH or (confirms and w in _CONFIRMED) for w in between)
                    and "that" not in between
                ):
                    return True
                if (
                    speech.first < speech.voice.start
                    and follows in ((".",), ())
                    and len(between) < 9
                ):
                    return True
        for speech in facts.speeches:
            lead = lows[max(0, words.start - 8) : words.start]
            if (
                words.end <= speech.verb <= words.end + 12
                and speech.first >= words.start
                and (
                    set(lead) & _STATEMENTS
                    or (words.interval is None and words.end <= speech.first + 1)
                )
            ):
                return True
        for i in range(max(0, words.start - 14), words.start):
            if (
                lows[i] in ("claimed", "claiming")
                and not any(w in WORDS.casualty_words for w in lows[i : words.start])
                and "bombing" not in lows[words.end : words.end + 3]
                and lows[words.end : words.end + 1] != ("'s",)
            ):
                between = lows[i : words.start]
                deed = any(w in _EVENT_NOUNS for w in between)
                if deed and "for" in between:
                    continue
                if (facts.ascriptions and not facts.statements) or set(between) & _CLAIM_TALK:
                    return True
        return False

    @staticmethod
    def _of_rule(facts: Facts, words: DateWords) -> bool:
        """ "since the Taliban seized power last year": when the rule of the country changed."""
        before = facts.sentence.lows[max(0, words.start - 9) : words.start]
        if before[-2:] == ("behind", "the"):
            return True  # "the men behind the August 2021 bombing"
        return "power" in before or not _TOOK_OVER.isdisjoint(before[-6:])

    def _of_speaker(self, facts: Facts, words: DateWords) -> bool:
        """ "today" in a quotation is the day on which it was said, where the page has another."""
        said = facts.sentence.lows[words.start : words.end] in (("today",), ("tonight",))
        known = self._current is not None and self._current.interval is not None
        return said and known and facts.quoted

    @staticmethod
    def _of_toll(facts: Facts, words: DateWords) -> bool:
        """ "the toll rose to 17 on Saturday": the day of the count."""
        lows = facts.sentence.lows
        if lows[words.end : words.end + 1] == ("'s",):
            return False
        return any(
            s.rule == "toll"
            and s.end <= words.start
            and not _RISEN.isdisjoint(lows[s.predicate.start : s.end])
            and _EVENT_NOUNS.isdisjoint(lows[s.end : words.start])
            for s in facts.statements
        )

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
