"""A claim: one assertion about one property of one incident, with its speaker and source.

Modelled on followthemoney's Statement: the value carries its origin, and the id is a hash of the
content, so that importing the same thing twice adds nothing.
"""

from __future__ import annotations

import builtins
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from mapapp.domain.vocab import (
    MEASURES,
    AttributionKind,
    Modifier,
    Property,
    SpeakerClass,
    VictimClass,
)


@dataclass(frozen=True)
class Claim:
    """Who says what about one property of an incident.

    For measures `low` and `high` are inclusive bounds on a number of people (None is open) and
    `value` is the number as said; see `bounds`. For an attribution `actor` is an actor id (None
    for `unclaimed`) and `actor_text` the source's word for it. `subset_of` names the class whose
    figure already contains this one ("20 children among the dead": `unspecified`, i.e. all).
    `asserted_by` is the speaker; `asserted_on` the day of the assertion where known. `locator` is
    the place in the source ("paragraph 7"), `words` the few words there that carry the figure or
    the name; `note` is the curator's, in our own words.
    """

    incident_id: str
    property: Property
    source_id: str
    asserted_by: str
    speaker_class: SpeakerClass
    value: str | None = None
    low: int | None = None
    high: int | None = None
    modifier: Modifier | None = None
    victim_class: VictimClass | None = None
    victim_text: str = ""
    subset_of: VictimClass | None = None
    attribution_kind: AttributionKind | None = None
    actor: str | None = None
    actor_text: str = ""
    asserted_on: date | None = None
    locator: str = ""
    words: str = ""
    note: str = ""
    recorded_at: datetime | None = None
    recorded_by: str = ""
    superseded_at: datetime | None = None
    superseded_by: str | None = None

    def __post_init__(self) -> None:
        if self.property in MEASURES:
            if self.modifier is None or self.victim_class is None:
                raise ValueError(f"a claim of {self.property} needs a modifier and a victim class")
            if self.value is not None and not (self.value.isascii() and self.value.isdigit()):
                raise ValueError(
                    f"the value {self.value!r} of {self.property} is not a whole number of people; "
                    "keep words like 'dozens' in words, with modifier vague and no value"
                )
            for name, bound in (("low", self.low), ("high", self.high)):
                if bound is not None and bound < 0:
                    raise ValueError(f"{name} is {bound}; a number of people cannot be negative")
            if self.low is not None and self.high is not None and self.low > self.high:
                raise ValueError(f"low {self.low} is above high {self.high}; swap the two")
        if self.property is Property.ATTRIBUTION:
            if self.attribution_kind is None:
                raise ValueError("an attribution needs its kind (claimed, attributed, ...)")
            if self.actor is None and self.attribution_kind is not AttributionKind.UNCLAIMED:
                raise ValueError(f"an attribution of kind '{self.attribution_kind}' needs an actor")

    @cached_property
    def id(self) -> str:
        """A 20-digit hash of the content: what is said, by whom, where, of which incident."""
        content = [
            self.incident_id,
            self.property,
            self.source_id,
            self.asserted_by,
            self.speaker_class,
            self.value,
            self.low,
            self.high,
            self.modifier,
            self.victim_class,
            self.victim_text,
            self.subset_of,
            self.attribution_kind,
            self.actor,
            self.actor_text,
            self.asserted_on.isoformat() if self.asserted_on else None,
            self.locator,
            self.words,
            self.note,
        ]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    @builtins.property
    def current(self) -> bool:
        """Whether nothing has superseded it."""
        return self.superseded_at is None


def bounds(value: int | None, modifier: Modifier) -> tuple[int | None, int | None]:
    """The inclusive bounds that a number as said stands for: (low, high), None is open.

    Exact N and about N are N to N (the modifier is kept beside them), at least N is N and open,
    over N is N + 1 and open, vague ("dozens") is open on both sides.
    """
    if modifier is Modifier.VAGUE:
        return None, None
    if value is None:
        raise ValueError(f"modifier '{modifier}' needs a number; use 'vague' where none is said")
    if modifier is Modifier.AT_LEAST:
        return value, None
    if modifier is Modifier.OVER:
        return value + 1, None
    return value, value
