"""Who may do what: roles from claims and from a file, sessions that end, and this very machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mapapp.domain.access import (
    GRANTS,
    AccessSettings,
    Mode,
    Permission,
    Role,
    from_this_machine,
    read_roles,
    roles_bytes,
)
from mapapp.domain.problems import InvalidInput

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}
ROLES = """
[people]
"Chief@Example.org" = "owner"
"subject-7" = "editor"
[groups]
"newsroom" = "editor"
"guests" = "viewer"
"""


@pytest.fixture
def settings(tmp_path: Path) -> AccessSettings:
    file = tmp_path / "roles.toml"
    file.write_text(ROLES, "utf-8")
    people, groups = read_roles(file)
    return AccessSettings(people=people, groups=groups)


def issued(ago: timedelta = timedelta(0), **claims: Any) -> dict[str, Any]:
    return {"sub": "s", "iat": (NOW - ago).timestamp()} | claims


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        (None, Role.ANONYMOUS),
        ({}, Role.ANONYMOUS),
        (issued(), Role.VIEWER),
        (issued(roles="editor"), Role.EDITOR),
        (issued(roles=["x", "owner", "editor"]), Role.OWNER),
        (issued(roles={"owner": True}), Role.VIEWER),
        (issued(roles=["newsroom"]), Role.EDITOR),
        (issued(roles=["guests"]), Role.VIEWER),
        (issued(sub="subject-7"), Role.EDITOR),
        (issued(email="chief@example.org", email_verified=True), Role.OWNER),
        (issued(email="CHIEF@example.org", email_verified=True), Role.OWNER),
        # Whose address nobody has checked is not its owner.
        (issued(email="chief@example.org"), Role.VIEWER),
        (issued(email="chief@example.org", email_verified="true"), Role.VIEWER),
        (issued(timedelta(hours=12), roles="owner"), Role.OWNER),
        (issued(timedelta(hours=12, seconds=1), roles="owner"), Role.ANONYMOUS),
        (issued(timedelta(minutes=-4), roles="owner"), Role.OWNER),
        (issued(timedelta(minutes=-6), roles="owner"), Role.ANONYMOUS),
        ({"sub": "subject-7"}, Role.ANONYMOUS),
        ({"sub": "subject-7", "iat": "1790000000"}, Role.ANONYMOUS),
        ({"sub": "subject-7", "iat": True}, Role.ANONYMOUS),
    ],
)
def test_role_of_claims(
    settings: AccessSettings, claims: dict[str, Any] | None, role: Role
) -> None:
    assert settings.role(claims, NOW) is role


def test_each_role_may_what_the_one_below_may() -> None:
    grants = [GRANTS[role] for role in Role]
    assert all(lower <= upper for lower, upper in pairwise(grants))
    assert GRANTS[Role.ANONYMOUS] == {Permission.READ}
    assert GRANTS[Role.OWNER] == set(Permission)


def test_who_may_read() -> None:
    assert AccessSettings().may(Role.ANONYMOUS, Permission.READ)
    closed = AccessSettings(mode=Mode.SIGNED_IN)
    assert not any(closed.may(Role.ANONYMOUS, permission) for permission in Permission)
    assert closed.may(Role.VIEWER, Permission.READ)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[people]\n'a@b' = 'admin'\n", "use viewer, editor or owner"),
        ("[people]\n'a@b' = ['owner']\n", "is no role"),
        ("[persons]\n", "use .people. and .groups."),
        ("people = 3\n", "not a table"),
        ("[people\n", "cannot be read"),
    ],
)
def test_a_roles_file_is_read_whole_or_not_at_all(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "roles.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=said):
        read_roles(file)


@pytest.mark.parametrize(
    ("listens_on", "headers", "here"),
    [
        ("127.0.0.1", HERE, True),
        ("localhost", HERE, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        ("0.0.0.0", HERE, False),  # noqa: S104 - refused is what is tested
        (None, HERE, False),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"host": "map.example.org"}, False),
        ("127.0.0.1", {"host": "localhost.example.org"}, False),
        ("127.0.0.1", HERE | {"Origin": "https://map.example.org"}, False),
        ("127.0.0.1", HERE | {"Origin": "null"}, False),
        ("127.0.0.1", HERE | {"Origin": "http://[broken"}, False),
        ("127.0.0.1", HERE | {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", HERE | {"forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", HERE | {"X-Forwarded-Proto": "https"}, False),
    ],
)
def test_this_machine_is_not_who_comes_through_a_proxy(
    listens_on: str | None, headers: dict[str, str], here: bool
) -> None:
    assert from_this_machine(listens_on, headers) is here


def test_a_roles_file_that_cannot_be_read_gives_nobody_a_role(tmp_path: Path) -> None:
    for unreadable in (tmp_path / "absent.toml", tmp_path):  # a folder is no file
        with pytest.raises(InvalidInput, match="cannot be read"):
            read_roles(unreadable)
        with pytest.raises(InvalidInput, match="cannot be read"):
            roles_bytes(unreadable)
