"""What a sentence says of who did it (actors, speakers → attributions → incidents)."""

from mapapp.reading.attributions.clause import Ascription, Clause
from mapapp.reading.attributions.finder import ascriptions

__all__ = ["Ascription", "Clause", "ascriptions"]
