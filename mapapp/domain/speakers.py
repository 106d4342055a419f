"""Speakers as filters name them: their class, and the actor that speaks (claims → snapshot).

A speaker's name is kept as the source has it; here it is read for the organisation in it, so that
"Taliban (Zabihullah Mujahid, spokesman)" and "Taliban Ministry of Interior" are both found under
the de facto authorities.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mapapp.domain import actors
from mapapp.domain.vocab import SpeakerClass

#: Kinds of perpetrator that nobody speaks for.
_NOBODY = frozenset({"unidentified", "afghan-national"})

#: A speaker's name ends in a part that may name whom he speaks for.
_PARTS = re.compile(r"[,;(),]+")


@lru_cache(maxsize=1)
def _openings() -> re.Pattern[str]:
    """Any alias at the beginning of a part, the longest first; upper case counts for short ones."""
    names = sorted(
        (name for name, key in actors.aliases().items() if key not in _NOBODY),
        key=len,
        reverse=True,
    )
    words = "|".join(
        re.escape(name) if len(name) <= 4 else f"(?i:{re.escape(name)})" for name in names
    )
    return re.compile(rf"(?:(?i:the|spokes(?:man|person|woman) (?:of|for)) )*({words})(?!\w)")


@lru_cache(maxsize=50_000)
def speaker_actor(name: str) -> str | None:
    """The actor that a speaker is or speaks for, by the words of its name; None where none is."""
    whole = actors.resolve(name)
    if whole is not None:
        return None if whole in _NOBODY else whole
    for part in _PARTS.split(name):
        opening = _openings().match(part.strip())
        if opening:
            return actors.resolve(opening[1])
    return None


@lru_cache(maxsize=50_000)
def speaker_codes(name: str, speaker_class: SpeakerClass) -> tuple[str, ...]:
    """Its class, then the actor it speaks for with the organisations that belongs to."""
    actor = speaker_actor(name)
    return (str(speaker_class), *(actors.ancestry(actor) if actor else ()))


#: All that a speaker can be chosen by.
CODES = (
    *map(str, SpeakerClass),
    *(entry.id for entry in actors.ACTORS if entry.id not in _NOBODY),
)
