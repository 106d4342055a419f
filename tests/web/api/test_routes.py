"""`/api`: pages, filters and faults of the collection, one incident, places; nothing private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mapapp.domain.access import Role
from mapapp.domain.batch import Batch
from mapapp.exporters.columns import INCIDENTS
from mapapp.web.api.settings import ApiSettings
from tests.exporters.extracts import HOSTILE, MARK, killed, mixed, record, source
from tests.web.api_client import served

ITEMS = "/api/collections/incidents/items"
ALL = "background=1&abroad=1"


@pytest.fixture(scope="module")
def client(seeds: Batch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(tmp_path_factory.mktemp("api"), seeds) as own:
        yield own


def pages(client: TestClient, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        body = client.get(address).json()
        found.append(body)
        links = {link["rel"]: link["href"] for link in body["links"]}
        if "next" not in links:
            return found
        address = links["next"]


def test_the_landing_page_leads_to_everything(client: TestClient) -> None:
    body = client.get("/api").json()
    links = {link["rel"]: link for link in body["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for link in body["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == link["type"].split(";")[0]
    conformance = client.get("/api/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conformance


def test_the_collection_names_its_extent(client: TestClient) -> None:
    (own,) = client.get("/api/collections").json()["collections"]
    assert own == client.get("/api/collections/incidents").json()
    west, south, east, north = own["extent"]["spatial"]["bbox"][0]
    assert 60 < west < east < 75
    assert 29 < south < north < 39
    assert own["extent"]["temporal"]["interval"][0][0].startswith("2021-08-26")
    (items,) = [link for link in own["links"] if link["rel"] == "items"]
    assert client.get(items["href"]).status_code == 200


def test_every_incident_is_on_one_page(client: TestClient, seeds: Batch) -> None:
    found = pages(client, f"{ITEMS}?{ALL}&limit=3")
    features = [feature for page in found for feature in page["features"]]
    assert sorted(f["id"] for f in features) == sorted(r.id for r in seeds.records)
    assert {page["numberMatched"] for page in found} == {len(seeds.records)}
    assert all(page["numberReturned"] == len(page["features"]) for page in found)
    by_id = {record.id: record for record in seeds.records}
    for feature in features:
        place = by_id[feature["id"]].place
        expected = [place.lng, place.lat] if place.mappable else None
        assert (feature["geometry"] or {}).get("coordinates") == expected
        assert set(feature["properties"]) == {column.name for column in INCIDENTS}


def test_by_default_what_totals_leave_out_is_left_out(client: TestClient, seeds: Batch) -> None:
    body = client.get(ITEMS).json()
    plain = [r for r in seeds.records if not r.background and not r.abroad]
    assert body["numberMatched"] == len(plain)


def test_bbox_keeps_points_inside(client: TestClient, seeds: Batch) -> None:
    inside = {
        r.id
        for r in seeds.records
        if r.place.mappable and 68 <= (r.place.lng or 0) <= 70 and 34 <= (r.place.lat or 0) <= 35
    }
    assert inside
    body = client.get(f"{ITEMS}?{ALL}&bbox=68,34,70,35").json()
    assert {f["id"] for f in body["features"]} == inside
    heights = client.get(f"{ITEMS}?{ALL}&bbox=68,34,0,70,35,9000").json()
    assert heights["numberMatched"] == len(inside)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-11-30", "2022-11-30", "2022-11-30"),
        ("2022-11-01/2022-11-30", "2022-11-01", "2022-11-30"),
        ("2022-11-01T00:00:00Z/2022-11-30T23:59:59Z", "2022-11-01", "2022-11-30"),
        ("2022-11-01T/2022-11-30T", "2022-11-01", "2022-11-30"),
        ("2022-12-01/..", "2022-12-01", None),
        ("../2021-12-31", None, "2021-12-31"),
        ("/2021-12-31", None, "2021-12-31"),
    ],
)
def test_datetime_keeps_what_can_have_been_then(
    client: TestClient, seeds: Batch, text: str, first: str | None, last: str | None
) -> None:
    from datetime import date

    start = date.fromisoformat(first) if first else None
    end = date.fromisoformat(last) if last else None
    expected = {r.id for r in seeds.records if r.date.possibly_within(start, end)}
    body = client.get(ITEMS, params={"datetime": text, "background": "1", "abroad": "1"}).json()
    assert {f["id"] for f in body["features"]} == expected
    assert expected


def test_filters_are_those_of_the_page(client: TestClient) -> None:
    herat = client.get(f"{ITEMS}?province=AF32").json()
    assert herat["numberMatched"] >= 1
    assert {f["properties"]["place_adm1_pcode"] for f in herat["features"]} == {"AF32"}
    both = client.get(f"{ITEMS}?province=AF32,AF01&kind=claimed&group=iskp").json()
    assert all("iskp" in f["properties"]["actors"] for f in both["features"])


def test_the_rule_chooses_the_best_figure(client: TestClient) -> None:
    address = f"{ITEMS}/afg-2024-05-08-fayzabad-convoy"
    low = client.get(address, params={"rule": "lowest"}).json()["properties"]
    high = client.get(address, params={"rule": "highest"}).json()["properties"]
    assert (low["fatalities_best"], high["fatalities_best"]) == (3, 6)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=nan,0,1,1", "bbox"),
        ("bbox=0,50,10,40", "bbox"),
        ("bbox=0,0,1e400,1", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2022-13-01", "datetime"),
        ("datetime=2022-12-01/2022-01-01", "datetime"),
        ("datetime=", "datetime"),
        ("datetime=..", "datetime"),
        ("datetime=2022-01-01&from=2022-01-01", "datetime"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("after=%00", "after"),
        ("after=***", "after"),
        ("f=html", "f"),
        ("provinz=AF32", "provinz"),
        ("kind=claims", "kind"),
        ("killed=5-2", "killed"),
        ("from=2022-02-30", "from"),
        ("from=2022-02-02&to=2022-01-01", "from"),
        ("near=34,69", "near"),
        ("q=%00", "q"),
        ("rule=mine", "rule"),
        ("certain=perhaps", "certain"),
        ("v=34,69,5", "v"),
    ],
)
def test_a_broken_parameter_is_named_with_a_remedy(
    client: TestClient, query: str, field: str
) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    body = answer.json()
    assert body["field"] == field
    assert body["error"]
    assert body["remedy"]
    assert "ignored" not in body["remedy"]


@pytest.mark.parametrize(
    ("query", "choice"),
    [
        ("province=AF99", "AF32"), ("province=AF32,Herat", "AF32"), ("district=AF9999", "AF"),
        ("group=isis-k", "iskp"), ("source=no-such-source", "000"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", [ITEMS, "/api/tiles.json", "/api/tiles/0/0/0.mvt"])
def test_a_code_that_nothing_can_match_is_refused_with_choices(
    client: TestClient, address: str, query: str, choice: str
) -> None:
    answer = client.get(f"{address}?{query}")
    assert answer.status_code == 400
    body = answer.json()
    assert body["field"] == query.partition("=")[0]
    assert body["error"].endswith("is not known")
    assert choice in body["remedy"]
    assert body["remedy"].startswith("Choose of ")


def test_codes_that_are_there_are_taken(client: TestClient) -> None:
    feature = client.get(f"{ITEMS}?{ALL}&limit=1").json()["features"][0]
    claims = client.get(f"/api/incidents/{feature['id']}").json()["incident"]["claims"]
    assert client.get(f"{ITEMS}?{ALL}&source={claims[0]['source_id']}").json()["numberMatched"]
    # A province without incidents is a province.
    assert client.get(f"{ITEMS}?province=AF23&group=iskp&district=AF3201").status_code == 200


def test_a_slash_at_the_end_is_no_other_address(client: TestClient) -> None:
    for address in ("/api", "/api/collections", f"{ITEMS}/afg-2024-05-08-fayzabad-convoy"):
        plain, slashed = (client.get(a).json() for a in (address, f"{address}/"))
        assert slashed == plain


def test_bbox_may_cross_the_antimeridian(client: TestClient) -> None:
    whole = client.get(f"{ITEMS}?bbox=-180,-90,180,90").json()["numberMatched"]
    assert client.get(f"{ITEMS}?bbox=170,-90,-170,90").json()["numberMatched"] == 0
    assert client.get(f"{ITEMS}?bbox=60,29,-170,39").json()["numberMatched"] == whole > 0


def test_a_limit_beyond_the_largest_is_no_error(client: TestClient) -> None:
    assert client.get(f"{ITEMS}?limit=99999999999").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/api/nothing", f"{ITEMS}/no-such", "/api/incidents/no-such", "/api/incidents/%00%ff",
     "/api/collections/other/items", "/api/tiles/1/2.mvt", "/api/../etc/passwd"],
)  # fmt: skip
def test_what_is_not_there_is_a_json_404(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    if address == "/api/nothing":
        assert "withdrawn" not in answer.text
    if answer.headers["content-type"].startswith("application/json"):
        assert answer.json()["error"]
    else:
        assert address.startswith("/api/..")  # the client itself climbs out of /api


def test_only_reading_is_answered(client: TestClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.request(method, ITEMS)
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]
        assert answer.json()["remedy"]
    assert client.head("/api").status_code == 200


def test_one_incident_has_its_claims_and_sources(client: TestClient, seeds: Batch) -> None:
    body = client.get("/api/incidents/afg-2024-05-08-fayzabad-convoy").json()
    claims = {c.id for c in seeds.claims if c.incident_id == body["incident"]["id"]}
    assert {claim["id"] for claim in body["incident"]["claims"]} == claims
    assert {claim["source_id"] for claim in body["incident"]["claims"]} == {
        source["id"] for source in body["sources"]
    }
    assert body["incident"]["fatalities"]["low"] == 3


def test_an_answer_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get(f"{ITEMS}?province=AF32")
    tag = first.headers["etag"]
    again = client.get(f"{ITEMS}?province=AF32", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert client.get(ITEMS, headers={"If-None-Match": tag}).status_code == 200


def test_places_are_found_in_any_spelling(client: TestClient) -> None:
    body = client.get("/api/places", params={"q": "Faizabad"}).json()
    first = body["places"][0]
    assert first["adm1_pcode"] == "AF17"
    assert "Badakhshan" in first["within"]
    assert (first["exact"], first["whole"], body["parts"], body["abroad"]) == (True, True, [], None)
    nowhere = client.get("/api/places", params={"q": "zzzzqqqq"})
    assert nowhere.status_code == 200


def test_several_places_and_places_abroad_are_said(client: TestClient) -> None:
    both = client.get("/api/places", params={"q": "Nangarhar/Kunar"}).json()
    assert both["ambiguous"] is True
    assert [p["places"][0]["adm1_pcode"] for p in both["parts"]] == ["AF06", "AF15"]
    assert all(p["query"] and p["places"][0]["within"] for p in both["parts"])
    beyond = client.get("/api/places", params={"q": "60 km east of Torkham"}).json()
    assert beyond["places"] == []
    assert beyond["abroad"]["country"] == "Pakistan"
    assert beyond["abroad"]["border_m"] > 50_000
    named = client.get("/api/places", params={"q": "Quetta, Pakistan"}).json()["abroad"]
    assert (named["country"], named["lat"]) == ("Pakistan", None)


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=" + "a" * 5000, "q=x&limit=99", "x=1"])
def test_a_broken_question_for_places_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/places?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] in ("q", "limit", "x")


def _batch(records: Any, sources: Any, claims: Any, judgements: Any = ()) -> Batch:
    return Batch(tuple(sources), tuple(records), tuple(claims), tuple(judgements))


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.OWNER])
def test_nothing_private_is_in_any_answer(tmp_path: Path, role: Role) -> None:
    with served(tmp_path, mixed(), role=role) as client:
        answers = [
            client.get(address)
            for address in (
                ITEMS, f"{ITEMS}/a-open", f"{ITEMS}/b-mixed", "/api/incidents/a-open",
                "/api/incidents/b-mixed", "/api/collections", "/api/tiles/0/0/0.mvt",
                "/api/tiles/6/42/25.mvt", f"{ITEMS}?q={MARK}", f"{ITEMS}?dataset=acled",
            )
        ]  # fmt: skip
        for answer in answers:
            assert answer.status_code == 200
            if "q=" not in str(answer.url):
                assert MARK.encode() not in answer.content
            assert b"c-private" not in answer.content
            assert b"d-coded" not in answer.content
        assert answers[0].json()["numberMatched"] == 3
        (trimmed,) = [f for f in answers[0].json()["features"] if f["id"] == "b-mixed"]
        assert trimmed["properties"]["claims_withheld"] == 2
        assert trimmed["properties"]["fatalities_high"] == 4
        assert trimmed["properties"]["attribution"] == "none"
        assert answers[-1].json()["numberMatched"] == 0
        for address in (f"{ITEMS}/c-private", "/api/incidents/c-private", f"{ITEMS}/d-coded"):
            answer = client.get(address)
            assert answer.status_code == 404
            assert MARK.encode() not in answer.content


def test_hostile_text_travels_as_text(tmp_path: Path) -> None:
    own = replace(record("evil", HOSTILE))
    batch = _batch([own], [source("s1", text=HOSTILE)], [killed("evil", "s1", 3, HOSTILE)])
    with served(tmp_path, batch) as client:
        answer = client.get(f"{ITEMS}/evil")
        assert answer.json()["properties"]["title"] == own.title
        assert answer.headers["content-type"] == "application/geo+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


def test_other_pages_may_read_only_where_the_owner_says_so(seeds: Batch, tmp_path: Path) -> None:
    origin = {"Origin": "https://news.example"}
    with served(tmp_path / "closed", seeds) as client:
        assert "access-control-allow-origin" not in client.get("/api", headers=origin).headers
    settings = ApiSettings(frozenset({"https://news.example"}), 0)
    with served(tmp_path / "open", seeds, settings) as client:
        answer = client.get("/api", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://news.example"
        assert "Origin" in answer.headers["vary"]
        preflight = client.options(ITEMS, headers=origin)
        assert preflight.status_code == 204
        assert "GET" in preflight.headers["access-control-allow-methods"]
        other = client.get("/api", headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
    with served(tmp_path / "all", seeds, ApiSettings(frozenset({"*"}), 0)) as client:
        assert client.get("/api", headers=origin).headers["access-control-allow-origin"] == "*"


def test_who_asks_too_often_is_told_when_to_come_back(seeds: Batch, tmp_path: Path) -> None:
    with served(tmp_path, seeds, ApiSettings(per_minute=3)) as client:
        answers = [client.get("/api/conformance") for _ in range(5)]
        assert [a.status_code for a in answers[:3]] == [200, 200, 200]
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert answers[-1].json()["remedy"]


def test_links_begin_with_the_public_address(seeds: Batch, tmp_path: Path) -> None:
    settings = ApiSettings(per_minute=0, public_url="https://map.example.org")
    with served(tmp_path, seeds, settings) as client:
        links = client.get("/api").json()["links"]
        assert {link["href"].split("/api")[0] for link in links} == {"https://map.example.org"}
