"""Streamlit's font of icons with those that its front end and our pages name (serves route).

It has four thousand, 375 kB, of which some five hundred are ever named: 50 kB. It is cut while the
server warms up; until then, and where it cannot be cut, the whole font is sent.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mapapp.web.assets import FOR_EVER
from mapapp.web.caching import conditional
from mapapp.web.server.base import path_of

_LOG = logging.getLogger(__name__)

#: An icon's name as its front end has it, "check", or as a program writes it, ":material/check:".
_QUOTED: Final = re.compile(r"""["'`](?::material/)?([a-z0-9][a-z0-9_]{1,40}):?["'`]""")
_WRITTEN: Final = re.compile(r":material/([a-z0-9_]+):")

#: The lookup of a font that makes one glyph of several letters, and what points to a far one.
_LIGATURES: Final = 4
_EXTENSION: Final = 7


class Icons:
    """The font: `folder` is the front end's, `programs` those whose sources name icons."""

    def __init__(self, folder: Path, *programs: Path) -> None:
        (self._file,) = (folder / "media").glob("MaterialSymbols-Rounded.*.woff2")
        self._scripts, self._programs = folder / "js", programs
        self._cut: bytes | None = None

    def cut(self) -> None:
        """Make the small font. Takes a second or two."""
        try:
            self._cut = _of(self._file, set(self._names()))
        except Exception:  # a font of another make costs readers its size, not their icons
            _LOG.exception("the font of icons is sent whole")

    @property
    def path(self) -> str:
        """The font's address below the page, which is Streamlit's own."""
        return f"/static/media/{self._file.name}"

    def answer(self, request: Request) -> Response:
        """The font as it is now."""
        content = self._cut if self._cut is not None else self._file.read_bytes()
        return conditional(
            request, lambda: content, etag=f"{self._file.stem}-{len(content)}",
            media_type="font/woff2", cache_control=FOR_EVER,
        )  # fmt: skip

    def _names(self) -> Iterator[str]:
        for path in self._scripts.glob("*.js"):
            yield from _QUOTED.findall(path.read_text("utf-8"))
        for folder in self._programs:
            for path in folder.rglob("*.py"):
                yield from _WRITTEN.findall(path.read_text("utf-8"))


class SmallIcons:
    """Middleware: answers for the font; Streamlit lets no route begin with /static."""

    def __init__(self, app: ASGIApp, icons: Icons) -> None:
        self.app, self._icons = app, icons

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http" or path_of(scope) != self._icons.path:
            await self.app(scope, receive, send)
            return
        await self._icons.answer(Request(scope))(scope, receive, send)


def _of(file: Path, names: set[str]) -> bytes:
    """The font with the icons of these names, as far as it has them, and the letters of those."""
    font = TTFont(file)
    icons = {name: glyph for name, glyph in _ligatures(font) if name in names}
    options = subset.Options()
    options.layout_closure = False  # else every icon that can be spelt with the letters stays
    options.layout_features = ["*"]
    options.flavor = "woff2"
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(set("".join(icons)))), glyphs=list(icons.values()))
    cutter.subset(font)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()


def _ligatures(font: TTFont) -> Iterator[tuple[str, str]]:
    """Name and glyph of each icon."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    table: Any = font["GSUB"].table
    for lookup in table.LookupList.Lookup:
        for part in lookup.SubTable:
            part = part.ExtSubTable if part.LookupType == _EXTENSION else part
            if part.LookupType != _LIGATURES:
                continue
            for first, found in part.ligatures.items():
                for one in found:
                    glyphs = (first, *one.Component)
                    if all(glyph in letters for glyph in glyphs):
                        yield "".join(letters[glyph] for glyph in glyphs), one.LigGlyph
