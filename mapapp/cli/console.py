"""What the commands say on the error stream: problems, and how far a long step is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from mapapp.domain.problems import Problem


def print_problems(problems: Sequence[Problem]) -> None:
    """A line a problem."""
    for problem in problems:
        print(f"{problem.severity}: {problem}", file=sys.stderr)


def progress() -> Callable[[float, str], None] | None:
    """A line that tells how far a step is (0 to 1), where someone watches."""
    if not sys.stderr.isatty():
        return None

    def tell(done: float, doing: str) -> None:
        end = "\n" if done >= 1 else ""
        print(f"\r{done:5.0%}  {doing[:60]:<60}", end=end, file=sys.stderr, flush=True)

    return tell


def step(doing: str) -> None:
    """Say what takes a while now, where someone watches."""
    if sys.stderr.isatty():
        print(f"{doing} …", file=sys.stderr, flush=True)
