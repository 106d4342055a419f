"""Two maps that differ in nothing but what is held back answer a visitor alike, byte for byte."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gazetteer import Gazetteer
from mapapp.domain.access import AccessSettings, Role
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import GeoPrecision, Redistribution, SpeakerClass
from mapapp.exporters.formats import FORMATS
from mapapp.exporters.reading import read_extract
from mapapp.query import Dashboard
from mapapp.query.changes.fingerprint import fingerprint
from mapapp.query.filters.table import CODES
from mapapp.store import Store
from mapapp.web import routes
from mapapp.web.api.app import api_routes
from mapapp.web.columns import PACKED
from mapapp.web.server.access import Access
from tests import postgres
from tests.query.answers import QUESTIONS
from tests.store import generate
from tests.web.api_client import FREE

RULES = """
delay_days = 30
min_precision = "district"
withhold_fields = ["notes", "words"]
withhold_incidents = ["secret-1", "secret-2"]
[[source]]
id = "private-2"
redistribution = "private"
"""
AT = datetime(2026, 1, 1, tzinfo=UTC)
TIME = re.compile(rb'"timeStamp":"[^"]*"')
EVERYTHING = {"background": "1", "abroad": "1"}
PATHS = (
    *(f"/data/facets?part={part}" for part in CODES),
    "/data/view?zoom=6", "/data/view?zoom=14&bbox=68,34,70,36", "/data/bins?zoom=6",
    "/data/counts", "/data/figures", "/data/series?step=day",
    "/data/table?order=date", "/data/table?order=killed",
    "/api/incidents/i0001", "/api", "/api/collections",
    "/api/collections/incidents", "/api/collections/incidents/items?limit=200",
    "/api/incidents/secret-1", "/api/collections/incidents/items/secret-1", "/api/openapi.json",
    "/api/tiles.json", "/api/tiles/5/22/12.mvt", "/api/tiles/8/177/101.mvt",
    "/api/places?q=Kabul", "/preview.png", "/readyz", "/healthz",
    "/data/view?zoom=6&as_of=2026-01-15", "/data/facets?part=provinces&as_of=2026-03-01",
)  # fmt: skip
SELECTIONS = (
    Selection(),
    Selection(background=True, abroad=True),
    Selection(provinces=("AF01",)),
    Selection(text="convoy"),
)


def open_part(gazetteer: Gazetteer) -> Batch:
    """What both hold, with places that are known finer than leaves."""
    own = generate.batch(60, seed=4)
    districts = gazetteer.districts()
    records = tuple(
        replace(
            record,
            place=replace(
                record.place, adm2_pcode=districts[n].adm2_pcode, lat=34.5, lng=69.2,
                geo_precision=GeoPrecision.SITE, radius_m=None, area_id=None,
            ),
        )
        if n % 2
        else record
        for n, record in enumerate(own.records)
    )  # fmt: skip
    return replace(own, records=records)


def told_otherwise(own: Batch) -> Batch:
    """The same with other words, speakers and points wherever those do not leave."""
    records = tuple(
        replace(
            record, title=f"A secret title of {record.id}", target="a secret target",
            notes=("A secret note",),
            place=replace(record.place, text="a secret hamlet", lat=34.6, lng=69.3)
            if record.place.geo_precision is GeoPrecision.SITE and record.place.adm2_pcode
            and record.place.radius_m is None and record.place.lat == 34.5
            else replace(record.place, text="a secret place"),
        )
        for record in own.records
    )  # fmt: skip
    claims = tuple(
        replace(
            claim, words="secret words", locator="a secret page", note="a secret remark",
            asserted_by="A secret witness" if claim.speaker_class is SpeakerClass.WITNESS
            else claim.asserted_by,
        )
        for claim in own.claims
    )  # fmt: skip
    return replace(own, records=records, claims=claims)


def secret_part(own: Batch) -> Batch:
    """Incidents withheld by name, delayed, and by private sources alone; links to all of them."""
    young = datetime.now(UTC).date() - timedelta(days=3)
    closed = replace(
        own.sources[0], id="private-1", redistribution=Redistribution.PRIVATE, title="Secret page"
    )
    sources = (closed, replace(own.sources[0], id="private-2", title="Another secret page"))

    def like(at: int, key: str) -> IncidentRecord:
        return replace(own.records[at], id=key, title="A secret incident")

    delayed = like(4, "young-1")
    delayed = replace(delayed, date=replace(delayed.date, earliest=young, latest=young))
    records = (like(1, "secret-1"), like(2, "secret-2"), delayed, like(5, "alone-1"),
               like(6, "alone-2"))  # fmt: skip
    own_source = {"alone-1": "private-1", "alone-2": "private-2"}
    claims: list[Claim] = [
        replace(claim, incident_id=record.id, source_id=own_source.get(record.id, claim.source_id))
        for record, like_ in zip(records, (1, 2, 4, 5, 6), strict=True)
        for claim in own.claims
        if claim.incident_id == own.records[like_].id
    ]
    about = {claim.incident_id for claim in claims}
    claims += [
        replace(own.claims[0], incident_id=record.id, source_id=own_source.get(record.id, "000"))
        for record in records
        if record.id not in about
    ]
    links = tuple(
        Judgement(own.records[n].id, record.id, Relation.SAME, "secret reason", judged_by="ana")
        for n, record in enumerate(records)
    )
    return Batch(sources, records, tuple(claims), links)


class Visitor:
    """Who asks one of the two maps without signing in."""

    def __init__(self, store: Store) -> None:
        self.store = store
        app = Starlette(routes=routes(lambda: store) + api_routes(lambda: store, FREE))
        self.client = TestClient(
            Access(app, lambda headers, cookies: Role.ANONYMOUS, AccessSettings().may),
            raise_server_exceptions=False,
        )


@pytest.fixture(scope="module", params=["file", "postgresql"])
def visitors(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer
) -> Iterator[tuple[Visitor, Visitor]]:
    folder = tmp_path_factory.mktemp("two")
    own = open_part(gazetteer)
    plain, more = (
        Store.open(
            folder / name,
            log_url=postgres.server().database() if request.param == "postgresql" else None,
        )
        for name in ("plain", "more")
    )
    plain.append(own, by="ana@example.org", at=AT)
    more.append(told_otherwise(own), by="another.person@example.org", at=AT)
    # In a change of its own, and afterwards: numbers and times of changes must not tell, either.
    more.append(secret_part(own), by="ben@example.org", at=AT + timedelta(days=40))
    for store in (plain, more):
        (store.data_dir / "gate.toml").write_text(RULES, "utf-8")
        store.publish()
    plain.public()
    shutil.copyfile(plain.data_dir / "gate.key", more.data_dir / "gate.key")
    yield Visitor(plain), Visitor(more)
    plain.close()
    more.close()


def test_the_two_do_differ(visitors: tuple[Visitor, Visitor]) -> None:
    plain, more = (Dashboard(v.store.current()).count(SELECTIONS[1]) for v in visitors)
    assert more == plain + 5
    seen = Dashboard(visitors[0].store.public()).count(SELECTIONS[1])
    assert 0 < seen <= plain


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_one_answer(visitors: tuple[Visitor, Visitor], name: str) -> None:
    plain, more = (Dashboard(visitor.store.public()) for visitor in visitors)
    for selection in SELECTIONS:
        assert QUESTIONS[name](plain, selection) == QUESTIONS[name](more, selection)


def test_the_hash_of_a_citation_is_one(visitors: tuple[Visitor, Visitor]) -> None:
    for selection in SELECTIONS:
        one, other = (fingerprint(v.store.public(), selection) for v in visitors)
        assert one == other


def test_every_address_answers_alike(visitors: tuple[Visitor, Visitor]) -> None:
    """Body, status and all headers: sizes and ETags are among them."""
    for path in PATHS:
        for query in ("", "&".join(f"{k}={v}" for k, v in EVERYTHING.items())):
            for accept in ("application/json", PACKED, "image/png"):
                address = path + (("&" if "?" in path else "?") + query if query else "")
                one, other = (v.client.get(address, headers={"accept": accept}) for v in visitors)
                assert one.status_code == other.status_code, address
                # A page of features says in which second it was made.
                contents = [TIME.sub(b"", answer.content) for answer in (one, other)]
                assert contents[0] == contents[1], address
                assert dict(one.headers) == dict(other.headers), address


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.endswith("png")])
def test_every_file_is_the_same(visitors: tuple[Visitor, Visitor], name: str) -> None:
    # One time of making for both: it stands in the file.
    extracts = [
        replace(read_extract(v.store.public(), SELECTIONS[1]), made_at=AT) for v in visitors
    ]
    one, other = (FORMATS[name].write(extract) for extract in extracts)
    assert one.filename == other.filename
    assert one.notes == other.notes
    assert _parts(name, one.content) == _parts(name, other.content)


def _parts(name: str, content: bytes) -> object:
    """A file's content; of a workbook all but the second that it was written in."""
    if name != "xlsx":
        return content
    with ZipFile(BytesIO(content)) as book:
        parts = {info: book.read(info) for info in book.namelist()}
    written = rb"<dcterms:modified[^>]*>[^<]*<"
    parts["docProps/core.xml"], found = re.subn(written, b"<", parts["docProps/core.xml"])
    assert found == 1
    return parts


def test_a_change_of_what_is_held_back_is_no_change(visitors: tuple[Visitor, Visitor]) -> None:
    """Made anew after it, the public file is the same state."""
    _, more = visitors
    before = more.client.get("/data/view?zoom=6")
    held = more.store.log.read()
    (secret,) = (r for r in held.records if r.id == "secret-1")
    changed = Batch((), (replace(secret, title="Another secret"),), ())
    more.store.append(changed, by="ana", reason="a better title")
    more.store.publish()
    more.store.public()
    more.store.gate.close()
    assert more.store.public().seq == more.store.log.seq()
    again = more.client.get("/data/view?zoom=6")
    assert (again.content, dict(again.headers)) == (before.content, dict(before.headers))
