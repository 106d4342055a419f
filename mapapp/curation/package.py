"""A change as files that a maintainer reviews: a small seeds folder and the difference (→ zip).

`mapapp check` and `mapapp import` take the folder as it is, and its record is read back into the
same claims.
"""

from __future__ import annotations

import difflib
import io
import zipfile
from collections.abc import Sequence

from mapapp.curation.document import Document, source_entry, yaml_text
from mapapp.domain.source import Source

#: A fixed time in the archive: the same change, the same bytes.
_TIME = (2000, 1, 1, 0, 0, 0)


def review_zip(
    own_id: str, text: str, sources: Sequence[Source], *, before: str, reason: str, by: str
) -> bytes:
    """The folder as a zip: record, its sources, and CHANGE.md with reason and difference.

    `text` is the record's YAML, `before` that of before the change, empty for a new record;
    `sources` are those that it cites.
    """
    path = f"incidents/{own_id}.yaml"
    difference = "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), text.splitlines(keepends=True), f"a/{path}",
            f"b/{path}",
        )
    )  # fmt: skip
    files = {
        path: text,
        "sources.yaml": yaml_text([source_entry(source) for source in sources]),
        "judgements.yaml": "[]\n",
        "CHANGE.md": f"# {own_id}\n\n{reason}\n\nBy {by}.\n\n```diff\n{difference}```\n",
    }
    if covers := _covers(sources):
        files["dataset.yaml"] = yaml_text(covers)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"seeds/{name}", _TIME), content)
    return out.getvalue()


def _covers(sources: Sequence[Source]) -> Document | None:
    """What the folder covers, where its sources say it: else reading them back would unsay it."""
    said = next((s for s in sources if s.covers_from and s.covers_to), None)
    if said is None:
        return None
    return {
        "covers_from": said.covers_from, "covers_to": said.covers_to,
        "countries": list(said.covers_countries),
        **({"provinces": list(said.covers_provinces)} if said.covers_provinces else {}),
        "watched": said.covers_watched, "how": said.covers_how,
    }  # fmt: skip
