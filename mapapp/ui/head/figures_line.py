"""The line of figures above the map, and the same totals by victim group in one click."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import VictimGroup, label
from mapapp.domain.wording import RULE_SENTENCES
from mapapp.query import Dashboard, Figures, RangeTotal
from mapapp.query.questions.figures import GroupTotals
from mapapp.ui import session
from mapapp.ui.head.rule_choice import show_rule
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import render


def tip(total: RangeTotal) -> str:
    """What the ⓘ beside a range says: how it is made, its best figure, and what is missing."""
    parts = [
        "The sum of the lowest to the sum of the highest figures that speakers give. "
        "Attackers are left out."
    ]
    if total.high_open:
        parts.append("≥: some highest figure is itself only “at least”.")
    if total.best is not None:
        parts.append(f"{RULE_SENTENCES[total.rule]} In sum: {wording.count(total.best)}.")
    if total.unknown:
        without = wording.counted(total.unknown, "incident")
        parts.append(f"{without} without a number; not known is not zero.")
    return " ".join(parts)


def figures_html(figures: Figures, *, apart: Collection[str] = ()) -> str:
    """The figures as HTML, with how many lie in the chosen days and places only possibly.

    `apart` names what a button beside the line counts: "disputed", "not mappable".
    """
    return render(
        "figures.html",
        incidents=figures.incidents,
        doubt=figures.doubt,
        measures=[
            # Of no incidents nothing is unknown.
            (words, str(total) if figures.incidents else "–", tip(total))
            for words, total in (
                ("reported killed", figures.killed),
                ("reported wounded", figures.wounded),
            )
        ],
        unclaimed=figures.unclaimed,
        disputed=None if "disputed" in apart else figures.disputed,
        not_mappable=None if "not mappable" in apart else figures.not_mappable,
    )


def breakdown_html(groups: Mapping[VictimGroup, GroupTotals]) -> str:
    """Totals for civilians, security forces and officials, armed groups, attackers, others."""
    rows = [
        (label(group), str(killed), str(wounded))
        for group, (killed, wounded) in groups.items()
        if killed.low is not None or wounded.low is not None or group in _ALWAYS
    ]
    return render("breakdown.html", rows=rows)


#: Incidents listed under "not mappable"; the table has them all.
MAX_LISTED = 30

_ALWAYS = frozenset({VictimGroup.CIVILIANS, VictimGroup.SECURITY, VictimGroup.ATTACKERS})


def show_figures(dash: Dashboard, selection: Selection, figures: Figures) -> None:
    """Draw the line; the breakdown and the list of what is not mappable open in place."""
    apart = set()
    if figures.disputed and not st.context.is_embedded:  # else there is no tab to go to
        apart.add("disputed")
    if figures.not_mappable:
        apart.add("not mappable")
    with st.container(key="figures", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(figures_html(figures, apart=apart), width="stretch")
        if "disputed" in apart:
            st.button(
                f"**{wording.count(figures.disputed)}** where sources differ →",
                key="to_disputes",
                type="tertiary",
                on_click=session.change,
                kwargs={"tab": "disagreements", "incident": None},
            )
        with st.popover(
            "By victim group", type="tertiary", key="breakdown", on_change="rerun"
        ) as breakdown:
            if breakdown.open:
                st.html(breakdown_html(dash.by_victim_group(selection)))
        if figures.not_mappable:
            with st.popover(
                f"{wording.count(figures.not_mappable)} not mappable",
                type="tertiary",
                key="unmappable",
                on_change="rerun",
            ) as listed:
                if listed.open:
                    _unmappable(dash, selection)
        show_rule(dash, selection, figures)


def _unmappable(dash: Dashboard, selection: Selection) -> None:
    st.html("<p>Their place is not known finer than the country, so no mark would be honest.</p>")
    for row in dash.unmappable(selection).slice(0, MAX_LISTED).to_pylist():
        when = wording.iso_interval(row["earliest"], row["latest"])
        st.button(
            plain(f"{when}: {row['title']}"),
            key=f"unmappable_{row['id']}",
            type="tertiary",
            on_click=session.change,
            kwargs={"incident": row["id"]},
        )
    left = dash.figures(selection).not_mappable - MAX_LISTED
    if left > 0:
        st.caption(f"{wording.count(left)} more stand in the table.")
