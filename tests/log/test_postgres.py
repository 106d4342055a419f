"""A log in PostgreSQL: opened by several at once, and each of its faults in a sentence.

What every log does is in `log_scenario.py`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.problems import StoreUnavailable
from mapapp.log import postgres as under_log
from mapapp.log.database import LogDatabase
from mapapp.store import Log
from tests import postgres
from tests.faults.servers import ROOT
from tests.store.generate import batch


@pytest.fixture
def url() -> str:
    return postgres.server().database()


@pytest.fixture
def own_server() -> Iterator[postgres.Server]:
    """One that may be stopped."""
    made = postgres.Server()
    yield made
    made.remove()


#: Opens a log once it is told to, writes to it, and says which change that was.
OPENS = """
    import sys
    from mapapp.store import Log
    from tests.store.generate import batch
    url, name = sys.argv[1:]
    own = batch(2, prefix=name)
    print("ready", flush=True)
    sys.stdin.readline()
    print(Log.open(url).append(own, by=name).seq)
"""


def test_several_processes_open_a_new_log_at_once(url: str) -> None:
    opening = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(OPENS), url, name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for name in "abcd"
    ]  # fmt: skip
    for own in opening:
        assert own.stdout is not None
        assert own.stdout.readline() == "ready\n"
    said = [own.communicate("\n")[0] for own in opening]
    assert [own.returncode for own in opening] == [0] * 4
    assert sorted(map(int, said)) == [1, 2, 3, 4]


def test_the_role_is_no_superuser(url: str) -> None:
    Log.open(url).close()
    owners = postgres.server().ask(
        url, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    )
    assert owners == [(postgres.ROLE,)]
    roles = postgres.server().ask(
        url, "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles"
    )
    (said,) = [own for name, *own in roles if name == postgres.ROLE]
    assert said == [False, False, False]


def test_a_role_that_may_only_use_the_tables_writes_the_log(url: str) -> None:
    server = postgres.server()
    Log.open(url).close()  # by its owner, who makes the tables
    server.ask(url, "DROP ROLE IF EXISTS writer")
    server.ask(url, f"CREATE ROLE writer LOGIN PASSWORD '{postgres.PASSWORD}'")
    for grant in (
        "SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public",
        "DELETE ON sign_outs",
        "USAGE ON ALL SEQUENCES IN SCHEMA public",
    ):
        server.ask(url, f"GRANT {grant} TO writer")
    log = Log.open(server.url(url.rpartition("/")[2], role="writer"))
    assert log.append(batch(2), by="ana").seq == 1
    log.close()
    server.ask(url, "DROP OWNED BY writer")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong"}, r"correct the name and password in MAPAPP_LOG_URL"),
        ({"role": "nobody"}, r"correct the name and password in MAPAPP_LOG_URL"),
        ({"database": "none"}, r"create the database and its role"),
    ],
)
def test_a_wrong_address_is_said(change: dict[str, Any], sentence: str) -> None:
    server = postgres.server()
    with pytest.raises(StoreUnavailable, match=sentence) as caught:
        Log.open(server.url(**{"database": "postgres"} | change))
    assert "wrong" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_rights_are_said() -> None:
    url = postgres.server().database(owned=False)
    with pytest.raises(
        StoreUnavailable, match=r"grant it CREATE and USAGE on the schema"
    ) as caught:
        Log.open(url)
    assert postgres.PASSWORD not in str(caught.value)


def test_a_standby_is_said(url: str) -> None:
    log = Log.open(url)
    postgres.server().ask(url, f"ALTER ROLE {postgres.ROLE} SET default_transaction_read_only = on")
    try:
        log.close()
        log = Log.open(url)
        assert log.read().seq == 0
    finally:
        postgres.server().ask(
            url, f"ALTER ROLE {postgres.ROLE} RESET default_transaction_read_only"
        )
        log.close()


def test_a_driver_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailable, match=r"pip install -r requirements-postgres\.txt"):
        Log.open("postgresql+psycopg://mapapp:secret@127.0.0.1/log")


def test_a_server_that_is_away_is_said_and_found_again(own_server: postgres.Server) -> None:
    url = own_server.database()
    log = Log.open(url)
    log.append(batch(2), by="ana")
    held = log.read()
    own_server.stop(signal.SIGQUIT)  # as a crash would
    with pytest.raises(StoreUnavailable, match=r"check that the database is up") as caught:
        log.seq()
    assert postgres.PASSWORD not in str(caught.value)
    with pytest.raises(StoreUnavailable, match=r"check that the database is up"):
        Log.open(url)
    own_server.start()
    assert log.read() == held
    assert log.append(batch(2, prefix="later"), by="ana").seq == 2
    log.close()


def test_a_reader_sees_one_moment(url: str) -> None:
    database, log = LogDatabase.open(url), Log.open(url)
    given = batch(2)
    log.append(given, by="ana")
    with database.begin() as connection:
        (before,) = connection.exec_driver_sql("SELECT seq FROM head").scalars()
        log.append(Batch((), (replace(given.records[0], title="Corrected"),), ()), by="ben")
        (after,) = connection.exec_driver_sql("SELECT max(seq) FROM changes").scalars()
    assert (before, after) == (1, 1)
    assert log.seq() == 2
    database.close()
    log.close()


def test_what_is_committed_is_on_disk_whatever_the_server_is_set_to(url: str) -> None:
    database = LogDatabase.open(url)
    postgres.server().ask(url, f"ALTER ROLE {postgres.ROLE} SET synchronous_commit = off")
    try:
        database.close()
        database = LogDatabase.open(url)
        with database.begin(write=True) as connection:
            said = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
        assert said == "on"
    finally:
        postgres.server().ask(url, f"ALTER ROLE {postgres.ROLE} RESET synchronous_commit")
        database.close()


def test_a_writer_that_waits_too_long_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = LogDatabase.open(url), Log.open(url)
    waits = under_log._BEGIN.text.replace("'30s'", "'100ms'")
    monkeypatch.setattr(under_log, "_BEGIN", type(under_log._BEGIN)(waits))
    with one.begin(write=True) as connection:
        connection.exec_driver_sql("UPDATE head SET seq = seq")
        with pytest.raises(StoreUnavailable, match="another writer keeps it locked"):
            other.append(batch(1), by="ana")
    assert other.append(batch(1), by="ana").seq == 1
    one.close()
    other.close()
