"""The data of the standalone page, in a compact form: each text once, rows as arrays (claims →
JSON).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mapapp.domain.countries import named_province
from mapapp.domain.headline import Headline
from mapapp.domain.incident import Incident
from mapapp.domain.incident_view import IncidentView, SourceLine, incident_view
from mapapp.domain.source import Source, web_address
from mapapp.domain.vocab import Property, label
from mapapp.domain.who_says_so import SpeakerCell, SpeakerRow
from mapapp.domain.wording import iso_interval
from mapapp.exporters.extract import Extract
from mapapp.exporters.shapes import shape
from mapapp.query.filters.table import CODES, SHOWN

#: Fields of an incident's array, in order; `incidents.js` reads them by these names.
INCIDENT_FIELDS: Final = (
    "id", "title", "earliest", "latest", "date_precision", "days", "place_text", "place_name",
    "district", "province", "geo_precision", "lat", "lng", "radius_m", "area_id", "areal",
    "mappable", "kind", "actors", "event_type", "target", "shown", "killed", "wounded", "withheld",
    "view",
)  # fmt: skip


class Texts:
    """Texts by index, each kept once; index 0 is the empty text."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {"": 0}

    def __call__(self, text: str | None) -> int:
        """The index of a text."""
        return self._index.setdefault(text or "", len(self._index))

    @property
    def all(self) -> list[str]:
        """Every text, by index."""
        return list(self._index)


def payload(extract: Extract) -> dict[str, Any]:
    """Everything the page shows, texts as indices into `texts`."""
    texts, number = Texts(), _numbers(extract)
    views = (_view(view, number, texts) for view in _views(extract))
    rows = [
        _incident(incident, extract, view, texts)
        for incident, view in zip(extract.incidents, views, strict=True)
    ]
    return _payload(extract, rows, texts)


def parted(extract: Extract, size: int) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
    """The same in parts: what map, list and filters need, and what the panel shows besides of
    `size` incidents each, with texts of its own.
    """
    texts, number, views = Texts(), _numbers(extract), list(_views(extract))
    rows = [
        # Notes are searched.
        _incident(incident, extract, {"notes": list(map(texts, view.notes))}, texts)
        for incident, view in zip(extract.incidents, views, strict=True)
    ]

    def details() -> Iterator[dict[str, Any]]:
        for at in range(0, len(views), size):
            of_part = Texts()
            shown = [_view(view, number, of_part) for view in views[at : at + size]]
            yield {"views": shown, "texts": of_part.all}

    return _payload(extract, rows, texts) | {"part_size": size}, details()


def _views(extract: Extract) -> Iterator[IncidentView]:
    for incident in extract.incidents:
        sources = [extract.sources[key] for key in incident.source_ids]
        yield incident_view(incident, sources, extract.rule)


def _numbers(extract: Extract) -> dict[str, int]:
    return {key: at for at, key in enumerate(extract.sources)}


def _payload(extract: Extract, rows: list[list[Any]], texts: Texts) -> dict[str, Any]:
    return {
        "incident_fields": INCIDENT_FIELDS,
        "shown": [{"part": entry.part, "heading": entry.heading} for entry in SHOWN],
        "incidents": rows,
        "sources": [_source(source) for source in extract.sources.values()],
        "texts": texts.all,
    }


def link_params(extract: Extract) -> list[dict[str, Any]]:
    """The parameters of the dashboard's links that the page has filters for.

    Each with the part it sets, and where the page goes by words: the words of its codes.
    """
    records = [incident.record for incident in extract.incidents]
    provinces = {
        code: named_province(r.place.adm1_name, r.country) for r in records if (code := r.province)
    }
    words = {"provinces": provinces} | {
        entry.part: {code: entry.word({}, code) for code in entry.known or ()} for entry in SHOWN
    }
    return [
        {"name": CODES[part].param, "part": chosen, "codes": words.get(part)}
        for part, chosen in (
            ("provinces", "province"), ("groups", "actor"), ("event_types", "type"),
            ("kinds", "kinds"), *((entry.part, entry.part) for entry in SHOWN),
        )
    ]  # fmt: skip


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "publisher": source.publisher,
        "url": web_address(source.url),
        "graphic": source.graphic,
        "licence": source.licence,
    }


def _incident(incident: Incident, extract: Extract, view: dict[str, Any], t: Texts) -> list[Any]:
    record, when, where = incident.record, incident.record.date, incident.record.place
    drawn = shape(where)
    row: dict[str, Any] = {
        "id": t(record.id),
        "title": t(record.title),
        "earliest": t(when.earliest.isoformat() if when.earliest else None),
        "latest": t(when.latest.isoformat() if when.latest else None),
        "date_precision": t(when.precision),
        "days": t(iso_interval(when.earliest, when.latest)),
        "place_text": t(where.text),
        "place_name": t(where.name),
        "district": t(where.adm2_name),
        "province": t(named_province(where.adm1_name, record.country) or None),
        "geo_precision": t(where.geo_precision),
        "lat": _degrees(where.lat),
        "lng": _degrees(where.lng),
        "radius_m": round(where.radius_m) if where.radius_m else None,
        "area_id": t(where.area_id),
        "areal": int(drawn is not None and drawn.kind == "area"),
        "mappable": int(where.mappable),
        "kind": t(incident.display_kind),
        "actors": [t(code) for code in incident.actors],
        "event_type": t(record.event_type),
        "target": t(record.target or label(record.target_type)),
        "shown": [
            [t(entry.word({}, code)) for code in entry.of_incident(incident)] for entry in SHOWN
        ],
        "killed": _figure(incident.headline(Property.KILLED, extract.rule), t),
        "wounded": _figure(incident.headline(Property.WOUNDED, extract.rule), t),
        "withheld": extract.trimmed.get(incident.id, 0),
        "view": view,
    }
    return [row[name] for name in INCIDENT_FIELDS]


def _view(view: IncidentView, number: dict[str, int], t: Texts) -> dict[str, Any]:
    """What the panel shows beside the incident's fields; what is empty is left out."""
    known: dict[str, Any] = {
        "when": t(view.when),
        "hijri": t(view.hijri),
        "when_about": [t(view.when_precision), t(view.when_words), t(view.when_derivation)],
        "where": t(view.where),
        "where_precision": t(view.where_precision),
        "what": t(view.what),
        "flags": list(map(t, view.flags)),
        "disputed": view.disputed,
        "rows": [_row(row, number, t) for row in view.rows],
        "headline": [t(view.killed), t(view.attackers), t(view.wounded), t(view.best)],
        "casualties": t(view.casualties),
        "groups": [list(map(t, (label(name), *rest))) for name, *rest in view.groups],
        "differences": [list(map(t, pair)) for pair in view.differences],
        "others": [
            [t(name), *([t(v), t(s)] for v, s in statements)] for name, statements in view.others
        ],
        "notes": list(map(t, view.notes)),
        "dependence": list(map(t, view.dependence)),
        "sources": [_cited(line, number, t) for line in view.sources],
    }
    return {name: value for name, value in known.items() if value}


def _row(row: SpeakerRow, number: dict[str, int], t: Texts) -> list[Any]:
    """Speaker, class, citations (source, places) and a cell for each narrow column."""
    return [
        t(row.speaker),
        t(label(row.speaker_class)),
        [[number[cite.source_id], *map(t, cite.locators)] for cite in row.citations],
        [_cell(cell, t) for cell in row.cells],
    ]


def _cell(cell: SpeakerCell, t: Texts) -> list[Any]:
    """Parts (text, detail, kind), the total, whether it differs or contradicts itself; empty: the
    speaker says nothing of it.
    """
    if not cell.parts:
        return []
    parts = [[t(part.text), t(part.detail), t(part.kind)] for part in cell.parts]
    return [parts, t(cell.total), int(cell.differs), int(cell.contradicts_itself)]


def _cited(line: SourceLine, number: dict[str, int], t: Texts) -> list[int]:
    return [number[line.id], t(line.citation)]


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


def _figure(figure: Headline, t: Texts) -> list[Any]:
    """Low, best, high, whether the high end is open, and the range in words."""
    return [figure.low, figure.best, figure.high, int(figure.high_open), t(str(figure))]
