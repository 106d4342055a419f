"""One reader without a browser: Streamlit's protocol over a websocket, and the map's requests.

A `Viewer` does what a browser does at a filter's change: it sends the widget's event, takes the
page's parts as they come until the run is finished, and asks the data routes for what the map then
shows. It draws nothing.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

#: The window a laptop shows, over the whole country.
VIEW: Final = {"bbox": "54.7,26.6,80.7,41.2", "zoom": "6"}

TIMEOUT_S: Final = 60.0

#: `streamlit.components.v2` names the events of a component so; a browser learns it by its script.
_EVENTS: Final = "$$STREAMLIT_INTERNAL_KEY_{id}__events"

#: A whole run and a fragment's, come to their end; one that gave way to another is not.
_ENDED: Final = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)

#: How the page's notices of a fault begin (`mapapp/ui/notices.py`).
_NOTICES: Final = ("This did not work", "The data cannot be read just now", "This cannot be used")

#: The certificate of a server under test is its own.
_UNVERIFIED: Final = ssl.create_default_context()
_UNVERIFIED.check_hostname = False
_UNVERIFIED.verify_mode = ssl.CERT_NONE


class Fault(Exception):
    """Something that a reader would have seen go wrong."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change as its reader had it: ms until the figures stood, until the page's run was over,
    and until the map had its data too; `bytes` came over the websocket.
    """

    figures_ms: float
    page_ms: float
    all_ms: float
    bytes: int


@dataclass(slots=True)
class Viewer:
    """One reader of a server at `base` (http://host:port); `link` is the query it opens."""

    base: str
    link: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    slow_s: float = 0.0  # waits so long before it takes each message
    components: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _http: httpx2.AsyncClient | None = None
    _arrived: asyncio.Queue[str | bytes | ConnectionClosed] = field(default_factory=asyncio.Queue)
    _taking: asyncio.Task[None] | None = None
    _page: str = ""
    session: str = ""

    async def open(self) -> Change:
        """Get the page, begin a session and wait until it stands. Raises Fault."""
        started = time.perf_counter()
        if self._http is None:
            # Servers under load stand on loopback, with certificates of their own making.
            self._http = httpx2.AsyncClient(
                base_url=self.base, timeout=TIMEOUT_S, headers=self.headers, verify=False
            )
        try:
            answer = await self._http.get(f"/?{self.link}")
        except httpx2.HTTPError as error:
            raise Fault(f"the page did not come: {error!r}") from error
        if answer.status_code != 200:
            raise Fault(f"the page answered {answer.status_code}")
        await self.attach()
        return await self._run("", {}, started)

    async def attach(self) -> None:
        """Connect the websocket, with the cookies that the page gave."""
        assert self._http is not None
        cookies = "; ".join(f"{c.name}={c.value}" for c in self._http.cookies.jar)
        headers = self.headers | ({"Cookie": cookies} if cookies else {})
        protocols: Any = ["streamlit", "PLACEHOLDER_AUTH_TOKEN"]
        if self.session:
            protocols.append(self.session)
        try:
            self._socket = await connect(
                self.base.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=protocols,
                additional_headers=headers,
                max_size=None,
                open_timeout=TIMEOUT_S,
                # A slow reader takes messages one by one, as a narrow line does.
                max_queue=1 if self.slow_s else 64,
                ssl=_UNVERIFIED if self.base.startswith("https") else None,
                ping_interval=None,  # a browser sends none
                origin=self.base,  # type: ignore[arg-type]
            )
        except Exception as error:
            raise Fault(f"the session did not begin: {error!r}") from error
        self._arrived = asyncio.Queue()
        self._taking = asyncio.create_task(self._take(self._socket, self._arrived))

    async def change(self, part: str, codes: list[str]) -> Change:
        """Choose these codes in the list of a part (`provinces`, `groups`, `kinds`)."""
        key = f"facet_{part}"
        if key not in self.components:
            raise Fault(f"the page has no list {key}; it has {sorted(self.components)}")
        component, fragment, _ = self.components[key]
        event = json.dumps([{"event": "toggle", "value": {"codes": codes, "click": 0}}])
        return await self._run(fragment, {_EVENTS.format(id=component): event})

    def offered(self, part: str) -> list[str]:
        """The codes that a list offers."""
        return self.options.get(part, [])

    def address(self) -> dict[str, str]:
        """The query that the page writes into the address bar now."""
        return dict(self.components["bridge"][2]["params"])

    async def close(self) -> None:
        """Leave."""
        if self._taking is not None:
            self._taking.cancel()
        if self._socket is not None:
            await self._socket.close()
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _run(self, fragment: str, events: dict[str, str], started: float = 0.0) -> Change:
        assert self._socket is not None
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.link
        state.page_script_hash = self._page
        state.fragment_id = fragment
        state.context_info.timezone = "Asia/Kabul"
        state.context_info.locale = "en"
        state.context_info.url = f"{self.base}/"
        for own, text in events.items():
            widget = state.widget_states.widgets.add()
            widget.id, widget.json_trigger_value = own, text
        started = started or time.perf_counter()
        try:
            await self._socket.send(message.SerializeToString())
            async with asyncio.timeout(TIMEOUT_S):
                figures, size = await self._until_finished(started)
        except (ConnectionClosed, TimeoutError) as error:
            raise Fault(f"the session broke: {error!r}") from error
        page = (time.perf_counter() - started) * 1000
        await self._map()
        return Change(figures or page, page, (time.perf_counter() - started) * 1000, size)

    async def _take(self, socket: ClientConnection, into: asyncio.Queue[Any]) -> None:
        # Also while its reader thinks, as a browser does: who takes nothing answers no ping either.
        try:
            while True:
                await asyncio.sleep(self.slow_s)
                into.put_nowait(await socket.recv())
        except ConnectionClosed as closed:
            into.put_nowait(closed)

    async def _until_finished(self, started: float) -> tuple[float, int]:
        figures, size, own_run = 0.0, 0, False
        while True:
            data = await self._arrived.get()
            if isinstance(data, ConnectionClosed):
                raise data
            assert isinstance(data, bytes)
            size += len(data)
            message = ForwardMsg.FromString(data)
            match message.WhichOneof("type"):
                case "new_session":
                    own_run = True
                    self._page = message.new_session.page_script_hash
                    self.session = message.new_session.initialize.session_id
                case "delta" if message.delta.HasField("new_element"):
                    element = message.delta.new_element
                    kind = element.WhichOneof("type")
                    if kind == "exception":
                        raise Fault(f"the page shows a fault: {element.exception.message[:300]}")
                    if kind == "html" and 'data-figure="incidents"' in element.html.body:
                        figures = (time.perf_counter() - started) * 1000
                    if kind == "html" and any(words in element.html.body for words in _NOTICES):
                        raise Fault(f"the page shows a fault: {element.html.body[:300]}")
                    if kind == "bidi_component":
                        self._keep(element.bidi_component, message.delta.fragment_id)
                case "script_finished" if own_run:
                    if message.script_finished in _ENDED:
                        return figures, size
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        raise Fault("the page's script does not compile")
                case "session_event":
                    raise Fault(f"the server says: {message.session_event}")

    def _keep(self, component: Any, fragment: str) -> None:
        key = component.id.rpartition("-")[2]
        try:
            data = json.loads(component.json) if component.json else {}
        except ValueError as error:
            raise Fault(f"the data of {key} are no JSON") from error
        if isinstance(data, dict):
            self.components[key] = (component.id, fragment, data)

    async def _map(self) -> None:
        """What the map, its timeline, the lists of filters and the table ask for."""
        assert self._http is not None
        held = self.components.get("bridge")
        token = held[2].get("token") if held else None
        filters = parse_qsl(str((token or {}).get("query", "")))
        questions = {
            "view": f"/data/view?{urlencode([*filters, *VIEW.items()])}",
            "series": f"/data/series?{urlencode([*filters, ('step', 'month')])}",
        }
        for _, _, data in self.components.values():
            query = f"&{data['query']}" if data.get("query") else ""
            if "part" in data:
                questions[data["part"]] = f"/data/facets?part={data['part']}{query}"
            elif "total" in data:
                questions["table"] = f"/data/table?{query.lstrip('&')}"
        try:
            answers = await asyncio.gather(*(self._get(path) for path in questions.values()))
        except httpx2.HTTPError as error:
            raise Fault(f"the map's data did not come: {error!r}") from error
        for (name, path), answer in zip(questions.items(), answers, strict=True):
            if answer.status_code != 200:
                raise Fault(f"{path[:80]} answered {answer.status_code}: {answer.text[:200]}")
            if "/data/facets" in path:
                self.options[name] = [option["value"] for option in answer.json()["options"]]

    async def _get(self, path: str) -> httpx2.Response:
        """Ask; once more where the server closed an idle connection meanwhile, as browsers do."""
        assert self._http is not None
        try:
            return await self._http.get(path)
        except httpx2.RemoteProtocolError:
            return await self._http.get(path)
