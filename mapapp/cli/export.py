"""Incidents out of the store: exports whole or in parts, and pairs that may be one incident."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

from mapapp.cli.console import step
from mapapp.domain.moment import Moment, read_moment
from mapapp.domain.problems import InvalidInput, Problem, StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.domain.wording import counted
from mapapp.exporters import tables
from mapapp.exporters.extract import Extract
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import Parts, read_extract
from mapapp.linking.listing import links_csv
from mapapp.linking.suggest import THRESHOLD
from mapapp.query import Dashboard, params_to_selection
from mapapp.query.codes import checked
from mapapp.store.default import open_default

#: From so many incidents on an export is written part by part, where its format can.
MAX_WHOLE = 20_000

#: Single tables of the CSV data package, for a shell pipe.
_TABLES: dict[str, Callable[[Extract], str]] = {
    "csv": tables.incidents_csv,
    "claims-csv": tables.claims_csv,
    # Excel takes a CSV file for UTF-8 only where it begins with a byte-order mark.
    "csv-excel": lambda extract: "\ufeff" + tables.incidents_csv(extract),
    "claims-csv-excel": lambda extract: "\ufeff" + tables.claims_csv(extract),
}

#: What can be asked for.
NAMES = (*FORMATS, *_TABLES)


def links(options: argparse.Namespace) -> int:
    """Pairs that nobody has decided, with points and reasons."""
    selection, _ = selected_by(options.link)
    step("looking for pairs")
    content = links_csv(
        Dashboard(open_default(options.data_dir).current()), selection,
        THRESHOLD if options.threshold is None else options.threshold,
    )  # fmt: skip
    if options.output is None:
        sys.stdout.write(content)
        return 0
    try:
        options.output.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreUnavailable(f"cannot write {options.output}: {error.strerror}") from error
    return 0


def selected_by(link: str | None) -> tuple[Selection, str | None]:
    """What a link selects and its time; without one everything, as what is set apart is flagged."""
    if link is None:
        return Selection(background=True, abroad=True), None
    params = parse_qs(urlsplit(link).query if "://" in link else link.lstrip("?"))
    selection, problems = params_to_selection(params)
    if problems:
        raise InvalidInput("the link cannot be read whole", problems)
    return selection, params.get("as_of", [None])[-1]


def export(options: argparse.Namespace) -> int:
    """Write what is selected in a format."""
    selection, linked_time = selected_by(options.link)
    if options.rule is not None:
        selection = replace(selection, rule=Rule(options.rule))
    step("opening the data folder")
    store, as_of = open_default(options.data_dir), moment(options.as_of or linked_time)
    whole = store.current() if as_of is None else store.at(as_of.end)
    snapshot = store.gate.shareable(whole)
    checked(Dashboard(snapshot), selection)
    form = FORMATS.get(options.format)
    if form and form.write_parts and Dashboard(snapshot).count(selection) > MAX_WHOLE:
        parts = Parts(snapshot, selection, as_of, _tell_read, whole)
        return _export_parts(form.write_parts, parts, options.output)
    step("reading the incidents")
    extract = read_extract(snapshot, selection, as_of, whole)
    content, notes, number = _content(options.format, extract)
    _tell(notes)
    if options.output is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        options.output.write_bytes(content)
    except OSError as error:
        raise StoreUnavailable(f"cannot write {options.output}: {error.strerror}") from error
    _tell((), number, options.output)
    return 0


def _export_parts(
    write: Callable[[Parts, IO[bytes]], None], parts: Parts, output: Path | None
) -> int:
    """Write a large selection part by part; a file cut short is not left behind."""
    gc.freeze()  # what is loaded by now stays: no need to look through it after each part
    try:
        _write_parts(write, parts, output)
    finally:
        gc.unfreeze()  # else DuckDB tells of what is left when the process ends
    _tell(parts.whole.notes, parts.whole.number, output)
    return 0


def _tell(notes: tuple[str, ...], number: int | None = None, output: Path | None = None) -> None:
    """Say what was left out, and how many incidents a file holds."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if number is not None:
        to = f" to {output}" if output else ""
        print(f"{counted(number, 'incident')} written{to}", file=sys.stderr)


def _write_parts(
    write: Callable[[Parts, IO[bytes]], None], parts: Parts, output: Path | None
) -> None:
    if output is None:
        write(parts, sys.stdout.buffer)
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            write(parts, file)
        part.replace(output)
    except OSError as error:
        raise StoreUnavailable(f"cannot write {output}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _tell_read(done: int, every: int) -> None:
    if done == every or done % 50_000 == 0:
        print(f"{done:,} of {every:,} incidents", file=sys.stderr)


def moment(text: str | None) -> Moment | None:
    """A day or time of an option, None without one. Raises InvalidInput."""
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        remedy = "Write it like 2026-11-25 or 2026-11-25T18:50:00Z"
        problem = Problem("command line", "as_of", str(error), remedy)
        raise InvalidInput("the time cannot be read", (problem,)) from None


def _content(name: str, extract: Extract) -> tuple[bytes, tuple[str, ...], int]:
    if name in _TABLES:
        return _TABLES[name](extract).encode("utf-8"), extract.notes, extract.number
    export = FORMATS[name].write(extract)
    return export.content, export.notes, export.number
