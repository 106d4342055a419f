"""A gazetteer that reads Afghan place names as reporters write them.

from gazetteer import Gazetteer
Gazetteer.load().search("Police District 4 of Herat").best
"""

from .errors import (
    BadCoordinatesError,
    BadQueryError,
    DataError,
    GazetteerError,
    UnknownPlaceError,
)
from .gazetteer import Gazetteer, Nearest, Reverse
from .model import Candidate, Place, PlaceName, Result

__all__ = [
    "BadCoordinatesError",
    "BadQueryError",
    "Candidate",
    "DataError",
    "Gazetteer",
    "GazetteerError",
    "Nearest",
    "Place",
    "PlaceName",
    "Result",
    "Reverse",
    "UnknownPlaceError",
]
__version__ = "0.1.0"
