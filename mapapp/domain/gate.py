"""The one gate for what leaves: what the owner holds back, and what is left for the public (log →
public snapshot).

Pure: the same contents, rules and day give the same answer. Nothing is moved at random, as the mean
of many random moves is the true point; a place becomes the area it lies in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Protocol

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import GeoPrecision, Property, Redistribution, SpeakerClass, label

#: What an owner can withhold of every incident, and what it is.
FIELDS: Final = {
    "title": "titles",
    "target": "targets",
    "notes": "notes",
    "place_text": "the words for places",
    "words": "quoted words",
    "locator": "paragraphs in sources",
    "speakers": "speakers' names",
    "source_title": "titles of sources",
    "source_url": "addresses of sources",
}

#: The areas that a place can be coarsened to; finer ones are points or discs.
LEVELS: Final = (GeoPrecision.DISTRICT, GeoPrecision.PROVINCE, GeoPrecision.COUNTRY)

#: Statements that can name a place without meaning to, and speakers who are bound to one.
_TELLING: Final = (Property.PLACE, Property.TARGET, Property.DAMAGE)
_LOCAL: Final = (
    SpeakerClass.LOCAL_SOURCE, SpeakerClass.WITNESS, SpeakerClass.MEDICAL, SpeakerClass.OFFICIAL,
)  # fmt: skip

_ORDER: Final = tuple(GeoPrecision)
_EDITOR: Final = "an editor"
_TRIMMED: Final = "Statements that may not be passed on are left out here, and enter no figure."


@dataclass(frozen=True, slots=True)
class SourceRule:
    """What holds for the sources of a data set, of a publisher, or with an id.

    `private` keeps their claims in. `min_precision` and `delay_days` as in `GateRules`, for what
    rests on them.
    """

    dataset: str | None = None
    publisher: str | None = None
    id: str | None = None
    private: bool = False
    min_precision: GeoPrecision | None = None
    delay_days: int = 0

    def fits(self, source: Source) -> bool:
        """Whether the rule is about this source; every name given must be its own."""
        return (
            self.dataset in (None, source.dataset)
            and self.publisher in (None, source.publisher)
            and self.id in (None, source.id)
        )


@dataclass(frozen=True, slots=True)
class GateRules:
    """What an owner holds back from who may not read all.

    Incidents leave `delay_days` after their last day (undated: after they were recorded).
    `min_precision` is the finest place that leaves, and no text goes that could name a finer one.
    """

    delay_days: int = 0
    min_precision: GeoPrecision | None = None
    withhold_fields: frozenset[str] = frozenset()
    withhold_incidents: frozenset[str] = frozenset()
    sources: tuple[SourceRule, ...] = ()

    def __bool__(self) -> bool:
        return self != GateRules()

    def private(self, source: Source) -> bool:
        """Whether a source's claims stay in: its own rule says so, or the owner."""
        return source.redistribution is Redistribution.PRIVATE or any(
            rule.private for rule in self.sources if rule.fits(source)
        )

    def delay(self, source: Source) -> int:
        """Days that claims of a source are held after the incident."""
        return max((r.delay_days for r in self.sources if r.fits(source)), default=0)

    def level(self, sources: Iterable[Source]) -> GeoPrecision | None:
        """The finest place that leaves of an incident which rests on these sources."""
        found = [] if self.min_precision is None else [self.min_precision]
        for source in sources:
            found += [r.min_precision for r in self.sources if r.min_precision and r.fits(source)]
        return max(found, key=_ORDER.index, default=None)

    def sentences(self) -> tuple[str, ...]:
        """What a reader is told; how much is held back is not said, as it could point at it."""
        found = []
        if self.delay_days:
            days = f"{self.delay_days} days" if self.delay_days > 1 else "a day"
            found.append(f"Incidents are shown {days} after they happened.")
        if self.min_precision:
            found.append(f"Places are given to the {self.min_precision} at the finest.")
        if self.withhold_fields:
            names = [words for name, words in FIELDS.items() if name in self.withhold_fields]
            found.append(f"Not shown: {', '.join(names)}.")
        if self.withhold_incidents:
            found.append("Some incidents are held back.")
        if self.sources:
            found.append("For some sources less is shown, or later.")
        return tuple(found)


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
    return _EDITOR if "@" in name else name


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
        if record.id in rules.withhold_incidents or (not claims and record.dataset in closed):
            self.gone.add(record.id)
            return
        kept = [c for c in claims if self._claim_passes(c, record, claims)]
        if (claims and not kept) or not self._due(record, claims, rules.delay_days):
            self.gone.add(record.id)
            return
        level = rules.level(
            {c.source_id: self._sources[c.source_id] for c in claims}.values()
        )  # also of claims that stay in: the place may rest on them
        own = record
        if len(kept) < len(claims):
            self.partial.add(record.id)
            own = replace(own, notes=(_TRIMMED,))  # a note may quote what stays in
        if level is not None:
            self.partial.add(record.id)
            own = self._coarse(own, level)
        own = self._without_fields(own)
        if len(kept) < len(claims):
            self.trimmed[own.id] = len(claims) - len(kept)
        speakers: dict[str, str] = {}
        passed = [self._claim(c, own.id, level is not None, speakers) for c in kept]
        self.records.append(own)
        self.claims += passed

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

    def _coarse(self, record: IncidentRecord, level: GeoPrecision) -> IncidentRecord:
        """The record at a coarser place, without any text that could name a finer one."""
        own, notes = record.place, tuple(n for n in record.notes if n == _TRIMMED)
        # Also what is drawn coarse enough may bear the name of something finer.
        place = self._areas.area_of(own, max(level, own.geo_precision, key=_ORDER.index))
        if _ORDER.index(own.geo_precision) < _ORDER.index(level):
            notes += (f"The owner of this map gives this place to the {level} at the finest.",)
        where = place.name or record.country
        day = record.date.latest or record.date.earliest
        year = f"-{day.year}" if day else ""
        return replace(
            record,
            id=f"{record.country.lower()}{year}-{self._alias(record.id)}",
            title=f"{label(record.event_type)}, {where}",
            place=place,
            date=replace(record.date, text="", derivation=""),
            target="",
            notes=notes,
        )

    def _without_fields(self, record: IncidentRecord) -> IncidentRecord:
        withheld = self._rules.withhold_fields
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

    def _claim(
        self, claim: Claim, incident_id: str, coarse: bool, speakers: dict[str, str]
    ) -> Claim:
        """The claim as it may leave; its source is noted as used."""
        withheld = self._rules.withhold_fields
        source = self._source(self._sources[claim.source_id], coarse)
        self.used.setdefault(source.id, source)
        found = claim
        if source.id != claim.source_id or incident_id != claim.incident_id:
            found = replace(found, source_id=source.id, incident_id=incident_id)
        if coarse or "words" in withheld:
            found = replace(found, words="", victim_text="", actor_text="")
        if coarse or "notes" in withheld:
            found = replace(found, note="")
        if coarse or "locator" in withheld:
            found = replace(found, locator="")
        if claim.value is not None and (
            (coarse and claim.property in _TELLING)
            or (claim.property is Property.TARGET and "target" in withheld)
            or (claim.property is Property.PLACE and "place_text" in withheld)
        ):
            found = replace(found, value=None)
        if "speakers" in withheld or (coarse and claim.speaker_class in _LOCAL):
            # Numbered, so that two speakers stay two and their figures are not added up.
            name = f"{label(claim.speaker_class)} {len(speakers) + 1}"
            found = replace(found, asserted_by=speakers.setdefault(claim.asserted_by, name))
        by = editor_name(found.recorded_by)
        return found if by == found.recorded_by else replace(found, recorded_by=by)

    def _source(self, source: Source, coarse: bool) -> Source:
        """The source as it may be cited: beside a coarsened place only by publisher and date."""
        withheld = self._rules.withhold_fields
        # A release of a data set names no place in its title or address; a page may.
        blind = coarse and source.dataset_version is None
        if blind:
            source = replace(
                source, id=f"src-{self._alias(source.id)}", published_how="", covers_how=""
            )
        if blind or "source_title" in withheld:
            source = replace(source, title="title not shown")
        if blind or "source_url" in withheld:
            source = replace(source, url=None, archived_url=None)
        return source
