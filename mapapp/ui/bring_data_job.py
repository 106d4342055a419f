"""An import that runs beside the page: what a reader clicks meanwhile does not stop it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from mapapp.domain.problems import MapAppError
from mapapp.ingest_report import ImportReport, Progress

_log = logging.getLogger(__name__)


class Job:
    """Runs `work` in a thread; `done` (0 to 1) and `doing` tell how far it is.

    When `finished`, either `report` or `failure` is there.
    """

    def __init__(self, work: Callable[[Progress], ImportReport]) -> None:
        self.done = 0.0
        self.doing = "opening the file"
        self.report: ImportReport | None = None
        self.failure: Exception | None = None
        self._work = work
        # The store writes whole or not at all, so a server that stops need not wait for it.
        self._thread = threading.Thread(target=self._run, name="import", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether there is a report or a failure."""
        return not self._thread.is_alive()

    def wait(self, timeout_s: float) -> None:
        """Wait until it has finished, at most so long."""
        self._thread.join(timeout_s)

    def _tell(self, done: float, doing: str) -> None:
        self.done, self.doing = min(max(done, 0.0), 1.0), doing

    def _run(self) -> None:
        try:
            self.report = self._work(self._tell)
        except MapAppError as error:
            self.failure = error
        except Exception as error:  # of our own making: the page says so, the log has the trace
            _log.exception("an import failed")
            self.failure = error
