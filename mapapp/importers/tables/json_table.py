"""GeoJSON features and other JSON lists as rows, read piece by piece (file → rows)."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.importers.tables import files
from mapapp.importers.tables.table import Cell, Fault, ReadOptions, Row, Shape, undecoded

_LIST = re.compile(r'"(features|incidents|Result|data|results)"\s*:\s*\[')
#: Where none of these is there, the only list of objects is the table.
_ANY_LIST = r'"({})"\s*:\s*\[\s*\{{'
_CRS = re.compile(r'"crs"\s*:\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)?\})')
#: What an answer in pages says of the next one; UCDP says it before the list.
_NEXT = re.compile(r'"(?:NextPageUrl|next_page_url|next)"\s*:\s*"([^"]+)"')
_SAYS_NEXT = re.compile(r'"(?:NextPageUrl|next_page_url|next)"\s*:')
#: How many items there are, on all pages.
_COUNT = re.compile(
    r'"(?:count|total|total_?[cC]ount|TotalCount|numberMatched|recordsTotal|total_results)"\s*:\s*'
    r"(\d{1,12})\b"
)
_PIECE = 2**18
#: One feature may be so long.
_MAX_ITEM_CHARS = 32 * 2**20

#: x and y of a layer's own coordinate system to degrees of longitude and latitude.
_Projection = Callable[[Any, Any], tuple[Any, Any]]

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
        self._before = ""  # what stands before the list
        self._project: _Projection | None = None
        notices: list[Problem] = []
        names: dict[str, None] = {}
        for item, _ in self._items(notices):  # whole: a name may come late
            if isinstance(item, dict):
                names |= dict.fromkeys(_names(item, self._project))
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
            if isinstance(item, _Unread):
                fault = Fault("", f"is no JSON ({item.why})", "Mend the line")
                yield Row(number, line, (item.text,), {}, (fault,))
                continue
            if not isinstance(item, dict):
                fault = Fault("", "is not an object", "Take it out of the list")
                yield Row(number, line, (json.dumps(item),), {}, (fault,))
                continue
            values = _flat(item, self._project)
            cells = tuple(values.get(name) for name in self.shape.header)
            yield Row(number, line, cells, values, undecoded(cells))
        self._done = 1.0

    def items(self) -> Iterator[dict[str, Any]]:
        """The objects as they are, for formats that nest."""
        for item, _ in self._items(self.shape.notices):
            if isinstance(item, dict):
                yield item

    def _find_list(
        self, buffer: str, pieces: _Pieces, notices: list[Problem]
    ) -> tuple[str, re.Match[str] | None]:
        """All that has to be read to find the list of objects, and where it begins: one of a name
        that is known, else the only one there is."""
        while not (found := _LIST.search(buffer)):
            piece = pieces.more()
            if not piece:
                break
            buffer += piece
            if len(buffer) > _MAX_ITEM_CHARS:
                _note(notices, _broken(self.path, 0, "no list of objects near its start"))
                return buffer, None
        if found:
            return buffer, found
        lists = _lists(buffer)
        if len(lists) == 1:
            return buffer, re.compile(_ANY_LIST.format(re.escape(lists[0][0]))).search(buffer)
        told = ", ".join(f"'{name}' has {count}" for name, count in lists)
        says = f"several lists of objects in it: {told}" if told else "no list of objects in it"
        _note(notices, _broken(self.path, 0, pieces.broke or says))
        return buffer, None

    def _items(self, notices: list[Problem]) -> Iterator[tuple[Any, int]]:
        decoder = json.JSONDecoder()
        with files.open_text(self.path, self.encoding) as text:
            pieces = _Pieces(text)
            buffer = pieces.more().lstrip("\ufeff \t\r\n")
            at = 1
            by_line, one_a_line = _is_lines(buffer), _has_whole_lines(buffer)
            if by_line:
                at = 0
            elif buffer[:1] != "[":
                buffer, found = self._find_list(buffer, pieces, notices)
                if found is None:
                    return
                self.container, at = found[1], found.start() + found[0].index("[") + 1
                self._before = buffer[: found.start()]
                if crs := _CRS.search(buffer, 0, found.start()):
                    self._project = _projection(crs[1], self.path, notices)
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
                    self._look_behind(buffer[1:], number, pieces, notices)
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
                    if one_a_line and (end := buffer.find("\n")) >= 0:
                        number += 1
                        yield _Unread(buffer[:end], str(item)), line
                        at = end
                        continue
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

    def _look_behind(
        self, behind: str, number: int, pieces: _Pieces, notices: list[Problem]
    ) -> None:
        """Take note of what the end of the file says of its `number` items: that it is cut off,
        that there are more, or that another list follows."""
        while piece := pieces.more():
            behind = (behind + piece)[-4 * _PIECE :]
        behind = behind.strip()
        if pieces.broke:
            _note(notices, _broken(self.path, number, pieces.broke))
        elif self.container and not behind.endswith("}"):
            _note(notices, _broken(self.path, number, "its end is missing"))
        elif not self.container and behind:
            _note(notices, _broken(self.path, number, f"more follows its list: {behind[:20]}…"))
        around = f"{self._before}\n{behind if self.container else ''}"
        if more := _NEXT.search(around):
            _note(notices, _one_page(self.path, f"the next is {more[1]}"))
        elif _SAYS_NEXT.search(around):
            return  # the last page of several
        elif (most := max((int(own[1]) for own in _COUNT.finditer(around)), default=0)) > number:
            _note(notices, _one_page(self.path, f"it counts {most:,}, and {number:,} are here"))


def _is_lines(beginning: str) -> bool:
    """Whether a text is objects one after the other (JSON Lines), one of which may be broken."""
    if beginning[:1] != "{":
        return False
    decoder = json.JSONDecoder()
    try:
        _, end = decoder.raw_decode(beginning)
        return beginning[end:].lstrip()[:1] == "{"
    except (ValueError, RecursionError):
        pass
    return _has_whole_lines(beginning)


def _has_whole_lines(beginning: str) -> bool:
    """Whether one of the first lines is an object by itself."""
    for line in beginning.splitlines()[:4]:
        try:
            if json.loads(line):
                return line.lstrip()[:1] == "{"
        except (ValueError, RecursionError):
            continue
    return False


@dataclass(frozen=True, slots=True)
class _Unread:
    """A line that is no JSON, and why."""

    text: str
    why: str


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


def _one_page(path: Path, why: str) -> Problem:
    return Problem(
        path.name, "", f"is one page of an answer in several; {why}",
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


def _names(item: dict[str, Any], project: _Projection | None) -> Iterator[str]:
    """The names of the columns that `_flat` gives an object."""
    if item.get("type") != "Feature":
        return map(str, item)
    return iter(_flat(item, project))


def _only_point(geometry: dict[str, Any]) -> list[Any] | None:
    """The coordinates of a point, also of a collection of one; None for any other geometry."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        inner = geometry.get("geometries")
        one = inner[0] if isinstance(inner, list) and len(inner) == 1 else None
        return _only_point(one) if isinstance(one, dict) else None
    if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        (coordinates,) = coordinates
    if kind in ("Point", "MultiPoint") and isinstance(coordinates, list) and len(coordinates) >= 2:
        return None if isinstance(coordinates[0], list) else coordinates
    return None


def _flat(item: dict[str, Any], project: _Projection | None) -> dict[str, Cell]:
    """An object as columns: a feature's properties beside its point; what nests is JSON text."""
    source = item
    if item.get("type") == "Feature":
        source = dict(item.get("properties") or {})
        if "id" in item:
            source.setdefault("id", item["id"])
        geometry = item.get("geometry") or {}
        spot = _only_point(geometry)
        if spot is not None:
            lng, lat = project(spot[0], spot[1]) if project else spot[:2]
            # Columns of the same name are UCDP's own and say the same.
            source.setdefault(LNG, lng)
            source.setdefault(LAT, lat)
        elif geometry and geometry.get("coordinates") != []:
            source.setdefault(GEOMETRY, geometry)
    return {str(name): _cell(value) for name, value in source.items()}


def _cell(value: Any) -> Cell:
    """A value of JSON as a cell; MongoDB's {"$date": …} is what it holds."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        return _cell(next(iter(value.values())))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    own: Cell = value
    return own


def _projection(crs: str, path: Path, notices: list[Problem]) -> _Projection | None:
    """What turns a layer's coordinates into degrees; None where they are degrees already.

    Raises InvalidInput for a coordinate system that is not known.
    """
    name = str(json.loads(crs).get("properties", {}).get("name", ""))
    if not name or "CRS84" in name or re.search(r"EPSG:.*:?4326$", name):
        return None
    import pyproj  # only projected layers need it

    try:
        made = pyproj.Transformer.from_crs(name, "OGC:CRS84", always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise InvalidInput(
            f"{path.name} has the coordinate system '{name}', which is not known here. Save the "
            "layer again as GeoJSON in WGS 84 (EPSG:4326)"
        ) from error
    _note(notices, Problem(path.name, "crs", f"its coordinates are of {name} and were turned into "
                           "degrees", "Look at the preview", "warning"))  # fmt: skip

    def project(x: Any, y: Any) -> tuple[Any, Any]:
        try:
            lng, lat = made.transform(float(x), float(y))
        except (TypeError, ValueError):
            return x, y
        return round(lng, 6), round(lat, 6)

    return project


def _lists(text: str) -> list[tuple[str, int]]:
    """The lists of objects in an object or one level below, by name, with their lengths."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return []
    found: list[tuple[str, int]] = []
    for name, value in whole.items() if isinstance(whole, dict) else ():
        inner = value.items() if isinstance(value, dict) else ((name, value),)
        found += [
            (own, len(items)) for own, items in inner
            if isinstance(items, list) and items and isinstance(items[0], dict)
        ]  # fmt: skip
    return found
