"""Kept rows that have passed the gate: what of a row leaves, and how it is read (log → public
snapshot → panel).

Such a row's cells hold what may leave and nothing else; its record and claims are what
`domain/gate.py` makes of the whole row (`tests/gate/test_columns.py`). `gate_columns.py`
writes them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from gazetteer import Gazetteer
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.vocab import GeoPrecision
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.gate import coarsened, said_outside, without_fields
from mapapp.importers import kept_rows
from mapapp.importers.kept_rows import BETWEEN

#: What a form that has passed begins with; no form of an importer does.
_MARK = '{"gate":'


@dataclass(frozen=True, slots=True)
class GatedForm:
    """How a row's cells are read: the importer's form of those left, and what was held back.

    With a `level` two more cells follow, the id of the area that stands for the place ("" for the
    country) and "1" where the place is known finer.
    """

    kept: str
    level: GeoPrecision | None
    withheld: frozenset[str]

    def text(self) -> str:
        """The form as kept beside each row."""
        held = {"level": self.level and str(self.level), "withheld": sorted(self.withheld)}
        plain = {"gate": held, "kept": self.kept}
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def is_gated(form: str) -> bool:
    """Whether a row of this form has passed the gate."""
    return form.startswith(_MARK)


def incident(
    form: str, cells: str, key: str, source_id: str
) -> tuple[IncidentRecord, tuple[Claim, ...]]:
    """The record and claims of a row that has passed, by its id and source outside."""
    own, area, finer = _form(form), "", ""
    if own.level is not None:
        cells, area, finer = cells.rsplit(BETWEEN, 2)
    made = kept_rows.converted(own.kept, cells)
    record = made.record
    if own.level is not None:
        record = coarsened(record, key, _areas().named(area), own.level if finer else None)
    record = without_fields(record, own.withheld)
    sources = {claim.source_id: source_id for claim in made.claims}
    coarse = own.level is not None
    claims = said_outside(made.claims, key, sources, coarse=coarse, withheld=own.withheld)
    return record, tuple(claims)


@lru_cache(maxsize=64)
def _form(text: str) -> GatedForm:
    plain = json.loads(text)
    held = plain["gate"]
    level = GeoPrecision(held["level"]) if held["level"] else None
    return GatedForm(plain["kept"], level, frozenset(held["withheld"]))


@lru_cache(maxsize=1)
def _areas() -> GazetteerAreas:
    return GazetteerAreas(Gazetteer.load())
