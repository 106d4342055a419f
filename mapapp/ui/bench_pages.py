"""The pages of work beside the map, and the ways into them; `app.py` asks here alone."""

from __future__ import annotations

from mapapp.query import Dashboard
from mapapp.ui import bench, services
from mapapp.ui.charts import compare
from mapapp.ui.curation import page as curation_page
from mapapp.ui.linking import page as linking_page
from mapapp.ui.read_page import page as read_page
from mapapp.ui.reader import unwritable
from mapapp.ui.view_state import ViewState


def show(dash: Dashboard, view: ViewState) -> bool:
    """Draw the page that is open instead of the map; False where none is.

    Decisions are made on the data of now, also where the map shows them as of an earlier time.
    """
    if compare.is_open(view):
        compare.show_page(dash, view)
        return True
    if bench.is_open(linking_page.NAME):
        unwritable.show_notice()
        linking_page.show_page(services.dashboard(), view)
        return True
    if bench.is_open(curation_page.NAME):
        unwritable.show_notice()
        curation_page.show_page()
        return True
    if bench.is_open(read_page.NAME):
        unwritable.show_notice()
        read_page.show_page()
        return True
    return False


def show_ways_in(dash: Dashboard) -> None:
    """The buttons that open them."""
    compare.show_way_in(dash)
    read_page.show_way_in()
    curation_page.show_way_in()
    linking_page.show_way_in()
