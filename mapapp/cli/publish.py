"""The map as a folder of files that any static host serves: page, picture, data package, feed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from mapapp.cli.console import step
from mapapp.cli.export import moment, selected_by
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.domain.wording import counted
from mapapp.exporters import data_package
from mapapp.exporters.extract import Extract
from mapapp.exporters.reading import read_extract
from mapapp.exporters.standalone import page, site
from mapapp.query import Dashboard
from mapapp.query.changes.public import public_log
from mapapp.query.codes import checked
from mapapp.store import Snapshot, Store
from mapapp.store.default import open_default
from mapapp.web import feed, preview

#: Names what a folder has of us, so that files of an earlier time are taken away.
_LIST: Final = "files.json"


def publish(options: argparse.Namespace) -> int:
    """Write the folder."""
    # Without a link what the dashboard shows without one.
    selection, linked_time = selected_by(options.link or "")
    address = _address(options.address)
    step("opening the data folder")
    store, as_of = open_default(options.data_dir), moment(options.as_of or linked_time)
    whole = store.current() if as_of is None else store.at(as_of.end)
    # Whoever runs this, those who read it are the public.
    snapshot = store.gate.shareable(store.gate.of(whole))
    dash = Dashboard(snapshot)
    page.check_size(dash.count(checked(dash, selection)))
    step("reading the incidents")
    extract = read_extract(snapshot, selection, as_of, whole)
    step("writing")
    try:
        size = _write(options.static, _files(store, snapshot, extract, address))
    except OSError as error:
        raise StoreUnavailable(f"cannot write {options.static}: {error.strerror}") from error
    for note in extract.notes:
        print(f"note: {note}", file=sys.stderr)
    if not address:
        print("note: without --address there is no feed and no picture for shared links",
              file=sys.stderr)  # fmt: skip
    print(
        f"{counted(extract.number, 'incident')} written to {options.static}, {size / 1e6:,.1f} MB. "
        f"To look at it: python -m http.server -d {options.static}",
        file=sys.stderr,
    )
    return 0


def _address(text: str | None) -> str:
    if text is None or text.startswith(("https://", "http://")):
        return (text or "").rstrip("/")
    raise InvalidInput(f"--address '{text}' is no address. Write it like https://example.org/map")


def _files(
    store: Store, snapshot: Snapshot, extract: Extract, address: str
) -> Iterator[tuple[str, bytes]]:
    """The page comes last, when all that it asks for is there."""
    shared = preview.read(snapshot, parse_qs(extract.link), drawn=True) if address else None
    if shared is not None:
        yield "preview.png", preview.picture(shared)
    if address:
        log = public_log(store)
        gated = log if log.withholds else None
        yield (
            "feed.atom",
            feed.feed(store, snapshot, extract.selection, address, extract.link, gated=gated),
        )
    yield "incidents.zip", data_package.write(extract)
    yield ".nojekyll", b""  # GitHub Pages serves the files as they are
    head = preview.head(shared, address)
    yield from site.files(extract, head, feed=bool(address))


def _write(folder: Path, files: Iterator[tuple[str, bytes]]) -> int:
    """Write the files, the list of them, and take away what an earlier list names beside them.

    What others put into the folder stays. Gives the number of bytes.
    """
    before = _names(folder)
    names: dict[str, int] = {}
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(content)
        part.replace(path)
        names[name] = len(content)
    (folder / _LIST).write_text(json.dumps(sorted(names), indent=1), "utf-8")
    for name in before - set(names):
        (folder / name).unlink(missing_ok=True)
    return sum(names.values())


def _names(folder: Path) -> set[str]:
    """What an earlier list names; nothing that could lie outside the folder."""
    try:
        names = json.loads((folder / _LIST).read_text("utf-8"))
    except FileNotFoundError:
        return set()
    except ValueError:
        raise InvalidInput(f"{folder / _LIST} is not ours. Publish into another folder") from None
    return {name for name in names if (folder / name).resolve().is_relative_to(folder.resolve())}
