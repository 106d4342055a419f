"""Files whose rows become single claims in the log (rows → claims → log)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.problems import InvalidInput
from mapapp.domain.source import Source
from mapapp.importers.forms.dataset import Converted, Release
from mapapp.importers.tables.sniff import convert_all
from mapapp.ingest.task import Outcome, Remarks, Task
from mapapp.log.entries import Contents
from mapapp.store.store import Store


def record(task: Task, store: Store, contents: Contents) -> Outcome:
    """Read the rows and record them, all in one transaction."""
    table, release = task.table, task.reader.release
    found: list[Converted] = []
    remarks = Remarks(table.path.name)
    with task.aside as aside:
        if any(file.dataset == release.dataset for file in contents.row_files):
            raise InvalidInput(f"{release.dataset} is kept as rows; import this file as rows too")
        for number, (row, result) in enumerate(convert_all(table, task.reader), 1):
            if isinstance(result, Converted):
                found.append(result)
                remarks.add(row.number, result.remarks)
            else:
                aside.add(row, result)
            if number % 500 == 0:
                task.tell(0.05 + 0.65 * table.done(), f"{number:,} rows read")
    task.tell(0.7, "comparing with what is there")
    change = _Change(contents, release, found, task.order.complete)
    before = datetime.now(UTC)
    task.tell(0.75, "recording")
    if found:
        store.append(change.batch(), by=task.order.by, replace_dataset=release.dataset)
    return Outcome(
        read=len(found) + task.aside.rows, imported=len(found), added=change.added,
        revised=change.revised, unchanged=change.unchanged, withdrawn=len(change.withdrawn),
        absent=len(change.absent), before=before, remarks=remarks.found,
    )  # fmt: skip


class _Change:
    """What a file changes in a data set as the log holds it."""

    def __init__(
        self, contents: Contents, release: Release, found: list[Converted], complete: bool
    ) -> None:
        self._release = release
        self._found = found
        self._sources = {source.id: source for source in contents.sources}
        own = {r.id: r for r in contents.records if r.dataset == release.dataset}
        claims: dict[str, list[Claim]] = defaultdict(list)
        for claim in contents.claims:
            if claim.incident_id in own:
                claims[claim.incident_id].append(claim)
        self.added = self.revised = self.unchanged = 0
        for item in found:
            old = own.get(item.record.id)
            if old is None:
                self.added += 1
            elif old == item.record and self._same_claims(claims[old.id], item.claims):
                self.unchanged += 1
            else:
                self.revised += 1
        present = {item.record.id for item in found}
        missing = [record for record in own.values() if record.id not in present]
        covered = {item.record.country for item in found}
        self.withdrawn = [r for r in missing if complete and r.country in covered]
        gone = {record.id for record in self.withdrawn}
        self.absent = [record for record in missing if record.id not in gone]
        stays = {record.id for record in self.absent}
        #: What others say of these incidents, and what this file does not touch.
        self._kept_claims = [
            claim
            for record_id, said in claims.items()
            if record_id not in gone
            for claim in said
            if record_id in stays or self._dataset_of(claim) != release.dataset
        ]

    def _dataset_of(self, claim: Claim) -> str:
        return self._sources[claim.source_id].dataset

    def _same_claims(self, old: list[Claim], new: tuple[Claim, ...]) -> bool:
        """Whether a release says the same as the one before: all but the release itself."""
        own = [claim for claim in old if self._dataset_of(claim) == self._release.dataset]
        if {claim.id for claim in own} == {claim.id for claim in new}:
            return True
        return {replace(c, source_id="").id for c in own} == {
            replace(c, source_id="").id for c in new
        }

    def batch(self) -> Batch:
        """Everything the data set is to hold afterwards."""
        dataset = self._release.dataset
        sources: dict[str, Source] = {
            source.id: source for source in self._sources.values() if source.dataset == dataset
        }
        sources[self._release.source.id] = self._release.source
        records: list[IncidentRecord] = [item.record for item in self._found]
        claims = [claim for item in self._found for claim in item.claims]
        return Batch(
            tuple(sources.values()),
            (*records, *self.absent),
            (*claims, *self._kept_claims),
        )
