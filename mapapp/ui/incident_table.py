"""The table of incidents: all columns, sortable, a row opens its incident."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from mapapp.domain.actors import actor
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import NO_STATEMENT, label
from mapapp.query import Dashboard
from mapapp.ui import formatting, session
from mapapp.ui.rules import RULE_NAMES
from mapapp.ui.view_state import ViewState

#: Rows sent to the browser at once; the order is the server's, so that the first are the first.
MAX_ROWS = 200

#: Session keys: the incident whose row is marked, and how often that was changed from elsewhere.
_MARKED = "table_marked"
_GENERATION = "table_generation"

ORDERS = {
    ("date", True): "latest first",
    ("date", False): "earliest first",
    ("killed", True): "most reported killed",
    ("wounded", True): "most reported wounded",
    ("adm1_name", False): "province",
}


def display_frame(table: pa.Table, best_killed: str, best_wounded: str) -> pd.DataFrame:
    """The rows in words, one column a heading; `best_…` name the columns of the rule's figures."""
    return pd.DataFrame(
        [_row(row, best_killed, best_wounded) for row in table.to_pylist()], columns=list(COLUMNS)
    )


COLUMNS = (
    "Date", "Where", "What", "Killed", "Wounded", "Who did it", "Sources differ on", "Incident",
    "Province", "District", "Place as reported", "Place known to", "Date known to",
    "Date as reported", "Target", "Figures for", "Killed low", "Killed best", "Killed high",
    "Wounded low", "Wounded best", "Wounded high", "Sources", "Speakers", "Marked", "Country",
    "Dataset", "Record",
)  # fmt: skip

_NUMBERS = (
    "Killed low", "Killed best", "Killed high", "Wounded low", "Wounded best", "Wounded high",
    "Speakers",
)  # fmt: skip


def _row(row: dict[str, Any], best_killed: str, best_wounded: str) -> dict[str, Any]:
    where = dict.fromkeys(
        name for name in (row["place_name"] or row["place_text"], row["adm1_name"]) if name
    )
    marked = [name for name in ("background", "abroad") if row[name]]
    if not row["mappable"]:
        marked.append("not mappable")
    return {
        "Date": formatting.iso_interval(row["earliest"], row["latest"]),
        "Where": ", ".join(where),
        "What": label(row["event_type"]),
        "Killed": row["killed_text"],
        "Wounded": row["wounded_text"],
        "Who did it": perpetrator_text(row["actors"] or (), row["kinds"] or ()),
        "Sources differ on": ", ".join(map(formatting.property_label, row["disagreements"] or ())),
        "Incident": row["title"],
        "Province": row["adm1_name"],
        "District": row["adm2_name"],
        "Place as reported": row["place_text"],
        "Place known to": label(row["geo_precision"]),
        "Date known to": label(row["date_precision"]),
        "Date as reported": row["date_text"],
        "Target": row["target"] or label(row["target_type"]),
        "Figures for": ", ".join(map(label, row["victim_classes"] or ())),
        "Killed low": row["killed_low"],
        "Killed best": row[best_killed],
        "Killed high": row["killed_high"],
        "Wounded low": row["wounded_low"],
        "Wounded best": row[best_wounded],
        "Wounded high": row["wounded_high"],
        "Sources": ", ".join(row["source_ids"] or ()),
        "Speakers": row["speakers"],
        "Marked": ", ".join(marked),
        "Country": row["country"],
        "Dataset": row["dataset"],
        "Record": row["id"],
    }


def perpetrator_text(actors: Sequence[str], kinds: Sequence[str]) -> str:
    """ "ISKP · claimed, no claim reported"; "no statement" where nobody says anything."""
    if not kinds or tuple(kinds) == (NO_STATEMENT,):
        return label(NO_STATEMENT)
    names = ", ".join(actor(code).short for code in actors)
    said = ", ".join(map(label, kinds))
    return f"{names} · {said}" if names else said


def show_table(dash: Dashboard, view: ViewState, incidents: int) -> None:
    """Draw the table; `incidents` is how many the selection holds."""
    selection = view.selection
    order_by, descending = _order(incidents)
    table = dash.table(selection, order_by, descending, MAX_ROWS)
    rule = selection.rule.replace("-", "_")
    frame = display_frame(table, f"killed_best_{rule}", f"wounded_best_{rule}")
    ids = table["id"].to_pylist()
    key = _key(ids, view.incident)
    opened = [ids.index(view.incident)] if view.incident in ids else []
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=min(38 + 35 * max(len(frame), 1), 460),
        on_select=lambda: _open_row(key, ids),
        selection_mode="single-row",
        selection_default={"selection": {"rows": opened}},
        column_config=_column_config(selection),
        alt="Table of incidents; select a row to open its incident",
    )
    if incidents > len(ids):
        st.caption(
            f"The first {formatting.count(len(ids))} of {formatting.count(incidents)} incidents "
            "by this order. Narrow the filters, or export them all."
        )


def _key(ids: Sequence[str], incident: str | None) -> str:
    """The table's key: another where other rows stand in it, or another row is to be marked.

    A marked row is a number: with other rows under it, it would mean another incident.
    """
    if st.session_state.get(_MARKED) != incident:
        # Opened or closed elsewhere: only a new table marks a row by itself.
        st.session_state[_MARKED] = incident
        st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    rows = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
    return f"table_{rows}_{st.session_state.get(_GENERATION, 0)}"


def _order(incidents: int) -> tuple[str, bool]:
    """Within one page of rows a click on a heading sorts; beyond it the server has to."""
    if incidents <= MAX_ROWS:
        return ("date", True)
    orders = list(ORDERS)
    chosen: tuple[str, bool] = st.selectbox(
        "Order", orders, format_func=lambda order: ORDERS[order], key="table_order", width=240
    )
    return chosen


def _open_row(key: str, ids: Sequence[str]) -> None:
    rows = st.session_state[key].selection.rows
    incident = ids[rows[0]] if rows and rows[0] < len(ids) else None
    st.session_state[_MARKED] = incident
    session.change(incident=incident)


def _column_config(selection: Selection) -> dict[str, Any]:
    best = f"By the rule “{RULE_NAMES[selection.rule]}”"
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(name, format="localized") for name in _NUMBERS
    }
    config |= {
        "Date": st.column_config.TextColumn(pinned=True, width=170),
        "Where": st.column_config.TextColumn(width=200),
        "Killed": st.column_config.TextColumn(
            width="small", help="Reported killed, lowest to highest; attackers left out"
        ),
        "Wounded": st.column_config.TextColumn(
            width="small", help="Reported wounded, lowest to highest; attackers left out"
        ),
        "Incident": st.column_config.TextColumn(width="large"),
        "Killed best": st.column_config.NumberColumn(help=best),
        "Wounded best": st.column_config.NumberColumn(help=best),
        "Marked": st.column_config.TextColumn(
            help="Background and abroad are in the totals only when included"
        ),
    }
    return config
