"""Seeds folders: checked, and recorded."""

from __future__ import annotations

import argparse

from gazetteer import Gazetteer
from mapapp.cli.console import print_problems
from mapapp.importers.seeds.seeds import read_seeds


def check(options: argparse.Namespace) -> int:
    """Name every fault of a seeds folder."""
    batch, problems = read_seeds(options.path, Gazetteer.load())
    print_problems(problems)
    errors = sum(problem.severity == "error" for problem in problems)
    print(
        f"{options.path}: {len(batch.sources)} sources, {len(batch.records)} incidents, "
        f"{len(batch.claims)} claims, {len(batch.judgements)} judgements; {errors} faults"
    )
    return 1 if errors else 0
