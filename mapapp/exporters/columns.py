"""The flat tables of an extract, column by column with types: incidents, claims, sources (claims →
CSV, XLSX, GeoParquet).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.exporters.extract import Extract
from mapapp.exporters.incidents_json import claim_json, incident_json, source_json
from mapapp.query.filters.table import SHOWN

Kind = Literal["string", "integer", "number", "boolean", "date", "array"]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its name, what its cells hold, and what it means."""

    name: str
    kind: Kind
    about: str = ""


def _columns(*rows: tuple[str, Kind, str]) -> tuple[ExportColumn, ...]:
    return tuple(ExportColumn(*row) for row in rows)


def _headline(name: str, what: str) -> tuple[ExportColumn, ...]:
    return _columns(
        (f"{name}_low", "integer", f"lowest reported {what}; empty: nobody gives a number"),
        (f"{name}_best", "integer", f"best figure of reported {what} by the rule"),
        (f"{name}_high", "integer", f"highest reported {what}"),
        (f"{name}_rule", "string", "the rule that chose the best figure"),
        (f"{name}_low_modifier", "string", "how the lowest figure was put: exact, at_least, about"),
        (f"{name}_high_modifier", "string", "at_least or over: it may be more"),
        (f"{name}_best_speaker", "string", "whose figure the best one is"),
    )


INCIDENTS: tuple[ExportColumn, ...] = (
    *_columns(
        ("id", "string", "stable id"),
        ("title", "string", "a title that states no perpetrator"),
        ("background", "boolean", "mentioned in passing by its source"),
        ("abroad", "boolean", "outside Afghanistan"),
        ("country", "string", "ISO 3166-1 alpha-3"),
        ("dataset", "string", ""),
        ("date_earliest", "date", "first day it can have been; empty is open"),
        ("date_latest", "date", "last day it can have been; empty is open"),
        ("date_precision", "string", "hour, day, days, week, month, year or unknown"),
        ("date_text", "string", "the date words of the source"),
        ("date_derivation", "string", "how days were made of them"),
        ("place_id", "string", "id in the gazetteer"),
        ("place_text", "string", "the place words of the source"),
        ("place_name", "string", "name of the place in the gazetteer"),
        ("place_adm1_pcode", "string", "province, COD-AB v03"),
        ("place_adm1_name", "string", "province"),
        ("place_adm2_pcode", "string", "district, COD-AB v03"),
        ("place_adm2_name", "string", "district"),
        ("place_geo_precision", "string", "site, neighbourhood, settlement, district, province or "
         "country; for district and province the point is a label point"),
        ("place_lat", "number", "degrees north, WGS 84; empty: not known"),
        ("place_lng", "number", "degrees east, WGS 84"),
        ("place_radius_m", "number", "metres within which it lies"),
        ("place_area_id", "string", "the gazetteer area that it is known to"),
        ("place_ambiguous", "boolean", "the name may mean another place"),
        ("event_type", "string", ""),
        ("target", "string", "as reported"),
        ("target_type", "string", ""),
    ),
    *(ExportColumn(entry.part, "array", entry.about) for entry in SHOWN),
    *_headline("fatalities", "killed, attackers left out"),
    *_headline("injuries", "wounded, attackers left out"),
    *_headline("attackers_killed", "killed attackers"),
    *_columns(
        ("attribution", "string", "the leading kind of statement on who did it"),
        ("actors", "array", "actors named in any such statement"),
        ("disagreements", "array", "what sources differ on"),
        ("notes", "array", "the curator's notes"),
        ("related", "array", "incidents linked by a judgement, with its reason"),
        ("sources", "string", "the sources it rests on"),
        ("claims_withheld", "integer", "claims left out because their source may not be passed on"),
    ),
)  # fmt: skip

CLAIMS: tuple[ExportColumn, ...] = _columns(
    ("incident_id", "string", "the incident it is about"),
    ("id", "string", "a hash of the claim's content"),
    ("property", "string", "what is asserted"),
    ("value", "string", "as said"),
    ("low", "integer", "inclusive lower bound of a number of people"),
    ("high", "integer", "inclusive upper bound; empty is open"),
    ("modifier", "string", "exact, at_least, over, about, vague or range"),
    ("victim_class", "string", "whom a figure counts"),
    ("victim_text", "string", "the same in the source's words"),
    ("subset_of", "string", "the class whose figure already contains this one"),
    ("attribution_kind", "string", "claimed, attributed, suspected, denied, contested, unclaimed"),
    ("actor", "string", "id of the actor"),
    ("actor_text", "string", "the source's word for it"),
    ("asserted_by", "string", "the speaker"),
    ("speaker_class", "string", "monitor, medical, media, witness, …"),
    ("asserted_on", "date", "day of the assertion, where known"),
    ("source", "string", "the source in short"),
    ("source_id", "string", "the source"),
    ("source_url", "string", ""),
    ("locator", "string", "place inside the source"),
    ("words", "string", "the few words that carry the figure or name"),
    ("note", "string", "the curator's note"),
)

SOURCES: tuple[ExportColumn, ...] = _columns(
    ("id", "string", ""),
    ("publisher", "string", ""),
    ("title", "string", ""),
    ("language", "string", "ISO 639-1"),
    ("published_earliest", "date", ""),
    ("published_latest", "date", ""),
    ("published_how", "string", "how the day of publication is known"),
    ("url", "string", "empty where not known"),
    ("archived_url", "string", ""),
    ("accessed_on", "date", ""),
    ("licence", "string", ""),
    ("redistribution", "string", "facts: facts with citation; open: an open licence"),
    ("graphic", "boolean", "graphic content"),
    ("dataset", "string", ""),
    ("dataset_version", "string", ""),
    ("based_on", "array", "media or agencies it says it takes its account from"),
    ("covers_from", "date", "first day that its data set declares to cover"),
    ("covers_to", "date", "last day that its data set declares to cover"),
    ("covers_countries", "array", "ISO 3166-1 alpha-3 codes; empty: not declared"),
    ("covers_provinces", "array", "P-codes of the provinces covered; empty: all"),
    ("covers_watched", "boolean", "whether it watches them all the time"),
    ("covers_how", "string", "the coverage in words"),
)

Row = dict[str, Any]


def incident_rows(extract: Extract) -> Iterator[Row]:
    """One row an incident, keys as in `INCIDENTS`; days are dates, arrays are lists."""
    for incident in extract.incidents:
        row = incident_row(incident, extract)
        yield _typed(row, INCIDENTS)


def incident_row(incident: Incident, extract: Extract) -> Row:
    """The JSON form of an incident made flat: `date.earliest` becomes `date_earliest`."""
    withheld = extract.trimmed.get(incident.id, 0)
    return flat_row(incident, extract.sources, extract.rule, withheld)


def flat_row(
    incident: Incident, sources: Mapping[str, Source], rule: Rule, withheld: int = 0
) -> Row:
    """The same of an incident by itself; days are ISO texts."""
    row = flat(incident_json(incident, sources, rule))
    row["sources"] = "; ".join(sources[key].cite() for key in incident.source_ids)
    row["claims_withheld"] = withheld
    return row


def flat(nested: Row) -> Row:
    """Nested fields as `date_earliest`; claims left out."""
    row: Row = {}
    for name, value in nested.items():
        if isinstance(value, dict):
            row |= {f"{name}_{inner}": cell for inner, cell in value.items()}
        elif name != "claims":
            row[name] = value
    return row


def claim_rows(extract: Extract) -> Iterator[Row]:
    """One row a claim, keys as in `CLAIMS`."""
    for incident in extract.incidents:
        for claim in incident.claims:
            if claim.current:
                row = {"incident_id": incident.id, **claim_json(claim, extract.sources)}
                row["value"] = claim.value
                yield _typed(row, CLAIMS)


def source_rows(extract: Extract) -> Iterator[Row]:
    """One row a source, keys as in `SOURCES`."""
    for source in extract.sources.values():
        yield _typed(source_json(source), SOURCES)


def _typed(row: Row, columns: tuple[ExportColumn, ...]) -> Row:
    days = {column.name for column in columns if column.kind == "date"}
    return {
        column.name: date.fromisoformat(row[column.name])
        if column.name in days and row[column.name]
        else row[column.name]
        for column in columns
    }
