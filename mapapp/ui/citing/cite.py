"""Citing what the page shows: the view, a figure, a chart, an incident, two selections compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

import streamlit as st

from mapapp.domain import wording
from mapapp.domain.moment import Moment
from mapapp.domain.selection import Selection
from mapapp.domain.source import Source
from mapapp.domain.vocab import Property, Rule
from mapapp.domain.wording import RULE_NAMES
from mapapp.query import Dashboard, Figures, IncidentDetail
from mapapp.query.changes.fingerprint import fingerprint, incident_fingerprint, joint
from mapapp.query.filters.sentence import sentence
from mapapp.store import Snapshot
from mapapp.ui import session
from mapapp.ui.citing import as_of
from mapapp.ui.citing.citation import Card
from mapapp.ui.parts.components import Action, actions
from mapapp.ui.parts.templating import render
from mapapp.ui.record import history
from mapapp.ui.view_state import ViewState, cited_parts, to_params

#: Record ids that a card names; of longer selections the link and the exports have them all.
MAX_RECORDS = 60

Look = Literal["secondary", "tertiary"]


def card(snapshot: Snapshot, view: ViewState, what: str, today: date) -> Card:
    """The card of what a view shows of a snapshot."""
    dash, selection = Dashboard(snapshot), view.selection
    figures = dash.figures(selection)
    mark = fingerprint(snapshot, selection)
    return _card(
        snapshot, replace(view, cited=mark), what, today,
        subject="Selection",
        about=sentence(selection, dash.labels()),
        figures=figures_text(figures),
        rests_on=(
            ("Records", _records(dash, selection, figures)),
            ("Data", "; ".join(data_sets(dash.sources(selection).to_pylist())) or "none"),
        ),
    )  # fmt: skip


def comparison_card(snapshot: Snapshot, view: ViewState, what: str, today: date) -> Card:
    """The card of the two selections that a view compares."""
    assert view.compare is not None
    dash = Dashboard(snapshot)
    sides = (view.selection, view.compare.other(view.selection))
    said = [sentence(side, dash.labels()) for side in sides]
    totals = [dash.figures(side) for side in sides]
    rows = [row for side in sides for row in dash.sources(side).to_pylist()]
    mark = joint(*(fingerprint(snapshot, side) for side in sides))
    return _card(
        snapshot, replace(view, cited=f"compare.{mark}"), what, today,
        subject="Compared",
        about=f"A: {said[0]}; B: {said[1]}",
        figures=f"A: {figures_text(totals[0], short=True)}; B: {figures_text(totals[1])}",
        rests_on=(
            ("Records of A", _records(dash, sides[0], totals[0])),
            ("Records of B", _records(dash, sides[1], totals[1])),
            ("Data", "; ".join(data_sets(rows)) or "none"),
        ),
    )  # fmt: skip


def incident_card(
    snapshot: Snapshot, view: ViewState, detail: IncidentDetail, version: str, today: date
) -> Card:
    """The card of the open incident: the record, its version, and the sources of its claims."""
    incident, rule = detail.incident, view.selection.rule
    mark = incident_fingerprint(snapshot, incident.id, rule)
    own = ViewState(Selection(rule=rule), incident.id, view.tab, cited=f"incident.{mark}")
    when = wording.iso_interval(incident.record.date.earliest, incident.record.date.latest)
    killed, wounded = (incident.headline(m, rule) for m in (Property.KILLED, Property.WOUNDED))
    return _card(
        snapshot, own, "The incident", today,
        subject="Incident",
        about=f"{incident.record.title}, {when}",
        figures=f"reported killed {killed}, reported wounded {wounded} (lowest to highest figure "
        "that any speaker gives, attackers left out)",
        rests_on=(
            ("Record", f"{incident.id}{f', {version}' if version else ''}"),
            ("Claims by", "; ".join(dict.fromkeys(_speakers(detail))) or "nobody"),
            ("Sources", "; ".join(source.cite() for source in detail.sources.values()) or "none"),
            ("Data", "; ".join(data_sets(map(_as_row, detail.sources.values()))) or "none"),
        ),
    )  # fmt: skip


def _card(
    snapshot: Snapshot, view: ViewState, what: str, today: date, *,
    subject: str, about: str, figures: str, rests_on: tuple[tuple[str, str], ...],
) -> Card:  # fmt: skip
    """A card; `view` is what it shows, with the content's hash in `cited`."""
    recorded = as_of.recorded_at(snapshot).astimezone(UTC)
    link = replace(view, as_of=Moment(recorded))
    return Card(
        what=what,
        subject=subject,
        about=about,
        figures=figures,
        rule=f"best figures by “{RULE_NAMES[Rule(view.selection.rule)]}”",
        rests_on=rests_on,
        state=f"as recorded on {as_of.time_text(recorded)} ({as_of.state_text(snapshot)})",
        recorded=recorded.date(),
        hash=cited_parts(view.cited or "")[1],
        accessed=today,
        query=f"?{urlencode(to_params(link), doseq=True, safe=',:;')}",
    )


def _records(dash: Dashboard, selection: Selection, figures: Figures) -> str:
    shown = dash.table(selection, "date", True, MAX_RECORDS)["id"].to_pylist()
    listed = ", ".join(sorted(shown))
    left = figures.incidents - len(shown)
    if left > 0:
        listed += f" and {wording.count(left)} more, all in the export of this selection"
    return listed or "none"


def _speakers(detail: IncidentDetail) -> Iterable[str]:
    return (claim.asserted_by for claim in detail.incident.claims if claim.current)


def _as_row(source: Source) -> dict[str, Any]:
    names = ("dataset", "dataset_version", "licence")
    return {name: getattr(source, name) for name in names}


def figures_text(figures: Figures, *, short: bool = False) -> str:
    """ "19 incidents (surely 17, possibly 2 more); reported killed 96–118, reported …"."""
    doubt = f" ({figures.doubt})" if figures.doubt else ""
    text = (
        f"{wording.counted(figures.incidents, 'incident')}{doubt}; reported killed "
        f"{figures.killed}, reported wounded {figures.wounded}"
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


def view_card(what: str, selection: Selection | None = None) -> Card:
    """The card of the page's view, or of another selection that a part of the page counts."""
    view = replace(session.current(), compare=None)
    own = view if selection is None else replace(view, selection=selection)
    return card(as_of.snapshot(), own, what, _today())


def cite_popover(
    what: str, key: str, look: Look = "tertiary", *, selection: Selection | None = None
) -> None:
    """A small "Cite" that opens the card of what the view shows; made when it is opened.

    `selection` is what a part of the page counts where that is not the view's.
    """
    _popover(lambda: view_card(what, selection), key, look)


def cite_menu(things: Sequence[str], key: str) -> None:
    """The page's one "Cite": a choice of what is cited, the first at once, and its card."""
    with st.popover("Cite", type="secondary", key=key, on_change="rerun") as opened:
        if opened.open:
            what = st.selectbox("What do you cite?", things, key=f"{key}_what")
            # What was chosen may not be on the page any more.
            show_card(view_card(what if what in things else things[0]), f"{key}_actions")


def cite_comparison(what: str, key: str, look: Look = "tertiary") -> None:
    """The same of the two selections that are compared."""
    _popover(
        lambda: comparison_card(as_of.snapshot(), session.current(), what, _today()), key, look
    )


def cite_incident(detail: IncidentDetail, key: str, look: Look = "tertiary") -> None:
    """The same of an incident."""

    def made() -> Card:
        version = history.version_text(history.of(detail.incident.id))
        return incident_card(as_of.snapshot(), session.current(), detail, version, _today())

    _popover(made, key, look)


def _popover(made: Callable[[], Card], key: str, look: Look) -> None:
    with st.popover("Cite", type=look, key=key, on_change="rerun") as opened:
        if opened.open:
            show_card(made(), f"{key}_actions")


def _today() -> date:
    return datetime.now(UTC).date()


def show_card(own: Card, key: str) -> None:
    """Draw the card with what can be copied of it."""
    st.html(render("cite_card.html", card=own))
    copied = "Citation copied"
    actions(
        [
            Action("cite", "Copy citation", copy=own.text, link=own.query, done=copied),
            Action("sentence", "Copy as one sentence", copy=own.sentence, link=own.query,
                   done=copied),
            Action("replay", "Copy link", link=own.query, done="Link copied"),
            Action("bibtex", "BibTeX", copy=own.bibtex, link=own.query, done="BibTeX copied"),
            Action("ris", "RIS", copy=own.ris, link=own.query, done="RIS copied"),
            Action("csl", "CSL-JSON", copy=own.csl_json, link=own.query, done="CSL-JSON copied"),
        ],
        key=key,
    )  # fmt: skip
