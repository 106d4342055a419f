"""A judgement: a person's reversible decision on how two incident records relate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    """How two records relate; `POSSIBLY_SAME` keeps both and says so on each."""

    SAME = "same"
    POSSIBLY_SAME = "possibly_same"
    DIFFERENT = "different"
    PART_OF = "part_of"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Two incident ids, their relation, the conflicts between them, and who decided it when."""

    left_id: str
    right_id: str
    relation: Relation
    reason: str
    conflicts: tuple[str, ...] = ()
    judged_by: str = ""
    recorded_at: datetime | None = None
    superseded_at: datetime | None = None

    @property
    def id(self) -> str:
        """A hash of the content."""
        parts = (self.left_id, self.right_id, self.relation, self.reason, *self.conflicts)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]

    def other(self, incident_id: str) -> str:
        """The id on the other side."""
        return self.right_id if incident_id == self.left_id else self.left_id
