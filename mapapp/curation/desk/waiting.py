"""Drafts of pages that wait for who made them, in files of the data folder (desk ↔ file).

A file holds the drafts and the few words of each value, never the page's text. It is readable for
the server alone, found again only by the person it belongs to, and goes when its drafts are
recorded or thrown away, or when nobody came back to them for a month.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from mapapp.curation.desk.desk import Desk
from mapapp.domain.problems import StoreUnavailable

KEPT_S: Final = 30 * 24 * 3600.0

_CODEC: Final = TypeAdapter(Desk)


class WaitingDesks:
    """The desks under one data folder. Safe to share between processes: a file is put in whole."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "desks"

    def put(self, person: str, desk: Desk) -> None:
        """Keep a desk as it is now. Raises StoreUnavailable where it cannot be written."""
        path = self._path(person, desk.page.sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = path.with_suffix(".new")
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as to:
                to.write(_CODEC.dump_json(desk))
            new.replace(path)
        except OSError as error:
            raise StoreUnavailable(
                f"the drafts could not be kept ({error.strerror}); they are lost when this page is "
                "closed. Check that the data folder can be written and has room"
            ) from error

    def get(self, person: str, sha256: str) -> Desk | None:
        """Somebody's desk of a page; None where there is none, or none that can be read."""
        try:
            return _CODEC.validate_json(self._path(person, sha256).read_bytes())
        except (OSError, ValidationError):
            return None

    def all(self, person: str) -> tuple[Desk, ...]:
        """Somebody's desks, the last used first; those left for a month are removed."""
        found = []
        for path in self._of(person).glob("*.json"):
            with suppress(OSError):
                at = path.stat().st_mtime
                if time.time() - at > KEPT_S:
                    path.unlink()
                elif desk := self.get(person, path.stem):
                    found.append((at, desk))
        return tuple(desk for _, desk in sorted(found, key=lambda own: own[0], reverse=True))

    def drop(self, person: str, sha256: str) -> None:
        """Forget a desk."""
        self._path(person, sha256).unlink(missing_ok=True)

    def _of(self, person: str) -> Path:
        return self._folder / hashlib.sha256(person.encode()).hexdigest()

    def _path(self, person: str, sha256: str) -> Path:
        if not (len(sha256) == 64 and sha256.isascii() and sha256.isalnum()):
            raise ValueError(f"{sha256!r} is no hash of a text")
        return self._of(person) / f"{sha256}.json"
