"""What a row of UCDP GED says in words of its own, put so that it says no more than may leave
(serves log → public snapshot).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazetteer import Gazetteer
from mapapp.domain.actors import ERAS
from mapapp.domain.vocab import VictimClass
from mapapp.gate.places import grouped
from mapapp.importers.cells.located import Locator
from mapapp.importers.cells.values import BadValue
from mapapp.importers.forms import ged_codes, ged_sides
from mapapp.importers.forms.ged_codes import ONE_SIDED

#: Words that a row has for other victims than a side's: a side of that name would be one of them.
_OTHERS: Final = frozenset({"civilians", "status unknown", "deaths_a", "deaths_b"})


@lru_cache(maxsize=50_000)
def canonical_sides(
    kind: int, side_a: str, side_b: str, country: str, era: int, dead: bool
) -> tuple[str, str] | None:
    """Both sides, of one-sided violence in the words of the actors that leave; None where there
    are none that mean the same. `era` is as `actors.ERAS` has it; `dead`: side_a has dead.
    """
    if kind != ONE_SIDED:
        return side_a, side_b
    day = ERAS[era]
    if side_a in _OTHERS or side_b in _OTHERS:
        return None
    if ged_sides.victims_of_side(side_b, kind, country, day) is not VictimClass.UNSPECIFIED:
        return None
    if not side_a:
        return "", ""
    said = ged_sides.attributions(side_a, country, day)
    own = ged_sides.victims_of_side(side_a, kind, country, day)
    names = [actor for _, actor in said]
    actors = ", ".join(name for name in names if name)
    for words in (actors or "XXX", *([side_a] if actors == side_a else [])):
        same = ged_sides.attributions(words, country, day) == said
        if same and (not dead or ged_sides.victims_of_side(words, kind, country, day) is own):
            return words, ""
    return None


def note_texts(text: dict[str, Any]) -> list[str]:
    """The notes of each record as `ged.py` writes them, of columns of cells; a separator between
    those of one."""
    names = ("type_of_violence", "side_a", "side_b", *_NOTED)
    empty = [""] * len(text["side_a"])
    columns = [
        pc.utf8_trim_whitespace(text[name]).to_pylist() if name in text else empty for name in names
    ]
    labels = {str(kind): own[0] for kind, own in ged_codes.VIOLENCE.items()}
    return [
        "\x1f".join(
            ged_sides.notes(int(kind), labels[kind], a, b, clarity, status, article or headline)
        )
        for kind, a, b, clarity, status, article, headline in zip(*columns, strict=True)
    ]


_NOTED: Final = ("event_clarity", "code_status", "source_article", "source_headline")


def same_place_names(t: pa.Table, text: dict[str, Any], *, shown: bool) -> np.ndarray:
    """Put the names of areas in `text` into those that the incidents `t` have; which rows then lie
    where they lay. `shown`: a title still shows the row's own first words for its place.
    """
    worded = pa.repeat("", t.num_rows)
    for name in ("where_description", "where_coordinates"):
        if name in text:
            own = pc.utf8_trim_whitespace(text[name])
            worded = pc.if_else(pc.equal(own, ""), worded, own)
    trimmed = {n: pc.utf8_trim_whitespace(text[n]) for n in ("adm_1", "adm_2", "where_prec")}
    degrees = {n: pc.utf8_trim_whitespace(text[n]) for n in ("latitude", "longitude")}
    codes, keys = grouped(
        [t["country"], degrees["latitude"], degrees["longitude"], trimmed["adm_1"],
         trimmed["adm_2"], trimmed["where_prec"], t["adm1_name"], t["adm2_name"],
         pc.not_equal(worded, "")]
    )  # fmt: skip
    made = [_renamed(*key, shown) for key in keys]
    for at, name in enumerate(("adm_1", "adm_2")):
        words = pa.array([own[at] if own else "" for own in made], pa.string())
        text[name] = words.take(codes)
    fits: np.ndarray = np.array([own is not None for own in made], bool)[codes]
    return fits


@lru_cache(maxsize=200_000)
def _renamed(
    country: str, lat: str, lng: str, adm1: str, adm2: str, prec: str,
    adm1_name: str | None, adm2_name: str | None, worded: bool, shown: bool,
) -> tuple[str, str] | None:  # fmt: skip
    """The two names to keep; None where the row would then lie elsewhere."""
    new1, new2 = (adm1 and adm1_name) or "", (adm2 and adm2_name) or ""
    if shown and not worded:  # the title shows the first of them
        new1, new2 = (new1, adm2) if adm2 else (adm1, new2)
    locator = _locator()
    try:
        degrees = (float(lat), float(lng))
        exactness = ged_codes.WHERE[int(prec)]
        before, after = (
            locator.at(country=country, text="", lat=degrees[0], lng=degrees[1],
                       exactness=exactness, adm1=one, adm2=other).place
            for one, other in ((adm1, adm2), (new1, new2))
        )  # fmt: skip
    except (BadValue, ValueError, KeyError):
        return None
    return (new1, new2) if before == after else None


@lru_cache(maxsize=1)
def _locator() -> Locator:
    return Locator(Gazetteer.load())
