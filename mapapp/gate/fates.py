"""What becomes of incidents kept as rows at the gate, told from their columns (serves log → public
snapshot).

All claims of such an incident are by one release, so that it leaves whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.source import Source
from mapapp.domain.vocab import GeoPrecision
from mapapp.gate.columns import GedGate
from mapapp.gate.rules import GateRules


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one form by one release, and the finest place that leaves of them."""

    form: str
    source: Source
    level: GeoPrecision | None


@dataclass(frozen=True, slots=True)
class Fates:
    """Ids of kept rows: those that do not leave, that leave as they are, and, with the number of
    their kind, that have to be changed in columns. All others pass as records. `next_due` as in
    `gate.Gated`.
    """

    gone: pa.Array
    plain: pa.Array
    changed: pa.Table
    kinds: tuple[Kind, ...]
    next_due: date | None


_KINDS: Final = "SELECT DISTINCT form, source_id FROM whole.rows ORDER BY form, source_id"
_ROWS: Final = """
    SELECT r.id, r.claims, i.latest, k.kind
    FROM whole.rows r
    JOIN own.touched USING (id)
    JOIN whole.incidents i USING (id)
    JOIN kinds k ON k.form = r.form AND k.source_id = r.source_id
"""


def fates(connection: Any, sources: Mapping[str, Source], rules: GateRules, today: date) -> Fates:
    """What becomes of the rows among the incidents in the table `own.touched`."""
    found = connection.sql(_KINDS).to_arrow_table()
    kinds = tuple(
        Kind(form, sources[key], rules.level([sources[key]]))
        for form, key in zip(*(found[n].to_pylist() for n in ("form", "source_id")), strict=True)
    )
    connection.register(
        "kinds", found.append_column("kind", pa.array(range(len(kinds)), pa.int64()))
    )
    t = connection.sql(_ROWS).to_arrow_table()
    connection.unregister("kinds")
    ids, number = t["id"].combine_chunks(), t["kind"].to_numpy()
    latest = t["latest"].combine_chunks()
    # Its end is open, or nothing is claimed: the record's own times decide.
    sure = pc.and_(pc.is_valid(latest), pc.greater(t["claims"].combine_chunks(), 0))
    sure = sure.to_numpy(zero_copy_only=False).astype(bool)
    days = pc.fill_null(latest.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
    own = pa.array(sorted(rules.withhold_incidents), pa.string())
    gone = pc.is_in(ids, value_set=own).to_numpy(zero_copy_only=False).astype(bool)
    changed, due = np.zeros(len(ids), bool), []
    for at, kind in enumerate(kinds):
        mine = (number == at) & sure & ~gone
        if rules.private(kind.source):
            gone |= mine
            continue
        for wait in (rules.delay(kind.source), rules.delay_days):
            early = mine & (days + wait > _number(today)) if wait else np.zeros(len(ids), bool)
            if early.any():
                due.append(date(1970, 1, 1) + timedelta(days=int(days[early].min()) + wait))
            gone |= early
            mine &= ~early
        if kind.level is not None or rules.withhold_fields:
            if GedGate.can(kind.form):
                changed |= mine
            else:
                sure &= ~mine
    plain = sure & ~gone & ~changed
    return Fates(
        ids.filter(pa.array(gone)),
        ids.filter(pa.array(plain)),
        pa.table({"id": ids.filter(pa.array(changed)), "kind": number[changed]}),
        kinds,
        min(due, default=None),
    )


def touched_ids(
    connection: Any, sources: tuple[Source, ...], rules: GateRules, today: date
) -> pa.Array:
    """Ids of all incidents that a rule may be about, and perhaps of some others."""
    t = connection.sql(
        "SELECT id, latest, dataset, source_ids FROM whole.incidents"
    ).to_arrow_table()
    ids = t["id"].combine_chunks()
    if rules.min_precision or rules.withhold_fields:
        return ids
    some = pc.is_in(ids, value_set=_strings(rules.withhold_incidents))
    if rules.delay_days:
        days = pc.days_between(t["latest"].combine_chunks(), pa.scalar(today, pa.date32()))
        some = pc.or_(some, pc.fill_null(pc.less(days, rules.delay_days), True))
    held = {s.id for s in sources if rules.private(s) or any(r.fits(s) for r in rules.sources)}
    if held:
        lists = t["source_ids"].combine_chunks()
        resting = pc.is_in(pc.list_flatten(lists), value_set=_strings(held))
        rows = pc.list_parent_indices(lists).filter(resting)
        some = pc.or_(some, pc.is_in(pa.array(range(len(ids)), rows.type), value_set=rows))
        silent = {s.dataset for s in sources if rules.private(s)}
        closed = pc.is_in(t["dataset"].combine_chunks(), value_set=_strings(silent))
        some = pc.or_(some, closed)
    return ids.filter(some)


def _strings(values: Any) -> pa.Array:
    return pa.array(sorted(values), pa.string())


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
