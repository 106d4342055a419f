"""A sample of mutants: small faults put into the code, each run by the tests of its own room.

make mutants [SAMPLE=100] [SEED=1] [ROOMS="domain gate"]

Cosmic Ray makes the mutants. The work is done in a copy of the last commit, so that the working
tree is never touched. Each survivor is printed as a diff: either a test is missing, or the change
means the same; then its line goes into `scripts/mutants_equal.txt`, with the reason after a `#`.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import random
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.plugins import get_operator, operator_names
from cosmic_ray.testing import run_tests
from cosmic_ray.work_item import MutationSpec, TestOutcome

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
#: A room's code, and the tests that stand in the same room.
ROOMS = {
    "domain": ("mapapp/domain", ["tests/domain"]),
    "gate": ("mapapp/gate", ["tests/gate"]),
    "query": ("mapapp/query", ["tests/query"]),
    "linking": ("mapapp/linking", ["tests/linking"]),
    "importers": ("mapapp/importers", ["tests/importers"]),
    "gazetteer": ("gazetteer", ["gazetteer/tests"]),
}
#: Parts of the gazetteer that make or measure it, and are not in the program that people use.
APART = ("gazetteer/tests", "gazetteer/making", "gazetteer/evaluation", "gazetteer/benchmarks")
EQUAL = ROOT / "scripts" / "mutants_equal.txt"
#: `is` for `==` and back: for enum members and None both mean the same.
SAME = ("Is_Eq", "IsNot_NotEq", "Eq_Is", "NotEq_IsNot")
#: A mutant that makes an endless loop is ended after so many times the room's usual time.
PATIENCE = 4


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of the code: the room, the file, the operator and which of its places."""

    room: str
    spec: MutationSpec

    @property
    def line(self) -> tuple[str, int]:
        """Where it stands."""
        return str(self.spec.module_path), self.spec.start_pos[0]

    @property
    def name(self) -> str:
        """Where it stands, and what is done there."""
        path, line = self.line
        return f"{path}:{line} {self.spec.operator_name.partition('/')[2]}"


def main() -> int:
    """Makes the sample, runs it, prints a line a mutant and a table; 1 where too many survive."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--sample", type=int, default=100, help="mutants to run (default: 100)")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rooms", nargs="*", choices=sorted(ROOMS), default=sorted(ROOMS))
    asked.add_argument("--goal", type=float, default=0.9, help="share to be killed (default: 0.9)")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "tree"
        equal = _equal()
        _copy(copy)
        sample = _sample(copy, options.rooms, options.sample, random.Random(options.seed))  # noqa: S311
        limits = {room: _usual_seconds(copy, room) * PATIENCE for room in options.rooms}
        outcomes = Counter[tuple[str, str]]()
        for number, mutant in enumerate(sample, 1):
            outcome, change = _run(copy, mutant, limits[mutant.room])
            if outcome == "survived" and change in equal:
                outcome = "equal"
            outcomes[mutant.room, outcome] += 1
            print(f"{number}/{len(sample)} {outcome:8} {mutant.name}", flush=True)
            if outcome == "survived":
                print(f"    {change}", flush=True)
    return _table(options.rooms, outcomes, options.goal)


def _copy(folder: Path) -> None:
    """The last commit's files, with the environment of the working tree and what tests read."""
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    shared = ROOT.parent / "shared"
    if shared.exists():
        (folder.parent / "shared").symlink_to(shared)


def _sample(copy: Path, rooms: list[str], size: int, chance: random.Random) -> list[Mutant]:
    """As many lines of each room, and one mutant of each, so that no kind of change crowds it."""
    sample: list[Mutant] = []
    for number, room in enumerate(rooms):
        by_line: dict[tuple[str, int], list[Mutant]] = {}
        for mutant in _mutants(copy, room):
            by_line.setdefault(mutant.line, []).append(mutant)
        share = size // len(rooms) + (number < size % len(rooms))
        lines = chance.sample(sorted(by_line), min(share, len(by_line)))
        sample += [chance.choice(by_line[line]) for line in lines]
    return sample


def _equal() -> set[str]:
    """Changes that mean the same, as `_change` writes them."""
    lines = EQUAL.read_text("utf-8").splitlines()
    return {line.partition("  # ")[0].strip() for line in lines if not line.startswith("#")}


def _change(path: str, diff: str) -> str:
    """A diff in one line, without the line's number, which other changes move."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    old = " ".join(line[1:].strip() for line in lines if line.startswith("-"))
    new = " ".join(line[1:].strip() for line in lines if line.startswith("+"))
    return f"{path}: {old} -> {new}"


def _mutants(copy: Path, room: str) -> Iterator[Mutant]:
    """Every mutant of a room that can mean something: not those of a type or of a text's length."""
    for path in sorted((copy / ROOMS[room][0]).rglob("*.py")):
        name = path.relative_to(copy).as_posix()
        if name.startswith(APART) or path.name in ("__init__.py", "__main__.py"):
            continue
        types = _annotations(path)
        tree = get_ast_from_path(path)
        for operator_name in operator_names():
            operator_class = get_operator(operator_name)
            if operator_class.arguments() or operator_name.endswith(SAME):
                continue
            operator = operator_class()
            places = (
                place for node in ast_nodes(tree) for place in operator.mutation_positions(node)
            )
            for occurrence, (start, end) in enumerate(places):
                if not any(first <= start and end <= last for first, last in types):
                    yield Mutant(room, MutationSpec(name, operator_name, occurrence, start, end))


def _annotations(path: Path) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where types are written: they are not evaluated, so that no test can tell them apart."""
    spans = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        written = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "cast":
            written += node.args[:1]
        for part in written:
            if isinstance(part, ast.expr):
                end = (part.end_lineno or part.lineno, part.end_col_offset or 0)
                spans.append(((part.lineno, part.col_offset), end))
    return spans


def _command(room: str) -> str:
    marks = "not browser and not spark and not soak"
    tests = " ".join(ROOMS[room][1])
    return f'{PYTHON} -m pytest -x -q -p no:cacheprovider -m "{marks}" {tests}'


def _usual_seconds(copy: Path, room: str) -> float:
    """How long the room's tests take on the code as it is; they must pass there."""
    began = time.monotonic()
    outcome, output = _tests(copy, room, 3600)
    if outcome != TestOutcome.SURVIVED:
        raise SystemExit(f"the tests of {room} fail before anything is changed:\n{output[-2000:]}")
    return time.monotonic() - began + 5


def _tests(copy: Path, room: str, limit: float) -> tuple[TestOutcome, str]:
    with contextlib.chdir(copy):
        return run_tests(_command(room), limit)  # type: ignore[no-any-return]


def _run(copy: Path, mutant: Mutant, limit: float) -> tuple[str, str]:
    with contextlib.chdir(copy):
        result = mutate_and_test([mutant.spec], _command(mutant.room), limit)
    if result.test_outcome is None:
        raise SystemExit(f"{mutant.name}: {result.worker_outcome}: {result.output}")
    return result.test_outcome.value, _change(mutant.line[0], result.diff or "")


def _table(rooms: list[str], outcomes: Counter[tuple[str, str]], goal: float) -> int:
    print(f"\n{'room':12}{'run':>5}{'killed':>8}{'survived':>10}")
    for room in rooms:
        killed, survived = outcomes[room, "killed"], outcomes[room, "survived"]
        print(f"{room:12}{killed + survived:5}{killed:8}{survived:10}")
    killed = sum(n for (_, outcome), n in outcomes.items() if outcome == "killed")
    run = sum(n for (_, outcome), n in outcomes.items() if outcome != "equal")
    print(f"{killed} of {run} killed; the goal is {goal:.0%}")
    return 0 if killed >= goal * run else 1


if __name__ == "__main__":
    sys.exit(main())
