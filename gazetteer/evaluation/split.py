"""Splits evaluation rows in two halves by place, so that no place is in both."""

from __future__ import annotations

import hashlib


def half(place: str) -> str:
    """'tuned' or 'held' for a place key (a P-code, or a name where there is no code)."""
    digest = hashlib.sha256(place.strip().lower().encode("utf-8")).digest()
    return "held" if digest[0] % 2 else "tuned"
