"""The append-only log of sources, records, claims and judgements: the truth (claims → log).

Nothing is deleted. A newer version closes the older one (`superseded_at`), so that the log can be
read as it was at any time.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput, Problem, StoreUnavailable
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source
from mapapp.store import codec, migrations, since
from mapapp.store.log_database import FULL, Frozen, connect, explain, sqlite_engine
from mapapp.store.moved import changed, releases, standing
from mapapp.store.since import Touched, chunks
from mapapp.store.tables import CHANGES, HEAD, METADATA, VERSIONS

Kind = Literal["source", "record", "claim", "judgement", "rows"]
T = TypeVar("T")
KINDS: tuple[Kind, ...] = ("source", "record", "claim", "judgement", "rows")

_LOG = logging.getLogger(__name__)


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


@dataclass(slots=True)
class _Item:
    kind: Kind
    key: str
    content: str
    incident_id: str | None = None
    other_id: str | None = None
    dataset: str | None = None
    content_hash: str = field(init=False)

    def __post_init__(self) -> None:
        self.content_hash = hashlib.sha256(self.content.encode()).hexdigest()


class Log:
    """One log. Open it with `Log.open`; safe to share between threads."""

    def __init__(self, engine: sa.Engine, name: str, path: Path | None = None) -> None:
        self._engine = engine
        self._name = name
        # One in-memory connection is shared by all threads, so that they must take turns.
        self._turn: Lock | None = Lock() if isinstance(engine.pool, StaticPool) else None
        with self._begin() as connection:  # a log on a read-only disk can still be read
            made = sa.inspect(connection).has_table(HEAD.name)
        if not made:
            with self._begin(write=True) as connection:
                METADATA.create_all(connection)
                if connection.execute(sa.select(HEAD.c.id)).first() is None:
                    connection.execute(HEAD.insert().values(id=1, seq=0, at=""))
                    migrations.stamp(connection)
        self._bring_up_to_date(path)
        with self._begin() as connection:
            self._has_reason = migrations.has_reason(connection)

    def _bring_up_to_date(self, path: Path | None) -> None:
        with self._begin() as connection:
            held = migrations.refuse_newer(connection, self._name)
        if held == migrations.VERSION:
            return
        try:
            with self._begin(write=True) as connection:  # what cannot be written is only read
                connection.execute(HEAD.update().values(seq=HEAD.c.seq))
        except StoreUnavailable as error:
            _LOG.warning("a log of version %d is read as it is: %s", held, error)
            return
        if path is not None:
            migrations.copy_aside(path, held)
        with self._begin(write=True) as connection:
            migrations.migrate(connection, self._name)

    @classmethod
    def open(cls, path_or_url: str | Path) -> Log:
        """The log in an SQLite file (made if absent), `:memory:`, or at a SQLAlchemy URL.

        Raises StoreUnavailable where it cannot be opened or written.
        """
        text = str(path_or_url)
        if "://" in text:
            url = sa.make_url(text)
            if url.get_backend_name() != "sqlite":
                engine = sa.create_engine(url, pool_pre_ping=True)
                return cls(engine, url.render_as_string(hide_password=True))
            text = url.database or ":memory:"
        if text == ":memory:":
            return cls(sqlite_engine(poolclass=StaticPool), "the in-memory log")
        path = Path(text).absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"the folder {path.parent} cannot be made ({error.strerror}); "
                "choose a folder that can be written"
            ) from error
        opener = partial(connect, path)
        return cls(sqlite_engine(poolclass=QueuePool, creator=opener), f"the log {path}", path)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

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
        replace_dataset: str | None = None,
        reason: str = "",
        elsewhere: Collection[str] = (),
        withdraw: Iterable[tuple[Kind, str]] = (),
    ) -> Appended:
        """Record a batch in one transaction; what the log already holds adds nothing.

        A changed source, record or judgement supersedes its older version; a changed claim is
        another claim, as its id is its content. With `replace_dataset` the batch is the whole of
        that dataset: its sources, records and their claims that the batch lacks are superseded,
        and so are judgements between its records that the same `by` once recorded (a decision of
        someone else stays). `reason` says why, for whoever asks what changed. `elsewhere` are ids
        of incidents that stand in files of rows: claims and judgements may be about them, too.
        `withdraw` names (kind, id) of standing statements that end in the same transaction; what
        does not stand, or is in the batch, is left as it is.

        `at` is when it is recorded (aware; default now, never before the last change). Raises
        InvalidInput where the batch refers to what exists nowhere, StoreUnavailable where the
        log cannot be written.
        """
        if at is not None and at.tzinfo is None:
            raise InvalidInput(f"the time {at} has no time zone; give one, for example UTC")
        items = _items(batch)
        with self._begin(write=True) as connection:
            # Updating first makes writers queue up before any of them reads.
            connection.execute(HEAD.update().values(seq=HEAD.c.seq + 1))
            head = connection.execute(sa.select(HEAD.c.seq, HEAD.c.at)).one()
            seq, stamp = int(head.seq), _stamp(at, head.at)
            _check_references(connection, batch, replace_dataset, elsewhere)
            current = _current(connection, items)
            unchanged = [i for i in items if _hash(current, i) == i.content_hash]
            changed = [i for i in items if _hash(current, i) not in (None, i.content_hash)]
            added = [i for i in items if _hash(current, i) != i.content_hash]
            withdrawn = (
                [] if replace_dataset is None else _absent(connection, replace_dataset, items, by)
            )
            kept = {(i.kind, i.key) for i in items}
            ended = _rows_of(connection, [own for own in withdraw if own not in kept])
            withdrawn += [own for own in ended if own not in withdrawn]
            closed = [(current[i.kind, i.key][0], i.kind) for i in changed] + withdrawn
            if not added and not closed:
                connection.rollback()
                return Appended(seq - 1, Counts(), _counts(i.kind for i in unchanged), Counts())
            _close(connection, [row for row, _ in closed], stamp, by, seq)
            _insert(connection, added, stamp, by, seq)
            result = Appended(
                seq,
                _counts(i.kind for i in added),
                _counts(i.kind for i in unchanged),
                _counts(kind for _, kind in closed),
            )
            summary = {"added": result.added.total, "superseded": result.superseded.total}
            change: dict[str, Any] = {
                "seq": seq, "at": stamp, "by": by, "replaces": replace_dataset,
                "summary": json.dumps(summary),
            }  # fmt: skip
            if reason:  # a log opened before the column was there has none; then this fails whole
                change["reason"] = reason
            connection.execute(CHANGES.insert().values(**change))
            connection.execute(HEAD.update().values(at=stamp))
        return result

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
            then = _text(as_of)
            standing = (v.recorded_at <= then) & (
                v.superseded_at.is_(None) | (v.superseded_at > then)
            )
            last = sa.select(sa.func.coalesce(sa.func.max(c.seq), 0)).where(c.at <= then)
        with self._begin() as connection:
            seq = int(connection.execute(last).scalar_one())
            rows = connection.execute(sa.select(VERSIONS).where(standing).order_by(v.row)).all()
        found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        for row in rows:
            found[row.kind].append(_statement(row, as_of))
        return Contents(
            tuple(found["source"]),
            tuple(found["record"]),
            tuple(found["claim"]),
            tuple(found["judgement"]),
            seq,
            tuple(found["rows"]),
        )

    def since(self, seq: int, most: int) -> tuple[Touched, Contents] | None:
        """What changed after change `seq`, and what stands now of the incidents it touched.

        The contents hold those incidents' records, claims and judgements, the sources these cite
        and all files of rows. None where more than `most` incidents were touched.
        """
        with self._begin() as connection:
            last = since.last_seq(connection)
            found = since.touched(connection, seq, last)
            if len(found.incidents) > most:
                return None
            held = since.contents(connection, found, last, partial(_statement, as_of=None))
        return found, Contents(
            tuple(held["source"]), tuple(held["record"]), tuple(held["claim"]),
            tuple(held["judgement"]), last, tuple(held["rows"]),
        )  # fmt: skip

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

    def _versions(self, rows: Sequence[Any]) -> tuple[Version, ...]:
        why = {c.seq: c.reason for c in self.changes() if c.reason}
        return tuple(
            Version(
                row.kind,
                row.key,
                _statement(row, None),
                _time(row.recorded_at),
                row.recorded_by,
                _time(row.superseded_at) if row.superseded_at else None,
                row.superseded_by,
                why.get(row.recorded_seq, ""),
                why.get(row.superseded_seq, ""),
                row.recorded_seq,
                row.superseded_seq,
            )
            for row in rows
        )

    def seq_at(self, as_of: datetime) -> int:
        """The number of the last change at a time (aware), 0 before the first."""
        c = CHANGES.c
        query = sa.select(sa.func.coalesce(sa.func.max(c.seq), 0)).where(c.at <= _text(as_of))
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
            stood = standing(connection, ids, after)
            stand = standing(connection, ids, until)
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
        columns.append(c.reason if self._has_reason else sa.null().label("reason"))
        query = sa.select(*columns).where(c.seq > since).order_by(c.seq)
        with self._begin() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Change(row.seq, _time(row.at), row.by, row.reason or "", row.replaces) for row in rows
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

    @contextmanager
    def _begin(self, write: bool = False) -> Iterator[sa.Connection]:
        if self._turn:
            self._turn.acquire()
        try:
            with self._engine.connect() as connection:
                connection.info["write"] = write
                frozen = isinstance(connection.connection.dbapi_connection, Frozen)
                if frozen and write:
                    raise StoreUnavailable(f"{self._name} cannot be written: {FULL}")
                try:
                    with connection.begin():
                        yield connection
                finally:
                    if frozen:
                        connection.invalidate()
        except sa.exc.DBAPIError as error:
            raise StoreUnavailable(explain(self._name, error)) from error
        finally:
            if self._turn:
                self._turn.release()


def _items(batch: Batch) -> list[_Item]:
    items = [
        *(_Item("source", s.id, codec.encode(s), dataset=s.dataset) for s in batch.sources),
        *(_Item("record", r.id, codec.encode(r), r.id, dataset=r.dataset) for r in batch.records),
        *(_Item("claim", c.id, codec.encode(c), c.incident_id) for c in batch.claims),
        *(
            _Item("judgement", j.id, codec.encode(j), j.left_id, j.right_id)
            for j in batch.judgements
        ),
        *(_Item("rows", f.id, codec.encode(f), dataset=f.dataset) for f in batch.row_files),
    ]
    seen: dict[tuple[str, str], _Item] = {}
    problems = []
    for item in items:
        first = seen.setdefault((item.kind, item.key), item)
        if first.content != item.content:
            problems.append(
                Problem(
                    f"{item.kind} {item.key}", "id", "stands twice with different content",
                    "give each its own id",
                )
            )  # fmt: skip
    if problems:
        raise InvalidInput("the batch contradicts itself", tuple(problems))
    return list(seen.values())


def _check_references(
    connection: sa.Connection,
    batch: Batch,
    replace_dataset: str | None,
    elsewhere: Collection[str],
) -> None:
    """Every claim and judgement must be about a record, and every claim from a source, we know."""
    known = {
        "record": {record.id for record in batch.records} | set(elsewhere),
        "source": {source.id for source in batch.sources},
    }
    wanted = {
        "record": {claim.incident_id for claim in batch.claims}
        | {side for j in batch.judgements for side in (j.left_id, j.right_id)},
        "source": {claim.source_id for claim in batch.claims},
    }
    v = VERSIONS.c
    for kind, needed in wanted.items():
        for keys in chunks(sorted(needed - known[kind])):
            held = sa.select(v.key).where(
                v.kind == kind, v.key.in_(keys), v.superseded_seq.is_(None)
            )
            if replace_dataset is not None:  # what the batch lacks is about to be withdrawn
                held = held.where(v.dataset != replace_dataset)
            known[kind].update(connection.execute(held).scalars())
    problems = [
        Problem(f"claim {claim.id}", name, f"no {kind} '{key}'", f"add the {kind} to the batch")
        for claim in batch.claims
        for name, kind, key in (
            ("incident_id", "record", claim.incident_id),
            ("source_id", "source", claim.source_id),
        )
        if key not in known[kind]
    ] + [
        Problem(f"judgement {j.id}", "records", f"no record '{side}'", "correct the id")
        for j in batch.judgements
        for side in (j.left_id, j.right_id)
        if side not in known["record"]
    ]
    if problems:
        raise InvalidInput(
            f"the batch refers to what is not there, first: {problems[0]}", tuple(problems)
        )


def _current(
    connection: sa.Connection, items: Sequence[_Item]
) -> dict[tuple[str, str], tuple[int, str]]:
    """(kind, key) → (row, content hash) of the versions that now stand."""
    v = VERSIONS.c
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for kind in KINDS:
        for keys in chunks([item.key for item in items if item.kind == kind]):
            query = sa.select(v.row, v.key, v.content_hash).where(
                v.kind == kind, v.key.in_(keys), v.superseded_seq.is_(None)
            )
            for row in connection.execute(query):
                found[kind, row.key] = (row.row, row.content_hash)
    return found


def _hash(current: dict[tuple[str, str], tuple[int, str]], item: _Item) -> str | None:
    held = current.get((item.kind, item.key))
    return held[1] if held else None


def _absent(
    connection: sa.Connection, dataset: str, items: Sequence[_Item], by: str
) -> list[tuple[int, Kind]]:
    """(row, kind) of a dataset's standing versions that a newer batch of it does not hold."""
    v = VERSIONS.c
    present = {(item.kind, item.key) for item in items}
    standing = v.superseded_seq.is_(None)
    own_records = sa.select(v.key).where(standing, v.kind == "record", v.dataset == dataset)
    wanted = standing & sa.or_(
        v.kind.in_(("source", "record", "rows")) & (v.dataset == dataset),
        (v.kind == "claim") & v.incident_id.in_(own_records.scalar_subquery()),
        (v.kind == "judgement")
        & (v.recorded_by == by)
        & v.incident_id.in_(own_records.scalar_subquery())
        & v.other_id.in_(own_records.scalar_subquery()),
    )
    rows = connection.execute(sa.select(v.row, v.kind, v.key).where(wanted).order_by(v.row))
    return [(row.row, row.kind) for row in rows if (row.kind, row.key) not in present]


def _rows_of(connection: sa.Connection, keys: Sequence[tuple[Kind, str]]) -> list[tuple[int, Kind]]:
    """(row, kind) of those of the statements that now stand."""
    v = VERSIONS.c
    found: list[tuple[int, Kind]] = []
    for kind in KINDS:
        for some in chunks([key for of, key in keys if of == kind]):
            query = sa.select(v.row).where(
                v.kind == kind, v.key.in_(some), v.superseded_seq.is_(None)
            )
            found += [(row, kind) for row in connection.execute(query).scalars()]
    return found


def _close(connection: sa.Connection, rows: Sequence[int], stamp: str, by: str, seq: int) -> None:
    for some in chunks(rows):
        connection.execute(
            VERSIONS.update()
            .where(VERSIONS.c.row.in_(some))
            .values(superseded_at=stamp, superseded_by=by, superseded_seq=seq)
        )


def _insert(
    connection: sa.Connection, items: Sequence[_Item], stamp: str, by: str, seq: int
) -> None:
    if items:
        connection.execute(
            VERSIONS.insert(),
            [
                {
                    "kind": item.kind,
                    "key": item.key,
                    "incident_id": item.incident_id,
                    "other_id": item.other_id,
                    "dataset": item.dataset,
                    "content_hash": item.content_hash,
                    "content": item.content,
                    "recorded_at": stamp,
                    "recorded_by": by,
                    "recorded_seq": seq,
                }
                for item in items
            ],
        )


def _statement(row: Any, as_of: datetime | None) -> codec.Statement:
    if row.kind == "source":
        return codec.decode_source(row.content)
    if row.kind == "record":
        return codec.decode_record(row.content)
    if row.kind == "rows":
        return codec.decode_row_file(row.content)
    ended = _time(row.superseded_at) if row.superseded_at else None
    if as_of is not None:  # read as it was then: its end had not come
        ended = None
    if row.kind == "claim":
        claim = codec.decode_claim(row.content)
        return replace(
            claim,
            recorded_at=_time(row.recorded_at),
            recorded_by=row.recorded_by,
            superseded_at=ended,
            superseded_by=row.superseded_by if ended else None,
        )
    return codec.decode_judgement(
        row.content, recorded_at=_time(row.recorded_at), superseded_at=ended
    )


def _counts(kinds: Iterable[Kind]) -> Counts:
    found = Counter(kinds)
    return Counts(*(found[kind] for kind in KINDS))


def _stamp(at: datetime | None, last: str) -> str:
    """The time of a change as text; the log's time never runs backwards."""
    if at is None:
        return max(_text(datetime.now(UTC)), last)
    stamp = _text(at)
    if stamp < last:
        raise InvalidInput(
            f"the time {stamp} lies before the log's last change at {last}; "
            "leave `at` out, or give a later time"
        )
    return stamp


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
