"""The commands and their options. A command's own module is imported only when it runs, as some
take seconds to load.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from mapapp import settings
from mapapp.cli.console import print_problems
from mapapp.domain.problems import InvalidInput, MapAppError
from mapapp.domain.vocab import Rule


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is success, 1 faults in what was given, 2 a command that cannot run."""
    options = parser().parse_args(arguments)
    try:
        settings.start()
        run = getattr(import_module(f"mapapp.cli.{options.module}"), options.function)
        return int(run(options))
    except InvalidInput as error:
        print(f"error: {error}", file=sys.stderr)
        print_problems(error.problems)
        return 1
    except MapAppError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


class _Names:
    """The values that an option may have, looked up when it is used or its help is printed."""

    def __init__(self, names: Callable[[], Sequence[str]]) -> None:
        self._names = names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()


def _export_formats() -> Sequence[str]:
    from mapapp.cli.export import NAMES

    return NAMES


def parser() -> argparse.ArgumentParser:
    """All commands; each names the module of `mapapp.cli` and the function that runs it."""
    top = argparse.ArgumentParser(
        prog="mapapp",
        description="Check seeds, import and export incidents, serve the dashboard, keep the data.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        module, _, function = run.partition(".")
        sub.set_defaults(module=module, function=function)
        sub.add_argument(
            "--data-dir", type=Path, default=None, help="the data folder (default: var)"
        )
        return sub

    serve = command("serve", "serve.serve", "Serve the dashboard on this machine.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=8501, help="port to listen on")

    check = command("check", "seeds.check", "Check a seeds folder and name every fault.")
    check.add_argument("path", type=Path, nargs="?", default=settings.SEEDS)

    _add_import(
        command(
            "import", "load.load", "Record a seeds folder or a file of incidents, and publish it."
        )
    )
    proposing = command(
        "map", "propose.write", "Write a proposed mapping of an unknown table's columns."
    )
    proposing.add_argument("path", type=Path)
    proposing.add_argument("-o", "--output", type=Path, help="default: NAME.mapping.yaml beside it")
    proposing.add_argument("--encoding", help="where it cannot be found out")
    proposing.add_argument("--sheet", help="of a workbook")

    _add_read(command("read", "read.read", "Read news pages: drafts of the attacks they tell of."))

    covers = command("covers", "load.covers", "Declare which days and places a data set covers.")
    covers.add_argument("dataset", help="its name, such as acled")
    covers.add_argument("path", type=Path, help="a YAML file like seeds/dataset.yaml")

    undo = command("undo-import", "load.undo", "Take back an import; without an id, list them.")
    undo.add_argument("id", nargs="?")

    _add_care(command)

    links = command(
        "links", "export.links", "Pairs that may be one incident, as CSV, the likeliest first."
    )
    links.add_argument("-o", "--output", type=Path, default=None, help="default: standard output")
    links.add_argument("--threshold", type=int, default=None, help="fewest points")
    links.add_argument("--link", default=None, help="only what this dashboard link selects")

    _add_export(command("export", "export.export", "Write incidents with their claims to a file."))
    _add_publish(
        command(
            "publish", "publish.publish", "Write the map as a folder that any static host serves."
        )
    )
    return top


def _add_publish(publishing: argparse.ArgumentParser) -> None:
    publishing.add_argument("--static", type=Path, required=True, metavar="FOLDER")
    publishing.add_argument(
        "--address", default=None,
        help="where it will be read, for the feed and for what a shared link shows",
    )  # fmt: skip
    _add_selected(publishing)


def _add_read(reading: argparse.ArgumentParser) -> None:
    reading.add_argument(
        "pages", type=Path, nargs="*", metavar="PAGE",
        help="text, HTML, PDF, DOCX or mail, or folders of them; default: inbox/pages of the "
        "data folder",
    )  # fmt: skip
    reading.add_argument("--publisher", default="", help="who published it; else as the page says")
    reading.add_argument("--published", default="", metavar="DAY", help="2024-05-09; else likewise")
    reading.add_argument("--language", help="en, fa or ps; found out by default")
    shown = reading.add_mutually_exclusive_group()
    shown.add_argument(
        "--json", action="store_true", help="values with their spans; default for one page"
    )
    shown.add_argument("--text", action="store_true", help="the text that the spans count in")
    shown.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write drafts as a seeds folder to go through"
    )


def _add_care(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    saving = command("backup", "care.back_up", "Copy the data folder while it is in use.")
    saving.add_argument("target", type=Path, help="the folder of the backups")
    saving.add_argument("--keep", type=int, help="remove all but so many of the newest")

    restoring = command("restore", "care.restore", "Check a backup and make a data folder of it.")
    restoring.add_argument("backup", type=Path, help="a folder mapapp-…")
    restoring.add_argument(
        "--replace", action="store_true", help="move the data folder that is there aside"
    )
    restoring.add_argument(
        "--without-rules", action="store_true",
        help="also where the folder has rules of the gate and the backup has none",
    )  # fmt: skip
    restoring.add_argument("--check", action="store_true", help="only check the backup")

    gate = command("gate", "care.gate", "Say what each rule of the gate holds back now.")
    gate.add_argument("what", choices=["check"], help="check: 1 where a rule fits nothing")


def _add_import(load: argparse.ArgumentParser) -> None:
    load.add_argument("path", type=Path)
    load.add_argument("--format", help="ucdp-ged, acled, gtd, awsd …; found out where not given")
    load.add_argument(
        "--mapping", type=Path, help="a column mapping (YAML, JSON) for any table; see map"
    )
    load.add_argument("--dataset", default="", help="name of the data set")
    load.add_argument("--dataset-version", default="", help="its release, such as 23.1")
    load.add_argument(
        "--date-order", choices=("dmy", "mdy", "ymd", "ydm"), help="what 03/04/2019 means"
    )
    load.add_argument(
        "--place", action="append", default=[], metavar="WORDS=ID",
        help="the place of the gazetteer that words mean which fit several; empty for none",
    )  # fmt: skip
    load.add_argument("--encoding", help="where it cannot be found out")
    load.add_argument("--sheet", help="of a workbook")
    load.add_argument(
        "--complete", action="store_true", help="a whole release: withdraw what it lacks"
    )
    load.add_argument("--allow-older", action="store_true", help="replace a newer release")
    load.add_argument(
        "--covers", type=Path, metavar="FILE",
        help="which days and places it covers, a YAML file like seeds/dataset.yaml",
    )  # fmt: skip


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument(
        "--format", choices=_Names(_export_formats), default="json", metavar="FORMAT",
        help="one of %(choices)s",
    )  # fmt: skip
    export.add_argument("-o", "--output", type=Path, default=None, help="default: standard output")
    export.add_argument("--rule", choices=[str(rule) for rule in Rule], default=None)
    _add_selected(export)


def _add_selected(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--link", default=None, help="only what this dashboard link (or its query) selects"
    )
    command.add_argument(
        "--as-of", default=None, help="the data as recorded at the end of a day, or a time, in UTC"
    )
