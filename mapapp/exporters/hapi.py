"""The export in the shape of HDX HAPI's `conflict_event`: counts by area and month (claims → CSV).

Columns are those of HAPI's answer, by name; what only its own database knows (`resource_hdx_id`,
`location_ref`, `admin1_ref`, `admin2_ref`) is left out. See docs/exporting.md for the reading of
its event types.
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import GeoPrecision, Property, TargetType
from mapapp.domain.wording import counted
from mapapp.exporters.extract import Extract
from mapapp.exporters.tables import cell

COLUMNS = (
    "location_code", "location_name", "provider_admin1_name", "provider_admin2_name",
    "admin1_code", "admin1_name", "admin2_code", "admin2_name", "admin_level", "event_type",
    "events", "fatalities", "reference_period_start", "reference_period_end",
)  # fmt: skip

#: Our target types that count as civilian targeting; the nearest to ACLED's, which HAPI carries.
CIVILIAN_TARGETS = frozenset(
    {
        TargetType.CIVILIANS, TargetType.RELIGIOUS_SITE, TargetType.EDUCATION,
        TargetType.TRANSPORT, TargetType.BUSINESS, TargetType.DIPLOMATIC,
        TargetType.POLITICAL_PARTY, TargetType.FOREIGN_NATIONALS,
    }
)  # fmt: skip

_COUNTRY_NAMES = {"AFG": "Afghanistan", "PAK": "Pakistan", "IRN": "Iran (Islamic Republic of)"}

Key = tuple[str, str, str, str, date, date]


@dataclass(slots=True)
class _Cell:
    admin1_name: str
    admin2_name: str
    events: int = 0
    figures: list[int] = field(default_factory=list)


def write(extract: Extract) -> bytes:
    """The CSV file, with `events` and the best figure's sum in `fatalities` (empty: no number)."""
    cells, _ = tally(extract)
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for (country, admin1, admin2, event_type, start, end), counts in sorted(cells.items()):
        row = {
            "location_code": country,
            "location_name": _COUNTRY_NAMES.get(country, ""),
            "provider_admin1_name": counts.admin1_name,
            "provider_admin2_name": counts.admin2_name,
            "admin1_code": admin1,
            "admin1_name": counts.admin1_name,
            "admin2_code": admin2,
            "admin2_name": counts.admin2_name,
            "admin_level": 2 if admin2 else 1 if admin1 else 0,
            "event_type": event_type,
            "events": counts.events,
            "fatalities": sum(counts.figures) if counts.figures else "",
            "reference_period_start": f"{start.isoformat()}T00:00:00",
            "reference_period_end": f"{end.isoformat()}T23:59:59",
        }
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8", "replace")


def notes(extract: Extract) -> tuple[str, ...]:
    """What this shape cannot hold of the extract."""
    _, undated = tally(extract)
    if not undated:
        return ()
    return (
        f"{counted(undated, 'incident')} without a first and last day left out: the shape needs "
        "both.",
    )


def number(extract: Extract) -> int:
    """How many incidents the rows count."""
    _, undated = tally(extract)
    return extract.number - undated


def tally(extract: Extract) -> tuple[dict[Key, _Cell], int]:
    """Counts by country, area, event type and months, and how many incidents have no months."""
    cells: dict[Key, _Cell] = {}
    undated = 0
    for incident in extract.incidents:
        months = period(incident.record.date)
        if months is None:
            undated += 1
            continue
        best = incident.headline(Property.KILLED, extract.rule).best
        for key, names in _keys(incident, *months):
            cell = cells.setdefault(key, _Cell(*names))
            cell.events += 1
            if best is not None:
                cell.figures.append(best)
    return cells, undated


def period(when: DateInterval) -> tuple[date, date] | None:
    """The whole months that an incident lies in for certain; None where a side is open."""
    if when.earliest is None or when.latest is None:
        return None
    last = when.latest
    return (
        when.earliest.replace(day=1),
        last.replace(day=calendar.monthrange(last.year, last.month)[1]),
    )


def _keys(incident: Incident, start: date, end: date) -> Iterator[tuple[Key, tuple[str, str]]]:
    place = incident.record.place
    inside = place.geo_precision is not GeoPrecision.COUNTRY
    admin1 = (place.adm1_pcode or "") if inside else ""
    admin2 = (place.adm2_pcode or "") if admin1 else ""
    names = (
        (place.adm1_name or "") if admin1 else "",
        (place.adm2_name or "") if admin2 else "",
    )
    types = ["political_violence"]
    if incident.record.target_type in CIVILIAN_TARGETS:
        types.append("civilian_targeting")
    for event_type in types:
        yield (incident.record.country, admin1, admin2, event_type, start, end), names
