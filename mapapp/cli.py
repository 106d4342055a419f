"""The command line: check seeds, import and export, serve the dashboard."""

from __future__ import annotations

import argparse
import gc
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

from gazetteer import Gazetteer
from mapapp import settings
from mapapp.domain.access import Mode
from mapapp.domain.moment import Moment, read_moment
from mapapp.domain.problems import InvalidInput, MapAppError, Problem, StoreUnavailable
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.exporters import tables
from mapapp.exporters.extract import Extract
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import Parts, read_extract
from mapapp.importers.cells.day_values import Order
from mapapp.importers.forms.dataset import Answers
from mapapp.importers.mapped import mapping
from mapapp.importers.mapped.mapped import Mapped
from mapapp.importers.seeds.seeds import read_seeds
from mapapp.importers.tables.table import ReadOptions
from mapapp.ingest import coverage as declared
from mapapp.ingest import run as ingest
from mapapp.ingest.report import Progress, reports
from mapapp.linking.listing import links_csv
from mapapp.linking.suggest import THRESHOLD
from mapapp.log import backup
from mapapp.query import Dashboard, params_to_selection
from mapapp.store.default import SEEDS, data_dir, open_default

#: From so many incidents on an export is written part by part, where its format can.
MAX_WHOLE = 20_000

#: Single tables of the CSV data package, for a shell pipe.
_TABLES: dict[str, Callable[[Extract], str]] = {
    "csv": tables.incidents_csv,
    "claims-csv": tables.claims_csv,
}

_MODES = {
    Mode.PUBLIC: "Nobody changes anything without signing in. MAPAPP_ACCESS=local makes whoever "
    "sits at this machine the owner.",
    Mode.SIGNED_IN: "Only who signs in may read.",
    Mode.LOCAL: "Whoever opens the page on this machine is its owner.",
}

#: How many faults are printed; all of them are in the file of rows set aside.
_PRINTED = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is success, 1 faults in what was given, 2 a command that cannot run."""
    options = _parser().parse_args(arguments)
    try:
        settings.start()
        return int(options.run(options))
    except InvalidInput as error:
        print(f"error: {error}", file=sys.stderr)
        _print_problems(error.problems)
        return 1
    except MapAppError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mapapp", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        sub.add_argument(
            "--data-dir", type=Path, default=None, help="the data folder (default: var)"
        )
        return sub

    serve = command("serve", _serve, "Serve the dashboard on this machine.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=8501, help="port to listen on")

    check = command("check", _check, "Check a seeds folder and name every fault.")
    check.add_argument("path", type=Path, nargs="?", default=SEEDS)

    load = command(
        "import", _import, "Record a seeds folder or a file of incidents, and publish it."
    )
    load.add_argument("path", type=Path)
    load.add_argument("--format", help="ged, acled, gtd …; found out where not given")
    load.add_argument("--mapping", type=Path, help="a column mapping (JSON) for any other table")
    load.add_argument("--dataset", default="", help="name of the data set")
    load.add_argument("--dataset-version", default="", help="its release, such as 23.1")
    load.add_argument(
        "--date-order", choices=[str(order) for order in Order], help="what 03/04/2019 means"
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

    covers = command("covers", _covers, "Declare which days and places a data set covers.")
    covers.add_argument("dataset", help="its name, such as acled")
    covers.add_argument("path", type=Path, help="a YAML file like seeds/dataset.yaml")

    undo = command("undo-import", _undo, "Take back an import; without an id, list them.")
    undo.add_argument("id", nargs="?")

    saving = command("backup", _backup, "Copy the data folder while it is in use.")
    saving.add_argument("target", type=Path, help="the folder of the backups")
    saving.add_argument("--keep", type=int, help="remove all but so many of the newest")

    restoring = command("restore", _restore, "Check a backup and make a data folder of it.")
    restoring.add_argument("backup", type=Path, help="a folder mapapp-…")
    restoring.add_argument(
        "--replace", action="store_true", help="move the data folder that is there aside"
    )
    restoring.add_argument("--check", action="store_true", help="only check the backup")

    links = command("links", _links, "Pairs that may be one incident, as CSV, the likeliest first.")
    links.add_argument("-o", "--output", type=Path, default=None, help="default: standard output")
    links.add_argument("--threshold", type=int, default=THRESHOLD, help="fewest points")
    links.add_argument("--link", default=None, help="only what this dashboard link selects")

    export = command("export", _export, "Write incidents with their claims to a file.")
    export.add_argument("--format", choices=[*FORMATS, *_TABLES], default="json")
    export.add_argument("-o", "--output", type=Path, default=None, help="default: standard output")
    export.add_argument("--rule", choices=[str(rule) for rule in Rule], default=None)
    export.add_argument(
        "--link", default=None, help="only what this dashboard link (or its query) selects"
    )
    export.add_argument(
        "--as-of", default=None, help="the data as recorded at the end of a day, or a time, in UTC"
    )
    return parser


def _serve(options: argparse.Namespace) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as error:
            raise StoreUnavailable(
                f"cannot listen on {options.host}:{options.port} ({error.strerror}). "
                "Another program may be using the port: choose one with --port (make run PORT=8502)"
            ) from error
    store, engine = open_default(options.data_dir), settings.read().engine
    reads = f"Reads {engine}" if engine else f"{len(store.log.read().records)} records"
    store.close()
    os.environ["MAPAPP_DATA_DIR"] = str((options.data_dir or data_dir()).resolve())
    shown = "localhost" if options.host in ("0.0.0.0", "::") else options.host  # noqa: S104
    print(_MODES[settings.read().access])
    print(f"{reads}. The dashboard: http://{shown}:{options.port}  (Ctrl+C stops it)")
    sys.stdout.flush()
    script = Path(__file__).with_name("asgi.py")
    command = [
        sys.executable, "-m", "streamlit", "run", str(script),
        "--server.address", options.host, "--server.port", str(options.port),
        "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    # Forty threads with a heap each, and a pool of Arrow's own, keep memory that nobody uses.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.chdir(script.parents[1])  # where .streamlit/config.toml is
    os.execv(sys.executable, command)  # noqa: S606


def _check(options: argparse.Namespace) -> int:
    batch, problems = read_seeds(options.path, Gazetteer.load())
    _print_problems(problems)
    errors = sum(problem.severity == "error" for problem in problems)
    print(
        f"{options.path}: {len(batch.sources)} sources, {len(batch.records)} incidents, "
        f"{len(batch.claims)} claims, {len(batch.judgements)} judgements; {errors} faults"
    )
    return 1 if errors else 0


def _import(options: argparse.Namespace) -> int:
    if options.path.is_dir():
        return _import_seeds(options)
    form = Mapped(mapping.load(options.mapping)) if options.mapping else options.format
    orders = {"*": Order(options.date_order)} if options.date_order else {}
    report = ingest.import_file(
        options.path,
        open_default(options.data_dir),
        format=form,
        answers=Answers(date_orders=orders, places=_places(options.place)),
        options=ReadOptions(encoding=options.encoding, sheet=options.sheet),
        dataset=options.dataset,
        version=options.dataset_version,
        complete=options.complete,
        allow_older=options.allow_older,
        progress=_progress(),
        covers=declared.read(options.covers) if options.covers else None,
    )
    _print_problems(report.problems[:_PRINTED])
    for sentence in report.sentences():
        print(sentence)
    for words, candidates in list(report.choices.items())[:_PRINTED]:
        offered = " or ".join(f"{c['id']} ({c['name']}, {c['placetype']})" for c in candidates)
        print(f"'{words}' fits several places: say --place '{words}=ID' with {offered}")
    return 1 if report.set_aside else 0


def _progress() -> Progress | None:
    """A line that tells how far it is, where someone watches."""
    if not sys.stderr.isatty():
        return None

    def tell(done: float, doing: str) -> None:
        end = "\n" if done >= 1 else ""
        print(f"\r{done:5.0%}  {doing[:60]:<60}", end=end, file=sys.stderr, flush=True)

    return tell


def _places(given: Sequence[str]) -> dict[str, str]:
    """Words and the places chosen for them."""
    found = {}
    for pair in given:
        words, mark, place_id = pair.rpartition("=")
        if not mark or not words:
            raise InvalidInput(
                f"--place '{pair}' names no place. Write the words, = and the id of a place"
            )
        found[words] = place_id
    return found


def _import_seeds(options: argparse.Namespace) -> int:
    batch, problems = read_seeds(options.path, Gazetteer.load())
    store = open_default(options.data_dir)
    appended = store.append(batch, by="import")
    store.publish()
    _print_problems(problems)
    print(
        f"added {appended.added.total}, unchanged {appended.unchanged.total}, "
        f"superseded {appended.superseded.total}; {len(problems)} faults"
    )
    return 1 if problems else 0


def _covers(options: argparse.Namespace) -> int:
    said, store = declared.read(options.path), open_default(options.data_dir)
    sources = declared.declare(store, options.dataset, said, by="import")
    print(f"{options.dataset} covers {said.first} to {said.last}; said of its sources: {sources}")
    return 0


def _undo(options: argparse.Namespace) -> int:
    store = open_default(options.data_dir)
    if options.id is None:
        for report in reports(store):
            print(f"{report.id}: {report.sentences()[0]}")
        return 0
    changed = ingest.roll_back(store, options.id)
    print(f"{options.id} is taken back: {changed} statements changed")
    return 0


def _backup(options: argparse.Namespace) -> int:
    made = backup.back_up(options.data_dir or data_dir(), options.target, keep=options.keep)
    manifest = backup.verify(made)
    size = sum(size for size, _ in manifest.files.values())
    print(f"{made}: {len(manifest.files)} files, {size / 1e6:,.1f} MB, to change {manifest.seq}")
    return 0


def _restore(options: argparse.Namespace) -> int:
    if options.check:
        manifest = backup.verify(options.backup)
        print(f"{options.backup} is whole: of {manifest.made_at}, to change {manifest.seq}")
        return 0
    folder = options.data_dir or data_dir()
    manifest = backup.restore(options.backup, folder, replace=options.replace)
    print(f"{folder} is as it was at {manifest.made_at}, to change {manifest.seq}")
    return 0


def _links(options: argparse.Namespace) -> int:
    selection = Selection(background=True, abroad=True)
    if options.link is not None:
        selection = _selected_by(options.link)
    content = links_csv(Dashboard(open_default(options.data_dir).current()), selection,
                        options.threshold)  # fmt: skip
    if options.output is None:
        sys.stdout.write(content)
        return 0
    try:
        options.output.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreUnavailable(f"cannot write {options.output}: {error.strerror}") from error
    return 0


def _selected_by(link: str) -> Selection:
    query = urlsplit(link).query if "://" in link else link.lstrip("?")
    selection, problems = params_to_selection(parse_qs(query))
    if problems:
        raise InvalidInput("the link cannot be read whole", problems)
    return selection


def _export(options: argparse.Namespace) -> int:
    # The export holds everything unless a link restricts it; what is set apart is flagged in it.
    selection = Selection(background=True, abroad=True)
    if options.link is not None:
        query = urlsplit(options.link).query if "://" in options.link else options.link.lstrip("?")
        params = parse_qs(query)
        selection, problems = params_to_selection(params)
        if problems:
            raise InvalidInput("the link cannot be read whole", problems)
        options.as_of = options.as_of or params.get("as_of", [None])[-1]
    if options.rule is not None:
        selection = replace(selection, rule=Rule(options.rule))
    store, as_of = open_default(options.data_dir), _moment(options.as_of)
    whole = store.current() if as_of is None else store.at(as_of.end)
    snapshot = store.gate.shareable(whole)
    form = FORMATS.get(options.format)
    if form and form.write_parts and Dashboard(snapshot).count(selection) > MAX_WHOLE:
        parts = Parts(snapshot, selection, as_of, _tell_read, whole)
        return _export_parts(form.write_parts, parts, options.output)
    extract = read_extract(snapshot, selection, as_of, whole)
    content, notes = _content(options.format, extract)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if options.output is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        options.output.write_bytes(content)
    except OSError as error:
        raise StoreUnavailable(f"cannot write {options.output}: {error.strerror}") from error
    print(f"{len(extract.incidents)} incidents written to {options.output}", file=sys.stderr)
    return 0


def _export_parts(
    write: Callable[[Parts, IO[bytes]], None], parts: Parts, output: Path | None
) -> int:
    """Write a large selection part by part; a file cut short is not left behind."""
    gc.freeze()  # what is loaded by now stays: no need to look through it after each part
    try:
        _write_parts(write, parts, output)
    finally:
        gc.unfreeze()  # else DuckDB tells of what is left when the process ends
    for note in parts.whole.notes:
        print(f"note: {note}", file=sys.stderr)
    to = f" to {output}" if output else ""
    print(f"{parts.whole.number} incidents written{to}", file=sys.stderr)
    return 0


def _write_parts(
    write: Callable[[Parts, IO[bytes]], None], parts: Parts, output: Path | None
) -> None:
    if output is None:
        write(parts, sys.stdout.buffer)
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            write(parts, file)
        part.replace(output)
    except OSError as error:
        raise StoreUnavailable(f"cannot write {output}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _tell_read(done: int, every: int) -> None:
    if done == every or done % 50_000 == 0:
        print(f"{done:,} of {every:,} incidents", file=sys.stderr)


def _moment(text: str | None) -> Moment | None:
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        remedy = "Write it like 2026-11-25 or 2026-11-25T18:50:00Z"
        problem = Problem("command line", "as_of", str(error), remedy)
        raise InvalidInput("the time cannot be read", (problem,)) from None


def _content(name: str, extract: Extract) -> tuple[bytes, tuple[str, ...]]:
    if name in _TABLES:
        return _TABLES[name](extract).encode("utf-8"), extract.notes
    export = FORMATS[name].write(extract)
    return export.content, export.notes


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"{problem.severity}: {problem}", file=sys.stderr)
