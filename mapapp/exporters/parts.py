"""A selection of any size, part by part in the order of ids (snapshot → export).

What a file says of itself at its end (how many, by which sources, what was left out) is known when
all parts have been given. Memory holds one part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mapapp.domain.moment import Moment
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.exporters import gate
from mapapp.exporters.gate import Extract
from mapapp.exporters.reading import assembled, dated, public_judgements, read_closed
from mapapp.gate.public import sentences_of
from mapapp.query import Dashboard
from mapapp.query.filters.table import restrict
from mapapp.query.tables import compile_query, table
from mapapp.store import Snapshot

#: Incidents in a part: some tens of megabytes.
PART_INCIDENTS = 5_000

#: Told how many incidents of how many have been read.
Tell = Callable[[int, int], None]


class Parts:
    """What may leave of a selection, as extracts of some incidents each.

    `whole` is the same without incidents: complete once all parts were given. `as_of` is as in
    `read_extract`. Raises StoreUnavailable where the snapshot cannot be read.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        selection: Selection,
        as_of: Moment | None = None,
        tell: Tell = lambda done, all_: None,
    ) -> None:
        self._engine, self._selection, self._tell = snapshot.engine, selection, tell
        self._labels = Dashboard(snapshot).labels()
        self._rule = read_closed(self._engine)
        own = gate.extract(
            (), {}, selection, labels=self._labels, made_at=datetime.now(UTC),
            held_back=sentences_of(snapshot),
        )  # fmt: skip
        self.whole = dated(own, as_of)

    def __iter__(self) -> Iterator[Extract]:
        trimmed: dict[str, int] = {}
        self.whole = replace(self.whole, counted=0, sources={}, withheld=0, trimmed=trimmed)
        chosen = restrict(table("incidents"), self._selection)
        ids = compile_query(chosen.select("id").order_by("id"), self._engine.dialect).ask(
            self._engine
        )["id"]
        after = None
        for at in range(0, len(ids), PART_INCIDENTS):
            last = ids[min(at + PART_INCIDENTS, len(ids)) - 1].as_py()
            part = self._part(chosen, after, last)
            trimmed.update(part.trimmed)
            self._count(part)
            yield part
            after = last
            self._tell(min(at + PART_INCIDENTS, len(ids)), len(ids))

    def _part(self, chosen: Any, after: str | None, last: str) -> Extract:
        some = chosen.filter(chosen.id <= last)
        if after is not None:
            some = some.filter(some.id > after)
        incidents, sources = assembled(self._engine, some)
        own = gate.extract(
            incidents, sources, self._selection, labels=self._labels, made_at=self.whole.made_at,
            left_out=self._rule.trimmed,
        )  # fmt: skip
        if self._rule:  # the other side of a judgement may stand in another part
            kept = (public_judgements(self._engine, one, self._rule) for one in own.incidents)
            own = replace(own, incidents=tuple(kept))
        return own

    def _count(self, part: Extract) -> None:
        whole = self.whole
        sources: dict[str, Source] = {**whole.sources, **part.sources}
        self.whole = replace(
            whole,
            counted=whole.number + part.number,
            sources={key: sources[key] for key in sorted(sources)},
            withheld=whole.withheld + part.withheld,
        )
