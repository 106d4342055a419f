"""What the log holds and tells, as values: statements and their versions, changes and what they
moved (log → whoever reads it).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.log import codec

Kind = Literal["source", "record", "claim", "judgement", "rows"]
KINDS: tuple[Kind, ...] = ("source", "record", "claim", "judgement", "rows")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each kind: sources, records, claims, judgements, files of rows."""

    sources: int = 0
    records: int = 0
    claims: int = 0
    judgements: int = 0
    row_files: int = 0

    @property
    def total(self) -> int:
        """All kinds together."""
        return self.sources + self.records + self.claims + self.judgements + self.row_files


@dataclass(frozen=True, slots=True)
class Appended:
    """What one append did; `seq` is the log's last change (unmoved where nothing changed).

    `superseded` counts versions closed: older versions of changed statements and, under
    `replace_dataset`, statements that the new batch no longer holds.
    """

    seq: int
    added: Counts
    unchanged: Counts
    superseded: Counts


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a batch was made of: the log after change `seen`, which must be its last one still.

    `dataset` is what the batch is the whole of, None where it takes nothing away.
    """

    dataset: str | None
    seen: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything current at one time, each kind in the order it was first recorded in."""

    sources: tuple[Source, ...]
    records: tuple[IncidentRecord, ...]
    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...]
    seq: int
    row_files: tuple[RowFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one statement of an incident: from when to when it stood, and by whom.

    `reason` is why it was recorded and `ended_reason` why it was superseded, empty where nobody
    said; `recorded_seq` and `superseded_seq` are the log's changes that did it.
    """

    kind: Kind
    key: str
    statement: codec.Statement
    recorded_at: datetime
    recorded_by: str
    superseded_at: datetime | None
    superseded_by: str | None
    reason: str = ""
    ended_reason: str = ""
    recorded_seq: int = 0
    superseded_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction that changed anything: its number, when, by whom and why.

    `replaces` is the dataset that it brought whole, None for single additions and corrections.
    """

    seq: int
    at: datetime
    by: str
    reason: str = ""
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What some changes moved.

    `added` maps each new incident to the change that recorded it. `versions` are all versions of
    records and claims of the incidents that stood before and now say otherwise or are gone, and
    of the judgements, sources and files of rows that were added, changed or withdrawn.
    """

    added: Mapping[str, Change]
    versions: tuple[Version, ...]


def statement_of(row: Any, as_of: datetime | None = None) -> codec.Statement:
    """What a row of `VERSIONS` says; with `as_of`, as it was read then."""
    if row.kind == "source":
        return codec.decode_source(row.content)
    if row.kind == "record":
        return codec.decode_record(row.content)
    if row.kind == "rows":
        return codec.decode_row_file(row.content)
    ended = time_of(row.superseded_at) if row.superseded_at else None
    if as_of is not None:  # read as it was then: its end had not come
        ended = None
    if row.kind == "claim":
        claim = codec.decode_claim(row.content)
        return replace(
            claim,
            recorded_at=time_of(row.recorded_at),
            recorded_by=row.recorded_by,
            superseded_at=ended,
            superseded_by=row.superseded_by if ended else None,
        )
    return codec.decode_judgement(
        row.content, recorded_at=time_of(row.recorded_at), superseded_at=ended
    )


def version_of(row: Any, why: Mapping[int, str]) -> Version:
    """What a row of `VERSIONS` says, and when and by whom; `why` has the reasons of changes."""
    return Version(
        row.kind,
        row.key,
        statement_of(row),
        time_of(row.recorded_at),
        row.recorded_by,
        time_of(row.superseded_at) if row.superseded_at else None,
        row.superseded_by,
        why.get(row.recorded_seq, ""),
        why.get(row.superseded_seq, ""),
        row.recorded_seq,
        row.superseded_seq,
    )


def counted(kinds: Iterable[Kind]) -> Counts:
    """How many of each kind there are."""
    found = Counter(kinds)
    return Counts(*(found[kind] for kind in KINDS))


def stamp(at: datetime | None, last: str) -> str:
    """The time of a change as text, now where `at` is None; `last` is that of the change before.

    Raises InvalidInput where `at` lies before it.
    """
    if at is None:
        return max(text_of(datetime.now(UTC)), last)
    own = text_of(at)
    if own < last:
        raise InvalidInput(
            f"the time {own} lies before the log's last change at {last}; "
            "leave `at` out, or give a later time"
        )
    return own


def text_of(at: datetime) -> str:
    """An aware time as the log writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_of(text: str) -> datetime:
    """The time that the log wrote."""
    return datetime.fromisoformat(text)
