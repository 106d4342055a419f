"""The public snapshot: what the gate lets through, as a file of its own that readers query (log →
public snapshot).

What is held back is not in it, so that no question, however put, can bring it out; and a question
to it is as fast as one to the whole. Where nothing is held back, the whole is the public one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Final, TypeVar

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.problems import InvalidInput, StoreUnavailable
from mapapp.domain.source import Source
from mapapp.gate.areas import GazetteerAreas
from mapapp.gate.check import findings, sources_of
from mapapp.gate.file import GateFile
from mapapp.gate.gate import Gated, aliased, gate
from mapapp.gate.key import KEY_FILE, GateKey
from mapapp.gate.public_file import (
    NEXT_DUE_KEY,
    SENTENCES_KEY,
    TRIMMED_KEY,
    Gate,
    RowsByKey,
    is_about,
    write_public,
    write_twin,
)
from mapapp.gate.rules import GateRules, SourceRule
from mapapp.snapshot import row_files
from mapapp.snapshot.releases import ReleaseFile, meta_of
from mapapp.snapshot.shelf import Shelf
from mapapp.snapshot.snapshot import Snapshot, open_snapshot, releases_of

__all__ = ["TRIMMED_KEY", "PublicSnapshots", "sentences_of", "today_utc"]

K = TypeVar("K")
V = TypeVar("V")

#: Files kept, of the current snapshot and of past ones; the one made longest ago goes first.
KEEP: Final = 6

#: Seconds until a public file that could not be made is tried again.
_AGAIN_S: Final = 60.0

_LOG = logging.getLogger(__name__)


def today_utc() -> date:
    """The day that delays are counted to."""
    return datetime.now(UTC).date()


class PublicSnapshots:
    """Makes and remembers the public one of each snapshot of a data folder.

    While the one of a newly published snapshot is being made, the public reads the one before:
    where that was made by the same rules, and nothing in it has become private since.
    """

    def __init__(
        self,
        folder: Path,
        gate_file: GateFile,
        today: Callable[[], date] = today_utc,
        private: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._folder, self._file, self._today = folder, gate_file, today
        self._private = private  # ids of sources that are private now, by themselves
        self._closed_since: OrderedDict[tuple[Path | None, frozenset[str]], tuple[str, ...]] = (
            OrderedDict()
        )
        self._key = GateKey(folder.parent / KEY_FILE)
        self._shelf = Shelf(folder, "public", folder / "public.lock")
        self._twins = Shelf(folder, "gated", folder / "gated.lock")
        self._lock = threading.Lock()  # of what is remembered
        self._making = threading.Lock()  # one maker in this process, before the file lock
        self._holds: OrderedDict[tuple[Path | None, GateRules], bool] = OrderedDict()
        #: Whether a source is private by itself, by file and state.
        self._closed: OrderedDict[tuple[Path | None, int], bool] = OrderedDict()
        self._made: OrderedDict[tuple[Path | None, GateRules], Snapshot] = OrderedDict()
        self._last: tuple[GateRules, Snapshot] | None = None  # that the public read
        #: A state, the public file of another by these rules, and whether that may be read on.
        self._compared: tuple[tuple[Path | None, Path | None, GateRules], bool] | None = None
        self._builder: threading.Thread | None = None
        self._told = GateRules()  # whose findings are in the log
        self._fault = ""  # that is in the log
        self._not_before = 0.0  # the time of the monotonic clock to try again after a failure

    def of(self, whole: Snapshot) -> Snapshot:
        """The public snapshot of `whole`: itself where nothing is held back, the one before while
        its own is being made.

        Raises StoreUnavailable where the rules cannot be read or the file cannot be made: then
        nothing is shown rather than too much.
        """
        rules = self._rules_for(whole, self.rules())
        public = self._of(whole, rules, wait=False)
        if self._is_published(whole):
            with self._lock:
                self._last = (rules, public)
        return public

    def shareable(self, whole: Snapshot) -> Snapshot:
        """What who may read all may pass on: the whole without sources that forbid it themselves.

        A file travels, and an address is asked by programs: both are made of this. Raises
        StoreUnavailable where the file cannot be made.
        """
        rules = self._rules_for(whole, GateRules())
        with self._lock:
            key = (whole.path, whole.seq)
            if key not in self._closed:
                _remember(self._closed, key, any(map(rules.private, sources_of(whole))))
            if not self._closed[key]:
                return whole
        return self._of(whole, rules, wait=True)

    def _of(self, whole: Snapshot, rules: GateRules, *, wait: bool) -> Snapshot:
        """The file of a snapshot by some rules; without `wait` the one before while it is made."""
        key = (whole.path, rules)  # a snapshot's file is never changed
        with self._lock:
            if not self._holding(whole, rules):
                return whole
            if key in self._made and not self._outdated(self._made[key]):
                return self._made[key]
            before = None if wait else self._before(whole, rules)
            if before is not None:
                self._start(key, whole)
                return before
        return self._make_and_keep(key, whole)

    def holds(self, whole: Snapshot) -> bool:
        """Whether anything of a snapshot is held back. Raises StoreUnavailable as `of` does."""
        rules = self._rules_for(whole, self.rules())
        with self._lock:
            return self._holding(whole, rules)

    def _holding(self, whole: Snapshot, rules: GateRules) -> bool:
        key = (whole.path, rules)
        if key not in self._holds:
            _remember(self._holds, key, holds_back(whole, rules))
            self._tell(whole, rules)
        return self._holds[key]

    def _tell(self, whole: Snapshot, rules: GateRules) -> None:
        """Write into the log what each rule holds back, once for each set of rules."""
        if rules == self._told or not self._is_published(whole):
            return
        self._told = rules
        for finding in findings(whole, rules, self._today()):
            level = logging.INFO if finding.fits else logging.WARNING
            _LOG.log(level, "rules of the gate: %s", finding.for_the_log)

    def close(self) -> None:
        """Wait for a file that is being made."""
        builder = self._builder
        if builder is not None:
            builder.join()

    def _rules_for(self, whole: Snapshot, rules: GateRules) -> GateRules:
        """The rules; of an earlier time also those sources stay in that became private."""
        private = frozenset() if self._is_published(whole) else self._private()
        if not private:
            return rules
        key = (whole.path, private)
        with self._lock:
            if key not in self._closed_since:
                then = sources_of(whole)
                closed = (s.id for s in then if s.id in private and not rules.private(s))
                _remember(self._closed_since, key, tuple(sorted(closed)))
            more = tuple(SourceRule(id=own, private=True) for own in self._closed_since[key])
        return replace(rules, sources=(*rules.sources, *more))

    def _is_published(self, whole: Snapshot) -> bool:
        """Whether it is of the present, not the state of an earlier time."""
        return whole.path is not None and whole.path.parent == self._folder

    def _before(self, whole: Snapshot, rules: GateRules) -> Snapshot | None:
        """What the public may go on reading; None where it has to wait."""
        if not self._is_published(whole):
            return None
        candidate = (
            self._last[1] if self._last and self._last[0] == rules else self._on_disk(whole, rules)
        )
        if (
            candidate is None
            or candidate.seq > whole.seq
            or self._shelf.named(self._stem(whole, rules))
        ):
            return None
        pair = (whole.path, candidate.path, rules)
        if self._compared is None or self._compared[0] != pair:  # each request asks meanwhile
            held = {s.id for s in sources_of(whole) if rules.private(s)}
            held |= {aliased(key, self._key.alias) for key in held}
            self._compared = pair, held.isdisjoint(s.id for s in sources_of(candidate))
        return candidate if self._compared[1] else None

    def _on_disk(self, whole: Snapshot, rules: GateRules) -> Snapshot | None:
        """The public file made last by these rules, such as before this process began."""
        for path in self._shelf.latest():
            if path.match(f"public-snap-*-{_mark(rules)}-*"):
                with suppress(StoreUnavailable):
                    self._last = (rules, self._opened(path, whole, rules))
                    return self._last[1]
        return None

    def _start(self, key: tuple[Path | None, GateRules], whole: Snapshot) -> None:
        """Begin to make a public file beside the requests, unless one is being made."""
        if self._builder is not None and self._builder.is_alive():
            return
        if time.monotonic() < self._not_before:
            return
        self._builder = threading.Thread(
            target=self._make_beside, args=(key, whole), name="public-snapshot", daemon=True
        )
        self._builder.start()

    def _make_beside(self, key: tuple[Path | None, GateRules], whole: Snapshot) -> None:
        try:
            self._make_and_keep(key, whole)
        except StoreUnavailable as error:
            self._not_before = time.monotonic() + _AGAIN_S
            _LOG.error("the public reads an older state: %s", error)

    def _make_and_keep(self, key: tuple[Path | None, GateRules], whole: Snapshot) -> Snapshot:
        with self._making:
            with self._lock:
                if key in self._made and not self._outdated(self._made[key]):
                    return self._made[key]
            made = self._make(whole, key[1])
            with self._lock:
                _remember(self._made, key, made)
            return made

    def rules(self) -> GateRules:
        """The owner's rules that hold now. Raises StoreUnavailable where they cannot be read."""
        try:
            return self._file.rules()
        except InvalidInput as error:
            # What is wrong names folders and what is held back: that is for the log.
            if str(error) != self._fault:
                self._fault = str(error)
                _LOG.error("the map is closed until its owner mends this: %s", error)
            raise StoreUnavailable(
                "this map is closed until its owner mends the rules of what it shows"
            ) from error

    def gated(self, batch: Batch, rules: GateRules | None = None) -> Gated:
        """What may leave of a batch that is whole, such as the log as it was at some time."""
        rules_now = self._file.rules() if rules is None else rules
        return gate(batch, rules_now, today=self._today(), areas=self._areas, alias=self._key.alias)

    def alias(self, key: str) -> str:
        """What stands for an id that could tell: always the same, and not to be guessed."""
        return self._key.alias(key)

    def _outdated(self, public: Snapshot) -> bool:
        """Whether something held for its time is due."""
        return self._is_due(public.meta)

    def _is_due(self, meta: Mapping[str, str]) -> bool:
        due = meta.get(NEXT_DUE_KEY, "")
        return bool(due) and self._today() >= date.fromisoformat(due)

    def _make(self, whole: Snapshot, rules: GateRules) -> Snapshot:
        if whole.path is None:
            raise StoreUnavailable(
                "something is held back from the public, which needs the embedded engine; unset "
                "MAPAPP_ENGINE, or serve only who may read all"
            )
        stem = self._stem(whole, rules)
        with self._shelf.making():
            for path in self._shelf.named(stem):
                with suppress(StoreUnavailable):  # damaged: it is made anew under another name
                    made = self._opened(path, whole, rules)
                    self._shelf.used(path)
                    return made
            gate, sources = self._gate(rules), {s.id: s for s in sources_of(whole)}
            releases = [
                self._twin(ReleaseFile(path, meta_of(path)), gate, sources)
                for path in releases_of(whole.path).values()
            ]
            path = self._shelf.put(
                stem, lambda path: write_public(path, gate, whole, sources, releases)
            )
            self._shelf.prune(self._shelf.latest()[:KEEP])
            self._twins.prune({r.path for r in releases} | set(self._twins.latest()[:KEEP]))
        return self._opened(path, whole, rules)

    def _opened(self, path: Path, whole: Snapshot, rules: GateRules) -> Snapshot:
        """A public file, whose rows are read in the releases that they are of."""
        public = open_snapshot(path)
        assert whole.path is not None
        releases = list(releases_of(whole.path).values())
        sources = {source.id: source for source in sources_of(whole)}
        row_files.read_by(public.engine, RowsByKey(self._gate(rules), releases, sources))
        return public

    def _twin(self, release: ReleaseFile, gate: Gate, sources: Mapping[str, Source]) -> ReleaseFile:
        """What leaves of a release, made where it is not there; itself if no rule is about it."""
        if not is_about(gate, release, sources):
            return release
        stem = f"gated-{release.path.stem}-{_mark(gate.rules)}-{self._key.alias('')}"
        with self._twins.making():
            for path in self._twins.named(stem):
                with suppress(StoreUnavailable):
                    held = ReleaseFile(path, meta_of(path))
                    if not self._is_due(held.meta):
                        self._twins.used(path)
                        return held
            path = self._twins.put(stem, lambda path: write_twin(path, gate, release, sources))
        return ReleaseFile(path, meta_of(path))

    def _gate(self, rules: GateRules) -> Gate:
        return Gate(rules, self._today(), self._areas, self._key, partial(self.gated, rules=rules))

    def _stem(self, whole: Snapshot, rules: GateRules) -> str:
        assert whole.path is not None
        own = whole.path.stem.replace("~", "_")
        return f"public-{own}-{_mark(rules)}-{self._today().isoformat()}"

    @cached_property
    def _areas(self) -> GazetteerAreas:
        return GazetteerAreas(Gazetteer.load())


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


def sentences_of(snapshot: Snapshot) -> tuple[str, ...]:
    """What a reader of a snapshot must be told of what is held back; empty where nothing is."""
    found: list[str] = json.loads(snapshot.meta.get(SENTENCES_KEY, "[]"))
    return tuple(found)


def _remember(memory: OrderedDict[K, V], key: K, value: V) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > KEEP:
        memory.popitem(last=False)


def _mark(rules: GateRules) -> str:
    """What a public file's name says of the rules it was made by: of every one there is."""
    parts = {
        field.name: sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)
        for field in fields(rules)
        for value in (getattr(rules, field.name),)
    }
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
