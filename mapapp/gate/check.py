"""What each rule of the gate holds back now, so that a rule that fits nothing does not pass unseen:
a misspelt id publishes what was to be withheld (log → owner).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.source import Source
from mapapp.domain.vocab import GeoPrecision
from mapapp.gate.gate import is_finer
from mapapp.gate.rules import GateRules, SourceRule
from mapapp.log import codec
from mapapp.snapshot.snapshot import Snapshot

#: Of so many incidents a misspelt id is compared with all; of more that takes too long.
_COMPARED = 50_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule: its `place` in the file, what it `names`, and what it holds back now.

    `fits` is False where it is about nothing there is. `names` can tell of what is held back and is
    for the owner's eyes; `place` and `holds` are for the log.
    """

    place: str
    names: str
    holds: str
    fits: bool = True

    def __str__(self) -> str:
        return f"{self.place} {self.names}: {self.holds}".replace(" :", ":")

    @property
    def for_the_log(self) -> str:
        """The same without a name of anything that is there."""
        return f"{self.place}: {self.holds}" if self.fits else str(self)


def findings(whole: Snapshot, rules: GateRules, today: date) -> tuple[Finding, ...]:
    """Each rule with what it holds back of a snapshot, in the order of the file."""
    if not rules:
        return ()
    rows = whole.engine.run("SELECT id, latest, geo_precision, source_ids FROM incidents")
    result: list[Finding] = []
    if rules.delay_days:
        held = _held_for(rows, rules.delay_days, today)
        result.append(Finding("delay_days", str(rules.delay_days), _number("withholds", held)))
    if rules.min_precision:
        finer = _finer(rows, rules.min_precision)
        result.append(
            Finding("min_precision", str(rules.min_precision), _number("coarsens", finer))
        )
    for name in sorted(rules.withhold_fields):
        result.append(Finding("withhold_fields", name, _number("is about", rows.num_rows)))
    result += _by_name(rows, rules.withhold_incidents)
    sources = list(sources_of(whole))
    for number, rule in enumerate(rules.sources, 1):
        result.append(_of_sources(rows, sources, rule, number))
    return tuple(result)


def _by_name(rows: pa.Table, ids: Iterable[str]) -> list[Finding]:
    known = set(
        pc.filter(rows["id"], pc.is_in(rows["id"], pa.array(sorted(ids), pa.string()))).to_pylist()
    )
    found = []
    for key in sorted(ids):
        if key in known:
            found.append(Finding("withhold_incidents", f"“{key}”", _number("withholds", 1)))
            continue
        near: list[str] = []
        if rows.num_rows <= _COMPARED:
            near = get_close_matches(key, rows["id"].to_pylist(), n=1)
        meant = f"; did you mean “{near[0]}”?" if near else ""
        found.append(Finding("withhold_incidents", f"“{key}”", f"fits nothing{meant}", False))
    return found


def _of_sources(rows: pa.Table, sources: list[Source], rule: SourceRule, number: int) -> Finding:
    given = {"dataset": rule.dataset, "publisher": rule.publisher, "id": rule.id}
    names = ", ".join(f"{name} “{text}”" for name, text in given.items() if text is not None)
    fitting = {source.id for source in sources if rule.fits(source)}
    place = f"[[source]] {number}"
    if not fitting:
        return Finding(place, names, "fits nothing", False)
    lists = rows["source_ids"].combine_chunks()
    parents = pc.list_parent_indices(lists)
    resting = pc.filter(
        parents, pc.is_in(pc.list_flatten(lists), pa.array(sorted(fitting), pa.string()))
    )
    sum_of = f"{len(fitting):,} source{'' if len(fitting) == 1 else 's'}"
    return Finding(place, names, f"{_number('is about', pc.count_distinct(resting).as_py())} "
                   f"that rest on {sum_of}")  # fmt: skip


def _held_for(rows: pa.Table, days: int, today: date) -> int:
    """Incidents that happened too lately. Those without a last day go by when they were recorded,
    which is not looked at here: they are counted."""
    first_held = pa.scalar(today - timedelta(days=days), pa.date32())
    late = pc.fill_null(pc.greater(rows["latest"], first_held), True)
    return int(pc.sum(late).as_py() or 0)


def _finer(rows: pa.Table, level: GeoPrecision) -> int:
    finer = pa.array([str(p) for p in GeoPrecision if is_finer(p, level)], pa.string())
    return int(pc.sum(pc.is_in(rows["geo_precision"], finer)).as_py() or 0)


def _number(verb: str, number: int) -> str:
    return f"{verb} {number:,} incident{'' if number == 1 else 's'}"


def sources_of(snapshot: Snapshot) -> Iterator[Source]:
    """The sources of a snapshot."""
    for row in snapshot.engine.run("SELECT content FROM sources").to_pylist():
        yield codec.decode_source(row["content"])
