"""What the sides of GED's events mean, once for each pair that occurs (rows → columns).

Who is named and accused, and whose dead are counted, as `importers/ged.py` reads a single row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from mapapp.domain.actors import ERAS, actor, ancestry
from mapapp.domain.incident import Attribution, perpetrator_in_dispute
from mapapp.domain.vocab import (
    DISPLAY_ORDER,
    NO_STATEMENT,
    VICTIM_GROUP,
    WIDER_CLASS,
    AttributionKind,
    VictimClass,
    VictimGroup,
)
from mapapp.importers.forms import ged_sides
from mapapp.importers.forms.ged_codes import ONE_SIDED
from mapapp.ingest.ged_arrays import taken
from mapapp.snapshot.columns import fold_text, voices
from mapapp.snapshot.schema import group_columns

_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")

fold = lru_cache(maxsize=200_000)(fold_text)


class Sides:
    """What each pair of sides means, and which pair a row has."""

    def __init__(self, values: list[dict[str, Any]], codes: np.ndarray) -> None:
        self.values = values
        self.codes = codes


def sides_of(text: dict[str, Any], kinds: np.ndarray, country: np.ndarray, start: Any) -> Sides:
    """What the two sides mean, once for each pair that occurs."""
    frame = pd.DataFrame(
        {
            "a": text["side_a"].to_pylist(), "b": text["side_b"].to_pylist(), "kind": kinds,
            "country": country, "era": ged_sides.eras(start),
        }
    )  # fmt: skip
    codes, keys = pd.MultiIndex.from_frame(frame).factorize()
    pairs: list[Any] = list(keys)
    return Sides([_side(*pair) for pair in pairs], codes)


def add_victims(
    columns: dict[str, Any], numbers: dict[str, np.ndarray], sides: Sides,
    low: np.ndarray, high: np.ndarray,
) -> None:  # fmt: skip
    """Victim classes, and the toll of each group."""
    own = [[side["class_a"], side["class_b"]] for side in sides.values]
    present = sum((numbers[name] > 0).astype(int) << bit for bit, name in enumerate(_PARTS))
    keys, codes = np.unique(
        np.stack([sides.codes, np.asarray(present)], axis=1), axis=0, return_inverse=True
    )
    classes = []
    for side, bits in keys.tolist():
        said = [VictimClass.UNSPECIFIED]
        four = (*own[side], VictimClass.CIVILIANS, VictimClass.UNSPECIFIED)
        said += [four[bit] for bit in range(4) if bits >> bit & 1]
        classes.append(list(dict.fromkeys(said)))
    wider = [
        list(dict.fromkeys(w for c in some for w in (c, WIDER_CLASS.get(c)) if w))
        for some in classes
    ]
    codes = codes.reshape(-1)
    columns["victim_classes"] = taken([[str(c) for c in s] for s in classes], codes, "actors")
    columns["victims"] = taken([[str(c) for c in s] for s in wider], codes, "actors")
    rows = len(low)
    for group in VictimGroup:
        name_low, name_high, is_open = group_columns("killed", group)
        columns[is_open] = np.zeros(rows, bool)
        columns[group_columns("wounded", group)[2]] = np.zeros(rows, bool)
        if group is VictimGroup.UNSPECIFIED:
            columns[name_low], columns[name_high] = low, high
            continue
        toll, said_any = np.zeros(rows, np.int32), np.zeros(rows, bool)
        for at, name in enumerate(_PARTS[:3]):
            if name == "deaths_civilians":
                mine = np.full(rows, group is VictimGroup.CIVILIANS)
            else:
                mine = np.array([VICTIM_GROUP[pair[at]] is group for pair in own], bool)[
                    sides.codes
                ]
            counted = mine & (numbers[name] > 0)
            toll += np.where(counted, numbers[name], 0).astype(np.int32)
            said_any |= counted
        columns[name_low] = columns[name_high] = pa.array(toll, mask=~said_any)


def claims_of(numbers: dict[str, np.ndarray], kinds: np.ndarray, sides: Sides) -> np.ndarray:
    """How many claims each row makes: day, place, kind and toll, then what it has of the others."""
    parts = sum((numbers[name] > 0).astype(np.int32) for name in _PARTS)
    statements = np.array([side["statements"] for side in sides.values], np.int32)[sides.codes]
    found: np.ndarray = (4 + (kinds == ONE_SIDED) + parts + statements).astype(np.int32)
    return found


def _side(side_a: str, side_b: str, kind: int, country: str, era: int) -> dict[str, Any]:
    day = ERAS[era]
    said: tuple[tuple[AttributionKind, str | None], ...] = ()
    if kind == ONE_SIDED and side_a:
        said = ged_sides.attributions(side_a, country, day)
    named = list(dict.fromkeys(a for _, a in said if a))
    chains = {name: ancestry(name) for name in named}
    tokens = dict.fromkeys(f"{k}:{g}" for k, a in said for g in (chains[a] if a else [""]))
    statements = [Attribution(k, a, ged_sides.SPEAKER, ged_sides.SPEAKER_CLASS) for k, a in said]
    kinds = list(dict.fromkeys(str(k) for k, _ in said))
    words = []
    for name in named:
        who = actor(name)
        words += [who.name, who.short, *who.aliases]
    words += [side_a for _ in said]
    none = VictimClass.UNSPECIFIED
    return {
        "tokens": list(tokens) or [f"{NO_STATEMENT}:"],
        "actors": named,
        "groups": list(dict.fromkeys(g for chain in chains.values() for g in chain)),
        "kinds": kinds or [NO_STATEMENT],
        "attributed_by": [str(ged_sides.SPEAKER_CLASS)] if said else [],
        "voices": list(dict.fromkeys(voice for one in statements for voice in voices(one))),
        "participants": []
        if kind == ONE_SIDED
        else list(dict.fromkeys(side for side in (side_a, side_b) if side)),
        "display_kind": next((str(k) for k in DISPLAY_ORDER if str(k) in kinds), NO_STATEMENT),
        "disagreements": ["perpetrator"] if perpetrator_in_dispute(said) else [],
        "words": tuple(dict.fromkeys(fold(word) for word in words if word)),
        "statements": len(said) + (0 if kind == ONE_SIDED else bool(side_a) + bool(side_b)),
        "class_a": ged_sides.victims_of_side(side_a, kind, country, day) if side_a else none,
        "class_b": ged_sides.victims_of_side(side_b, kind, country, day) if side_b else none,
    }
