"""One incident as a matrix of speakers against all that is said of it, and the claims in time.

Pure: an incident and its sources in, plain values out; the template `matrix.html` shows them. The
panel's table is the short form; here every property has a column, figures one for each class of
victims, and each column says whether what stands in it fits together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mapapp.domain import wording
from mapapp.domain.claim import Claim
from mapapp.domain.conflicts import Conflict, value_words
from mapapp.domain.dependence import dependence
from mapapp.domain.incident import Incident
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    INDEPENDENCE,
    MEASURES,
    Property,
    Rule,
    VictimClass,
    label,
)
from mapapp.domain.who_says_so import (
    PERPETRATOR,
    WORDED,
    SpeakerColumn,
    SpeakerRow,
    attackers,
    attribution_part,
    rows,
)

_HEADINGS = {
    Property.KILLED: "Killed",
    Property.WOUNDED: "Wounded",
    Property.CASUALTIES: "Killed and wounded together",
    Property.EVENT_TYPE: "Type",
    Property.PARTICIPANT: "Sides, as coded (not who did it)",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what stands in a column fits together: a short word, and why in words."""

    text: str
    reason: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class RuleLine:
    """The best figures under one rule, each with the speaker it is taken from."""

    name: str
    killed: str
    killed_by: str
    wounded: str
    wounded_by: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """What one speaker said on one day, and when that was recorded."""

    when: str
    how: str
    speaker: str
    words: str
    where: str
    recorded: str
    attack: bool = False  # the attack itself


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everything `matrix.html` shows, as plain text; nothing is escaped yet."""

    id: str
    title: str
    columns: tuple[SpeakerColumn, ...]
    verdicts: tuple[Verdict, ...]
    rows: tuple[SpeakerRow, ...]
    conflicts: tuple[tuple[str, str], ...]
    ranges: tuple[tuple[str, str], ...]
    rules: tuple[RuleLine, ...]
    moments: tuple[Moment, ...]
    dependence: tuple[str, ...] = field(default=())


def matrix(incident: Incident, sources: Mapping[str, Source], rule: Rule) -> Matrix:
    """The matrix of an incident; `sources` are the items it rests on, by id."""
    claims = [claim for claim in incident.claims if claim.current]
    apart = incident.conflicts
    judged = [(column, _verdict(column, incident, claims, apart)) for column in _columns(claims)]
    # What is in dispute stands beside the speakers, where a phone shows it without a swipe.
    judged.sort(key=lambda pair: not pair[1].differs)
    columns = tuple(column for column, _ in judged)
    return Matrix(
        id=incident.id,
        title=incident.record.title,
        columns=columns,
        verdicts=tuple(verdict for _, verdict in judged),
        # The most independent first, as the rule of that name has them.
        rows=tuple(
            sorted(
                rows(incident, sources, columns),
                key=lambda row: INDEPENDENCE.index(row.speaker_class),
            )
        ),
        conflicts=tuple((wording.property_label(c.name), c.reason) for c in apart),
        ranges=tuple(
            (wording.property_label(str(measure)), str(incident.headline(measure, rule)))
            for measure in (Property.KILLED, Property.WOUNDED)
        ),
        rules=tuple(_rule_line(incident, each, chosen=each is rule) for each in Rule),
        moments=moments(incident, claims, sources),
        dependence=dependence(incident, sources),
    )


def _columns(claims: Sequence[Claim]) -> tuple[SpeakerColumn, ...]:
    made = []
    for measure in MEASURES:
        classes = [c.victim_class for c in claims if c.property is measure and c.victim_class]
        present = [each for each in VictimClass if each in classes]
        if not present:
            continue
        heading = _HEADINGS[measure]
        counted = [each for each in present if each is not VictimClass.ATTACKERS]
        if counted:
            split = len(counted) > 1
            made.append(SpeakerColumn(str(measure), f"{heading}, in all" if split else heading))
        made += [
            SpeakerColumn(str(measure), f"{heading}: {label(each)}", victims=each)
            for each in present
            if each is VictimClass.ATTACKERS
            or (len(counted) > 1 and each is not VictimClass.UNSPECIFIED)
        ]
    if any(c.property is Property.ATTRIBUTION for c in claims):
        made.append(SpeakerColumn(PERPETRATOR, "Who did it"))
    made += [
        SpeakerColumn(str(prop), _HEADINGS.get(prop, label(prop).capitalize()))
        for prop in WORDED
        if any(c.property is prop for c in claims)
    ]
    return tuple(made)


def _verdict(
    column: SpeakerColumn, incident: Incident, claims: Sequence[Claim], apart: Sequence[Conflict]
) -> Verdict:
    if column.victims is not None:
        return Verdict("")  # judged in the column "in all"
    against = [conflict for conflict in apart if conflict.name == column.name]
    if against:
        alone = all(conflict.alone for conflict in against)
        word = "contradicts itself" if alone else "differ"
        if column.name in map(str, MEASURES):
            word = str(incident.headline(Property(column.name)))
        return Verdict(word, "; ".join(conflict.reason for conflict in against), differs=True)
    speakers = {claim.asserted_by for claim in claims if column.holds(claim)}
    return Verdict("fit together" if len(speakers) > 1 else "one speaker")


def _rule_line(incident: Incident, rule: Rule, *, chosen: bool) -> RuleLine:
    def best(measure: Property) -> tuple[str, str]:
        totals = incident.totals(measure)
        head = incident.headline(measure, rule)
        best_total = next((t for t in totals if t.numeric and t.speaker == head.best_speaker), None)
        if best_total is None:
            return "unknown", ""
        return wording.bounds_text(best_total.low, best_total.high), best_total.speaker

    killed, wounded = best(Property.KILLED), best(Property.WOUNDED)
    return RuleLine(wording.RULE_NAMES[rule], *killed, *wounded, chosen)


def moments(
    incident: Incident, claims: Sequence[Claim], sources: Mapping[str, Source]
) -> tuple[Moment, ...]:
    """The claims in the order they were made, each speaker's of one day and source together.

    An undated claim stands at its source's day and says so; what has no day comes last.
    """
    grouped: dict[tuple[date, str, str, str], list[Claim]] = {}
    for claim in claims:
        day, how = _when(claim, sources.get(claim.source_id))
        key = (day or date.max, how, claim.asserted_by, claim.source_id)
        grouped.setdefault(key, []).append(claim)
    made = []
    for (day, how, speaker, source_id), here in sorted(
        grouped.items(), key=lambda item: item[0][0]
    ):
        source = sources.get(source_id)
        places = dict.fromkeys(c.locator for c in here if c.locator)
        recorded = next((c for c in here if c.recorded_at is not None), None)
        made.append(
            Moment(
                when="day not known" if day == date.max else wording.long_day(day),
                how=how,
                speaker=speaker,
                words="; ".join(dict.fromkeys(_said(claim) for claim in here)),
                where=", ".join([source.publisher if source else source_id, *places]),
                recorded=""
                if recorded is None or recorded.recorded_at is None
                else f"recorded {wording.short_day(recorded.recorded_at.date())}"
                + (f" by {recorded.recorded_by}" if recorded.recorded_by else ""),
            )
        )
    when = incident.record.date
    event = Moment(wording.interval(when), "the attack itself", "", "", "", "", attack=True)
    before = sum(
        1 for day, *_ in sorted(grouped) if when.earliest is not None and day < when.earliest
    )
    return (*made[:before], event, *made[before:])


def _when(claim: Claim, source: Source | None) -> tuple[date | None, str]:
    if claim.asserted_on is not None:
        return claim.asserted_on, "said that day"
    if source is None:
        return None, "day not given"
    if source.published_on is not None:
        return source.published_on, "in the source of that day"
    if source.published_latest is not None:
        return source.published_latest, "by that day, in an undated source"
    return None, "in an undated source"


def _said(claim: Claim) -> str:
    if claim.property is Property.ATTRIBUTION:
        part = attribution_part(claim)
        return f"{part.text} {part.detail}".strip()
    name = wording.property_label(str(claim.property))
    if claim.property not in MEASURES:
        return f"{name}: {value_words(claim)}"
    whom = claim.victim_text or (
        "" if claim.victim_class is VictimClass.UNSPECIFIED else label(claim.victim_class or "")
    )
    if whom == label(VictimClass.ATTACKERS):
        whom = attackers(claim.low == claim.high == 1)
    among = " among them" if claim.subset_of is not None else ""
    return f"{name}: {wording.claim_number(claim)} {whom}{among}".strip()
