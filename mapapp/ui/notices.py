"""What the page says when something cannot be shown: what happened, where, and what to try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.problems import (
    InvalidInput,
    MapAppError,
    NotFound,
    NotPublished,
    Problem,
    StoreUnavailable,
)
from mapapp.ui.parts.plain_text import plain
from mapapp.ui.parts.templating import STATIC, render

_HEADS: tuple[tuple[type[MapAppError], str], ...] = (
    (NotFound, "Not found"),
    (InvalidInput, "This cannot be used"),
    (NotPublished, "Recorded, but not shown yet"),
    (StoreUnavailable, "The data cannot be read just now"),
)


def head(error: MapAppError) -> str:
    """The first words for a kind of error."""
    return next((words for kind, words in _HEADS if isinstance(error, kind)), "This did not work")


def error_html(error: MapAppError) -> str:
    """An error a person can do something about; its message says what and how."""
    return render("notice.html", head=head(error), body=str(error), items=())


def unwritable_html(hindrance: str) -> str:
    """That changes cannot be recorded now, for who would make them; readers lose nothing."""
    return render(
        "notice.html",
        head="Nothing can be recorded just now",
        body=f"What you see is what was last published. Changes cannot be recorded: {hindrance}. "
        "Once that is mended, go on; nothing needs a restart.",
        items=(),
    )


def waiting_html(published: datetime) -> str:
    """That a server began while its log's database was away."""
    at = published.astimezone(UTC)
    return render(
        "notice.html",
        head="What was last published is shown",
        body=f"The database that the map is made of does not answer since this server started. "
        f"You see what it published on {wording.short_day(at.date())}, {at:%H:%M} UTC. Until the "
        "database is back nothing can be recorded and nobody can sign in; then this page goes on "
        "by itself.",
        items=(),
    )


def link_problems_html(problems: Sequence[Problem]) -> str:
    """One quiet notice of what could not be used in the link."""
    alike: dict[tuple[str, str], list[str]] = {}  # what is wrong in the same way is said once
    for problem in problems:
        alike.setdefault((problem.fault, problem.remedy), []).append(problem.field)
    items = [
        f"{', '.join(fields)}: {fault}. {remedy[:1].upper()}{remedy[1:]}"
        for (fault, remedy), fields in alike.items()
    ]
    return render(
        "notice.html",
        head="Not everything in the link was found",
        body="What was found is shown.",
        items=items,
    )


def empty_html(culprits: Sequence[str]) -> str:
    """What an empty selection says: which filter empties it, where one alone does."""
    if culprits:
        body = "One filter alone empties it: clearing just that one shows incidents again."
    else:
        body = "The filters together leave nothing."
    return render("notice.html", head="No incident matches", body=body, items=())


def clear_label(words: str, left: int) -> str:
    """The label of the button that clears one filter and how many incidents it brings back."""
    named = words if words.startswith("“") else f"“{words}”"
    return f"Clear {plain(named)} ({wording.counted(left, 'incident')})"


def show_failure(error: Exception) -> bool:
    """What the page shows for a fault of ours; True, for it has been shown. Its trace is logged."""
    st.html(STATIC / "page.css")
    body = (
        f"The page met a fault of its own ({type(error).__name__}); the log of the server has the "
        "details. Reload the page. If it comes again, open it without what follows “?” in the link."
    )
    st.html(render("notice.html", head="This did not work", body=body, items=()))
    return True
