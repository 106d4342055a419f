"""What an editor does in a grid, as the browser tells it, and what comes of it (act → grid).

An act is plain JSON: `op` says what, the rest says of which row, cell or statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from mapapp.curation import grid as grids
from mapapp.curation.grid import Grid, State
from mapapp.domain.problems import InvalidInput

Act = Mapping[str, Any]


def apply(
    grid: Grid,
    act: Act,
    *,
    paragraph: str = "",
    guess: Callable[[str], str] = lambda name: "",
) -> Grid:
    """The grid after an act; `paragraph` is where a new statement stands unless it says so itself.

    `guess` gives the kind of speaker that a name shows, which is taken where none is said. Raises
    InvalidInput for an act that says what cannot be, or of what is not there.
    """
    do = OPS.get(_text(act, "op"))
    if do is None:
        raise InvalidInput(f"“{_text(act, 'op')}” is nothing that can be done in a grid")
    try:
        made = do(grid, act, paragraph)
        if act.get("op") == "speaker" and act.get("name") == "asserted_by":
            made = _guessed(made, _text(act, "row"), guess)
        return made
    except KeyError as error:
        raise InvalidInput("this row or statement is not there any more; look again") from error


def _text(act: Act, name: str) -> str:
    found = act.get(name, "")
    return found if isinstance(found, str) else ""


def _guessed(grid: Grid, row: str, guess: Callable[[str], str]) -> Grid:
    speaker = grid.speaker(row)
    if not speaker.asserted_by or speaker.speaker_class:
        return grid
    return grids.set_speaker(grid, row, "speaker_class", guess(speaker.asserted_by))


def _speaker(grid: Grid, act: Act, paragraph: str) -> Grid:
    return grids.set_speaker(grid, _text(act, "row"), _text(act, "name"), _text(act, "text"))


def _figures(grid: Grid, act: Act, paragraph: str) -> Grid:
    row, column, text = (_text(act, name) for name in ("row", "column", "text"))
    return grids.set_figures(grid, row, column, text, paragraph)


def _attribution(grid: Grid, act: Act, paragraph: str) -> Grid:
    row, value, kind, actor = (_text(act, name) for name in ("row", "value", "kind", "actor"))
    return grids.set_attribution(grid, row, value, kind, actor, paragraph)


def _other(grid: Grid, act: Act, paragraph: str) -> Grid:
    row, value, prop, text = (_text(act, name) for name in ("row", "value", "property", "text"))
    return grids.set_other(grid, row, value, prop, text, paragraph)


def _detail(grid: Grid, act: Act, paragraph: str) -> Grid:
    return grids.set_detail(grid, _text(act, "value"), _text(act, "name"), _text(act, "text"))


def _paragraph(grid: Grid, act: Act, paragraph: str) -> Grid:
    return grids.set_paragraph(grid, _text(act, "row"), _text(act, "text"))


def _drop(grid: Grid, act: Act, paragraph: str) -> Grid:
    return grids.drop_speaker(grid, _text(act, "row"))


def _reject(grid: Grid, act: Act, paragraph: str) -> Grid:
    return grids.reject(grid, _text(act, "value"))


def _accept(grid: Grid, act: Act, paragraph: str) -> Grid:
    return grids.put(grid, replace(grid.value(_text(act, "value")), state=State.ACCEPTED))


#: What can be done in a grid.
OPS: Final[Mapping[str, Callable[[Grid, Act, str], Grid]]] = {
    "speaker": _speaker,
    "figures": _figures,
    "attribution": _attribution,
    "other": _other,
    "detail": _detail,
    "paragraph": _paragraph,
    "drop": _drop,
    "accept": _accept,
    "reject": _reject,
}
