"""Files and seeds folders into the store, what they cover, and imports taken back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from gazetteer import Gazetteer
from mapapp.cli.console import print_problems, progress, step
from mapapp.domain.problems import InvalidInput
from mapapp.importers.cells.day_values import DayOrder
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.seeds.seeds import read_seeds
from mapapp.importers.tables.table import ReadOptions
from mapapp.ingest import coverage
from mapapp.ingest.order import Order
from mapapp.ingest.report import reports
from mapapp.ingest.run import import_file, roll_back
from mapapp.store.default import open_default

#: How many faults are printed; all of them are in the file of rows set aside.
_PRINTED = 20


def load(options: argparse.Namespace) -> int:
    """Import a file, or record a seeds folder."""
    if options.path.is_dir():
        return _load_seeds(options)
    form = Mapped(mapping.load(options.mapping)) if options.mapping else options.format
    day_orders = {"*": DayOrder(options.date_order)} if options.date_order else {}
    order = Order(
        options.path,
        format=form,
        answers=Answers(date_orders=day_orders, places=_places(options.place)),
        options=ReadOptions(encoding=options.encoding, sheet=options.sheet),
        dataset=options.dataset,
        version=options.dataset_version,
        complete=options.complete,
        allow_older=options.allow_older,
        covers=coverage.read(options.covers) if options.covers else None,
    )
    store = open_default(options.data_dir, publish=False)
    report = import_file(order, store, progress=progress())
    print_problems(report.notices)
    print_problems(report.remarks[:_PRINTED])
    print_problems(report.problems[:_PRINTED])
    for sentence in report.sentences():
        print(sentence)
    for words, candidates in list(report.choices.items())[:_PRINTED]:
        offered = " or ".join(f"{c['id']} ({c['name']}, {c['placetype']})" for c in candidates)
        print(f"'{words}' fits several places: say --place '{words}=ID' with {offered}")
    return 1 if report.set_aside or report.broken else 0


def _places(given: Sequence[str]) -> dict[str, str]:
    """Words and the places chosen for them."""
    chosen = {}
    for pair in given:
        words, mark, place_id = pair.rpartition("=")
        if not mark or not words:
            raise InvalidInput(
                f"--place '{pair}' names no place. Write the words, = and the id of a place"
            )
        chosen[words] = place_id
    return chosen


def _load_seeds(options: argparse.Namespace) -> int:
    batch, problems = read_seeds(options.path, Gazetteer.load())
    store = open_default(options.data_dir)
    appended = store.append(batch, by="import")
    step("publishing")
    store.publish()
    print_problems(problems)
    print(
        f"added {appended.added.total}, unchanged {appended.unchanged.total}, "
        f"superseded {appended.superseded.total}; {len(problems)} faults"
    )
    return 1 if problems else 0


def covers(options: argparse.Namespace) -> int:
    """Declare which days and places a data set covers."""
    declared, store = coverage.read(options.path), open_default(options.data_dir)
    step("publishing")
    sources = coverage.declare(store, options.dataset, declared, by="import")
    days = f"{declared.first} to {declared.last}"
    print(f"{options.dataset} covers {days}; said of its sources: {sources}")
    return 0


def undo(options: argparse.Namespace) -> int:
    """Take an import back, or list the imports."""
    store = open_default(options.data_dir)
    if options.id is None:
        for report in reports(store):
            print(f"{report.id}: {report.sentences()[0]}")
        return 0
    step("taking it back and publishing")
    changed = roll_back(store, options.id)
    print(f"{options.id} is taken back: {changed} statements changed")
    return 0
