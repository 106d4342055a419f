"""Two servers with a data folder each, one log in PostgreSQL and nginx before them, as on two
machines: what is recorded at one is seen at the other, and kills lose nothing that was accepted and
no reader's view.
"""

from __future__ import annotations

import asyncio
import os
import queue
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.load.crowd import Seen, crowd
from benchmarks.load.replicas import NGINX, Nginx
from benchmarks.servers import Server, dashboard, free_port
from mapapp.store import Log
from tests import ged_rows, postgres
from tests.apart import apart
from tests.browser.dashboard import Dashboard
from tests.browser.test_editing import CONVOY, fill
from tests.faults.servers import ROOT, answer, command

pytestmark = pytest.mark.browser

#: What the tests wait for at most; how soon it is in fact is measured by hand (docs/scaling.md).
WAIT_S = 120

#: An editor's program: each change is a record with its claims, tried until it is accepted; its
#: number is printed then.
WRITES = """
    import sys, time
    from mapapp.domain.problems import StoreUnavailable
    from mapapp.store import Store
    from tests.store.generate import batch
    store, name, first = Store.open(sys.argv[1], log_url=sys.argv[2]), sys.argv[3], int(sys.argv[4])
    n = first
    while True:
        try:
            store.append(batch(2, seed=n, prefix=f"{name}{n}-"), by=name)
        except StoreUnavailable:
            time.sleep(0.1)
            continue
        print(n, flush=True)
        n += 1
        time.sleep(0.3)
"""


class Machine:
    """A server and an editor's program over a data folder; killed together, and started again."""

    def __init__(self, name: str, work: Path, url: str, port: int) -> None:
        self.name, self.folder, self.port = name, work / name, port
        self._url, self._work = url, work
        self._next = 0
        self.accepted: list[int] = []
        self._said: queue.Queue[int] = queue.Queue()
        self._stack = ExitStack()
        self.server: Server | None = None
        self._writer: subprocess.Popen[str] | None = None

    def start(self, *, writes: bool = True) -> None:
        own = {"MAPAPP_LOG_URL": self._url, "MAPAPP_ACCESS": "local",
               "MAPAPP_FILES_URL": f"file://{self._work / 'shared'}"}  # fmt: skip
        self.server = self._stack.enter_context(
            dashboard(self.folder, self._work, port=self.port, health="/readyz", environ=own)
        )
        if writes:
            self._write()

    def _write(self) -> None:
        arguments = [str(self.folder), self._url, self.name, str(self._next)]
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITES), *arguments],
            stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

        def listen() -> None:
            assert writer.stdout is not None
            for line in writer.stdout:
                if line.endswith("\n"):
                    self.accepted.append(int(line))
                    self._said.put(int(line))

        self._heard = threading.Thread(target=listen)
        self._heard.start()
        self._writer = writer

    def accepts(self, changes: int) -> None:
        """Wait until so many more changes are accepted."""
        while not self._said.empty():
            self._said.get()
        for _ in range(changes):
            self._said.get(timeout=WAIT_S)

    def kill(self) -> None:
        """End all of it at once, in the middle of whatever it does."""
        assert self.server is not None
        os.kill(self.server.pid, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """End all of it."""
        self.leave()
        self._stack.close()
        self.server = None

    def leave(self) -> None:
        """End the editor's program in the middle of whatever it does."""
        if self._writer is not None:
            self._writer.kill()
            self._heard.join()
            self._writer.wait()
            assert self._writer.stdout is not None
            self._writer.stdout.close()
            self._writer = None
            # The one that it was at is whole or not there at all: it is tried again.
            self._next = self.accepted[-1] + 1 if self.accepted else 0

    def shows(self, seq: int) -> None:
        """Wait until readers here are shown a change."""
        self._until(lambda checks: bool(checks["snapshot"] >= seq), f"change {seq} is not shown")

    def follows(self) -> None:
        """Wait until the log is read here."""
        self._until(lambda checks: checks["log"] is not False, "the log is not read")

    def _until(self, holds: Callable[[dict[str, Any]], bool], otherwise: str) -> None:
        assert self.server is not None
        end = time.monotonic() + WAIT_S
        while not holds(answer(self.server.address, "/readyz")[1]["checks"]):
            assert time.monotonic() < end, f"{self.name}: {otherwise}"
            time.sleep(0.1)


@pytest.fixture
def database() -> Iterator[postgres.Server]:
    made = postgres.Server()
    yield made
    made.remove()


@contextmanager
def machines(work: Path, database: postgres.Server) -> Iterator[tuple[str, str, list[Machine]]]:
    """The log's URL, the address of nginx, and two machines that are not started yet."""
    assert NGINX, "nginx stands before the servers: apt install nginx-light"
    url = database.database()
    with ExitStack() as stack:
        found = [Machine(name, work, url, free_port()) for name in ("one", "two")]
        for machine in found:
            stack.callback(machine.end)
        port = stack.enter_context(Nginx(work, [machine.port for machine in found]))
        yield url, f"https://127.0.0.1:{port}", found


@contextmanager
def readers(base: str, seconds: float) -> Iterator[list[Seen]]:
    """Readers who choose and choose again meanwhile; what they saw stands there afterwards."""
    seen: list[Seen] = []

    def read() -> None:
        seen.append(asyncio.run(crowd(base, 4, seconds, 2, again=True, ramp_s=0.1)))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        thread.join()


def _kills(work: Path, database: postgres.Server, times: int) -> None:
    with machines(work, database) as (url, base, both):
        for machine in both:
            machine.start()
        faults: list[str] = []
        changes = 0
        for turn in range(times):
            # Every fifth is the database's, the others fall to each machine in its turn; one in
            # five comes back while the database is away.
            victim = None if turn % 5 == 1 else both[turn % 2]
            without = turn % 5 == 3
            with readers(base, 12) as seen:
                for machine in both:
                    machine.accepts(2)
                if victim is None:
                    database.stop(signal.SIGQUIT)  # as a crash would
                    time.sleep(1)
                    database.start()
                else:
                    victim.kill()
                    both[1 - both.index(victim)].accepts(2)
                    if without:
                        database.stop(signal.SIGQUIT)
                    victim.start()
                    if without:
                        database.start()
                for machine in both:
                    machine.accepts(2)
            faults += seen[0].faults
            changes += len(seen[0].changes)
            assert seen[0].opened, f"turn {turn}: no reader came in"
        assert faults == []
        assert changes >= times
        for machine in both:
            machine.leave()
        log = Log.open(url)
        for machine in both:
            machine.shows(log.seq())
        held = {record.id for record in log.read().records}
        for machine in both:
            assert len(machine.accepted) >= 4 * times
            for n in machine.accepted:
                assert {f"{machine.name}{n}-0000", f"{machine.name}{n}-0001"} <= held, n
        log.close()


def test_kills_lose_nothing_that_was_accepted(tmp_path: Path, database: postgres.Server) -> None:
    apart(lambda: _kills(tmp_path, database, 2))


@pytest.mark.soak
def test_twenty_kills_lose_nothing_that_was_accepted(
    tmp_path: Path, database: postgres.Server
) -> None:
    apart(lambda: _kills(tmp_path, database, 20))


def test_an_edit_at_one_is_seen_at_the_other(
    tmp_path: Path, database: postgres.Server, browser: Browser
) -> None:
    with machines(tmp_path, database) as (url, _, (one, two)):
        one.start(writes=False)
        two.start(writes=False)
        assert one.server
        assert two.server
        editor = Dashboard(browser.new_page())
        editor.page.goto(f"{one.server.address}/{CONVOY}")
        editor.ready()
        editor.page.get_by_role("button", name="Edit this record").click()
        expect(editor.page.get_by_text("No faults found.")).to_be_visible()
        cell = editor.page.get_by_label(re.compile("^Killed, as .*hospital.* says"))
        cell.fill("at least 7")
        cell.press("Tab")
        expect(editor.page.get_by_text("No faults found.")).to_be_visible()
        fill(editor.page, "Reason for the change", "The hospital corrected its figure")
        editor.page.get_by_role("button", name="Record the change").click()
        expect(editor.page.get_by_role("button", name="Download for review")).to_be_visible()
        log = Log.open(url)
        two.shows(log.seq())
        reader = Dashboard(browser.new_page())
        reader.page.goto(f"{two.server.address}/{CONVOY}")
        expect(reader.ready().panel.locator(".headline")).to_contain_text("3–≥7")
        # A release comes in at the other, by the command line there.
        path = tmp_path / "GEDEvent_v24_1.csv"
        ged_rows.write(path, [ged_rows.row(n) for n in range(1, 101)])
        imported = command("import", path, "--data-dir", two.folder, MAPAPP_LOG_URL=url,
                           MAPAPP_FILES_URL=f"file://{tmp_path / 'shared'}")  # fmt: skip
        assert imported.returncode == 0, imported.stderr
        one.shows(log.seq())
        assert list(one.folder.glob("datasets/**/*.parquet"))
        log.close()
        # One is killed, and the page that was open at it is opened at the other.
        one.kill()
        reader.page.goto(f"{two.server.address}/{CONVOY}")
        expect(reader.ready().panel.locator(".headline")).to_contain_text("3–≥7")


def test_readers_go_on_while_the_database_is_away(
    tmp_path: Path, database: postgres.Server, browser: Browser
) -> None:
    with machines(tmp_path, database) as (_, _, (one, _two)):
        one.start(writes=False)
        assert one.server
        database.stop()
        board = Dashboard(browser.new_page())
        board.page.goto(f"{one.server.address}/{CONVOY}&tab=changes")
        expect(board.ready().panel.locator(".headline")).to_contain_text("3–≥6")
        away = board.page.get_by_text("does not answer; the rest of the page is as it was")
        expect(away).to_have_count(2)  # in Changes, and for the history of the record
        expect(board.page.get_by_text("127.0.0.1")).to_have_count(0)
        # A server that starts meanwhile serves what it published, says so, and goes on by itself.
        one.kill()
        one.start(writes=False)
        board.page.goto(f"{one.server.address}/{CONVOY}&tab=changes")
        waits = board.page.get_by_text("does not answer since this server started")
        expect(waits).to_be_visible()
        expect(board.ready().panel.locator(".headline")).to_contain_text("3–≥6")
        database.start()
        one.follows()
        board.page.reload()
        expect(board.ready().page.get_by_text("History: not revised so far")).to_be_visible()
        expect(away).to_have_count(0)
        expect(waits).to_have_count(0)
