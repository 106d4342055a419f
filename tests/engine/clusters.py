"""Clusters of a driver and two workers that speak Spark Connect: Sail's, and Apache Spark's.

The tests start one a session. Apache Spark stands in an environment of its own (`.venv-spark`,
made by `make test-spark`): it holds other packages back.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.servers import end, free_port

ROOT: Final = Path(__file__).resolve().parents[2]

#: Seconds that a Java process may take to begin, on a busy machine.
_PATIENCE_S: Final = 120

_DEPLOY: Final = "org.apache.spark.deploy"
_SERVER: Final = "org.apache.spark.sql.connect.service.SparkConnectServer"


@contextlib.contextmanager
def sail(port: int = 0) -> Iterator[str]:
    """A Sail cluster inside this process, whose workers talk to each other as over a network."""
    spark: Any = importlib.import_module("pysail.spark")
    chosen = {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
        "SAIL_CLUSTER__WORKER_MAX_COUNT": "2",
        # A worker leaves after a minute without work; a reader may think longer.
        "SAIL_CLUSTER__WORKER_MAX_IDLE_TIME_SECS": "3600",
    }
    before = {name: os.environ.get(name) for name in chosen}
    os.environ.update(chosen)
    try:
        server = spark.SparkConnectServer("127.0.0.1", port)
        server.start(background=True)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    host, own_port = server.listening_address
    try:
        yield f"sc://{host}:{own_port}"
    finally:
        server.stop()


@contextlib.contextmanager
def apache_spark(folder: Path, memory: str = "1g") -> Iterator[str]:
    """A standalone master, two workers of one core and a Connect server, all on loopback."""
    home = spark_home()
    master_port, port = free_port(), free_port()
    master = f"spark://127.0.0.1:{master_port}"
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
    }

    def start(stack: contextlib.ExitStack, name: str, *command: str) -> subprocess.Popen[bytes]:
        out = stack.enter_context((folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=folder
        )
        stack.callback(end, process)
        return process

    with contextlib.ExitStack() as stack:
        run = str(home / "bin" / "spark-class")
        first = start(
            stack, "master", run, f"{_DEPLOY}.master.Master",
            "--host", "127.0.0.1", "--port", str(master_port), "--webui-port", "0",
        )  # fmt: skip
        _wait_for(master_port, first, folder / "master.log")
        for number in (1, 2):
            start(
                stack, f"worker-{number}", run, f"{_DEPLOY}.worker.Worker", master,
                "--host", "127.0.0.1", "--cores", "1", "--memory", memory, "--webui-port", "0",
            )  # fmt: skip
        settings = {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": str(port),
            "spark.executor.memory": memory,
            "spark.executor.cores": "1",
            # Two cores need not cut every aggregate into two hundred parts.
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.session.timeZone": "UTC",
            "spark.ui.enabled": "false",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        confs = [word for item in settings.items() for word in ("--conf", "=".join(item))]
        server = start(
            stack, "connect", str(home / "bin" / "spark-submit"),
            "--master", master, "--driver-memory", memory, "--class", _SERVER, *confs,
            "spark-internal",
        )  # fmt: skip
        _wait_for(port, server, folder / "connect.log")
        yield f"sc://127.0.0.1:{port}"


def spark_home() -> Path:
    """Where Apache Spark is: `SPARK_HOME`, else in `.venv-spark`."""
    if os.environ.get("SPARK_HOME"):
        return Path(os.environ["SPARK_HOME"])
    found = sorted((ROOT / ".venv-spark").glob("lib/python3*/site-packages/pyspark"))
    if not found or shutil.which("java") is None:
        raise RuntimeError(
            "Apache Spark is not installed: run make test-spark, which puts it into .venv-spark "
            "(and install Java 17)"
        )
    return found[0]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"nothing listens on port {port}:\n{log.read_text()[-3000:]}")
