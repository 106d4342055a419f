"""Backups of the data folder and their way back, and what the gate's rules hold back."""

from __future__ import annotations

import argparse
from pathlib import Path

from mapapp import settings
from mapapp.cli.console import step
from mapapp.log import backup
from mapapp.settings import Settings


def back_up(options: argparse.Namespace) -> int:
    """Copy the data folder while it is in use."""
    step("copying the data folder")
    chosen = settings.read()
    folder = options.data_dir or chosen.data_dir
    made = backup.back_up(
        folder, options.target, keep=options.keep, rules=chosen.gate_file,
        log_url=chosen.secret(chosen.log_url), bring=lambda: _bring(folder, chosen),
    )  # fmt: skip
    step("checking the copy")
    manifest = backup.verify(made)
    size = sum(size for size, _ in manifest.files.values())
    print(f"{made}: {len(manifest.files)} files, {size / 1e6:,.1f} MB, to change {manifest.seq}")
    return 0


def _bring(folder: Path, chosen: Settings) -> None:
    """Fetch what is shared and not in a data folder yet."""
    from mapapp.snapshot import row_files
    from mapapp.store.default import open_log

    log = open_log(folder, chosen)
    try:
        row_files.paths(folder, log.all_row_files())
    finally:
        log.close()


def restore(options: argparse.Namespace) -> int:
    """Check a backup, and make a data folder of it."""
    step("checking the backup")
    if options.check:
        manifest = backup.verify(options.backup)
        print(f"{options.backup} is whole: of {manifest.made_at}, to change {manifest.seq}")
        return 0
    chosen = settings.read()
    folder = options.data_dir or chosen.data_dir
    manifest = backup.restore(
        options.backup, folder, replace=options.replace, without_rules=options.without_rules,
        log_url=chosen.secret(chosen.log_url),
    )  # fmt: skip
    print(f"{folder} is as it was at {manifest.made_at}, to change {manifest.seq}")
    if backup.RULES not in manifest.files:
        print("It has no rules of the gate: all but private sources is open to its readers")
    elif named := chosen.gate_file:
        print(f"The backup's rules are in {folder / backup.RULES}; those of {named} hold")
    return 0


def gate(options: argparse.Namespace) -> int:
    """Say what each rule of the gate holds back now; 1 where one fits nothing."""
    from mapapp.gate.check import findings
    from mapapp.gate.file import GateFile
    from mapapp.gate.public import today_utc
    from mapapp.store.default import open_embedded

    chosen = settings.read()
    folder = options.data_dir or chosen.data_dir
    file = GateFile(folder, chosen.gate_file)
    rules = file.rules()
    if not rules:
        print(f"{file.path} has no rules: nothing but private sources is held back")
        return 0
    store = open_embedded(folder, chosen)
    try:
        found = findings(store.current(), rules, today_utc())
    finally:
        store.close()
    for finding in found:
        print(finding)
    return 0 if all(finding.fits for finding in found) else 1
