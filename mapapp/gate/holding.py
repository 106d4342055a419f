"""Whether anything of a snapshot may not leave (serves log → public snapshot)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mapapp.domain.source import Source
from mapapp.gate.rules import GateRules
from mapapp.log import codec
from mapapp.snapshot.snapshot import Snapshot


def holds_back(whole: Snapshot, rules: GateRules) -> bool:
    """Whether anything of a snapshot may not leave: the rules, a private source, or a person's
    address among who recorded what.
    """
    return bool(rules) or any(
        whole.engine.run(question)["n"][0].as_py() for question in _TELLING_SQL
    )


#: Without quoted names, which engines quote differently.
_TELLING_SQL: Final = (
    "SELECT COUNT(*) AS n FROM sources WHERE redistribution = 'private'",
    "SELECT COUNT(*) AS n FROM claims WHERE recorded_by LIKE '%@%'",
    "SELECT COUNT(*) AS n FROM judgements WHERE content LIKE '%@%'",
    "SELECT COUNT(*) AS n FROM rows WHERE recorded_by LIKE '%@%'",
)


def sources_of(snapshot: Snapshot) -> Iterator[Source]:
    """The sources of a snapshot."""
    for row in snapshot.engine.run("SELECT content FROM sources").to_pylist():
        yield codec.decode_source(row["content"])
