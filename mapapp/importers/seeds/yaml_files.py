"""YAML files read with their line numbers, so that a problem can say where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from mapapp.domain.problems import Problem

M = TypeVar("M", bound=BaseModel)

#: What to try, by pydantic's kind of error. The rest say it in their message.
_REMEDIES = {
    "missing": "Add this field",
    "extra_forbidden": "Check the spelling of the field, or take it out",
    "date_from_datetime_parsing": "Write the day as YYYY-MM-DD",
    "date_parsing": "Write the day as YYYY-MM-DD",
    "date_type": "Write the day as YYYY-MM-DD",
    "string_too_short": "Write at least one character",
    "string_type": "Put the value in quotes",
    "bool_type": "Write true or false",
    "bool_parsing": "Write true or false",
    "enum": "Use one of the values listed",
}


def load(path: Path, shown: str) -> tuple[Any, Problem | None]:
    """The document of a YAML 1.2 file, or the problem that keeps it from being read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return None, Problem(
            shown, "", f"is not UTF-8 text (byte {error.start})", "Save the file as UTF-8"
        )
    return load_text(text, shown)


def load_text(text: str, shown: str) -> tuple[Any, Problem | None]:
    """The same of text; `shown` is what it is called in problems."""
    try:
        return YAML(typ="rt").load(text), None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{shown} line {mark.line + 1}" if mark else shown
        return None, Problem(
            where,
            "",
            f"is not valid YAML: {error.problem or error.context or 'cannot be read'}",
            "Check the indentation, and put values with ': ' or '#' in quotes",
        )
    except YAMLError as error:
        return None, Problem(shown, "", f"is not valid YAML: {error}", "Check the line it names")


def validate(model: type[M], document: Any, shown: str) -> tuple[M | None, tuple[Problem, ...]]:
    """The document as `model`, or one problem a faulty field, each with its line."""
    if not isinstance(document, dict):
        fault = f"holds {type(document).__name__} where fields are expected"
        return None, (Problem(shown, "", fault, "Write 'field: value' lines"),)
    try:
        return model.model_validate(document), ()
    except ValidationError as error:
        return None, tuple(_problems(error, document, shown))


def _problems(error: ValidationError, document: Any, shown: str) -> Iterator[Problem]:
    for item in error.errors():
        location = item["loc"]
        line = line_of(document, location)
        where = f"{shown} line {line}" if line else shown
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] not in ("missing", "extra_forbidden"):
            message = f"{item['input']!r}: {message[0].lower()}{message[1:]}"
        elif item["type"] == "extra_forbidden":
            message = "is not a field of this record"
        else:
            message = "is missing"
        yield Problem(
            where,
            field_path(location),
            message,
            _REMEDIES.get(item["type"], "Correct the value"),
        )


def field_path(location: tuple[int | str, ...]) -> str:
    """`("claims", 3, "modifier")` → `claims[4].modifier`, counting from one as people do."""
    path = ""
    for part in location:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def line_of(document: Any, location: tuple[int | str, ...]) -> int | None:
    """The line, from 1, of the deepest part of `location` that the document holds."""
    line, node = None, document
    for part in location:
        marks = getattr(node, "lc", None)
        if marks is None:
            break
        try:
            row = marks.item(part)[0] if isinstance(part, int) else marks.key(part)[0]
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
        line = row + 1
    return line
