"""Days that a text names, reckoned from the day of publication (tokens → dates → incidents).

There is no default of today: a weekday without a day of publication stays open.
"""

from __future__ import annotations

from datetime import timedelta

from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision
from mapapp.reading.dates.relative_days import RelativeDays
from mapapp.reading.dates.words import DateWords, weekday, words_of
from mapapp.reading.sentences import Sentence

#: What opens a range of days, and what parts its ends; a longer one is no attack's.
_RANGES = {"between": "and", "from": "to"}
_LONGEST_RANGE = timedelta(14)


class DateFinder(RelativeDays):
    """Finds the date words of sentences; `published` is the day that they count from."""

    def find(self, sentence: Sentence) -> list[DateWords]:
        """In order; they do not overlap."""
        found: list[DateWords] = []
        i = 0
        while i < len(sentence.lows):
            row = self._at(sentence, i)
            if row is None:
                i += 1
            else:
                found.append(row)
                i = row.end
        return self._ranges(sentence, found)

    @staticmethod
    def _ranges(sentence: Sentence, found: list[DateWords]) -> list[DateWords]:
        """ "between Monday and Wednesday", "from 3 to 5 May" are one: the days between."""
        lows = sentence.lows
        rows: list[DateWords] = []
        for words in found:
            first = rows[-1] if rows else None
            mark = _RANGES.get(lows[first.start - 1]) if first and first.start else None
            if first and mark and lows[first.end : words.start] == (mark,):
                low = first.interval.earliest if first.interval else None
                high = words.interval.latest if words.interval else None
                if low and high and timedelta(0) < high - low <= _LONGEST_RANGE:
                    text = words_of(sentence, first.start, words.end)
                    days = DateInterval(low, high, DatePrecision.DAYS, text)
                    rows[-1] = DateWords(first.start, words.end, days)
                    continue
            rows.append(words)
        return rows

    def _at(self, sentence: Sentence, i: int) -> DateWords | None:
        lows = sentence.lows
        token = sentence.tokens[i]
        if token.capital and token.text.isalpha() and not token.text.isupper():
            day = weekday(lows[i])
            if day is not None:
                return self._weekday(sentence, i, day)
        return (
            self._iso(sentence, i)
            or self._calendar(sentence, i)
            or self._relative(sentence, i)
            or self._ago(lows, i)
            or self._year(sentence, i)
        )
