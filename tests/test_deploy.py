"""The hosting recipes name what is there, and promise what they hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mapapp import settings

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_the_dockerfile_copies_what_is_there_and_let_in() -> None:
    let_in = (ROOT / ".dockerignore").read_text("utf-8")
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.M)
        for name in line.split()[:-1]
    ]
    assert {"mapapp", "gazetteer", "seeds", "requirements.txt"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}\n" in let_in, name


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.M)
    assert re.search(r"^HEALTHCHECK .*--start-period", DOCKERFILE, re.M)
    assert DOCKERFILE.count("\nFROM ") == 2


def test_the_containers_write_their_volumes_only() -> None:
    services = YAML(typ="safe").load(ROOT / "compose.yaml")["services"]
    for name in ("app", "backup"):
        own = services[name]
        assert own["read_only"] is True
        assert own["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in own["security_opt"]
    assert "ports" not in services["app"]  # only Caddy is reached from outside


@pytest.mark.parametrize("path", ["Dockerfile", "compose.yaml", "deploy/systemd/mapapp.service"])
def test_recipes_set_settings_that_exist(path: str) -> None:
    names = set(re.findall(r"\bMAPAPP_[A-Z_]+", (ROOT / path).read_text("utf-8")))
    assert names <= set(settings.NAMES)


def test_proxies_keep_readers_on_a_replica_and_metrics_inside() -> None:
    nginx = (ROOT / "deploy/nginx/mapapp.conf").read_text("utf-8")
    caddy = (ROOT / "deploy/caddy/Caddyfile").read_text("utf-8")
    assert "hash $mapapp_reader consistent" in nginx
    assert "location = /metrics { return 404; }" in nginx
    assert "lb_policy cookie" in caddy
    assert "path /metrics" in caddy


def _says(command: list[str], **environ: str) -> str:
    """What a recipe's own program says of its file, where it is installed and finds no fault."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here: apt install {command[0]}")
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_caddy_takes_its_file() -> None:
    config = ["--config", "deploy/caddy/Caddyfile", "--adapter", "caddyfile"]
    assert "Valid configuration" in _says(["caddy", "validate", *config], DOMAIN="map.example.org")


def test_compose_takes_its_file() -> None:
    said = _says(
        ["docker-compose", "config"], DOMAIN="map.example.org", COOKIE_SECRET="x" * 64
    )  # fmt: skip
    assert "MAPAPP_PUBLIC_URL: https://map.example.org" in said


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = sorted((ROOT / "deploy" / "systemd").iterdir())
    for unit in units:  # as they are, but for the program that is installed elsewhere here
        text = unit.read_text("utf-8").replace("/opt/mapapp/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    paths = [str(tmp_path / unit.name) for unit in units]
    assert _says(["systemd-analyze", "verify", "--man=no", *paths]).strip() == ""
