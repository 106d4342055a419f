"""The data of the standalone page, in a compact form: each text once, rows as arrays (claims →
JSON).
"""

from __future__ import annotations

from typing import Any, Final

from mapapp.domain.actors import actor
from mapapp.domain.claim import Claim
from mapapp.domain.headline import Headline
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import (
    MEASURES,
    Modifier,
    Property,
    VictimClass,
    VictimGroup,
    label,
)
from mapapp.exporters.gate import Extract
from mapapp.exporters.shapes import shape
from mapapp.exporters.terms import web_url
from mapapp.query.filters.table import SHOWN

#: Fields of an incident's array, in order; `standalone_incidents.js` reads them by these names.
INCIDENT_FIELDS: Final = (
    "id", "title", "earliest", "latest", "date_precision", "date_text", "place_text",
    "place_name", "district", "province", "geo_precision", "lat", "lng", "radius_m", "area_id",
    "areal",
    "ambiguous", "mappable", "kind", "actors", "event_type", "target", "shown", "killed", "wounded",
    "best", "attackers", "background", "country", "disagreements", "notes", "withheld", "claims",
)  # fmt: skip

#: Fields of a claim's array.
CLAIM_FIELDS: Final = (
    "property", "speaker", "speaker_class", "source", "locator", "text", "detail", "kind", "note",
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
    texts = Texts()
    sources = {key: at for at, key in enumerate(extract.sources)}
    incidents = [_incident(incident, extract, sources, texts) for incident in extract.incidents]
    return {
        "incident_fields": INCIDENT_FIELDS,
        "claim_fields": CLAIM_FIELDS,
        "shown": [{"part": entry.part, "heading": entry.heading} for entry in SHOWN],
        "incidents": incidents,
        "sources": [
            {
                "id": source.id,
                "citation": source.cite(),
                "publisher": source.publisher,
                "url": web_url(source.url),
                "graphic": source.graphic,
                "licence": source.licence,
            }
            for source in extract.sources.values()
        ],
        "words": {
            code: label(code)
            for code in {
                *(str(i.record.place.geo_precision) for i in extract.incidents),
                *(str(i.record.date.precision) for i in extract.incidents),
                *(str(c.speaker_class) for i in extract.incidents for c in i.claims),
                *(str(p) for p in Property),
                "perpetrator",
            }
        },
        "rule": str(extract.rule),
        "texts": texts.all,
    }


def _incident(incident: Incident, extract: Extract, sources: dict[str, int], t: Texts) -> list[Any]:
    record, when, where = incident.record, incident.record.date, incident.record.place
    drawn = shape(where)
    killed = incident.headline(Property.KILLED, extract.rule)
    wounded = incident.headline(Property.WOUNDED, extract.rule)
    attackers = incident.headline(Property.KILLED, extract.rule, VictimGroup.ATTACKERS)
    row: dict[str, Any] = {
        "id": t(record.id),
        "title": t(record.title),
        "earliest": t(when.earliest.isoformat() if when.earliest else None),
        "latest": t(when.latest.isoformat() if when.latest else None),
        "date_precision": t(when.precision),
        "date_text": t(when.text),
        "place_text": t(where.text),
        "place_name": t(where.name),
        "district": t(where.adm2_name),
        "province": t(where.adm1_name),
        "geo_precision": t(where.geo_precision),
        "lat": _degrees(where.lat),
        "lng": _degrees(where.lng),
        "radius_m": round(where.radius_m) if where.radius_m else None,
        "area_id": t(where.area_id),
        "areal": int(drawn is not None and drawn.kind == "area"),
        "ambiguous": int(where.ambiguous),
        "mappable": int(where.mappable),
        "kind": t(incident.display_kind),
        "actors": [t(code) for code in incident.actors],
        "event_type": t(record.event_type),
        "target": t(record.target or label(record.target_type)),
        "shown": [
            [t(entry.word({}, code)) for code in entry.of_incident(incident)] for entry in SHOWN
        ],
        "killed": _figure(killed, t),
        "wounded": _figure(wounded, t),
        "best": t(
            f"Best figure for killed by the rule “{extract.rule}”: {killed.best} "
            f"({killed.best_speaker})."
            if killed.known
            else "Nobody gives a number of killed."
        ),
        "attackers": t(str(attackers) if attackers.known else None),
        "background": int(record.background),
        "country": t(record.country),
        "disagreements": [t(name) for name in incident.disagreements],
        "notes": [t(note) for note in record.notes],
        "withheld": extract.trimmed.get(incident.id, 0),
        "claims": [_claim(claim, sources, t) for claim in incident.claims if claim.current],
    }
    return [row[name] for name in INCIDENT_FIELDS]


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


def _figure(figure: Headline, t: Texts) -> list[Any]:
    """Low, best, high, whether the high end is open, and the range in words."""
    return [figure.low, figure.best, figure.high, int(figure.high_open), t(str(figure))]


def _claim(claim: Claim, sources: dict[str, int], t: Texts) -> list[Any]:
    text, detail = said(claim)
    row = {
        "property": t(claim.property),
        "speaker": t(claim.asserted_by),
        "speaker_class": t(claim.speaker_class),
        "source": sources[claim.source_id],
        "locator": t(claim.locator),
        "text": t(text),
        "detail": t(detail),
        "kind": t(claim.attribution_kind),
        "note": t(claim.note),
    }
    return [row[name] for name in CLAIM_FIELDS]


def said(claim: Claim) -> tuple[str, str]:
    """What a claim says, and whom or what it is about: ("≥6", "civilians")."""
    if claim.property in MEASURES:
        return _number(claim), _whom(claim)
    if claim.property is Property.ATTRIBUTION and claim.attribution_kind is not None:
        if claim.actor is None:
            return label(claim.attribution_kind), ""
        name = actor(claim.actor).short
        own = claim.actor_text
        quoted = f"“{own}”" if own and own.casefold() != name.casefold() else ""
        return f"{name}, {label(claim.attribution_kind)}", quoted
    text = claim.value or claim.words or "not said"
    coded = claim.property in (Property.EVENT_TYPE, Property.TARGET)
    return (label(text) if coded else text), ""


def _number(claim: Claim) -> str:
    low, high, modifier = claim.low, claim.high, claim.modifier
    if modifier is Modifier.VAGUE or (low is None and high is None):
        return f"“{claim.words}”" if claim.words else claim.value or "no number"
    if modifier is Modifier.OVER and low is not None:
        return f">{low - 1:,}"
    if high is None:
        return f"≥{low:,}"
    if low is None:
        return f"≤{high:,}"
    text = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return f"~{text}" if modifier is Modifier.ABOUT else text


def _whom(claim: Claim) -> str:
    plain = claim.victim_class is VictimClass.UNSPECIFIED and not claim.victim_text
    whom = "" if plain else claim.victim_text or label(str(claim.victim_class))
    return f"{whom or 'some'} among them" if claim.subset_of is not None else whom
