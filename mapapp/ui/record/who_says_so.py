"""The who-says-so table of an incident: one row a speaker, disagreements marked with the reason.

Pure: claims in, plain rows out; the template `panel.html` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapapp.domain.actors import actor
from mapapp.domain.claim import Claim
from mapapp.domain.conflicts import conflicts, value_words
from mapapp.domain.headline import Total
from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    MEASURES,
    VICTIM_GROUP,
    Property,
    SpeakerClass,
    VictimClass,
    VictimGroup,
    label,
)
from mapapp.ui.formatting import bounds_text, claim_number, property_label
from mapapp.ui.parts.links import web_address

#: Columns of the table, in order, with the heading a page has room for and its full words.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("killed", "Killed", "Reported killed"),
    ("wounded", "Wounded", "Reported wounded"),
    ("casualties", "K+W", "Killed and wounded, not told apart"),
    ("perpetrator", "Perpetrator", "Who did it"),
)

#: Other properties on which speakers may differ, shown below the table.
OTHER = (
    Property.DATE,
    Property.PLACE,
    Property.EVENT_TYPE,
    Property.TARGET,
    Property.WEAPON,
    Property.DAMAGE,
    Property.PARTICIPANT,
)


#: Words for victims that a narrow cell has room for.
_SHORT = {
    VictimClass.DE_FACTO_AUTHORITY_PERSONNEL: "authorities",
    VictimClass.FORMER_GOVERNMENT_FORCES: "former forces",
    VictimClass.ARMED_GROUP_MEMBERS: "group members",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One statement in a cell: the figure or name, whom or what it is about, its kind's code."""

    text: str
    detail: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one speaker says in one column; `total` where several figures add up."""

    parts: tuple[Part, ...] = ()
    total: str = ""
    differs: bool = False
    contradicts_itself: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a speaker's words stand: the source's id, its short name and the places in it."""

    source_id: str
    name: str
    locators: tuple[str, ...]
    url: str | None
    graphic: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One speaker: name, class, citations, and a cell for each of `COLUMNS`."""

    speaker: str
    speaker_class: SpeakerClass
    citations: tuple[Citation, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One property on which sources differ, and in words how."""

    name: str
    words: str


def columns_in_dispute(incident: Incident) -> frozenset[str]:
    """The names of `COLUMNS` on which current claims differ."""
    return frozenset(incident.disagreements) & {code for code, _, _ in COLUMNS}


def rows(incident: Incident, sources: Mapping[str, Source]) -> tuple[Row, ...]:
    """A row for each speaker who gives a figure or says who did it, in the order recorded."""
    found_apart = conflicts(incident)
    differing = {key for c in found_apart if not c.alone for key in c.claims}
    shown = [
        c
        for c in incident.claims
        if c.current and (c.property in MEASURES or c.property is Property.ATTRIBUTION)
    ]
    speakers: dict[tuple[str, SpeakerClass], list[Claim]] = {}
    for claim in shown:
        speakers.setdefault((claim.asserted_by, claim.speaker_class), []).append(claim)
    totals = {
        measure: {total.speaker: total for total in incident.totals(measure)}
        for measure in MEASURES
    }
    found = []
    for (speaker, speaker_class), said in speakers.items():
        cells = [
            _measure_cell(
                [c for c in said if c.property is measure],
                totals[measure].get(speaker),
                differing,
            )
            for measure in MEASURES
        ]
        names = [c for c in said if c.property is Property.ATTRIBUTION]
        cells.append(
            Cell(tuple(map(attribution_part, names)), differs=any(c.id in differing for c in names))
        )
        found.append(Row(speaker, speaker_class, citations(said, sources), tuple(cells)))
    return tuple(found)


def _measure_cell(said: list[Claim], total: Total | None, differing: set[str]) -> Cell:
    victims = [c for c in said if c.victim_class is not VictimClass.ATTACKERS]
    attackers = [c for c in said if c.victim_class is VictimClass.ATTACKERS]
    parts = [_figure_part(c) for c in victims]
    parts += [Part(f"+{claim_number(c)}", _plural_attackers(c)) for c in attackers]
    numeric = total is not None and total.numeric
    adds_up = len([c for c in victims if c.low is not None]) > 1 and total is not None and numeric
    return Cell(
        tuple(parts),
        total=bounds_text(total.low, total.high) if adds_up and total is not None else "",
        differs=any(c.id in differing for c in said),
        contradicts_itself=total is not None and total.contradicts_itself,
    )


def _plural_attackers(claim: Claim) -> str:
    return "attacker" if claim.low == claim.high == 1 else "attackers"


def _figure_part(claim: Claim) -> Part:
    assert claim.victim_class is not None  # Claim.__post_init__ refuses it for measures
    known = claim.victim_class is not VictimClass.UNSPECIFIED
    whom = claim.victim_text
    if not whom and known:
        whom = _SHORT.get(claim.victim_class, label(claim.victim_class))
    if claim.subset_of is not None:
        whom = f"{whom or label(claim.victim_class)} among them"
    return Part(claim_number(claim), whom)


def attribution_part(claim: Claim) -> Part:
    """An attribution as the table writes it: "ISKP, claimed"; the source's word in the remark."""
    assert claim.attribution_kind is not None  # Claim.__post_init__ refuses it
    kind = claim.attribution_kind
    if claim.actor is None:
        return Part(label(kind), kind=str(kind))
    name = actor(claim.actor).short
    word = claim.actor_text
    detail = f"“{word}”" if word and word.casefold() != name.casefold() else ""
    return Part(f"{name}, {label(kind)}", detail, str(kind))


def citations(said: Sequence[Claim], sources: Mapping[str, Source]) -> tuple[Citation, ...]:
    """Where a speaker's words stand, a source once with all its places."""
    places: dict[str, dict[str, None]] = {}
    for claim in said:
        locators = places.setdefault(claim.source_id, {})
        if claim.locator:
            locators[claim.locator] = None
    found = []
    for source_id, locators in places.items():
        source = sources.get(source_id)
        found.append(
            Citation(
                source_id,
                source.publisher if source else source_id,
                tuple(locators),
                web_address(source.url) if source else None,
                source.graphic if source else False,
            )
        )
    return tuple(found)


def differences(incident: Incident) -> tuple[Difference, ...]:
    """Every conflict among the claims: the property, and in words between whom and why."""
    return tuple(Difference(property_label(c.name), c.reason) for c in conflicts(incident))


def other_statements(incident: Incident) -> tuple[Difference, ...]:
    """What is said of properties that have no column, one entry a property, differing or not."""
    found = []
    for prop in OTHER:
        said = [c for c in incident.claims if c.current and c.property is prop]
        if said:
            words = "; ".join(dict.fromkeys(f"{value_words(c)} ({c.asserted_by})" for c in said))
            found.append(Difference(property_label(str(prop)), words))
    return tuple(found)


def remarks(incident: Incident) -> tuple[str, ...]:
    """The curator's remarks on single claims, each with the speaker it is about."""
    noted = (c for c in incident.claims if c.current and c.note)
    return tuple(dict.fromkeys(f"{c.asserted_by}: {c.note}" for c in noted))


def attackers_text(incident: Incident) -> str:
    """The reported dead among the attackers, counted apart: "+2 attackers", or empty."""
    head = incident.headline(Property.KILLED, group=VictimGroup.ATTACKERS)
    if not head.known:
        return ""
    noun = "attacker" if str(head) == "1" else "attackers"
    return f"+{head} {noun}"


def victim_groups(incident: Incident) -> tuple[tuple[VictimGroup, str, str], ...]:
    """Reported killed and wounded of each group that any figure speaks of."""
    present = dict.fromkeys(VICTIM_GROUP[c] for c in incident.victim_classes)
    return tuple(
        (
            group,
            str(incident.headline(Property.KILLED, group=group)),
            str(incident.headline(Property.WOUNDED, group=group)),
        )
        for group in VictimGroup
        if group in present
    )
