"""What the owner of an installation chooses for `/api`, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mapapp.domain.problems import InvalidInput

#: Enough for a map that loads a screen of tiles at each move.
DEFAULT_PER_MINUTE = 600


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`origins` may read answers from their own pages (empty: none; `*`: all).

    `per_minute` requests are answered to each client (0: no limit). `public_url` is the address
    that links begin with where a proxy hides it, without `/api`.
    """

    origins: frozenset[str] = frozenset()
    per_minute: int = DEFAULT_PER_MINUTE
    public_url: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> ApiSettings:
        """Of MAPAPP_CORS_ORIGINS, MAPAPP_API_PER_MINUTE and MAPAPP_PUBLIC_URL.

        Raises InvalidInput where one cannot be read.
        """
        given = os.environ if environ is None else environ
        words = given.get("MAPAPP_CORS_ORIGINS", "").replace(",", " ").split()
        for word in words:
            if word != "*" and not _is_origin(word):
                raise InvalidInput(
                    f"MAPAPP_CORS_ORIGINS: “{word}” is not an origin; write it like "
                    "https://example.org, several with commas between, or * for every page"
                )
        number = given.get("MAPAPP_API_PER_MINUTE", str(DEFAULT_PER_MINUTE)).strip()
        if not (number.isascii() and number.isdigit()):
            raise InvalidInput(
                f"MAPAPP_API_PER_MINUTE: “{number}” is not a number; write whole requests a "
                "minute, or 0 for no limit"
            )
        url = given.get("MAPAPP_PUBLIC_URL", "").strip().rstrip("/")
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise InvalidInput(
                f"MAPAPP_PUBLIC_URL: “{url}” is not a web address; write it like "
                "https://map.example.org"
            )
        return cls(frozenset(words), int(number), url or None)

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may read answers."""
        return "*" in self.origins or origin in self.origins


def _is_origin(word: str) -> bool:
    parts = urlsplit(word)
    return bool(parts.scheme in ("http", "https") and parts.netloc and not parts.path)
