"""Incidents: the record a curator keeps, and the incident assembled from it and its claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations

from mapapp.domain.actors import akin
from mapapp.domain.claim import Claim
from mapapp.domain.conflicts import Conflict, conflicts
from mapapp.domain.countries import HOME
from mapapp.domain.dates import DateInterval
from mapapp.domain.headline import Headline, Total, headline, totals
from mapapp.domain.judgement import Judgement
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    DISPLAY_ORDER,
    NO_STATEMENT,
    AttributionKind,
    EventType,
    Property,
    Rule,
    SpeakerClass,
    TargetType,
    VictimClass,
    VictimGroup,
)


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """What a curator states of one incident, beside its claims.

    `country` is an ISO 3166-1 alpha-3 code. `background` marks an attack that a source only
    mentions in passing. `title` is ours and states no perpetrator.
    """

    id: str
    title: str
    date: DateInterval
    place: PlaceRef
    event_type: EventType
    target_type: TargetType
    target: str
    background: bool = False
    country: str = HOME
    notes: tuple[str, ...] = ()
    dataset: str = "curated"

    @property
    def abroad(self) -> bool:
        """Whether it happened outside Afghanistan."""
        return self.country != HOME

    @property
    def province(self) -> str | None:
        """The code of its province: the P-code, and abroad the country with the data's own words
        ("SYR:Aleppo Governorate"), for no register of ours has the provinces of other countries.
        """
        name = self.place.adm1_name
        if self.abroad:
            return f"{self.country}:{name}" if name else None
        return self.place.adm1_pcode


@dataclass(frozen=True, slots=True)
class Attribution:
    """One current statement of who did it: kind, actor id (None for unclaimed) and speaker."""

    kind: AttributionKind
    actor: str | None
    asserted_by: str
    speaker_class: SpeakerClass = SpeakerClass.MEDIA

    @property
    def token(self) -> str:
        """`kind:actor`, the form that filters and the store use."""
        return f"{self.kind}:{self.actor or ''}"


def participants(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The sides that current claims name as taking part, as coded, without repeats.

    Not made one with the actors of attributions: a data set's "IS" is another group in another
    country, and its "Taleban" were no authorities before August 2021.
    """
    return tuple(
        dict.fromkeys(
            c.value for c in claims if c.property is Property.PARTICIPANT and c.current and c.value
        )
    )


@dataclass(frozen=True)
class Incident:
    """A record with its current claims and judgements, and what follows from them.

    `source_dates` maps source ids to their day of publication, for ordering undated assertions;
    `source_origins` to where their accounts come from (a source not named there is its own).
    """

    record: IncidentRecord
    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...] = ()
    source_dates: Mapping[str, date] = field(default_factory=dict)
    source_origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.id

    def totals(self, measure: Property, group: VictimGroup | None = None) -> tuple[Total, ...]:
        """Each speaker's total of a measure; see `headline.totals`."""
        return totals(self.claims, measure, group, dict(self.source_dates))

    def headline(
        self,
        measure: Property,
        rule: Rule = Rule.INDEPENDENT_FIRST,
        group: VictimGroup | None = None,
    ) -> Headline:
        """Low, best and high of a measure."""
        return headline(self.totals(measure, group), rule)

    @cached_property
    def attributions(self) -> tuple[Attribution, ...]:
        """Every current statement of who did it, without repeats, in the order of display."""
        found = {
            Attribution(
                claim.attribution_kind, claim.actor, claim.asserted_by, claim.speaker_class
            ): None
            for claim in self.claims
            if claim.property is Property.ATTRIBUTION
            and claim.current
            and claim.attribution_kind is not None
        }
        # An edited claim moves to the end of the log; what a reader sees first must not move.
        return tuple(sorted(found, key=lambda said: DISPLAY_ORDER.index(said.kind)))

    @property
    def display_kind(self) -> str:
        """The attribution kind that gives its colour, `none` where nobody says anything."""
        kinds = {attribution.kind for attribution in self.attributions}
        return next((str(kind) for kind in DISPLAY_ORDER if kind in kinds), NO_STATEMENT)

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids of the actors named in any attribution, without repeats."""
        return tuple(dict.fromkeys(a.actor for a in self.attributions if a.actor))

    @property
    def participants(self) -> tuple[str, ...]:
        """The sides of the event in a data set's own words; says nothing of who did it."""
        return participants(self.claims)

    @property
    def victim_classes(self) -> tuple[VictimClass, ...]:
        """The victim classes that any casualty claim speaks of."""
        return tuple(
            dict.fromkeys(c.victim_class for c in self.claims if c.victim_class and c.current)
        )

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources it rests on, without repeats."""
        return tuple(dict.fromkeys(c.source_id for c in self.claims if c.current))

    @property
    def origins(self) -> tuple[str, ...]:
        """The separate origins of its sources: five outlets that print one wire are one."""
        return tuple(dict.fromkeys(self.source_origins.get(i, i) for i in self.source_ids))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What its current claims do not agree on, each with the reason."""
        return conflicts(self.claims, self.totals, self.source_dates)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """The measures and properties on which current claims differ: "killed", "perpetrator"."""
        return tuple(dict.fromkeys(conflict.name for conflict in self.conflicts))


def perpetrator_in_dispute(
    statements: Collection[tuple[AttributionKind, str | None]],
) -> bool:
    """Whether statements (kind, actor) of who did it cannot all stand.

    An actor and the organisation it belongs to do not exclude each other.
    """
    kinds = {kind for kind, _ in statements}
    named = {
        name
        for kind, name in statements
        if name and kind in (AttributionKind.CLAIMED, AttributionKind.ATTRIBUTED)
    }
    if kinds & {AttributionKind.CONTESTED, AttributionKind.DENIED}:
        return True
    if AttributionKind.UNCLAIMED in kinds and named:
        return True
    return any(not akin(one, other) for one, other in combinations(named, 2))


def source_dates(sources: Iterable[Source]) -> dict[str, date]:
    """The day that stands in for an undated assertion of a source: its publication.

    Where that is known only as a range it is the last day, by which the words were said; a source
    with no date at all is absent.
    """
    dates = {source.id: source.published_on or source.published_latest for source in sources}
    return {source_id: day for source_id, day in dates.items() if day is not None}


def assemble(
    records: Sequence[IncidentRecord],
    claims: Sequence[Claim],
    judgements: Sequence[Judgement] = (),
    sources: Iterable[Source] = (),
) -> tuple[Incident, ...]:
    """Incidents of the records, in their order, each with its own claims and judgements.

    `sources` are those that the claims name: their days and origins enter what follows from them.
    """
    by_record: dict[str, list[Claim]] = {record.id: [] for record in records}
    for claim in claims:
        by_record[claim.incident_id].append(claim)
    linked: dict[str, list[Judgement]] = {record.id: [] for record in records}
    for judgement in judgements:
        if judgement.superseded_at is None:
            for side in (judgement.left_id, judgement.right_id):
                linked.setdefault(side, []).append(judgement)
    known = tuple(sources)
    dates, origins = source_dates(known), {source.id: source.origin for source in known}
    return tuple(
        Incident(record, tuple(by_record[record.id]), tuple(linked[record.id]), dates, origins)
        for record in records
    )
