"""An import that runs beside the page: what a reader clicks meanwhile does not stop it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from mapapp.domain.problems import MapAppError
from mapapp.ingest.report import ImportReport, Progress

_log = logging.getLogger(__name__)


#: Before so much is done, nothing can be said of how long the rest takes.
_TELLING = 0.05
_TELLING_S = 10.0


def progress_words(doing: str, done: float, elapsed_s: float) -> str:
    """What is being done, and how long the rest takes if it goes on as so far."""
    if done < _TELLING or elapsed_s < _TELLING_S or done >= 1:
        return doing
    left_s = elapsed_s * (1 - done) / done
    left = f"{max(1, round(left_s / 60))} min" if left_s > 50 else "less than a minute"
    return f"{doing} · {done:.0%} · {'about ' if left[0].isdigit() else ''}{left} left"


class Job:
    """Runs `work` in a thread; `done` (0 to 1) and `doing` tell how far it is.

    When `finished`, either `report` or `failure` is there.
    """

    def __init__(self, work: Callable[[Progress], ImportReport]) -> None:
        self.done = 0.0
        self.doing = "opening the file"
        self.report: ImportReport | None = None
        self.failure: Exception | None = None
        self._work, self._began = work, time.monotonic()
        # The store writes whole or not at all, so a server that stops need not wait for it.
        self._thread = threading.Thread(target=self._run, name="import", daemon=True)
        self._thread.start()

    @property
    def finished(self) -> bool:
        """Whether there is a report or a failure."""
        return not self._thread.is_alive()

    def words(self) -> str:
        """How far it is, and about how long it will take yet."""
        return progress_words(self.doing, self.done, time.monotonic() - self._began)

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
