"""The page as a script, run without a browser: opening it, and what it shows."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from mapapp.ui.view_state import ViewState

SCRIPT = str(Path(__file__).resolve().parents[2] / "mapapp" / "ui" / "app.py")
FAYZABAD = "afg-2024-05-08-fayzabad-convoy"

#: A run that hangs is ended then, s; a busy machine is slow, not wrong.
TIMEOUT_S = 180


def new_page(**params: str) -> AppTest:
    """A session with these query parameters that has not run yet."""
    page = AppTest.from_file(SCRIPT, default_timeout=TIMEOUT_S)
    for name, value in params.items():
        page.query_params[name] = value
    return page


def ran(page: AppTest) -> AppTest:
    """Run the script; it must not fail."""
    page.run()
    assert not page.exception
    return page


def opened(**params: str) -> AppTest:
    """A session that has run once."""
    return ran(new_page(**params))


def view(page: AppTest) -> ViewState:
    found = page.session_state["view"]
    assert isinstance(found, ViewState)
    return found


def html(page: AppTest) -> str:
    """All HTML the page shows, without its style sheet."""
    bodies = [element.proto.body for element in page.get("html")]
    return "\n".join(body for body in bodies if "<style" not in body)
