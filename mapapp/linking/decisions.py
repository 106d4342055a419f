"""A person's decision on a pair: recorded as a judgement, taken back by superseding it.

Both records stay as they are; a decision only says how they relate (suggestion → judgement). What
a decision replaces comes back word for word when it is undone, so that the current contents are
the same as before (`state_hash`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from mapapp.domain.batch import Batch
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.problems import InvalidInput, NotFound
from mapapp.domain.selection import Selection
from mapapp.log import codec
from mapapp.query import Dashboard
from mapapp.store import Contents, Store, Version

#: What a person can decide; "possibly the same" is what a suggestion says already.
DECISIONS = (Relation.SAME, Relation.DIFFERENT, Relation.PART_OF)

_ALL = Selection(background=True, abroad=True)

#: Fewest characters of a reason.
_SHORTEST = 8


def decide(
    store: Store, left_id: str, right_id: str, relation: Relation, reason: str, *, by: str
) -> Judgement:
    """Record how two records relate, and publish it.

    With `PART_OF` the left one is a part of the right one. A decision that stands on the pair ends
    with this one. Raises InvalidInput without a reason or where the two are one, NotFound where a
    record is not there.
    """
    words = " ".join(reason.split())
    if len(words) < _SHORTEST:
        raise InvalidInput(
            "a decision needs a reason that another person can check; write what shows that the "
            "two are the same, different, or part of one another"
        )
    if relation not in DECISIONS:
        raise InvalidInput(f"'{relation}' decides nothing; choose same, different or part of")
    if left_id == right_id:
        raise InvalidInput("a record cannot be linked with itself; choose two")
    there = Dashboard(store.current()).among(_ALL, (left_id, right_id))
    for side in (left_id, right_id):
        if side not in there:
            raise NotFound(f"there is no incident '{side}'; it may have been withdrawn or renamed")
    made = Judgement(left_id, right_id, relation, words, judged_by=by)
    ends = [v.key for v in _decisions(store, left_id, right_id) if v.key != made.id]
    store.append(
        Batch((), (), (), (made,)),
        by=by,
        reason=words,
        withdraw=[("judgement", key) for key in ends],
    )
    store.publish()
    return made


def undo(store: Store, judgement_id: str, left_id: str, reason: str, *, by: str) -> None:
    """Take a decision back, and publish it; what it had replaced stands again.

    Raises NotFound where it does not stand, InvalidInput without a reason.
    """
    words = " ".join(reason.split())
    if len(words) < _SHORTEST:
        raise InvalidInput("taking a decision back needs a reason; write what was wrong with it")
    versions = [v for v in store.log.history(left_id) if v.kind == "judgement"]
    standing = [v for v in versions if v.key == judgement_id and _stands(v)]
    if not standing:
        raise NotFound("this decision does not stand any more; load the page again")
    began = standing[0].recorded_seq
    pair = _pair(standing[0])
    replaced = [
        v.statement
        for v in versions
        if v.superseded_seq == began
        and isinstance(v.statement, Judgement)
        and _pair(v) == pair
        and not any(_stands(other) and other.key == v.key for other in versions)
    ]
    store.append(
        Batch((), (), (), tuple(_plain(judgement) for judgement in replaced)),
        by=by,
        reason=words,
        withdraw=[("judgement", judgement_id)],
    )
    store.publish()


def standing(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Of each pair the judgement that counts: a decision before "possibly the same", the latest."""
    by_pair: dict[frozenset[str], Judgement] = {}
    for judgement in judgements:
        if judgement.superseded_at is not None:
            continue
        pair = frozenset((judgement.left_id, judgement.right_id))
        held = by_pair.get(pair)
        if held is None or _rank(judgement) >= _rank(held):
            by_pair[pair] = judgement
    return tuple(by_pair.values())


def state_hash(contents: Contents) -> str:
    """A hash of what stands, whoever recorded it when: the same statements, the same hash."""
    kinds: tuple[Sequence[codec.Statement], ...] = (
        contents.sources, contents.records, contents.claims, contents.judgements,
    )  # fmt: skip
    lines = sorted(
        f"{number}:{codec.encode(statement)}"
        for number, statements in enumerate(kinds)
        for statement in statements
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _rank(judgement: Judgement) -> tuple[bool, str]:
    at = judgement.recorded_at
    return judgement.relation in DECISIONS, at.isoformat() if at else ""


def _decisions(store: Store, left_id: str, right_id: str) -> list[Version]:
    """Decisions that stand on a pair; what the seeds say of it is the curators' and stays."""
    pair = frozenset((left_id, right_id))
    return [
        v
        for v in store.log.history(left_id)
        if v.kind == "judgement"
        and _stands(v)
        and _pair(v) == pair
        and isinstance(v.statement, Judgement)
        and v.statement.relation in DECISIONS
    ]


def _pair(version: Version) -> frozenset[str]:
    assert isinstance(version.statement, Judgement)
    return frozenset((version.statement.left_id, version.statement.right_id))


def _plain(judgement: Judgement) -> Judgement:
    return Judgement(
        judgement.left_id, judgement.right_id, judgement.relation, judgement.reason,
        judgement.conflicts, judgement.judged_by,
    )  # fmt: skip


def _stands(version: Version) -> bool:
    return version.superseded_at is None
