"""Reading a news page: its drafts as JSON with spans, or the text that the spans count in."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from mapapp.domain.problems import InvalidInput
from mapapp.reading.json_form import reading_json
from mapapp.reading.reader import read as read_page


def read(options: argparse.Namespace) -> int:
    """Print what a page says; nothing is recorded."""
    try:
        text = options.path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InvalidInput(f"cannot read {options.path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{options.path} is not text in UTF-8 (byte {error.start}): save it so, and try again"
        ) from error
    if options.text:
        sys.stdout.write(text)
        return 0
    reading = read_page(
        text,
        publisher=options.publisher,
        published=_day(options.published),
        language=options.language,
    )
    json.dump(reading_json(reading), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput(
            f"--published {text!r} is no day: write it like 2024-05-09, or leave it out"
        ) from error
