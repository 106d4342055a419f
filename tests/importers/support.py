"""Helpers of the importers' tests: files from text, all rows of a file converted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from mapapp.importers.forms.dataset import Answers, Context, Converted, Format
from mapapp.importers.tables.sniff import choose, convert_all, sniff, survey
from mapapp.importers.tables.table import Fault, ReadOptions, Row

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(
    path: Path,
    gazetteer: Gazetteer,
    form: Format | None = None,
    answers: Answers | None = None,
    options: ReadOptions | None = None,
    **context: Any,
) -> tuple[list[Converted], list[tuple[Row, tuple[Fault, ...]]]]:
    """What of a file goes in and what is set aside."""
    sniffed = sniff(path, options)
    form = form or choose(sniffed, None)
    answers = answers or Answers()
    surveyed = survey(sniffed.table, form.date_columns(sniffed.header))
    reader = form.reader(sniffed.table, Context(gazetteer, answers, surveyed.dates, **context))
    good, aside = [], []
    for row, found in convert_all(sniffed.table, reader):
        if isinstance(found, Converted):
            good.append(found)
        else:
            aside.append((row, found))
    return good, aside
