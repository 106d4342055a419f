"""Counts of right and wrong answers and the plain tables made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Answers to one task on one half: counts, and the errors in words."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    scored: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, key: str, amount: int = 1) -> None:
        """Count one answer (or `amount`) under a key."""
        self.counts[key] = self.counts.get(key, 0) + amount

    def get(self, key: str) -> int:
        """A count; 0 for a key never counted."""
        return self.counts.get(key, 0)

    def share(self, key: str, of: str | None = None) -> str:
        """'97.5 % (39/40)' of all rows, or of another count; '–' of none."""
        total = self.rows if of is None else self.get(of)
        if total == 0:
            return "–"
        return f"{100 * self.get(key) / total:.1f} % ({self.get(key)}/{total})"


def f1(true_positive: int, false_positive: int, false_negative: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing was found."""
    precision = true_positive / (true_positive + false_positive) if true_positive else 0.0
    recall = true_positive / (true_positive + false_negative) if true_positive else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table under its title."""
    lines = ["", f"## {title}", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]
