"""Measures the gazetteer against the visible sets and prints one table a set.

    python -m gazetteer.evaluate ../shared/data [--errors] [--villages MY.csv]

Places are split in two halves by a hash of the place (evaluation/split.py). Rules and weights
were tuned on the half called 'tuned'; the figures to quote are those of the half 'held'.
`--errors` lists what went wrong on the tuned half only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import GazetteerError
from .evaluation import report


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; 2 when the folder does not hold the sets."""
    parser = argparse.ArgumentParser(prog="python -m gazetteer.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder that holds the evaluation sets")
    parser.add_argument("--errors", action="store_true", help="list errors of the tuned half")
    parser.add_argument(
        "--villages", type=Path, help="CSV of villages: name,district,province,adm2_pcode,lat,lng"
    )
    args = parser.parse_args(argv)
    try:
        for line in report.run(args.folder, args.errors, args.villages):
            print(line)
    except (GazetteerError, OSError) as error:
        print(f"gazetteer.evaluate: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
