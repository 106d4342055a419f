"""The snapshot's tables, column by column, as Arrow schemas (snapshot → query).

`query` makes its unbound Ibis tables of them, so that a column is named in one place.
"""

from __future__ import annotations

import pyarrow as pa

from mapapp.domain.vocab import Rule, VictimGroup

#: Raised when a column changes; a snapshot of another version is built anew from the log.
VERSION = 8

#: Web-mercator coordinates are integers of so many bits: 0.6 m at the equator.
MERCATOR_BITS = 26

MEASURES = ("killed", "wounded")
TEXTS = pa.list_(pa.string())


def best_column(measure: str, rule: Rule) -> str:
    """The column of a measure's best figure by a rule: `killed_best_independent_first`."""
    return f"{measure}_best_{rule.replace('-', '_')}"


def group_columns(measure: str, group: VictimGroup) -> tuple[str, str, str]:
    """The low, high and high-is-open columns of a measure of one victim group."""
    stem = f"{group}_{measure}"
    return f"{stem}_low", f"{stem}_high", f"{stem}_high_open"


def measure_fields() -> list[pa.Field]:
    """The figures' columns: bounds, text, the best by each rule; bounds again by victim group."""
    fields = []
    for measure in MEASURES:
        fields += [
            pa.field(f"{measure}_low", pa.int32()),  # null: nobody gives a number
            pa.field(f"{measure}_high", pa.int32()),
            pa.field(f"{measure}_high_open", pa.bool_()),  # the highest is "at least" that
            pa.field(f"{measure}_text", pa.string()),  # the range as the page writes it
            *(pa.field(best_column(measure, rule), pa.int32()) for rule in Rule),
        ]
        for group in VictimGroup:
            low, high, is_open = group_columns(measure, group)
            fields += [
                pa.field(low, pa.int32()),
                pa.field(high, pa.int32()),
                pa.field(is_open, pa.bool_()),
            ]
    return fields


#: What a producer of incidents fills in. `finish` in `columns.py` derives the rest.
BASE = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("background", pa.bool_()),
        pa.field("abroad", pa.bool_()),
        pa.field("country", pa.string()),
        pa.field("dataset", pa.string()),
        pa.field("earliest", pa.date32()),  # null: open
        pa.field("latest", pa.date32()),
        pa.field("date_precision", pa.string()),
        pa.field("date_text", pa.string()),
        pa.field("place_id", pa.string()),
        pa.field("place_text", pa.string()),
        pa.field("place_name", pa.string()),
        pa.field("adm1_pcode", pa.string()),
        pa.field("adm1_name", pa.string()),
        pa.field("adm2_pcode", pa.string()),
        pa.field("adm2_name", pa.string()),
        pa.field("geo_precision", pa.string()),
        pa.field("lat", pa.float64()),
        pa.field("lng", pa.float64()),
        pa.field("radius_m", pa.float64()),
        pa.field("area_id", pa.string()),
        pa.field("mappable", pa.bool_()),
        pa.field("event_type", pa.string()),
        pa.field("target_type", pa.string()),
        pa.field("target", pa.string()),
        pa.field("victim_classes", TEXTS),  # as said
        pa.field("victims", TEXTS),  # as said, with the wider classes they lie in
        pa.field("tokens", TEXTS),  # "kind:actor", also for the organisations an actor belongs to
        pa.field("actors", TEXTS),  # as said
        pa.field("groups", TEXTS),  # as said, with the organisations they belong to
        pa.field("kinds", TEXTS),  # ["none"] where nobody says anything
        # Who says who did it: speaker classes, and actors that speak, with those they belong to.
        pa.field("attributed_by", TEXTS),
        # "kind:actor:speaker" of each such statement; kind or actor is empty for any.
        pa.field("voices", TEXTS),
        pa.field("participants", TEXTS),  # sides of the event as coded; never who did it
        pa.field("weapons", TEXTS),  # as claims name them; ["not_stated"] where none does
        pa.field("display_kind", pa.string()),
        pa.field("disagreements", TEXTS),
        pa.field("doubts", TEXTS),  # reasons for doubt, see domain/doubt.py
        pa.field("source_ids", TEXTS),
        pa.field("origins", pa.int32()),  # separate ones: five outlets on one wire are one
        pa.field("speakers", pa.int32()),
        pa.field("search_text", pa.string()),
        *measure_fields(),
    ]
)

#: Derived columns. `row` is the place in the snapshot's order, unique; `province` the P-code in
#: Afghanistan, elsewhere the country with the data's own words ("SYR:Aleppo Governorate"); `month`
#: counts from year 0; `mx`, `my` are web-mercator integers from the north-west corner; `cell`
#: interleaves their bits.
DERIVED = pa.schema(
    [
        pa.field("row", pa.int64()),
        pa.field("province", pa.string()),
        pa.field("month", pa.int32()),
        pa.field("mx", pa.int64()),
        pa.field("my", pa.int64()),
        pa.field("cell", pa.int64()),
        pa.field("west", pa.float64()),  # the box of the point or disc, degrees
        pa.field("south", pa.float64()),
        pa.field("east", pa.float64()),
        pa.field("north", pa.float64()),
        pa.field("areal", pa.bool_()),  # drawn as the area `area_id`, not as a point or disc
    ]
)

INCIDENTS = pa.schema([*BASE, *DERIVED])

CLAIMS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("position", pa.int64()),  # among its incident's, as recorded
        pa.field("incident_id", pa.string()),
        pa.field("source_id", pa.string()),
        pa.field("property", pa.string()),
        pa.field("asserted_by", pa.string()),
        pa.field("content", pa.string()),  # the whole claim, as `codec.encode` writes it
        pa.field("recorded_at", pa.timestamp("us", "UTC")),
        pa.field("recorded_by", pa.string()),
    ]
)

SOURCES = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("publisher", pa.string()),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("published_earliest", pa.date32()),
        pa.field("published_latest", pa.date32()),
        pa.field("published_how", pa.string()),
        pa.field("language", pa.string()),
        pa.field("licence", pa.string()),
        pa.field("redistribution", pa.string()),
        pa.field("graphic", pa.bool_()),
        pa.field("dataset", pa.string()),
        pa.field("dataset_version", pa.string()),
        pa.field("content", pa.string()),
    ]
)

JUDGEMENTS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("left_id", pa.string()),
        pa.field("right_id", pa.string()),
        pa.field("relation", pa.string()),
        pa.field("content", pa.string()),
        pa.field("recorded_at", pa.timestamp("us", "UTC")),
    ]
)

RECORDS = pa.schema([pa.field("id", pa.string()), pa.field("content", pa.string())])

#: Incidents whose record and claims are made of their row when asked for, by
#: `importers/kept_rows.py`: `form` says how the row is read, `cells` are its own. Those in
#: `records` are not here.
ROWS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("form", pa.string()),
        pa.field("cells", pa.string()),
        pa.field("source_id", pa.string()),
        pa.field("claims", pa.int32()),  # how many the row makes
        pa.field("recorded_at", pa.timestamp("us", "UTC")),
        pa.field("recorded_by", pa.string()),
    ]
)

META = pa.schema([pa.field("key", pa.string()), pa.field("value", pa.string())])

TABLES = {
    "incidents": INCIDENTS,
    "claims": CLAIMS,
    "sources": SOURCES,
    "judgements": JUDGEMENTS,
    "records": RECORDS,
    "rows": ROWS,
    "meta": META,
}

#: The names that Ibis has for the columns' types.
TYPE_NAMES = {
    pa.string(): "string",
    pa.bool_(): "boolean",
    pa.int32(): "int32",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "timestamp('UTC')",
    pa.list_(pa.string()): "array<string>",
}
