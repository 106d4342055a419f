"""A PostgreSQL server of the tests' own: in a folder of its own, on a socket and a port of the
loopback, with a role that is no superuser.
"""

from __future__ import annotations

import atexit
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.servers import START_S, free_port

#: The role that the program is given: no superuser, and not allowed to make databases or roles.
ROLE = "mapapp"
PASSWORD = "not-a-secret"

#: Debian keeps the server's programs beside each other by version, where no PATH leads.
_FOLDERS = ":".join(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))


def _program(name: str) -> str:
    found = shutil.which(name, path=_FOLDERS) or shutil.which(name)
    assert found, f"there is no {name}: apt install postgresql"
    return found


class Server:
    """One server; `database` makes a new one in it."""

    def __init__(self) -> None:
        self.port = free_port()
        # A folder of pytest's is for its user alone, and the server will not run as root.
        self.folder = Path(tempfile.mkdtemp(prefix="mapapp-postgres-"))
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        secret = self.folder / "password"
        secret.write_text(PASSWORD, "utf-8")
        secret.chmod(0o644)
        self._run(
            _program("initdb"), "-D", "data", "-U", "postgres", "-A", "scram-sha-256",
            "--pwfile", "password", "-E", "UTF8", "--no-sync",
        )  # fmt: skip
        self.start()
        self._ask(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER PASSWORD {}").format(
                sql.Identifier(ROLE), sql.Literal(PASSWORD)
            )
        )

    def _run(self, *command: str) -> None:
        subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, text=True, **self._as
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", "data", "-k", str(self.folder), "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB",
                 "-c", "fsync=off"],
                cwd=self.folder, stdout=log, stderr=subprocess.STDOUT, **self._as,
            )  # fmt: skip
        deadline = time.monotonic() + START_S
        while True:
            try:
                self._ask(sql.SQL("SELECT 1"))
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = (self.folder / "server.log").read_text("utf-8", "replace")
                    raise RuntimeError(f"PostgreSQL does not start:\n{said}") from None
                time.sleep(0.05)

    def runs(self) -> bool:
        """Whether it was started and not stopped."""
        return self._process.poll() is None

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends its sessions, SIGQUIT ends it as a crash would."""
        if self.runs():
            self._process.send_signal(how)
            self._process.wait(timeout=60)

    def remove(self) -> None:
        """Stop it and take its folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, *, owned: bool = True) -> str:
        """The URL of a new database, which the role owns unless told otherwise."""
        name = f"log_{secrets.token_hex(6)}"
        make = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if owned:
            make += sql.SQL(" OWNER {}").format(sql.Identifier(ROLE))
        self._ask(make)
        return self.url(name)

    def url(self, database: str, *, role: str = ROLE, password: str = PASSWORD) -> str:
        """The URL of a database."""
        return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def ask(self, url: str, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement in the database of a URL, as the superuser."""
        return self._ask(sql.SQL(statement), url.rpartition("/")[2])

    def _ask(
        self, statement: sql.SQL | sql.Composed, database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", password=PASSWORD, dbname=database,
            autocommit=True, connect_timeout=5,
        ) as connection:  # fmt: skip
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


@cache
def server() -> Server:
    """The one server of this process, started when it is first asked for."""
    made = Server()
    atexit.register(made.remove)
    return made
