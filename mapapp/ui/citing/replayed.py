"""A page opened by a citation's link: whether it still says what was cited (link → notice)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.selection import Selection
from mapapp.query.changes.changes import Changes
from mapapp.query.changes.fingerprint import fingerprint, incident_fingerprint, joint
from mapapp.query.changes.replay import Replay, replay, replay_incident, replay_two
from mapapp.store import Snapshot
from mapapp.ui import services, session
from mapapp.ui.citing import as_of, changes_tab
from mapapp.ui.citing.changes_tab import MAX_LISTED
from mapapp.ui.citing.cite import figures_text
from mapapp.ui.parts.templating import render
from mapapp.ui.view_state import ViewState, cited_parts

#: What changed of one thing: its id, its title, and what reads otherwise.
Line = tuple[str, str, list[str]]

#: What is cited, in the words of the notice.
_NOUNS = {"selection": "this selection", "incident": "this record", "compare": "either selection"}


def show_replay() -> None:
    """Draw the notice, with what changed since in one click."""
    view = session.current()
    if view.cited is None:
        return
    of, mark = cited_parts(view.cited)
    results = _results(view, of, mark)
    with st.container(key="replay", horizontal=True, vertical_alignment="center", gap="small"):
        lines = replay_lines(results, of)
        st.html(render("replay.html", lines=lines, hash=mark), width="stretch")
        moved = [result.since for result in results if result.since and result.since.total]
        if moved:
            with st.popover("What exactly", key="replay_changes"):
                lists = [item for since in moved for item in changed_lists(since)]
                st.html(render("replay_changes.html", lists=lists))
        st.button("Dismiss", key="replay_dismiss", type="tertiary", on_click=_dismiss)


def show_lost() -> None:
    """Of a citation whose time this installation has no data of: whether those of now agree."""
    view = session.current()
    if view.cited is None:
        return
    of, mark = cited_parts(view.cited)
    words = (
        "The data of now have the cited content hash: they are what was cited."
        if _mark(services.snapshot(), view, of) == mark
        else "The data of now have another content hash than was cited."
    )
    st.html(render("replay.html", lines=(words,), hash=mark))


def _sides(view: ViewState) -> tuple[Selection, Selection]:
    other = view.selection if view.compare is None else view.compare.other(view.selection)
    return view.selection, other


def _mark(snapshot: Snapshot, view: ViewState, of: str) -> str:
    if of == "incident":
        return incident_fingerprint(snapshot, view.incident or "", view.selection.rule)
    if of == "compare":
        return joint(*(fingerprint(snapshot, side) for side in _sides(view)))
    return fingerprint(snapshot, view.selection)


def _results(view: ViewState, of: str, mark: str) -> tuple[Replay, ...]:
    shown, current = as_of.snapshot(), services.snapshot()
    whole = not services.held_back(shown) and not services.held_back(current)
    store = services.store() if whole else None
    if of == "incident":
        key, rule = view.incident or "", view.selection.rule
        return (replay_incident(store, shown, current, key, rule, mark),)
    if of == "compare":
        return replay_two(store, shown, current, _sides(view), mark)
    return (replay(store, shown, current, view.selection, mark),)


def _dismiss() -> None:
    session.change(cited=None)


def replay_lines(results: Sequence[Replay], of: str = "selection") -> tuple[str, ...]:
    """What a reader of a citation is told, first the answer; two results are A and B."""
    first = results[0]
    if not first.held:
        found = ["This page does not hold the data that were cited: the content hash differs."]
        if first.same_now:
            found.append("The data of now have the cited hash: go back to now to see them.")
        else:
            found.append(
                "Check that the link is whole, of this installation, and made by somebody who may "
                "read no more than you."
            )
        return tuple(found)
    then = _named([figures_text(result.then, short=True) for result in results])
    shown = f"The figures are those cited: {then}. The content hash agrees."
    if first.same_now:
        return (shown, f"Nothing in {_NOUNS[of]} has changed since.")
    now = _named([figures_text(result.now, short=True) for result in results])
    changed = [
        changes_tab.counts(result.since)
        if result.since is not None and result.since.total
        else "no change listed"
        for result in results
    ]
    if not any(result.since is not None and result.since.total for result in results):
        # The cited state is the newer one, or only a detail outside the lists moved.
        return (shown, f"With the data of now: {now}.")
    return (shown, f"Since then: {_named(changed)}. With the data of now: {now}.")


def _named(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return "; ".join(f"{name}: {text}" for name, text in zip("AB", texts, strict=True))


def changed_lists(since: Changes) -> list[tuple[str, list[Line]]]:
    """Heads with entries (id, title, what reads otherwise) of what changed since the citation."""
    incidents = (("Added", since.added), ("Revised", since.revised), ("Withdrawn", since.withdrawn))
    found: list[tuple[str, list[Line]]] = [
        (
            f"{head} ({wording.count(len(items))})",
            [(i.id, i.title, [str(r) for r in i.revisions]) for i in items[:MAX_LISTED]],
        )
        for head, items in incidents
        if items
    ]
    if since.judgements:
        moved = [
            (
                f"{j.left_id}, {j.right_id}",
                "",
                [f"{changes_tab.judgement_words(j.old)} → {changes_tab.judgement_words(j.new)}"],
            )
            for j in since.judgements[:MAX_LISTED]
        ]
        found.append((f"Judgements moved ({wording.count(len(since.judgements))})", moved))
    if since.sources:
        revised = [
            (s.id, "", [f"{name}: {old} → {new}" for name, (old, new) in s.fields.items()])
            for s in since.sources[:MAX_LISTED]
        ]
        found.append((f"Sources revised ({wording.count(len(since.sources))})", revised))
    return found
