"""What the owner of an installation chooses for `/api`, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mapapp import settings

DEFAULT_PER_MINUTE = settings.Settings().api_per_minute


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
        own = settings.read(environ)
        return cls(own.cors_origins, own.api_per_minute, own.public_url)

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may read answers."""
        return "*" in self.origins or origin in self.origins
