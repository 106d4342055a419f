"""A batch: what an importer hands to the log in one piece."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.row_file import RowFile
from mapapp.domain.source import Source


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources, records, their claims and judgements; claims may refer to what the log holds.

    `row_files` are releases whose incidents are kept as rows beside the log.
    """

    sources: tuple[Source, ...]
    records: tuple[IncidentRecord, ...]
    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...] = ()
    row_files: tuple[RowFile, ...] = ()


def source_origins(sources: Iterable[Source]) -> dict[str, str]:
    """Where each source's account comes from; see `Source.origin`."""
    return {source.id: source.origin for source in sources}


def source_dates(sources: Iterable[Source]) -> dict[str, date]:
    """The day that stands in for an undated assertion of a source: its publication.

    Where that is known only as a range it is the last day, by which the words were said; a source
    with no date at all is absent.
    """
    found = {source.id: source.published_on or source.published_latest for source in sources}
    return {source_id: day for source_id, day in found.items() if day is not None}
