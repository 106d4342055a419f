"""A batch: what an importer hands to the log in one piece."""

from __future__ import annotations

from dataclasses import dataclass

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
