"""The HTML templates of the page: Jinja with autoescape always on, shown with `st.html`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from mapapp.domain import wording
from mapapp.domain.vocab import label

TEMPLATES = Path(__file__).parents[1] / "templates"
STATIC = Path(__file__).parents[1] / "static"

_FROM_RIGHT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"

#: Words that are read from the right, with the blanks and zero-width joiners between them.
_RUN = re.compile(rf"{_FROM_RIGHT}(?:[{_FROM_RIGHT[1:-1]}\s\u200c\u200d]*{_FROM_RIGHT})?")


def isolated(words: str) -> Markup:
    """A sentence of ours as HTML: names in it that are read from the right turn nothing around
    them, such as a number behind one.
    """
    return Markup(_RUN.sub(r"<bdi>\g<0></bdi>", str(escape(words))))  # noqa: S704 - escaped


@cache
def environment() -> Environment:
    """The one environment: autoescape for every name, missing values are errors."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["label"] = label
    made.filters["count"] = wording.count
    made.filters["isolated"] = isolated
    made.filters["distance"] = wording.distance
    return made


def render(template: str, **values: Any) -> str:
    """A template's HTML; every value is escaped."""
    return environment().get_template(template).render(**values)


@cache
def static_text(name: str) -> str:
    """A script or style sheet of ours that a component carries inline."""
    return (STATIC / name).read_text(encoding="utf-8")
