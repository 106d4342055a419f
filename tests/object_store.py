"""An object store of the tests' own that speaks S3, on the loopback: moto's server."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import free_port, serving


@contextmanager
def bucket(folder: Path) -> Iterator[str]:
    """The URL of an empty bucket, as `MAPAPP_FILES_URL` takes it; the server logs to `folder`."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with serving(command, folder / "object-store.log", "/moto-api/", port) as server:
        make = urllib.request.Request(f"{server.address}/rows", method="PUT")
        urllib.request.urlopen(make).close()
        yield (
            f"s3://testing:testing@rows/map?endpoint_override=127.0.0.1:{port}&scheme=http"
            "&region=us-east-1"
        )
