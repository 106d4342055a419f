"""The dashboard's questions answered by the query layer over a snapshot (ours)."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc

from benchmarks.pandas_way import FACETS
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import DISPLAY_KINDS
from mapapp.query import Dashboard
from mapapp.query.changes.fingerprint import fingerprint
from mapapp.snapshot.snapshot import open_snapshot

_ZOOM = 6


class OurWay:
    """A snapshot opened as the server opens it, and the questions as methods."""

    def __init__(self, snapshot: Path) -> None:
        self._snapshot = open_snapshot(snapshot)
        self._dashboard = Dashboard(self._snapshot)

    def figures(self, s: Selection) -> dict[str, int]:
        own = self._dashboard.figures(s)
        return {
            "incidents": own.incidents,
            "killed_low": own.killed.low or 0,
            "killed_best": own.killed.best or 0,
            "killed_high": own.killed.high or 0,
            "wounded_low": own.wounded.low or 0,
            "wounded_high": own.wounded.high or 0,
            "not_mappable": own.not_mappable,
        }

    def facets(self, s: Selection) -> dict[str, int]:
        return {
            part: sum(facet.count for facet in self._dashboard.facet(s, part)) for part in FACETS
        }

    def table(self, s: Selection) -> list[str]:
        return [str(own) for own in self._dashboard.table(s, limit=50)["id"].to_pylist()]

    def series(self, s: Selection) -> int:
        return int(pc.sum(self._dashboard.series(s, "month")["certain"]).as_py() or 0)

    def cells(self, s: Selection) -> dict[str, int]:
        cells = self._dashboard.cells(s, None, _ZOOM)
        counts = [pc.sum(cells[kind]).as_py() or 0 for kind in DISPLAY_KINDS]
        return {"cells": cells.num_rows, "incidents": sum(counts)}

    def features(self, s: Selection) -> int:
        """A city's view at street level, as the map asks for it."""
        return len(self._dashboard.features(s, (69.1, 34.48, 69.25, 34.57), 3001))

    def speakers(self, s: Selection) -> int:
        """The filter whose options take most: each statement has its speaker."""
        return len(self._dashboard.facet(s, "speakers"))

    def coverage(self, s: Selection) -> int:
        """The strips of months, recorded or not."""
        return len(self._dashboard.coverage(s, {"AF01": "Kabul", "AF32": "Herat"}))

    def fingerprint(self, s: Selection) -> str:
        """The content hash of a citation: every id and every word said of it is read."""
        return fingerprint(self._snapshot, s)

    def cell_bins(self, s: Selection) -> int:
        return len(self._dashboard.cell_bins(s, None, _ZOOM, "month"))
