"""A proposed mapping of an unknown table's columns, as a file to correct (table → mapping)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from mapapp.cli.console import print_problems
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.domain.vocab import GeoPrecision, Redistribution, SpeakerClass
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping, left_out, propose
from mapapp.importers.mapped.roles import BY_CODE, Guess
from mapapp.importers.tables.sniff import Sniffed, sniff, survey
from mapapp.importers.tables.table import ReadOptions


def write(options: argparse.Namespace) -> int:
    """Write the proposal beside the file and say what to check; 1 where there is something."""
    options_of_file = ReadOptions(encoding=options.encoding, sheet=options.sheet)
    sniffed = sniff(options.path, options_of_file)
    if sniffed.format is not None:
        raise InvalidInput(
            f"{options.path.name} is a {sniffed.format.title}: import it without a mapping"
        )
    mapping, guesses = propose(sniffed)
    target = options.output or options.path.with_name(
        f"{options.path.name.split('.')[0]}.mapping.yaml"
    )
    if target.exists() and options.output is None:
        raise InvalidInput(f"{target} is there already. Name another with -o, or remove it")
    dates = survey(sniffed.table, Mapped(mapping).date_columns(sniffed.header))
    questions = [question.problem(options.path.name) for question in dates.questions(Answers())]
    text = "\n".join(_lines(options.path, target, sniffed, mapping, guesses)) + "\n"
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(f"cannot write {target}: {error.strerror}") from error
    missing = mapping.problems(sniffed.header)
    print_problems((*sniffed.notices, *dates.verdicts(options.path.name)))
    print_problems((*left_out(mapping, sniffed), *missing, *questions))
    print(f"{target}: {len(mapping.columns)} of {len(sniffed.header)} columns have a meaning. "
          f"Check it, then: python -m mapapp import {options.path} --mapping {target}")  # fmt: skip
    return 1 if missing or questions else 0


def _lines(
    path: Path, target: Path, sniffed: Sniffed, mapping: Mapping, guesses: tuple[Guess, ...]
) -> Iterator[str]:
    yield f"# Proposed for {path.name} by its columns' names and first rows: check each line, then"
    yield f"#   python -m mapapp import {path.name} --mapping {target.name}"
    yield "columns:"
    for found in guesses:
        shown = _comment(", ".join(found.samples))
        if found.role:
            label = BY_CODE[found.role].label
            yield _line(f"  {found.role}", found.column, f"{label}; {found.reason}. {shown}")
        else:
            yield (
                f"  # {_comment(json.dumps(found.column, ensure_ascii=False))} has no meaning "
                f"and is kept in the notes. {shown}"
            )
    yield "# Roles that a column can have: " + ", ".join(BY_CODE)
    yield _line("dataset", mapping.dataset, "its name in the store: files of one name are one set")
    yield _line("title", mapping.title, "CHECK")
    yield _line("speaker", mapping.speaker, "CHECK: who asserts what the rows say")
    yield _line("speaker_class", mapping.speaker_class, "one of " + ", ".join(SpeakerClass))
    yield _line("country", mapping.country, "of rows whose country no column and no word says")
    points = ", ".join(p for p in GeoPrecision if p is not GeoPrecision.COUNTRY)
    yield _line("geo_precision", None, f"CHECK, if it has points: what they stand for: {points}")
    yield _line("licence", mapping.licence, "CHECK")
    yield _line("redistribution", mapping.redistribution,
                "what may leave: " + ", ".join(Redistribution))  # fmt: skip
    yield "date_orders: {}  # by column, where 03/04/2019 can be two days: {Date: dmy} or mdy"


def _line(name: str, value: str | None, comment: str) -> str:
    text = json.dumps(None if value is None else str(value), ensure_ascii=False)
    return f"{name}: {text}  # {_comment(comment)}"


def _comment(words: str) -> str:
    """Words that stay in their comment: a cell may hold line breaks."""
    return " ".join(words.split())[:160]
