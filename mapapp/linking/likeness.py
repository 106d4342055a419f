"""Records that a draft may be about, by the score of possible doubles (draft → records)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pyarrow as pa

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord, assemble
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.linking.subjects import COLUMNS, subjects_of
from mapapp.linking.suggest import THRESHOLD, terms_of
from mapapp.linking.suggest import suggest as suggest_pairs
from mapapp.query import Dashboard
from mapapp.snapshot.columns import finish, incident_columns

#: Days on either side in which the same incident may be told of.
_DAYS: Final = 3
#: Of a draft, so that it is no record's id.
_ID: Final = "draft of this page"
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record that a draft may be about, with its points and what they are for."""

    id: str
    title: str
    points: int
    reasons: tuple[str, ...]


def like(
    dash: Dashboard, record: IncidentRecord, claims: Sequence[Claim], sources: Sequence[Source]
) -> tuple[Likeness, ...]:
    """The records that reach the threshold, best first; none where no day of it is known."""
    first, last = record.date.earliest, record.date.latest
    if first is None or last is None:
        return ()
    near = Selection(
        date_from=first - timedelta(days=_DAYS), date_to=last + timedelta(days=_DAYS),
        background=True, abroad=True,
    )  # fmt: skip
    if dash.count(near) > _MOST:
        return ()
    rows = dash.columns(near, COLUMNS)
    own = tuple(replace(claim, incident_id=_ID) for claim in claims)
    (incident,) = assemble([replace(record, id=_ID)], own, (), sources)
    draft = finish(incident_columns([incident])).select(rows.column_names).cast(rows.schema)
    subjects = subjects_of(pa.concat_tables([rows, draft]).sort_by("id"))
    found = []
    for pair in suggest_pairs(subjects, threshold=THRESHOLD):
        if _ID in (pair.left_id, pair.right_id):
            found.append((pair, pair.left if pair.right_id == _ID else pair.right))
    return tuple(
        Likeness(
            str(subjects.row(at)["id"]), str(subjects.row(at)["title"]), pair.points,
            tuple(term.reason for term in terms_of(subjects, pair) if term.points > 0),
        )
        for pair, at in found
    )  # fmt: skip
