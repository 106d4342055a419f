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

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.filters.params import printable
from mapapp.query.filters.table import restrict
from mapapp.query.tables import Recent, compile_query, table
from mapapp.store import Engine, Snapshot

Expr = Any

_DONE: WeakKeyDictionary[Engine, Recent[str]] = WeakKeyDictionary()

#: Hexadecimal digits: two selections never meet by chance, and the hash still fits a line.
DIGITS = 32

#: Lines hashed at once.
_AT_ONCE = 65_536


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
    """One line a claim, incident, judgement, record, row and source, in this order of kinds.

    Within a kind lines stand in the order of their code points.
    """
    digest = hashlib.sha256(f"rule {rule}\n".encode())
    ids = chosen.id
    sources = table("sources")
    claims, used = _claims(engine, ids)
    for line in sorted(claims):
        digest.update(line.encode("utf-8", "replace") + b"\n")
    _add(digest, engine, "incident", chosen.select("id"))
    judgements = table("judgements")
    if _holds(engine, "judgements"):
        linked = judgements.filter(judgements.left_id.isin(ids) | judgements.right_id.isin(ids))
        _add(digest, engine, "judgement", linked.select("id"))
    for kind, name, column in (("record", "records", "content"), ("row", "rows", "cells")):
        if _holds(engine, name):
            t = table(name)
            _add(digest, engine, kind, t.filter(t.id.isin(ids)).select("id", said=_hash(t[column])))
    for start in range(0, len(used), 500):
        page = sources.filter(sources.id.isin(used[start : start + 500]))
        _add(digest, engine, "source", page.select("id", said=_hash(page.content)))
    return digest.hexdigest()[:DIGITS]


def _claims(engine: Engine, ids: Expr) -> tuple[list[str], list[str]]:
    """A line a claim about these incidents, and their sources but the releases of data sets."""
    if not _holds(engine, "claims"):
        return [], []
    sources, claims = table("sources"), table("claims")
    released = sources.filter(sources.dataset_version.notnull()).select("id", "dataset")
    releases = {row[0]: row[1] for row in _rows(engine, released)}
    of_chunk = claims.filter(claims.incident_id.isin(ids))
    used: set[str] = set()
    lines = []
    # The claim's own id is a hash of all it says, its source included: hashed without that here.
    for incident_id, source_id, content in _rows(
        engine, of_chunk.select("incident_id", "source_id", "content")
    ):
        used.add(source_id)
        content_bare = content.replace(f'"source_id":"{source_id}"', "", 1)
        release = releases.get(source_id, source_id)
        hashed = hashlib.sha256(content_bare.encode()).hexdigest()
        lines.append(f"claim {incident_id} {release} {hashed}")
    return lines, sorted(used - releases.keys())


def _holds(engine: Engine, name: str) -> bool:
    """Whether a table has any row: looking for the selection's costs a pass over its ids."""
    first: int = compile_query(table(name).limit(1), engine.dialect).ask(engine).num_rows
    return first > 0


def _hash(text: Expr) -> Expr:
    return text.hexdigest("sha256")


def _add(digest: Any, engine: Engine, kind: str, query: Expr) -> None:
    """Add a line for each row of a question, in order; the engine sorts, for there may be many."""
    line = ibis.literal(kind)
    for name in query.columns:
        line = line + " " + query[name]
    ordered = query.select(line=line).order_by("line")
    lines = compile_query(ordered, engine.dialect).ask(engine)["line"]
    for chunk in lines.chunks:
        for start in range(0, len(chunk), _AT_ONCE):
            page = chunk.slice(start, _AT_ONCE).cast(pa.string())
            joined = pc.binary_join(pa.ListArray.from_arrays([0, len(page)], page), "\n")
            digest.update(joined[0].as_buffer())
            digest.update(b"\n")


def _rows(engine: Engine, query: Expr) -> Iterator[tuple[str, ...]]:
    answer = compile_query(query, engine.dialect).ask(engine)
    yield from zip(*(column.to_pylist() for column in answer.columns), strict=True)
