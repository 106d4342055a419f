"""Prints the application's routes as JSON, by its own tables: `python -m tests.hostile.routes`.

A process of its own, as Streamlit's runtime cannot be made twice in one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

#: What a path's parts stand for, as a reader would fill them in.
EXAMPLES = {
    "{id}": "afg-2022-09-28-kabul-kaj", "{z}": "0", "{x}": "0", "{y}": "0", "{session_id}": "s",
    "{file_id}": "f", "{file_id:path}": "f", "{path:path}": "x", "{rest:path}": "x",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnRoute:
    """A path with its parts in braces, and the methods it answers (empty: it decides itself)."""

    path: str
    methods: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts in braces."""
        return tuple(part for part in EXAMPLES if part in self.path)

    def filled(self, part: str = "", text: str = "") -> str:
        """An address, with `text` for one part and examples for the others."""
        path = self.path
        for name, value in EXAMPLES.items():
            path = path.replace(name, text if name == part else value)
        assert "{" not in path or text, f"give an example for the parts of {self.path}"
        return path or "/"


@cache
def routes() -> tuple[OwnRoute, ...]:
    """Every route that answers HTTP, once."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.hostile.routes"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    found = [OwnRoute(path, tuple(methods)) for path, methods in json.loads(printed)]
    assert len(found) > 40
    return tuple(found)


def _print() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MAPAPP_DATA_DIR"] = folder
        from starlette.routing import Mount, Route, WebSocketRoute

        from mapapp.asgi import app

        table: dict[str, set[str]] = {}
        own: Any = app._build_starlette_app()
        for route in own.routes:
            if isinstance(route, Route):
                table.setdefault(route.path, set()).update(route.methods or ())
            elif isinstance(route, Mount):
                table.setdefault(f"{route.path}/{{path:path}}", set()).add("GET")
            elif not isinstance(route, WebSocketRoute):
                raise SystemExit(f"a route of an unknown kind: {route!r}")
        json.dump([[path, sorted(methods)] for path, methods in table.items()], sys.stdout)


if __name__ == "__main__":
    _print()
