"""Text of either direction in the page's templates: a value keeps its order beside its speaker."""

from __future__ import annotations

from dataclasses import replace

from mapapp.domain.claim import Claim
from mapapp.domain.incident_view import incident_view
from mapapp.domain.vocab import Property, Rule, SpeakerClass
from mapapp.ui.parts.templating import isolated, render
from tests.ui.incidents import ID, disputed, measure, source

AGENCY = "خبرگزاری نمونه"


def test_names_from_the_right_are_isolated_and_the_rest_is_escaped() -> None:
    assert isolated(f"12 ({AGENCY}), 13 (<b>)") == f"12 (<bdi>{AGENCY}</bdi>), 13 (&lt;b&gt;)"
    assert isolated("no such name") == "no such name"


def test_the_panel_isolates_a_value_and_its_speaker() -> None:
    given = disputed()
    day = Claim(ID, Property.DATE, "900", AGENCY, SpeakerClass.MEDIA, value="2023-12-31")
    killed = measure(Property.KILLED, AGENCY, 40)
    incident = replace(given, claims=(*given.claims, day, killed))
    shown = render("panel.html", p=incident_view(incident, (source(),), Rule.INDEPENDENT_FIRST))
    assert f"<bdi>2023-12-31</bdi> (<bdi>{AGENCY}</bdi>)" in shown
    assert f"<bdi>{AGENCY}</bdi> says 40" in shown
