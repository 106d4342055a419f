"""Changes to curated records: checked as `mapapp check` does, recorded with a reason, undone.

Nothing is overwritten: what a change replaces is superseded in the log and stands again when the
change is undone (form → claims → log).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazetteer import Gazetteer
from mapapp.curation.document import Document, document_of, tidy, yaml_text
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput, NotFound, Problem
from mapapp.domain.source import Source
from mapapp.importers.seeds import yaml_files
from mapapp.importers.seeds.models import SeedSource
from mapapp.importers.seeds.seeds import read_incident, source_of
from mapapp.log import codec
from mapapp.log.entries import Kind
from mapapp.query.tables import compile_query, table
from mapapp.store import Store, Version

#: Fewest characters of a reason.
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Checked:
    """A document as it would be recorded; `problems` are all of its faults.

    `record` is None where the faults are errors, and so is nothing else then.
    """

    record: IncidentRecord | None
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor works on: the form, sources added with it, and what it began from.

    `based_on` is the `fingerprint` of the record when editing began, empty for a new one.
    """

    document: Document
    sources: tuple[Document, ...] = ()
    based_on: str = ""


def sources_of(store: Store) -> dict[str, Source]:
    """The curated sources, by id."""
    engine = store.current().engine
    t = table("sources")
    query = t.filter(t.dataset == "curated").select("id", "content")
    answer = compile_query(query, engine.dialect).ask(engine).sort_by("id")
    found = map(codec.decode_source, answer["content"].to_pylist())
    return {source.id: source for source in found}


def record_ids(store: Store) -> frozenset[str]:
    """The ids of the curated records."""
    engine = store.current().engine
    t = table("incidents")
    query = t.filter(t.dataset == "curated").select("id")
    return frozenset(compile_query(query, engine.dialect).ask(engine)["id"].to_pylist())


def standing(store: Store, incident_id: str) -> tuple[IncidentRecord, tuple[Claim, ...]]:
    """The record and claims that stand now. Raises NotFound."""
    versions = _standing(store, incident_id)
    records = [v.statement for v in versions if isinstance(v.statement, IncidentRecord)]
    if not records:
        raise NotFound(
            f"there is no incident '{incident_id}'; it may have been withdrawn or renamed"
        )
    return records[0], tuple(v.statement for v in versions if isinstance(v.statement, Claim))


def draft_of(store: Store, incident_id: str, gazetteer: Gazetteer) -> Draft:
    """A draft of a record as it stands. Raises NotFound, or InvalidInput for a data set's row."""
    record, claims = standing(store, incident_id)
    document = document_of(record, claims, sources_of(store), gazetteer)
    return Draft(document, (), fingerprint(store, incident_id))


def fingerprint(store: Store, incident_id: str) -> str:
    """A hash of what stands of a record, empty where it is not there."""
    lines = sorted(codec.encode(_content(v)) for v in _standing(store, incident_id))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def check(draft: Draft, known: Mapping[str, Source], gazetteer: Gazetteer) -> Checked:
    """What a draft would record, by the rules of a seeds folder; every fault is named."""
    problems: list[Problem] = []
    added: dict[str, Source] = {}
    for entry in draft.sources:
        where = f"source {entry.get('id', '')}"
        text = yaml_text(entry)
        document, problem = yaml_files.load_text(text, where)
        seed, faults = (None, (problem,)) if problem else yaml_files.validate(
            SeedSource, document, where
        )  # fmt: skip
        problems += [fault for fault in faults if fault]
        if seed is not None and seed.id in known:
            problems.append(
                Problem(where, "id", f"source {seed.id!r} is there already", "Choose another id")
            )
        elif seed is not None:
            added[seed.id] = source_of(seed)
    text = yaml_text(tidy(draft.document))
    name = str(draft.document.get("id", ""))
    shown = f"{name or 'record'}.yaml"
    document, problem = yaml_files.load_text(text, shown)
    if problem:
        return Checked(None, (), (), (*problems, problem), text)
    record, claims, faults = read_incident(document, shown, name, {**known, **added}, gazetteer)
    problems += faults
    if record is None or any(problem.severity == "error" for problem in problems):
        return Checked(None, (), (), tuple(problems), text)
    used = {claim.source_id for claim in claims}
    return Checked(
        record, claims, tuple(s for s in added.values() if s.id in used), tuple(problems), text
    )


def save(store: Store, draft: Draft, reason: str, *, by: str, gazetteer: Gazetteer) -> Checked:
    """Record a draft and publish it, so that the next view shows it; see `save_all`."""
    (checked,) = save_all(store, (draft,), reason, by=by, gazetteer=gazetteer)
    return checked


def save_all(
    store: Store, drafts: Sequence[Draft], reason: str, *, by: str, gazetteer: Gazetteer
) -> tuple[Checked, ...]:
    """Record drafts in one change, which is taken back as one, and publish them.

    Raises InvalidInput where one has faults (all in `problems`), without a reason, where nothing
    changed, or where somebody else changed a record since its draft began.
    """
    said = _reason(reason)
    known = sources_of(store)
    checked = tuple(check(draft, known, gazetteer) for draft in drafts)
    faults = tuple(problem for own in checked if own.record is None for problem in own.problems)
    if faults:
        raise InvalidInput(
            f"the record has {len(faults)} fault{'s' * (len(faults) != 1)}; nothing was recorded",
            faults,
        )
    withdrawn: list[tuple[Kind, str]] = []
    for draft, own in zip(drafts, checked, strict=True):
        assert own.record is not None
        if fingerprint(store, own.record.id) != draft.based_on:
            raise InvalidInput(_overtaken(own.record.id, draft))
        held = [v for v in _standing(store, own.record.id) if isinstance(v.statement, Claim)]
        new = {claim.id for claim in own.claims}
        withdrawn += [("claim", v.key) for v in held if v.key not in new]
    batch = Batch(
        tuple({source.id: source for own in checked for source in own.sources}.values()),
        tuple(own.record for own in checked if own.record),
        tuple(claim for own in checked for claim in own.claims),
    )
    done = store.append(batch, by=by, reason=said, withdraw=withdrawn)
    if not done.added.total and not done.superseded.total:
        raise InvalidInput("nothing was changed, so that nothing was recorded")
    store.publish()
    return checked


def _overtaken(own_id: str, draft: Draft) -> str:
    if draft.based_on:
        return (
            f"'{own_id}' was changed by somebody else since you opened it; open it again and make "
            "your change anew"
        )
    return f"there is an incident '{own_id}' already; edit that one, or choose another id"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a record made here: its number in the log, by whom, when and why."""

    seq: int
    by: str
    at: str
    reason: str


def last_edit(store: Store, incident_id: str) -> Edit | None:
    """The last change of a record where it was made with a reason and can be undone."""
    versions = _own(store.log.history(incident_id))
    seq = max((max(v.recorded_seq, v.superseded_seq or 0) for v in versions), default=0)
    for change in store.log.changes(seq - 1) if seq else ():
        if change.seq == seq and change.reason and change.replaces is None:
            return Edit(seq, change.by, change.at.date().isoformat(), change.reason)
    return None


def undo(store: Store, incident_id: str, seq: int, reason: str, *, by: str) -> None:
    """Take the last change of a record back, whole, and publish; what it replaced stands again.

    Where the change was of several records, all of them are as before. Raises InvalidInput without
    a reason, where `seq` is not the last change of each of them any more, or where a record that
    would go is named in a decision.
    """
    said = _reason(reason)
    ended: list[tuple[Kind, str]] = []
    back: list[Any] = []
    for own_id in sorted({incident_id} | changed_by(store, seq)):
        last = last_edit(store, own_id)
        if last is None or last.seq != seq:
            raise InvalidInput(f"'{own_id}' was changed again since; load the page and look anew")
        history = store.log.history(own_id)
        versions = _own(history)
        back += [v.statement for v in versions if v.superseded_seq == seq]
        kept = {v.key for v in versions if v.superseded_seq == seq}
        made = [v for v in versions if v.recorded_seq == seq and _stands(v) and v.key not in kept]
        ended += [(v.kind, v.key) for v in made]
        if any(v.kind == "record" for v in made) and any(
            v.kind == "judgement" and _stands(v) for v in history
        ):
            raise InvalidInput(
                "a decision on doubles names this record; take the decision back first"
            )
    store.append(
        Batch(
            (),
            tuple(own for own in back if isinstance(own, IncidentRecord)),
            tuple(_said(own) for own in back if isinstance(own, Claim)),
        ),
        by=by,
        reason=said,
        withdraw=ended,
    )
    store.publish()


def changed_by(store: Store, seq: int) -> frozenset[str]:
    """The records that a change made or changed."""
    moved = store.log.moved(seq - 1, seq)
    about = [v.statement for v in moved.versions]
    return frozenset(moved.added) | {
        own.id if isinstance(own, IncidentRecord) else own.incident_id
        for own in about
        if isinstance(own, (IncidentRecord, Claim))
    }


def _reason(reason: str) -> str:
    said = " ".join(reason.split())
    if len(said) < _SHORTEST:
        raise InvalidInput(
            "a change needs a reason that another person can check; write what you corrected, and "
            "what shows it"
        )
    return said


def _own(versions: Sequence[Version]) -> list[Version]:
    return [v for v in versions if v.kind in ("record", "claim")]


def _standing(store: Store, incident_id: str) -> list[Version]:
    return [v for v in _own(store.log.history(incident_id)) if _stands(v)]


def _stands(version: Version) -> bool:
    return version.superseded_seq is None


def _content(version: Version) -> codec.Statement:
    own = version.statement
    assert isinstance(own, (Source, IncidentRecord, Claim, Judgement))
    return own


def _said(claim: Claim) -> Claim:
    """The claim without when and by whom it was recorded, which the log says anew."""
    return codec.decode_claim(codec.encode(claim))


def new_document() -> dict[str, Any]:
    """An empty form: nothing in it is preset, since it could be false."""
    return {
        "id": "", "title": "", "source": "", "date": {}, "place": {}, "event_type": {},
        "target": {}, "claims": [], "notes": [],
    }  # fmt: skip
