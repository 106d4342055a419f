"""How far the sources of an incident are sources of their own, in words (incident → panel)."""

from __future__ import annotations

from collections.abc import Mapping

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source


def dependence(incident: Incident, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """How far its sources are sources of their own: "3 sources, 1 origin: …"."""
    own = [sources[key] for key in incident.source_ids if key in sources]
    if not own:
        return ()
    separate = len(incident.origins)
    if len(own) == 1:
        lines = [f"Single source: all of it stands in one item of {own[0].publisher}."]
    elif separate == 1:
        lines = [f"{len(own)} sources, but one origin: they do not confirm each other."]
    elif separate < len(own):
        lines = [f"{len(own)} sources of {separate} separate origins."]
    else:
        lines = [f"{len(own)} separate sources."]
    lines += [
        f"{source.publisher} gives an account of {' and '.join(source.based_on)}."
        for source in own
        if source.based_on
    ]
    return tuple(dict.fromkeys(lines))
