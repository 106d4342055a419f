"""Who says what of an incident: speakers × what is said, with what does not fit together marked.

Pure: claims in, plain rows out. The panel, the matrix, the incident as text and the standalone page
show the same rows; they differ in the columns that they have room for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mapapp.domain.actors import actor
from mapapp.domain.claim import Claim
from mapapp.domain.conflicts import value_words
from mapapp.domain.incident import Incident
from mapapp.domain.source import Source, web_address
from mapapp.domain.vocab import MEASURES, Property, SpeakerClass, VictimClass, label
from mapapp.domain.wording import bounds_text, claim_number, property_label

PERPETRATOR: Final = "perpetrator"


@dataclass(frozen=True, slots=True)
class SpeakerColumn:
    """A property and its heading. Of figures: those of a class of `victims`, None: in all.

    A `narrow` column has room for short words alone, and shows attackers in it, apart.
    """

    name: str
    heading: str
    about: str = ""
    victims: VictimClass | None = None
    narrow: bool = False

    def holds(self, claim: Claim) -> bool:
        """Whether a claim stands in the column."""
        if self.name == PERPETRATOR:
            return claim.property is Property.ATTRIBUTION
        if str(claim.property) != self.name:
            return False
        if claim.property not in MEASURES or self.narrow:
            return True
        if self.victims is None:
            return claim.victim_class is not VictimClass.ATTACKERS
        return claim.victim_class is self.victims

    @property
    def counts(self) -> bool:
        """Whether it holds figures of all victims, which add up."""
        return self.name in map(str, MEASURES) and self.victims is None


#: The columns that a panel has room for.
NARROW: Final = (
    SpeakerColumn("killed", "Killed", "Reported killed", narrow=True),
    SpeakerColumn("wounded", "Wounded", "Reported wounded", narrow=True),
    SpeakerColumn(
        "casualties", "Killed + wounded", "Killed and wounded, not told apart", narrow=True
    ),
    SpeakerColumn(PERPETRATOR, "Perpetrator", "Who did it", narrow=True),
)

#: Properties that are told in words, in order; on all but the last two speakers may differ.
WORDED: Final = (
    Property.DATE,
    Property.PLACE,
    Property.EVENT_TYPE,
    Property.TARGET,
    Property.WEAPON,
    Property.DAMAGE,
    Property.PARTICIPANT,
)

#: Words for victims that a narrow cell has room for.
_SHORT: Final = {
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
class SpeakerCell:
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
class SpeakerRow:
    """One speaker: name, class, citations, and a cell for each column."""

    speaker: str
    speaker_class: SpeakerClass
    citations: tuple[Citation, ...]
    cells: tuple[SpeakerCell, ...]


def rows(
    incident: Incident, sources: Mapping[str, Source], columns: Sequence[SpeakerColumn] = NARROW
) -> tuple[SpeakerRow, ...]:
    """A row for each speaker who says something in these columns, in the order recorded."""
    apart = incident.conflicts
    differing = {key for conflict in apart if not conflict.alone for key in conflict.claims}
    alone = {key for conflict in apart if conflict.alone for key in conflict.claims}
    totals = {
        str(measure): {
            total.speaker: bounds_text(total.low, total.high)
            for total in incident.totals(measure)
            if total.numeric
        }
        for measure in MEASURES
    }

    def cell(speaker: str, claims: Sequence[Claim], column: SpeakerColumn) -> SpeakerCell:
        here = [claim for claim in claims if column.holds(claim)]
        numbers = [c for c in here if _is_victims(c) and (c.low is not None or c.high is not None)]
        adds_up = column.counts and len(numbers) > 1
        parts = dict.fromkeys(_part(c, column) for c in sorted(here, key=_is_victims, reverse=True))
        whole = column.victims is None
        return SpeakerCell(
            tuple(parts),
            total=totals[column.name].get(speaker, "") if adds_up else "",
            differs=whole and any(c.id in differing for c in here),
            contradicts_itself=whole and any(c.id in alone for c in here),
        )

    speakers: dict[tuple[str, SpeakerClass], list[Claim]] = {}
    for claim in incident.claims:
        if claim.current and any(column.holds(claim) for column in columns):
            speakers.setdefault((claim.asserted_by, claim.speaker_class), []).append(claim)
    return tuple(
        SpeakerRow(
            speaker,
            speaker_class,
            citations(claims, sources),
            tuple(cell(speaker, claims, column) for column in columns),
        )
        for (speaker, speaker_class), claims in speakers.items()
    )


def _is_victims(claim: Claim) -> bool:
    return claim.victim_class is not VictimClass.ATTACKERS


def _part(claim: Claim, column: SpeakerColumn) -> Part:
    if claim.property is Property.ATTRIBUTION:
        return attribution_part(claim)
    if claim.property not in MEASURES:
        return Part(value_words(claim))
    if column.narrow and not _is_victims(claim):
        return Part(f"+{claim_number(claim)}", attackers(claim.low == claim.high == 1))
    return Part(claim_number(claim), _whom(claim, column))


def _whom(claim: Claim, column: SpeakerColumn) -> str:
    """Whom a figure counts, where the column does not say it."""
    assert claim.victim_class is not None  # Claim.__post_init__ refuses it for measures
    whom = claim.victim_text
    if not whom and column.victims is None and claim.victim_class is not VictimClass.UNSPECIFIED:
        words = label(claim.victim_class)
        whom = _SHORT.get(claim.victim_class, words) if column.narrow else words
    return f"{whom} among them".strip() if claim.subset_of is not None else whom


def attackers(one: bool) -> str:
    """ "attacker" or "attackers"."""
    return "attacker" if one else "attackers"


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


def citations(claims: Sequence[Claim], sources: Mapping[str, Source]) -> tuple[Citation, ...]:
    """Where a speaker's words stand, a source once with all its places."""
    places: dict[str, dict[str, None]] = {}
    for claim in claims:
        locators = places.setdefault(claim.source_id, {})
        if claim.locator:
            locators[claim.locator] = None
    return tuple(
        Citation(
            source_id,
            source.publisher if source else source_id,
            tuple(locators),
            web_address(source.url) if source else None,
            source.graphic if source else False,
        )
        for source_id, locators in places.items()
        for source in (sources.get(source_id),)
    )


def differences(incident: Incident) -> tuple[tuple[str, str], ...]:
    """Every conflict among the claims: the property, and in words between whom and why."""
    return tuple((property_label(c.name), c.reason) for c in incident.conflicts)


def other_statements(incident: Incident) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What is said of properties that no narrow column holds, differing or not: one entry a
    property, with each value and its speaker.
    """
    entries = []
    for prop in (Property.KIDNAPPED, *WORDED):
        claims = [c for c in incident.claims if c.current and c.property is prop]
        if claims:
            statements = dict.fromkeys((value_words(c), c.asserted_by) for c in claims)
            entries.append((property_label(str(prop)), tuple(statements)))
    return tuple(entries)


def remarks(incident: Incident) -> tuple[str, ...]:
    """The curator's remarks on single claims, each with the speaker it is about."""
    noted = (c for c in incident.claims if c.current and c.note)
    return tuple(dict.fromkeys(f"{c.asserted_by}: {c.note}" for c in noted))
