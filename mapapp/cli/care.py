"""Backups of the data folder, and their way back."""

from __future__ import annotations

import argparse

from mapapp import settings
from mapapp.cli.console import step
from mapapp.log import backup


def back_up(options: argparse.Namespace) -> int:
    """Copy the data folder while it is in use."""
    step("copying the data folder")
    folder = options.data_dir or settings.read().data_dir
    made = backup.back_up(folder, options.target, keep=options.keep)
    step("checking the copy")
    manifest = backup.verify(made)
    size = sum(size for size, _ in manifest.files.values())
    print(f"{made}: {len(manifest.files)} files, {size / 1e6:,.1f} MB, to change {manifest.seq}")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Check a backup, and make a data folder of it."""
    step("checking the backup")
    if options.check:
        manifest = backup.verify(options.backup)
        print(f"{options.backup} is whole: of {manifest.made_at}, to change {manifest.seq}")
        return 0
    folder = options.data_dir or settings.read().data_dir
    manifest = backup.restore(options.backup, folder, replace=options.replace)
    print(f"{folder} is as it was at {manifest.made_at}, to change {manifest.seq}")
    return 0
