"""One hash of all that figures rest on: of a selection, of one incident, of two compared.

Serves the step snapshot → citation. Two states of the data have the same fingerprint for a
selection exactly where its incidents, what is said of them, by whom and in which sources, the
judgements between them and the rule are the same. A newer release of a data set that says of an
incident what the older one said does not change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.filters import restrict
from mapapp.query.params import printable
from mapapp.query.tables import Recent, compile_question, table
from mapapp.store import Engine, Snapshot

Expr = Any

_DONE: WeakKeyDictionary[Engine, Recent[str]] = WeakKeyDictionary()

#: Hexadecimal digits: two selections never meet by chance, and the hash still fits a line.
DIGITS = 32


def fingerprint(snapshot: Snapshot, selection: Selection) -> str:
    """The hash of what a snapshot holds of a selection, `DIGITS` hexadecimal digits."""
    engine = snapshot.engine

    def make() -> str:
        return _make(engine, restrict(table("incidents"), selection), selection.rule)

    return _DONE.setdefault(engine, Recent(64)).get(selection, make)


def incident_fingerprint(snapshot: Snapshot, incident_id: str, rule: Rule) -> str:
    """The same of one incident, whatever keeps it out of a selection."""
    t = table("incidents")
    asked = incident_id if printable(incident_id) else ""
    return _make(snapshot.engine, t.filter(t.id == asked), rule)


def joint(first: str, second: str) -> str:
    """One fingerprint of two, in their order."""
    return hashlib.sha256(f"{first} {second}\n".encode()).hexdigest()[:DIGITS]


def _make(engine: Engine, chosen: Expr, rule: Rule) -> str:
    digest = hashlib.sha256(f"rule {rule}\n".encode())
    lines = sorted(_lines(engine, chosen))
    for line in lines:
        digest.update(line.encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()[:DIGITS]


def _lines(engine: Engine, chosen: Expr) -> Iterator[str]:
    """One line a record, claim, row, source and judgement of chosen incidents, in any order."""
    ids = chosen.id
    yield from _columns(engine, "incident", chosen.select("id"))
    records, rows = table("records"), table("rows")
    yield from _columns(
        engine, "record",
        records.filter(records.id.isin(ids)).select("id", said=_digest(records.content)),
    )  # fmt: skip
    yield from _columns(
        engine, "row", rows.filter(rows.id.isin(ids)).select("id", said=_digest(rows.cells))
    )
    sources = table("sources")
    released = sources.filter(sources.dataset_version.notnull()).select("id", "dataset")
    releases = {row[0]: row[1] for row in _rows(engine, released)}
    claims = table("claims")
    own = claims.filter(claims.incident_id.isin(ids))
    used: set[str] = set()
    # The claim's own id is a hash of all it says, its source included: hashed without that here.
    for incident_id, source_id, content in _rows(
        engine, own.select("incident_id", "source_id", "content")
    ):
        used.add(source_id)
        said = content.replace(f'"source_id":"{source_id}"', "", 1)
        release = releases.get(source_id, source_id)
        yield f"claim {incident_id} {release} {hashlib.sha256(said.encode()).hexdigest()}"
    plain = sorted(used - releases.keys())
    for start in range(0, len(plain), 500):
        some = sources.filter(sources.id.isin(plain[start : start + 500]))
        yield from _columns(engine, "source", some.select("id", said=_digest(some.content)))
    judgements = table("judgements")
    linked = judgements.filter(judgements.left_id.isin(ids) | judgements.right_id.isin(ids))
    yield from _columns(engine, "judgement", linked.select("id"))


def _digest(text: Expr) -> Expr:
    return text.hexdigest("sha256")


def _columns(engine: Engine, kind: str, query: Expr) -> Iterator[str]:
    for row in _rows(engine, query):
        yield " ".join((kind, *row))


def _rows(engine: Engine, query: Expr) -> Iterator[tuple[str, ...]]:
    answer = compile_question(query, engine.dialect).ask(engine)
    yield from zip(*(column.to_pylist() for column in answer.columns), strict=True)
