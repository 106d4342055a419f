"""The owner's rules of the gate: a TOML file, read anew when it changes (serves log → public
snapshot).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.vocab import GeoPrecision
from mapapp.gate.rules import FIELDS, GateRules, SourceRule
from mapapp.log.backup import RULES

_Level = Literal["district", "province", "country"]
_Days = Annotated[int, Field(ge=0, le=3660, strict=True)]


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid")

    dataset: str | None = None
    publisher: str | None = None
    id: str | None = None
    redistribution: Literal["private"] | None = None
    min_precision: _Level | None = None
    delay_days: _Days = 0

    @model_validator(mode="after")
    def _says_something(self) -> _Source:
        if self.dataset is None and self.publisher is None and self.id is None:
            raise ValueError("it names no source; give dataset, publisher or id")
        if self.redistribution is None and self.min_precision is None and not self.delay_days:
            raise ValueError(
                "it holds nothing back; give redistribution, min_precision or delay_days"
            )
        return self

    def rule(self) -> SourceRule:
        level = GeoPrecision(self.min_precision) if self.min_precision else None
        private = self.redistribution is not None
        return SourceRule(self.dataset, self.publisher, self.id, private, level, self.delay_days)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    delay_days: _Days = 0
    min_precision: _Level | None = None
    withhold_fields: frozenset[Literal[tuple(FIELDS)]] = frozenset()  # type: ignore[valid-type]
    withhold_incidents: frozenset[str] = frozenset()
    source: tuple[_Source, ...] = ()


def rules_in(content: bytes, file: Path) -> GateRules:
    """The rules that were read from a file. Raises InvalidInput naming each that is none."""
    try:
        rules_file = _File.model_validate(tomllib.loads(content.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"the gate's rules {file} cannot be read ({error})") from error
    except ValidationError as error:
        problems = tuple(_problem(file, dict(fault)) for fault in error.errors())
        words = "; ".join(f"{p.field}: {p.fault}" for p in problems)
        raise InvalidInput(
            f"the gate's rules {file} cannot be used: {words}; see docs/gate.md", problems
        ) from None
    level = GeoPrecision(rules_file.min_precision) if rules_file.min_precision else None
    return GateRules(
        rules_file.delay_days,
        level,
        frozenset(rules_file.withhold_fields),
        rules_file.withhold_incidents,
        tuple(source.rule() for source in rules_file.source),
    )


class GateFile:
    """The rules that hold now; a rule that is added holds from the next request on.

    A file that `named` names must be there; without one there are rules if `folder` has a
    `gate.toml`.
    """

    def __init__(self, folder: Path, named: Path | None = None) -> None:
        self.path, self._must_be = named or folder / RULES, named is not None
        self._read: tuple[bytes, GateRules] | None = None

    def rules(self) -> GateRules:
        """The rules. Raises InvalidInput where they cannot be read."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            if self._must_be:
                raise InvalidInput(
                    f"MAPAPP_GATE_FILE: {self.path} is not there; nothing is shown without it"
                ) from None
            return GateRules()
        except OSError as error:
            raise InvalidInput(f"the gate's rules {self.path} cannot be read ({error})") from error
        # By what it holds: two changes within a tick of the clock leave a file the same time.
        read = self._read
        if read is None or read[0] != content:
            self._read = read = (content, rules_in(content, self.path))
        return read[1]


def _problem(file: Path, fault: dict[str, Any]) -> Problem:
    at = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
    text = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(str(file), at or "source", text, "See docs/gate.md.")
