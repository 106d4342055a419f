"""The HTML templates of the page: Jinja with autoescape always on, shown with `st.html`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mapapp.domain import wording
from mapapp.domain.vocab import label

TEMPLATES = Path(__file__).parents[1] / "templates"
STATIC = Path(__file__).parents[1] / "static"


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
    made.filters["distance"] = wording.distance
    return made


def render(template: str, **values: Any) -> str:
    """A template's HTML; every value is escaped."""
    return environment().get_template(template).render(**values)


@cache
def static_text(name: str) -> str:
    """A script or style sheet of ours that a component carries inline."""
    return (STATIC / name).read_text(encoding="utf-8")
