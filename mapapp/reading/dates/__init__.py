"""Days that a text names."""

from mapapp.reading.dates.finder import DateFinder
from mapapp.reading.dates.words import DateWords

__all__ = ["DateFinder", "DateWords"]
