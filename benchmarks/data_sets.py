"""A file a data set against one file of all: the same questions, asked in turn in one process.

python -m benchmarks.data_sets 1000000

Prints for each question the processor time over the view in milliseconds, that over one file, and
the ratio; first as published, then with edited incidents in the release.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.our_way import OurWay
from benchmarks.query_part import OWN, SHARED
from benchmarks.saving import filled
from benchmarks.selections import CLICKS, nudged
from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.engine.engine import quoted
from mapapp.snapshot import releases, summaries
from mapapp.snapshot.releases import meta_of
from mapapp.snapshot.schema import TABLES
from mapapp.snapshot.snapshot import releases_of
from mapapp.store import Store

QUESTIONS: Final = tuple(question for question in (*SHARED, *OWN) if question != "fingerprint")

#: Each question of each selection is asked so often of either way, each time of another last day.
TURNS: Final = 3

#: Incidents of the release that an editor records otherwise.
EDITED: Final = 100


def one_file(snapshot: Path, path: Path) -> Path:
    """All that a snapshot shows in one file, sorted and summed up as a release's is."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"ATTACH {quoted(snapshot)} AS snapshot (READ_ONLY)")
        for name, file in releases_of(snapshot).items():
            connection.execute(f"ATTACH {quoted(file)} AS {name} (READ_ONLY)")
        for name in TABLES:
            kept = " ORDER BY month, cell, id" if name == "incidents" else ""
            if name == "meta":
                kept = f" WHERE key <> '{summaries.META_KEY}'"
            connection.execute(f"CREATE TABLE {name} AS FROM snapshot.main.{name}{kept}")
        connection.execute("CREATE TABLE releases (name VARCHAR, file VARCHAR)")
        connection.execute("CREATE TABLE edited (release VARCHAR, id VARCHAR, row BIGINT)")
        summaries.write_to(connection, int(meta_of(snapshot)["incidents"]))
    return path


def compare(view: Path, one: Path) -> dict[str, tuple[float, float]]:
    """The processor time of each question in ms a time, over the view and over one file."""
    ways = (OurWay(view), OurWay(one))
    found: dict[str, tuple[float, float]] = {}
    for question in QUESTIONS:
        spent = [0.0, 0.0]
        for way in ways:  # the first touch of a file and of each code path is not counted
            getattr(way, question)(nudged(CLICKS["everything"], 999))
        for turn in range(TURNS):
            for click in CLICKS.values():
                selection = nudged(click, turn)
                answers = []
                for number in (0, 1) if turn % 2 else (1, 0):
                    began = time.process_time()
                    answers.append(getattr(ways[number], question)(selection))
                    spent[number] += time.process_time() - began
                if answers[0] != answers[1]:
                    raise ValueError(f"{question} of {selection}: {answers[0]} is not {answers[1]}")
        asked = TURNS * len(CLICKS)
        found[question] = (1000 * spent[0] / asked, 1000 * spent[1] / asked)
    return found


def show(title: str, found: Mapping[str, tuple[float, float]]) -> None:
    """Print a comparison."""
    print(title)
    for question, (view, one) in found.items():
        print(f"  {question:<12}{view:>9.1f} ms {one:>9.1f} ms {view / one:>6.2f} x")
    view, one = (sum(own[n] for own in found.values()) for n in (0, 1))
    print(f"  {'all':<12}{view:>9.1f} ms {one:>9.1f} ms {view / one:>6.2f} x", flush=True)


def edit(store: Store, number: int) -> None:
    """Record some incidents of the release otherwise: made-up rows have no words to be read."""
    contents = store.log.read()
    (file,) = contents.row_files
    rows = f"SELECT id FROM incidents WHERE dataset = '{file.dataset}' ORDER BY id LIMIT {number}"  # noqa: S608
    ids = store.current().engine.run(rows)["id"].to_pylist()
    records = tuple(replace(contents.records[0], id=key) for key in ids)
    claims = tuple(replace(contents.claims[0], incident_id=key) for key in ids)
    store.append(Batch((), records, claims), by="ana", reason="to measure")


def main(rows: int) -> None:
    """Print both comparisons."""
    # Made-up rows are wider than those of any release: sorting a million takes more of a server.
    releases.SORT_MEMORY = "4GB"
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder), rows, Gazetteer.load())
        for title, edited in (("as published", 0), (f"{EDITED} incidents edited", EDITED)):
            if edited:
                edit(store, edited)
            snapshot = store.publish()
            assert snapshot.engine.run("FROM edited").num_rows == edited  # or nothing is measured
            path = snapshot.path
            assert path is not None
            one = one_file(path, path.with_name(f"one-{edited}.duckdb"))
            show(f"{rows:,} rows, {title}: a file a data set, one file", compare(path, one))
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
