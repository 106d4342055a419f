"""A source: one published item that claims are found in, and its publisher and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from mapapp.domain.vocab import Redistribution


@dataclass(frozen=True, slots=True)
class Source:
    """One item: a news page, a report, a release of a data set.

    `published_earliest` and `_latest` bound its day; where the item prints no date `published_how`
    says what is known ("about 11 July 2023, from ..."). An address that is not known stays None:
    it is never guessed.

    `based_on` names the media or agencies that the item says it takes its account from: two items
    on one wire are one origin. The `covers_` fields are what its dataset declares to cover: days
    (None is not declared), ISO 3166-1 alpha-3 countries, P-codes of provinces (none: all), and
    whether it watches them all the time (`covers_watched`) or is a hand-picked set; `covers_how`
    says it in words.
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
    based_on: tuple[str, ...] = ()
    covers_from: date | None = None
    covers_to: date | None = None
    covers_countries: tuple[str, ...] = ()
    covers_provinces: tuple[str, ...] = ()
    covers_watched: bool = False
    covers_how: str = ""

    @property
    def published_on(self) -> date | None:
        """The day of publication where it is known to the day, else None."""
        same = self.published_earliest == self.published_latest
        return self.published_earliest if same else None

    @property
    def origin(self) -> str:
        """A key of where its account comes from: whom it is based on, else its publisher."""
        names = self.based_on or (self.publisher,)
        return "\x1f".join(sorted(" ".join(name.casefold().split()) for name in names))

    def cite(self, locator: str | None = None) -> str:
        """The source as a short citation: publisher, title, date as known, place inside it."""
        when = self.published_how if self.published_on is None else self.published_on.isoformat()
        parts = [self.publisher, f"“{self.title}”", when, locator or ""]
        return ", ".join(part for part in parts if part)


def web_address(url: str | None) -> str | None:
    """The address where it is one of the web (http or https), else None: it is shown as no link."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None
