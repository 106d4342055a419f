"""Who the reader of this session is, and what they may; pages ask `may`, routes get `role_of`.

Identity comes from Streamlit's sign-in (OpenID Connect): for pages from `st.user`, for routes from
the same signed cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from mapapp.domain.access import (
    AccessSettings,
    Mode,
    Permission,
    Role,
    from_this_machine,
    roles_bytes,
    roles_in,
)
from mapapp.settings import read
from mapapp.store.default import data_dir
from mapapp.streamlit_internals import in_script_run, sign_in_section, signed_in_as
from mapapp.web.server.sign_outs import SignOuts


def settings() -> AccessSettings:
    """How this installation gives roles now: who is struck from the roles file is out at once.

    Raises InvalidInput where it cannot be read.
    """
    own = read()
    file = Path(own.roles_file) if own.roles_file else None
    # By what it holds: two changes within a tick of the clock leave a file the same time.
    content = roles_bytes(file) if file is not None else b""
    return _settings(own.access, file, content, own.role_claim, own.session_hours)


@lru_cache(maxsize=4)
def _settings(
    mode: Mode, file: Path | None, content: bytes, claim: str, hours: int
) -> AccessSettings:
    people, groups = ({}, {}) if file is None else roles_in(content, file)
    return AccessSettings(mode, people, groups, claim, timedelta(hours=hours))


def role() -> Role:
    """The role of this session's reader, looked at anew at each run: sessions come to an end."""
    if not in_script_run():
        return Role.ANONYMOUS  # the process itself, before anyone has come
    own = settings()
    if own.mode is Mode.LOCAL and from_this_machine(_listens_on(), st.context.headers):
        return Role.OWNER
    return _role(own, claims())


def may(permission: Permission) -> bool:
    """Whether this session's reader may do something."""
    return allows(role(), permission)


def allows(role: Role, permission: Permission) -> bool:
    """Whether a role may do something in this installation."""
    return settings().may(role, permission)


def claims() -> Mapping[str, Any] | None:
    """What the identity provider says of this session's reader; None who has not signed in."""
    if not sign_in_offered() or not st.user.is_logged_in:
        return None
    return dict(st.user.to_dict())


def session_ended() -> bool:
    """Whether the reader has signed in, but longer ago than a role is kept."""
    return claims() is not None and _role(settings(), claims()) is Role.ANONYMOUS


def who() -> str:
    """The name that this reader's changes are recorded under."""
    said = claims() or {}
    if role() is Role.ANONYMOUS or not said:
        return "owner" if role() is Role.OWNER else "anonymous"
    return str(said.get("email") or said.get("name") or said.get("sub") or "signed in")


def sign_in_offered() -> bool:
    """Whether an identity provider is set up in `.streamlit/secrets.toml`."""
    return bool(sign_in_section())


def provider() -> str:
    """The host that readers sign in at, to be named before they are sent there."""
    address = str(sign_in_section().get("server_metadata_url", ""))
    return urlsplit(address).hostname or ""


def callback_path() -> str:
    """The path of the address that the provider sends readers back to, prefixes included."""
    address = str(sign_in_section().get("redirect_uri", ""))
    return urlsplit(address).path or "/oauth2callback"


def role_of(headers: Mapping[str, str], cookies: dict[str, str]) -> Role:
    """The role of whoever sends a request with these headers and cookies to one of our routes."""
    own = settings()
    if own.mode is Mode.LOCAL and from_this_machine(_listens_on(), headers):
        return Role.OWNER
    return _role(own, signed_in_as(cookies))


def sign_out(cookies: dict[str, str]) -> None:
    """End the sign-in of whoever sends these cookies, so that no copy of them is good any more."""
    if said := signed_in_as(cookies):
        sign_outs().add(said, settings().session)


def sign_outs() -> SignOuts:
    """The sign-ins that were ended here, and on other servers over the same log."""
    return _sign_outs_of(data_dir().resolve())


def _role(own: AccessSettings, said: Mapping[str, Any] | None) -> Role:
    if not said or not _for_us(said) or sign_outs().has(said):
        return Role.ANONYMOUS
    return own.role(said)


def _for_us(said: Mapping[str, Any]) -> bool:
    """Whether the provider issued this for us and not for another client of its.

    Authlib lets any audience pass where `azp` names us.
    """
    section = sign_in_section()
    named = said.get("provider", "default")
    own = section if named == "default" else section.get(named, {})
    audience, client = said.get("aud"), own.get("client_id")
    return bool(client) and client in (audience if isinstance(audience, list) else [audience])


@lru_cache(maxsize=1)
def _sign_outs_of(folder: Path) -> SignOuts:
    return SignOuts(folder)


def _listens_on() -> str | None:
    address: str | None = st.get_option("server.address")
    return address
