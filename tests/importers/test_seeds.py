"""The curated seeds: what they must hold, and that they say nothing that the pages do not."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.incident import Incident, assemble
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import AttributionKind, Property, VictimGroup
from mapapp.importers.seeds.seeds import read_seeds

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def incidents(seeds: Batch) -> dict[str, Incident]:
    assembled = assemble(seeds.records, seeds.claims, seeds.judgements)
    return {incident.id: incident for incident in assembled}


def test_the_count_of_incidents_and_what_is_set_apart(incidents: dict[str, Incident]) -> None:
    records = [incident.record for incident in incidents.values()]
    assert len(records) == 20
    assert [r.id for r in records if r.abroad] == ["pak-2024-chinese-engineers"]
    assert sorted(r.id for r in records if r.background) == [
        "afg-2022-balkhab-offensive",
        "afg-2022-kabul-pd8-operation",
        "afg-2022-kabul-wazir-akbar-khan-mosque",
        "afg-2023-former-badakhshan-deputy-governor",
        "afg-2023-former-balkh-governor",
    ]


@pytest.mark.parametrize(
    ("incident_id", "killed", "wounded"),
    [
        ("afg-2021-08-26-kabul-airport-gate", "~213", "unknown"),
        ("afg-2021-kandahar-shia-mosque", ">50", "unknown"),
        ("afg-2022-07-04-herat-al-farooq", "≥2", ">20"),
        ("afg-2022-09-28-kabul-kaj", "≥53", "110"),
        ("afg-2022-11-30-aybak-madrasa", "19–≥20", "23"),
        ("afg-2022-12-02-kabul-hizb-e-islami", "1", "2"),
        ("afg-2022-12-02-kabul-pakistan-embassy", "unknown", "1"),
        ("afg-2022-12-03-jalalabad-shop", "unknown", "6"),
        ("afg-2022-herat-al-farooq-minibus", "5", "18"),
        ("afg-2022-herat-fargh-shahr-outpost", "14", "unknown"),
        ("afg-2022-injil-outpost", "4", "3"),
        ("afg-2024-05-07-kabul-sarai-shamali", "4", "unknown"),
        ("afg-2024-05-08-fayzabad-convoy", "3–≥6", "14"),
    ],
)
def test_headline_figures(
    incidents: dict[str, Incident], incident_id: str, killed: str, wounded: str
) -> None:
    incident = incidents[incident_id]
    assert str(incident.headline(Property.KILLED)) == killed
    assert str(incident.headline(Property.WOUNDED)) == wounded


def test_attackers_stand_apart(incidents: dict[str, Incident]) -> None:
    hizb = incidents["afg-2022-12-02-kabul-hizb-e-islami"]
    assert str(hizb.headline(Property.KILLED, group=VictimGroup.ATTACKERS)) == "2"


@pytest.mark.parametrize(
    ("incident_id", "display", "tokens"),
    [
        ("afg-2022-07-04-herat-al-farooq", "claimed", {"claimed:iskp"}),
        ("afg-2022-12-02-kabul-pakistan-embassy", "contested",
         {"claimed:iskp", "contested:iskp"}),
        ("afg-2022-12-03-jalalabad-shop", "suspected", {"unclaimed:", "suspected:iskp"}),
        ("afg-2022-11-30-aybak-madrasa", "unclaimed", {"unclaimed:"}),
        ("afg-2022-injil-outpost", "unclaimed", {"unclaimed:"}),
        ("afg-2022-09-28-kabul-kaj", "attributed", {"attributed:iskp"}),
        ("afg-2024-05-08-fayzabad-convoy", "claimed", {"claimed:iskp", "unclaimed:"}),
        ("afg-2024-05-07-kabul-sarai-shamali", "claimed", {"claimed:aff"}),
        # Pages whose theme is a group, on attacks of which they name nobody as responsible.
        ("afg-2021-kandahar-shia-mosque", "none", set()),
        ("afg-2022-12-02-kabul-hizb-e-islami", "none", set()),
        ("afg-2022-herat-fargh-shahr-outpost", "none", set()),
        ("afg-2021-jalalabad-pd7-clash", "none", set()),
    ],
)  # fmt: skip
def test_attribution(
    incidents: dict[str, Incident], incident_id: str, display: str, tokens: set[str]
) -> None:
    incident = incidents[incident_id]
    assert incident.display_kind == display
    assert {attribution.token for attribution in incident.attributions} == tokens


def test_nothing_is_pinned_finer_than_it_is_known(incidents: dict[str, Incident]) -> None:
    minibus = incidents["afg-2022-herat-al-farooq-minibus"].record.place
    assert (minibus.geo_precision, minibus.area_id) == ("province", "prov:herat")
    for former in ("afg-2023-former-balkh-governor", "afg-2023-former-badakhshan-deputy-governor"):
        place = incidents[former].record.place
        assert not place.mappable
        assert place.adm1_pcode is None


def test_the_look_alikes_stay_two_and_are_linked(incidents: dict[str, Incident]) -> None:
    for incident_id in ("afg-2022-07-04-herat-al-farooq", "afg-2022-herat-al-farooq-minibus"):
        (judgement,) = incidents[incident_id].judgements
        assert judgement.relation == "possibly_same"
        assert len(judgement.conflicts) >= 3


def test_places_resolve_from_the_words_as_reported(seeds: Batch, gazetteer: Gazetteer) -> None:
    for record in seeds.records:
        if record.place.place_id in (None, "country:af"):
            continue
        found = [candidate.id for candidate in gazetteer.search(record.place.text).candidates]
        assert record.place.place_id in found, (record.id, record.place.text, found)


def test_every_locator_exists_and_holds_the_words(
    seeds: Batch, source_documents: dict[str, list[str]]
) -> None:
    for claim in seeds.claims:
        page = source_documents[claim.source_id]
        numbers = [int(number) for number in re.findall(r"\d+", claim.locator)]
        assert numbers, claim
        assert max(numbers) <= len(page), claim
        text = _plain(" ".join(page[number - 1] for number in numbers))
        if claim.words and claim.words not in ("not dated",):
            for part in claim.words.split(", "):
                assert _plain(part) in text, (claim.incident_id, claim.words)
        if claim.attribution_kind is not AttributionKind.CONTESTED and claim.actor_text:
            assert _plain(claim.actor_text) in text, (claim.incident_id, claim.actor_text)


def test_no_sentence_of_a_source_is_copied(source_documents: dict[str, list[str]]) -> None:
    run = 9
    shingles = set()
    for page in source_documents.values():
        words = _plain(" ".join(page)).split()
        shingles |= {tuple(words[i : i + run]) for i in range(len(words) - run)}
    for path in sorted(SEEDS.rglob("*.yaml")):
        if path.name == "sources.yaml":  # titles are quoted there, as citations
            continue
        words = _plain(path.read_text("utf-8")).split()
        copied = [
            words[i : i + run] for i in range(len(words)) if tuple(words[i : i + run]) in shingles
        ]
        assert not copied, (path.name, copied[0])


def _plain(text: str) -> str:
    text = text.replace("’", "'").replace("“", '"').replace("”", '"').casefold()
    return " ".join(re.sub(r"[^\w'.:()-]+", " ", text).split())


@pytest.mark.parametrize(
    ("old", "new", "field", "fault"),
    [
        ("modifier: at_least", "modifier: atleast", "claims[3].modifier", "atleast"),
        ("    victim_class: attackers\n", "", "claims[7].victim_class", "missing"),
        ("kind: claimed", "kind: claimd", "claims[1].kind", "claimd"),
        ("actor: iskp", "actor: ISIS", "claims[1].actor", "no known actor"),
        ("id: cd:herat/herat/4", "id: cd:herat/nowhere/4", "place.id", "not in the gazetteer"),
        ("earliest: 2022-07-04", "earliest: 2022-07-09", "date", "after latest"),
        ("earliest: 2022-07-04", "earliest: 4 July", "date.earliest", "July"),
        ("paragraph: 3, 4", "paragraph: somewhere", "claims[1].paragraph", "somewhere"),
        ('source: "000"', 'source: "777"', "source", "not in sources.yaml"),
        ("title:", "titel:", "titel", "not a field"),
        ("    value: 2\n", "    value: two\n", "claims[2].value", "two"),
        ("claims:\n", "claims:\n  - ][\n", "", "not valid YAML"),
    ],
)
def test_faults_name_file_field_and_remedy(
    tmp_path: Path, gazetteer: Gazetteer, old: str, new: str, field: str, fault: str
) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    path = folder / "incidents" / "afg-2022-07-04-herat-al-farooq.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    batch, problems = read_seeds(folder, gazetteer)
    own = [p for p in problems if path.name in p.where and p.field == field]
    assert own, [str(p) for p in problems]
    assert fault in own[0].fault
    assert own[0].remedy
    # The faulty file stays out whole, every other one goes in.
    assert len(batch.records) == 19


def test_a_folder_that_is_no_seeds_folder(tmp_path: Path, gazetteer: Gazetteer) -> None:
    with pytest.raises(InvalidInput, match="not a seeds folder"):
        read_seeds(tmp_path, gazetteer)
