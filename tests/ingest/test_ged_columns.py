"""Whole columns of GED give what single rows give, cell by cell, on real and on invented rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from gazetteer import Gazetteer
from mapapp.domain.incident import assemble
from mapapp.importers.cells.located import Locator
from mapapp.importers.forms import ged_codes
from mapapp.importers.forms.dataset import Columns, version_in
from mapapp.importers.forms.ged import Ged
from mapapp.importers.tables.reading import open_table
from mapapp.ingest.ged_columns import GedColumns
from mapapp.snapshot.columns import incident_columns
from tests import ged_rows
from tests.importers.support import SHARED, read

REAL = [
    "ucdp-ged-candidate-2026-01/GEDEvent_v26_0_1.csv",
    "ucdp-ged-other-countries/ged_v23_1_central_african_republic.csv",
    "ucdp-ged-other-countries/ged_v19_1_bangladesh_myanmar.csv",
    "ucdp-ged-other-countries/hdx_conflict_data_BGD_with_hxl_row.csv",
]


def both(path: Path, gazetteer: Gazetteer) -> tuple[pa.Table, pa.Table, int]:
    """The columns made row by row, those made whole, and how many rows were left out of those."""
    good, _ = read(path, gazetteer, Ged())
    incidents = assemble(
        [item.record for item in good], [claim for item in good for claim in item.claims]
    )
    slow = incident_columns(incidents)
    table = open_table(path)
    columns = Columns(table.shape.header, ged_codes.COLUMNS)
    release = ged_codes.release(version_in(path.name))
    maker = GedColumns(columns, table.shape.header, release, Locator(gazetteer))
    assert maker.usable
    cells = [[str(c) for c in row.cells[: len(table.shape.header)]] for row in table.rows()]
    fast, sound = maker.chunk(cells)
    counts = [len(item.claims) for item in good]
    slow = slow.append_column("claims", pa.array(counts, pa.int32()))
    return slow, fast, len(cells) - int(sound.sum())


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str, gazetteer: Gazetteer) -> None:
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the data sets belong to their publishers and are not here")
    slow, fast, left = both(path, gazetteer)
    same(slow, fast)
    assert fast.num_rows == slow.num_rows  # nothing sound is left to the slow way
    assert left < 0.02 * (fast.num_rows + left)


def test_invented_rows_in_afghanistan(tmp_path: Path, gazetteer: Gazetteer) -> None:
    rows = [ged_rows.row(n) for n in range(1, 600)]
    rows[5] |= {"latitude": 69.16, "longitude": 34.53}
    rows[6] |= {"date_start": "2015-02-30"}
    rows[7] |= {"side_a": "IS, Taleban", "side_b": "Civilians", "type_of_violence": 3}
    rows[8] |= {"side_a": "XXX700", "side_b": "XXX700", "type_of_violence": 1}
    rows[9] |= {"where_coordinates": "Kābul  شهر", "source_article": "Café\nnews"}
    rows[10] |= {"date_prec": 0}
    slow, fast, left = both(ged_rows.write(tmp_path / "ged_v23_1.csv", rows), gazetteer)
    assert left == 2
    same(slow, fast)


def same(slow: pa.Table, fast: pa.Table) -> None:
    order = {key: at for at, key in enumerate(fast["id"].to_pylist())}
    wanted = [order[key] for key in slow["id"].to_pylist() if key in order]
    assert len(wanted) == fast.num_rows
    kept = slow.filter(pa.array([key in order for key in slow["id"].to_pylist()]))
    fast = fast.take(pa.array(wanted))
    assert fast.schema == slow.schema
    for name in slow.schema.names:
        left, right = kept[name].to_pylist(), fast[name].to_pylist()
        assert left == right, (name, [p for p in zip(left, right, strict=True) if p[0] != p[1]][:3])
