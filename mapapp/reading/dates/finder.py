"""Days that a text names, reckoned from the day of publication (tokens → dates → incidents).

There is no default of today: a weekday without a day of publication stays open.
"""

from __future__ import annotations

from mapapp.reading.dates.relative_days import RelativeDays
from mapapp.reading.dates.words import DateWords, weekday
from mapapp.reading.sentences import Sentence


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
        return found

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
