"""Servers as processes of their own, on ports that nobody else gets (browser and load parts)."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

#: A busy machine takes its time.
START_S = 180
STOP_S = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, its process, and the file it logs to."""

    port: int
    pid: int
    log: Path

    @property
    def address(self) -> str:
        """Its address, without a path."""
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    """A port of the loopback that nobody else gets for as long as this process runs.

    A server starts some time after its port was chosen. Until then, and after it ended, a socket
    of ours stays bound without listening: with SO_REUSEADDR, which servers set, Linux lets another
    listen beside it, and gives the port to nobody who asks for any. Elsewhere it is only a port
    that nobody uses just now.
    """
    held = socket.socket()
    if sys.platform == "linux":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    if sys.platform == "linux":
        atexit.register(held.close)
    else:
        held.close()
    return port


@contextmanager
def serving(
    command: Sequence[str],
    log: Path,
    health: str,
    port: int,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Start a server in the project's folder, wait until `health` answers, and end it at the end.

    `environ` is added to the environment. Raises RuntimeError with its log where it does not start.
    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT,
            env=os.environ | dict(environ or {}),
        )  # fmt: skip
    server = Server(port, process.pid, log)
    try:
        _wait_until_healthy(process, server, health)
        yield server
    finally:
        end(process)


@contextmanager
def dashboard(
    data_dir: Path,
    logs: Path,
    *,
    port: int | None = None,
    health: str = "/healthz",
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """The dashboard over a data folder, on a free port or `port`; it logs to a file in `logs`."""
    port = port or free_port()
    command = [
        sys.executable, "-m", "mapapp", "serve",
        "--port", str(port), "--data-dir", str(data_dir.resolve()),
    ]  # fmt: skip
    with serving(command, logs / f"server-{port}.log", health, port, environ) as server:
        yield server


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force where it does not go by itself."""
    process.terminate()
    try:
        process.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_healthy(process: subprocess.Popen[bytes], server: Server, health: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(server.address + health, timeout=5):  # noqa: S310
                return
        except OSError:
            said = server.log.read_text("utf-8", "replace")
            if process.poll() is not None:
                raise RuntimeError(f"the server stopped:\n{said}") from None
            if time.monotonic() > deadline:
                raise RuntimeError(f"no answer within {START_S} s:\n{said}") from None
            time.sleep(0.2)
