"""Incidents read whole from a snapshot for what leaves: a selection, a page, or one (snapshot →
export, API).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mapapp.domain.batch import source_dates, source_origins
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.moment import Moment
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.exporters import gate
from mapapp.exporters.gate import Closed, Extract
from mapapp.gate.public import TRIMMED_KEY, sentences_of
from mapapp.log import codec
from mapapp.query import Dashboard
from mapapp.query.filters.params import printable
from mapapp.query.filters.table import restrict
from mapapp.query.tables import compile_query, table
from mapapp.snapshot import row_files
from mapapp.store import Engine, Snapshot

Expr = Any

#: west, south, east, north in degrees; west > east crosses the antimeridian.
Bounds = tuple[float, float, float, float]

#: Above so many incidents an export is not made in one piece: 2 GB of memory would not do. See
#: `parts.Parts` for more.
MAX_INCIDENTS = 200_000


def read_extract(snapshot: Snapshot, selection: Selection, as_of: Moment | None = None) -> Extract:
    """What may leave of a selection, in the order of ids.

    `as_of` is said in the extract and its link where the snapshot is one of an earlier time. Raises
    InvalidInput where it holds more than `MAX_INCIDENTS`, StoreUnavailable where the snapshot
    cannot be read.
    """
    dash = Dashboard(snapshot)
    count = dash.count(selection)
    if count > MAX_INCIDENTS:
        raise InvalidInput(
            f"the selection holds {count:,} incidents, a file of this format "
            f"{MAX_INCIDENTS:,} at most; narrow it, for example to a year or a province, or take "
            "csv-package, geoparquet, geojson or json on the command line (python -m mapapp "
            "export), which hold any number"
        )
    engine = snapshot.engine
    incidents, sources = assembled(engine, restrict(table("incidents"), selection))
    if len(incidents) != count:
        raise InvalidInput(
            f"{count - len(incidents)} of {count} incidents have no record in the snapshot and "
            "cannot be exported with their claims; publish the store anew"
        )
    own = gate.extract(
        incidents,
        sources,
        selection,
        labels=dash.labels(),
        held_back=sentences_of(snapshot),
        left_out=_left_out(engine),
    )
    return dated(own, as_of)


def dated(own: Extract, as_of: Moment | None) -> Extract:
    """An extract that says of which time its snapshot is, where that is not now."""
    if as_of is None:
        return own
    link = f"{own.link}&as_of={as_of}" if own.link else f"as_of={as_of}"
    return replace(own, sentence=f"{own.sentence}, as recorded on {as_of}", link=link)


def read_closed(engine: Engine) -> Closed:
    """What the sources of a snapshot keep in."""
    t = table("sources")
    rows = _run(engine, t.select("id", "content"))
    found = gate.closed(codec.decode_source(row["content"]) for row in rows)
    return replace(found, trimmed=_left_out(engine))


def _left_out(engine: Engine) -> dict[str, int]:
    t = table("meta")
    rows = _run(engine, t.filter(t.key == TRIMMED_KEY).select("value"))
    found: dict[str, int] = json.loads(rows[0]["value"]) if rows else {}
    return found


@dataclass(frozen=True, slots=True)
class Passed:
    """Incidents that may leave, their sources, and how many claims of each had to stay."""

    incidents: tuple[Incident, ...]
    sources: dict[str, Source]
    trimmed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of incidents that may leave: `after` is the id the next page begins after."""

    passed: Passed
    matched: int
    after: str | None


@dataclass(frozen=True, slots=True)
class Extent:
    """What the points and days of all that may leave span; None where there is none."""

    bounds: Bounds | None
    first: date | None
    last: date | None


def read_page(
    engine: Engine,
    selection: Selection,
    bounds: Bounds | None,
    limit: int,
    after: str | None,
    rule: Closed,
) -> Page:
    """Incidents of a selection by id, `limit` at most, whose point lies in `bounds`."""
    t = public_rows(restrict(table("incidents"), selection), rule)
    if bounds is not None:
        t = t.filter(point_in(t, bounds))
    matched = _run(engine, t.aggregate(n=t.count().cast("int64")))[0]["n"]
    if after is not None:
        t = t.filter(t.id > after)
    # One more than asked for tells whether there is a next page.
    passed = _passed(engine, t.order_by("id").limit(limit + 1), rule)
    if len(passed.incidents) <= limit:
        return Page(passed, int(matched), None)
    kept = passed.incidents[:limit]
    return Page(Passed(kept, passed.sources, passed.trimmed), int(matched), kept[-1].id)


def read_ids(engine: Engine, ids: Sequence[str], rule: Closed) -> Passed:
    """What may leave of the incidents with these ids, in order of id."""
    safe = [key for key in ids if printable(key)]
    if not safe:
        return Passed((), {}, {})
    t = table("incidents")
    return _passed(engine, t.filter(t.id.isin(safe)), rule)


def _passed(engine: Engine, chosen: Expr, rule: Closed) -> Passed:
    incidents, sources = assembled(engine, chosen)
    passed, trimmed = [], {}
    for incident in incidents:
        own = gate.trim(incident, rule)
        if own is None:
            continue
        if left := len(incident.claims) - len(own.claims) + rule.trimmed.get(own.id, 0):
            trimmed[own.id] = left
        passed.append(public_judgements(engine, own, rule) if rule else own)
    shared = {key: source for key, source in sources.items() if key not in rule.sources}
    return Passed(tuple(passed), shared, trimmed)


def read_one(engine: Engine, incident_id: str, rule: Closed) -> Passed:
    """One incident and its sources. Raises NotFound, also where it may not leave."""
    detail = Dashboard(engine).incident(incident_id)  # held for the next who asks
    own = gate.trim(detail.incident, rule)
    if own is None:
        raise NotFound(
            f"there is no incident '{incident_id}'; it may have been withdrawn or renamed"
        )
    left = len(detail.incident.claims) - len(own.claims) + rule.trimmed.get(own.id, 0)
    if rule:
        own = public_judgements(engine, own, rule)
    shared = {key: s for key, s in detail.sources.items() if key not in rule.sources}
    return Passed((own,), shared, {own.id: left} if left else {})


def read_extent(engine: Engine, rule: Closed) -> Extent:
    """What all that may leave spans."""
    t = public_rows(table("incidents"), rule)
    placed = t.filter(t.mappable)
    (box,) = _run(
        engine,
        placed.aggregate(
            west=placed.lng.min(), south=placed.lat.min(), east=placed.lng.max(),
            north=placed.lat.max(),
        ),
    )  # fmt: skip
    (days,) = _run(
        engine,
        t.aggregate(
            first=t.earliest.coalesce(t.latest).min(), last=t.latest.coalesce(t.earliest).max()
        ),
    )
    bounds = None
    if box["west"] is not None:
        bounds = (box["west"], box["south"], box["east"], box["north"])
    return Extent(bounds, days["first"], days["last"])


def public_rows(t: Expr, rule: Closed) -> Expr:
    """Rows of the incidents table of which something may leave."""
    if not rule:
        return t
    # Of whose sources some may leave: as many as there are, less those that may not.
    closed = [t.source_ids.contains(key).cast("int64") for key in sorted(rule.sources)]
    inside = sum(closed[1:], closed[0]) if closed else 0
    kept = t.filter((t.source_ids.length() == 0) | (t.source_ids.length() > inside))
    return kept.filter(~kept.dataset.isin(sorted(rule.datasets))) if rule.datasets else kept


def point_in(t: Expr, bounds: Bounds) -> Expr:
    """Whether an incident's point lies in the bounds; what is not mappable lies in none."""
    west, south, east, north = map(float, bounds)
    fits = t.mappable & (t.lat >= south) & (t.lat <= north)
    after, before = t.lng >= west, t.lng <= east
    return fits & ((after & before) if west <= east else (after | before))


def public_judgements(engine: Engine, incident: Incident, rule: Closed) -> Incident:
    """The incident without judgements on others that may not leave."""
    others = {j.other(incident.id) for j in incident.judgements}
    if not others:
        return incident
    t = table("incidents")
    t = public_rows(t.filter(t.id.isin(sorted(others))), rule)
    public = {row["id"] for row in _run(engine, t.select("id"))}
    return gate.without_judgements_on(incident, others - public)


def assembled(engine: Engine, chosen: Expr) -> tuple[tuple[Incident, ...], dict[str, Source]]:
    """The incidents of chosen rows of the incidents table, by id, with all sources they name."""
    ids = chosen.id
    records_t, claims_t, judgements_t = table("records"), table("claims"), table("judgements")
    records = [
        codec.decode_record(row["content"])
        for row in _run(engine, records_t.filter(records_t.id.isin(ids)).order_by("id"))
    ]
    rows_t = table("rows")
    kept = _run(engine, rows_t.filter(rows_t.id.isin(ids)).order_by("id"))
    claims = [
        codec.decode_claim(
            row["content"], recorded_at=row["recorded_at"], recorded_by=row["recorded_by"]
        )
        for row in _run(
            engine,
            claims_t.filter(claims_t.incident_id.isin(ids)).order_by(["incident_id", "position"]),
        )
    ]
    for record, said in row_files.incidents(kept):
        records.append(record)
        claims += said
    records.sort(key=lambda record: record.id)
    linked = judgements_t.filter(
        judgements_t.left_id.isin(ids) | judgements_t.right_id.isin(ids)
    ).order_by("id")
    judgements = [
        codec.decode_judgement(row["content"], recorded_at=row["recorded_at"])
        for row in _run(engine, linked)
    ]
    sources_t = table("sources")
    named = {claim.source_id for claim in claims}
    sources = {
        row["id"]: codec.decode_source(row["content"])
        for row in _run(engine, sources_t.order_by("id"))
        if row["id"] in named
    }
    own = assemble(
        records,
        claims,
        judgements,
        source_dates(sources.values()),
        source_origins(sources.values()),
    )
    return own, sources


def _run(engine: Engine, expression: Expr) -> list[dict[str, Any]]:
    answer = compile_query(expression, engine.dialect).ask(engine)
    rows: list[dict[str, Any]] = answer.to_pylist()
    return rows
