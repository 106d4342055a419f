"""Streamlit's front end in one file (serves route).

It comes as some three hundred small modules, of which a first view asks for a hundred, by HTTP/1.1
six at a time: on a line that takes 400 ms to answer that alone is seven seconds. Here those that a
first view needs travel together, and the page's script (`boot.js`) gives them to the browser as
modules by an import map. What else it may ask for later comes one by one, as ever.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mapapp.map.bundle import ASSETS
from mapapp.web.assets import ASK_AGAIN, FOR_EVER
from mapapp.web.caching import SafetyHeaders, conditional

PATH: Final = "assets/front-end.json"

#: Modules beside the entry whose elements a first view has, by the first part of their file's name.
#: A test names one that an upgrade has renamed.
OF_FIRST_VIEW: Final = (
    "BidiComponent", "Button", "ButtonGroup", "ComponentInstance", "DateInput", "Html", "Selectbox",
    "TextInput",
)  # fmt: skip

#: Streamlit's page is in its own font (170 kB) until it hears of our theme, which has the system's.
#: Under that name it finds one that the machine has; only where there is none its own is fetched.
_FONT: Final = (
    "<style>@font-face{font-family:'Source Sans';font-weight:100 900;font-style:normal;src:"
    + ",".join(
        f"local('{name}')"
        for name in ("Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Arial")
    )
    + "}</style>"
)

#: Stands in the page for the nonce of one answer.
NONCE: Final = "{nonce}"

_SPECIFIER: Final = re.compile(r"""((?:\bfrom|\bimport|\bimport\())(["'`])\./([\w.$-]+\.js)\2""")
_STATIC: Final = re.compile(r"""(?:\bfrom|\bimport)["'`]\./([\w.$-]+\.js)["'`]""")
_PRELOADS: Final = re.compile(r"""\s*<link\s[^>]*rel="(?:modulepreload|preload)"[^>]*>""")
_ENTRY: Final = re.compile(
    r"""<script type="module"[^>]* src="\./static/js/([\w.$-]+\.js)"></script>"""
)


class FrontEnd:
    """The file, and the page that begins with it.

    `index` is the page's HTML, `folder` holds the modules; `files` and `modules` are addresses of
    scripts and styles that the first view needs besides, relative to the page.
    """

    def __init__(
        self, index: str, folder: Path, files: Sequence[str] = (), modules: Sequence[str] = ()
    ) -> None:
        entry = _ENTRY.search(index)
        assert entry, "the page's HTML has no module to begin with"
        self.names = of_first_view(folder, entry[1])
        texts = {name: _module(name, folder) for name in self.names}
        plain = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()
        self._packed = gzip.compress(plain, 9, mtime=0)
        self._plain = plain
        self.version = hashlib.sha256(plain).hexdigest()[:12]
        preloads = [_preload(url, module=False) for url in files]
        preloads += [_preload(url, module=True) for url in modules]
        self.index = self._page(index, entry[1], preloads)

    def _page(self, index: str, entry: str, preloads: Sequence[str]) -> str:
        """The page without what is in the file, and with the script that begins with it."""
        address = f"./{PATH}?v={self.version}"
        first = [f'<link rel="preload" as="fetch" crossorigin href="{address}" />', *preloads]
        boot = (ASSETS / "page" / "boot.js").read_text("utf-8")
        told = f'data-entry="{entry}" data-scripts="{address}"'
        start = f'<script nonce="{NONCE}" {told}>\n{boot}</script>'
        page = _ENTRY.sub("", _PRELOADS.sub("", index))
        assert page.count("<title>") == page.count("</head>") == 1
        page = page.replace("<title>", "\n    ".join([*first, "<title>"]))
        return page.replace("</head>", f"{_FONT}\n  {start}\n  </head>")

    def route(self) -> Route:
        """The route of the file."""
        return Route(
            f"/{PATH}", self._answer, methods=["GET"], middleware=[Middleware(SafetyHeaders)]
        )

    def _answer(self, request: Request) -> Response:
        packed = "gzip" in request.headers.get("accept-encoding", "")
        answer = conditional(
            request,
            lambda: self._packed if packed else self._plain,
            etag=self.version,
            media_type="application/json",
            cache_control=FOR_EVER if request.query_params.get("v") == self.version else ASK_AGAIN,
        )
        answer.headers["Vary"] = "Accept-Encoding"
        if packed and answer.status_code == 200:
            answer.headers["Content-Encoding"] = "gzip"
        return answer


def _preload(url: str, *, module: bool) -> str:
    """What has the browser ask for a file before anything names it."""
    kind = "style" if url.partition("?")[0].endswith(".css") else "script"
    # As modules are asked for. After a modulepreload many browsers hear of no import map.
    mode = " crossorigin" if module else ""
    return f'<link rel="preload" as="{kind}"{mode} href="{escape(url)}" />'


def of_first_view(folder: Path, entry: str) -> tuple[str, ...]:
    """The files that a first view needs: the entry, `OF_FIRST_VIEW`, and all that they import."""
    first = {path.name for path in folder.glob("*.js") if path.name.split(".")[0] in OF_FIRST_VIEW}
    return tuple(sorted(_with_imports(folder, [entry, *first])))


def _with_imports(folder: Path, names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += _STATIC.findall((folder / name).read_text("utf-8"))
    return found


def _module(name: str, folder: Path) -> str:
    """A module as it may stand anywhere: it names others, and itself, not by where it is."""
    text = _SPECIFIER.sub(r"\1\2streamlit/\3\2", (folder / name).read_text("utf-8"))
    return text.replace("import.meta.url", f'(globalThis.streamlitScripts+"{name}")')
