"""A record and its claims in the form of a seed file, and that form as YAML text (log → form).

`document_of` is the inverse of reading a seed file: what it gives is read back into the same
record and claims, to the id.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import FoldedScalarString

from gazetteer import Gazetteer
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.place import PlaceRef
from mapapp.domain.problems import InvalidInput
from mapapp.domain.source import Source
from mapapp.domain.vocab import MEASURES, Modifier, Property, SpeakerClass
from mapapp.importers.cells.places import Disc, place_ref

Document = dict[str, Any]

_PARAGRAPHS: Final = re.compile(r"paragraphs? (\d+(?:, \d+)*)")

#: The form's own parts, each a claim of its own.
_PARTS: Final = {
    Property.DATE: "date",
    Property.PLACE: "place",
    Property.EVENT_TYPE: "event_type",
    Property.TARGET: "target",
}


def document_of(
    record: IncidentRecord,
    claims: Iterable[Claim],
    sources: Mapping[str, Source],
    gazetteer: Gazetteer,
) -> Document:
    """The record in the form of a seed file.

    Raises InvalidInput for what the form cannot say: rows of a data set keep their own form.
    """
    if record.dataset != "curated":
        raise InvalidInput(
            f"'{record.id}' is a row of the data set {record.dataset} and is corrected there; "
            "record what you know as an incident of your own and judge the two the same"
        )
    rest = list(claims)
    own = {name: _take(rest, prop, record) for prop, name in _PARTS.items()}
    main = own["date"].source_id

    def said(claim: Claim, **content: Any) -> Document:
        return _said(claim, sources[claim.source_id], main, content)

    when, where = record.date, record.place
    document: Document = {"id": record.id, "title": record.title, "source": main}
    if record.background:
        document["background"] = True
    if record.country != "AFG":
        document["country"] = record.country
    document["date"] = said(
        own["date"], earliest=when.earliest, latest=when.latest, precision=str(when.precision),
        text=when.text, derivation=when.derivation,
    )  # fmt: skip
    if document["date"].get("words") == when.text:
        del document["date"]["words"]
    document["place"] = said(
        own["place"],
        id=where.place_id,
        text=where.text,
        ambiguous=where.ambiguous or None,
        **geometry_of(record.place, gazetteer),
    )
    if document["place"].get("words") == where.text:
        del document["place"]["words"]
    document["event_type"] = said(own["event_type"], value=str(record.event_type))
    document["target"] = said(own["target"], type=str(record.target_type), text=record.target)
    if rest:
        document["claims"] = [said(claim, **_content(claim)) for claim in rest]
    if record.notes:
        document["notes"] = list(record.notes)
    return document


def _take(rest: list[Claim], prop: Property, record: IncidentRecord) -> Claim:
    """The claim that the record's own date, place, kind or target stands on; out of `rest`."""
    value = {
        Property.DATE: day_value(record.date),
        Property.PLACE: record.place.text,
        Property.EVENT_TYPE: str(record.event_type),
        Property.TARGET: record.target,
    }[prop]
    found = next((c for c in rest if c.property is prop and c.value == value), None)
    if found is None:
        raise InvalidInput(f"'{record.id}' has no claim for its {prop}; it cannot be edited here")
    rest.remove(found)
    return found


def day_value(when: DateInterval) -> str:
    """The value of a date claim, as the importer of seeds writes it."""
    if when.earliest and when.earliest == when.latest:
        return str(when.earliest)
    return f"{when.earliest or '…'} to {when.latest or '…'}"


def geometry_of(where: PlaceRef, gazetteer: Gazetteer) -> Document:
    """The disc that stands for the place's area, and the precision, where they are not its own."""
    if where.place_id is None:
        return {}
    own, disc = place_ref(gazetteer, where.place_id, where.text), None
    if own.area_id and not where.area_id and where.lat and where.lng and where.radius_m:
        disc = Disc(where.lat, where.lng, where.radius_m)
        own = place_ref(gazetteer, where.place_id, where.text, disc=disc)
    same = own.geo_precision is where.geo_precision
    return {
        "disc": asdict(disc) if disc else None,
        "precision": None if same else str(where.geo_precision),
    }


def _said(claim: Claim, source: Source, main: str, content: Document) -> Document:
    paragraphs = _PARAGRAPHS.fullmatch(claim.locator)
    if paragraphs is None:
        raise InvalidInput(
            f"a claim of {claim.property} stands at “{claim.locator}”, which is no paragraph; "
            "this record cannot be edited here"
        )
    numbers = paragraphs[1]
    found = {name: value for name, value in content.items() if value is not None}
    found |= {
        "source": claim.source_id if claim.source_id != main else None,
        "asserted_by": claim.asserted_by if claim.asserted_by != source.publisher else None,
        "speaker_class": str(claim.speaker_class)
        if claim.speaker_class is not SpeakerClass.MEDIA
        else None,
        "asserted_on": claim.asserted_on,
        "paragraph": int(numbers) if numbers.isdigit() else numbers,
        "words": claim.words or None,
        "note": claim.note or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _content(claim: Claim) -> Document:
    value: int | str | None = claim.value
    if claim.property in MEASURES and claim.value is not None:
        value = int(claim.value)
    return {
        "property": str(claim.property),
        "value": value,
        "low": claim.low if claim.modifier is Modifier.RANGE else None,
        "high": claim.high if claim.modifier is Modifier.RANGE else None,
        "modifier": _text(claim.modifier),
        "victim_class": _text(claim.victim_class),
        "victim_text": claim.victim_text or None,
        "subset_of": _text(claim.subset_of),
        "kind": _text(claim.attribution_kind),
        "actor": claim.actor,
        "actor_text": claim.actor_text or None,
    }


def _text(code: object) -> str | None:
    return None if code is None else str(code)


#: The order of fields in a seed file, so that a change shows as the lines that changed.
_TAIL: Final = (
    "source", "asserted_by", "speaker_class", "asserted_on", "paragraph", "words", "note",
)  # fmt: skip
_ORDERS: Final = {
    "": ("id", "title", "source", "background", "country", "date", "place", "event_type", "target",
         "claims", "notes"),
    "date": ("earliest", "latest", "precision", "text", "derivation", *_TAIL),
    "place": ("id", "text", "ambiguous", "precision", *_TAIL),
    "event_type": ("value", *_TAIL),
    "target": ("type", "text", *_TAIL),
    "claims": ("property", "value", "low", "high", "modifier", "victim_class", "victim_text",
               "subset_of", "kind", "actor", "actor_text", *_TAIL),
}  # fmt: skip
_DAYS: Final = frozenset({"earliest", "latest", "asserted_on"})


def tidy(document: Mapping[str, Any], part: str = "") -> Document:
    """A document as typed in the form of a seed file: fields in order, days and numbers as such.

    Empty lists and what is not set are left out; what cannot be read stays as it is, for the check
    to name.
    """
    order = _ORDERS[part]
    names = [*(n for n in order if n in document), *(n for n in document if n not in order)]
    found: Document = {}
    for name in names:
        value = document[name]
        if name in _ORDERS and isinstance(value, Mapping):
            value = tidy(value, name)
        elif name == "claims":
            value = [tidy(own, "claims") for own in value]
        elif name in _DAYS and isinstance(value, str):
            value = _day(value)
        elif name == "paragraph" and isinstance(value, str) and value.strip().isdigit():
            value = int(value)
        if value is not None and value is not False and value != []:  # 0 is a figure
            found[name] = value
    return found


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return text


def source_entry(source: Source) -> Document:
    """A source in the form of an entry of `sources.yaml`."""
    entry: Document = {
        "id": source.id,
        "publisher": source.publisher,
        "title": source.title,
        "language": source.language,
        "url": source.url,
        "archived_url": source.archived_url,
        "accessed_on": source.accessed_on,
        "published": {
            name: value
            for name, value in (
                ("earliest", source.published_earliest),
                ("latest", source.published_latest),
                ("how", source.published_how),
            )
            if value is not None
        },
        "licence": source.licence,
        "redistribution": str(source.redistribution),
        "graphic": source.graphic or None,
        "based_on": list(source.based_on) or None,
    }
    return {name: value for name, value in entry.items() if value is not None}


def yaml_text(document: Any) -> str:
    """A document as the YAML text of a seed file."""
    writer = YAML(typ="rt")
    writer.width = 100
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    writer.dump(_plain(document), out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Containers of the writer's kinds; long text folded, so that a change shows line by line."""
    if isinstance(value, Mapping):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(own) for own in value]
    if isinstance(value, str) and len(value) > 100 and value == " ".join(value.split()):
        return FoldedScalarString(value)
    return value if isinstance(value, (str, int, bool, date)) or value is None else str(value)
