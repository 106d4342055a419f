"""The Changes tab and the banner of an earlier time, as a session meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.moment import Moment
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query import Dashboard
from mapapp.query.changes.fingerprint import fingerprint, incident_fingerprint
from mapapp.query.questions.compare import Comparison
from mapapp.store import Store
from mapapp.ui import services
from mapapp.ui.citing import changes_tab, cite
from mapapp.ui.view_state import ViewState
from tests.ui.pages import FAYZABAD, html, opened, view

DOUBLE = "afg-2099-01-01-reported-twice"


def ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory, seeds: Batch) -> Path:
    """Twenty days ago one title was another and one attack was there twice; set right since."""
    folder = tmp_path_factory.mktemp("changes")
    store = Store.open(folder)
    records = [
        replace(r, title="The first title") if r.id == FAYZABAD else r for r in seeds.records
    ]
    twice = replace(records[0], id=DOUBLE, title="Reported twice", background=False)
    claims = [
        replace(c, incident_id=DOUBLE) for c in seeds.claims if c.incident_id == records[0].id
    ]
    old = Batch(seeds.sources, (*records, twice), (*seeds.claims, *claims), seeds.judgements)
    store.append(old, by="curators", at=ago(20), replace_dataset="curated")
    store.append(
        seeds, by="curators", at=ago(2), replace_dataset="curated", reason="One <b>attack</b>"
    )
    store.publish()
    store.close()
    return folder


@pytest.fixture(autouse=True)
def store(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("MAPAPP_DATA_DIR", str(data_dir))
    return services.store()


def test_the_tab_lists_what_changed_with_old_new_who_and_why() -> None:
    said = html(opened(tab="changes"))
    assert "0 added, 1 revised, 1 withdrawn" in said
    assert "The first title</del>" in said
    assert 'by <span dir="auto">curators' in said
    assert "One &lt;b&gt;attack&lt;/b&gt;" in said
    assert 'href="feed.atom"' in said


def test_a_day_is_chosen_and_kept_in_the_link() -> None:
    page = opened(tab="changes", since=str(ago(0).date()))
    assert "Nothing in this selection was" in html(page)
    before = ago(30).date()
    page.button(key="since_30").click().run()
    since = view(page).since
    assert since is not None
    assert since.day in (before, ago(30).date())  # midnight may have passed
    assert "23 added" in html(page) or "added, 0 revised" in html(page)


def test_a_revised_one_opens_and_a_withdrawn_one_is_shown_as_it_was() -> None:
    page = opened(tab="changes")
    page.button(key=f"revised_{FAYZABAD}").click().run()
    assert view(page).incident == FAYZABAD
    page.button(key=f"withdrawn_{DOUBLE}").click().run()
    assert f'data-incident="{DOUBLE}"' in html(page)
    assert "As recorded on" in html(page)
    page.button(key="back_to_now").click().run()
    assert view(page).as_of is None
    assert f'data-incident="{DOUBLE}"' not in html(page)


def test_the_banner_leads_to_what_changed_since() -> None:
    page = opened(as_of=str(ago(10).date()))
    assert "end of day UTC" in html(page)
    assert "Recorded since: 1 change" in html(page)
    page.button(key="changed_since").click().run()
    assert (view(page).tab, view(page).as_of) == ("changes", None)
    assert "1 withdrawn" in html(page)


def test_a_time_before_everything_says_so_and_offers_now() -> None:
    page = opened(as_of="2020-01-01")
    assert "nothing was recorded here before 2020-01-01" in html(page)
    page.button(key="now_instead").click().run()
    assert 'data-figure="incidents"' in html(page)


def test_words_that_are_no_time_are_named() -> None:
    page = opened(as_of="last week", since="<b>", cited="x")
    for name in ("as_of:", "since:", "cited:"):
        assert name in html(page)
    assert view(page).as_of is None


def test_usually_a_week_back_but_not_before_the_first_record(store: Store) -> None:
    now = datetime.now(UTC)
    usual = changes_tab.usual_since(store.log, now)
    assert usual == Moment.of_day((now - timedelta(days=7)).date())
    soon = changes_tab.usual_since(store.log, store.log.changes()[0].at + timedelta(days=1))
    assert soon is not None
    assert changes_tab.seq_before(store.log, soon) == 1


def test_a_card_says_what_a_figure_rests_on() -> None:
    card = cite.card(services.store().current(), ViewState(), "Totals", date(2026, 11, 25))
    facts = dict(card.facts)
    assert facts["Records"].startswith("afg-")
    assert "curated" in facts["Data"]
    assert "independent first" in facts["Rule"]
    assert "(change 2)" in facts["State"]
    assert facts["Accessed"] == "2026-11-25"
    assert facts["Content hash"] == card.hash
    assert f"cited={card.hash}" in card.query
    assert "as_of=" in card.query
    assert "{" not in card.bibtex.split("note = {")[1].split("},")[0]


def test_a_citation_of_now_is_opened_with_the_same_number() -> None:
    now = services.store().current()
    page = opened(
        as_of=services.store().log.changes()[-1].at.isoformat().replace("+00:00", "Z"),
        cited=fingerprint(now, Selection()),
    )
    assert "The figures are those cited" in html(page)
    assert "Nothing in this selection has changed since." in html(page)


def test_a_citation_of_then_says_what_changed_since() -> None:
    store = services.store()
    first = store.log.changes()[0]
    page = opened(
        as_of=first.at.isoformat().replace("+00:00", "Z"),
        cited=fingerprint(store.at(first.at), Selection()),
    )
    said = html(page)
    assert "The figures are those cited" in said
    assert "Since then: 0 added, 1 revised, 1 withdrawn" in said
    assert f"<code>{DOUBLE}</code>" in said
    assert "title: The first title → " in said
    page.button(key="replay_dismiss").click().run()
    assert view(page).cited is None


def test_a_citation_of_another_installation_says_so() -> None:
    assert "content hash differs" in html(opened(cited="0" * 32))
    now = fingerprint(services.store().current(), Selection())
    lost = html(opened(cited=now, as_of="2020-01-01"))
    assert "nothing was recorded here before" in lost
    assert "they are what was cited" in lost


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_an_incident_s_card_names_record_speakers_and_sources_and_replays() -> None:
    now = services.store().current()
    detail = Dashboard(now).incident(FAYZABAD)
    card = cite.incident_card(
        now, ViewState(incident=FAYZABAD), detail, "version 2", date(2026, 11, 25)
    )
    facts = dict(card.facts)
    assert facts["Record"] == f"{FAYZABAD}, version 2"
    assert "Taliban Ministry of Interior" in facts["Claims by"]
    assert "Afghanistan International" in facts["Sources"]
    assert "3–≥6" in facts["Figures"]
    assert f"cited=incident.{card.hash}" in card.query
    query = {name: values[0] for name, values in parse_qs(card.query.lstrip("?")).items()}
    said = html(opened(**query))
    assert "1 incident; reported killed 3–≥6" in said
    assert "Nothing in this record has changed since." in said


def test_an_incident_cited_then_says_what_changed_of_it() -> None:
    store = services.store()
    first = store.log.changes()[0]
    mark = incident_fingerprint(store.at(first.at), FAYZABAD, Rule.INDEPENDENT_FIRST)
    said = html(opened(incident=FAYZABAD, as_of=at(first.at), cited=f"incident.{mark}"))
    assert "The figures are those cited" in said
    assert "Since then: 0 added, 1 revised, 0 withdrawn" in said
    assert "title: The first title → " in said
    assert DOUBLE not in said.split("data-replay")[1].split("</div>")[0]


def test_a_comparison_is_cited_and_replayed() -> None:
    store = services.store()
    sides = Comparison("provinces", Selection(provinces=("AF01",)))
    own = ViewState(Selection(provinces=("AF32",)), compare=sides)
    card = cite.comparison_card(store.current(), own, "The comparison", date(2026, 11, 25))
    facts = dict(card.facts)
    assert facts["Compared"].startswith("A: Attacks in Herat; B: Attacks in Kabul")
    assert facts["Records of A"] != facts["Records of B"]
    assert f"cited=compare.{card.hash}" in card.query
    query = {name: values[0] for name, values in parse_qs(card.query.lstrip("?")).items()}
    said = html(opened(**query))
    assert "The figures are those cited: A: " in said
    assert "Nothing in either selection has changed since." in said


def test_the_panel_shows_an_incidents_versions() -> None:
    page = opened(incident=FAYZABAD)
    assert any(box.label == "History: revised 1×" for box in page.expander)
    said = html(page)
    assert "The first title</del>" in said
    assert "stands now" in said
    assert "version 2 of" in said  # what a report of a mistake names
    page.button(key="as_it_was_2").click().run()
    assert "The first title" in html(page)
    assert any(box.label == "History: not revised so far" for box in page.expander)


def test_a_link_to_a_withdrawn_incident_says_when_and_why_and_shows_it() -> None:
    page = opened(incident=DOUBLE)
    said = html(page)
    assert "This record was withdrawn." in said
    assert "One &lt;b&gt;attack&lt;/b&gt;" in said
    page.button(key="gone_show").click().run()
    assert f'data-incident="{DOUBLE}"' in html(page)


@pytest.fixture
def visitor(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody who may not read all, while something is held back."""
    monkeypatch.setenv("MAPAPP_ACCESS", "public")
    (data_dir / "gate.toml").write_text(f'withhold_incidents = ["{DOUBLE}"]', "utf-8")
    yield
    (data_dir / "gate.toml").unlink()


@pytest.mark.usefixtures("visitor")
def test_a_visitor_is_told_what_differs_of_what_is_not_held_back() -> None:
    page = opened(tab="changes")
    said = html(page)
    assert "0 added, 1 revised, 0 withdrawn" in said
    assert "The first title</del>" in said
    assert 'by <span dir="auto">an editor' in said
    assert "attack&lt;/b&gt;" not in said
    assert DOUBLE not in said
    assert not [button for button in page.button if button.key == "since_last"]
    page.button(key=f"revised_{FAYZABAD}").click().run()
    assert any(box.label == "History: revised 1×" for box in page.expander)
    assert "(change" not in "".join(box.label for box in page.expander)
    assert "This record was withdrawn" not in html(opened(incident=DOUBLE))
