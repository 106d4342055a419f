"""Every setting of an installation, one field each: read from the environment, checked at start.

A setting is an environment variable `MAPAPP_…`, or a line of the same name in
`.streamlit/secrets.toml`; the environment wins. `docs/configuration.md` has a heading for each.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from mapapp.domain.access import DEFAULT_HOURS, Mode
from mapapp.domain.basemaps import TileLayer, read_file, read_layers
from mapapp.domain.problems import InvalidInput, Problem

PREFIX: Final = "MAPAPP_"

_PACKAGE: Final = Path(__file__).resolve().parent

#: Where the seeds, the method's page and what Streamlit is told are: in the project's folder, and
#: in a wheel within the package.
ROOT: Final = shipped if (shipped := _PACKAGE / "shipped").is_dir() else _PACKAGE.parent

#: The curated incidents, as a folder of files.
SEEDS: Final = ROOT / "seeds"

#: Where Streamlit looks too; a later one overrides an earlier.
SECRETS_FILES: Final = (
    Path.home() / ".streamlit" / "secrets.toml",
    ROOT / ".streamlit" / "secrets.toml",
)


def _web_address(text: str) -> str | None:
    address = text.strip().rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f"“{address}” is not a web address; write it like https://map.example.org")
    return address or None


def _origins(text: str) -> frozenset[str]:
    words = text.replace(",", " ").split()
    for word in words:
        parts = urlsplit(word)
        if word != "*" and not (
            parts.scheme in ("http", "https") and parts.netloc and not parts.path
        ):
            raise ValueError(
                f"“{word}” is not an origin; write it like https://example.org, several with "
                "commas between, or * for every page"
            )
    return frozenset(words)


def _report_address(text: str) -> str:
    address = text.strip()
    parts = urlsplit(address)
    if not (parts.scheme in ("http", "https") and parts.hostname) and not (
        "@" in address.strip("@") and ":" not in address
    ):
        raise ValueError(
            f"“{address}” is neither a mail address nor a web address; write it like "
            "desk@example.org or https://example.org/report?record={record}"
        )
    return address


def _per_minute(text: str) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdigit()):
        raise ValueError(
            f"“{number}” is not a number; write whole requests a minute, or 0 for no limit"
        )
    return int(number)


def _yes_or_no(text: str) -> bool | None:
    word = text.strip().casefold()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    if word:
        raise ValueError(f"“{text.strip()}” is neither yes nor no; write 1 or 0")
    return None


def spark_address(text: str) -> str | None:
    """The address of a Spark Connect endpoint, None for an empty text. Raises ValueError."""
    address = text.strip()
    try:
        parts = urlsplit(address)
        fits = parts.scheme == "sc" and bool(parts.hostname) and parts.port != 0
    except ValueError:  # what stands for the port is none
        fits = False
    if address and not fits:
        raise ValueError(
            f"“{address}” is no Spark Connect endpoint; write it like sc://host:15002, or leave "
            "it out for the embedded engine"
        )
    return address or None


def _database(text: str) -> SecretStr | None:
    address = text.strip()
    scheme, mark, rest = address.partition("://")
    if not address:
        return None
    # The text itself is never shown: it holds a password.
    if not mark or scheme not in ("postgresql", "postgresql+psycopg", "postgres"):
        raise ValueError(
            "it is no address of PostgreSQL; write it like "
            "postgresql+psycopg://name:password@host:5432/database, or leave it out for a log in "
            "the data folder"
        )
    try:
        named = urlsplit(f"http://{rest}").port != 0 and bool(urlsplit(f"http://{rest}").path[1:])
    except ValueError:
        named = False
    if not named:
        raise ValueError(
            "it names no database, or what stands for the port is none; write it like "
            "postgresql+psycopg://name:password@host:5432/database, with %40 for an @ in the "
            "password"
        )
    return SecretStr(f"postgresql+psycopg://{rest}")


def _shared_place(text: str) -> SecretStr | None:
    place = text.strip()
    scheme, mark, rest = place.partition("://")
    if place and not (mark and scheme in ("file", "s3", "gs", "abfs", "abfss") and rest.strip("/")):
        raise ValueError(  # the text itself is never shown: it may hold a key
            "it names no folder and no object store; write it like s3://bucket/prefix or "
            "file:///mnt/shared"
        )
    return SecretStr(place) if place else None


def _token(text: str) -> SecretStr | None:
    token = text.strip()
    if token and len(token) < 16:  # the text itself is never shown
        raise ValueError("it is shorter than 16 characters; make one with: openssl rand -hex 24")
    return SecretStr(token) if token else None


def _lower(text: str) -> str:
    return text.strip().casefold()


YesOrNo = Annotated[bool | None, BeforeValidator(_yes_or_no)]
PerMinute = Annotated[int, BeforeValidator(_per_minute)]


class Settings(BaseModel):
    """What the owner chose; a field's alias is the name of its variable.

    Values come in as texts. An empty text is as if the variable were not set.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=False, hide_input_in_errors=True)

    data_dir: Path = Field(default=Path("var"), alias="MAPAPP_DATA_DIR")
    public_url: Annotated[str | None, BeforeValidator(_web_address)] = Field(
        default=None, alias="MAPAPP_PUBLIC_URL"
    )
    access: Annotated[Mode, BeforeValidator(_lower)] = Field(
        default=Mode.PUBLIC, alias="MAPAPP_ACCESS"
    )
    roles_file: str = Field(default="", alias="MAPAPP_ROLES_FILE")
    gate_file: Path | None = Field(default=None, alias="MAPAPP_GATE_FILE")
    role_claim: str = Field(default="roles", alias="MAPAPP_ROLE_CLAIM")
    session_hours: int = Field(default=DEFAULT_HOURS, alias="MAPAPP_SESSION_HOURS", ge=1, le=720)
    report_address: Annotated[str, BeforeValidator(_report_address)] = Field(
        default="", alias="MAPAPP_REPORT_ADDRESS"
    )
    cors_origins: Annotated[frozenset[str], BeforeValidator(_origins)] = Field(
        default=frozenset(), alias="MAPAPP_CORS_ORIGINS"
    )
    frame_ancestors: Annotated[frozenset[str], BeforeValidator(_origins)] = Field(
        default=frozenset(), alias="MAPAPP_FRAME_ANCESTORS"
    )
    #: Enough for a map that loads a screen of tiles at each move.
    api_per_minute: PerMinute = Field(default=600, alias="MAPAPP_API_PER_MINUTE")
    data_per_minute: PerMinute = Field(default=1200, alias="MAPAPP_DATA_PER_MINUTE")
    log_url: Annotated[SecretStr | None, BeforeValidator(_database)] = Field(
        default=None, alias="MAPAPP_LOG_URL"
    )
    files_url: Annotated[SecretStr | None, BeforeValidator(_shared_place)] = Field(
        default=None, alias="MAPAPP_FILES_URL"
    )
    engine: Annotated[str | None, BeforeValidator(spark_address)] = Field(
        default=None, alias="MAPAPP_ENGINE"
    )
    engine_tables: str = Field(default="", alias="MAPAPP_ENGINE_TABLES")
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        default="text", alias="MAPAPP_LOG_FORMAT"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        Field(default="info", alias="MAPAPP_LOG_LEVEL")
    )
    metrics_token: Annotated[SecretStr | None, BeforeValidator(_token)] = Field(
        default=None, alias="MAPAPP_METRICS_TOKEN"
    )
    basemaps: Annotated[tuple[TileLayer, ...], BeforeValidator(read_layers)] = Field(
        default=(), alias="MAPAPP_BASEMAPS"
    )
    basemap_file: Annotated[Path | None, BeforeValidator(read_file)] = Field(
        default=None, alias="MAPAPP_BASEMAP_FILE"
    )
    previews: YesOrNo = Field(default=True, alias="MAPAPP_PREVIEWS")
    reader_url: Annotated[str | None, BeforeValidator(_web_address)] = Field(
        default=None, alias="MAPAPP_READER_URL"
    )
    reader_model: str = Field(default="", alias="MAPAPP_READER_MODEL")
    reader_key: SecretStr | None = Field(default=None, alias="MAPAPP_READER_KEY")
    reader_seconds: int = Field(default=60, alias="MAPAPP_READER_SECONDS", ge=1, le=600)

    @staticmethod
    def secret(own: SecretStr | None) -> str | None:
        """The text of a setting that is not to be shown."""
        return own.get_secret_value() if own else None


#: The variables' names, in the order of `Settings`.
NAMES: Final = tuple(str(field.alias) for field in Settings.model_fields.values())


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings as the environment has them now.

    Raises InvalidInput naming each variable that cannot be read; names that are no setting are
    not looked at (`check` does).
    """
    given = os.environ if environ is None else environ
    values = {name: given[name] for name in NAMES if given.get(name, "").strip()}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _refused(
            [
                Problem("settings", str(fault["loc"][0]), *_said(str(fault["msg"])))
                for fault in error.errors(include_input=False)
            ]
        ) from None


def check(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings, once more at start: a name that is no setting is a mistake, and refused."""
    given = os.environ if environ is None else environ
    unknown = [
        Problem("settings", name, "there is no such setting", _meant(name))
        for name in sorted(given)
        if name.startswith(PREFIX) and name not in NAMES
    ]
    if unknown:
        raise _refused(unknown)
    return read(given)


def take_secrets(
    environ: MutableMapping[str, str] | None = None, files: Sequence[Path] = SECRETS_FILES
) -> None:
    """Put the settings of the secrets files into the environment where it does not have them.

    Streamlit does so with its own secrets, but only once a page asks for one. Raises InvalidInput
    where a file is no TOML or a setting in it is no plain value.
    """
    target = os.environ if environ is None else environ
    found: dict[str, str] = {}
    for path in files:
        try:
            content = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InvalidInput(
                f"{path} cannot be read ({error}); write one setting a line, like "
                'MAPAPP_PUBLIC_URL = "https://map.example.org"'
            ) from error
        for name, value in content.items():
            if not name.startswith(PREFIX):
                continue
            if not isinstance(value, str | int | float):
                raise InvalidInput(f"{path}: {name} must be one text or number, not a table")
            found[name] = str(value)
    for name, text in found.items():
        target.setdefault(name, text)


def start() -> Settings:
    """The settings of this process, secrets files included, checked. Raises InvalidInput."""
    take_secrets()
    return check()


def _said(message: str) -> tuple[str, str]:
    """Fault and remedy of pydantic's or our own message."""
    text = message.removeprefix("Value error, ")
    fault, _, remedy = text.partition("; ")
    return fault, (remedy or "see docs/configuration.md") + "."


def _meant(name: str) -> str:
    close = difflib.get_close_matches(name, NAMES, 1)
    return (
        f"Did you mean {close[0]}?" if close else "See docs/configuration.md for those there are."
    )


def _refused(problems: Sequence[Problem]) -> InvalidInput:
    words = "; ".join(f"{p.field}: {p.fault}. {p.remedy}" for p in problems)
    return InvalidInput(f"a setting cannot be used: {words}", tuple(problems))
