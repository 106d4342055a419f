"""Pages of the table and options of the filters, as the page's parts read them (query → JSON)."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date
from typing import Any, Final

from mapapp.domain.problems import InvalidInput, Problem
from mapapp.domain.selection import Selection
from mapapp.query import Dashboard
from mapapp.query.filters.params import printable
from mapapp.query.filters.table import CODES as PARTS
from mapapp.query.questions.rows import Cursor
from mapapp.query.questions.table_words import COLUMNS, ORDERS, row_words
from mapapp.web.params import TablePage

#: Rows of a page: two screens of them, and small enough to come with every change.
PAGE_ROWS: Final = 50

#: A list is cut to the options with most incidents; a narrower filter brings up the others.
MAX_OPTIONS: Final = 400


def table(dash: Dashboard, selection: Selection, page: TablePage) -> dict[str, Any]:
    """The answer to `/data/table`: `columns`, `rows` (values under them) and `next` ("": the end).

    Raises InvalidInput for an order or a place to go on from that cannot be.
    """
    if page.order not in ORDERS:
        raise _refuse(
            "order", "is no column to order by", f"Give one of {', '.join(sorted(ORDERS))}."
        )
    after = _read_cursor(page.after, page.order) if page.after else None
    found = dash.table(selection, page.order, page.descending, PAGE_ROWS, after)
    cursor = dash.cursor(found) if found.num_rows == PAGE_ROWS else None
    return {
        "columns": [
            {"name": c.name, "order": c.order, "help": c.help, "first": c.first, "number": c.number}
            for c in COLUMNS
        ],
        "rows": [row_words(row, selection.rule) for row in found.to_pylist()],
        "next": _write_cursor(cursor) if cursor else "",
    }


def facets(dash: Dashboard, selection: Selection, part: str) -> dict[str, Any]:
    """The answer to `/data/facets`: options of a part as {value, text, count, kind}, most first.

    What is chosen is there also where it would leave no incident. `kind` is the colour of an
    attribution kind, "" for other parts. Raises InvalidInput for a part without options.
    """
    if part not in PARTS:
        raise _refuse("part", "has no options", f"Give one of {', '.join(PARTS)}.")
    chosen = getattr(selection, part)
    return {
        "part": part,
        "options": [
            {
                "value": option.code,
                "text": option.label,
                "count": option.count,
                "kind": option.code if part == "kinds" else "",
            }
            for number, option in enumerate(dash.facet(selection, part))
            if number < MAX_OPTIONS or option.code in chosen
        ],
    }


def _write_cursor(cursor: Cursor) -> str:
    value, last_id = cursor
    plain = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(json.dumps([plain, last_id]).encode()).decode()


def _read_cursor(text: str, order: str) -> Cursor:
    try:
        value, last_id = json.loads(base64.urlsafe_b64decode(text.encode()))
        if order == "date" and value is not None:
            value = date.fromisoformat(value)
        if isinstance(last_id, str) and printable(last_id) and _fits(value, order):
            return value, last_id
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise _refuse("after", "is no place in this table", "Ask for the first page again.")


def _fits(value: Any, order: str) -> bool:
    """Whether a value can stand in a column: it becomes part of a question to the engine."""
    if value is None:
        return True
    if order == "date":
        return isinstance(value, date)
    if order in ("killed", "wounded", "speakers") or order.endswith(("_low", "_high")):
        return type(value) is int and abs(value) < 2**31
    return isinstance(value, str) and printable(value)


def _refuse(field: str, fault: str, remedy: str) -> InvalidInput:
    problem = Problem("request", field, fault, remedy)
    return InvalidInput(str(problem), (problem,))
