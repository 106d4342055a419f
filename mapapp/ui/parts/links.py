"""Addresses: the selection's, for what asks the data routes, and those that data bring."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from mapapp.query import selection_to_params
from mapapp.ui.view_state import ViewState


def query(view: ViewState) -> str:
    """The selection, and the time it is seen as of, as a query of the data routes."""
    params = selection_to_params(view.selection)
    if view.as_of is not None:
        params["as_of"] = view.as_of.text
    return urlencode(params, doseq=True)


def timeless_query(view: ViewState) -> str:
    """The same without the selection's days: map and timeline hold the days apart."""
    timeless = replace(view.selection, date_from=None, date_to=None, date_certain=False)
    return query(replace(view, selection=timeless))
