"""Files into the store: read, convert, compare with what is there, record in one transaction.

What an import does to the store it does whole or not at all; run again after an interruption it
goes on where nothing is lost, as what is recorded already adds nothing.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement
from mapapp.domain.problems import InvalidInput, NotFound, Problem
from mapapp.domain.source import Source
from mapapp.importers import mapping, own_json
from mapapp.importers.aside import AsideFile
from mapapp.importers.dataset import Answers, Context, Converted, Format, Release
from mapapp.importers.mapped import Mapped
from mapapp.importers.sniff import Sniffed, choose, convert_all, sniff, survey
from mapapp.importers.table import Fault, ReadOptions
from mapapp.store import row_files
from mapapp.store.lock import held
from mapapp.store.log import Contents
from mapapp.store.store import Store

#: Told how far an import is (0 to 1) and what it is doing.
Progress = Callable[[float, str], None]

#: The folder, in the data folder, of mappings kept for next time.
MAPPINGS = "mappings"

#: The name of our own export among the formats.
OWN = "mapapp-json"

#: Remarks on rows that went in, named in a report.
_NAMED = 200


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. Rows: `rows_in` = `imported` + `set_aside`, always.

    Of the imported ones `added` are new, `revised` changed since the release before, `unchanged`
    say the same. `withdrawn` incidents were taken out as the newer release no longer has them;
    `absent` are not in this file and stay. `aside_path` is the file of rows set aside, with a
    reason each. `choices` are place words that fit several places, with the candidates: answer
    them with `Answers.places` and import the file again. `before` is the time to which
    `roll_back` returns. `changes_path` is the list of incidents that a newer release kept as rows
    added, revised or withdrew.
    """

    id: str
    file: str
    format: str
    dataset: str
    version: str
    source_id: str
    rows_in: int
    imported: int
    set_aside: int
    added: int
    revised: int
    unchanged: int
    withdrawn: int
    absent: int
    reasons: Mapping[str, int]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    aside_path: str | None
    before: str
    elapsed_s: float
    choices: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)
    changes_path: str | None = None

    def __post_init__(self) -> None:
        if self.rows_in != self.imported + self.set_aside:
            raise AssertionError(f"{self.file}: rows were lost on the way: {self}")

    def sentences(self) -> tuple[str, ...]:
        """The report as a person reads it."""
        name = f"{self.dataset} {self.version}".strip() or "incidents"
        found = [
            f"{self.file}: {self.rows_in:,} rows in, {self.imported:,} imported, "
            f"{self.set_aside:,} set aside",
            f"{name}: {self.added:,} added, {self.revised:,} revised, {self.unchanged:,} "
            f"unchanged, {self.withdrawn:,} withdrawn",
        ]
        if self.absent:
            found.append(
                f"{self.absent:,} incidents of {self.dataset} are not in this file and stay; if it "
                "is the whole of a newer release, import it as complete to withdraw them"
            )
        if self.changes_path:
            found.append(f"incidents added, revised and withdrawn: {self.changes_path}")
        found += [f"set aside: {count:,} × {reason}" for reason, count in self.reasons.items()]
        if self.aside_path:
            found.append(f"rows set aside, with reasons: {self.aside_path}")
        return tuple(found)


def import_file(
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
    """Import a file and publish it.

    `format` is a name, a mapping of columns (`Mapped`, kept for the next table with such columns),
    or None to recognise it or to use the mapping kept. `dataset` and `version` say
    what the file's name does not. With `complete` the file is the whole of its data set for the
    countries in it, and what it lacks is withdrawn. Raises InvalidInput where the file cannot be
    read, something has to be decided first (`problems` says what), or a newer release is already
    there; StoreUnavailable where the store cannot be written. Nothing is recorded then.
    """
    began = time.monotonic()
    tell = progress or (lambda done, doing: None)
    if format in (None, OWN) and Path(path).is_file() and own_json.is_own(Path(path)):
        return _import_own(Path(path), store, by=by, tell=tell, began=began)
    answers = answers or Answers()
    sniffed = sniff(Path(path), options)
    form = _form(sniffed, format, store)
    tell(0.0, "looking at every row's dates")
    columns = form.date_columns(sniffed.header)
    surveyed = survey(sniffed.table, columns)
    answers = form.answered(answers)
    questions = surveyed.questions(answers)
    if questions:
        name = sniffed.table.path.name
        raise InvalidInput(
            f"{name} cannot be read without an answer: {questions[0].ask} in "
            f"'{questions[0].field}'",
            tuple(question.problem(name) for question in questions),
        )
    context = Context(
        gazetteer or Gazetteer.load(), answers, surveyed.dates, version=version, dataset=dataset
    )
    reader = form.reader(sniffed.table, context)
    with held(store.data_dir / "import.lock"):
        folder = new_folder(store, sniffed.table.path.name)
        aside = AsideFile(folder / aside_name(sniffed), sniffed.table)
        found: list[Converted] = []
        remarks: list[Problem] = []
        with aside:
            for number, (row, result) in enumerate(convert_all(sniffed.table, reader), 1):
                if isinstance(result, Converted):
                    found.append(result)
                    remarks += [
                        Problem(f"{sniffed.table.path.name} row {row.number}", r.field, r.fault,
                                r.remedy, "warning")
                        for r in result.remarks
                        if len(remarks) < _NAMED
                    ]  # fmt: skip
                else:
                    aside.add(row, result)
                if number % 500 == 0:
                    tell(0.05 + 0.65 * sniffed.table.done(), f"{number:,} rows read")
        tell(0.7, "comparing with what is there")
        contents = store.log.read()
        if any(file.dataset == reader.release.dataset for file in contents.row_files):
            raise InvalidInput(
                f"{reader.release.dataset} is kept as rows; import this file with `import_any`"
            )
        change = _Change(contents, reader.release, found, complete)
        if not allow_older:
            refuse_older(contents, reader.release)
        before = datetime.now(UTC)
        tell(0.75, "recording")
        if found:
            store.append(change.batch(), by=by, replace_dataset=reader.release.dataset)
        tell(0.9, "publishing")
        store.publish()
        report = ImportReport(
            id=folder.name,
            file=sniffed.table.path.name,
            format=form.name,
            dataset=reader.release.dataset,
            version=reader.release.version,
            source_id=reader.release.source.id,
            rows_in=len(found) + aside.rows,
            imported=len(found),
            set_aside=aside.rows,
            added=change.added,
            revised=change.revised,
            unchanged=change.unchanged,
            withdrawn=len(change.withdrawn),
            absent=len(change.absent),
            reasons=dict(aside.reasons.most_common()),
            problems=tuple(aside.problems),
            notices=(
                *sniffed.table.shape.notices,
                *surveyed.verdicts(sniffed.table.path.name),
            ),
            remarks=tuple(remarks),
            aside_path=str(aside.path) if aside.rows else None,
            before=before.isoformat(),
            elapsed_s=round(time.monotonic() - began, 2),
            choices={
                words: tuple(candidate.as_dict() for candidate in candidates)
                for words, candidates in reader.choices.items()
                if words not in answers.places
            },
        )
        write_report(folder, report)
        if isinstance(form, Mapped) and found:
            mapping.save(form.mapping, sniffed.header, store.data_dir / MAPPINGS)
    tell(1.0, "done")
    return report


def _form(sniffed: Sniffed, wanted: str | Format | None, store: Store) -> Format:
    """The form asked for, else the one recognised, else the mapping kept for such a table."""
    if wanted is not None and not isinstance(wanted, str):
        return wanted
    if wanted is None and sniffed.format is None:
        kept = mapping.saved(sniffed.header, store.data_dir / MAPPINGS)
        if kept is not None:
            return Mapped(kept)
    return choose(sniffed, wanted)


def _import_own(path: Path, store: Store, *, by: str, tell: Progress, began: float) -> ImportReport:
    """Our own export: what the store lacks is added, what it has otherwise is set aside."""
    plain, sources = own_json.load(path)
    with held(store.data_dir / "import.lock"):
        folder = new_folder(store, path.name)
        table = sniff(path).table
        contents = store.log.read()
        there = {record.id: record for record in contents.records}
        known = {claim.id for claim in contents.claims}
        decided = {judgement.id for judgement in contents.judgements}
        in_rows: set[str] = set()
        for record, said in row_files.find(
            store.data_dir, contents.row_files, {str(item.get("id")) for item in plain}
        ):
            in_rows.add(record.id)
            there[record.id] = record
            known |= {claim.id for claim in said}
        records: list[IncidentRecord] = []
        claims: list[Claim] = []
        judgements: dict[str, Judgement] = {}
        added = revised = kept = 0
        aside = AsideFile(folder / f"{path.name.split('.')[0]}-set-aside.csv", table)
        with aside:
            for row, item in zip(table.rows(), plain, strict=True):
                found = own_json.incident(item, sources)
                if not isinstance(found, Fault):
                    record, said, linked = found
                    if there.get(record.id, record) != record:
                        found = Fault(
                            "id", f"the store has another version of '{record.id}'",
                            "Compare the two; import it into a store of its own to see it",
                        )  # fmt: skip
                if isinstance(found, Fault):
                    aside.add(row, (found,))
                    continue
                added += record.id not in there
                revised += record.id in there and any(c.id not in known for c in said)
                kept += 1
                if record.id in in_rows:  # its own claims are those of its row
                    said = tuple(claim for claim in said if claim.id not in known)
                else:
                    records.append(record)
                claims += said
                judgements |= {j.id: j for j in linked}
                tell(0.7 * table.done(), f"{row.number:,} incidents read")
        imported = {record.id for record in records} | there.keys()
        held_sources = {source.id for source in contents.sources}
        needed = {claim.source_id for claim in claims}
        batch = Batch(
            tuple(s for s in sources.values() if s.id in needed and s.id not in held_sources),
            tuple(records),
            tuple(claims),
            tuple(
                j
                for j in judgements.values()
                if j.id not in decided and {j.left_id, j.right_id} <= imported
            ),
        )
        before = datetime.now(UTC)
        tell(0.75, "recording")
        if records or batch.claims or batch.judgements:
            store.append(batch, by=by)
        tell(0.9, "publishing")
        store.publish()
        report = ImportReport(
            id=folder.name, file=path.name, format=OWN, dataset="", version="", source_id="",
            rows_in=len(plain), imported=kept, set_aside=aside.rows, added=added,
            revised=revised, unchanged=kept - added - revised, withdrawn=0, absent=0,
            reasons=dict(aside.reasons.most_common()), problems=tuple(aside.problems),
            notices=tuple(table.shape.notices), remarks=(),
            aside_path=str(aside.path) if aside.rows else None, before=before.isoformat(),
            elapsed_s=round(time.monotonic() - began, 2),
        )  # fmt: skip
        write_report(folder, report)
    tell(1.0, "done")
    return report


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


def refuse_older(contents: Contents, release: Release) -> None:
    """Raise InvalidInput where a newer release of the data set is already there."""
    versions = [
        source.dataset_version
        for source in contents.sources
        if source.dataset == release.dataset and source.dataset_version
    ]
    newest = max(versions, key=_version_key, default="")
    if newest and not release.version:
        raise InvalidInput(
            f"the store has {release.dataset} {newest}, and nothing says which release "
            "this file is. Say its version, or another name of data set"
        )
    if release.version and _version_key(newest) > _version_key(release.version):
        raise InvalidInput(
            f"the store has {release.dataset} {newest}, and this file is version "
            f"{release.version}: its rows would replace newer ones. Import it under "
            "another name of data set, or allow the older release"
        )


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def reports(store: Store) -> tuple[ImportReport, ...]:
    """The reports of all imports into a store, newest first."""
    found = []
    for path in sorted((store.data_dir / "imports").glob("*/report.json"), reverse=True):
        with suppress(ValueError, TypeError, KeyError):  # of another version of this program
            found.append(_read_report(path))
    return tuple(found)


def roll_back(store: Store, import_id: str, *, by: str = "import") -> int:
    """Take an import back: its data set is again what it was before. Returns the log's change.

    Nothing is erased: the import stays in the log as superseded. Only the last import of a data
    set can be taken back. Raises NotFound for an unknown id, InvalidInput where later imports of
    the data set stand on it.
    """
    with held(store.data_dir / "import.lock"):
        every = reports(store)
        mine = next((report for report in every if report.id == import_id), None)
        if mine is None:
            raise NotFound(f"there is no import '{import_id}'")
        if mine.format == OWN:
            raise InvalidInput(
                f"'{mine.file}' is an export of ours that added to what was there already; it "
                "cannot be told apart again. Withdraw its incidents one by one"
            )
        later = [r for r in every if r.dataset == mine.dataset and r.before > mine.before]
        if later:
            raise InvalidInput(
                f"'{later[0].file}' was imported into {mine.dataset} after it. Take that back first"
            )
        was = store.log.read(as_of=datetime.fromisoformat(mine.before))
        sources = {s.id: s for s in was.sources}
        records = tuple(r for r in was.records if r.dataset == mine.dataset)
        ids = {record.id for record in records}
        claims = tuple(c for c in was.claims if c.incident_id in ids)
        needed = {c.source_id for c in claims}
        kept = tuple(s for s in sources.values() if s.dataset == mine.dataset or s.id in needed)
        files = tuple(file for file in was.row_files if file.dataset == mine.dataset)
        done = store.append(
            Batch(kept, records, claims, row_files=files), by=by, replace_dataset=mine.dataset
        )
        store.publish()
        report = store.data_dir / "imports" / import_id / "report.json"
        report.replace(report.with_name("taken-back.json"))
        return done.seq


def new_folder(store: Store, name: str) -> Path:
    """A new folder for an import; what interrupted ones left behind is removed."""
    imports = store.data_dir / "imports"
    imports.mkdir(parents=True, exist_ok=True)
    for left in imports.glob("*/*.part"):
        with suppress(OSError):
            left.unlink()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", Path(name).stem)[:40].strip("-").lower() or "file"
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    folder = imports / f"{stamp}-{slug}"
    folder.mkdir()
    return folder


def aside_name(sniffed: Sniffed) -> str:
    """What the file of rows set aside is called."""
    stem = sniffed.table.path.name.split(".")[0]
    return f"{stem}-set-aside.{'tsv' if sniffed.table.delimiter == chr(9) else 'csv'}"


def write_report(folder: Path, report: ImportReport) -> None:
    """Keep a report with its import."""
    part = folder / "report.json.part"
    part.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(folder / "report.json")


def _read_report(path: Path) -> ImportReport:
    plain: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for name in ("problems", "notices", "remarks"):
        plain[name] = tuple(Problem(**item) for item in plain[name])
    return ImportReport(**plain)
