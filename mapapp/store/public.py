"""The public snapshot: what the gate lets through, as a file of its own that readers query (log →
public snapshot).

What is held back is not in it, so that no question, however put, can bring it out; and a question
to it is as fast as one to the whole. Where nothing is held back, the whole is the public one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, TypeVar

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.gate import Gated, gate
from mapapp.domain.gate_rules import GateRules
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.store.areas import GazetteerAreas
from mapapp.store.gate_file import GateFile
from mapapp.store.lock import held
from mapapp.store.public_file import (
    NEXT_DUE_KEY,
    SENTENCES_KEY,
    TRIMMED_KEY,
    Gate,
    write_public,
)
from mapapp.store.snapshot import Snapshot, open_snapshot

__all__ = ["TRIMMED_KEY", "PublicSnapshots", "holds_back", "sentences_of", "today_utc"]

K = TypeVar("K")
V = TypeVar("V")

#: Files kept, of the current snapshot and of past ones; the one made longest ago goes first.
KEEP: Final = 6

_KEY_BYTES: Final = 32


def today_utc() -> date:
    """The day that delays are counted to."""
    return datetime.now(UTC).date()


class PublicSnapshots:
    """Makes and remembers the public one of each snapshot of a data folder."""

    def __init__(
        self, folder: Path, gate_file: GateFile, today: Callable[[], date] = today_utc
    ) -> None:
        self._folder, self._file, self._today = folder, gate_file, today
        self._lock = threading.Lock()
        self._holds: OrderedDict[tuple[Path | None, GateRules], bool] = OrderedDict()
        self._made: OrderedDict[tuple[Path | None, GateRules], Snapshot] = OrderedDict()

    def of(self, whole: Snapshot) -> Snapshot:
        """The public snapshot of `whole`: itself where nothing is held back.

        Raises StoreUnavailable where the rules cannot be read or the file cannot be made: then
        nothing is shown rather than too much.
        """
        rules = self.rules()
        key = (whole.path, rules)  # a snapshot's file is never changed
        with self._lock:
            if key not in self._holds:
                _remember(self._holds, key, holds_back(whole, rules))
            if not self._holds[key]:
                return whole
            if key not in self._made or self._outdated(self._made[key]):
                _remember(self._made, key, self._make(whole, rules))
            return self._made[key]

    def rules(self) -> GateRules:
        """The owner's rules that hold now. Raises StoreUnavailable where they cannot be read."""
        try:
            return self._file.rules()
        except InvalidInput as error:
            raise StoreUnavailable(
                f"the map is closed until its owner mends this: {error}"
            ) from error

    def gated(self, batch: Batch, rules: GateRules | None = None) -> Gated:
        """What may leave of a batch that is whole, such as the log as it was at some time."""
        own = self._file.rules() if rules is None else rules
        return gate(batch, own, today=self._today(), areas=self._areas, alias=self._alias)

    def alias(self, key: str) -> str:
        """What stands for an id that could tell: always the same, and not to be guessed."""
        return self._alias(key)

    def _outdated(self, public: Snapshot) -> bool:
        """Whether something held for its time is due."""
        due = public.meta.get(NEXT_DUE_KEY, "")
        return bool(due) and self._today() >= date.fromisoformat(due)

    def _make(self, whole: Snapshot, rules: GateRules) -> Snapshot:
        if whole.path is None:
            raise StoreUnavailable(
                "something is held back from the public, which needs the embedded engine; unset "
                "MAPAPP_ENGINE, or serve only who may read all"
            )
        path = self._folder / f"public-{whole.path.stem}-{_mark(rules, self._today())}.duckdb"
        with held(self._folder / "public.lock"):
            if not path.exists():
                for left_over in self._folder.glob(".public-*"):
                    left_over.unlink(missing_ok=True)
                building = self._folder / f".public-{os.getpid()}.duckdb"
                own = Gate(partial(self.gated, rules=rules), self._areas, self._alias)
                write_public(building, whole, own, rules, self._today())
                building.rename(path)
            path.touch()
            kept = sorted(self._folder.glob("public-*.duckdb"), key=lambda p: p.stat().st_mtime)
            for old in kept[:-KEEP]:
                old.unlink(missing_ok=True)  # still readable to who has it open
        return open_snapshot(path)

    @cached_property
    def _areas(self) -> GazetteerAreas:
        return GazetteerAreas(Gazetteer.load())

    @cached_property
    def _key(self) -> bytes:
        """The secret that aliases are made with; links to them hold as long as it is kept."""
        path = self._folder.parent / "gate.key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
        key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise StoreUnavailable(f"{path} is damaged; restore it, or remove it for new ids")
        return key

    def _alias(self, key: str) -> str:
        return hmac.digest(self._key, key.encode(), "sha256").hex()[:12]


def sentences_of(snapshot: Snapshot) -> tuple[str, ...]:
    """What a reader of a snapshot must be told of what is held back; empty where nothing is."""
    found: list[str] = json.loads(snapshot.meta.get(SENTENCES_KEY, "[]"))
    return tuple(found)


def _remember(memory: OrderedDict[K, V], key: K, value: V) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > KEEP:
        memory.popitem(last=False)


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


def _mark(rules: GateRules, today: date) -> str:
    """What a public file's name says of the rules and the day it was made by."""
    parts: Any = (
        rules.delay_days, rules.min_precision, sorted(rules.withhold_fields),
        sorted(rules.withhold_incidents), [repr(rule) for rule in rules.sources],
    )  # fmt: skip
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
    return f"{digest}-{today.isoformat()}"
