"""Conflicts: found exactly where claims differ, and told in words."""

from __future__ import annotations

from datetime import date

import pytest

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.conflicts import WORDED, Conflict, total_words
from mapapp.domain.headline import cannot_all_hold
from mapapp.domain.incident import Incident, assemble, perpetrator_in_dispute
from mapapp.domain.vocab import MEASURES, Modifier, Property, SpeakerClass, VictimClass
from tests.store.generate import batch


def reasons(found: tuple[Conflict, ...], name: str) -> list[str]:
    return [conflict.reason for conflict in found if conflict.name == name]


def in_dispute(incident: Incident) -> set[str]:
    """What is in dispute, told of sets of values alone, without a reason."""
    names = {str(m) for m in MEASURES if cannot_all_hold(incident.totals(m))}
    if perpetrator_in_dispute([(a.kind, a.actor) for a in incident.attributions]):
        names.add("perpetrator")
    for prop in WORDED:
        if len({c.value for c in incident.claims if c.property is prop and c.current}) > 1:
            names.add(str(prop))
    return names


def test_they_are_on_what_is_in_dispute() -> None:
    given = batch(300, seed=11)
    disputed = 0
    for incident in assemble(given.records, given.claims, given.judgements, given.sources):
        found = incident.conflicts
        assert {conflict.name for conflict in found} == in_dispute(incident)
        assert set(incident.disagreements) == in_dispute(incident)
        own = {claim.id: claim for claim in incident.claims}
        for conflict in found:
            assert conflict.reason
            assert conflict.claims <= set(own)
            speakers = {own[key].asserted_by for key in conflict.claims}
            assert conflict.name == "perpetrator" or (len(speakers) == 1) == conflict.alone
            assert all(
                own[key].property == conflict.name
                or (conflict.name == "perpetrator" and own[key].property == "attribution")
                for key in conflict.claims
            )
        disputed += bool(found)
    assert disputed > 30


@pytest.mark.parametrize(
    ("incident_id", "name", "words"),
    [
        ("afg-2024-05-08-fayzabad-convoy", "killed",
         ("Taliban Ministry of Interior says 3", "hospital (sources) says at least 6")),
        ("afg-2024-05-08-fayzabad-convoy", "perpetrator",
         ("reports no claim", "said before the claim", "claimed by ISKP (ISIS (statement))")),
        ("afg-2024-05-08-fayzabad-convoy", "event_type",
         ("“bombing or planted device” (Taliban Ministry of Interior)", "“suicide attack”")),
        ("afg-2022-11-30-aybak-madrasa", "killed", ("UNAMA says 19", "says at least 20")),
        ("afg-2022-12-02-kabul-pakistan-embassy", "perpetrator",
         ("Government of Pakistan contests that it was ISKP", "claimed by ISKP")),
    ],
)  # fmt: skip
def test_a_reason_says_between_whom_and_why(
    seeds: Batch, incident_id: str, name: str, words: tuple[str, ...]
) -> None:
    incident = next(
        i for i in assemble(seeds.records, seeds.claims, (), seeds.sources) if i.id == incident_id
    )
    (reason,) = reasons(incident.conflicts, name)
    for part in words:
        assert part in reason


def test_a_speaker_against_himself_is_named_with_the_figures(seeds: Batch) -> None:
    record = seeds.records[0]

    def says(number: int, victims: VictimClass, subset: VictimClass | None = None) -> Claim:
        return Claim(
            record.id, Property.KILLED, "000", "A", SpeakerClass.MEDIA, value=str(number),
            low=number, high=number, modifier=Modifier.EXACT, victim_class=victims,
            subset_of=subset, asserted_on=date(2022, 1, 1),
        )  # fmt: skip

    claims = (
        says(19, VictimClass.UNSPECIFIED),
        says(20, VictimClass.CHILDREN, VictimClass.UNSPECIFIED),
    )
    (incident,) = assemble([record], claims)
    (conflict,) = incident.conflicts
    assert conflict.alone
    assert "19 and 20 children among them" in conflict.reason
    assert "read as at least 20" in conflict.reason
    assert total_words(incident.totals(Property.KILLED)[0]) == "at least 20"


def test_a_speaker_who_says_it_in_two_ways_stands_alone(seeds: Batch) -> None:
    record = seeds.records[0]

    def says(speaker: str, value: str) -> Claim:
        return Claim(
            record.id, Property.EVENT_TYPE, "000", speaker, SpeakerClass.MEDIA, value=value
        )

    (own,) = assemble([record], [says("A", "bombing"), says("A", "raid")])[0].conflicts
    assert own.alone
    assert own.reason.startswith("A says it in two ways")
    (both,) = assemble([record], [says("A", "bombing"), says("B", "raid")])[0].conflicts
    assert not both.alone
    assert both.reason.startswith("speakers say it differently")


def test_figures_of_two_speakers_are_nobody_s_own_contradiction(seeds: Batch) -> None:
    record = seeds.records[0]
    claims = [
        Claim(record.id, Property.KILLED, "000", speaker, SpeakerClass.MEDIA, value=str(number),
              low=number, high=number, modifier=Modifier.EXACT,
              victim_class=VictimClass.UNSPECIFIED)
        for speaker, number in (("A", 3), ("B", 6))
    ]  # fmt: skip
    (conflict,) = assemble([record], claims)[0].conflicts
    assert not conflict.alone
