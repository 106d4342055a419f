"""The rule in plain sight: its sentence beside the totals, and what each rule would give."""

from __future__ import annotations

import pytest

from mapapp.domain.vocab import Rule
from mapapp.domain.wording import RULE_NAMES, RULE_SENTENCES
from mapapp.query.questions.figures import RangeTotal
from mapapp.ui.head.rule_choice import best_words
from mapapp.ui.parts.templating import render


class Totals:
    """The part of `Figures` that is asked for."""

    def __init__(self, killed: int | None, wounded: int | None, rule: Rule) -> None:
        self.killed = RangeTotal(1, killed, 5000, False, 0, rule)
        self.wounded = RangeTotal(None, wounded, None, False, 3, rule)


@pytest.mark.parametrize("rule", list(Rule))
def test_every_total_has_the_sentence_of_its_rule(rule: Rule) -> None:
    words = best_words(Totals(1234, None, rule), rule)  # type: ignore[arg-type]
    assert words == f"Best by the rule “{RULE_NAMES[rule]}”: 1,234 killed. {RULE_SENTENCES[rule]}"


def test_what_is_not_known_is_not_zero() -> None:
    html = render("rules.html", rows=[("lowest", None, 0, True), ("highest", 12, 3000, False)])
    assert "<td>unknown</td><td>0</td>" in html
    assert "<td>12</td><td>3,000</td>" in html
    assert html.count("in use") == 1
