"""Settings: each is documented and checked, a mistake is named, secrets stay unseen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mapapp import settings
from mapapp.domain.access import AccessSettings, Role
from mapapp.domain.problems import InvalidInput
from mapapp.store.default import open_store
from mapapp.store.spark_store import SparkStore

ROOT = Path(__file__).resolve().parent.parent
DOCS = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def test_every_setting_has_its_heading_and_no_heading_is_left_over() -> None:
    assert sorted(re.findall(r"^### (MAPAPP_\w+)$", DOCS, re.M)) == sorted(settings.NAMES)


def test_every_name_in_the_source_is_a_setting() -> None:
    written = {
        name
        for path in (ROOT / "mapapp").rglob("*.py")
        for name in re.findall(r"\bMAPAPP_[A-Z_]+[A-Z]\b", path.read_text("utf-8"))
    }
    assert written <= set(settings.NAMES)


def test_nothing_need_be_set() -> None:
    own = settings.check({"PATH": "/bin", "MAPAPP_PUBLIC_URL": "", "MAPAPP_PREVIEWS": " "})
    assert own == settings.Settings()
    assert own.data_dir == Path("var")
    assert own.previews is True


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MAPAPP_PUBLIC_URL", "map.example.org", "write it like https://"),
        ("MAPAPP_API_PER_MINUTE", "many", "or 0 for no limit"),
        ("MAPAPP_REPORT_ADDRESS", "nobody", "desk@example.org"),
        ("MAPAPP_REPORT_ADDRESS", "javascript:alert(1)", "neither a mail address nor"),
        ("MAPAPP_REPORT_ADDRESS", "mailto:desk@example.org", "write it like desk@example.org"),
        ("MAPAPP_FRAME_ANCESTORS", "news.example", "is not an origin"),
        ("MAPAPP_PREVIEWS", "perhaps", "write 1 or 0"),
        ("MAPAPP_ACCESS", "open", "'public', 'signed-in' or 'local'"),
        ("MAPAPP_SESSION_HOURS", "0", "greater than or equal to 1"),
        ("MAPAPP_SESSION_HOURS", "-1", "greater than or equal to 1"),
        ("MAPAPP_LOG_FORMAT", "xml", "'text' or 'json'"),
        ("MAPAPP_LOG_LEVEL", "loud", "'debug'"),
        ("MAPAPP_ENGINE", "spark:15002", "sc://host:15002"),
        ("MAPAPP_METRICS_TOKEN", "hunter2", "shorter than 16"),
        ("MAPAPP_LOG_URL", "mysql://me:hunter2@host/log", "no address of PostgreSQL"),
        (
            "MAPAPP_LOG_URL",
            "postgresql+psycopg://me:hunter2@host:port/log",
            "what stands for the port",
        ),
        ("MAPAPP_LOG_URL", "postgresql://me:hunter2@host", "names no database"),
        ("MAPAPP_FILES_URL", "/mnt/shared", "file:///mnt/shared"),
        ("MAPAPP_FILES_URL", "ftp://me:hunter2@host/files", "s3://bucket/prefix"),
        ("MAPAPP_DATADIR", "/x", "Did you mean MAPAPP_DATA_DIR?"),
        ("MAPAPP_READER_SECONDS", "0", "greater than or equal to 1"),
        ("MAPAPP_XYZZY", "1", "docs/configuration.md"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(name: str, value: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        settings.check({name: value})
    assert name in str(caught.value)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)
    (problem,) = caught.value.problems
    assert problem.field == name


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        settings.read({"MAPAPP_LOG_LEVEL": "loud", "MAPAPP_PUBLIC_URL": "x"})
    assert len(caught.value.problems) == 2


def test_a_token_is_not_shown() -> None:
    own = settings.read({"MAPAPP_METRICS_TOKEN": "correct-horse-battery"})
    assert own.metrics_token is not None
    assert own.metrics_token.get_secret_value() == "correct-horse-battery"
    assert "correct-horse" not in repr(own)


def test_secrets_files_fill_in_what_the_environment_leaves_open(tmp_path: Path) -> None:
    home, project = tmp_path / "home.toml", tmp_path / "project.toml"
    home.write_text('MAPAPP_LOG_LEVEL = "error"\nMAPAPP_API_PER_MINUTE = 5\n[auth]\nx = "y"\n')
    project.write_text('MAPAPP_LOG_LEVEL = "debug"\nMAPAPP_DATA_DIR = "/elsewhere"\n')
    environ = {"MAPAPP_DATA_DIR": "/mine"}
    settings.take_secrets(environ, [home, project, tmp_path / "none.toml"])
    own = settings.check(environ)
    assert (own.log_level, own.api_per_minute, own.data_dir) == ("debug", 5, Path("/mine"))
    assert set(environ) == {"MAPAPP_DATA_DIR", "MAPAPP_LOG_LEVEL", "MAPAPP_API_PER_MINUTE"}


@pytest.mark.parametrize("content", ["not toml", "[MAPAPP_ENGINE]\nhost = 'x'\n"])
def test_a_broken_secrets_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.toml"
    path.write_text(content)
    with pytest.raises(InvalidInput, match=re.escape(str(path))):
        settings.take_secrets({}, [path])


@pytest.mark.parametrize("module", ["mapapp", "mapapp.asgi"])
def test_neither_the_command_nor_the_server_starts_with_a_mistake(module: str) -> None:
    command = [sys.executable, "-m", module, *(["undo-import"] if module == "mapapp" else [])]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"MAPAPP_LOG_LEVEL": "loud"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: a setting cannot be used: MAPAPP_LOG_LEVEL")
    assert "Traceback" not in ended.stderr


def test_the_claim_of_roles_and_the_engine_s_tables_are_those_named(tmp_path: Path) -> None:
    own = settings.read(
        {"MAPAPP_ENGINE": "sc://host:15002", "MAPAPP_ENGINE_TABLES": str(tmp_path / "none"),
         "MAPAPP_ROLE_CLAIM": "groups"}
    )  # fmt: skip
    store = open_store(tmp_path / "var", own)
    assert isinstance(store, SparkStore)
    assert store._tables == str(tmp_path / "none")
    store.close()
    rules = AccessSettings(claim=own.role_claim)
    issued = {"iat": datetime.now(UTC).timestamp()}
    assert rules.role(issued | {"groups": ["editor"]}) is Role.EDITOR
    assert rules.role(issued | {"roles": ["editor"]}) is Role.VIEWER
