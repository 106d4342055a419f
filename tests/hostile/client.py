"""Sends what no browser would send, and says what is wrong with an answer."""

from __future__ import annotations

import http.client
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import local
from urllib.parse import quote, urljoin, urlsplit

from mapapp.web import front_end
from tests.apart import apart

ROOT = Path(__file__).resolve().parents[2]

#: What only the inside of the program says: traces, its folders, its libraries' own words.
_INSIDE = (
    "Traceback", 'File "/', "site-packages", "/.venv/", "duckdb.", "sqlalchemy", "root:x:0",
    "[fonts]", "pytest-of-", str(ROOT),
)  # fmt: skip
_RAISED = re.compile(r"\b[A-Z][A-Za-z]+(?:Error|Exception)\b")

_MARKUP = ("text/html", "image/svg+xml", "application/xml", "text/xml", "application/atom+xml")
_JSON = re.compile(r"application/(?:[\w.+-]*\+)?json")
_XML = re.compile(r"application/(?:[\w.-]*\+)?xml|image/svg\+xml|text/xml")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `path` is written as it stands, `text` is the hostile part of it."""

    path: str
    text: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path[:200]} {dict(self.headers)!r:.120}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, headers (lower case) and bytes; status 0: the server closed the connection."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, empty where there is none."""
        return next((value for own, value in self.headers if own == name), "")


class Client:
    """Connections to a server, one for each thread."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._base = parts.path.rstrip("/")
        self._own = local()
        self._all: list[http.client.HTTPConnection] = []

    def ask(self, asked: Ask) -> Answer:
        """The answer; a server may refuse by closing the connection."""
        for again in (True, False):
            connection: http.client.HTTPConnection | None = getattr(self._own, "it", None)
            if connection is None:
                connection = http.client.HTTPConnection(self._host, self._port, timeout=60)
                self._own.it = connection
                self._all.append(connection)
            try:
                return self._ask(connection, asked)
            except (http.client.HTTPException, ConnectionError):
                connection.close()
                self._own.it = None
                if not again:
                    return Answer(0, (), b"")
        raise AssertionError("there is a second try")

    def _ask(self, connection: http.client.HTTPConnection, asked: Ask) -> Answer:
        # The library would refuse what it takes for a fault of ours.
        connection._validate_path = lambda url: None  # type: ignore[attr-defined]
        connection.putrequest(asked.method, self._base + asked.path, skip_accept_encoding=True)
        for name, value in asked.headers.items():
            connection.putheader(name, value)
        if asked.body is not None:
            connection.putheader("Content-Length", str(len(asked.body)))
        connection.endheaders(asked.body)
        got = connection.getresponse()
        body = got.read()
        return Answer(
            got.status, tuple((name.lower(), value) for name, value in got.getheaders()), body
        )

    def crawl(self, asks: Iterable[Ask], threads: int = 6) -> tuple[int, list[str]]:
        """How many requests were answered, and what was wrong with answers."""

        def one(asked: Ask) -> list[str]:
            return [f"{asked}: {fault}" for fault in faults(asked, self.ask(asked))]

        def all_of_them() -> tuple[int, list[str]]:
            number, found = 0, []
            left = iter(asks)
            with ThreadPoolExecutor(threads) as pool:
                while some := list(islice(left, 2000)):
                    number += len(some)
                    found += [fault for own in pool.map(one, some) for fault in own]
            return number, found

        try:
            return apart(all_of_them)
        finally:
            self.close()

    def close(self) -> None:
        """Close all connections."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._own = local()


def percent(text: str) -> str:
    """A text as it stands in an address, nothing left as it is."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def faults(asked: Ask, answer: Answer) -> list[str]:
    """What is wrong with an answer to hostile input."""
    if answer.status == 0:
        return []
    found = []
    if answer.status >= 500:
        found.append(f"status {answer.status}: {answer.body[:300]!r}")
    kind = answer.header("content-type").partition(";")[0].strip()
    if answer.body and not kind and answer.status != 304:
        found.append("no content type")
    # What the server itself says of a request that is no HTTP is plain text.
    no_http = answer.status == 400 and kind == "text/plain"
    if answer.body and answer.header("x-content-type-options") != "nosniff" and not no_http:
        found.append("without nosniff")
    for name, value in answer.headers:
        if "injected" in name or (name == "set-cookie" and "injected" in value):
            found.append(f"a header was injected: {name}: {value[:80]}")
        if name == "location" and _host(value).endswith("xss.example.org"):
            found.append(f"sends the reader elsewhere: {value[:80]}")
    if kind.startswith(("text/", "application/json")) or kind in _MARKUP or _JSON.fullmatch(kind):
        text = answer.body.decode("utf-8", "replace")
        found += _said(asked, kind, text)
    return found


def _host(location: str) -> str:
    """Where a browser goes that is sent to a location; a backslash is a slash to it."""
    return urlsplit(urljoin("http://map.test/", location.replace("\\", "/"))).hostname or ""


def _said(asked: Ask, kind: str, text: str) -> list[str]:
    found = []
    own = text.replace(asked.text, "") if len(asked.text) > 3 else text
    # Scripts of the page speak of errors of their own, those that travel together as well.
    scripts = asked.path.partition("?")[0] == f"/{front_end.PATH}"
    if kind not in ("text/javascript", "text/css") and not scripts:
        told = [own.index(words) for words in _INSIDE if words in own]
        if "Error" in own or "Exception" in own:
            told += [match.start() for match in _RAISED.finditer(own)]
        found += [f"tells of the inside: {own[max(0, at - 60) : at + 60]!r}" for at in told[:1]]
    # Between the tags of XML a quote is only a quote.
    signs = "<" if _XML.fullmatch(kind) else "<>\"'"
    telling = len(asked.text) > 3 and any(sign in asked.text for sign in signs)
    if kind in _MARKUP and telling and asked.text in text:
        at = text.index(asked.text)
        found.append(f"reflected as it is: {text[max(0, at - 60) : at + 60]!r}")
    if _XML.fullmatch(kind) and text:
        try:
            root = ET.fromstring(text)  # noqa: S314 - our own answer
        except ET.ParseError as error:
            return [*found, f"is no XML: {error}"]
        for element in root.iter():
            names = [element.tag, *element.attrib]
            if any(re.search(r"(?:^|\})(?:script|foreignObject|on\w+)$", name) for name in names):
                found.append(f"holds what runs: {names}")
    return found
