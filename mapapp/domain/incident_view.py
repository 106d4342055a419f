"""An incident in words: what its panel, the standalone page and a pasted text show of it (claims →
plain values).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain import who_says_so, wording
from mapapp.domain.countries import country_name
from mapapp.domain.dependence import dependence
from mapapp.domain.headline import Headline, Total
from mapapp.domain.incident import Incident
from mapapp.domain.solar_hijri import solar_hijri_text
from mapapp.domain.source import Source, web_address
from mapapp.domain.vocab import VICTIM_GROUP, Property, Rule, VictimGroup, label
from mapapp.domain.who_says_so import NARROW, Part, SpeakerCell, SpeakerColumn, SpeakerRow

#: "paragraph 7", "paragraphs 2, 29": numbers that can be put into one list.
_PARAGRAPHS = re.compile(r"paragraphs? \d+(, ?\d+)*")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with every place in it that a claim rests on."""

    id: str
    citation: str
    url: str | None
    graphic: bool


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Everything that is shown of an incident, as plain text; nothing is escaped yet.

    `groups` are victim groups with their killed and wounded; `differences` pairs of a property and
    what is said of it; `others` a property with pairs of a value and its speaker, who may each be
    written in another direction.
    """

    id: str
    title: str
    when: str
    hijri: str
    when_words: str
    when_derivation: str
    when_precision: str
    where: str
    where_words: str
    where_precision: str
    what: str
    flags: tuple[str, ...]
    statements: tuple[Part, ...]
    columns: tuple[SpeakerColumn, ...]
    rows: tuple[SpeakerRow, ...]
    disputed: int
    killed: str
    wounded: str
    attackers: str
    best: str
    casualties: str
    groups: tuple[tuple[str, str, str], ...]
    differences: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    notes: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    dependence: tuple[str, ...]


def incident_view(incident: Incident, sources: Sequence[Source], rule: Rule) -> IncidentView:
    """An incident in words; `sources` are the items it rests on."""
    record = incident.record
    by_id = {source.id: source for source in sources}
    when = record.date
    exact = when.earliest is not None and when.earliest == when.latest
    differences = who_says_so.differences(incident)
    differing = {name for name, _ in differences}
    killed = incident.headline(Property.KILLED, rule)
    return IncidentView(
        id=incident.id,
        title=record.title,
        when=wording.interval(when),
        hijri=solar_hijri_text(when.earliest) if exact and when.earliest else "",
        when_words=when.text,
        when_derivation=when.derivation,
        when_precision=wording.date_precision_text(when.precision),
        where=wording.place_text(record.place),
        where_words=record.place.text,
        where_precision=where_precision(incident),
        what=what(incident),
        flags=flags(incident),
        statements=statements(incident),
        columns=NARROW,
        rows=who_says_so.rows(incident, by_id),
        disputed=sum(column.name in incident.disagreements for column in NARROW),
        killed=str(killed),
        wounded=str(incident.headline(Property.WOUNDED, rule)),
        attackers=attackers_text(incident),
        best=best_text(killed, incident.totals(Property.KILLED)),
        casualties=_casualties(incident),
        groups=victim_groups(incident),
        differences=differences,
        others=tuple(
            other for other in who_says_so.other_statements(incident) if other[0] not in differing
        ),
        notes=(*record.notes, *who_says_so.remarks(incident)),
        sources=tuple(
            SourceLine(
                source.id,
                source.cite(_locators(incident, source.id)),
                web_address(source.url),
                source.graphic,
            )
            for source in sources
        ),
        dependence=dependence(incident, by_id),
    )


def where_precision(incident: Incident) -> str:
    """How exactly the place is known, with the radius drawn, in words."""
    place = incident.record.place
    words = wording.geo_precision_text(place.geo_precision)
    if place.radius_m and place.area_id is None:
        words += f"; within {wording.distance(place.radius_m)} of the mark"
    if place.ambiguous:
        words += "; the name may mean the city or the province"
    if not place.mappable:
        words += "" if "not mappable" in words else "; not mappable"
    return words


def what(incident: Incident) -> str:
    """Event type and target in words: "Bombing or planted device against a police convoy"."""
    record = incident.record
    kind = label(record.event_type)
    target = record.target or label(record.target_type)
    return f"{kind[:1].upper()}{kind[1:]}. Target: {target}"


def flags(incident: Incident) -> tuple[str, ...]:
    """What keeps an incident out of the totals unless asked for."""
    record = incident.record
    lines = []
    if record.background:
        lines.append("background: mentioned in passing")
    if record.abroad:
        lines.append(f"abroad ({country_name(record.country)})")
    return tuple(lines)


def best_text(head: Headline, totals: Sequence[Total]) -> str:
    """How the best figure was chosen, one sentence."""
    chosen = next((total for total in totals if total.speaker == head.best_speaker), None)
    if chosen is None:
        return "Nobody gives a number of killed."
    return (
        f"Best figure for killed by the rule “{wording.RULE_NAMES[head.rule]}”: "
        f"{wording.bounds_text(chosen.low, chosen.high)} ({chosen.speaker})."
    )


def statements(incident: Incident) -> tuple[Part, ...]:
    """What is said of who did it, each statement once; where nothing is, one part that says so."""
    claims = [c for c in incident.claims if c.current and c.property is Property.ATTRIBUTION]
    parts = {(p.kind, p.text): p for p in map(who_says_so.attribution_part, claims)}
    return tuple(parts.values()) or (Part("no statement on who did it", kind="none"),)


def attackers_text(incident: Incident) -> str:
    """The reported dead among the attackers, counted apart: "+2 attackers", or empty."""
    head = incident.headline(Property.KILLED, group=VictimGroup.ATTACKERS)
    return f"+{head} {who_says_so.attackers(str(head) == '1')}" if head.known else ""


def victim_groups(incident: Incident) -> tuple[tuple[str, str, str], ...]:
    """Reported killed and wounded of each group that any figure speaks of."""
    present = {VICTIM_GROUP[victims] for victims in incident.victim_classes}
    return tuple(
        (
            str(group),
            str(incident.headline(Property.KILLED, group=group)),
            str(incident.headline(Property.WOUNDED, group=group)),
        )
        for group in VictimGroup
        if group in present
    )


def _casualties(incident: Incident) -> str:
    head = incident.headline(Property.CASUALTIES)
    if not head.known:
        return ""
    return f"“{head} killed and wounded” does not tell the two apart, so it enters neither figure."


def _locators(incident: Incident, source_id: str) -> str:
    """Every place in a source that a claim rests on: "paragraphs 2, 5, 23"."""
    places = dict.fromkeys(
        c.locator for c in incident.claims if c.source_id == source_id and c.current and c.locator
    )
    numbers: set[int] = set()
    others = []
    for place in places:
        if _PARAGRAPHS.fullmatch(place):
            numbers.update(map(int, re.findall(r"\d+", place)))
        else:
            others.append(place)
    listed = ", ".join(map(str, sorted(numbers)))
    noun = "paragraph" if len(numbers) == 1 else "paragraphs"
    return ", ".join([f"{noun} {listed}"] * bool(numbers) + others)


def incident_text(view: IncidentView, link: str = "") -> str:
    """The incident as plain text with its sources, for pasting."""
    lines = [
        view.title,
        f"{view.when}{f' ({view.hijri})' if view.hijri else ''}; {view.when_precision}",
        f"{view.where} (“{view.where_words}”); {view.where_precision}",
        view.what,
        *view.flags,
        f"Reported killed {view.killed}{f' ({view.attackers})' if view.attackers else ''}, "
        f"wounded {view.wounded}. {view.best}",
    ]
    if view.casualties:
        lines.append(view.casualties)
    lines += ["", "Who says so:"]
    for row in view.rows:
        cells = [
            f"{column.heading.lower()} {_cell_text(cell)}"
            for column, cell in zip(view.columns, row.cells, strict=True)
            if cell.parts
        ]
        where = "; ".join(", ".join((cite.name, *cite.locators)) for cite in row.citations)
        lines.append(f"- {row.speaker} ({label(row.speaker_class)}): {'; '.join(cells)} [{where}]")
    if view.differences:
        lines += ["", "Sources differ on:"]
        lines += [f"- {name}: {words}" for name, words in view.differences]
    if view.notes:
        lines += ["", "Notes:", *(f"- {note}" for note in view.notes)]
    lines += ["", "Sources:"]
    for source in view.sources:
        graphic = " [graphic content]" if source.graphic else ""
        lines.append(f"- {source.citation}{graphic}{f' {source.url}' if source.url else ''}")
    lines += ["", f"Record {view.id}", *([link] if link else [])]
    return "\n".join(lines)


def _cell_text(cell: SpeakerCell) -> str:
    parts = ", ".join(f"{part.text} {part.detail}".strip() for part in cell.parts)
    return f"{parts} (= {cell.total})" if cell.total else parts
