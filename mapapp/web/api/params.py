"""Parameters of `/api` to plain values (serves query → route).

What cannot be read is refused with the parameter's name and what to try: a program that asked for
something else than it got would not notice a warning.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from mapapp.domain.moment import Moment, read_moment
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.selection import Selection
from mapapp.query.filters.link import PARAMS, params_to_selection
from mapapp.query.filters.params import Bounds, Fault, printable, read_day, shorten

#: Names of the filters: those of the page's links.
FILTERS: Final = tuple(param.name for param in PARAMS)

LIMIT_DEFAULT: Final = 100
LIMIT_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Items:
    """What is asked of the collection: one page, `after` an id, of what lies in `bounds`."""

    selection: Selection
    bounds: Bounds | None
    limit: int
    after: str | None
    as_of: Moment | None = None


def items(query: Sequence[tuple[str, str]]) -> Items:
    """The question for items in a request's parameters. Raises InvalidInput."""
    # GDAL gives a condition on two ends as two of them.
    times = [value for name, value in query if name == "datetime"]
    rest = [(name, value) for name, value in query if name != "datetime"]
    own, filters = _split(rest, {"bbox", "limit", "after", "as_of", "f"})
    _json_only(own)
    selection = _selection(filters)
    if times:
        if selection.date_from or selection.date_to:
            raise refuse("datetime", "days are given twice", "give datetime, or from and to")
        first, last = _common(times)
        selection = replace(selection, date_from=first, date_to=last)
    return Items(
        selection,
        _bbox(own["bbox"]) if "bbox" in own else None,
        _limit(own.get("limit", str(LIMIT_DEFAULT))),
        _token(own["after"]) if "after" in own else None,
        moment("as_of", own.get("as_of", "")),
    )


def filters_only(query: Sequence[tuple[str, str]]) -> tuple[Selection, Moment | None]:
    """The selection and `as_of` in the parameters of a route that knows no others.

    Raises InvalidInput.
    """
    own, filters = _split(query, {"as_of", "f"})
    _json_only(own)
    return _selection(filters), moment("as_of", own.get("as_of", ""))


def moment(name: str, text: str) -> Moment | None:
    """A day or a time in UTC, None where none is given. Raises InvalidInput."""
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        remedy = "write it like 2026-11-25 or 2026-11-25T18:50:00Z"
        raise refuse(name, str(error), remedy) from None


def only(query: Sequence[tuple[str, str]], allowed: set[str]) -> dict[str, str]:
    """The parameters of a route without filters. Raises InvalidInput for any other."""
    own, filters = _split(query, allowed | {"f"})
    for name in filters:
        raise refuse(name, f"there is no parameter “{shorten(name)}” here", _named(allowed))
    _json_only(own)
    return own


def token(incident_id: str) -> str:
    """The id that a page ended with, as `after` has it."""
    return base64.urlsafe_b64encode(incident_id.encode()).decode().rstrip("=")


def whole_number(name: str, text: str, least: int, most: int) -> int:
    """A number in a range. Raises InvalidInput."""
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most:
        return int(text)
    raise refuse(name, f"“{shorten(text)}” is not in range", f"give {least} to {most}")


def refuse(name: str, fault: str, remedy: str) -> InvalidInput:
    """The exception for a parameter that cannot be read."""
    problem = Problem("request", shorten(name), fault, remedy[:1].upper() + remedy[1:])
    return InvalidInput(str(problem), (problem,))


def _split(
    query: Sequence[tuple[str, str]], names: set[str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    own: dict[str, str] = {}
    filters: dict[str, list[str]] = {}
    for name, value in query:
        if name not in names:
            filters.setdefault(name, []).append(value)
        elif name in own:
            raise refuse(name, "it is given twice", "give it once")
        else:
            own[name] = value
    return own, filters


def _selection(filters: dict[str, list[str]]) -> Selection:
    for name in filters:
        if name not in FILTERS:
            raise refuse(
                name,
                f"there is no parameter “{shorten(name)}”",
                f"use bbox, datetime, limit or a filter: {', '.join(FILTERS)}",
            )
    selection, problems = params_to_selection(filters)
    if problems:
        # On the page a broken filter is ignored and its remedy says so; here it is not.
        first = problems[0]
        remedy = first.remedy.removeprefix("It was ignored; ").removeprefix("Both were ignored; ")
        raise refuse(first.field, first.fault, remedy)
    return selection


def _named(names: set[str]) -> str:
    return f"use {', '.join(sorted(names))}" if names else "this address takes none"


def _json_only(own: dict[str, str]) -> None:
    if own.get("f", "json") != "json":
        raise refuse("f", f"there is no format “{shorten(own['f'])}”", "use json, or leave it out")


def _limit(text: str) -> int:
    # OGC API – Features asks that a limit beyond the largest be no error.
    if text.isascii() and text.isdigit() and text.strip("0"):
        return LIMIT_MAX if len(text.lstrip("0")) > 6 else min(int(text), LIMIT_MAX)
    raise refuse("limit", f"“{shorten(text)}” is not a number above 0", f"give 1 to {LIMIT_MAX}")


def _bbox(text: str) -> Bounds:
    remedy = "give west,south,east,north in degrees, e.g. bbox=60.5,29.4,74.9,38.5"
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:  # with heights, which nothing here has
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise refuse("bbox", f"“{shorten(text)}” is not four numbers", remedy)
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise refuse("bbox", f"“{shorten(text)}” is empty or beyond the globe", remedy)
    return west, south, east, north


def _datetime(text: str) -> tuple[date | None, date | None]:
    """A day, or first/last day with `..` or nothing for an open end; times of day are dropped."""
    parts = text.split("/")
    try:
        if len(parts) > 2 or not text:
            raise Fault(f"“{shorten(text)}” is not an interval", "")
        days = [None if part in ("", "..") else _day(part) for part in parts]
    except Fault as fault:
        remedy = "give a day (2022-09-30) or an interval (2022-09-01/2022-09-30, 2022-09-01/..)"
        raise refuse("datetime", fault.fault, remedy) from None
    if days == [None]:
        raise refuse("datetime", "it is open on its only side", "give a day, or an interval")
    first, last = days[0], days[-1]
    if first and last and first > last:
        raise refuse("datetime", f"{first} is after {last}", "swap the two days")
    return first, last


def _common(texts: Sequence[str]) -> tuple[date | None, date | None]:
    """The days that several intervals have in common."""
    found = [_datetime(text) for text in texts]
    first = max((day for day, _ in found if day), default=None)
    last = min((day for _, day in found if day), default=None)
    if first and last and first > last:
        raise refuse(
            "datetime", f"{first} is after {last}: the intervals have no day in common",
            "give one interval",
        )  # fmt: skip
    return first, last


def _day(text: str) -> date:
    # GDAL 3.6 writes a day as "2022-09-30T", with no time after it.
    day, mark, time = text[:10], text[10:11], text[11:]
    if mark not in ("", "T", "t", " ") or not all(c.isdigit() or c in ":.+-Zz" for c in time):
        raise Fault(f"“{shorten(text)}” is not a day", "")
    return read_day(day)


def _token(text: str) -> str:
    try:
        padded = text + "=" * (-len(text) % 4)
        found = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        found = ""
    if not found or not printable(found):
        raise refuse(
            "after", "it is no mark of a page", "follow the `next` link of the page before"
        )
    return found
