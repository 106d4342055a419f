"""The rule for best figures in plain sight: its sentence, the switch, totals under each rule."""

from __future__ import annotations

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.domain.wording import RULE_NAMES, RULE_SENTENCES
from mapapp.query import Dashboard, Figures
from mapapp.ui import session
from mapapp.ui.parts.templating import render


def best_words(figures: Figures, rule: Rule) -> str:
    """ "Best by the rule “lowest”: 369 killed, 198 wounded. The best figure is …"."""
    said = [
        f"{wording.count(total.best)} {name}"
        for name, total in (("killed", figures.killed), ("wounded", figures.wounded))
        if total.best is not None
    ]
    sums = f": {', '.join(said)}" if said else ""
    return f"Best by the rule “{RULE_NAMES[rule]}”{sums}. {RULE_SENTENCES[rule]}"


def show_rule(dash: Dashboard, selection: Selection, figures: Figures) -> None:
    """What the rule in use means and gives in sum, and the popover in which it can be switched."""
    with st.container(key="rule_line", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            render(
                "rule_line.html",
                words=best_words(figures, selection.rule),
                why=RULE_SENTENCES[selection.rule],
            ),
            width="stretch",
        )
        with st.popover(
            "Change the rule", type="tertiary", key="rule_choice", on_change="rerun"
        ) as opened:
            if opened.open:
                _choice(dash, selection)


def _choice(dash: Dashboard, selection: Selection) -> None:
    session.follow("rule", selection.rule)
    st.radio(
        "Best figure by",
        list(Rule),
        key="rule",
        format_func=lambda rule: RULE_NAMES[rule],
        captions=[RULE_SENTENCES[rule] for rule in Rule],
        on_change=session.from_widget("rule", lambda rule: session.select(rule=rule)),
    )
    totals = dash.rule_totals(selection)
    st.html(
        render(
            "rules.html",
            rows=[
                (RULE_NAMES[rule], own.killed, own.wounded, rule is selection.rule)
                for rule, own in totals.items()
            ],
        )
    )
