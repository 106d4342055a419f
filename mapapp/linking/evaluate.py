"""Recall and precision of the suggestions on doubles built of a file of coded events.

`python -m mapapp.linking.evaluate FILE…` prints a line a file and half; docs/linking.md has them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gazetteer import Gazetteer
from mapapp.domain.incident import Incident
from mapapp.importers.forms.dataset import Answers, Context, Converted
from mapapp.importers.tables.sniff import choose, convert_all, sniff, survey
from mapapp.linking.duplicates import double, half_of, is_doubled
from mapapp.linking.subjects import COLUMNS, Subjects, subjects_of
from mapapp.linking.suggest import THRESHOLD, Suggestion, suggest
from mapapp.snapshot.columns import finish, incident_columns


@dataclass(frozen=True, slots=True)
class Score:
    """How many pairs were built, suggested, and both; `missed` and `wrong` name the rest."""

    incidents: int
    built: int
    suggested: int
    found: int
    missed: tuple[str, ...]
    wrong: tuple[Suggestion, ...]
    elapsed_s: float

    @property
    def recall(self) -> float:
        """The share of built pairs that are suggested; 1 where none were built."""
        return self.found / self.built if self.built else 1.0

    @property
    def precision(self) -> float:
        """The share of suggested pairs that were built; 1 where none is suggested."""
        return self.found / self.suggested if self.suggested else 1.0


def evaluate(incidents: Sequence[Incident], threshold: int = THRESHOLD) -> Score:
    """Double every second incident and look for the doubles among all of them."""
    doubled = [incident for incident in incidents if is_doubled(incident.id)]
    subjects = subjects_from([*incidents, *map(double, doubled)])
    began = time.perf_counter()
    suggestions = suggest(subjects, threshold=threshold)
    elapsed_s = time.perf_counter() - began
    built = {frozenset((incident.id, f"copy-{incident.id}")) for incident in doubled}
    right = {suggestion.pair for suggestion in suggestions} & built
    return Score(
        len(subjects),
        len(built),
        len(suggestions),
        len(right),
        tuple(sorted(min(pair, key=len) for pair in built - right)),
        tuple(suggestion for suggestion in suggestions if suggestion.pair not in built),
        elapsed_s,
    )


def subjects_from(incidents: Sequence[Incident]) -> Subjects:
    """The subjects of assembled incidents."""
    return subjects_of(finish(incident_columns(incidents)).select(COLUMNS).sort_by("id"))


def read_incidents(path: Path, gazetteer: Gazetteer) -> tuple[Incident, ...]:
    """The rows of a file as incidents, as an import would have them; faulty rows are left out."""
    sniffed = sniff(path)
    form = choose(sniffed, None)
    surveyed = survey(sniffed.table, form.date_columns(sniffed.header))
    context = Context(gazetteer, Answers(), surveyed.dates, version="0", dataset="")
    reader = form.reader(sniffed.table, context)
    return tuple(
        Incident(result.record, result.claims)
        for _, result in convert_all(sniffed.table, reader)
        if isinstance(result, Converted)
    )


def halves(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    """The tuning and the held half."""
    parts: dict[str, list[Incident]] = {"tuning": [], "held": []}
    for incident in incidents:
        parts[half_of(incident.id)].append(incident)
    return parts


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--threshold", type=int, default=THRESHOLD)
    options = parser.parse_args(arguments)
    gazetteer = Gazetteer.load()
    for path in options.files:
        for half, incidents in halves(read_incidents(path, gazetteer)).items():
            score = evaluate(incidents, options.threshold)
            print(
                f"{path.name} {half}: {score.incidents} records, {score.built} doubles, "
                f"{score.suggested} suggested; recall {score.recall:.3f}, "
                f"precision {score.precision:.3f}, {score.elapsed_s:.2f} s"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
