"""`pip wheel .` and `pip install .`: the wheel is whole, and serves in an empty environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from benchmarks.servers import free_port, serving
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    os.environ.get("GAZETTEER_ALONE") != "1",
    reason="takes minutes and a package index: set GAZETTEER_ALONE=1",
)


def run(*command: str | Path, cwd: Path) -> str:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_all_that_a_server_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        about = archive.read("mapapp-0.1.0.dist-info/METADATA").decode()
    tracked = run("git", "ls-files", "mapapp", "gazetteer", cwd=ROOT).splitlines()
    left_out = ("gazetteer/tests/", "gazetteer/benchmarks/", "gazetteer/pyproject.toml")
    assert {name for name in tracked if not name.startswith(left_out)} <= names
    assert not [name for name in names if name.startswith(left_out) or "secrets" in name]
    for name in ("seeds/sources.yaml", ".streamlit/config.toml", "docs/method.md"):
        assert f"mapapp/shipped/{name}" in names
    pinned = re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    needed = re.findall(r"^Requires-Dist: (\S+)$", about, re.M)
    assert {re.sub(r"[_.-]+", "-", name).lower() for name in needed} == {
        re.sub(r"[_.-]+", "-", name).lower() for name in pinned
    }


def test_installed_alone_it_serves(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / "bin"
    run(programs / "python", "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    assert '"Herat"' in run(programs / "gazetteer", "geocode", "Herat", "--json", cwd=tmp_path)
    out = tmp_path / "page.html"
    run(programs / "mapapp", "export", "--data-dir", "var", "--format", "html", "-o", out,
        cwd=tmp_path)  # fmt: skip
    assert out.stat().st_size > 100_000
    port = free_port()
    command = [str(programs / "mapapp"), "serve", "--data-dir", str(tmp_path / "var"),
               "--port", str(port)]  # fmt: skip
    with serving(command, tmp_path / "log.txt", "/readyz", port) as server:
        for path, part in (
            ("/data/view", b'"total"'),
            ("/assets/map.js", b"incidentLayer"),
            ("/component/streamlit_folium.st_folium/index.html", b"<script"),
            ("/preview.png", b"PNG"),
            ("/api", b"OpenAPI"),
        ):
            with urllib.request.urlopen(server.address + path) as answer:
                assert part in answer.read(), path
