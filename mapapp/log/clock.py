"""The log's time: UTC text of fixed width that sorts as time and never runs backwards."""

from __future__ import annotations

from datetime import UTC, datetime

from mapapp.domain.problems import InvalidInput


def stamp(at: datetime | None, last: str) -> str:
    """The time of a change as text, now where `at` is None; `last` is that of the change before.

    Raises InvalidInput where `at` lies before it.
    """
    if at is None:
        return max(text_of(datetime.now(UTC)), last)
    own = text_of(at)
    if own < last:
        raise InvalidInput(
            f"the time {own} lies before the log's last change at {last}; "
            "leave `at` out, or give a later time"
        )
    return own


def text_of(at: datetime) -> str:
    """An aware time as the log writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_of(text: str) -> datetime:
    """The time that the log wrote."""
    return datetime.fromisoformat(text)
