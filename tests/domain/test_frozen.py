"""What the domain hands on cannot be changed by who gets it."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import fields, is_dataclass

import pytest

import mapapp.domain

MODULES = sorted(found.name for found in pkgutil.iter_modules(mapapp.domain.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_every_dataclass_is_frozen(name: str) -> None:
    module = importlib.import_module(f"mapapp.domain.{name}")
    own = [
        value for value in vars(module).values()
        if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__
    ]  # fmt: skip
    for kind in own:
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
        assert fields(kind)


def test_the_domain_has_modules() -> None:
    assert {"claim", "incident", "problems"} <= set(MODULES)
