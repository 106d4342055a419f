"""Citing what the page shows: a card for the view, a figure or a chart, and its replay link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

import streamlit as st

from mapapp.domain.moment import Moment
from mapapp.domain.vocab import Rule
from mapapp.query import Dashboard, Figures, RangeTotal, sentence
from mapapp.query.changes import Changes
from mapapp.query.fingerprint import fingerprint
from mapapp.query.replay import Replay, replay
from mapapp.store import Snapshot
from mapapp.ui import as_of, changes_tab, formatting, services, session
from mapapp.ui.changes_tab import MAX_LISTED
from mapapp.ui.citation import LICENCE, TITLE
from mapapp.ui.components import Action, actions
from mapapp.ui.rules import RULE_NAMES
from mapapp.ui.templating import render
from mapapp.ui.view_state import ViewState, to_params

#: Record ids that a card names; of longer selections the link and the exports have them all.
MAX_RECORDS = 60

#: What changed of one thing: its id, its title, and what reads otherwise.
Line = tuple[str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Card:
    """A citation: what is cited, of which selection, and what it rests on. `query` replays it."""

    what: str
    sentence: str
    figures: str
    rule: str
    records: tuple[str, ...]
    incidents: int
    data: tuple[str, ...]
    state: str
    hash: str
    accessed: date
    query: str

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The card as it is read: name and text of each line."""
        listed = ", ".join(self.records)
        left = self.incidents - len(self.records)
        if left > 0:
            listed += f" and {formatting.count(left)} more, all in the export of this selection"
        return (
            ("Selection", self.sentence),
            ("Figures", self.figures),
            ("Rule", self.rule),
            ("Records", listed or "none"),
            ("Data", "; ".join(self.data) or "none"),
            ("State", self.state),
            ("Content hash", self.hash),
            ("Accessed", self.accessed.isoformat()),
            ("Licence", LICENCE),
        )

    @property
    def text(self) -> str:
        """The citation as plain text; the replay link is added where it is copied."""
        lines = [f"{TITLE}. {self.what}."]
        return "\n".join(lines + [f"{name}: {words}" for name, words in self.facts])

    @property
    def bibtex(self) -> str:
        """The same for a reference manager, without the address, which is added when copied."""
        day = self.accessed.isoformat()
        note = f"{self.sentence}. {self.figures}. {self.state}. Content hash {self.hash}"
        return (
            f"@misc{{incidents-{self.hash[:8]},\n  title = {{{_tex(f'{TITLE}: {self.what}')}}},\n"
            f"  year = {{{self.accessed.year}}},\n  note = {{{_tex(note)}}},\n"
            f"  urldate = {{{day}}}\n}}"
        )


def _tex(text: str) -> str:
    """Text inside braces of BibTeX: no brace or command of its own."""
    return re.sub(r"([&%$#_])", r"\\\1", re.sub(r"[{}\\~^]", " ", text))


def card(snapshot: Snapshot, view: ViewState, what: str, today: date) -> Card:
    """The card of what a view shows of a snapshot."""
    dash = Dashboard(snapshot)
    selection = view.selection
    figures = dash.figures(selection)
    mark = fingerprint(snapshot, selection)
    recorded = as_of.recorded_at(snapshot)
    shown = dash.table(selection, "date", True, MAX_RECORDS)["id"].to_pylist()
    link = replace(view, as_of=Moment(recorded.astimezone(UTC)), cited=mark)
    return Card(
        what=what,
        sentence=sentence(selection, dash.labels()),
        figures=figures_text(figures),
        rule=f"best figures by “{RULE_NAMES[Rule(selection.rule)]}”",
        records=tuple(sorted(shown)),
        incidents=figures.incidents,
        data=data_sets(dash.sources(selection).to_pylist()),
        state=f"as recorded on {as_of.time_text(recorded)} (change {snapshot.seq})",
        hash=mark,
        accessed=today,
        query=f"?{urlencode(to_params(link), doseq=True, safe=',:;')}",
    )


def _range(total: RangeTotal) -> str:
    return formatting.bounds_text(total.low, total.high, high_open=total.high_open)


def figures_text(figures: Figures, *, short: bool = False) -> str:
    """ "19 incidents; reported killed 96–118, reported wounded 201–214"."""
    text = (
        f"{formatting.counted(figures.incidents, 'incident')}; reported killed "
        f"{_range(figures.killed)}, reported wounded {_range(figures.wounded)}"
    )
    how = " (sums of lowest to highest reported figures, attackers left out)"
    return text if short else text + how


def data_sets(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Each data set of a selection's sources with its releases and terms."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        own = found.setdefault(row["dataset"], {"versions": set(), "licences": set()})
        own["licences"].add(row["licence"])
        if row["dataset_version"]:
            own["versions"].add(row["dataset_version"])
    return tuple(
        f"{name}{' ' + ' and '.join(sorted(own['versions'])) if own['versions'] else ''} "
        f"({'; '.join(sorted(own['licences']))})"
        for name, own in sorted(found.items())
    )


def cite_popover(what: str, key: str, type: Literal["secondary", "tertiary"] = "tertiary") -> None:
    """A small "Cite" that opens the card of what the view shows; made when it is opened."""
    with st.popover("Cite", type=type, key=key, on_change="rerun") as opened:
        if opened.open:
            show_card(what, f"{key}_actions")


def show_card(what: str, key: str) -> None:
    """Draw the card with what can be copied of it."""
    own = card(as_of.snapshot(), session.current(), what, datetime.now(UTC).date())
    st.html(render("cite_card.html", card=own))
    actions(
        [
            Action("cite", "Copy citation and link", copy=own.text, link=own.query,
                   done="Citation copied"),
            Action("replay", "Copy replay link", link=own.query, done="Link copied"),
            Action("bibtex", "Copy BibTeX", copy=own.bibtex, link=own.query, done="BibTeX copied"),
        ],
        key=key,
    )  # fmt: skip


def show_replay() -> None:
    """Where the page was opened by a citation's link: whether it still says what was cited."""
    view = session.current()
    if view.cited is None:
        return
    shown, current = as_of.snapshot(), services.snapshot()
    whole = not services.held_back(shown) and not services.held_back(current)
    result = replay(services.store() if whole else None, shown, current, view.selection, view.cited)
    with st.container(key="replay", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(render("replay.html", lines=replay_lines(result), hash=view.cited), width="stretch")
        if result.since is not None and result.since.total:
            with st.popover("What exactly", key="replay_changes"):
                st.html(render("replay_changes.html", lists=changed_lists(result.since)))
        st.button("Dismiss", key="replay_dismiss", type="tertiary", on_click=_dismiss)


def show_lost() -> None:
    """Of a citation whose time this installation has no data of: whether those of now agree."""
    view = session.current()
    if view.cited is None:
        return
    same = fingerprint(services.snapshot(), view.selection) == view.cited
    words = (
        "The data of now have the cited content hash: they are what was cited."
        if same
        else "The data of now have another content hash than was cited."
    )
    st.html(render("replay.html", lines=(words,), hash=view.cited))


def _dismiss() -> None:
    session.change(cited=None)


def replay_lines(result: Replay) -> tuple[str, ...]:
    """What a reader of a citation is told, first the answer."""
    if not result.held:
        found = ["This page does not hold the data that were cited: the content hash differs."]
        if result.same_now:
            found.append("The data of now have the cited hash: go back to now to see them.")
        else:
            found.append(
                "Check that the link is whole, of this installation, and made by somebody who may "
                "read no more than you."
            )
        return tuple(found)
    then = figures_text(result.then, short=True)
    shown = f"The figures are those cited: {then}. The content hash agrees."
    if result.same_now:
        return (shown, "Nothing in this selection has changed since.")
    now = f"With the data of now: {figures_text(result.now, short=True)}."
    if result.since is None or not result.since.total:
        # The cited state is the newer one, or only a detail outside the lists moved.
        return (shown, now)
    return (shown, f"Since then: {changes_tab.counts(result.since)}. {now}")


def changed_lists(since: Changes) -> list[tuple[str, list[Line]]]:
    """Heads with entries (id, title, what reads otherwise) of what changed since the citation."""
    incidents = (("Added", since.added), ("Revised", since.revised), ("Withdrawn", since.withdrawn))
    found: list[tuple[str, list[Line]]] = [
        (
            f"{head} ({formatting.count(len(items))})",
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
        found.append((f"Judgements moved ({formatting.count(len(since.judgements))})", moved))
    if since.sources:
        revised = [
            (s.id, "", [f"{name}: {old} → {new}" for name, (old, new) in s.fields.items()])
            for s in since.sources[:MAX_LISTED]
        ]
        found.append((f"Sources revised ({formatting.count(len(since.sources))})", revised))
    return found
