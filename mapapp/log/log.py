"""The append-only log of sources, records, claims and judgements: the truth (claims → log).

Nothing is deleted. A newer version closes the older one (`superseded_at`), so that the log can be
read as it was at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.log import codec
from mapapp.log.database import LogDatabase
from mapapp.log.entries import (
    KINDS,
    Appended,
    Change,
    Contents,
    Kind,
    Moved,
    Renewal,
    Version,
    statement_of,
    text_of,
    time_of,
    version_of,
)
from mapapp.log.recording import Signature, items_of, record
from mapapp.log.shared import Shared
from mapapp.log.tables import CHANGES, HEAD, VERSIONS
from mapapp.log.touched import changed, chunks, records_standing, releases


class Log:
    """One log. Open it with `Log.open`; safe to share between threads."""

    def __init__(self, database: LogDatabase) -> None:
        self._database = database
        self._begin = database.begin
        #: What servers on several machines share; None where they do not share the database.
        self.shared = Shared(database) if database.shared else None

    @classmethod
    def open(cls, path_or_url: str | Path, *, later: bool = False) -> Log:
        """The log in an SQLite file (made if absent), `:memory:`, or at a SQLAlchemy URL.

        Raises StoreUnavailable where it cannot be opened or written; with `later` not where its
        server is away: then each question says so, until it is back.
        """
        return cls(LogDatabase.open(path_or_url, later=later))

    @property
    def away(self) -> bool:
        """Whether its database did not answer when it was last asked."""
        return self._database.away

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def seq(self) -> int:
        """The number of the last change, 0 for an empty log."""
        with self._begin() as connection:
            return int(connection.execute(sa.select(HEAD.c.seq)).scalar_one())

    def append(
        self,
        batch: Batch,
        *,
        by: str,
        at: datetime | None = None,
        replace_dataset: str | Renewal | None = None,
        reason: str = "",
        elsewhere: Collection[str] = (),
        withdraw: Iterable[tuple[Kind, str]] = (),
    ) -> Appended:
        """Record a batch in one transaction; what the log already holds adds nothing.

        A changed source, record or judgement supersedes its older version; a changed claim is
        another claim, as its id is its content. With `replace_dataset` the batch is the whole of
        that dataset: its sources, records and their claims that the batch lacks are superseded,
        and so are judgements between its records that the same `by` once recorded (a decision of
        someone else stays); with a `Renewal`, only where the log is as it was seen. `reason` says
        why, for whoever asks what changed. `elsewhere` are ids of incidents that stand in files of
        rows: claims and judgements may be about them, too. `withdraw` names (kind, id) of standing
        statements that end in the same transaction; what does not stand, or is in the batch, is
        left as it is.

        `at` is when it is recorded (aware; default now, never before the last change). Raises
        InvalidInput where the batch refers to what exists nowhere, LogMoved where something was
        recorded since a `Renewal` was made, StoreUnavailable where the log cannot be written.
        """
        if at is not None and at.tzinfo is None:
            raise InvalidInput(f"the time {at} has no time zone; give one, for example UTC")
        items = items_of(batch)
        with self._begin(write=True) as connection:
            return record(
                connection, batch, items, Signature(by, reason, at),
                replace_dataset=replace_dataset, elsewhere=elsewhere, withdraw=withdraw,
            )  # fmt: skip

    def row_file_versions(self) -> tuple[Version, ...]:
        """Every version of what files of rows stood, oldest first."""
        query = sa.select(VERSIONS).where(VERSIONS.c.kind == "rows").order_by(VERSIONS.c.row)
        with self._begin() as connection:
            rows = connection.execute(query).all()
        return self._versions(rows)

    def row_files(self) -> tuple[RowFile, ...]:
        """The files of rows that now stand."""
        v = VERSIONS.c
        query = sa.select(v.content).where(v.kind == "rows", v.superseded_seq.is_(None))
        with self._begin() as connection:
            found = connection.execute(query.order_by(v.row)).scalars().all()
        return tuple(codec.decode_row_file(content) for content in found)

    def all_row_files(self) -> tuple[RowFile, ...]:
        """Every file of rows that ever stood, oldest first."""
        v = VERSIONS.c
        query = sa.select(v.content).where(v.kind == "rows").order_by(v.row)
        with self._begin() as connection:
            found = connection.execute(query).scalars().all()
        return tuple(codec.decode_row_file(content) for content in found)

    def read(self, as_of: datetime | None = None) -> Contents:
        """What is current now, or what was at `as_of` (aware)."""
        if as_of is not None and as_of.tzinfo is None:
            raise InvalidInput(f"the time {as_of} has no time zone; give one, for example UTC")
        v, c = VERSIONS.c, CHANGES.c
        if as_of is None:
            standing: sa.ColumnElement[bool] = v.superseded_seq.is_(None)
            last = sa.select(sa.func.coalesce(sa.func.max(c.seq), 0))
        else:
            then = text_of(as_of)
            standing = (v.recorded_at <= then) & (
                v.superseded_at.is_(None) | (v.superseded_at > then)
            )
            last = sa.select(sa.func.coalesce(sa.func.max(c.seq), 0)).where(c.at <= then)
        with self._begin() as connection:
            seq = int(connection.execute(last).scalar_one())
            rows = connection.execute(sa.select(VERSIONS).where(standing).order_by(v.row)).all()
        found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        for row in rows:
            found[row.kind].append(statement_of(row, as_of))
        return Contents(
            tuple(found["source"]),
            tuple(found["record"]),
            tuple(found["claim"]),
            tuple(found["judgement"]),
            seq,
            tuple(found["rows"]),
        )

    def history(self, incident_id: str) -> tuple[Version, ...]:
        """Every version of an incident's record, claims and judgements, oldest first."""
        v = VERSIONS.c
        query = (
            sa.select(VERSIONS)
            .where((v.incident_id == incident_id) | (v.other_id == incident_id))
            .order_by(v.row)
        )
        with self._begin() as connection:
            rows = connection.execute(query).all()
        return self._versions(rows)

    def versions(self, incident_ids: Collection[str]) -> tuple[Version, ...]:
        """Every version of the records and claims of some incidents, oldest first."""
        v = VERSIONS.c
        found: list[Any] = []
        with self._begin() as connection:
            for some in chunks(sorted(incident_ids)):
                query = sa.select(VERSIONS).where(
                    v.kind.in_(("record", "claim")), v.incident_id.in_(some)
                )
                found += connection.execute(query).all()
        return self._versions(sorted(found, key=lambda row: int(row.row)))

    def spans(self, incident_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """The first and the last change that touched each incident's record or claims."""
        v = VERSIONS.c
        found: dict[str, tuple[int, int]] = {}
        last = sa.func.max(sa.func.coalesce(v.superseded_seq, v.recorded_seq))
        columns = (v.incident_id, sa.func.min(v.recorded_seq), last, sa.func.max(v.recorded_seq))
        with self._begin() as connection:
            for some in chunks(sorted(incident_ids)):
                query = sa.select(*columns).where(
                    v.kind.in_(("record", "claim")), v.incident_id.in_(some)
                )
                for key, first, ended, recorded in connection.execute(
                    query.group_by(v.incident_id)
                ):
                    found[key] = (first, max(ended, recorded))
        return found

    def _versions(self, rows: Sequence[Any]) -> tuple[Version, ...]:
        why = {c.seq: c.reason for c in self.changes() if c.reason}
        return tuple(version_of(row, why) for row in rows)

    def seq_at(self, as_of: datetime) -> int:
        """The number of the last change at a time (aware), 0 before the first."""
        c = CHANGES.c
        query = sa.select(sa.func.coalesce(sa.func.max(c.seq), 0)).where(c.at <= text_of(as_of))
        with self._begin() as connection:
            return int(connection.execute(query).scalar_one())

    def moved(self, after: int, until: int) -> Moved:
        """What the changes `after` < seq <= `until` did to incidents, judgements and sources.

        A newer release that says of an incident what the older one said does not touch it.
        """
        v = VERSIONS.c
        moved = v.recorded_seq.between(after + 1, until) | v.superseded_seq.between(
            after + 1, until
        )
        with self._begin() as connection:
            found = connection.execute(
                sa.select(v.kind, v.key, v.incident_id, v.other_id).where(moved)
            ).all()
            ids = sorted({row.incident_id for row in found if row.kind in ("record", "claim")})
            stood = records_standing(connection, ids, after)
            stand = records_standing(connection, ids, until)
            known = releases(connection)
            rows: list[Any] = []
            for some in chunks(sorted(stood.keys())):
                query = sa.select(VERSIONS).where(
                    v.kind.in_(("record", "claim")), v.incident_id.in_(some)
                )
                rows += changed(connection.execute(query).all(), after, until, known)
            for kind in ("judgement", "source", "rows"):
                keys = sorted({row.key for row in found if row.kind == kind})
                for some in chunks(keys):
                    query = sa.select(VERSIONS).where(v.kind == kind, v.key.in_(some))
                    rows += connection.execute(query).all()
        changes = {change.seq: change for change in self.changes() if change.seq <= until}
        return Moved(
            {key: changes[seq] for key, seq in stand.items() if key not in stood},
            self._versions(sorted(rows, key=lambda row: int(row.row))),
        )

    def incidents_moved(self, after: int, until: int) -> frozenset[str]:
        """The incidents of which the changes `after` < seq <= `until` recorded or ended a record or
        a claim, also where what is said is the same.
        """
        v = VERSIONS.c
        moved = v.recorded_seq.between(after + 1, until) | v.superseded_seq.between(
            after + 1, until
        )
        query = sa.select(v.incident_id).distinct().where(v.kind.in_(("record", "claim")), moved)
        with self._begin() as connection:
            return frozenset(connection.execute(query).scalars())

    def sources(self) -> dict[str, Source]:
        """Every source that was ever recorded, by id, in its last version."""
        query = sa.select(VERSIONS).where(VERSIONS.c.kind == "source").order_by(VERSIONS.c.row)
        with self._begin() as connection:
            rows = connection.execute(query).all()
        return {row.key: codec.decode_source(row.content) for row in rows}

    def change(self, seq: int) -> Change | None:
        """The change of a number."""
        found = self.changes(seq - 1)
        return found[0] if found and found[0].seq == seq else None

    def changes(self, since: int = 0) -> tuple[Change, ...]:
        """The changes after number `since`, oldest first."""
        c = CHANGES.c
        columns: list[sa.ColumnElement[Any]] = [c.seq, c.at, c.by, c.replaces]
        with self._begin() as connection:
            columns.append(c.reason if self._database.has_reason else sa.null().label("reason"))
            query = sa.select(*columns).where(c.seq > since).order_by(c.seq)
            rows = connection.execute(query).all()
        return tuple(
            Change(row.seq, time_of(row.at), row.by, row.reason or "", row.replaces) for row in rows
        )

    def touched(self, dataset: str, *, without: Collection[str]) -> frozenset[str]:
        """Incidents of a dataset whose record or claims somebody recorded or ended by hand.

        `without` are the names under which programs do so.
        """
        v, programs = VERSIONS.c, tuple(without)
        records = sa.select(v.key).where(v.kind == "record", v.dataset == dataset)
        query = sa.select(v.incident_id).distinct().where(
            v.kind.in_(("record", "claim")),
            v.incident_id.in_(records.scalar_subquery()),
            v.recorded_by.not_in(programs)
            | (v.superseded_by.is_not(None) & v.superseded_by.not_in(programs)),
        )  # fmt: skip
        with self._begin() as connection:
            return frozenset(connection.execute(query).scalars())
