"""GDAL's own programs, as QGIS and R would read what we give out."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any


def features(source: str, layer: str, *arguments: str, folder: Path) -> list[dict[str, Any]]:
    """The features of a layer as `ogr2ogr` reads them, as GeoJSON; a warning is a failure."""
    target = folder / "read.geojson"
    target.unlink(missing_ok=True)
    run("ogr2ogr", "-f", "GeoJSON", *arguments, str(target), source, layer)
    found: list[dict[str, Any]] = json.loads(target.read_text("utf-8"))["features"]
    for one in found:  # as which GDAL writes a field of the name "id"
        one["properties"].setdefault("id", one.get("id"))
    return found


def info(*arguments: str) -> str:
    """What `ogrinfo` says."""
    return run("ogrinfo", *arguments)


def run(name: str, *arguments: str) -> str:
    """What one of the programs prints; a warning is a failure."""
    program = shutil.which(name)
    assert program, f"no {name} found: install GDAL's programs (Debian: apt install gdal-bin)"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert not done.stderr.strip(), done.stderr
    return done.stdout
