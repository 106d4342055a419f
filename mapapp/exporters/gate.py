"""The one gate for what leaves: an `Extract` is what may go out of a selection (query → export).

Every exporter and every route of `/api` takes its incidents from here, so that the redistribution
rule of a source is known in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlencode

from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.domain.vocab import Redistribution, Rule
from mapapp.query import Labels, selection_to_params
from mapapp.query.filters.sentence import sentence

_NOTHING: Mapping[str, int] = MappingProxyType({})
_NO_LABELS: Labels = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Closed:
    """What must not leave: ids of private sources, and data sets with none but such."""

    sources: frozenset[str] = frozenset()
    datasets: frozenset[str] = frozenset()
    #: Claims that the snapshot itself is without, by incident.
    trimmed: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sources)


def closed(sources: Iterable[Source]) -> Closed:
    """What the redistribution rules of sources keep in."""
    private: set[str] = set()
    datasets: set[str] = set()
    shared: set[str] = set()
    for source in sources:
        if source.redistribution is Redistribution.PRIVATE:
            private.add(source.id)
            datasets.add(source.dataset)
        else:
            shared.add(source.dataset)
    return Closed(frozenset(private), frozenset(datasets - shared))


def trim(incident: Incident, rule: Closed) -> Incident | None:
    """The incident without claims from private sources, None where nothing of it may leave."""
    if incident.record.dataset in rule.datasets:
        return None
    kept = tuple(c for c in incident.claims if c.source_id not in rule.sources)
    if len(kept) == len(incident.claims):
        return incident
    return replace(incident, claims=kept) if kept else None


@dataclass(frozen=True, slots=True)
class Extract:
    """What may leave of a selection; made by `extract` only.

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
        found = list(self.held_back)
        if self.withheld:
            found.append(
                f"{self.withheld} incidents of the selection are left out: "
                "their sources may not be passed on."
            )
        if self.trimmed:
            found.append(
                f"{sum(self.trimmed.values())} claims of {len(self.trimmed)} incidents are left "
                "out, and enter no figure here: their sources may not be passed on."
            )
        return tuple(found)


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
    """What may leave of assembled incidents, figures reckoned anew from the claims that do.

    `left_out` counts claims that the snapshot is without already.
    `sources` must hold every source that a claim names. A judgement goes only where both of its
    incidents may: its reason can speak of the other.
    """
    chosen = selection if selection is not None else Selection()
    rule = closed(sources.values())
    passed: list[Incident] = []
    kept_in: set[str] = set()
    trimmed: dict[str, int] = {}
    for incident in incidents:
        own = trim(incident, rule)
        if own is None:
            kept_in.add(incident.id)
            continue
        if left := len(incident.claims) - len(own.claims) + left_out.get(own.id, 0):
            trimmed[own.id] = left
        passed.append(own)
    if kept_in:
        passed = [without_judgements_on(incident, kept_in) for incident in passed]
    used = dict.fromkeys(claim.source_id for incident in passed for claim in incident.claims)
    link = selection_to_params(chosen)
    return Extract(
        incidents=tuple(passed),
        sources={key: sources[key] for key in sorted(used)},
        selection=chosen,
        sentence=sentence(chosen, labels),
        link=_query(link),
        made_at=made_at or datetime.now(UTC),
        withheld=len(kept_in),
        trimmed=trimmed,
        held_back=held_back,
    )


def without_judgements_on(incident: Incident, ids: Iterable[str]) -> Incident:
    """The incident without judgements that link it to any of these."""
    others = frozenset(ids)
    kept = tuple(j for j in incident.judgements if j.other(incident.id) not in others)
    return incident if len(kept) == len(incident.judgements) else replace(incident, judgements=kept)


def _query(params: Mapping[str, str | list[str]]) -> str:
    return urlencode(params, doseq=True, safe=",:;")
