"""Rows as single claims in the log, the plainest way and that of earlier versions: what an import
is held against, and what an older data folder holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.importers.forms.dataset import Context, Converted, Format, RowReader
from mapapp.importers.tables.sniff import choose, convert_all, sniff, survey
from mapapp.importers.tables.table import Row
from mapapp.ingest.order import Order
from mapapp.store.store import Store


def record_claims(
    order: Order, store: Store, gazetteer: Gazetteer
) -> tuple[Counter[str], list[Row]]:
    """Record a file's claims as the whole of its data set and publish them.

    Returns how many incidents were added, revised, unchanged and withdrawn, and the rows left out.
    """
    sniffed = sniff(order.path, order.options)
    form = order.format
    if form is None or isinstance(form, str):
        form = choose(sniffed, form)
    reader = _reader(order, form, gazetteer)
    good: list[Converted] = []
    aside: list[Row] = []
    for row, result in convert_all(sniffed.table, reader):
        if isinstance(result, Converted):
            good.append(result)
        else:
            aside.append(row)
    before = _contents(store, reader.release.dataset)
    store.append(
        Batch(
            (reader.release.source,),
            tuple(item.record for item in good),
            tuple(claim for item in good for claim in item.claims),
        ),
        by="import",
        replace_dataset=reader.release.dataset,
    )
    store.publish()
    after = _contents(store, reader.release.dataset)
    both = before.keys() & after.keys()
    changes = Counter(
        added=len(after.keys() - before.keys()),
        revised=sum(before[key] != after[key] for key in both),
        unchanged=sum(before[key] == after[key] for key in both),
        withdrawn=len(before.keys() - after.keys()),
    )
    return changes, aside


def _reader(order: Order, form: Format, gazetteer: Gazetteer) -> RowReader:
    table = sniff(order.path, order.options).table
    answers = form.answered(order.answers)
    dates = survey(table, form.date_columns(table.shape.header)).dates
    return form.reader(table, Context(gazetteer, answers, dates, order.version, order.dataset))


def _contents(store: Store, dataset: str) -> dict[str, object]:
    """What is said of each incident, whatever the release."""
    held = store.log.read()
    claims: dict[str, set[str]] = {r.id: set() for r in held.records if r.dataset == dataset}
    for claim in held.claims:
        if claim.incident_id in claims:
            claims[claim.incident_id].add(replace(claim, source_id="").id)
    return {r.id: (r, claims[r.id]) for r in held.records if r.dataset == dataset}
