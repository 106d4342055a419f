"""Sign-ins that were ended: known to every process over the data folder, and forgotten in time."""

from __future__ import annotations

import logging
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from mapapp.web.server.sign_outs import SignOuts, key_of

SAID = {"iss": "https://login.example.org", "sub": "olga", "iat": 1_790_000_000, "nonce": "n1"}
KEEP = timedelta(hours=12)


def test_an_ended_sign_in_is_ended_in_every_process(tmp_path: Path) -> None:
    one, two = SignOuts(tmp_path), SignOuts(tmp_path)
    assert not two.has(SAID)
    one.add(SAID, KEEP)
    assert one.has(SAID)
    assert two.has(SAID)
    assert not two.has(SAID | {"nonce": "n2"})  # the same person, signed in again
    assert "olga" not in str(list((tmp_path / "signed-out").iterdir()))


def test_what_cannot_matter_any_more_is_forgotten(tmp_path: Path) -> None:
    outs = SignOuts(tmp_path)
    outs.add(SAID, KEEP)
    old = time.time() - KEEP.total_seconds() - 1
    os.utime(tmp_path / "signed-out" / key_of(SAID), (old, old))
    outs.add(SAID | {"nonce": "n2"}, KEEP)
    assert not outs.has(SAID)
    assert outs.has(SAID | {"nonce": "n2"})


def test_where_nothing_can_be_written_it_holds_here_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outs = SignOuts(tmp_path / "not-there")
    with caplog.at_level(logging.WARNING):
        outs.add(SAID, KEEP)
    assert outs.has(SAID)
    assert "in this process only" in caplog.text
