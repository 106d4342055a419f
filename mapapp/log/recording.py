"""How a batch becomes rows of the log: what is new, what it supersedes, what it withdraws
(batch → log).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, LogMoved, Problem
from mapapp.log import codec, postgres
from mapapp.log.entries import KINDS, Appended, Counts, Kind, Renewal, counted, stamp
from mapapp.log.tables import CHANGES, HEAD, VERSIONS
from mapapp.log.touched import chunks


@dataclass(slots=True)
class Item:
    """One statement of a batch as a row: `kind` and `key` name it, its content has a hash."""

    kind: Kind
    key: str
    content: str
    incident_id: str | None = None
    other_id: str | None = None
    dataset: str | None = None
    content_hash: str = field(init=False)

    def __post_init__(self) -> None:
        self.content_hash = hashlib.sha256(self.content.encode()).hexdigest()


def items_of(batch: Batch) -> list[Item]:
    """The statements of a batch. Raises InvalidInput where two of one id differ."""
    items = [
        *(Item("source", s.id, codec.encode(s), dataset=s.dataset) for s in batch.sources),
        *(Item("record", r.id, codec.encode(r), r.id, dataset=r.dataset) for r in batch.records),
        *(Item("claim", c.id, codec.encode(c), c.incident_id) for c in batch.claims),
        *(
            Item("judgement", j.id, codec.encode(j), j.left_id, j.right_id)
            for j in batch.judgements
        ),
        *(Item("rows", f.id, codec.encode(f), dataset=f.dataset) for f in batch.row_files),
    ]
    seen: dict[tuple[str, str], Item] = {}
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


@dataclass(frozen=True, slots=True)
class Signature:
    """Who records, why, and when (None: now)."""

    by: str
    reason: str
    at: datetime | None


def record(
    connection: sa.Connection,
    batch: Batch,
    items: Sequence[Item],
    signed: Signature,
    *,
    replace_dataset: str | Renewal | None,
    elsewhere: Collection[str],
    withdraw: Iterable[tuple[Kind, str]],
) -> Appended:
    """Record a batch, whose `items` these are, in the writing transaction of `connection`.

    See `Log.append` for what each argument means; where nothing changes, nothing is written.
    """
    # Updating first makes writers queue up before any of them reads.
    connection.execute(HEAD.update().values(seq=HEAD.c.seq + 1))
    head = connection.execute(sa.select(HEAD.c.seq, HEAD.c.at)).one()
    seq, now, by = int(head.seq), stamp(signed.at, head.at), signed.by
    if isinstance(replace_dataset, Renewal):
        if replace_dataset.seen != seq - 1:
            raise LogMoved("somebody recorded something at the same time; try again")
        replace_dataset = replace_dataset.dataset
    _check_references(connection, batch, replace_dataset, elsewhere)
    current = _current(connection, items)
    unchanged = [i for i in items if _hash(current, i) == i.content_hash]
    changed = [i for i in items if _hash(current, i) not in (None, i.content_hash)]
    added = [i for i in items if _hash(current, i) != i.content_hash]
    withdrawn = [] if replace_dataset is None else _absent(connection, replace_dataset, items, by)
    kept = {(i.kind, i.key) for i in items}
    ended = _rows_of(connection, [own for own in withdraw if own not in kept])
    withdrawn += [own for own in ended if own not in withdrawn]
    closed = [(current[i.kind, i.key][0], i.kind) for i in changed] + withdrawn
    if not added and not closed:
        connection.rollback()
        return Appended(seq - 1, Counts(), counted(i.kind for i in unchanged), Counts())
    _close(connection, [row for row, _ in closed], now, by, seq)
    _insert(connection, added, now, by, seq)
    result = Appended(
        seq,
        counted(i.kind for i in added),
        counted(i.kind for i in unchanged),
        counted(kind for _, kind in closed),
    )
    summary = {"added": result.added.total, "superseded": result.superseded.total}
    change: dict[str, Any] = {
        "seq": seq, "at": now, "by": by, "replaces": replace_dataset,
        "summary": json.dumps(summary),
    }  # fmt: skip
    if signed.reason:  # a log opened before the column was there has none; then this fails whole
        change["reason"] = signed.reason
    connection.execute(CHANGES.insert().values(**change))
    connection.execute(HEAD.update().values(at=now))
    if connection.dialect.name == "postgresql":
        postgres.tell(connection)
    return result


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
    connection: sa.Connection, items: Sequence[Item]
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


def _hash(current: dict[tuple[str, str], tuple[int, str]], item: Item) -> str | None:
    held = current.get((item.kind, item.key))
    return held[1] if held else None


def _absent(
    connection: sa.Connection, dataset: str, items: Sequence[Item], by: str
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


def _close(connection: sa.Connection, rows: Sequence[int], at: str, by: str, seq: int) -> None:
    for some in chunks(rows):
        connection.execute(
            VERSIONS.update()
            .where(VERSIONS.c.row.in_(some))
            .values(superseded_at=at, superseded_by=by, superseded_seq=seq)
        )


def _insert(connection: sa.Connection, items: Sequence[Item], at: str, by: str, seq: int) -> None:
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
                    "recorded_at": at,
                    "recorded_by": by,
                    "recorded_seq": seq,
                }
                for item in items
            ],
        )
