"""An import in a process of its own gives the same report, the same refusals, and dies alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import Mapping
from mapapp.ingest.apart import import_apart
from mapapp.ingest.order import Order
from mapapp.ingest.report import Progress, reports
from mapapp.store.store import Store
from tests import ged_rows

CHOSEN = {"Kandahar": "prov:kandahar"}


def bring(path: Path, data: Path, progress: Progress = lambda done, doing: None, **how: Any) -> Any:
    order = Order(path, by="page", **how)
    return import_apart(order, data, progress)


def children() -> set[int]:
    """The processes that the tests' thread has started and that are there."""
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))


def test_it_reports_refuses_and_can_be_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    rows = [ged_rows.row(1), ged_rows.row(2, low=900)]
    path = ged_rows.write(tmp_path / "GEDEvent_v23_1.csv", rows)
    told: list[tuple[float, str]] = []
    report = bring(path, data, progress=lambda done, doing: told.append((done, doing)))
    assert (report.imported, report.set_aside) == (1, 1)
    assert report.problems[0].field == "low"
    assert told[-1] == (1.0, "done")
    store = Store.open(data)
    assert reports(store) == (report,)
    before = store.log.seq()

    # A table by a mapping with its answers.
    table = tmp_path / "council.csv"
    table.write_text("no,day,place\n1,03/04/2019,Kandahar\n", encoding="utf-8")
    mapping = Mapping(
        {"id": "no", "date": "day", "place": "place"}, "table-council", "Incidents", "A council",
        places=CHOSEN,
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="without an answer") as refused:
        bring(table, data, format=Mapped(mapping))
    assert refused.value.problems[0].field == "day"
    assert store.log.seq() == before

    # Killed, it has recorded nothing, and its reader hears of it.
    others = children()  # such as the driver of the browser that other tests use

    def kill(done: float, doing: str) -> None:
        for child in children() - others:
            os.kill(child, signal.SIGKILL)

    with pytest.raises(StoreUnavailable, match="stopped by SIGKILL"):
        bring(path, data, progress=kill)
    assert store.log.seq() == before
    store.close()
