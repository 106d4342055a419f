"""The exceptions a caller of the gazetteer can meet; every step raises only these.

They say what was wrong with the question. Finding nothing is not an error: a `Result`
without candidates says so.
"""

from __future__ import annotations


class GazetteerError(Exception):
    """Base of every error the gazetteer raises on purpose."""


class UnknownPlaceError(GazetteerError, KeyError):
    """A place id that this gazetteer does not hold."""

    def __init__(self, place_id: str) -> None:
        super().__init__(place_id)
        self.place_id = place_id

    def __str__(self) -> str:
        return (
            f"No place has the id {self.place_id!r}. Ids look like 'prov:herat', "
            "'dist:herat/injil' or 'town:herat/herat'; search() finds them by name."
        )


class BadQueryError(GazetteerError, ValueError):
    """A question that cannot be asked: empty, far too long, or not text."""


class BadCoordinatesError(GazetteerError, ValueError):
    """Coordinates outside the world; the message reminds of the lat-lng order."""


class DataError(GazetteerError):
    """A data file that is missing, damaged or of another version than the code."""
