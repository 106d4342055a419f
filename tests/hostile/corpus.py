"""The corpus of hostile input, `corpus.json`: texts by class, long ones, raw parts of addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "corpus.json"


@dataclass(frozen=True, slots=True)
class Corpus:
    """`texts` and `long` are (class, text); `raw` stands in an address as it is."""

    texts: tuple[tuple[str, str], ...]
    long: tuple[tuple[str, str], ...]
    raw: tuple[str, ...]

    @property
    def count(self) -> int:
        """All entries."""
        return len(self.texts) + len(self.long) + len(self.raw)

    def by_class(self) -> dict[str, list[str]]:
        """Texts and long ones by class."""
        found: dict[str, list[str]] = {}
        for name, text in (*self.texts, *self.long):
            found.setdefault(name, []).append(text)
        return found


@cache
def corpus() -> Corpus:
    """What the file holds."""
    read: dict[str, Any] = json.loads(FILE.read_text("ascii"))
    return Corpus(
        tuple((name, text) for name, texts in read["texts"].items() for text in texts),
        tuple((own["class"], own["repeat"] * own["times"]) for own in read["long"]),
        tuple(read["raw"]),
    )
