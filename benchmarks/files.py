"""Synthetic incidents as files: a data folder to serve, Parquet, a UCDP-like CSV (benchmarks)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.generator import batches, finished
from benchmarks.statements import sources
from mapapp.domain.actors import ACTORS
from mapapp.domain.vocab import Rule
from mapapp.log import codec
from mapapp.snapshot import snapshot, summaries
from mapapp.snapshot.schema import INCIDENTS, SOURCES, TABLES, best_column
from mapapp.store.default import open_default


def write_data_dir(folder: Path, rows: int, seed: int = 1) -> Path:
    """A data folder whose current snapshot is synthetic, ready to be served; the snapshot's path.

    The log holds the curated seeds as always; the snapshot is of the log's last change, so that
    opening the folder finds nothing to publish.
    """
    store = open_default(folder)
    seq = store.log.read().seq
    store.close()
    path = folder / "snapshots" / f"snap-{seq}~{rows}.duckdb"
    write_snapshot(path, rows, seed, seq=seq)
    (folder / "snapshots" / "CURRENT").write_text(f"{path.name}\n", encoding="utf-8")
    return path


def write_snapshot(path: Path, rows: int, seed: int = 1, *, seq: int = 1) -> None:
    """A snapshot file of synthetic incidents, written batch by batch; `path` must not exist."""
    tables = {name: TABLES[name].empty_table() for name in TABLES if name != "meta"}
    tables["sources"] = _sources()
    snapshot.write(path, tables, seq=seq)
    with duckdb.connect(str(path)) as connection:
        for part in finished(rows, seed):
            connection.from_arrow(part).insert_into("incidents")
        if rows >= summaries.FROM_INCIDENTS:
            summaries.write_to(connection, rows)
        connection.execute("""UPDATE meta SET "value" = ? WHERE "key" = 'incidents'""", [str(rows)])
        connection.execute("CHECKPOINT")


def write_parquet(path: Path, rows: int, seed: int = 1) -> None:
    """The `INCIDENTS` columns as one Parquet file in the snapshot's order."""
    with pq.ParquetWriter(path, INCIDENTS, compression="zstd") as writer:
        for part in finished(rows, seed):
            writer.write_table(part, row_group_size=100_000)


def _sources() -> pa.Table:
    rows = [
        {name: getattr(s, name) for name in SOURCES.names if name != "content"}
        | {"content": codec.encode(s), "redistribution": str(s.redistribution)}
        for s in sources()
    ]
    return pa.Table.from_pylist(rows, schema=SOURCES)


def write_ucdp_csv(path: Path, rows: int, seed: int = 1) -> None:
    """The same incidents under UCDP GED's 49 columns, one row an incident.

    What GED has no word for is lost: one best figure stands for the speakers', a day for an open
    date, and the country's middle for incidents that are not mappable.
    """
    with path.open("wb") as file:
        at = 0
        for number, base in enumerate(batches(rows, seed)):
            table = _ucdp(base, at)
            at += base.num_rows
            options = pyarrow.csv.WriteOptions(include_header=number == 0)
            pyarrow.csv.write_csv(table, file, options)


#: The order is GED's, as in its published files.
_UCDP_COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip

_WHERE_PREC = {
    "site": 1, "neighbourhood": 1, "settlement": 2, "district": 3, "province": 4, "country": 6,
}  # fmt: skip
_DATE_PREC = {"hour": 1, "day": 1, "days": 2, "week": 3, "month": 4, "year": 5, "unknown": 5}

#: GED's own spellings of the sides, its numbers of them, and the kind of violence.
_SIDES = {
    "dfa": ("Government of Afghanistan", 130, "Civilians", 9999, 3),
    "iskp": ("Government of Afghanistan", 130, "IS", 234, 1),
    "nrf": ("Government of Afghanistan", 130, "NRF", 8060, 1),
    "aff": ("Government of Afghanistan", 130, "AFF", 8061, 1),
    "ttp": ("Government of Pakistan", 134, "TTP", 301, 1),
    "": ("XXX", 9998, "Civilians", 9999, 3),
}

_COUNTRIES = {"AFG": ("Afghanistan", 700), "PAK": ("Pakistan", 770), "IRN": ("Iran", 630)}
_MIDDLE = (33.0, 65.0)
_PARENT = {actor.id: actor.parent for actor in ACTORS}


def _ucdp(base: pa.Table, at: int) -> pa.Table:
    n = base.num_rows
    number = pa.array(np.arange(at + 1, at + n + 1))
    start = pc.coalesce(base["earliest"], base["latest"], pa.scalar(_NO_DATE, pa.date32()))
    end = pc.coalesce(base["latest"], base["earliest"], pa.scalar(_NO_DATE, pa.date32()))
    day = pc.strftime(start, format="%Y-%m-%d")
    lat = pc.fill_null(base["lat"], _MIDDLE[0])
    lng = pc.fill_null(base["lng"], _MIDDLE[1])
    lat_text, lng_text = lat.cast(pa.string()), lng.cast(pa.string())
    side_a, side_a_id, side_b, side_b_id, violence = (
        _by_actor(base["actors"], position) for position in range(5)
    )
    dyad = pc.binary_join_element_wise(side_a, side_b, " - ")
    source = pc.list_element(base["source_ids"], 0)
    best = pc.fill_null(base[best_column("killed", Rule.INDEPENDENT_FIRST)], 0)
    civilians = pc.min_element_wise(pc.fill_null(base["civilians_killed_low"], 0), best)
    forces = pc.min_element_wise(
        pc.fill_null(base["security_killed_low"], 0), pc.subtract(best, civilians)
    )
    stamp = " 00:00:00.000"
    columns: dict[str, Any] = {
        "id": number,
        "relid": pc.binary_join_element_wise("AFG", number.cast(pa.string()), "-"),
        "year": pc.year(start),
        "active_year": _same(True, n),
        "code_status": _same("Clear", n),
        "type_of_violence": violence,
        "conflict_dset_id": side_b_id,
        "conflict_new_id": side_b_id,
        "conflict_name": dyad,
        "dyad_dset_id": side_b_id,
        "dyad_new_id": side_b_id,
        "dyad_name": dyad,
        "side_a_dset_id": side_a_id,
        "side_a_new_id": side_a_id,
        "side_a": side_a,
        "side_b_dset_id": side_b_id,
        "side_b_new_id": side_b_id,
        "side_b": side_b,
        "number_of_sources": pc.list_value_length(base["source_ids"]),
        "source_article": pc.binary_join_element_wise(source, day, base["title"], ","),
        "source_office": source,
        "source_date": day,
        "source_headline": base["title"],
        "source_original": _same("officials, residents", n),
        "where_prec": _map(base["geo_precision"], _WHERE_PREC),
        "where_coordinates": base["place_name"],
        "where_description": base["place_text"],
        "adm_1": _suffixed(base["adm1_name"], " province"),
        "adm_2": _suffixed(base["adm2_name"], " district"),
        "latitude": lat,
        "longitude": lng,
        "geom_wkt": pc.binary_join_element_wise("POINT (", lng_text, " ", lat_text, ")", ""),
        "priogrid_gid": _priogrid(lat, lng),
        "country": _map(base["country"], {code: name for code, (name, _) in _COUNTRIES.items()}),
        "country_id": _map(base["country"], {code: own for code, (_, own) in _COUNTRIES.items()}),
        "region": _same("Asia", n),
        "event_clarity": _same(1, n),
        "date_prec": _map(base["date_precision"], _DATE_PREC),
        "date_start": _suffixed(day, stamp),
        "date_end": _suffixed(pc.strftime(end, format="%Y-%m-%d"), stamp),
        "deaths_a": forces,
        "deaths_b": _same(0, n),
        "deaths_civilians": civilians,
        "deaths_unknown": pc.subtract(pc.subtract(best, civilians), forces),
        "best": best,
        "high": pc.max_element_wise(pc.fill_null(base["killed_high"], 0), best),
        "low": pc.min_element_wise(pc.fill_null(base["killed_low"], 0), best),
        "gwnoa": _same(700, n),
        "gwnob": pa.nulls(n, pa.string()),
    }
    return pa.table({name: columns[name] for name in _UCDP_COLUMNS})


#: Of incidents without a day: GED has none, and calls such a year imprecise.
_NO_DATE = np.datetime64("2004-01-01").astype("datetime64[D]").item()


def _by_actor(actors: pa.ChunkedArray, position: int) -> pa.Array:
    first = pc.fill_null(pc.list_element(_padded(actors), 0), "")
    values = {own: _SIDES.get(own) or _SIDES.get(_PARENT.get(own) or "") or _SIDES[""] for own in
              pc.unique(first).to_pylist()}  # fmt: skip
    return _map(first, {own: sides[position] for own, sides in values.items()})


def _padded(lists: pa.ChunkedArray) -> pa.Array:
    """Lists with an element each: an empty one has no first."""
    plain = lists.combine_chunks()
    empty = pc.equal(pc.list_value_length(plain), 0)
    return pc.if_else(empty, pa.scalar([""], plain.type), plain)


def _map(column: Any, values: dict[str, Any]) -> pa.Array:
    at = pc.index_in(column, value_set=pa.array(list(values)))
    at = at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at
    return pa.array(list(values.values())).take(at)


def _same(value: Any, n: int) -> pa.Array:
    return pa.array([value]).take(pa.array(np.zeros(n, np.int64)))


def _suffixed(column: Any, suffix: str) -> Any:
    return pc.binary_join_element_wise(column, suffix, "")


def _priogrid(lat: Any, lng: Any) -> pa.Array:
    """The number of the half-degree cell, from the south-west corner of the world."""
    row = np.floor((lat.to_numpy() + 90) * 2).astype(np.int64)
    column = np.floor((lng.to_numpy() + 180) * 2).astype(np.int64)
    return pa.array(row * 720 + column + 1)
