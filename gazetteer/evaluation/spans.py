"""Compares mentions found in the five source documents with our own annotation of them.

The annotation (mentions.csv) holds document, character span, the name and the place meant.
"""

from __future__ import annotations

import csv
from pathlib import Path

from ..gazetteer import Gazetteer
from .tally import f1, table

ANNOTATION = Path(__file__).parent / "mentions.csv"


def annotated() -> list[dict[str, str]]:
    """The annotated mentions, in order of document and start."""
    with ANNOTATION.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(gazetteer: Gazetteer, folder: Path) -> list[str]:
    """Span precision, recall and F1, the share of right places, and the errors."""
    if not folder.is_dir():
        return ["", "## Mentions", "", f"Skipped: {folder.name} is not there."]
    gold = {(r["document"], int(r["start"]), int(r["end"])): r["place"] for r in annotated()}
    texts = {d: (folder / d).read_text(encoding="utf-8") for d in sorted({k[0] for k in gold})}
    found: dict[tuple[str, int, int], list[str]] = {}
    for document, text in texts.items():
        for m in gazetteer.mentions(text):
            found[document, m.start, m.end] = [c.id for c in m.result.candidates]
    right = set(gold) & set(found)
    p, r, f = f1(len(right), len(found) - len(right), len(gold) - len(right))
    first = sum(found[k][0] == gold[k] for k in right)
    among = sum(gold[k] in found[k] for k in right)
    rows = [
        [
            str(len(gold)),
            f"{p:.3f}",
            f"{r:.3f}",
            f"{f:.3f}",
            f"{first}/{len(right)}",
            f"{among}/{len(right)}",
        ]
    ]
    header = [
        "annotated",
        "precision",
        "recall",
        "F1",
        "right place first",
        "right place among candidates",
    ]
    lines = table("Mentions in the five documents", header, rows)
    missed = [
        f"- missed {k[0][:3]}:{k[1]} {texts[k[0]][k[1] : k[2]]!r}"
        for k in sorted(set(gold) - set(found))
    ]
    extra = [
        f"- extra {k[0][:3]}:{k[1]} {texts[k[0]][k[1] : k[2]]!r}"
        for k in sorted(set(found) - set(gold))
    ]
    other = [f"- {k[0][:3]}:{k[1]} {texts[k[0]][k[1]:k[2]]!r} is {gold[k]}, not {found[k][0]}"
             for k in sorted(right) if found[k][0] != gold[k]]  # fmt: skip
    return [*lines, "", *missed, *extra, *other]
