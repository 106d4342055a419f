"""What a row of a mapped table asserts: figures, kind, place, and who did it (row → claims)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mapapp.domain import actors
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.vocab import AttributionKind, Property, SpeakerClass, VictimClass
from mapapp.importers.cells.statements import Statement, of_claim, of_perpetrator
from mapapp.importers.cells.values import Figure
from mapapp.importers.forms.dataset import Columns, Release, claim_maker
from mapapp.importers.mapped.mapping import Mapping
from mapapp.importers.tables.table import Fault, Row

#: Ends the name of what "4 (+1)" in a column says of the attackers.
ATTACKERS = " of attackers"

#: Roles of columns that hold a number of people, what it measures, and whom it counts.
FIGURES = (
    ("killed", Property.KILLED, VictimClass.UNSPECIFIED),
    ("civilians_killed", Property.KILLED, VictimClass.CIVILIANS),
    ("students_killed", Property.KILLED, VictimClass.STUDENTS),
    ("wounded", Property.WOUNDED, VictimClass.UNSPECIFIED),
    ("civilians_wounded", Property.WOUNDED, VictimClass.CIVILIANS),
    ("students_wounded", Property.WOUNDED, VictimClass.STUDENTS),
    ("casualties", Property.CASUALTIES, VictimClass.UNSPECIFIED),
    (f"killed{ATTACKERS}", Property.KILLED, VictimClass.ATTACKERS),
    (f"wounded{ATTACKERS}", Property.WOUNDED, VictimClass.ATTACKERS),
)


def claims_of(
    row: Row, key: str, record: IncidentRecord, kind: str, figures: dict[str, Figure],
    *, columns: Columns, mapping: Mapping, release: Release,
) -> list[Claim]:  # fmt: skip
    """What a row asserts; `key` is its id, `kind` its words for the event, `figures` by role."""
    text = columns.text
    claim = claim_maker(
        record.id, release, asserted_by=text(row, "source") or mapping.speaker,
        speaker_class=mapping.speaker_class,
        locator=f"row {key}" if "id" in mapping.columns else "row without an id",
    )  # fmt: skip
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
                victim_text=mapping.victims if victims is VictimClass.CIVILIANS else "",
                words=text(row, role.removesuffix(ATTACKERS)),
            )
        )  # fmt: skip
    found += _attributions(columns, row, record, claim)
    return found


def _attributions(columns: Columns, row: Row, record: IncidentRecord, claim: Any) -> list[Claim]:
    """Who did it by the table, and who says so of themselves, each as its words mean."""
    said = of_perpetrator(columns.text(row, "actor"))
    found = _stated(said, columns.text(row, "actor"), record, claim)
    words = columns.text(row, "claimed_by")
    claimed = of_claim(words)
    if claimed and claimed.kind in _OF_A_NAME and not claimed.actor:
        # "yes": the group that the other column names.
        name = said.actor if said else ""
        claimed = replace(claimed, actor=name, kind=claimed.kind if name else None)
    return [*found, *_stated(claimed, words, record, claim)]


#: Kinds whose speaker is the actor itself.
_OF_A_NAME = (AttributionKind.CLAIMED, AttributionKind.DENIED)


def _stated(said: Statement | None, words: str, record: IncidentRecord, claim: Any) -> list[Claim]:
    if said is None or said.kind is None:
        return []
    if not said.actor:
        if said.kind is not AttributionKind.UNCLAIMED:
            return []
        return [claim(Property.ATTRIBUTION, attribution_kind=said.kind, actor_text=words)]
    found = []
    for kind, actor, name in _actors(said, record):
        speaker: dict[str, Any] = {}
        if kind in _OF_A_NAME:
            speaker = {"asserted_by": name, "speaker_class": SpeakerClass.PARTY,
                       "note": "as the table reports"}  # fmt: skip
        found.append(claim(Property.ATTRIBUTION, attribution_kind=kind, actor=actor,
                           actor_text=words, **speaker))  # fmt: skip
    return found


def _actors(said: Statement, record: IncidentRecord) -> list[tuple[AttributionKind, str, str]]:
    """The kind, whom a statement's words mean there and then, and the words for them; several
    where each part is a known actor."""
    assert said.kind is not None

    def meant(words: str) -> str | None:
        days = record.date
        return actors.resolve(words, country=record.country, on=days.earliest, until=days.latest)

    whole = meant(said.actor)
    if whole is None:
        # Forms write the choices of one question with blanks between them: "taliban iskp".
        for parts in (said.actor.split(), _SEVERAL.split(said.actor)):
            known = {own: part for part in filter(None, parts) if (own := meant(part))}
            if len(parts) > 1 and all(map(meant, filter(None, parts))):
                either = _EITHER.search(said.actor) is not None
                kind = AttributionKind.SUSPECTED if either else said.kind
                return [(kind, own, part) for own, part in known.items()]
    return [(said.kind, whole or said.actor, said.actor)]


_EITHER = re.compile(r"\s(?:or|and/or|یا|ou|или)\s", re.IGNORECASE)
_SEVERAL = re.compile(r"\s+and/or\s+|\s*[;/|&]\s*|\s+(?:and|or|و|یا|او|et|ou|и|или)\s+|\s*,\s*",
                      re.IGNORECASE)  # fmt: skip


def of_both_times(
    columns: Columns, row: Row, days: DateInterval, country: str
) -> tuple[Fault, ...]:
    """A remark on Taliban of days before and after they took Kabul, as those of "2021" are."""
    said = of_perpetrator(columns.text(row, "actor"))
    first, last = days.earliest, days.latest
    if first is None or last is None or not first < actors.TALIBAN_RULE <= last:
        return ()
    if said is None or not said.actor:
        return ()
    if actors.resolve(said.actor, country=country) != "dfa":
        return ()
    what = (
        f"'{said.actor[:60]}' in days before and after 15 August 2021: whether the armed group or "
        "the de facto authorities are meant is not known, and the words stand"
    )
    remedy = "Write the day, or the first and the last possible one"
    return (Fault(columns.title("actor"), what, remedy),)


def unread(columns: Columns, row: Row) -> tuple[Fault, ...]:
    """Remarks on cells about who did it that state something which could not be read."""
    found = []
    said = of_perpetrator(columns.text(row, "actor"))
    for role, read in (("actor", of_perpetrator), ("claimed_by", of_claim)):
        words = columns.text(row, role)
        own = read(words)
        if own is None or own.actor or own.kind is AttributionKind.UNCLAIMED:
            continue
        if role == "claimed_by" and own.kind and said and said.actor:
            continue
        found.append(
            Fault(
                columns.title(role),
                f"'{words[:60]}' does not say of whom; it makes no statement "
                "of who did it and is kept in the notes",
                "Write the group's name, or 'not claimed'",
            )
        )
    return tuple(found)
