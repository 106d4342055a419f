"""Which facts of a page belong to which attack."""

from mapapp.reading.incidents.gatherer import Gatherer
from mapapp.reading.incidents.incident import Incident

__all__ = ["Gatherer", "Incident"]
