"""The table's columns, and an incident's row in words (rows → table, printed sheet)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mapapp.domain.actors import actor
from mapapp.domain.countries import country_name
from mapapp.domain.vocab import NO_STATEMENT, Rule, label
from mapapp.domain.wording import iso_interval, property_label
from mapapp.query.filters.table import SHOWN
from mapapp.snapshot.schema import best_column


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A heading, what the table can be ordered by under it (empty: nothing), and an explanation.

    `first` columns stand in every table, the others where a reader asks for all.
    """

    name: str
    order: str = ""
    help: str = ""
    first: bool = False
    number: bool = False


COLUMNS = (
    TableColumn("Date", "date", first=True),
    TableColumn("Where", "adm1_name", first=True),
    TableColumn("What", "event_type", first=True),
    TableColumn(
        "Killed", "killed", "Reported killed, lowest to highest; attackers left out", first=True
    ),
    TableColumn(
        "Wounded", "wounded", "Reported wounded, lowest to highest; attackers left out", first=True
    ),
    TableColumn("Who did it", help="As said by anybody; the incident says by whom", first=True),
    TableColumn("Sources differ on", first=True),
    TableColumn("Incident", "title", first=True),
    TableColumn("Province", "adm1_name"),
    TableColumn("District", "adm2_name"),
    TableColumn("Place as reported", "place_text"),
    TableColumn("Place known to", "geo_precision"),
    TableColumn("Date known to", "date_precision"),
    TableColumn("Date as reported"),
    TableColumn("Target", "target_type"),
    *(TableColumn(entry.heading) for entry in SHOWN),
    TableColumn("Figures for"),
    TableColumn("Killed low", "killed_low", number=True),
    TableColumn("Killed best", "killed", "By the rule chosen", number=True),
    TableColumn("Killed high", "killed_high", number=True),
    TableColumn("Wounded low", "wounded_low", number=True),
    TableColumn("Wounded best", "wounded", "By the rule chosen", number=True),
    TableColumn("Wounded high", "wounded_high", number=True),
    TableColumn("Sources"),
    TableColumn("Speakers", "speakers", number=True),
    TableColumn("Marked", help="Background and abroad are in the totals only when included"),
    TableColumn("Country", "country"),
    TableColumn("Dataset", "dataset"),
    TableColumn("Record", "id"),
)

NAMES = tuple(column.name for column in COLUMNS)

#: What the table can be ordered by.
ORDERS = frozenset(column.order for column in COLUMNS if column.order)


def row_words(row: Mapping[str, Any], rule: Rule) -> tuple[Any, ...]:
    """The values under `COLUMNS` of a row of `Dashboard.table`: words, or numbers (None: none)."""
    where = dict.fromkeys(
        name
        for name in (
            row["place_name"] or row["place_text"],
            row["adm1_name"],
            country_name(row["country"]) if row["abroad"] else "",
        )
        if name
    )
    marked = [name for name in ("background", "abroad") if row[name]]
    if not row["mappable"]:
        marked.append("not mappable")
    return (
        iso_interval(row["earliest"], row["latest"]),
        ", ".join(where),
        label(row["event_type"]),
        row["killed_text"],
        row["wounded_text"],
        perpetrator_text(row["actors"] or (), row["kinds"] or ()),
        ", ".join(map(property_label, row["disagreements"] or ())),
        row["title"],
        row["adm1_name"],
        row["adm2_name"],
        row["place_text"],
        label(row["geo_precision"]),
        label(row["date_precision"]),
        row["date_text"],
        row["target"] or label(row["target_type"]),
        *(", ".join(entry.word({}, c) for c in row[entry.column] or ()) for entry in SHOWN),
        ", ".join(map(label, row["victim_classes"] or ())),
        row["killed_low"],
        row[best_column("killed", rule)],
        row["killed_high"],
        row["wounded_low"],
        row[best_column("wounded", rule)],
        row["wounded_high"],
        ", ".join(row["source_ids"] or ()),
        row["speakers"],
        ", ".join(marked),
        country_name(row["country"]),
        row["dataset"],
        row["id"],
    )


def perpetrator_text(actors: Sequence[str], kinds: Sequence[str]) -> str:
    """ "ISKP · claimed, no claim reported"; "no statement" where nobody says anything."""
    if not kinds or tuple(kinds) == (NO_STATEMENT,):
        return label(NO_STATEMENT)
    names = ", ".join(actor(code).short for code in actors)
    words = ", ".join(map(label, kinds))
    return f"{names} · {words}" if names else words
