"""Reading news pages: drafts as JSON with spans, as text, or as files of a seeds folder to go
through; nothing is recorded.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TextIO

from gazetteer import Gazetteer
from mapapp import settings
from mapapp.curation.document import Document, yaml_text
from mapapp.curation.read_drafts import SeedFile, seed_files, source_document
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.reading.apart import PageReader
from mapapp.reading.json_form import reading_json
from mapapp.reading.languages import language_code
from mapapp.reading.pages.files import INBOX, bytes_of, files_of
from mapapp.reading.whole import Known, PageRead


def read(options: argparse.Namespace) -> int:
    """Print or write what pages say; 1 where one of them could not be read."""
    known = Known(options.publisher, _day(options.published), _language(options.language))
    given = options.pages or [(options.data_dir or settings.read().data_dir) / INBOX]
    paths = list(files_of(given))
    several = len(paths) > 1 or given[0].is_dir()
    found: dict[Path, PageRead] = {}
    refused: dict[Path, str] = {}
    with closing(PageReader()) as reader:
        for path in paths:
            try:
                found[path] = reader.read(bytes_of(path), known)
            except InvalidInput as error:
                if not several:
                    raise InvalidInput(f"{path.name}: {error}") from error
                refused[path] = str(error)
    if options.out:
        _write(options.out, list(found.values()))
    elif options.text:
        sys.stdout.write("\n".join(read.page.text for read in found.values()))
    elif options.json or not several:
        _print_json(found, several)
    _report(found, refused, sys.stdout if several and not _prints(options) else sys.stderr)
    return 1 if refused else 0


def _prints(options: argparse.Namespace) -> bool:
    return bool(options.json or options.text)


def _print_json(found: dict[Path, PageRead], several: bool) -> None:
    pages = [
        {"page": str(path), **_of_page(read), **reading_json(read.reading)}
        for path, read in found.items()
    ]
    json.dump({"pages": pages} if several else pages[0], sys.stdout, ensure_ascii=False, indent=1)
    print()


def _of_page(read: PageRead) -> dict[str, object]:
    page = read.page
    guess = page.published
    return {
        "title": page.title,
        "address": page.address,
        "notices": list(page.notices),
        "published_guess": guess and {
            "day": str(guess.day), "origin": guess.origin, "words": guess.words,
            "span": [guess.span.start, guess.span.end] if guess.span else None,
        },
    }  # fmt: skip


def _report(found: dict[Path, PageRead], refused: dict[Path, str], out: TextIO) -> None:
    """A line for each page, and what is doubtful or refused of it."""
    for path, read in found.items():
        drafts = read.reading.drafts
        claims = sum(len(draft.figures) + len(draft.attributions) for draft in drafts)
        asked = len(read.reading.questions) + sum(len(draft.questions) for draft in drafts)
        print(
            f"{path}: {read.page.kind}, {read.reading.language}; {len(drafts)} drafts with "
            f"{claims} claims, {asked} questions",
            file=out,
        )
        for words in (*read.page.notices, *(q.text for q in read.reading.questions)):
            print(f"  {words}", file=out)
    for path, words in refused.items():
        print(f"{path}: not read: {words}", file=sys.stderr)


def _write(folder: Path, pages: Sequence[PageRead]) -> None:
    """A seeds folder of the drafts. Raises InvalidInput where the folder holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"{folder} is there already; name a folder that is new or empty")
    gazetteer = Gazetteer.load()
    sources: list[Document] = []
    files: list[SeedFile] = []
    for read in pages:
        source = source_document(read, {str(own["id"]) for own in sources})
        sources.append(source)
        taken = {own.own_id for own in files}
        files.extend(seed_files(read, str(source["id"]), gazetteer, taken))
    try:
        (folder / "incidents").mkdir(parents=True, exist_ok=True)
        (folder / "sources.yaml").write_text(yaml_text(sources), encoding="utf-8")
        (folder / "judgements.yaml").write_text("[]\n", encoding="utf-8")
        for own in files:
            (folder / "incidents" / f"{own.own_id}.yaml").write_text(own.text, encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(f"cannot write to {folder}: {error.strerror}") from error
    print(
        f"{folder}: {len(files)} drafts of {len(sources)} pages. Go through them, then: "
        f"python -m mapapp check {folder}",
        file=sys.stderr,
    )


def _language(words: str | None) -> str | None:
    if not words:
        return None
    code = language_code(words)
    if code is None:
        raise InvalidInput(f"--language {words!r} is not read; write en, fa or ps, or leave it out")
    return code


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput(
            f"--published {text!r} is no day: write it like 2024-05-09, or leave it out"
        ) from error
