"""The named rules that choose a best figure, in words for the page."""

from __future__ import annotations

from mapapp.domain.vocab import Rule

RULE_NAMES: dict[Rule, str] = {
    Rule.INDEPENDENT_FIRST: "independent first",
    Rule.LOWEST: "lowest",
    Rule.HIGHEST: "highest",
    Rule.LATEST: "latest",
}

RULE_SENTENCES: dict[Rule, str] = {
    Rule.INDEPENDENT_FIRST: (
        "The best figure is that of the most independent speaker: monitor, medical, news medium, "
        "witness, local source, analyst, official, party to the conflict."
    ),
    Rule.LOWEST: "The best figure is the lowest that any speaker gives.",
    Rule.HIGHEST: "The best figure is the highest that any speaker gives.",
    Rule.LATEST: "The best figure is the one asserted last.",
}
