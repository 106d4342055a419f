"""UCDP GED's columns, codes and what they mean here, after its codebook (GED 19.1 to 25.1)."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    DatePrecision,
    EventType,
    GeoPrecision,
    Redistribution,
    TargetType,
)
from mapapp.importers.cells.located import Exactness
from mapapp.importers.forms.dataset import Release

#: Columns by their name of today, with the names other releases and exports give them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("event_id",), "relid": (), "year": (), "active_year": (),
        "code_status": (), "type_of_violence": (), "conflict_dset_id": (),
        "conflict_new_id": ("conflict_id",), "conflict_name": (), "dyad_dset_id": (),
        "dyad_new_id": (), "dyad_name": (), "side_a_dset_id": (), "side_a_new_id": (),
        "side_a": (), "side_b_dset_id": (), "side_b_new_id": (), "side_b": (),
        "number_of_sources": (), "source_article": (), "source_office": (),
        "source_date": (), "source_headline": (), "source_original": (),
        "where_prec": (), "where_coordinates": (), "where_description": (),
        "adm_1": ("adm1_name",), "adm_2": ("adm2_name",), "latitude": ("lat",),
        "longitude": ("lon", "lng"), "geom_wkt": (), "priogrid_gid": (), "country": (),
        "iso3": (), "country_id": (), "region": (), "event_clarity": (),
        "date_prec": (), "date_start": ("date",), "date_end": (), "deaths_a": (),
        "deaths_b": (), "deaths_civilians": ("civilian_deaths",), "deaths_unknown": (),
        "combatant_deaths": (), "best": ("best_est",), "high": ("high_est",),
        "low": ("low_est",), "gwnoa": (), "gwnob": (),
}  # fmt: skip

#: Columns that no other data set has together; a file needs an id, a day, a toll and one of these.
TYPICAL = ("type_of_violence", "side_a", "dyad_name", "where_prec", "deaths_civilians")

STATE_BASED, NON_STATE, ONE_SIDED = 1, 2, 3

#: The codebook defines an event by armed force, and says of its means nothing. Only one-sided
#: violence is by definition an attack on someone.
VIOLENCE: dict[int, tuple[str, EventType, TargetType, str]] = {
    STATE_BASED: ("State-based violence", EventType.OTHER, TargetType.UNKNOWN, ""),
    NON_STATE: ("Non-state violence", EventType.OTHER, TargetType.UNKNOWN, ""),
    ONE_SIDED: (
        "One-sided violence", EventType.ARMED_ATTACK, TargetType.CIVILIANS, "civilians",
    ),
}  # fmt: skip
NOT_STATED = ("Organised violence", EventType.OTHER, TargetType.UNKNOWN, "")

#: where_prec. The codebook gives a distance for 2 alone; other radii are ours, chosen so that a
#: disc rather claims too little: a named place lies within 5 km of its point, a district's point
#: within 30 km, a province's within 100 km of anything in it. Where an Afghan district or province
#: is named its outline is drawn instead.
WHERE: dict[int, Exactness] = {
    1: Exactness(GeoPrecision.SETTLEMENT, 5_000, "the exact location is known"),
    2: Exactness(GeoPrecision.DISTRICT, 25_000, "within about 25 km of a known point"),
    3: Exactness(
        GeoPrecision.DISTRICT, 30_000, "the district (second-order division) is known", "district"
    ),
    4: Exactness(
        GeoPrecision.PROVINCE, 100_000, "the province (first-order division) is known", "province"
    ),
    5: Exactness(GeoPrecision.PROVINCE, 100_000, "an estimated point of a line or vague area"),
    6: Exactness(GeoPrecision.COUNTRY, None, "only the country is known"),
    7: Exactness(GeoPrecision.PROVINCE, 100_000, "an estimated point at sea or in the air"),
}
#: Files made from GED that leave where_prec out: nothing finer may be claimed.
WHERE_NOT_STATED = Exactness(GeoPrecision.PROVINCE, 100_000, "the file does not say how exact")

#: date_prec: 1 the day is known, 2 two to six days, 3 the week, 4 the month or 8 to 30 days, 5 more
#: than a month up to a year.
DATE: dict[int, DatePrecision] = {
    1: DatePrecision.DAY,
    2: DatePrecision.DAYS,
    3: DatePrecision.WEEK,
    4: DatePrecision.MONTH,
    5: DatePrecision.YEAR,
}

YEARLY, CANDIDATE = "ucdp-ged", "ucdp-candidate"

_CITATION = (
    "CC BY 4.0. Cite: Sundberg, Ralph and Erik Melander (2013) Introducing the UCDP Georeferenced "
    "Event Dataset, Journal of Peace Research 50(4); Davies, Shawn, Therese Pettersson and Magnus "
    "Öberg, Organized violence, Journal of Peace Research, of the year of the release"
)
_CANDIDATE_CITATION = (
    "; Hegre, Håvard, Mihai Croicu, Kristine Eck and Stina Högbladh (2020) Introducing the UCDP "
    "Candidate Events Dataset, Research & Politics"
)


def _covers(version: str) -> dict[str, Any]:
    """The days of a release by its number: 23.1 is 1989 to 2022, 26.0.1 is January 2026."""
    parts = [int(part) for part in version.split(".") if part.isdigit()]
    if len(parts) == 2:
        return {
            "covers_from": date(1989, 1, 1),
            "covers_to": date(1999 + parts[0], 12, 31),
            "covers_watched": True,
            "covers_how": "events with deaths that UCDP found in the media it follows; the days "
            "are the release's, and a file may hold fewer countries or years",
        }
    if len(parts) == 3 and 1 <= parts[2] <= 12:
        year, month = 2000 + parts[0], parts[2]
        return {
            "covers_from": date(year, month, 1),
            "covers_to": date(year, month, calendar.monthrange(year, month)[1]),
            "covers_watched": True,
            "covers_how": "candidate events with deaths of one month; UCDP may still change them",
        }
    return {}


def release(version: str, dataset: str = "") -> Release:
    """The release of a version: "23.1" yearly, "26.0.1" candidate; "" where it is not known."""
    candidate = version.count(".") == 2 or dataset == CANDIDATE
    key = dataset or (CANDIDATE if candidate else YEARLY)
    name = "UCDP Candidate Events Dataset" if candidate else "UCDP Georeferenced Event Dataset"
    year = 2000 + int(version.split(".")[0]) if version else None
    source = Source(
        id=f"{key}-{version}" if version else key,
        publisher="Uppsala Conflict Data Program",
        title=f"{name} (GED), version {version}" if version else f"{name} (GED)",
        language="en",
        redistribution=Redistribution.OPEN,
        licence=_CITATION + (_CANDIDATE_CITATION if candidate else ""),
        # The release's number is its year; the day is in no file.
        published_earliest=date(year, 1, 1) if year else None,
        published_latest=date(year, 12, 31) if year else None,
        published_how=f"release of {year}" if year else "release not stated",
        url="https://ucdp.uu.se/downloads/",
        dataset=key,
        dataset_version=version or None,
        **_covers(version),
    )
    return Release(key, version, source)
