"""The log of the running server: one line an event, for people or for a collector (serves route).

Lines go to standard error; keeping and rotating them is the platform's (journald, Docker). A line
has the id of the request it belongs to. Neither readers' addresses nor what they search for are
written, and what looks like a secret is struck out, also in traces.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final, Literal, TextIO

#: The request that is being answered.
REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)

#: `extra={FIELDS: {…}}` adds these fields to a line.
FIELDS: Final = "mapapp_fields"

_STRUCK: Final = "[struck out]"

#: Names before values, credentials in addresses, and tokens by their usual look.
_SECRETS: Final = (
    re.compile(
        r"(?i)((?:authorization|cookie|set-cookie|x-xsrf-?token)['\"]?\s*[:=]\s*['\"]?)[^'\"\r\n]+"
    ),
    re.compile(
        r"(?i)([\w-]*(?:password|passwd|secret|token|api_?key|credential)[\w-]*['\"]?\s*[:=]\s*"
        r"['\"]?)[^\s'\",;&)}\]]+"
    ),
    re.compile(r"(?i)(\bbearer\s+)[\w.~+/-]{8,}=*"),
    re.compile(r"(://[^/\s:@]+:)[^/\s@]+(?=@)"),
)


class Clean:
    """Strikes out what looks like a secret, and the known ones wherever they stand."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = tuple(sorted((word for word in known if len(word) >= 8), reverse=True))

    def __call__(self, text: str) -> str:
        """The text without them."""
        for word in self._known:
            text = text.replace(word, _STRUCK)
        for pattern in _SECRETS:
            text = pattern.sub(rf"\g<1>{_STRUCK}", text)
        return text


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, clean: Clean) -> None:
        super().__init__()
        self._clean = clean

    def format(self, record: logging.LogRecord) -> str:
        """`time`, `level`, `logger`, `message`, then what there is besides."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._clean(record.getMessage()),
        }
        if (request := REQUEST_ID.get()) is not None:
            line["request_id"] = request
        line |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[0] is not None:
            trace = "".join(traceback.format_exception(*record.exc_info))
            line["trace"] = self._clean(trace)
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """A line for people; a trace follows on lines of its own."""

    def __init__(self, clean: Clean) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._clean = clean

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the request's id where it is about one."""
        fields = getattr(record, FIELDS, {})
        tail = "".join(f" {name}={value}" for name, value in fields.items())
        request = REQUEST_ID.get()
        if request is not None and "request_id" not in fields:
            tail += f" request_id={request}"
        # A message cannot begin a line of its own: it would look like another event.
        head, *trace = self._clean(super().format(record)).split("\n")
        return "\n".join([head + tail, *(f"    {line}" for line in trace)])


def configure(
    form: Literal["text", "json"], level: str, secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:  # fmt: skip
    """Send all loggers' lines through one handler; what others had set up for themselves goes."""
    handler = logging.StreamHandler(stream or sys.stderr)
    clean = Clean(secrets)
    handler.setFormatter(JsonLines(clean) if form == "json" else PlainLines(clean))
    root = logging.getLogger()
    for old in [h for h in root.handlers if type(h) is logging.StreamHandler]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING if level == "info" else level.upper())
    logging.getLogger("mapapp").setLevel(level.upper())
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("streamlit", "uvicorn", "websockets"):
            own = logging.getLogger(name)
            own.handlers.clear()
            own.setLevel(logging.NOTSET)
            own.propagate = True
    # It writes readers' addresses and what they search for; our line of a request does not.
    logging.getLogger("uvicorn.access").disabled = True
