"""A file into the store by the way that fits it: as claims in the log, or as rows beside it."""

from __future__ import annotations

from pathlib import Path

from gazetteer import Gazetteer
from mapapp.importers import ged_codes, own_json
from mapapp.importers.dataset import Answers, Format, version_in
from mapapp.importers.ged import Ged
from mapapp.importers.sniff import Sniffed, sniff
from mapapp.importers.table import ReadOptions
from mapapp.ingest import OWN, ImportReport, Progress, import_file
from mapapp.ingest_large import fits, import_large, is_large
from mapapp.store.store import Store


def goes_as_rows(
    sniffed: Sniffed,
    store: Store,
    format: str | Format | None = None,
    *,
    dataset: str = "",
    version: str = "",
) -> bool:
    """Whether a file is kept as rows: it is large, or its data set is kept so already."""
    wanted = format if isinstance(format, str) or format is None else format.name
    if wanted not in (None, "", Ged.name) or not isinstance(sniffed.format, Ged):
        return False
    path = sniffed.table.path
    key = ged_codes.release(version or version_in(path.name), dataset).dataset
    if any(file.dataset == key for file in store.log.row_files()):
        return True
    return is_large(path) and fits(sniffed)


def import_any(
    path: str | Path,
    store: Store,
    *,
    format: str | Format | None = None,
    answers: Answers | None = None,
    options: ReadOptions | None = None,
    dataset: str = "",
    version: str = "",
    complete: bool = False,
    allow_older: bool = False,
    progress: Progress | None = None,
    by: str = "import",
    gazetteer: Gazetteer | None = None,
) -> ImportReport:
    """Import a file of any size and publish it; see `ingest.import_file` for what it takes."""
    path = Path(path)
    own = format in (None, OWN) and path.is_file() and own_json.is_own(path)
    if not own and goes_as_rows(
        sniff(path, options), store, format, dataset=dataset, version=version
    ):
        return import_large(
            path, store, answers=answers, options=options, dataset=dataset, version=version,
            complete=complete, allow_older=allow_older, progress=progress, by=by,
            gazetteer=gazetteer,
        )  # fmt: skip
    return import_file(
        path, store, format=format, answers=answers, options=options, dataset=dataset,
        version=version, complete=complete, allow_older=allow_older, progress=progress, by=by,
        gazetteer=gazetteer,
    )  # fmt: skip
