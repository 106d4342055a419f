"""A gazetteer that reads Afghan place names as reporters write them.

from gazetteer import Gazetteer
Gazetteer.load().search("Police District 4 of Herat").best
"""

from typing import TYPE_CHECKING, Any

from .errors import (
    BadCoordinatesError,
    BadQueryError,
    DataError,
    GazetteerError,
    UnknownPlaceError,
)
from .gazetteer import Gazetteer
from .model import Candidate, Place, PlaceName, Result
from .places import Nearest, Reverse

if TYPE_CHECKING:
    from .geocoder import GazetteerGeocoder
    from .matching.mentions import Mention

__all__ = [
    "BadCoordinatesError",
    "BadQueryError",
    "Candidate",
    "DataError",
    "Gazetteer",
    "GazetteerError",
    "GazetteerGeocoder",
    "Mention",
    "Nearest",
    "Place",
    "PlaceName",
    "Result",
    "Reverse",
    "UnknownPlaceError",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """geopy and the prose scanner are imported when they are asked for, to keep loading quick."""
    if name == "GazetteerGeocoder":
        from .geocoder import GazetteerGeocoder

        return GazetteerGeocoder
    if name == "Mention":
        from .matching.mentions import Mention

        return Mention
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
