"""Reasons for doubt about an incident, read off its claims (claims → snapshot → filter)."""

from __future__ import annotations

from mapapp.domain.incident import Incident
from mapapp.domain.vocab import INDEPENDENT, MEASURES, AttributionKind, Doubt, Property

_FIGURES = frozenset(str(measure) for measure in MEASURES)


def doubts(incident: Incident) -> tuple[Doubt, ...]:
    """The doubts that hold, in the order of `Doubt`.

    - disputed figures: no number fits all that is said of killed, wounded or both together, or a
      speaker's figures do not fit each other;
    - contested claim: a group claims it, and a speaker contests or denies that group's part;
    - single source: all that is known comes from one origin, however many outlets print it;
    - no independent speaker: figures and statements on who did it come from parties to the
      conflict and officials alone. Where nobody gives either, there is no such speaker to weigh.
    """
    found = {
        Doubt.DISPUTED_FIGURES: bool(_FIGURES & set(incident.disagreements)),
        Doubt.CONTESTED_CLAIM: _contested(incident),
        Doubt.SINGLE_SOURCE: len(incident.origins) == 1,
        Doubt.NO_INDEPENDENT_SPEAKER: _no_independent_speaker(incident),
    }
    return tuple(doubt for doubt in Doubt if found[doubt])


def _contested(incident: Incident) -> bool:
    def named(*kinds: AttributionKind) -> set[str | None]:
        return {a.actor for a in incident.attributions if a.kind in kinds}

    disputed = named(AttributionKind.CONTESTED, AttributionKind.DENIED)
    return bool(named(AttributionKind.CLAIMED) & disputed)


def _no_independent_speaker(incident: Incident) -> bool:
    weighed = {
        claim.speaker_class
        for claim in incident.claims
        if claim.current and (claim.property in MEASURES or claim.property is Property.ATTRIBUTION)
    }
    return bool(weighed) and not weighed & INDEPENDENT
