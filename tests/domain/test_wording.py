"""Words for days, ranges and distances."""

from datetime import date

import pytest

from mapapp.domain import wording
from mapapp.domain.claim import Claim, bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.vocab import DatePrecision, Modifier, Property, SpeakerClass, VictimClass


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        (date(2022, 11, 30), date(2022, 11, 30), DatePrecision.DAY, "Wed 30 Nov 2022"),
        (date(2022, 9, 24), date(2022, 9, 30), DatePrecision.WEEK, "24–30 Sep 2022"),
        (date(2022, 9, 1), date(2022, 9, 30), DatePrecision.MONTH, "Sep 2022"),
        (date(2022, 10, 1), date(2022, 12, 31), DatePrecision.UNKNOWN, "1 Oct – 31 Dec 2022"),
        (date(2021, 12, 1), date(2022, 1, 31), DatePrecision.UNKNOWN, "1 Dec 2021 – 31 Jan 2022"),
        (date(2022, 1, 1), date(2022, 12, 31), DatePrecision.YEAR, "2022"),
        (None, date(2024, 5, 9), DatePrecision.UNKNOWN, "on or before 9 May 2024"),
        (date(2024, 5, 9), None, DatePrecision.UNKNOWN, "on or after 9 May 2024"),
        (None, None, DatePrecision.UNKNOWN, "date not known"),
    ],
)
def test_interval(
    start: date | None, end: date | None, precision: DatePrecision, words: str
) -> None:
    assert wording.interval(DateInterval(start, end, precision)) == words


@pytest.mark.parametrize(
    ("low", "high", "high_open", "words"),
    [
        (2, 20, False, "2–20"),
        (3, 6, True, "3–≥6"),
        (6, None, False, "≥6"),
        (6, 6, True, "≥6"),
        (14, 14, False, "14"),
        (1200, 3400, False, "1,200–3,400"),
        (None, 5, False, "≤5"),
        (None, None, False, "unknown"),
        (0, 0, False, "0"),
    ],
)
def test_bounds_text(low: int | None, high: int | None, high_open: bool, words: str) -> None:
    assert wording.bounds_text(low, high, high_open=high_open) == words


@pytest.mark.parametrize(
    ("number", "modifier", "words"),
    [
        (13, Modifier.EXACT, "13"),
        (6, Modifier.AT_LEAST, "≥6"),
        (20, Modifier.OVER, ">20"),
        (200, Modifier.ABOUT, "~200"),
        (None, Modifier.VAGUE, "“dozens”"),
    ],
)
def test_claim_number_keeps_how_it_was_put(
    number: int | None, modifier: Modifier, words: str
) -> None:
    low, high = bounds(number, modifier)
    claim = Claim(
        "x",
        Property.KILLED,
        "000",
        "a speaker",
        SpeakerClass.MEDIA,
        low=low,
        high=high,
        modifier=modifier,
        victim_class=VictimClass.CIVILIANS,
        words="dozens",
    )
    assert wording.claim_number(claim) == words


@pytest.mark.parametrize(
    ("metres", "words"),
    [(500, "500 m"), (999.6, "1,000 m"), (3000, "3 km"), (2500, "2.5 km"), (25_400, "25 km")],
)
def test_distance(metres: float, words: str) -> None:
    assert wording.distance(metres) == words


def test_iso_interval() -> None:
    day = date(2022, 11, 30)
    assert wording.iso_interval(day, day) == "2022-11-30"
    assert wording.iso_interval(None, day) == "… – 2022-11-30"
    assert wording.iso_interval(None, None) == "not known"


def test_counted() -> None:
    assert wording.counted(1, "incident") == "1 incident"
    assert wording.counted(1200, "incident") == "1,200 incidents"
    assert wording.counted(2, "country", "countries") == "2 countries"
