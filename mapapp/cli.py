"""The command line: check seeds, import them, export the store, serve the dashboard."""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gazetteer import Gazetteer
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.problems import InvalidInput, MapAppError, Problem, StoreUnavailable
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.exporters import geojson, incidents_json, tables
from mapapp.importers.seeds import read_seeds
from mapapp.query import Dashboard, params_to_selection
from mapapp.store.default import SEEDS, data_dir, open_default
from mapapp.store.store import Store

_FORMATS = ("json", "geojson", "csv", "claims-csv")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is success, 1 faults in what was given, 2 a command that cannot run."""
    options = _parser().parse_args(arguments)
    try:
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

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
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

    load = command("import", _import, "Record a seeds folder in the store and publish it.")
    load.add_argument("path", type=Path)

    export = command("export", _export, "Write incidents with their claims to a file.")
    export.add_argument("--format", choices=_FORMATS, default="json")
    export.add_argument("-o", "--output", type=Path, default=None, help="default: standard output")
    export.add_argument("--rule", choices=list(Rule), default=Rule.INDEPENDENT_FIRST)
    export.add_argument(
        "--link", default=None, help="only what this dashboard link (or its query) selects"
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
                "Another program may be using the port: choose one with --port"
            ) from error
    store = open_default(options.data_dir)
    count = len(store.log.read().records)
    store.close()
    os.environ["MAPAPP_DATA_DIR"] = str((options.data_dir or data_dir()).resolve())
    shown = "localhost" if options.host in ("0.0.0.0", "::") else options.host  # noqa: S104
    print(f"{count} records. The dashboard: http://{shown}:{options.port}  (Ctrl+C stops it)")
    sys.stdout.flush()
    script = Path(__file__).with_name("asgi.py")
    command = [
        sys.executable, "-m", "streamlit", "run", str(script),
        "--server.address", options.host, "--server.port", str(options.port),
        "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
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
    if options.path.is_file():
        raise InvalidInput(
            f"{options.path} is a file; so far only a seeds folder can be imported. "
            "Name the folder that holds sources.yaml and incidents/"
        )
    batch, problems = read_seeds(options.path, Gazetteer.load())
    store = open_default(options.data_dir)
    appended = store.append(batch, by="import")
    store.publish()
    _print_problems(problems)
    print(f"added {appended.added.total}, unchanged {appended.unchanged.total}, "
          f"superseded {appended.superseded.total}; {len(problems)} faults")  # fmt: skip
    return 1 if problems else 0


def _export(options: argparse.Namespace) -> int:
    store = open_default(options.data_dir)
    incidents, sources = _incidents(store)
    if options.link is not None:
        incidents = _selected(incidents, options.link, store)
    rule = Rule(options.rule)
    match options.format:
        case "csv":
            text = tables.incidents_csv(incidents, sources, rule)
        case "claims-csv":
            text = tables.claims_csv(incidents, sources)
        case "geojson":
            text = _json(geojson.export(incidents, sources, rule))
        case _:
            text = _json(incidents_json.export(incidents, sources, rule))
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreUnavailable(f"cannot write {options.output}: {error.strerror}") from error
    print(f"{len(incidents)} incidents written to {options.output}", file=sys.stderr)
    return 0


def _incidents(store: Store) -> tuple[tuple[Incident, ...], dict[str, Source]]:
    contents = store.log.read()
    sources = {source.id: source for source in contents.sources}
    dates = {s.id: s.published_latest for s in contents.sources if s.published_latest}
    found = assemble(contents.records, contents.claims, contents.judgements, dates)
    return tuple(sorted(found, key=lambda incident: incident.id)), sources


def _selected(incidents: tuple[Incident, ...], link: str, store: Store) -> tuple[Incident, ...]:
    query = urlsplit(link).query if "://" in link else link.lstrip("?")
    selection, problems = params_to_selection(parse_qs(query))
    if problems:
        raise InvalidInput("the link cannot be read whole", problems)
    table = Dashboard(store.current().engine).table(selection)
    wanted = set(table.column("id").to_pylist())
    return tuple(incident for incident in incidents if incident.id in wanted)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"{problem.severity}: {problem}", file=sys.stderr)
