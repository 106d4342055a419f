"""A voice in a sentence and what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapapp.domain.vocab import SpeakerClass
from mapapp.reading.actors import ActorName


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker as one sentence names it: tokens `start` to `end`."""

    start: int
    end: int
    speaker_class: SpeakerClass | None
    pronoun: bool = False
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A voice, its verb's token, and the tokens `first` to `last` that it speaks of."""

    voice: Voice
    verb: int
    first: int
    last: int


def actor_of(names: Sequence[ActorName], start: int, end: int) -> ActorName | None:
    """The first actor named between two tokens."""
    return next((n for n in names if start <= n.start and n.end <= end), None)
