"""Files into the store: read, convert, compare with what is there, record, publish.

A file's rows are kept beside the log, which names them (`release.py`). What an import does to the
store it does whole or not at all; run again after an interruption it goes on where nothing is lost,
as what is recorded already adds nothing.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, NotFound, NotPublished, StoreUnavailable
from mapapp.importers import own_export as own_json
from mapapp.importers.forms.dataset import Context, Format
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.tables.aside import AsideFile
from mapapp.importers.tables.sniff import Sniffed, Survey, choose, sniff, survey
from mapapp.ingest import release as release_files
from mapapp.ingest.convert import Unsurveyed, needs_no_survey
from mapapp.ingest.coverage import carried
from mapapp.ingest.order import Order
from mapapp.ingest.own_export import import_own
from mapapp.ingest.report import (
    OWN,
    PUBLISHING,
    ImportReport,
    Progress,
    new_folder,
    reports,
    write_report,
)
from mapapp.ingest.task import Outcome, Reading, Task, refuse_older
from mapapp.ingest.workers import how_many, text_bytes
from mapapp.store.store import Store

#: The folder, in the data folder, of mappings kept for next time.
MAPPINGS = "mappings"


def import_file(
    order: Order,
    store: Store,
    *,
    progress: Progress | None = None,
    gazetteer: Gazetteer | None = None,
) -> ImportReport:
    """Import a file as ordered, and publish it.

    Raises InvalidInput where the file cannot be read, something has to be decided first
    (`problems` says what), or a newer release is already there; StoreUnavailable where the store
    cannot be written. Nothing is recorded then.
    """
    began = time.monotonic()
    tell = progress or (lambda done, doing: None)
    if order.format in (None, OWN) and order.path.is_file() and own_json.is_own(order.path):
        return import_own(order.path, store, by=order.by, tell=tell, began=began)
    sniffed = sniff(order.path, order.options)
    form = _form(sniffed, order.format, store)
    if isinstance(form, Mapped):
        form.check(sniffed)
    order = replace(order, answers=form.answered(order.answers))
    # The other processes have the packaged gazetteer.
    workers = 0 if gazetteer else how_many(text_bytes(sniffed.table))
    gazetteer = gazetteer or Gazetteer.load()

    def context(surveyed: Survey | None = None) -> Context:
        dates = surveyed.dates if surveyed else {}
        return Context(gazetteer, order.answers, dates, order.version, order.dataset)

    if days_are_plain(sniffed, form):
        try:
            return _record(order, Reading(sniffed, form, context(), None, workers), store, tell,
                           began)  # fmt: skip
        except Unsurveyed:
            pass  # found out at a later row; nothing was recorded
    tell(0.0, "looking at every row's dates")
    surveyed = survey(sniffed.table, form.date_columns(sniffed.header))
    questions = surveyed.questions(order.answers)
    if questions:
        name = order.path.name
        raise InvalidInput(
            f"{name} cannot be read without an answer: {questions[0].ask} in "
            f"'{questions[0].field}'",
            tuple(question.problem(name) for question in questions),
        )
    read = Reading(sniffed, form, context(surveyed), surveyed, workers)
    return _record(order, read, store, tell, began)


def days_are_plain(sniffed: Sniffed, form: Format) -> bool:
    """Whether the first rows' days can be read without a look at all rows; that later ones can is
    seen on the way.
    """
    names = form.date_columns(sniffed.header)
    return all(needs_no_survey(row.values.get(name)) for row in sniffed.sample for name in names)


def _record(
    order: Order, read: Reading, store: Store, tell: Progress, began: float
) -> ImportReport:
    """Record a file's rows, publish them, and keep the report."""
    table, form = read.sniffed.table, read.form
    reader = form.reader(table, read.context)
    release = reader.release
    _check_name(release.dataset)
    with store.importing():
        contents = store.log.read()
        source = carried(release.source, contents.sources, order.covers)
        reader.release = release = replace(release, source=source)
        if not order.allow_older:
            refuse_older(contents, release)
        folder = new_folder(store, table.path.name)
        aside = AsideFile(folder / _aside_name(read.sniffed), table)
        task = Task(order, read, reader, aside, folder.name, tell)
        try:
            done = release_files.record(task, store, contents, folder)
        except BaseException:
            with suppress(OSError):  # rows set aside may be in it
                folder.rmdir()
            raise
        report = _report(task, done, began)
        write_report(folder, report)
        if isinstance(form, Mapped) and done.imported:
            mapping.save(form.mapping, read.sniffed.header, store.data_dir / MAPPINGS)
        tell(0.85, PUBLISHING)
        try:
            store.publish()
        except StoreUnavailable as error:
            raise NotPublished(
                f"the rows of {table.path.name} are recorded, but readers do not see them yet: "
                f"{error}. Publishing is tried again with the next change, and when the server "
                "starts"
            ) from error
        report = replace(report, elapsed_s=round(time.monotonic() - began, 2))
        write_report(folder, report)
    tell(1.0, "done")
    return report


def _report(task: Task, done: Outcome, began: float) -> ImportReport:
    """What became of the file's rows."""
    read, aside, release = task.read, task.aside, task.reader.release
    name = task.table.path.name
    mapped = read.form.notices(read.sniffed) if isinstance(read.form, Mapped) else ()
    verdicts = read.surveyed.verdicts(name) if read.surveyed else ()
    return ImportReport(
        id=task.name, file=name, format=read.form.name, dataset=release.dataset,
        version=release.version, source_id=release.source.id, rows_in=done.read,
        imported=done.imported, set_aside=aside.rows, added=done.added, revised=done.revised,
        unchanged=done.unchanged, withdrawn=done.withdrawn, absent=done.absent,
        reasons=dict(aside.reasons.most_common()), problems=tuple(aside.problems),
        notices=(*task.table.shape.notices, *mapped, *verdicts), remarks=tuple(done.remarks),
        aside_path=str(aside.path) if aside.rows else None, before=done.before.isoformat(),
        elapsed_s=round(time.monotonic() - began, 2), changes_path=done.changes_path,
        choices={
            words: tuple(candidate.as_dict() for candidate in candidates)
            for words, candidates in task.reader.choices.items()
            if words not in read.context.answers.places
        },
    )  # fmt: skip


def _check_name(dataset: str) -> None:
    """Raise InvalidInput for a name of a data set that is no name of a folder."""
    if not re.fullmatch(r"\w[\w .-]{0,99}", dataset):
        raise InvalidInput(
            f"'{dataset[:60]}' is no name for a data set. Use letters, digits, - and _, such as "
            "council-2019"
        )


def _form(sniffed: Sniffed, wanted: str | Format | None, store: Store) -> Format:
    """The form asked for, else the one recognised, else the mapping kept for such a table."""
    if wanted is not None and not isinstance(wanted, str):
        return wanted
    if wanted is None and sniffed.format is None:
        kept = mapping.saved(sniffed.header, store.data_dir / MAPPINGS)
        if kept is not None:
            return Mapped(kept)
        proposed, _ = mapping.propose(sniffed)
        if proposed.speaker:  # a form that is known whole
            return Mapped(proposed)
    return choose(sniffed, wanted)


def _aside_name(sniffed: Sniffed) -> str:
    """What the file of rows set aside is called."""
    stem = sniffed.table.path.name.split(".")[0]
    return f"{stem}-set-aside.{'tsv' if sniffed.table.delimiter == chr(9) else 'csv'}"


def roll_back(store: Store, import_id: str, *, by: str = "import") -> int:
    """Take an import back: its data set is again what it was before. Returns the log's change.

    Nothing is erased: the import stays in the log as superseded. Only the last import of a data
    set can be taken back. Raises NotFound for an unknown id, InvalidInput where later imports of
    the data set stand on it.
    """
    with store.importing():
        every = reports(store)
        mine = next((report for report in every if report.id == import_id), None)
        if mine is None:
            raise NotFound(f"there is no import '{import_id}'")
        if mine.format == OWN:
            raise InvalidInput(
                f"'{mine.file}' is an export of ours that added to what was there already; it "
                "cannot be told apart again. Withdraw its incidents one by one"
            )
        later = [r for r in every if r.dataset == mine.dataset and r.before > mine.before]
        if later:
            raise InvalidInput(
                f"'{later[0].file}' was imported into {mine.dataset} after it. Take that back first"
            )
        was = store.log.read(as_of=datetime.fromisoformat(mine.before))
        sources = {s.id: s for s in was.sources}
        records = tuple(r for r in was.records if r.dataset == mine.dataset)
        ids = {record.id for record in records}
        claims = tuple(c for c in was.claims if c.incident_id in ids)
        needed = {c.source_id for c in claims}
        kept = tuple(s for s in sources.values() if s.dataset == mine.dataset or s.id in needed)
        files = tuple(file for file in was.row_files if file.dataset == mine.dataset)
        done = store.append(
            Batch(kept, records, claims, row_files=files), by=by, replace_dataset=mine.dataset
        )
        store.publish()
        report = store.data_dir / "imports" / import_id / "report.json"
        report.replace(report.with_name("taken-back.json"))
        return done.seq
