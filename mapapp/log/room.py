"""Whether anything can be recorded in a data folder just now (log → page, readiness)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

#: A change with its write-ahead log and that log's index takes some hundred kilobytes.
ENOUGH_BYTES: Final = 1_000_000


def hindrance(folder: Path) -> str | None:
    """What keeps changes from being recorded, as a clause; None where nothing does."""
    if not os.access(folder, os.W_OK):
        return "its disk or folder is read-only"
    if shutil.disk_usage(folder).free < ENOUGH_BYTES:
        return "its disk is full"
    return None
