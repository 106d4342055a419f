"""The parameters of `/api` and of the feed, declared once: how each is read, refused and documented
(serves query → route).

What cannot be read is refused with the parameter's name and what to try: a program that asked for
something else than it got would not notice a warning.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.filters.entry import Param
from mapapp.query.filters.link import PARAMS, params_to_selection
from mapapp.query.filters.params import (
    Fault,
    printable,
    read_as_of,
    read_bounds,
    read_day,
    read_whole_number,
    shorten,
)
from mapapp.web.api.models import extended

Json = dict[str, Any]

LIMIT_DEFAULT: Final = 100
LIMIT_MAX: Final = 1000

#: A place as a reporter wrote it is a phrase, not a page.
MAX_PLACE_CHARS: Final = 300

_MOMENT: Final = {"type": "string", "example": "2026-11-25"}

#: What a list parameter may hold: codes of letters and digits; one code at a time is enough.
_CODE: Final = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,60}$"}

_SCHEMAS: Final[dict[str, Json]] = {
    "day": {"type": "string", "format": "date", "example": "2022-09-30"},
    "flag": {"type": "string", "enum": ["1", "0"]},
    "range": {"type": "string", "pattern": r"^([0-9]{1,7}-?|-[0-9]{1,7})$", "example": "5-"},
    "text": {"type": "string", "maxLength": 200},
    "circle": {"type": "string", "example": "34.5,69.2,25"},
    "corridor": {"type": "string", "example": "34.3,62.2;34.4,62.5,10"},
    "polygon": {"type": "string", "example": "34,69;35,69;35,70"},
}


def _schema(param: Param) -> Json:
    if param.kind == "choice":
        return {"type": "string", "enum": list(param.choices or ())}
    if param.kind != "codes":
        return _SCHEMAS[param.kind]
    items = {"type": "string", "enum": list(param.choices)} if param.choices else _CODE
    return {"type": "array", "items": items, "minItems": 1, "maxItems": 20}


#: Each filter: its schema and what it keeps.
FILTERS: Final = {param.name: (_schema(param), param.about) for param in PARAMS}


def refuse(name: str, fault: str, remedy: str) -> InvalidInput:
    """The exception for a parameter that cannot be read."""
    problem = Problem("request", shorten(name), fault, remedy[:1].upper() + remedy[1:])
    return InvalidInput(str(problem), (problem,))


def refusal(error: RequestValidationError) -> InvalidInput:
    """The first fault that a declaration below found, as every other refusal is written."""
    first = error.errors()[0]
    about = first.get("ctx", {})
    name = about.get("name") or str(first["loc"][-1])
    if first["type"] == "missing":
        return refuse(name, "it is not given", f"give {name}")
    return refuse(name, about.get("fault", first["msg"]), about.get("remedy", "check its value"))


def _fault(fault: str, remedy: str, name: str | None = None) -> PydanticCustomError:
    about = {"fault": fault, "remedy": remedy, "name": name}
    return PydanticCustomError("fault", "{fault}", about)


def by(read: Callable[[str], Any]) -> BeforeValidator:
    """Reads a parameter's text; a Fault becomes the refusal."""

    def validate(text: str) -> Any:
        try:
            return read(text)
        except Fault as fault:
            raise _fault(fault.fault, fault.remedy) from None

    return BeforeValidator(validate)


def whole_number(name: str, text: str, least: int, most: int) -> int:
    """A number in a range that another parameter sets. Raises InvalidInput."""
    try:
        return read_whole_number(text, least, most)
    except Fault as fault:
        raise refuse(name, fault.fault, fault.remedy) from None


def token(incident_id: str) -> str:
    """The id that a page ended with, as `after` has it."""
    return base64.urlsafe_b64encode(incident_id.encode()).decode().rstrip("=")


def _token(text: str) -> str:
    try:
        padded = text + "=" * (-len(text) % 4)
        key = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        key = ""
    if not key or not printable(key):
        raise Fault("it is no mark of a page", "follow the `next` link of the page before")
    return key


def _limit(text: str) -> int:
    # OGC API – Features asks that a limit beyond the largest be no error.
    if text.isascii() and text.isdigit() and text.strip("0"):
        return LIMIT_MAX if len(text.lstrip("0")) > 6 else min(int(text), LIMIT_MAX)
    raise Fault(f"“{shorten(text)}” is not a number above 0", f"give 1 to {LIMIT_MAX}")


def _json(text: str) -> str:
    if text != "json":
        raise Fault(f"there is no format “{shorten(text)}”", "use json, or leave it out")
    return text


def _rule(text: str) -> Rule:
    if text not in tuple(Rule):
        raise Fault("there is no such rule", f"use {', '.join(Rule)}")
    return Rule(text)


def _place_words(text: str) -> str:
    if len(text) > MAX_PLACE_CHARS:
        raise Fault(f"it has {len(text)} characters", f"write {MAX_PLACE_CHARS} at most")
    return text


def _change(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        remedy = "take the address from the link “next” of a feed, or leave it out"
        raise Fault("is not the number of a change", remedy)
    return int(text) if text else None


def _moment(text: str) -> Any:
    return read_as_of(text) if text else None


def _interval(text: str) -> tuple[date | None, date | None]:
    """A day, or first/last day with `..` or nothing for an open end; times of day are dropped."""
    parts = text.split("/")
    remedy = "give a day (2022-09-30) or an interval (2022-09-01/2022-09-30, 2022-09-01/..)"
    if len(parts) > 2 or not text:
        raise _fault(f"“{shorten(text)}” is not an interval", remedy)
    try:
        days = [None if part in ("", "..") else _day(part) for part in parts]
    except Fault as fault:
        raise _fault(fault.fault, remedy) from None
    if days == [None]:
        raise _fault("it is open on its only side", "give a day, or an interval")
    first, last = days[0], days[-1]
    if first and last and first > last:
        raise _fault(f"{first} is after {last}", "swap the two days")
    return first, last


def _day(text: str) -> date:
    # GDAL 3.6 writes a day as "2022-09-30T", with no time after it.
    day, mark, time = text[:10], text[10:11], text[11:]
    if mark not in ("", "T", "t", " ") or not all(c.isdigit() or c in ":.+-Zz" for c in time):
        raise Fault(f"“{shorten(text)}” is not a day", "")
    return read_day(day)


def _common_days(texts: list[str]) -> list[date | None]:
    """First and last day that intervals have in common: GDAL gives two for two ends."""
    if not texts:
        return [None, None]
    ends = [_interval(text) for text in texts]
    first = max((day for day, _ in ends if day), default=None)
    last = min((day for _, day in ends if day), default=None)
    if first and last and first > last:
        fault = f"{first} is after {last}: the intervals have no day in common"
        raise _fault(fault, "give one interval")
    return [first, last]


class Asked(BaseModel):
    """What every address takes, and nothing else."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    f: Annotated[
        Any, by(_json), WithJsonSchema({"type": "string", "enum": ["json"], "default": "json"})
    ] = Field("json", description="The form of the answer; there is one.")

    @model_validator(mode="before")
    @classmethod
    def _none_other(cls, given: Any) -> Any:
        names = [field.alias or key for key, field in cls.model_fields.items()]
        for name in given:
            if name not in names:
                raise _fault(
                    f"there is no parameter “{shorten(name)}” here", f"use {', '.join(names)}", name
                )
        return given


class Dated(Asked):
    """What takes the data of another time."""

    as_of: Annotated[Any, by(_moment), WithJsonSchema(_MOMENT)] = Field(
        None,
        description="The data as recorded at the end of a day (UTC) or at a time like "
        "2026-11-25T18:50:00Z; not before the first record.",
    )


class OneAsked(Dated):
    """What one incident takes."""

    rule: Annotated[Any, by(_rule), WithJsonSchema(FILTERS["rule"][0])] = Field(
        Rule.INDEPENDENT_FIRST, description=FILTERS["rule"][1]
    )


@extended(
    {
        f"filter_{name}": (
            Annotated[list[str], WithJsonSchema(schema)],
            Field(default=[], alias=name, description=about),
        )
        for name, (schema, about) in FILTERS.items()
    }
)
class FiltersAsked(Dated):
    """What takes the filters of the page's links, by their names there."""

    def selection(self) -> Selection:
        """What is selected. Raises InvalidInput."""
        given = self.model_dump(by_alias=True, exclude_unset=True)
        filters = {param.name: given[param.name] for param in PARAMS if param.name in given}
        selection, problems = params_to_selection(filters)
        if problems:
            # On the page a broken filter is ignored and its remedy says so; here it is not.
            first = problems[0]
            remedy = first.remedy.removeprefix("It was ignored; ")
            raise refuse(first.field, first.fault, remedy.removeprefix("Both were ignored; "))
        return selection


class ItemsAsked(FiltersAsked):
    """What one page of the collection takes."""

    bbox: Annotated[
        Any,
        by(read_bounds),
        WithJsonSchema(
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
        ),
    ] = Field(
        None,
        description="west,south,east,north in degrees (WGS 84); west beyond east crosses the "
        "antimeridian. Incidents whose point lies inside; what is not mappable lies in none.",
    )
    datetime: Annotated[
        list[Any],
        BeforeValidator(_common_days),
        WithJsonSchema({"type": "string", "example": "2022-09-01/2022-09-30"}),
    ] = Field(
        [None, None],
        description="A day, or an interval of days with `..` for an open end (RFC 3339; times of "
        "day are dropped). Incidents that can have been then.",
    )
    limit: Annotated[
        Any,
        by(_limit),
        WithJsonSchema(
            {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT_DEFAULT}
        ),
    ] = Field(LIMIT_DEFAULT, description="How many items a page holds at most.")
    after: Annotated[Any, by(_token), WithJsonSchema({"type": "string"})] = Field(
        None, description="Set by `next` links; no meaning of its own."
    )

    def selection(self) -> Selection:
        """What is selected, `datetime` included. Raises InvalidInput."""
        selection, (first, last) = super().selection(), self.datetime
        if first is None and last is None:
            return selection
        if selection.date_from or selection.date_to:
            raise refuse("datetime", "days are given twice", "give datetime, or from and to")
        return replace(selection, date_from=first, date_to=last)


class PlacesAsked(Asked):
    """What the gazetteer takes."""

    q: Annotated[
        Any, by(_place_words), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 300})
    ] = Field(description="A place as a reporter wrote it, in any spelling.")
    limit: Annotated[
        Any,
        by(lambda text: read_whole_number(text, 1, 20)),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 20, "default": 5}),
    ] = Field(5, description="How many candidates.")


class FeedAsked(FiltersAsked):
    """What the feed takes: of which changes a document is, and of which incidents."""

    since: Annotated[Any, by(_moment), WithJsonSchema(_MOMENT)] = Field(
        None, description="Changes from this day or moment on."
    )
    before: Annotated[Any, by(_change), WithJsonSchema({"type": "string"})] = Field(
        None, description="Set by `next` links: changes before this one."
    )


#: What may be given more than once; for filters their own reader says which.
_MANY: Final = frozenset({"datetime", *FILTERS})


def given_once(request: Request) -> None:
    """Refuses what is given twice: it has no sensible reading. Raises InvalidInput."""
    times = Counter(name for name, _ in request.query_params.multi_items())
    for name, number in times.items():
        if number > 1 and name not in _MANY:
            raise refuse(name, "it is given twice", "give it once")
