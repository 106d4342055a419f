"""A language model adds what stands on words of the page; the rest is dropped and counted.

The model is a server on loopback that says what the test tells it to.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from mapapp.reading.apart import PageReader
from mapapp.reading.language_model import RULE, LanguageModel, completed
from mapapp.reading.model import Figure, Reading
from mapapp.reading.reader import read
from mapapp.reading.whole import Known

TEXT = (
    "Blast in Kunduz\n\nFive people were killed in an explosion in Kunduz city on Tuesday, local "
    "sources said.\n\nA nurse, who gave no name, spoke of some 14 patients with burns in her ward. "
    "ISIS praised the deed.\n"
)


class Scripted:
    """What the server was asked, and what it is to say."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.says: bytes = b"{}"
        self.status = 200
        self.delay = 0.0
        self.url = ""

    def answer(self, *claims: dict[str, Any]) -> None:
        content = json.dumps({"incidents": [{"claims": list(claims)}]})
        self.says = json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.fixture
def server() -> Iterator[Scripted]:
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            script.asked.append(json.loads(body) | {"path": self.path})
            script.headers.append(dict(self.headers))
            time.sleep(script.delay)
            self.send_response(script.status)
            self.end_headers()
            self.wfile.write(script.says)

        def log_message(self, format: str, *args: object) -> None:
            pass

    own = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{own.server_port}/v1"
    threading.Thread(target=own.serve_forever, daemon=True).start()
    yield script
    own.shutdown()
    own.server_close()


def claim(words: str, **more: Any) -> dict[str, Any]:
    return {
        "property": "wounded", "number": 14, "victim_class": "unspecified", "speaker": "A nurse",
        "speaker_class": "medical", "words": words,
    } | more  # fmt: skip


def asked(server: Scripted, *claims: dict[str, Any], text: str = TEXT) -> Reading:
    server.answer(*claims)
    rules = read(text, publisher="P", published=date(2024, 9, 18))
    return completed(rules, LanguageModel(server.url, "a-model", "secret-key-of-mine"))


def added(reading: Reading) -> list[Figure]:
    return [f for d in reading.drafts for f in d.figures if f.rule == RULE]


def test_what_stands_on_words_is_added_and_says_who_read_it(server: Scripted) -> None:
    known = claim("Five people were killed", number=5, property="killed", speaker=None)
    reading = asked(server, known, claim("some 14 patients with burns"))
    (figure,) = added(reading)
    assert (figure.low, figure.high, str(figure.modifier)) == (14, 14, "about")  # of the words
    assert figure.words == TEXT[figure.span.start : figure.span.end]
    assert (figure.speaker.name, str(figure.speaker.speaker_class)) == ("A nurse", "medical")
    assert reading.reader == "rules and a-model"
    # It lies in the draft that the rules made of the same attack, beside what they found.
    (draft,) = reading.drafts
    assert {f.rule for f in draft.figures} > {RULE}


def test_it_is_asked_with_the_text_and_the_key_and_no_more(server: Scripted) -> None:
    asked(server)
    (said,) = server.asked
    assert said["path"] == "/v1/chat/completions"
    assert [m["role"] for m in said["messages"]] == ["system", "user"]
    assert said["messages"][1]["content"] == TEXT
    assert server.headers[0]["Authorization"] == "Bearer secret-key-of-mine"


@pytest.mark.parametrize(
    "invented",
    [
        claim("some 20 patients with burns", number=20),  # words that are not there
        claim("some 14 patients with burns", number=20),  # a number that is not in the words
        claim("some 14 patients with burns", number=None),
        claim("some 14 patients with burns", number="14"),
        claim("some 14 patients with burns", number=True),
        claim("some 14 patients with burns", speaker="The interior ministry"),
        claim("some 14 patients with burns", speaker_class="prophet"),
        claim("some 14 patients with burns", property="abducted"),
        claim("Five people were killed", number=5, property="wounded"),  # another measure
        claim("", number=14),
        claim(TEXT, number=14),
        {"property": "attribution", "kind": "claimed", "actor": "the NRF", "speaker": None,
         "words": "ISIS praised the deed"},
        {"property": "attribution", "kind": "admitted", "actor": "ISIS", "speaker": None,
         "words": "ISIS praised the deed"},
    ],
)  # fmt: skip
def test_what_does_not_is_dropped_and_counted(server: Scripted, invented: dict[str, Any]) -> None:
    rules = read(TEXT, publisher="P", published=date(2024, 9, 18))
    reading = asked(server, invented)
    assert reading.drafts == rules.drafts
    (question,) = [q for q in reading.questions if q.code == "language-model-dropped"]
    assert question.text.startswith("1 of 1 values")


def test_an_attribution_has_the_actor_of_the_words(server: Scripted) -> None:
    told = {"property": "attribution", "kind": "suspected", "actor": "ISIS", "speaker": None,
            "words": "ISIS praised  the deed"}  # fmt: skip
    reading = asked(server, told)
    (value,) = [a for d in reading.drafts for a in d.attributions if a.rule == RULE]
    assert (value.actor, value.actor_text, str(value.kind)) == ("iskp", "ISIS", "suspected")


def test_what_the_rules_have_is_not_said_twice(server: Scripted) -> None:
    told = claim("Five people were killed", number=5, property="killed", speaker="local sources",
                 speaker_class="local_source")  # fmt: skip
    assert added(asked(server, told)) == []


def test_an_attack_that_it_alone_sees_is_asked_about(server: Scripted) -> None:
    text = "Weather\n\nThe sun shone on the bazaar. Nine traders never came home, a nurse said.\n"
    told = claim("Nine traders never came home", number=9, property="killed", speaker="a nurse")
    reading = asked(server, told, text=text)
    (draft,) = reading.drafts
    assert [q.code for q in draft.questions] == ["language-model-alone"]
    assert (draft.day, draft.where) == (None, None)


def test_dari_words_have_dari_numbers(server: Scripted) -> None:
    text = "در شهر کندز انفجاری رخ داد.\n\nیک پرستار از آوردن بیست و یک تن سوخته سخن گفت.\n"
    told = claim("بیست و یک تن سوخته", number=21, speaker="یک پرستار")
    (figure,) = added(asked(server, told, text=text))
    assert (figure.low, figure.words) == (21, "بیست و یک تن سوخته")


@pytest.mark.parametrize(
    "says",
    [
        b"", b"no json", b"[]", b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": "sorry"}}]}', b"x" * 1_100_000, b"[" * 200_000,
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_used_leaves_the_rules(server: Scripted, says: bytes) -> None:
    server.says = says
    rules = read(TEXT, publisher="P", published=date(2024, 9, 18))
    reading = completed(rules, LanguageModel(server.url, "a-model"))
    assert reading.drafts == rules.drafts
    assert reading.reader == "rules"
    assert [q.code for q in reading.questions][-1] == "language-model-failed"
    assert "secret" not in reading.questions[-1].text


@pytest.mark.parametrize(
    "content", ["[]", '{"incidents": 3}', '{"incidents": [3, {"claims": [3, {}, null]}]}', '"x"']
)
def test_odd_answers_give_nothing(server: Scripted, content: str) -> None:
    server.says = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
    rules = read(TEXT, publisher="P", published=date(2024, 9, 18))
    assert completed(rules, LanguageModel(server.url, "a-model")).drafts == rules.drafts


def test_a_model_that_is_slow_or_away_is_not_waited_for(server: Scripted) -> None:
    server.delay = 3.0
    rules = read(TEXT, publisher="P", published=date(2024, 9, 18))
    slow = completed(rules, LanguageModel(server.url, "a-model", seconds=0.2))
    away = completed(rules, LanguageModel("http://127.0.0.1:9", "a-model", seconds=2.0))
    for reading in (slow, away):
        assert [q.code for q in reading.questions][-1] == "language-model-failed"


def test_it_is_asked_only_where_an_owner_has_named_it(
    server: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer(claim("some 14 patients with burns"))
    reader = PageReader()
    try:
        reader.read(TEXT.encode(), Known("P", date(2024, 9, 18)))
        assert server.asked == []
        monkeypatch.setenv("MAPAPP_READER_URL", server.url)
        monkeypatch.setenv("MAPAPP_READER_MODEL", "small-one")
        monkeypatch.setenv("MAPAPP_READER_KEY", "key-of-the-owner")
        monkeypatch.setenv("MAPAPP_READER_SECONDS", "30")
        found = reader.read(TEXT.encode(), Known("P", date(2024, 9, 18))).reading
    finally:
        reader.close()
    assert server.asked[0]["model"] == "small-one"
    assert server.headers[0]["Authorization"] == "Bearer key-of-the-owner"
    assert len(added(found)) == 1
