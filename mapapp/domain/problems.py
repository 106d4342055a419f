"""Problems found in input: where, what is wrong, what to try. Importers and checks return them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in something a person gave us; the rest of the input goes on.

    `where` names the file, row or parameter, `field` the field inside it, `remedy` what to try.
    """

    where: str
    field: str
    fault: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        at = f"{self.where}: {self.field}" if self.field else self.where
        return f"{at}: {self.fault}. {self.remedy}"


class MapAppError(Exception):
    """Base of the errors a person can do something about; the message says what and how."""


class InvalidInput(MapAppError):
    """Input that cannot be used at all; `problems` says why, item by item."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class NotFound(MapAppError):
    """Something asked for by id is not there."""


class NotAllowed(MapAppError):
    """Whoever asks may not do this."""


class StoreUnavailable(MapAppError):
    """The store cannot be opened, read or written just now."""


class LogAway(StoreUnavailable):
    """The database of the log does not answer; it may do so again."""


class LogMoved(StoreUnavailable):
    """Somebody recorded something since that was looked at which this change was made of."""


class NotPublished(StoreUnavailable):
    """What was asked for is recorded, but readers do not see it yet."""
