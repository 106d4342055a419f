"""Two replicas behind nginx with the recipe's own file, one killed: its readers come back on the
other, in sessions and in Chromium, to what they had chosen.

`python -m benchmarks.load.replicas` is the long form.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.load.replicas import NGINX, survive
from tests.apart import apart

pytestmark = pytest.mark.browser


def test_the_readers_of_a_killed_replica_go_on_at_the_other(tmp_path: Path) -> None:
    assert NGINX, "nginx stands before the replicas: apt install nginx-light"
    # That all pages and sessions are on the replica that lives on happens once in 64 runs.
    links = ("?province=AF01", "?kind=claimed&tab=charts", "?group=iskp")
    found = apart(lambda: survive(tmp_path, 3, 12, 0, links))
    assert found["faults"] == 0, found["first_faults"]
    assert [page["same"] for page in found["pages"]] == [True] * len(links)
