"""An import in a process of its own: a server's readers keep their processor time and memory.

Serves upload → import → report of large files. The process is given the import as JSON and tells
how far it is a line at a time; it lives no longer than the server that began it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mapapp import settings
from mapapp.domain.problems import (
    InvalidInput,
    MapAppError,
    NotPublished,
    Problem,
    StoreUnavailable,
)
from mapapp.importers.tables.table import Table
from mapapp.ingest.order import Order
from mapapp.ingest.report import PUBLISHING, ImportReport, Progress, read_report
from mapapp.ingest.run import import_file
from mapapp.ingest.workers import text_bytes
from mapapp.store.default import open_store

#: How much more than an import the readers' work counts (see nice(2)).
_NICE = 10


#: From so many bytes of text on a file goes in by a process of its own.
_LARGE_BYTES = 8 << 20


def is_large(table: Table) -> bool:
    """Whether a server's readers would feel the import of a file."""
    return text_bytes(table) >= _LARGE_BYTES


def import_apart(order: Order, data_dir: Path, progress: Progress) -> ImportReport:
    """As `run.import_file`, into the store of a folder as the settings have it.

    Raises what that raises, and StoreUnavailable where the process ends before it is done.
    """
    asked = order.plain() | {"data_dir": str(data_dir)}
    command = [sys.executable, "-m", "mapapp.ingest.apart"]
    with subprocess.Popen(  # noqa: S603 - our own program; the file's name goes by its input
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=Path(__file__).parents[2],
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError):
            child.stdin.write(json.dumps(asked) + "\n")
            child.stdin.flush()
        doing = ""
        for line in child.stdout:
            said: dict[str, Any] = json.loads(line)
            if "done" in said:
                doing = said["doing"]
                progress(said["done"], doing)
            elif "report" in said:
                return read_report(data_dir / "imports" / said["report"] / "report.json")
            else:
                _fail(said)
    ended = f"the import ended before it was done ({_ending(child.returncode)})"
    if doing == PUBLISHING:
        raise NotPublished(
            f"{ended}. Its rows are recorded, but readers do not see them yet; publishing is tried "
            "again with the next change, and when the server starts"
        )
    raise StoreUnavailable(
        f"{ended}; try it again, or on the command line (python -m mapapp import)"
    )


def _fail(said: dict[str, Any]) -> None:
    if said["failure"] == InvalidInput.__name__:
        raise InvalidInput(said["words"], tuple(Problem(**item) for item in said["problems"]))
    for kind in (StoreUnavailable, NotPublished):
        if said["failure"] == kind.__name__:
            raise kind(said["words"])
    raise RuntimeError(f"{said['failure']}: {said['words']}")


def _ending(code: int) -> str:
    if code < 0:
        return f"stopped by {signal.Signals(-code).name}"
    return f"status {code}"


def _say(**said: object) -> None:
    print(json.dumps(said), flush=True)


def main() -> int:
    """Run the import that the standard input describes."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    asked: dict[str, Any] = json.loads(sys.stdin.readline())
    store = open_store(Path(asked["data_dir"]), settings.read())
    try:
        report = import_file(
            Order.of_plain(asked), store, progress=lambda done, doing: _say(done=done, doing=doing)
        )
    except MapAppError as error:
        problems = error.problems if isinstance(error, InvalidInput) else ()
        _say(failure=type(error).__name__, words=str(error), problems=[*map(asdict, problems)])
        return 1
    finally:
        store.close()
    _say(report=report.id)
    return 0


if __name__ == "__main__":
    sys.exit(main())
