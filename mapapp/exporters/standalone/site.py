"""The standalone page as a folder that any static host serves (claims → files): the page, one
script, one style, and its data in parts, which the browser fetches when it needs them.

Every file but the page has its hash in its name, so that it can be kept for ever. Data are
deflated: many static hosts send files as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from mapapp.exporters.extract import Extract
from mapapp.exporters.standalone import page
from mapapp.exporters.standalone.data import link_params, parted

#: Incidents whose panels come together: some 60 kB.
PART_INCIDENTS: Final = 250

#: Files of the folder itself alone, and nothing inline.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'"
)


def files(extract: Extract, head: str, *, feed: bool) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file; the page comes last, when all it asks for is there.

    `head` is the HTML of the page's title and of what a shared link shows; `feed` says whether
    feed.atom stands beside it. Raises InvalidInput above `page.MAX_INCIDENTS`.
    """
    page.check_size(len(extract.incidents))
    main, details = parted(extract, PART_INCIDENTS)
    parts = []
    for number, detail in enumerate(details):
        named = _named(f"data/panels-{number}", "bin", page.packed(detail))
        parts.append(named[0])
        yield named
    config = page.config(extract) | {"params": link_params(extract)}
    data = _named("data/incidents", "bin", page.packed(main | {"config": config, "parts": parts}))
    outlines = _named("data/outlines", "bin", page.packed(page.outlines()))
    script = _named("page", "js", "\n;\n".join(page.scripts_of_page()).encode())
    style = _named("page", "css", "\n".join(page.styles_of_page()).encode())
    yield from (data, outlines, script, style)
    yield "index.html", page.render(
        "site.html", extract, policy=_POLICY, head=Markup(head),  # noqa: S704 - escaped by `head`
        data=data[0], outlines=outlines[0], script=script[0], style=style[0], feed=feed,
    )  # fmt: skip


def _named(stem: str, ending: str, content: bytes) -> tuple[str, bytes]:
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content
