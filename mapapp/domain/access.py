"""Who may do what: the four roles, what each may, and how the owner of an installation gives them.

Pages and routes ask `may`; nothing here knows how a reader proves who they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from mapapp.domain.problems import InvalidInput


class Role(StrEnum):
    """Who somebody is here, from the least to the most."""

    ANONYMOUS = "anonymous"
    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"


class Permission(StrEnum):
    """What can be allowed or not."""

    READ = "read"  # the map, its data, files and interfaces, as the gate lets them leave
    READ_ALL = "read_all"  # also what the gate holds back
    EDIT = "edit"  # record decisions and corrections
    IMPORT = "import"  # bring data in, take imports back
    OPERATE = "operate"  # metrics and the state of the process


#: What each role may when readers need not sign in.
GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.ANONYMOUS: frozenset({Permission.READ}),
    Role.VIEWER: frozenset({Permission.READ}),
    Role.EDITOR: frozenset({Permission.READ, Permission.READ_ALL, Permission.EDIT}),
    Role.OWNER: frozenset(Permission),
}


class Mode(StrEnum):
    """Whom an installation lets in."""

    PUBLIC = "public"  # everyone may read, nobody may change anything without signing in
    SIGNED_IN = "signed-in"  # only who has signed in may read
    LOCAL = "local"  # public, and whoever sits at this very machine is the owner


#: A working day; after it one signs in again.
DEFAULT_HOURS: Final = 12

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

#: A proxy that tells of another client sets one of these.
_FORWARDED: Final = (
    "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via",
)  # fmt: skip

#: The clock of the provider may be ahead of ours by so much.
_SKEW: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """How an installation gives roles.

    `people` maps a verified e-mail address (folded) or a subject to a role, `groups` a value of
    the claim `claim` to one. `session` is how long after signing in a role is kept.
    """

    mode: Mode = Mode.PUBLIC
    people: Mapping[str, Role] = field(default_factory=dict)
    groups: Mapping[str, Role] = field(default_factory=dict)
    claim: str = "roles"
    session: timedelta = timedelta(hours=DEFAULT_HOURS)

    def role(self, claims: Mapping[str, Any] | None, now: datetime | None = None) -> Role:
        """The role of somebody with these claims of their identity provider; None: not signed in.

        The highest role that a claim, a group or the file gives; anyone else who signed in is a
        viewer. Claims that do not say when they were issued, or are older than a session may be,
        are nobody's.
        """
        if not claims or not self._fresh(claims, now or datetime.now(UTC)):
            return Role.ANONYMOUS
        roles = [Role.VIEWER]
        for value in _texts(claims.get(self.claim)):
            roles += [role for role in (Role.EDITOR, Role.OWNER) if role == value]
            roles += [self.groups[value]] if value in self.groups else []
        if (subject := claims.get("sub")) and subject in self.people:
            roles.append(self.people[subject])
        # Anyone can write any address into a profile: only the provider's word makes it theirs.
        if claims.get("email_verified") is True and isinstance(claims.get("email"), str):
            roles += [self.people[e] for e in (claims["email"].casefold(),) if e in self.people]
        return max(roles, key=list(Role).index)

    def may(self, role: Role, permission: Permission) -> bool:
        """Whether a role may do something in this installation."""
        if self.mode is Mode.SIGNED_IN and role is Role.ANONYMOUS:
            return False
        return permission in GRANTS[role]

    def _fresh(self, claims: Mapping[str, Any], now: datetime) -> bool:
        issued = claims.get("iat")
        if isinstance(issued, bool) or not isinstance(issued, int | float):
            return False
        age = now.timestamp() - issued
        return -_SKEW.total_seconds() <= age <= self.session.total_seconds()


def from_this_machine(listens_on: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request comes straight from the machine that serves it.

    The server has to listen on loopback *and* the request has to name it so: a proxy on this
    machine also listens on loopback's behalf, and shows by its headers or by the address that the
    reader typed. So does a foreign page whose name was pointed at 127.0.0.1.
    """
    if listens_on not in _LOOPBACK:
        return False
    given = {name.casefold(): value for name, value in headers.items()}
    if any(name in given for name in _FORWARDED):
        return False
    origin = given.get("origin", "")
    return _host("//" + given.get("host", "")) in _LOOPBACK and (
        not origin or _host(origin) in _LOOPBACK
    )


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list | tuple) else ()


def read_roles(file: Path) -> tuple[dict[str, Role], dict[str, Role]]:
    """The tables `people` and `groups` of a roles file (TOML).

    Raises InvalidInput where anything in it cannot be read: who may do what is never guessed.
    """
    return roles_in(roles_bytes(file), file)


def roles_bytes(file: Path) -> bytes:
    """What a roles file holds. Raises InvalidInput where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"the roles file {file} cannot be read ({error})") from error


def roles_in(content: bytes, file: Path) -> tuple[dict[str, Role], dict[str, Role]]:
    """As `read_roles`, of what was read from `file`."""
    try:
        given = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"the roles file {file} cannot be read ({error})") from error
    for key in given:
        if key not in ("people", "groups"):
            raise InvalidInput(
                f"the roles file {file} has a table “{key}”; use [people] and [groups]"
            )
    people = _table(file, given, "people")
    return {who.casefold() if "@" in who else who: r for who, r in people.items()}, _table(
        file, given, "groups"
    )


def _table(file: Path, given: Mapping[str, Any], table: str) -> dict[str, Role]:
    rows = given.get(table, {})
    if not isinstance(rows, dict):
        raise InvalidInput(f"the roles file {file}: “{table}” is not a table; write [{table}]")
    roles = {}
    for key, value in rows.items():
        if value not in (Role.VIEWER, Role.EDITOR, Role.OWNER):
            raise InvalidInput(
                f"the roles file {file}: [{table}] {key}: “{value}” is no role; "
                "use viewer, editor or owner"
            )
        roles[key] = Role(value)
    return roles
