"""All that one sentence says of who did it, each actor in one way."""

from __future__ import annotations

from mapapp.domain.vocab import AttributionKind
from mapapp.reading.attributions.blame import blames, deeds
from mapapp.reading.attributions.claims import claims, self_told
from mapapp.reading.attributions.clause import Ascription, Clause
from mapapp.reading.attributions.denials import contested, denials
from mapapp.reading.attributions.nobody import nobody


def ascriptions(clause: Clause) -> list[Ascription]:
    """In order; what is claimed or denied goes before what is told of the same actor."""
    found = [*nobody(clause), *denials(clause), *contested(clause)]
    silent = any(a.kind is AttributionKind.UNCLAIMED and a.rule != "unknown-men" for a in found)
    if not silent:
        found += claims(clause)
    found += self_told(clause, _keys(found))
    known = _keys([a for a in found if a.kind is not AttributionKind.DENIED])
    for blame in blames(clause):  # blamed in so many words goes before suspected
        if blame.key not in known:
            found.append(blame)
            known |= {blame.key} if blame.kind is AttributionKind.ATTRIBUTED else set()
    known = _keys(found)
    found += [a for a in deeds(clause) if a.key not in known]
    return sorted(found, key=lambda a: a.start)


def _keys(found: list[Ascription]) -> set[str]:
    return {a.key for a in found if a.actor}
