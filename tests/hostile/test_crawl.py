"""Hostile input to every route and parameter of the running server: nothing breaks or changes, and
nothing is told or reflected.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import socket
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.query.filters.link import PARAMS, RESERVED
from mapapp.store.default import open_default
from mapapp.web import params
from mapapp.web.api.app import document
from tests.browser.conftest import serving
from tests.hostile import dataset
from tests.hostile.client import Answer, Ask, Client, faults, percent
from tests.hostile.corpus import corpus
from tests.hostile.routes import EXAMPLES, OwnRoute, routes

ROOT = Path(__file__).resolve().parents[2]

#: Headers that a request may bring and that some part of the server reads.
HEADERS = (
    "Accept", "Accept-Encoding", "Authorization", "Cookie", "Host", "If-None-Match", "Origin",
    "Range", "Referer", "Forwarded", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host",
    "X-Forwarded-Proto", "X-Request-ID", "X-Xsrftoken", "Sec-WebSocket-Protocol",
)  # fmt: skip

#: No limits: a crawl is a flood, too. Anybody from the internet, with what they may do.
PUBLIC = {
    "MAPAPP_ACCESS": "public", "MAPAPP_API_PER_MINUTE": "0", "MAPAPP_DATA_PER_MINUTE": "0",
    "MAPAPP_LOG_LEVEL": "debug",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    folder: Path
    log: Path

    def state(self) -> str:
        """A hash of all that the log holds and of which snapshot is current."""
        digest = hashlib.sha256((self.folder / "snapshots" / "CURRENT").read_bytes())
        with sqlite3.connect(f"file:{self.folder / 'log.sqlite'}?mode=ro", uri=True) as log:
            for line in log.iterdump():
                digest.update(line.encode())
        log.close()
        for path in sorted((self.folder / "snapshots").glob("snap-*.duckdb")):
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The seeds and a data set whose every text is hostile, served to the public."""
    folder = tmp_path_factory.mktemp("crawl") / "var"
    store = open_default(folder)
    report = import_file(Order(dataset.write(folder.parent / "hostile.json")), store)
    assert report.set_aside == 0
    store.close()
    with serving(folder, PUBLIC) as address:
        (log,) = folder.parent.glob("server-*.log")
        yield Server(address, folder, log)


def parameters() -> list[str]:
    """Every parameter that a route or the page knows, by the program's own tables."""
    found = {param.name for param in PARAMS} | params.OWN | RESERVED | {"tab", "colour"}
    for methods in document()["paths"].values():
        for own in methods["get"].get("parameters", ()):
            if own["in"] == "query":
                found.add(own["name"])
    found |= {f"vs_{name}" for name in ("from", "to", "q", "province")}
    found |= {"provider", "code", "state", "next"}  # of Streamlit's way of signing in
    return sorted(found)


def asks(*, whole: bool) -> Iterator[Ask]:
    """The requests. A sample has each route with each parameter, and each route with each class of
    text in a parameter, in each part of its path, and as a raw query.

    `whole` has every route with every parameter and class, the texts of a class in turn, so that
    each route and each parameter meets nearly each text; and every route with every text in its
    query, in each part of its path and, by class, in each header. All with all would be 1.1
    million, which differ in nothing that the server looks at: a parameter that a route does not
    know it refuses by its name.
    """
    classes = corpus().by_class()
    short = [text for _, text in corpus().texts]
    own_class: dict[str, list[str]] = {}
    for name, text in corpus().texts:
        own_class.setdefault(name, []).append(text)
    short_ones = list(own_class.values())
    names = parameters()
    turn = itertools.count()
    for route in routes():
        for name in names:
            each = [own[next(turn) % len(own)] for own in short_ones]
            for text in each if whole else [short[next(turn) * 7 % len(short)]]:
                yield Ask(f"{route.filled()}?{name}={percent(text)}", text)
        for name, own in classes.items():
            for text in own if whole else [own[next(turn) % len(own)]]:
                yield Ask(f"{route.filled()}?q={percent(text)}&{percent(text)[:2000]}={name}", text)
                for part in route.parts:
                    yield Ask(_path(route, part, text), text)
        for raw in corpus().raw if whole else [corpus().raw[next(turn) % 17] for _ in range(5)]:
            yield Ask(f"{route.filled()}?q={raw}&{raw}", raw)
            for part in route.parts:
                yield Ask(route.filled(part, raw), raw)
        for name in HEADERS:
            each = [own[next(turn) % len(own)] for own in short_ones]
            for text in each if whole else [short[next(turn) * 11 % len(short)]]:
                plain = re.sub(r"[\r\n\0]", " ", text).encode("utf-8", "replace").decode("latin-1")
                yield Ask(route.filled(), plain.strip(), headers={name: plain.strip()})
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "X<b>"):
            text = short[next(turn) % len(short)]
            body = text.encode("utf-8", "surrogatepass")
            yield Ask(route.filled(), text, method, body=b"" if method == "HEAD" else body)


def _path(route: OwnRoute, part: str, text: str) -> str:
    return route.filled(part, percent(text))


def test_the_corpus_is_what_the_document_says() -> None:
    own = corpus()
    words = (ROOT / "docs" / "security.md").read_text("utf-8")
    match = re.search(r"(\d+) texts in (\d+) classes", words)
    assert match, "docs/security.md states how large the corpus is"
    assert (int(match[1]), int(match[2])) == (own.count, len(own.by_class()) + 1)
    assert len({text for _, text in own.texts}) == len(own.texts)


def test_the_search_for_faults_finds_them() -> None:
    """What the crawl looks for is seen where it is: an answer that does all of it wrong."""
    text = "<img src=x onerror=top.__xss=1>"
    wrong = Answer(
        500,
        (("content-type", "text/html"), ("x-injected", "1"), ("location", "//xss.example.org/")),
        f'<p>{text}</p>Traceback (most recent call last): File "/x.py"'.encode(),
    )
    said = "\n".join(faults(Ask("/", text), wrong))
    for words in ("status 500", "nosniff", "injected", "elsewhere", "inside", "reflected"):
        assert words in said, words
    broken = Answer(200, (("content-type", "image/svg+xml"),), b"<svg><b></svg>")
    assert "is no XML" in "\n".join(faults(Ask("/"), broken))


def test_every_route_with_every_parameter_and_class(server: Server) -> None:
    _crawl(server, whole=False, least=4000)


@pytest.mark.soak
def test_every_route_with_every_parameter_and_text(server: Server) -> None:
    _crawl(server, whole=True, least=80_000)


def _crawl(server: Server, *, whole: bool, least: int) -> None:
    before = server.state()
    asked: Iterable[Ask] = asks(whole=whole)
    if not whole:  # slow routes among the quick ones, the same way each time
        asked = sorted(asked, key=lambda own: zlib.crc32(str(own).encode()))
    number, found = Client(server.address).crawl(asked)
    assert not found, f"{len(found)} of {number}:\n" + "\n".join(found[:40])
    assert number > least
    assert server.state() == before
    told = server.log.read_text("utf-8", "replace")
    assert "Traceback" not in told
    assert not [line for line in told.splitlines() if line.startswith("X-Injected")]


#: What no client library would send: heads that cannot be read, or are read differently by two.
HEADS = (
    b"GET /data/view HTTP/1.1\r\nHost: {host}\r\nX: a\r\n b\r\n\r\n",
    b"GET /data/view?q=\xff\xfe HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /data/view?q=<script> HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET //xss.example.org/%2f.. HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET http://xss.example.org/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nHost: xss.example.org\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n\r\n",
    b"GET /healthz HTTP/9.9\r\nHost: {host}\r\n\r\n",
    b"<script>top.__xss=1</script>\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: {host}\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: {host}\r\n" + b"X: a\r\n" * 5000 + b"\r\n",
    b"POST /data/view HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"
    b"\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"POST /data/view HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
    b"POST /data/view HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
)


def test_heads_that_no_library_would_send(server: Server) -> None:
    before = server.state()
    to = urlsplit(server.address)
    for head in HEADS:
        with socket.create_connection((to.hostname, to.port), timeout=20) as own:
            said = b""
            with suppress(ConnectionError, OSError):  # it may close on the first bad line
                own.sendall(head.replace(b"{host}", to.netloc.encode()))
                own.shutdown(socket.SHUT_WR)
                while piece := own.recv(65536):
                    said += piece
        for status in re.findall(rb"HTTP/1\.1 (\d+)", said):
            assert int(status) < 500, (head[:80], said[:300])
        if not said.startswith(b"HTTP/1.1 200"):  # the data set's own texts stand in its JSON
            assert b"<script>top" not in said, (head[:80], said[:300])
        assert b"Traceback" not in said
    client = Client(server.address)
    assert client.ask(Ask("/healthz")).status == 200
    client.close()
    assert server.state() == before


def test_every_part_of_a_path_has_an_example() -> None:
    for route in routes():
        assert set(re.findall(r"\{[^}]+\}", route.path)) <= set(EXAMPLES), route.path
