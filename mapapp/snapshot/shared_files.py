"""Files of rows that servers on several machines share: a folder or an object store of all
(rows → snapshot).

A file is put there whole before the log names it, is never changed, and is fetched to the data
folder of who needs it. Its name there is its path in a data folder. `MAPAPP_FILES_URL` says where.
"""

from __future__ import annotations

import os
import uuid
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from pyarrow import fs

from mapapp import settings
from mapapp.domain.problems import StoreUnavailable

_BLOCK = 8 << 20


class SharedFiles:
    """The files under a URL (`s3://bucket/prefix`, `gs://…`, `abfs://…`), or in a folder."""

    def __init__(self, url: str) -> None:
        try:
            self._files, self._root = fs.FileSystem.from_uri(url)
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                f"MAPAPP_FILES_URL names no place for files ({type(error).__name__}); write it "
                "like s3://bucket/prefix or file:///mnt/shared, with %20 for a space"
            ) from error
        self._is_folder = self._files.type_name == "local"

    def put(self, path: Path, name: str) -> None:
        """Share a file; one that is there already stays. Raises StoreUnavailable."""
        target = self._path(name)
        try:
            found = self._files.get_file_info(target)
            if found.type == fs.FileType.File and found.size == path.stat().st_size:
                return
            # An object stands once it is whole; a file in a folder gets its name then.
            building = target
            if self._is_folder:
                building = f"{target}.{uuid.uuid4().hex}.part"
                self._files.create_dir(str(PurePosixPath(target).parent), recursive=True)
            with path.open("rb") as source, self._files.open_output_stream(building) as into:
                _copy(source, into)
            if self._is_folder:
                _sync(Path(building))
                self._files.move(building, target)
        except OSError as error:
            raise self._fault(error) from error

    def fetch(self, name: str, path: Path) -> bool:
        """Fetch a file to a path, whole or not at all; whether there is one.

        Raises StoreUnavailable.
        """
        source = self._path(name)
        building = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        try:
            if self._files.get_file_info(source).type != fs.FileType.File:
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._files.open_input_stream(source) as shared, building.open("wb") as into:
                _copy(shared, into)
                into.flush()
                os.fsync(into.fileno())
            building.replace(path)
        except OSError as error:
            raise self._fault(error) from error
        finally:
            building.unlink(missing_ok=True)
        return True

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def _fault(self, error: OSError) -> StoreUnavailable:
        said = " ".join(str(error).split())[:300]
        return StoreUnavailable(
            f"the shared files at {self._root} cannot be used ({said}); check MAPAPP_FILES_URL, "
            "that this machine reaches it, and that it may read and write there"
        )


def shared_files() -> SharedFiles | None:
    """Those of this installation, None where it shares none. Raises StoreUnavailable."""
    url = settings.read().files_url
    return _opened(url.get_secret_value()) if url else None


@cache
def _opened(url: str) -> SharedFiles:
    return SharedFiles(url)


def _copy(source: Any, into: Any) -> None:
    while block := source.read(_BLOCK):
        into.write(block)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
