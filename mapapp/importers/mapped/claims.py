"""What a row of a mapped table asserts: figures, kind, place, and who did it (row → claims)."""

from __future__ import annotations

from typing import Any

from mapapp.domain import actors
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.vocab import AttributionKind, Property, SpeakerClass, VictimClass
from mapapp.importers.cells.values import Figure
from mapapp.importers.forms.dataset import Columns, Release, claim_for
from mapapp.importers.mapped.mapping import Mapping
from mapapp.importers.tables.table import Row

#: Roles of columns that hold a number of people, what it measures, and whom it counts.
FIGURES = (
    ("killed", Property.KILLED, VictimClass.UNSPECIFIED),
    ("civilians_killed", Property.KILLED, VictimClass.CIVILIANS),
    ("wounded", Property.WOUNDED, VictimClass.UNSPECIFIED),
    ("casualties", Property.CASUALTIES, VictimClass.UNSPECIFIED),
)


def claims_of(
    row: Row, key: str, record: IncidentRecord, kind: str, figures: dict[str, Figure],
    *, columns: Columns, mapping: Mapping, release: Release,
) -> list[Claim]:  # fmt: skip
    """What a row asserts; `key` is its id, `kind` its words for the event, `figures` by role."""
    text = columns.text
    speaker = {
        "asserted_by": text(row, "source") or mapping.speaker,
        "speaker_class": mapping.speaker_class,
    }
    locator = f"row {key}" if "id" in mapping.columns else "row without an id"

    def claim(prop: Property, **content: Any) -> Claim:
        return claim_for(record.id, release, property=prop, locator=locator, **(speaker | content))

    point = [text(row, role) for role in ("lat", "lng")]
    found = [
        claim(Property.DATE, value=record.date.text),
        claim(Property.PLACE, value=record.place.text,
              note=f"coordinates {', '.join(point)}" if all(point) else ""),
    ]  # fmt: skip
    if kind:
        found.append(claim(Property.EVENT_TYPE, value=kind))
    if record.target:
        found.append(claim(Property.TARGET, value=record.target))
    for role, prop, victims in FIGURES:
        if role not in figures:
            continue
        said = figures[role]
        found.append(
            claim(
                prop, value=None if said.value is None else str(said.value), low=said.low,
                high=said.high, modifier=said.modifier, victim_class=victims,
                words=text(row, role),
            )
        )  # fmt: skip
    found += _attributions(columns, row, claim)
    return found


def _attributions(columns: Columns, row: Row, claim: Any) -> list[Claim]:
    found: list[Claim] = []
    name = columns.text(row, "actor")
    unknown = ("unknown", "unidentified", "n/a", "na", "-", "none", "not known", "unclaimed")
    if name.casefold() in unknown:
        found.append(
            claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.UNCLAIMED,
                  actor_text=name)
        )  # fmt: skip
    elif name:
        found.append(
            claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.ATTRIBUTED,
                  actor=actors.resolve(name) or name, actor_text=name)
        )  # fmt: skip
    by = columns.text(row, "claimed_by")
    if by and by.casefold() not in (*unknown, "no", "0", "false"):
        found.append(
            claim(Property.ATTRIBUTION, attribution_kind=AttributionKind.CLAIMED,
                  actor=actors.resolve(by) or by, actor_text=by, asserted_by=by,
                  speaker_class=SpeakerClass.PARTY, note="as the table reports")
        )  # fmt: skip
    return found
