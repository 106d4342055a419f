"""The audit of dependencies says what it found and what it could not ask about."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

SKIPPED = "Dependency not found on PyPI and could not be audited: {} ({})"


@pytest.fixture
def audit() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "scripts" / "audit.py"
    spec = importlib.util.spec_from_file_location("audit", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Registry:
    """Answers about projects as the registry does: their newest version, and its faults."""

    def __init__(self, **projects: tuple[str, list[str]]) -> None:
        self._projects = projects

    def get(self, address: str, timeout: float) -> Registry:
        assert timeout
        self._name = address.rsplit("/", 2)[1]
        if self._name not in self._projects:
            raise requests.ConnectionError("unreachable")
        return self

    def raise_for_status(self) -> None:
        pass

    def json(self) -> dict[str, Any]:
        newest, faults = self._projects[self._name]
        told = [{"id": fault, "fixed_in": ["9.9"]} for fault in faults]
        return {"info": {"version": newest}, "vulnerabilities": told}


@pytest.mark.parametrize(
    ("found", "status", "words"),
    [
        ({"name": "a", "version": "1.0", "vulns": []}, 0, "0 known faults; 1 asked about"),
        (
            {"name": "a", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]},
            1, "a 1.0: PYSEC-1, fixed in: none yet",
        ),
        ({"name": "fine", "skip_reason": SKIPPED.format("fine", "2.0")}, 0, "1 as the newest"),
        (
            {"name": "bad", "skip_reason": SKIPPED.format("bad", "2.0")},
            1, "bad 2.0: PYSEC-2, fixed in: 9.9",
        ),
        (
            {"name": "fine", "skip_reason": SKIPPED.format("fine", "1.9")},
            0, "fine 1.9: not looked at, the registry here tells of the newest version only, 2.0",
        ),
        (
            {"name": "gone", "skip_reason": SKIPPED.format("gone", "1.9")},
            3, "gone 1.9: not looked at, the registry does not answer for it",
        ),
    ],
)  # fmt: skip
def test_what_is_known_is_said(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    found: dict[str, Any], status: int, words: str,
) -> None:  # fmt: skip
    registry = Registry(fine=("2.0", []), bad=("2.0", ["PYSEC-2"]))
    monkeypatch.setattr(audit, "_pip_audit", lambda: [found])
    monkeypatch.setattr(audit.requests, "get", registry.get)
    assert audit.main() == status
    assert words in capsys.readouterr().out
