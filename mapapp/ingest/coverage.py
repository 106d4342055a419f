"""What a data set covers, as a person declares it (form or file → sources → log).

A data set's own releases may say it (UCDP's numbers do); ACLED's, GTD's and other tables hold only
what was asked for, so that whoever brings them says what an empty month in them means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.source import Source
from mapapp.importers.seeds import yaml_files
from mapapp.importers.seeds.models import SeedDataset
from mapapp.store import Store


@dataclass(frozen=True, slots=True)
class Declared:
    """Days, area, and whether it was watched all the time.

    `countries` are ISO 3166-1 alpha-3, `provinces` P-codes of those covered (none: all of them),
    `how` the coverage in words. Raises InvalidInput where the days are out of order.
    """

    first: date
    last: date
    watched: bool
    how: str
    countries: tuple[str, ...] = ("AFG",)
    provinces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.first > self.last:
            fault, remedy = f"{self.first} is after {self.last}", "Swap the two days"
            raise InvalidInput(fault, (Problem("coverage", "covers_from", fault, remedy),))

    def on(self, source: Source) -> Source:
        """A source with this declaration."""
        return replace(
            source,
            covers_from=self.first,
            covers_to=self.last,
            covers_countries=self.countries,
            covers_provinces=self.provinces,
            covers_watched=self.watched,
            covers_how=self.how,
        )


def read(path: Path) -> Declared:
    """The declaration of a YAML file as `seeds/dataset.yaml` is one. Raises InvalidInput."""
    document, problem = yaml_files.load(path, path.name)
    if problem is not None:
        raise InvalidInput(f"{path.name} cannot be read", (problem,))
    entry, faults = yaml_files.validate(SeedDataset, document, path.name)
    if entry is None:
        raise InvalidInput(f"{path.name} does not say what is covered", faults)
    return Declared(
        entry.covers_from, entry.covers_to, entry.watched, entry.how, entry.countries,
        entry.provinces,
    )  # fmt: skip


def plain(said: Declared) -> dict[str, Any]:
    """A declaration as JSON has it."""
    return asdict(said) | {"first": said.first.isoformat(), "last": said.last.isoformat()}


def of_plain(said: Mapping[str, Any]) -> Declared:
    """The declaration that `plain` wrote."""
    return Declared(
        date.fromisoformat(said["first"]), date.fromisoformat(said["last"]), said["watched"],
        said["how"], tuple(said["countries"]), tuple(said["provinces"]),
    )  # fmt: skip


def carried(source: Source, standing: Iterable[Source], declared: Declared | None) -> Source:
    """A source that is imported: as declared now, else as itself says, else as declared before.

    What was declared of another release says nothing of this one.
    """
    if declared is not None:
        return declared.on(source)
    before = next((own for own in standing if own.id == source.id), None)
    if source.covers_from is not None or before is None or before.covers_from is None:
        return source
    return replace(
        source,
        covers_from=before.covers_from,
        covers_to=before.covers_to,
        covers_countries=before.covers_countries,
        covers_provinces=before.covers_provinces,
        covers_watched=before.covers_watched,
        covers_how=before.covers_how,
    )


def declare(store: Store, dataset: str, declared: Declared, *, by: str, reason: str = "") -> int:
    """Record it on every standing source of a data set and publish; how many sources it is on.

    Raises InvalidInput where there is no such data set.
    """
    own = [s for s in store.log.read().sources if s.dataset == dataset]
    if not own:
        known = sorted({s.dataset for s in store.log.read().sources})
        fault = f"there is no data set “{dataset[:60]}”"
        remedy = f"Give one of {', '.join(known) or 'those that were imported'}"
        raise InvalidInput(fault, (Problem("coverage", "dataset", fault, remedy),))
    why = reason or f"what {dataset} covers was declared"
    store.append(Batch(tuple(declared.on(s) for s in own), (), ()), by=by, reason=why)
    store.publish()
    return len(own)
