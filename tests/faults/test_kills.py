"""Writers killed in the middle, and two at once: what was acknowledged is there, whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mapapp.log import entries as log_clock
from mapapp.store import Store
from tests.faults.servers import ROOT
from tests.store.generate import batch

#: Each change is a record with all its claims and sources; its number is printed once it is in.
#: Every tenth is published, so that kills meet publishing, too.
WRITES = """
    import sys
    from mapapp.store import Store
    from tests.store.generate import batch
    store, name, first = Store.open(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    for n in range(first, first + int(sys.argv[4])):
        store.append(batch(2, seed=n, prefix=f"{name}{n}-"), by=name)
        print(n, flush=True)
        if n % 10 == 9:
            store.publish()
"""


def _writer(folder: Path, name: str, first: int, count: int = 10**6) -> subprocess.Popen[str]:
    arguments = [str(folder), name, str(first), str(count)]
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITES), *arguments],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def _whole(name: str, n: int) -> Counter[str]:
    """How many statements of each kind a change holds."""
    own = batch(2, seed=n, prefix=f"{name}{n}-")
    return Counter(record=len(own.records), claim=len(own.claims), judgement=len(own.judgements))


def _held(folder: Path, name: str, n: int) -> Counter[str]:
    store = Store.open(folder)
    contents = store.log.read()
    store.close()
    start = f"{name}{n}-"
    return Counter(
        record=sum(r.id.startswith(start) for r in contents.records),
        claim=sum(c.incident_id.startswith(start) for c in contents.claims),
        judgement=sum(j.left_id.startswith(start) for j in contents.judgements),
    )


def _kill_times(folder: Path, times: int) -> None:
    rng = random.Random(7)  # noqa: S311
    acknowledged, last = 0, -1
    for turn in range(times):
        with _writer(folder, "w", last + 1) as writer:
            assert writer.stdout is not None
            seen = [int(writer.stdout.readline()) for _ in range(rng.randint(3, 12))]
            writer.send_signal(signal.SIGKILL)
            seen += [int(line) for line in writer.stdout if line.endswith("\n")]
        acknowledged += len(seen)
        unsure = seen[-1] + 1  # what it was at when it died: whole or not there at all
        for n in (seen[0], seen[-1]):
            assert _held(folder, "w", n) == _whole("w", n), f"turn {turn}"
        assert _held(folder, "w", unsure) in (_whole("w", unsure), Counter()), f"turn {turn}"
        last = unsure
    store = Store.open(folder)
    contents, seq = store.log.read(), store.log.seq()
    # Each change that was acknowledged, and at most one more a kill; none twice.
    assert acknowledged <= seq <= acknowledged + times
    assert len({r.id for r in contents.records}) == len(contents.records) == 2 * seq
    assert store.publish().seq == seq
    store.close()


def test_kills_while_writing_lose_nothing(tmp_path: Path) -> None:
    _kill_times(tmp_path, 2)


@pytest.mark.soak
def test_twenty_kills_while_writing_lose_nothing(tmp_path: Path) -> None:
    _kill_times(tmp_path, 20)


def _write_at_once(folder: Path, names: str, each: int) -> None:
    writers = [_writer(folder, name, 0, each) for name in names]
    said = [writer.communicate()[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * len(names)
    assert [len(lines) for lines in said] == [each] * len(names)
    store = Store.open(folder)
    assert store.log.seq() == each * len(names)
    for name in names:
        assert _held(folder, name, each - 1) == _whole(name, each - 1)
    store.close()


def test_two_writers_take_turns(tmp_path: Path) -> None:
    _write_at_once(tmp_path, "ab", 12)


@pytest.mark.soak
def test_four_writers_take_turns(tmp_path: Path) -> None:
    _write_at_once(tmp_path, "abcd", 300)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the log's clock says: set its one element."""
    now = [datetime.now(UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now[0]

    monkeypatch.setattr(log_clock, "datetime", Clock)
    return now


def test_a_clock_that_jumps_does_not_turn_the_log_round(
    tmp_path: Path, clock: list[datetime]
) -> None:
    store = Store.open(tmp_path)
    start = clock[0]
    for n, jump in enumerate((0, 3600, -86_400 * 400, 1, 86_400 * 3650, -5)):
        clock[0] = start + timedelta(seconds=jump)
        store.append(batch(1, seed=n, prefix=f"c{n}-"), by="ana")
    times = [change.at for change in store.log.changes()]
    assert times == sorted(times)
    for n, change in enumerate(store.log.changes()):
        assert len(store.log.read(as_of=change.at).records) >= n + 1
    store.close()
