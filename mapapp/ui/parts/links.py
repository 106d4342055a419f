"""Addresses: the selection's, for what asks the data routes, and those that data bring."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

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


def web_address(url: str | None) -> str | None:
    """The address where it is one of the web (http or https), else None: it is shown as no link."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None
