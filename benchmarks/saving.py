"""How long it takes from Save until readers can see a changed record, beside many other incidents.

python -m benchmarks.saving 1000 100000 1000000
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import generator
from benchmarks.statements import DATASET
from gazetteer import Gazetteer
from mapapp.curation.change import draft_of, last_edit, save, undo
from mapapp.domain.batch import Batch
from mapapp.domain.row_file import RowFile
from mapapp.domain.selection import Selection
from mapapp.importers.seeds.seeds import read_seeds
from mapapp.query import Dashboard
from mapapp.snapshot import releases, row_files
from mapapp.snapshot.row_files import STORED
from mapapp.snapshot.schema import ROWS
from mapapp.store import Store

ROOT = Path(__file__).resolve().parent.parent
FAYZABAD: Final = "afg-2024-05-08-fayzabad-convoy"
_FOLDER: Final = "made-up"
_TIMES: Final = 3


def filled(folder: Path, rows: int, gazetteer: Gazetteer) -> Store:
    """A store of the seeds and of so many made-up incidents that stand in a file of rows."""
    store = Store.open(folder)
    seeds, problems = read_seeds(ROOT / "seeds", gazetteer)
    assert not problems
    path = row_files.building(folder, DATASET, _FOLDER)
    with pq.ParquetWriter(path, STORED) as file:
        for table in generator.finished(rows):
            file.write_table(_stored(table), row_group_size=25_000)  # as an import writes it
    row_files.put_in_place(folder, DATASET, _FOLDER)
    kept = RowFile(DATASET, "1", _FOLDER, rows, added=rows)
    store.append(Batch(seeds.sources, seeds.records, seeds.claims, row_files=(kept,)), by="seeds")
    return store


def _stored(table: pa.Table) -> pa.Table:
    n = table.num_rows
    own: dict[str, pa.Array] = {"hash": pa.array(np.arange(n, dtype=np.uint64))}
    for field in ROWS:
        if field.name != "id":
            empty = "" if pa.types.is_string(field.type) else 0
            own[field.name] = pa.array([empty]).cast(field.type).take(pa.array(np.zeros(n, int)))
    for name, values in own.items():
        table = table.append_column(name, values)
    return table.select(STORED.names).cast(STORED)


def main(sizes: list[int]) -> None:
    """Print the seconds of publishing all, and of saves and undos after it, size by size."""
    gazetteer = Gazetteer.load()
    # Made-up rows are wider than those of any release: sorting a million takes more of a server.
    releases.SORT_MEMORY = "6GB"
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            store = filled(Path(folder), rows, gazetteer)
            began = time.perf_counter()
            store.publish()
            whole = time.perf_counter() - began
            saves, undos, looks = [], [], []
            for turn in range(_TIMES):
                draft = draft_of(store, FAYZABAD, gazetteer)
                draft.document["title"] = f"Another title, {turn}"
                began = time.perf_counter()
                save(store, draft, "To measure how long it takes", by="ana", gazetteer=gazetteer)
                saves.append(time.perf_counter() - began)
                began = time.perf_counter()
                own = Dashboard(store.current())
                assert own.incident(FAYZABAD).incident.record.title.endswith(f", {turn}")
                own.figures(Selection())
                looks.append(time.perf_counter() - began)
                last = last_edit(store, FAYZABAD)
                assert last is not None
                began = time.perf_counter()
                undo(store, FAYZABAD, last.seq, "To measure that as well", by="ana")
                undos.append(time.perf_counter() - began)
            size = store.current().path
            assert size is not None
            print(
                f"{rows:>9,} rows: all {whole:.2f} s; save {_shown(saves)}; first look "
                f"{_shown(looks)}; undo {_shown(undos)}; file {size.stat().st_size / 1e6:.0f} MB",
                flush=True,
            )
            store.close()


def _shown(seconds: list[float]) -> str:
    return "/".join(f"{one:.2f}" for one in seconds) + " s"


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [1_000, 100_000, 1_000_000])
