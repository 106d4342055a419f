"""The log's tables, portable over SQLite and PostgreSQL (claims → log)."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

#: One row a transaction that changed anything. `at` is UTC ISO text of fixed width, so that it
#: sorts as text on every backend.
CHANGES = sa.Table(
    "changes",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(27), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("replaces", sa.Text),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),  # why, in the words of who changed it; null: none was given
)

#: Every version of every statement; a row's end is written once and nothing is ever deleted.
VERSIONS = sa.Table(
    "versions",
    METADATA,
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(10), nullable=False),  # source, record, claim, judgement, rows
    sa.Column("key", sa.Text, nullable=False),  # the statement's id
    sa.Column("incident_id", sa.Text),  # records: own id; claims: theirs; judgements: left
    sa.Column("other_id", sa.Text),  # judgements: right
    sa.Column("dataset", sa.Text),  # sources, records, files of rows
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.String(27), nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("recorded_seq", sa.Integer, nullable=False),
    sa.Column("superseded_at", sa.String(27)),
    sa.Column("superseded_by", sa.Text),  # the row that replaces it, else who withdrew it
    sa.Column("superseded_seq", sa.Integer),
    sa.Index("versions_incident", "incident_id"),
    sa.Index("versions_other", "other_id"),
    sa.Index("versions_recorded_seq", "recorded_seq"),
    sa.Index("versions_superseded_seq", "superseded_seq"),
)

#: At most one current version of a statement, held by the database itself.
sa.Index(
    "versions_current",
    VERSIONS.c.kind,
    VERSIONS.c.key,
    unique=True,
    sqlite_where=VERSIONS.c.superseded_seq.is_(None),
    postgresql_where=VERSIONS.c.superseded_seq.is_(None),
)

#: One row that every writer updates first: it holds the last seq and makes writers queue up, on
#: PostgreSQL as on SQLite, so that seqs have no gaps and no reader sees them out of order.
HEAD = sa.Table(
    "head",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", sa.String(27), nullable=False),
)

#: One row: the version of all these tables, and the program that last changed it.
FORMAT = sa.Table(
    "format",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("program", sa.Text, nullable=False),
)

#: What servers on several machines tell each other; only where they share the database.
SHARED = sa.MetaData()

#: Sign-ins that were ended, by names that say nothing of who it was (`web/server/sign_outs.py`).
SIGN_OUTS = sa.Table(
    "sign_outs",
    SHARED,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("at", sa.String(27), nullable=False),
)

#: What must be the same on all of them, by name: the first to say it is believed.
AGREED = sa.Table(
    "agreed",
    SHARED,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
