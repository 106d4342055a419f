"""What the sides of a GED event mean: who is held responsible, and whose dead are counted (row →
claims).
"""

from __future__ import annotations

from datetime import date

from mapapp.domain import actors
from mapapp.domain.vocab import (
    AttributionKind,
    SpeakerClass,
    VictimClass,
)
from mapapp.importers.cells import countries
from mapapp.importers.forms.ged_codes import ONE_SIDED, STATE_BASED

SPEAKER = "UCDP"
#: UCDP codes what others report; it verifies no event on the ground as a monitor does.
SPEAKER_CLASS = SpeakerClass.ANALYST


def notes(
    kind: int | None, label: str, side_a: str, side_b: str, clarity: str, status: str, article: str
) -> list[str]:
    """What a record says beside its claims: sides, doubts of the coder, UCDP's own sources."""
    found = []
    sides = [side for side in (side_a, side_b) if side]
    if sides and kind != ONE_SIDED:
        found.append(
            f"Sides as coded by UCDP ({label.lower()}): {' and '.join(sides)}. "
            "It does not code which of them attacked"
        )
    if clarity == "2":
        found.append("UCDP: event_clarity 2, reported together with other events")
    if status not in ("", "Clear"):
        found.append(f"UCDP: code_status {status}")
    if article:
        found.append(f"UCDP's sources: {article}")
    return found


def attributions(
    side_a: str, country: str, day: date | None
) -> tuple[tuple[AttributionKind, str | None], ...]:
    """Whom UCDP holds responsible by naming this side_a of one-sided violence."""
    if side_a.startswith("XXX"):
        return ((AttributionKind.UNCLAIMED, None),)
    return tuple(
        (AttributionKind.ATTRIBUTED, actor_id(name, country, day)) for name in side_a.split(", ")
    )


def victims_of_side(side: str, kind: int | None, country: str, day: date | None) -> VictimClass:
    """The class of a side's dead, `UNSPECIFIED` where the vocabulary or the codebook has none."""
    government = side.removeprefix("Government of ")
    if government != side:
        own = countries.iso3(government)
        if own == "AFG" and day is not None:
            if day >= actors.TALIBAN_RULE:
                return VictimClass.DE_FACTO_AUTHORITY_PERSONNEL
            return VictimClass.FORMER_GOVERNMENT_FORCES
        if own is not None and own != country:
            return VictimClass.FOREIGN_FORCES
        return VictimClass.UNSPECIFIED
    # In state-based conflict the other side is an organised armed group by definition; in non-state
    # conflict it may be a community or the supporters of a party.
    return VictimClass.ARMED_GROUP_MEMBERS if kind == STATE_BASED else VictimClass.UNSPECIFIED


def actor_id(name: str, country: str, day: date | None) -> str:
    """The id of an actor as UCDP names it; a name that means another organisation there and then
    stays as it is."""
    if name == "Government of Afghanistan" and day and day >= actors.TALIBAN_RULE:
        return "dfa" if country == "AFG" else name
    return actors.resolve(name, country=country, on=day) or name
