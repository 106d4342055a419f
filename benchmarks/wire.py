"""Bytes on the wire: a relay between browser and server that counts what a websocket carries.

Chromium tells the length of messages as a page reads them; what travels is compressed.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    """The relay's port, and the bytes that websockets carried both ways since `clear`."""

    port: int
    ws: int = 0
    _open: list[socket.socket] = field(default_factory=list)

    def clear(self) -> None:
        self.ws = 0

    def serve(self, listener: socket.socket, to_port: int) -> None:
        """Pass on whatever connects, until the listener is shut."""
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", to_port))
                self._open += [near, far]
                threading.Thread(target=self._begin, args=(near, far), daemon=True).start()

    def _begin(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            first = near.recv(65536)
            far.sendall(first)
            counted = b"upgrade: websocket" in first.lower()
            back = threading.Thread(target=self._pass, args=(far, near, counted), daemon=True)
            back.start()
            self._pass(near, far, counted)
            back.join()

    def _pass(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if counted:
                    self.ws += len(data)
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def end(self) -> None:
        """Shut what is open; the threads that wait on it come to their end."""
        for own in self._open:
            with suppress(OSError):
                own.shutdown(socket.SHUT_RDWR)
            own.close()


@contextmanager
def relay(to_port: int) -> Iterator[Wire]:
    """A relay to a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(listener.getsockname()[1])
        thread = threading.Thread(target=wire.serve, args=(listener, to_port), daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            wire.end()
