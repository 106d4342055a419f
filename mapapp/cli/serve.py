"""The dashboard on this machine."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from mapapp import settings
from mapapp.cli.console import step
from mapapp.domain.access import Mode
from mapapp.domain.problems import StoreUnavailable
from mapapp.store.default import open_default

_MODES = {
    Mode.PUBLIC: "Nobody changes anything without signing in. MAPAPP_ACCESS=local makes whoever "
    "sits at this machine the owner.",
    Mode.SIGNED_IN: "Only who signs in may read.",
    Mode.LOCAL: "Whoever opens the page on this machine is its owner.",
}


def serve(options: argparse.Namespace) -> int:
    """Look whether it can be served, and become the server."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as error:
            raise StoreUnavailable(
                f"cannot listen on {options.host}:{options.port} ({error.strerror}). "
                "Another program may be using the port: choose one with --port (make run PORT=8502)"
            ) from error
    step("opening the data folder")
    store, engine = open_default(options.data_dir), settings.read().engine
    if store.waits:
        reads = "What was last published"
    else:
        reads = f"Reads {engine}" if engine else f"{len(store.log.read().records)} records"
    store.close()
    data_dir = options.data_dir or settings.read().data_dir
    os.environ["MAPAPP_DATA_DIR"] = str(data_dir.resolve())
    shown = "localhost" if options.host in ("0.0.0.0", "::") else options.host  # noqa: S104
    print(_MODES[settings.read().access])
    print(f"{reads}. The dashboard: http://{shown}:{options.port}  (Ctrl+C stops it)")
    sys.stdout.flush()
    script = Path(__file__).parents[1] / "asgi.py"
    command = [
        sys.executable, "-m", "streamlit", "run", str(script),
        "--server.address", options.host, "--server.port", str(options.port),
        "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    # Forty threads with a heap each, and a pool of Arrow's own, keep memory that nobody uses.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.chdir(settings.ROOT)  # where .streamlit/config.toml is
    os.execv(sys.executable, command)  # noqa: S606
