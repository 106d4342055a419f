"""A source: one published item that claims are found in, and its publisher and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapapp.domain.vocab import Redistribution


@dataclass(frozen=True, slots=True)
class Source:
    """One item: a news page, a report, a release of a data set.

    `published_earliest` and `_latest` bound its day; where the item prints no date `published_how`
    says what is known ("about 11 July 2023, from ..."). An address that is not known stays None:
    it is never guessed.
    """

    id: str
    publisher: str
    title: str
    language: str
    redistribution: Redistribution
    licence: str
    published_earliest: date | None = None
    published_latest: date | None = None
    published_how: str = ""
    url: str | None = None
    archived_url: str | None = None
    accessed_on: date | None = None
    graphic: bool = False
    dataset: str = "curated"
    dataset_version: str | None = None

    @property
    def published_on(self) -> date | None:
        """The day of publication where it is known to the day, else None."""
        same = self.published_earliest == self.published_latest
        return self.published_earliest if same else None

    def cite(self, locator: str | None = None) -> str:
        """The source as a short citation: publisher, title, date as known, place inside it."""
        when = self.published_how if self.published_on is None else self.published_on.isoformat()
        parts = [self.publisher, f"“{self.title}”", when, locator or ""]
        return ", ".join(part for part in parts if part)
