"""A line to the server that can be held: what the server answers waits until it is let go."""

from __future__ import annotations

import re

from playwright.sync_api import Page, WebSocketRoute

_STREAM = re.compile(r"/_stcore/stream")


class HeldLine:
    """The websocket of one page; make it before the page is opened or loaded anew."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] = []
        self._holding = False
        page.route_web_socket(_STREAM, self._through)

    def hold(self) -> None:
        """Let nothing of the server through, as where a run takes long."""
        self._holding = True

    def let_go(self) -> None:
        """Hand on what waited, in its order, and what comes from now on."""
        self._holding = False
        for line, message in self._waiting:
            line.send(message)
        self._waiting.clear()

    def _through(self, line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def answered(message: str | bytes) -> None:
            if self._holding:
                self._waiting.append((line, message))
            else:
                line.send(message)

        server.on_message(answered)
