"""The curated seeds: YAML files read into a `Batch`, every fault reported by file and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from gazetteer import Gazetteer, UnknownPlaceError
from mapapp.domain import actors
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim, bounds
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.place import PlaceRef
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    Modifier,
    Property,
    SpeakerClass,
    VictimClass,
)
from mapapp.importers.cells.places import Disc, place_ref
from mapapp.importers.seeds import yaml_files
from mapapp.importers.seeds.models import (
    Said,
    SeedClaim,
    SeedDataset,
    SeedIncident,
    SeedJudgement,
    SeedSource,
)

M = TypeVar("M", SeedSource, SeedJudgement)


def read_seeds(folder: Path, gazetteer: Gazetteer) -> tuple[Batch, tuple[Problem, ...]]:
    """All of a seeds folder: what is sound as a `Batch`, and the problems of the rest.

    `folder` holds `sources.yaml`, `judgements.yaml`, `incidents/*.yaml` and, if it says what it
    covers, `dataset.yaml`. An incident file with
    an error is left out of the batch whole. Raises `InvalidInput` where there is no such folder.
    """
    if not (folder / "incidents").is_dir():
        raise InvalidInput(
            f"{folder} is not a seeds folder: it has no folder 'incidents' in it. "
            "Name the folder that holds sources.yaml and incidents/."
        )
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    covers = _covers(folder / "dataset.yaml", problems)
    for entry, where in _entries(folder / "sources.yaml", SeedSource, problems):
        if entry.id in sources:
            problems.append(
                Problem(where, "id", f"source {entry.id!r} is there twice", "Keep one of them")
            )
        sources[entry.id] = replace(source_of(entry), **covers)
    records: dict[str, IncidentRecord] = {}
    claims: list[Claim] = []
    for path in sorted((folder / "incidents").glob("*.yaml")):
        shown = f"{folder.name}/incidents/{path.name}"
        record, found, faults = _incident(path, shown, sources, gazetteer)
        if record and record.id in records:
            faults = (*faults, Problem(shown, "id", f"{record.id!r} is the id of another file too",
                                       "Give this incident an id of its own"))  # fmt: skip
        problems.extend(faults)
        if record and not any(fault.severity == "error" for fault in faults):
            records[record.id] = record
            claims.extend(found)
    judgements = []
    for item, where in _entries(folder / "judgements.yaml", SeedJudgement, problems):
        unknown = [side for side in (item.left, item.right) if side not in records]
        for side in unknown:
            problems.append(
                Problem(where, "left/right", f"there is no sound incident {side!r}",
                        "Write the id of an incident file, or mend that file")
            )  # fmt: skip
        if not unknown:
            judgements.append(
                Judgement(item.left, item.right, item.relation, item.reason, item.conflicts)
            )
    batch = Batch(
        tuple(sources.values()), tuple(records.values()), tuple(claims), tuple(judgements)
    )
    return batch, tuple(problems)


def _entries(path: Path, model: type[M], problems: list[Problem]) -> Iterator[tuple[M, str]]:
    shown = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        problems.append(Problem(shown, "", "is missing", "Add the file, if only with '[]' in it"))
        return
    document, problem = yaml_files.load(path, shown)
    if problem:
        problems.append(problem)
        return
    if not isinstance(document, list):
        problems.append(Problem(shown, "", "is not a list", "Begin each entry with '- '"))
        return
    for number, raw in enumerate(document, 1):
        where = f"{shown} entry {number}"
        entry, faults = yaml_files.validate(model, raw, where)
        problems.extend(faults)
        if entry:
            yield entry, where


def source_of(entry: SeedSource) -> Source:
    """The source that an entry of `sources.yaml` describes."""
    return Source(
        id=entry.id,
        publisher=entry.publisher,
        title=entry.title,
        language=entry.language,
        redistribution=entry.redistribution,
        licence=entry.licence,
        published_earliest=entry.published.earliest,
        published_latest=entry.published.latest,
        published_how=entry.published.how,
        url=entry.url,
        archived_url=entry.archived_url,
        accessed_on=entry.accessed_on,
        graphic=entry.graphic,
        based_on=entry.based_on,
    )


def _covers(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """The fields of every source that say what the folder covers; none where it does not say."""
    if not path.is_file():
        return {}
    shown = f"{path.parent.name}/{path.name}"
    document, problem = yaml_files.load(path, shown)
    if problem:
        problems.append(problem)
        return {}
    entry, faults = yaml_files.validate(SeedDataset, document, shown)
    problems.extend(faults)
    if entry is None:
        return {}
    return {
        "covers_from": entry.covers_from,
        "covers_to": entry.covers_to,
        "covers_countries": entry.countries,
        "covers_provinces": entry.provinces,
        "covers_watched": entry.watched,
        "covers_how": entry.how,
    }


def _incident(
    path: Path, shown: str, sources: dict[str, Source], gazetteer: Gazetteer
) -> tuple[IncidentRecord | None, tuple[Claim, ...], tuple[Problem, ...]]:
    document, problem = yaml_files.load(path, shown)
    if problem:
        return None, (), (problem,)
    return read_incident(document, shown, path.stem, sources, gazetteer)


def read_incident(
    document: Any,
    shown: str,
    name: str,
    sources: Mapping[str, Source],
    gazetteer: Gazetteer,
) -> tuple[IncidentRecord | None, tuple[Claim, ...], tuple[Problem, ...]]:
    """The record and claims of one document in the form of a seed file, and its problems.

    `document` is as `yaml_files` loads it, `name` the id it has to have, `sources` by id.
    """
    seed, faults = yaml_files.validate(SeedIncident, document, shown)
    if seed is None:
        return None, (), faults
    checks = _Checks(document, shown)
    if seed.id != name:
        checks.fault(("id",), f"{seed.id!r} is not the file's name", "Give both the same name")
    source = sources.get(seed.source)
    if source is None:
        known = ", ".join(sources) or "none"
        checks.fault(("source",), f"{seed.source!r} is not in sources.yaml (known: {known})",
                     "Add the source there, or correct the number")  # fmt: skip
        return None, (), tuple(checks.problems)
    try:
        when = DateInterval(
            seed.date.earliest,
            seed.date.latest,
            seed.date.precision,
            seed.date.text,
            seed.date.derivation,
        )
    except ValueError as error:
        checks.fault(("date",), str(error), "Correct the days or the precision")
        return None, (), tuple(checks.problems)
    place = _place(seed, gazetteer, checks)
    _check_sources(seed, sources, checks)
    if checks.problems:
        return None, (), tuple(checks.problems)
    claims = tuple(_claims(seed, sources, when, checks))
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            checks.fault(("claims",), f"the same claim stands twice ({claim.property}, "
                         f"{claim.asserted_by})", "Keep one of them")  # fmt: skip
        seen.add(claim.id)
    record = IncidentRecord(
        id=seed.id,
        title=seed.title,
        date=when,
        place=place,
        event_type=seed.event_type.value,
        target_type=seed.target.type,
        target=seed.target.text,
        background=seed.background,
        country=seed.country,
        notes=seed.notes,
    )
    return record, claims, tuple(checks.problems)


class _Checks:
    """Collects the problems of one file, each with the line it stands on."""

    def __init__(self, document: object, shown: str) -> None:
        self._document = document
        self._shown = shown
        self.problems: list[Problem] = []

    def fault(self, location: tuple[int | str, ...], fault: str, remedy: str) -> None:
        line = yaml_files.line_of(self._document, location)
        where = f"{self._shown} line {line}" if line else self._shown
        self.problems.append(Problem(where, yaml_files.field_path(location), fault, remedy))


def _place(seed: SeedIncident, gazetteer: Gazetteer, checks: _Checks) -> PlaceRef:
    place = seed.place
    if place.id is None:
        if seed.country == "AFG":
            checks.fault(("place",), "has no gazetteer id",
                         "Add 'id:'; 'python -m gazetteer geocode \"…\"' finds it")  # fmt: skip
        return PlaceRef(text=place.text, ambiguous=place.ambiguous)
    disc = Disc(**place.disc.model_dump()) if place.disc else None
    try:
        if disc is not None and not disc.lies_in(gazetteer, place.id):
            checks.fault(("place", "disc"), f"does not lie in the area {place.id!r}",
                         "'python -m gazetteer geocode \"…\" --json' gives both")  # fmt: skip
        return place_ref(gazetteer, place.id, place.text, ambiguous=place.ambiguous,
                         precision=place.precision, disc=disc)  # fmt: skip
    except UnknownPlaceError:
        found = gazetteer.search(place.text).candidates
        near = ", ".join(candidate.id for candidate in found) or "nothing"
        checks.fault(("place", "id"), f"{place.id!r} is not in the gazetteer",
                     f"For {place.text!r} it knows: {near}")  # fmt: skip
        return PlaceRef(text=place.text)


def _check_sources(seed: SeedIncident, sources: Mapping[str, Source], checks: _Checks) -> None:
    """A statement may name a source of its own."""
    parts: list[tuple[tuple[int | str, ...], Said]] = [
        (("date",), seed.date), (("place",), seed.place), (("event_type",), seed.event_type),
        (("target",), seed.target),
        *((("claims", number), item) for number, item in enumerate(seed.claims)),
    ]  # fmt: skip
    for at, said in parts:
        if said.source is not None and said.source not in sources:
            checks.fault((*at, "source"), f"{said.source!r} is not in sources.yaml (known: "
                         f"{', '.join(sources) or 'none'})",
                         "Add the source there, or correct the number")  # fmt: skip


def _claims(
    seed: SeedIncident, sources: Mapping[str, Source], when: DateInterval, checks: _Checks
) -> Iterator[Claim]:
    """The record's own date, place, kind and target as claims, then the ones listed."""
    days = f"{when.earliest or '…'} to {when.latest or '…'}"
    day = str(when.earliest) if when.earliest and when.earliest == when.latest else days
    own = (
        (Property.DATE, seed.date, day, seed.date.text),
        (Property.PLACE, seed.place, seed.place.text, seed.place.text),
        (Property.EVENT_TYPE, seed.event_type, str(seed.event_type.value), ""),
        (Property.TARGET, seed.target, seed.target.text, ""),
    )
    for prop, said, value, words in own:
        source = sources[said.source or seed.source]
        yield Claim(
            incident_id=seed.id,
            property=prop,
            source_id=source.id,
            value=value,
            words=said.words or words,
            note=said.note,
            **_speaker(said, source),
        )
    for number, item in enumerate(seed.claims):
        source = sources[item.source or seed.source]
        claim = _claim(seed.id, item, source, number, checks)
        if claim and claim.actor and when.latest and not actors.stands(claim.actor, when.latest):
            checks.fault(("claims", number, "actor"), f"{claim.actor!r} was not there on "
                         f"{when.latest}", "Write the id of the actor of that time")  # fmt: skip
        elif claim:
            yield claim


def _speaker(said: Said, source: Source) -> dict[str, Any]:
    return {
        "asserted_by": said.asserted_by or source.publisher,
        "speaker_class": said.speaker_class or SpeakerClass.MEDIA,
        "asserted_on": said.asserted_on,
        "locator": locator(said.paragraph),
    }


def locator(paragraphs: tuple[int, ...]) -> str:
    """`(3, 4)` → "paragraphs 3, 4"."""
    word = "paragraph" if len(paragraphs) == 1 else "paragraphs"
    return f"{word} {', '.join(map(str, paragraphs))}"


def _claim(
    incident_id: str, item: SeedClaim, source: Source, number: int, checks: _Checks
) -> Claim | None:
    at = ("claims", number)
    before = len(checks.problems)
    if item.property in MEASURES:
        low, high = _figure(item, at, checks)
    else:
        low = high = None
        for name in ("modifier", "victim_class", "subset_of", "low", "high"):
            if getattr(item, name) is not None:
                checks.fault((*at, name), f"does not belong to a claim of {item.property}",
                             "Take it out, or correct the property")  # fmt: skip
    if item.property is Property.ATTRIBUTION:
        _check_attribution(item, at, checks)
    else:
        for name in ("kind", "actor", "actor_text"):
            if getattr(item, name):
                checks.fault((*at, name), f"does not belong to a claim of {item.property}",
                             "Take it out, or correct the property")  # fmt: skip
    if len(checks.problems) > before:
        return None
    return Claim(
        incident_id=incident_id,
        property=item.property,
        source_id=source.id,
        value=None if item.value is None else str(item.value),
        low=low,
        high=high,
        modifier=item.modifier,
        victim_class=item.victim_class,
        victim_text=item.victim_text,
        subset_of=item.subset_of,
        attribution_kind=item.kind,
        actor=item.actor,
        actor_text=item.actor_text,
        words=item.words,
        note=item.note,
        **_speaker(item, source),
    )


def _figure(
    item: SeedClaim, at: tuple[int | str, ...], checks: _Checks
) -> tuple[int | None, int | None]:
    if item.victim_class is None:
        choices = ", ".join(VictimClass)
        checks.fault((*at, "victim_class"), "is missing",
                     f"Say whom the figure counts: {choices}")  # fmt: skip
    if item.modifier is None:
        choices = ", ".join(Modifier)
        checks.fault((*at, "modifier"), "is missing",
                     f"Say how the number was put: {choices}")  # fmt: skip
        return None, None
    if item.modifier is Modifier.RANGE:
        return _range(item, at, checks)
    for name in ("low", "high"):
        if getattr(item, name) is not None:
            checks.fault((*at, name), "is for 'modifier: range' alone",
                         "Write the number in 'value'")  # fmt: skip
    if item.value is None and item.modifier is Modifier.VAGUE:
        return None, None
    if not isinstance(item.value, int) or isinstance(item.value, bool) or item.value < 0:
        checks.fault((*at, "value"), f"{item.value!r} is not a whole number of people",
                     "Write a number from 0 up, or 'modifier: vague' without a value")  # fmt: skip
        return None, None
    if item.modifier is Modifier.VAGUE:
        checks.fault((*at, "value"), "a vague figure has no number",
                     "Take the value out and keep the word in 'words'")  # fmt: skip
        return None, None
    return bounds(item.value, item.modifier)


def _range(
    item: SeedClaim, at: tuple[int | str, ...], checks: _Checks
) -> tuple[int | None, int | None]:
    if item.value is not None:
        checks.fault((*at, "value"), "a range has no single number",
                     "Write 'low' and 'high' and take 'value' out")  # fmt: skip
    elif item.low is None or item.high is None or item.low >= item.high:
        checks.fault((*at, "low"), f"{item.low} to {item.high} is no range",
                     "Write the lower number in 'low' and the higher in 'high'")  # fmt: skip
    else:
        return item.low, item.high
    return None, None


def _check_attribution(item: SeedClaim, at: tuple[int | str, ...], checks: _Checks) -> None:
    if item.kind is None:
        choices = ", ".join(AttributionKind)
        checks.fault((*at, "kind"), "is missing", f"Say which: {choices}")
    elif item.kind is AttributionKind.UNCLAIMED:
        if item.actor is not None:
            checks.fault((*at, "actor"), "an unclaimed attack has no actor here",
                         "Take it out, or choose another kind")  # fmt: skip
    elif item.actor is None:
        checks.fault((*at, "actor"), "is missing", "Write the id of the actor")
    elif item.actor not in actors.KNOWN_IDS:
        guess = actors.resolve(item.actor)
        hint = f"Did you mean {guess!r}?" if guess else "See mapapp/domain/actors.py for the ids"
        checks.fault((*at, "actor"), f"{item.actor!r} is no known actor", hint)
