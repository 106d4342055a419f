"""The blocks of the documentation, each of which is run by a test or says why not.

Before a block stands a comment that no reader sees: `<!-- run: tests/test_docs.py -->` or
`<!-- not run: the reason -->`. A test runs what names it: see `blocks`.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "README.md",
    "gazetteer/README.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")),
)

_BLOCK = re.compile(
    r"(?:^ *<!-- (?P<how>run|not run): (?P<words>[^\n]+?) -->\n)?"
    r"^(?P<indent>[ ]*)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: what runs it (a path of a test), or why nothing does; both "" where it says
    nothing.
    """

    page: str
    language: str
    text: str
    run: str
    why_not: str


def of_page(page: str) -> list[Block]:
    """All blocks of a page."""
    text = (ROOT / page).read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        words = {match["how"]: match["words"]}
        found.append(
            Block(page, match["language"], match["text"], words.get("run", ""),
                  words.get("not run", ""))
        )  # fmt: skip
    assert len(found) * 2 == len(re.findall(r"^ *```", text, re.M)), (
        f"{page}: a block is not closed"
    )
    return found


def blocks(page: str, language: str, test: str) -> list[str]:
    """The texts of a page's blocks that this test runs; `test` is its `__file__`."""
    own = str(Path(test).resolve().relative_to(ROOT))
    texts = [b.text for b in of_page(page) if b.run == own and b.language == language]
    assert texts, f"{page} has no block of {language} that names {own}"
    return texts


def commands(page: str, test: str) -> list[list[str]]:
    """The arguments of each `python -m mapapp …` that a page's blocks for this test hold."""
    found = []
    for text in blocks(page, "sh", test):
        for line in text.splitlines():
            program, dash_m, name, *arguments = shlex.split(line, comments=True)
            assert (program, dash_m, name) == ("python", "-m", "mapapp"), line
            found.append(arguments)
    return found
