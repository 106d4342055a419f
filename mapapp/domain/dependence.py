"""How far sources are sources of their own, in words (→ panel, matrix, Sources tab)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mapapp.domain.incident import Incident
from mapapp.domain.source import Source


def dependence(incident: Incident, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """How far its sources are sources of their own: "3 sources, 1 origin: …"."""
    sources_read = [sources[key] for key in incident.source_ids if key in sources]
    if not sources_read:
        return ()
    separate = len(incident.origins)
    if len(sources_read) == 1:
        lines = [f"Single source: all of it stands in one item of {sources_read[0].publisher}."]
    elif separate == 1:
        lines = [f"{len(sources_read)} sources, but one origin: they do not confirm each other."]
    elif separate < len(sources_read):
        lines = [f"{len(sources_read)} sources of {separate} separate origins."]
    else:
        lines = [f"{len(sources_read)} separate sources."]
    lines += [
        f"{source.publisher} gives an account of {' and '.join(source.based_on)}."
        for source in sources_read
        if source.based_on
    ]
    return tuple(dict.fromkeys(lines))


def separate(sources: Sequence[Source]) -> str:
    """Of how many origins some sources are: "5 sources, 1 origin: they do not confirm …"."""
    origins = len({source.origin for source in sources})
    if not sources or origins == len(sources):
        return ""
    if origins == 1:
        return f"{len(sources)} sources, but one origin: they do not confirm each other."
    return (
        f"{len(sources)} sources of {origins} separate origins: items of one origin do not confirm "
        "each other."
    )


def own_words(source: Source, sources: Sequence[Source]) -> tuple[str, ...]:
    """Whose account a source gives, and which others are of the same origin."""
    words = []
    if source.based_on:
        words.append(f"Gives an account of {' and '.join(source.based_on)}")
    others = [s for s in sources if s.origin == source.origin and s.id != source.id]
    if others:
        named = ", ".join(other.id for other in others[:_NAMED])
        left = len(others) - _NAMED
        more = f" and {left} more" if left > 0 else ""
        words.append(f"Of the same origin as {named}{more}")
    return tuple(words)


#: Others of one origin that are named.
_NAMED = 5
