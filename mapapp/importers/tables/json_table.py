"""GeoJSON features and other JSON lists as rows, read piece by piece (file → rows)."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers.tables import files
from mapapp.importers.tables.table import Cell, Fault, ReadOptions, Row, Shape, undecoded

_LIST = re.compile(r'"(features|incidents|Result|data|results)"\s*:\s*\[')
#: What an answer in pages says of the next one; UCDP says it before the list.
_NEXT = re.compile(r'"(?:NextPageUrl|next_page_url|next)"\s*:\s*"([^"]+)"')
_PIECE = 2**18
#: One feature may be so long.
_MAX_ITEM_CHARS = 32 * 2**20

#: What a geometry becomes; a point's longitude comes first in GeoJSON (RFC 7946).
LNG, LAT, GEOMETRY = "longitude", "latitude", "geometry"


class JsonTable:
    """A FeatureCollection, our own export, an API answer, or a plain list of objects."""

    kind = "json"
    delimiter = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path = path
        self.encoding = options.encoding or files.encoding_of(path)[0]
        self._size = max(1, path.stat().st_size)
        self._done = 0.0
        self.container = ""
        notices: list[Problem] = []
        names: dict[str, None] = {}
        for item, _ in self._items(notices):  # whole: a name may come late
            if isinstance(item, dict):
                names |= dict.fromkeys(_names(item))
        if not names:
            said = notices[0].fault if notices else "no list of objects in it"
            raise InvalidInput(
                f"{path.name} is JSON without a table ({said}). A GeoJSON FeatureCollection, a "
                "list of objects, one object a line, or our own export can be imported"
            )
        self.shape = Shape(tuple(names), 0, notices=notices)

    def done(self) -> float:
        """How much has been read, 0 to 1."""
        return self._done

    def rows(self) -> Iterator[Row]:
        """One row a feature or object."""
        number = 0
        for item, line in self._items(self.shape.notices):
            number += 1
            if not isinstance(item, dict):
                fault = Fault("", "is not an object", "Take it out of the list")
                yield Row(number, line, (json.dumps(item),), {}, (fault,))
                continue
            values = _flat(item)
            cells = tuple(values.get(name) for name in self.shape.header)
            yield Row(number, line, cells, values, undecoded(cells))
        self._done = 1.0

    def items(self) -> Iterator[dict[str, Any]]:
        """The objects as they are, for formats that nest."""
        for item, _ in self._items(self.shape.notices):
            if isinstance(item, dict):
                yield item

    def _items(self, notices: list[Problem]) -> Iterator[tuple[Any, int]]:
        decoder = json.JSONDecoder()
        with files.open_text(self.path, self.encoding) as text:
            pieces = _Pieces(text)
            buffer = pieces.more().lstrip("\ufeff \t\r\n")
            at = 1
            by_line = _is_lines(buffer, decoder)
            if by_line:
                at = 0
            elif buffer[:1] != "[":
                while not (found := _LIST.search(buffer)):
                    piece = pieces.more()
                    if not piece:
                        _note(notices, _broken(self.path, 0, "no list of objects in it"))
                        return
                    buffer += piece
                    if len(buffer) > _MAX_ITEM_CHARS:
                        _note(notices, _broken(self.path, 0, "no list of objects near its start"))
                        return
                self.container, at = found[1], found.end()
                if more := _NEXT.search(buffer, 0, found.start()):
                    _note(notices, _one_page(self.path, more[1]))
            number, line = 0, 1 + buffer.count("\n", 0, at)
            while True:
                rest = buffer[at:].lstrip(" \t\r\n,")
                line += buffer.count("\n", at, len(buffer) - len(rest))
                buffer, at = rest, 0
                if not buffer:
                    buffer = pieces.more()
                    if buffer:
                        continue
                    if by_line and not pieces.broke:
                        return
                    _note(notices, _broken(self.path, number, pieces.broke or "its end is missing"))
                    return
                if buffer[0] == "]":
                    return
                try:
                    item, at = decoder.raw_decode(buffer)
                    complete = at < len(buffer) or buffer[0] in "{["
                except ValueError as error:
                    complete, item = False, error
                except RecursionError:
                    _note(notices, _broken(self.path, number, "it nests too deeply"))
                    return
                if not complete:
                    piece = pieces.more()
                    if piece and len(buffer) < _MAX_ITEM_CHARS:
                        buffer, at = buffer + piece, 0
                        continue
                    _note(notices, _broken(self.path, number, pieces.broke or str(item)))
                    return
                number += 1
                yield item, line
                line += buffer.count("\n", 0, at)
                self._done = min(1.0, pieces.position() / self._size)


def _is_lines(beginning: str, decoder: json.JSONDecoder) -> bool:
    """Whether a text is objects one after the other (JSON Lines)."""
    if beginning[:1] != "{":
        return False
    try:
        _, end = decoder.raw_decode(beginning)
    except (ValueError, RecursionError):
        return False
    return beginning[end:].lstrip()[:1] == "{"


class _Pieces:
    """A text in pieces, which remembers where a packed file broke off."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.broke = ""

    def more(self) -> str:
        try:
            return self._text.read(_PIECE)
        except (EOFError, zlib.error, OSError) as error:
            self.broke = str(error)
            return ""

    def position(self) -> int:
        return files.position(self._text)


def _one_page(path: Path, following: str) -> Problem:
    return Problem(
        path.name, "", f"is one page of an answer in several; the next is {following}",
        "Bring the other pages too, one by one: each adds its rows", "warning",
    )  # fmt: skip


def _note(notices: list[Problem], problem: Problem) -> None:
    """Take note of something, once however often the file is read."""
    if problem not in notices:
        notices.append(problem)


def _broken(path: Path, number: int, why: str) -> Problem:
    return Problem(
        f"{path.name} after item {number}", "", f"the file breaks off or is not JSON ({why})",
        "Download it again and import it once more: what is here already will add nothing",
    )  # fmt: skip


def _names(item: dict[str, Any]) -> Iterator[str]:
    """The names of the columns that `_flat` gives an object."""
    if item.get("type") != "Feature":
        return map(str, item)
    return iter(_flat(item))


def _flat(item: dict[str, Any]) -> dict[str, Cell]:
    """An object as columns: a feature's properties beside its point; what nests is JSON text."""
    source = item
    if item.get("type") == "Feature":
        source = dict(item.get("properties") or {})
        if "id" in item:
            source.setdefault("id", item["id"])
        geometry = item.get("geometry") or {}
        coordinates = geometry.get("coordinates")
        if geometry.get("type") == "Point" and isinstance(coordinates, list):
            if len(coordinates) >= 2:
                # Columns of the same name are UCDP's own and say the same.
                source.setdefault(LNG, coordinates[0])
                source.setdefault(LAT, coordinates[1])
        elif geometry:
            source.setdefault(GEOMETRY, geometry)
    return {
        str(name): json.dumps(value, ensure_ascii=False)
        if isinstance(value, (dict, list))
        else value
        for name, value in source.items()
    }
