"""The one gate for what leaves: what the owner holds back, and what is left for the public (log →
public snapshot).

Pure: the same contents, rules and day give the same answer. Nothing is moved at random, as the mean
of many random moves is the true point; a place becomes the area it lies in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Protocol

from mapapp.domain.actors import resolve
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import GeoPrecision, Property, SpeakerClass, label
from mapapp.gate.rules import ORDER, GateRules

#: Statements that can name a place without meaning to, and speakers who are bound to one.
_TELLING: Final = (Property.PLACE, Property.TARGET, Property.DAMAGE)
LOCAL: Final = (
    SpeakerClass.LOCAL_SOURCE, SpeakerClass.WITNESS, SpeakerClass.MEDICAL, SpeakerClass.OFFICIAL,
)  # fmt: skip

EDITOR: Final = "an editor"
_TRIMMED: Final = "Statements that may not be passed on are left out here, and enter no figure."


class Areas(Protocol):
    """Finds the area that stands for a place."""

    def area_of(self, place: PlaceRef, level: GeoPrecision) -> PlaceRef:
        """The district or province that a place lies in, or the next wider one that is known.

        Nothing in the answer is from the place itself but the areas that it lies in.
        """


@dataclass(frozen=True, slots=True)
class Gated:
    """What may leave, by new ids where an id could tell.

    `gone` are ids of incidents that are not there, `held` those and of what is not whole, both as
    they were. `next_due` is the first day on which something held for its time may leave. `trimmed`
    counts claims left out, by the new id of an incident that does leave.
    """

    batch: Batch
    gone: frozenset[str]
    held: frozenset[str]
    next_due: date | None
    trimmed: Mapping[str, int]


def gate(
    batch: Batch,
    rules: GateRules,
    *,
    today: date,
    areas: Areas,
    alias: Callable[[str], str],
) -> Gated:
    """What may leave of a batch that is whole: all sources and claims of its incidents.

    `alias` makes an id of letters and digits from an id, always the same and not to be guessed.
    """
    passage = _Passage(rules, today, areas, alias, {source.id: source for source in batch.sources})
    claims: dict[str, list[Claim]] = {record.id: [] for record in batch.records}
    for claim in batch.claims:
        claims[claim.incident_id].append(claim)
    shared = {s.dataset for s in batch.sources if not rules.private(s)}
    closed = {s.dataset for s in batch.sources} - shared
    for record in batch.records:
        passage.take(record, claims[record.id], closed)
    held = frozenset(passage.gone | passage.partial)
    judgements = judgements_left(batch.judgements, rules, held)
    out = Batch(
        tuple(passage.used.values()),
        tuple(passage.records),
        tuple(passage.claims),
        judgements,
    )
    return Gated(out, frozenset(passage.gone), held, passage.next_due, passage.trimmed)


def judgements_left(
    judgements: Iterable[Judgement], rules: GateRules, held: Collection[str]
) -> tuple[Judgement, ...]:
    """The judgements that may leave: nothing of either side is held back."""
    return tuple(
        replace(
            j,
            judged_by=editor_name(j.judged_by),
            reason="" if "notes" in rules.withhold_fields else j.reason,
        )
        for j in judgements
        if j.left_id not in held and j.right_id not in held
    )


def editor_name(name: str) -> str:
    """Who recorded something, for the public: an address of a person is nobody else's business."""
    return EDITOR if "@" in name else name


class _Passage:
    """One batch on its way through the gate."""

    def __init__(
        self,
        rules: GateRules,
        today: date,
        areas: Areas,
        alias: Callable[[str], str],
        sources: Mapping[str, Source],
    ) -> None:
        self._rules, self._today, self._areas, self._alias = rules, today, areas, alias
        self._sources = sources
        self.records: list[IncidentRecord] = []
        self.claims: list[Claim] = []
        self.used: dict[str, Source] = {}
        self.gone: set[str] = set()
        self.trimmed: dict[str, int] = {}
        #: Whose statements or place are not whole: what links them to others could tell the rest.
        self.partial: set[str] = set()
        self.next_due: date | None = None

    def take(self, record: IncidentRecord, claims: list[Claim], closed: set[str]) -> None:
        """One incident."""
        rules = self._rules
        # A record that a private data set coded is its row, whatever else is said of it.
        if record.id in rules.withhold_incidents or record.dataset in closed:
            self.gone.add(record.id)
            return
        passing = [c for c in claims if self._claim_passes(c, record, claims)]
        if (claims and not passing) or not self._due(record, claims, rules.delay_days):
            self.gone.add(record.id)
            return
        level = rules.level(
            {c.source_id: self._sources[c.source_id] for c in claims}.values()
        )  # also of claims that stay in: the place may rest on them
        leaving = record
        if len(passing) < len(claims):
            self.partial.add(record.id)
            leaving = replace(leaving, notes=(_TRIMMED,))  # a note may quote what stays in
        if level is not None:
            self.partial.add(record.id)
            key = coarse_id(record, self._alias(record.id))
            # Also what is drawn coarse enough may bear the name of something finer.
            to = max(level, record.place.geo_precision, key=ORDER.index)
            finer = is_finer(record.place.geo_precision, level)
            # Abroad no area of ours is meant, however near the border the point may lie.
            place = self._areas.area_of(PlaceRef("") if record.abroad else record.place, to)
            leaving = coarsened(leaving, key, place, level if finer else None)
        leaving = without_fields(leaving, rules.withhold_fields)
        if len(passing) < len(claims):
            self.trimmed[leaving.id] = len(claims) - len(passing)
        self.records.append(leaving)
        ids = {c.source_id: self._source(c.source_id, level is not None) for c in passing}
        self.claims += said_outside(
            passing, leaving.id, ids, coarse=level is not None, withheld=rules.withhold_fields
        )

    def _source(self, source_id: str, coarse: bool) -> str:
        """Note a source as used, as it may be cited; its id outside."""
        withheld = self._rules.withhold_fields
        source = cited_outside(self._sources[source_id], self._alias, coarse, withheld)
        self.used.setdefault(source.id, source)
        return source.id

    def _claim_passes(self, claim: Claim, record: IncidentRecord, claims: list[Claim]) -> bool:
        source = self._sources[claim.source_id]
        if self._rules.private(source):
            return False
        return self._due(record, claims, self._rules.delay(source))

    def _due(self, record: IncidentRecord, claims: list[Claim], days: int) -> bool:
        """Whether what is held for so many days may leave."""
        if not days:
            return True
        last = record.date.latest
        if last is None:
            # Its end is open: nothing but our own record of it has a day.
            recorded = [c.recorded_at.date() for c in claims if c.recorded_at is not None]
            if not recorded:
                return False
            last = max(recorded)
        due = last + timedelta(days=days)
        if due > self._today:
            self.next_due = due if self.next_due is None else min(self.next_due, due)
            return False
        return True


def is_finer(precision: GeoPrecision, level: GeoPrecision) -> bool:
    """Whether a place of this precision is finer than the level."""
    return ORDER.index(precision) < ORDER.index(level)


def coarse_id(record: IncidentRecord, alias: str) -> str:
    """The id that a coarsened incident has outside."""
    day = record.date.latest or record.date.earliest
    year = f"-{day.year}" if day else ""
    return f"{record.country.lower()}{year}-{alias}"


def coarsened(
    record: IncidentRecord, key: str, place: PlaceRef, level: GeoPrecision | None
) -> IncidentRecord:
    """The record at a coarser place, without any text that could name a finer one.

    `level` is the finest that leaves, where its own place is finer; the reader is told.
    """
    notes = tuple(n for n in record.notes if n == _TRIMMED)
    if level is not None:
        notes += (coarse_note(level),)
    where = place.name or record.country
    return replace(
        record,
        id=key,
        title=f"{label(record.event_type)}, {where}",
        place=place,
        date=replace(record.date, text="", derivation=""),
        target="",
        notes=notes,
    )


def coarse_note(level: GeoPrecision) -> str:
    """What a reader is told beside a coarsened place."""
    return f"The owner of this map gives this place to the {level} at the finest."


def without_fields(record: IncidentRecord, withheld: Collection[str]) -> IncidentRecord:
    """The record without what the owner withholds of every incident."""
    if "title" in withheld:
        where = record.place.adm2_name or record.place.adm1_name or record.country
        record = replace(record, title=f"{label(record.event_type)}, {where}")
    if "target" in withheld:
        record = replace(record, target="")
    if "notes" in withheld:
        record = replace(record, notes=())
    if "place_text" in withheld:
        record = replace(record, place=replace(record.place, text=record.place.name))
    return record


def said_outside(
    claims: Sequence[Claim],
    incident_id: str,
    sources: Mapping[str, str],
    *,
    coarse: bool,
    withheld: Collection[str],
) -> list[Claim]:
    """An incident's claims as they may leave, by its id outside and those of their sources."""
    speakers: dict[str, str] = {}
    victims: dict[Any, dict[str, None]] = {}
    for claim in claims:
        if claim.victim_text:
            victims.setdefault(_counted(claim), {}).setdefault(claim.victim_text)
    found = []
    for claim in claims:
        gone: dict[str, Any] = {}
        if coarse or "words" in withheld:
            # Numbered where there are several, so that figures of two groups stay two.
            texts = list(victims.get(_counted(claim), ()))
            many = len(texts) > 1 and claim.victim_text
            own = f"group {texts.index(claim.victim_text) + 1}" if many else ""
            gone |= {"words": "", "victim_text": own, "actor_text": ""}
        if coarse or "notes" in withheld:
            gone["note"] = ""
        if coarse or "locator" in withheld:
            gone["locator"] = ""
        if claim.value is not None and (
            (coarse and claim.property in _TELLING)
            or (claim.property is Property.TARGET and "target" in withheld)
            or (claim.property is Property.PLACE and "place_text" in withheld)
        ):
            gone["value"] = None
        if "speakers" in withheld or (coarse and _bound_to_a_place(claim)):
            # Numbered, so that two speakers stay two and their figures are not added up.
            name = f"{label(claim.speaker_class)} {len(speakers) + 1}"
            gone["asserted_by"] = speakers.setdefault(claim.asserted_by, name)
        by = editor_name(claim.recorded_by)
        if by != claim.recorded_by:
            gone["recorded_by"] = by
        source_id = sources[claim.source_id]
        if source_id != claim.source_id or incident_id != claim.incident_id:
            gone |= {"source_id": source_id, "incident_id": incident_id}
        found.append(replace(claim, **gone) if gone else claim)
    return found


def _bound_to_a_place(claim: Claim) -> bool:
    """Whether a speaker's name can tell a place finer than leaves.

    Of a party that is its office or its leader there; an armed group under its own name is not.
    """
    if claim.speaker_class is SpeakerClass.PARTY:
        return resolve(claim.asserted_by) is None
    return claim.speaker_class in LOCAL


def _counted(claim: Claim) -> Any:
    """What figures are told apart by beside the words for the victims."""
    return (claim.property, claim.asserted_by, claim.victim_class, claim.subset_of)


def cited_outside(
    source: Source, alias: Callable[[str], str], coarse: bool, withheld: Collection[str]
) -> Source:
    """The source as it may be cited: beside a coarsened place only by publisher and date."""
    # A release of a data set names no place in its title or address; a page may.
    blind = coarse and source.dataset_version is None
    if blind:
        source = replace(source, id=aliased(source.id, alias), published_how="", covers_how="")
    if blind or "source_title" in withheld:
        source = replace(source, title="title not shown")
    if blind or "source_url" in withheld:
        source = replace(source, url=None, archived_url=None)
    return source


def aliased(source_id: str, alias: Callable[[str], str]) -> str:
    """The id that a source has beside coarsened incidents."""
    return f"src-{alias(source_id)}"
