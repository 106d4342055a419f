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
from mapapp.importers.cells.day_values import Order
from mapapp.importers.forms.dataset import Answers, Format
from mapapp.importers.forms.formats import format_named
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.mapped.mapping import of_plain
from mapapp.importers.tables.table import ReadOptions
from mapapp.ingest import coverage as declared
from mapapp.ingest.coverage import Declared
from mapapp.ingest.report import PUBLISHING, ImportReport, Progress, read_report
from mapapp.ingest.run import import_file
from mapapp.store.spark_store import open_store

#: How much more than an import the readers' work counts (see nice(2)).
_NICE = 10


def import_apart(
    path: Path,
    data_dir: Path,
    *,
    format: Format,
    answers: Answers,
    options: ReadOptions,
    version: str,
    complete: bool,
    allow_older: bool,
    progress: Progress,
    by: str,
    covers: Declared | None = None,
) -> ImportReport:
    """As `ingest.import_file` of a file, into the store of a folder as the settings have it.

    Raises what that raises, and StoreUnavailable where the process ends before it is done.
    """
    order = {
        "path": str(path), "data_dir": str(data_dir), "form": format.name,
        "mapping": asdict(format.mapping) if isinstance(format, Mapped) else None,
        "orders": dict(answers.date_orders), "defaults": dict(answers.defaults),
        "places": dict(answers.places), "options": asdict(options), "version": version,
        "complete": complete, "allow_older": allow_older, "by": by,
        "covers": declared.plain(covers) if covers else None,
    }  # fmt: skip
    command = [sys.executable, "-m", "mapapp.ingest.apart"]
    with subprocess.Popen(  # noqa: S603 - our own program; the file's name goes by its input
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=Path(__file__).parents[2],
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        with suppress(BrokenPipeError):
            child.stdin.write(json.dumps(order) + "\n")
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
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    mapping = order["mapping"]
    answers = Answers(
        {column: Order(code) for column, code in order["orders"].items()},
        order["defaults"], order["places"],
    )  # fmt: skip
    store = open_store(Path(order["data_dir"]), settings.read())
    try:
        report = import_file(
            order["path"],
            store,
            format=Mapped(of_plain(mapping)) if mapping else format_named(order["form"]),
            answers=answers,
            options=ReadOptions(**order["options"]),
            version=order["version"],
            complete=order["complete"],
            allow_older=order["allow_older"],
            progress=lambda done, doing: _say(done=done, doing=doing),
            by=order["by"],
            covers=declared.of_plain(order["covers"]) if order["covers"] else None,
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
