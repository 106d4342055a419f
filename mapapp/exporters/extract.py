"""An `Extract`: the incidents of a selection that a file is made of (query → export).

What may not leave is not in the snapshot that it is read from: see `gate.public`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlencode

from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.domain.vocab import Rule
from mapapp.query import Labels, selection_to_params
from mapapp.query.filters.sentence import sentence

_NOTHING: Mapping[str, int] = MappingProxyType({})
_NO_LABELS: Labels = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Extract:
    """What leaves of a selection.

    `sources` are those the incidents rest on. `withheld` counts incidents left out and `trimmed`
    maps an incident's id to the number of its claims left out, both because a source is private.
    `sentence` says the selection in words, `link` is its URL query (empty: everything);
    `held_back` are the sentences on what the owner keeps from the public. `counted` is the number
    of incidents where they are not here (`parts.Parts.whole`).
    """

    incidents: tuple[Incident, ...]
    sources: Mapping[str, Source]
    selection: Selection
    sentence: str
    link: str
    made_at: datetime
    withheld: int = 0
    trimmed: Mapping[str, int] = field(default_factory=dict)
    held_back: tuple[str, ...] = ()
    counted: int | None = None

    @property
    def number(self) -> int:
        """How many incidents leave."""
        return len(self.incidents) if self.counted is None else self.counted

    @property
    def rule(self) -> Rule:
        """How best figures are chosen."""
        return self.selection.rule

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must be told of what was left out."""
        told = list(self.held_back)
        if self.withheld:
            told.append(
                f"{self.withheld} incidents of the selection are left out: "
                "their sources may not be passed on."
            )
        if self.trimmed:
            told.append(
                f"{sum(self.trimmed.values())} claims of {len(self.trimmed)} incidents are left "
                "out, and enter no figure here: their sources may not be passed on."
            )
        return tuple(told)


def extract(
    incidents: Iterable[Incident],
    sources: Mapping[str, Source],
    selection: Selection | None = None,
    *,
    labels: Labels = _NO_LABELS,
    made_at: datetime | None = None,
    held_back: tuple[str, ...] = (),
    left_out: Mapping[str, int] = _NOTHING,
) -> Extract:
    """An extract of assembled incidents.

    `sources` must hold every source that a claim names; `left_out` counts claims by incident that
    are not among them, of these incidents or others.
    """
    chosen = selection if selection is not None else Selection()
    whole = tuple(incidents)
    used = {claim.source_id for incident in whole for claim in incident.claims}
    return Extract(
        incidents=whole,
        sources={key: sources[key] for key in sorted(used)},
        selection=chosen,
        sentence=sentence(chosen, labels),
        link=urlencode(selection_to_params(chosen), doseq=True, safe=",:;"),
        made_at=made_at or datetime.now(UTC),
        trimmed={i.id: left_out[i.id] for i in whole if i.id in left_out},
        held_back=held_back,
    )
