"""Words for days, ranges, distances and counts: the one place where our formats stand."""

from __future__ import annotations

from datetime import date

from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import DatePrecision, GeoPrecision, Modifier, Rule, label

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

#: En dash between the ends of a range.
DASH = "–"


def short_day(day: date) -> str:
    """ "30 Nov 2022"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_day(day: date) -> str:
    """ "Wed 30 Nov 2022"."""
    return f"{WEEKDAYS[day.weekday()]} {short_day(day)}"


def day_range(start: date | None, end: date | None) -> str:
    """A range of days as a panel writes it: "24–30 Sep 2022", "before 9 May 2024"."""
    if start is None and end is None:
        return "date not known"
    if start is None:
        assert end is not None  # the case of both missing has returned
        return f"on or before {short_day(end)}"
    if end is None:
        return f"on or after {short_day(start)}"
    if start == end:
        return long_day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{DASH}{short_day(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTHS[start.month - 1]} {DASH} {short_day(end)}"
    return f"{short_day(start)} {DASH} {short_day(end)}"


def interval(when: DateInterval) -> str:
    """When something happened, at the precision it is known to: a day, a month, a range."""
    start, end = when.earliest, when.latest
    if start is not None and end is not None:
        if when.precision is DatePrecision.MONTH and (start.year, start.month) == (
            end.year,
            end.month,
        ):
            return f"{MONTHS[start.month - 1]} {start.year}"
        if when.precision is DatePrecision.YEAR and start.year == end.year:
            return str(start.year)
    return day_range(start, end)


def iso_interval(start: date | None, end: date | None) -> str:
    """ISO days for tables: "2022-11-30", "2022-10-01 – 2022-12-31", "… – 2024-05-09"."""
    if start is not None and start == end:
        return start.isoformat()
    left, right = (day.isoformat() if day else "…" for day in (start, end))
    return f"{left} {DASH} {right}" if start or end else "not known"


def count(number: int) -> str:
    """Thousands parted by a comma."""
    return f"{number:,}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """ "1 incident", "19 incidents"."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def bounds_text(low: int | None, high: int | None, *, high_open: bool = False) -> str:
    """A range of people: "2–20", "3–≥6", "≥6", "14", "unknown" where nobody gives a number.

    `high_open` says that `high` is itself only a lower bound.
    """
    if low is None and high is None:
        return "unknown"
    if low is None:
        return f"≤{count(high or 0)}"
    if high is None:
        return f"≥{count(low)}"
    mark = "≥" if high_open else ""
    return f"{mark}{count(high)}" if low == high else f"{count(low)}{DASH}{mark}{count(high)}"


def distance(metres: float) -> str:
    """ "500 m", "3 km", "2.5 km"."""
    if metres < 1000:
        return f"{round(metres):,} m"
    km = metres / 1000
    return f"{km:,.0f} km" if km >= 10 or km == round(km) else f"{km:,.1f} km"


def claim_number(claim: Claim) -> str:
    """A casualty figure as it was put: "13", "≥6", ">20", "~200", "2–5", "no number"."""
    if claim.modifier is Modifier.VAGUE or (claim.low is None and claim.high is None):
        return f"“{claim.words}”" if claim.words else claim.value or "no number"
    if claim.modifier is Modifier.AT_LEAST and claim.low is not None:
        return f"≥{count(claim.low)}"
    if claim.modifier is Modifier.OVER and claim.low is not None:
        return f">{count(claim.low - 1)}"
    text = bounds_text(claim.low, claim.high)
    return f"~{text}" if claim.modifier is Modifier.ABOUT else text


_GEO_WORDS = {
    GeoPrecision.SITE: "site known",
    GeoPrecision.NEIGHBOURHOOD: "neighbourhood known",
    GeoPrecision.SETTLEMENT: "town or village known",
    GeoPrecision.DISTRICT: "place known to the district only",
    GeoPrecision.PROVINCE: "place known to the province only",
    GeoPrecision.COUNTRY: "place not known within the country; not mappable",
}


def geo_precision_text(precision: GeoPrecision) -> str:
    """How exactly a place is known, in words."""
    return _GEO_WORDS[precision]


def place_text(place: PlaceRef) -> str:
    """The names of a place, finest first, without repeats: "Fayzabad, Badakhshan"."""
    names = (place.name or place.text, place.adm2_name, place.adm1_name)
    return ", ".join(dict.fromkeys(name for name in names if name)) or "place not known"


_DATE_WORDS = {
    DatePrecision.HOUR: "known to the hour",
    DatePrecision.DAY: "known to the day",
    DatePrecision.DAYS: "known to a few days",
    DatePrecision.WEEK: "known to the week",
    DatePrecision.MONTH: "known to the month",
    DatePrecision.YEAR: "known to the year",
    DatePrecision.UNKNOWN: "day not known",
}


def date_precision_text(precision: DatePrecision) -> str:
    """How exactly a date is known, in words."""
    return _DATE_WORDS[precision]


def property_label(code: str) -> str:
    """The words for a property that claims differ on: "event type", "place"."""
    return {
        "casualties": "killed and wounded together",
        "participant": "side, as coded (not who did it)",
    }.get(code, label(code))


#: The rules that choose a best figure: their names, and what they do.
RULE_NAMES: dict[Rule, str] = {
    Rule.INDEPENDENT_FIRST: "independent first",
    Rule.LOWEST: "lowest",
    Rule.HIGHEST: "highest",
    Rule.LATEST: "latest",
}

RULE_SENTENCES: dict[Rule, str] = {
    Rule.INDEPENDENT_FIRST: (
        "The best figure is that of the most independent speaker: monitor, medical, news medium, "
        "witness, local source, analyst, official, party to the conflict."
    ),
    Rule.LOWEST: "The best figure is the lowest that any speaker gives.",
    Rule.HIGHEST: "The best figure is the highest that any speaker gives.",
    Rule.LATEST: "The best figure is the one asserted last.",
}
