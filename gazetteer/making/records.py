"""The records under construction: places with their names, each id used once; build only."""

from __future__ import annotations

from typing import Any

from ..errors import DataError
from ..names.phonetics import sound
from ..names.text import fold, script_of

GEONAMES = "GeoNames"
COD = "COD-AB v03 (OCHA/AGCHO)"
AIMS = "geoBoundaries 2014 (AIMS)"
CURATED = "curated"
KIND, ORIGIN, SOUND = 3, 4, 7  # of a name in a record


class Places:
    """The records under construction, with their names, each id used once."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}

    def add(self, place_id: str, **fields: Any) -> dict[str, Any]:
        """A new record; DataError for an id that is used already."""
        if place_id in self.records:
            raise DataError(f"The place id {place_id} is used twice.")
        fields.setdefault("names", [])
        self.records[place_id] = {"id": place_id, **fields}
        return self.records[place_id]

    def name(
        self,
        place_id: str,
        text: str,
        lang: str,
        kind: str,
        origin: str,
        used_from: str = "",
        used_to: str = "",
    ) -> None:
        """Add a spelling unless the place has one that folds to the same in that language."""
        if place_id not in self.records:
            raise DataError(f"A name is given for the unknown place {place_id}.")
        names = self.records[place_id]["names"]
        text = " ".join(text.split())
        key = fold(text)
        if not key:
            raise DataError(f"{place_id}: the name {text!r} holds no letter.")
        for other in names:
            if fold(other[0]) == key and (other[1] == lang or lang == "und"):
                return
        names.append([text, lang, script_of(text), kind, origin, used_from, used_to, sound(key)])
