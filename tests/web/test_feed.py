"""The Atom feed: read by a feed reader, ids that stay, no text that breaks it, nothing private."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mapapp.domain.batch import Batch
from mapapp.domain.vocab import Redistribution
from mapapp.store import Store
from mapapp.web.feed import ATOM, MAX_CHANGES, MAX_OF_ONE, feed_routes
from tests.store import generate
from tests.web.api_client import FREE

HOSTILE = "<script>alert(1)</script> & ]]> \x00\x0b ${x} `y`"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "data")
    yield opened
    opened.close()


def plain(n: int) -> Batch:
    """Incidents that the usual selection holds, each with its claims."""
    made = generate.batch(n, seed=4)
    records = tuple(
        replace(r, background=False, country="AFG", title=f"No {r.id}") for r in made.records
    )
    return Batch(made.sources, records, made.claims)


def client_of(store: Store) -> TestClient:
    return TestClient(
        Starlette(routes=feed_routes(lambda: store, FREE)), base_url="https://map.test"
    )


def day(n: int) -> datetime:
    return datetime(2026, 1, n, 12, tzinfo=UTC)


@pytest.fixture
def client(store: Store) -> TestClient:
    """Five added on the 1st; on the 2nd one renamed with a reason."""
    given = plain(5)
    store.append(given, by="ana@example.org", at=day(1))
    renamed = replace(given.records[0], title=HOSTILE)
    store.append(Batch((), (renamed,), ()), by="ben", at=day(2), reason="A <b>typo</b> & more")
    store.publish()
    return client_of(store)


def test_a_feed_reader_reads_it(client: TestClient) -> None:
    answer = client.get("/feed.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    read = feedparser.parse(answer.content)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    first, *rest = read.entries
    assert "<script>" not in answer.text
    assert [entry.title.split(":")[0] for entry in rest] == ["Added"] * 5
    assert "A <b>typo</b> & more" in first.content[0].value
    assert first.content[0].type == "text/plain"
    assert (first.author, rest[0].author) == ("ben", "an editor")  # no mail address goes out
    assert first.updated == "2026-01-02T12:00:00Z"
    assert first.link.startswith("https://map.test/?incident=")


def test_it_is_what_rfc_4287_asks_for(client: TestClient) -> None:
    root = ET.fromstring(client.get("/feed.atom?kind=claimed").content)  # noqa: S314 - our own
    name = "{" + ATOM + "}"
    assert root.tag == f"{name}feed"
    for part in [root, *root.findall(f"{name}entry")]:
        for needed in ("id", "title", "updated"):
            assert len(part.findall(f"{name}{needed}")) == 1
        assert part.findall(f"{name}author")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{name}link")}
    assert links["self"] == "https://map.test/feed.atom?kind=claimed"
    ids = [e.findtext(f"{name}id") or "" for e in root.iter() if e.find(f"{name}id") is not None]
    assert len(set(ids)) == len(ids)
    assert all(own.startswith("urn:uuid:") for own in ids)


def test_ids_and_etag_stay_until_something_changes(store: Store, client: TestClient) -> None:
    first = client.get("/feed.atom")
    tag = first.headers["etag"]
    assert client.get("/feed.atom", headers={"if-none-match": tag}).status_code == 304
    ids = {entry.id: entry.title for entry in feedparser.parse(first.content).entries}
    record = store.log.read().records[2]
    store.append(Batch((), (replace(record, title="Again"),), ()), by="cem", at=day(3))
    store.publish()
    later = client.get("/feed.atom", headers={"if-none-match": tag})
    assert later.status_code == 200
    again = {entry.id: entry.title for entry in feedparser.parse(later.content).entries}
    assert ids.keys() < again.keys()
    (new,) = again.keys() - ids.keys()
    assert again[new] == "Revised: Again"


def test_a_selection_has_only_its_own_changes(store: Store, client: TestClient) -> None:
    record = store.log.read().records[1]
    assert record.date.earliest is not None
    own = f"/feed.atom?from={record.date.earliest}&to={record.date.latest}"
    links = [entry.link for entry in feedparser.parse(client.get(own).content).entries]
    ids = {parse_qs(urlsplit(link).query)["incident"][0] for link in links}
    assert record.id in ids
    assert len(ids) < 6
    assert feedparser.parse(client.get("/feed.atom?province=AF99").content).entries == []


def test_many_changes_at_once_are_one_entry(store: Store) -> None:
    store.append(plain(MAX_OF_ONE + 5), by="import", at=day(1))
    store.publish()
    (entry,) = feedparser.parse(client_of(store).get("/feed.atom").content).entries
    assert f"{MAX_OF_ONE + 5} added" in entry.title
    assert parse_qs(urlsplit(entry.link).query)["tab"] == ["changes"]


def followed(client: TestClient, address: str) -> list[list[str]]:
    """The ids of the entries of each document, from one to the next."""
    found = []
    while address:
        read = feedparser.parse(client.get(address).content)
        assert not read.bozo
        found.append([entry.id for entry in read.entries])
        (address,) = [link.href for link in read.feed.links if link.rel == "next"] or [""]
    return found


def test_older_changes_are_behind_the_link_next(store: Store) -> None:
    given = plain(3)
    store.append(given, by="ana", at=day(1))
    for n in range(2 * MAX_CHANGES + 5):
        renamed = replace(given.records[n % 3], title=f"Name {n}")
        store.append(Batch((), (renamed,), ()), by="ben", at=day(2) + timedelta(hours=n))
    store.publish()
    client = client_of(store)
    documents = followed(client, "/feed.atom")
    assert [len(ids) for ids in documents] == [MAX_CHANGES, MAX_CHANGES, 5 + 3]
    together = [own for ids in documents for own in ids]
    assert len(set(together)) == len(together)
    # Since a time: what came before is left out, here and behind the link.
    hours = (2 * MAX_CHANGES + 5) - 35
    since = (day(2) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [len(ids) for ids in followed(client, f"/feed.atom?since={since}")] == [MAX_CHANGES, 5]


def test_a_change_is_whole_in_one_document(store: Store) -> None:
    given = plain(3 * MAX_OF_ONE)
    for n in range(3):
        some = given.records[n * MAX_OF_ONE : (n + 1) * MAX_OF_ONE]
        sources = given.sources if n == 0 else ()
        ids = {record.id for record in some}
        claims = tuple(claim for claim in given.claims if claim.incident_id in ids)
        store.append(Batch(sources, some, claims), by="ana", at=day(n + 1))
    store.publish()
    documents = followed(client_of(store), "/feed.atom")
    assert [len(ids) for ids in documents] == [2 * MAX_OF_ONE, MAX_OF_ONE]


def test_what_may_not_leave_is_not_in_it(store: Store) -> None:
    given = plain(6)
    private = tuple(replace(s, redistribution=Redistribution.PRIVATE) for s in given.sources)
    store.append(replace(given, sources=private), by="ana", at=day(1))
    renamed = replace(given.records[0], title="Secret")
    store.append(Batch((), (renamed,), ()), by="ana", at=day(2))
    with_claims = {claim.incident_id for claim in given.claims}
    store.publish()
    read = feedparser.parse(client_of(store).get("/feed.atom").content)
    said = {parse_qs(urlsplit(entry.link).query)["incident"][0] for entry in read.entries}
    assert not said & with_claims


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("nonsense=1", "nonsense"),
        ("as_of=2026-01-01", "as_of"),
        ("kind=x", "kind"),
        ("since=monday", "since"),
        ("before=last", "before"),
        ("before=-1", "before"),
    ],
)
def test_what_it_cannot_read_it_refuses_in_words(
    client: TestClient, query: str, field: str
) -> None:
    answer = client.get(f"/feed.atom?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == field


def test_an_empty_log_has_an_empty_feed(store: Store) -> None:
    store.publish()
    read = feedparser.parse(client_of(store).get("/feed.atom").content)
    assert not read.bozo
    assert read.entries == []
