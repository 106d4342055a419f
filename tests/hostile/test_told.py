"""What feed, Changes tab and panel history tell under each rule of the gate: nothing held back.

The same search, with a gate that lets everything through, finds what it is to find: it can fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.selection import Selection
from mapapp.gate.gate import Gated
from mapapp.query.changes.public import PublicLog
from mapapp.store import Store
from mapapp.web.feed import feed
from tests import postgres
from tests.hostile import held_back
from tests.hostile.canaries import Canaries

EVERYTHING = Selection(background=True, abroad=True)

#: Each rule alone, and what of the data folder it holds back. Nothing of the log's reasons, of the
#: editors' address, and of sources that are private by themselves leaves under any of them.
RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "delay": ("delay_days = 30", ("young",)),
    "withheld": ('withhold_incidents = ["qz-withheld", "ucdp-ged-7"]', ("withheld",)),
    "private": ('[[source]]\ndataset = "qz-ruled"\nredistribution = "private"', ("ruled",)),
    "late source": ('[[source]]\npublisher = "Qz late press"\ndelay_days = 3600', ("delayed",)),
    "coarse source": (
        '[[source]]\npublisher = "Qz coarse press"\nmin_precision = "district"', ("coarse",),
    ),
    "country": ('min_precision = "country"', ("open", "coarse", "withheld", "young", "delayed")),
    "no rule": ("", ()),
}  # fmt: skip


def canaries_of(rules: tuple[str, ...]) -> Canaries:
    """What may not be told where these incidents are held back, and a private source always is."""
    words = {"qzfirstreason", "qzsecondreason", "qzeditor"}
    words |= {held_back.word("private", name) for name in held_back.ALL}
    for rule in rules:
        # A coarsened incident's figures and publisher may leave.
        coarse = len(rules) > 1 or rule == "coarse"
        hidden = held_back.COARSE if coarse else held_back.ALL
        words |= {held_back.word(rule, name) for name in hidden} | {f"qz-{rule}-src"}
    words |= {"qz-private"}
    places = {held_back.RULES[rule][:2] for rule in (*rules, "private")}
    figures = {held_back.RULES[r][2] for r in rules if r != "coarse" and len(rules) == 1}
    shown = {held_back.word(rule, "publisher") for rule in ("delayed", "coarse")}
    return Canaries(frozenset(words - shown), frozenset(places),
                    frozenset(figures | {held_back.RULES["private"][2]}))  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return held_back.make(tmp_path_factory.mktemp("told") / "var")


#: Rules, and whether the log is in PostgreSQL.
CASES = [*((rule, False) for rule in RULES), ("withheld", True), ("private", True)]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}{', PostgreSQL' if case[1] else ''}")
def ruled(
    request: pytest.FixtureRequest, folder: Path, tmp_path: Path
) -> Iterator[tuple[Store, Canaries]]:
    """A folder for each test: what is told of a store is remembered."""
    rule, elsewhere = request.param
    toml, hidden = RULES[rule]
    url = postgres.server().database() if elsewhere else None
    own = (
        held_back.make(tmp_path / "var", log_url=url) if url else copytree(folder, tmp_path / "var")
    )
    (own / "gate.toml").write_text(toml, "utf-8")
    store = Store.open(own, log_url=url)
    yield store, canaries_of(hidden)
    store.close()


def told(store: Store, log: PublicLog) -> dict[str, bytes]:
    """All that the three tell, by the way."""
    public = store.public()
    found = {"feed": feed(store, public, EVERYTHING, "https://map.test", "", gated=log)}
    listed = log.changes(public, EVERYTHING, 0)
    found["changes"] = repr(listed).encode()
    found["since the first"] = repr(log.changes(public, EVERYTHING, 1)).encode()
    ids = {item.id for item in (*listed.added, *listed.revised)} | {
        f"qz-{rule}" for rule in held_back.RULES
    }
    for key in ids:
        found[f"history {key}"] = repr(log.history(key, public.seq)).encode()
    return found


def leaks(pieces: dict[str, bytes], canaries: Canaries) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, content in pieces.items():
        for canary in canaries.found(content):
            found.setdefault(canary, []).append(name)
    return found


def test_nothing_held_back_is_told(ruled: tuple[Store, Canaries]) -> None:
    store, canaries = ruled
    log = PublicLog(store, store.gate.rules())
    assert log.withholds
    pieces = told(store, log)
    assert leaks(pieces, canaries) == {}
    # It is not by silence: what is open is told, with what was revised of it.
    assert b"an editor" in pieces["feed"]
    if "country" not in repr(store.gate.rules()):
        assert b"qzopenrevisednote" in pieces["feed"]
        assert b"qzopenrevisednote" in pieces["since the first"]
        assert b"qzopenrevisednote" in pieces["history qz-open"]


def test_a_gate_that_holds_nothing_back_is_caught(
    ruled: tuple[Store, Canaries], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, canaries = ruled
    log = PublicLog(store, store.gate.rules())

    def broken(batch: Batch, rules: object = None) -> Gated:
        return Gated(batch, frozenset(), frozenset(), None, {})

    monkeypatch.setattr(store.gate, "gated", broken)
    pieces = told(store, log)
    for way in ("feed", "changes", "since the first", "history"):
        own = {name: text for name, text in pieces.items() if name.startswith(way)}
        assert leaks(own, canaries), way
