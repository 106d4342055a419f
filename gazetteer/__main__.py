"""The command line: geocode, reverse, search, and the two import commands.

python -m gazetteer geocode "Police District 4 of Herat" --json
python -m gazetteer geocode --batch places.csv --json
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import layers, store
from .errors import BadQueryError, GazetteerError
from .gazetteer import Gazetteer
from .model import Result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gazetteer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    geocode = commands.add_parser("geocode", help="places for words as a reporter wrote them")
    geocode.add_argument("text", nargs="?", help="the place words")
    geocode.add_argument("--batch", type=Path, help="CSV with columns text and optional adm1, adm2")
    geocode.add_argument("--adm1", default="", help="province: name or P-code")
    geocode.add_argument("--adm2", default="", help="district: name or P-code")
    geocode.add_argument("--limit", type=int, default=5)
    geocode.add_argument(
        "--layer", type=Path, action="append", default=[], help="an imported layer"
    )
    geocode.add_argument("--json", action="store_true", help="JSON, one line a query")
    reverse = commands.add_parser("reverse", help="district and nearest place at a point")
    reverse.add_argument("lat", type=float)
    reverse.add_argument("lng", type=float)
    reverse.add_argument("--json", action="store_true")
    search = commands.add_parser("search", help="places whose name begins like this")
    search.add_argument("prefix")
    search.add_argument("--limit", type=int, default=10)
    search.add_argument("--json", action="store_true")
    mentions = commands.add_parser("mentions", help="place mentions in English prose (file or -)")
    mentions.add_argument("file", type=Path)
    mentions.add_argument("--json", action="store_true")
    geonames = commands.add_parser("import-geonames", help="villages of your own GeoNames AF.zip")
    geonames.add_argument("file", type=Path)
    geonames.add_argument("--out", type=Path, help="default: the folder of layers")
    table = commands.add_parser("import-settlements", help="villages of a CSV table (HDX, OSM)")
    table.add_argument("file", type=Path)
    table.add_argument("--licence", default="not said")
    table.add_argument("--out", type=Path, help="default: the folder of layers")
    cod = commands.add_parser("import-cod", help="your own COD-AB boundaries as a layer")
    cod.add_argument("file", type=Path, help="GeoJSON of ADM2 (or ADM1) with P-codes")
    cod.add_argument("--out", type=Path, help="default: the folder of layers")
    cod.add_argument("--version", default="unknown")
    return parser


def _line(result: Result, text: str) -> str:
    return json.dumps({"text": text, **result.as_dict()}, ensure_ascii=False)


def _show(result: Result) -> str:
    if not result.candidates:
        return "\n".join(["nothing found", *(f"  {n}" for n in result.notes)])
    lines = ["ambiguous:"] if result.ambiguous else []
    for c in result.candidates:
        at = f"{c.lat:.4f}, {c.lng:.4f}" if c.lat is not None and c.lng is not None else "no point"
        lines.append(
            f"{c.score:.2f}  {c.id}  {c.name} ({c.placetype})  {at} within {c.radius_m:,.0f} m"
        )
        lines.extend(f"      {reason}" for reason in c.reasons)
    return "\n".join(lines)


def _batch(gazetteer: Gazetteer, path: Path, limit: int) -> Iterator[tuple[str, Result]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "text" not in (reader.fieldnames or ()):
            raise BadQueryError(f"{path.name} has no column 'text'.")
        for row in reader:
            text = row.get("text") or ""
            adm1, adm2 = row.get("adm1") or "", row.get("adm2") or ""
            try:
                yield text, gazetteer.geocode_row(text, adm1, adm2, limit)
            except BadQueryError as error:
                yield text, Result(text, (), False, (str(error),))


def _geocode(args: argparse.Namespace) -> int:
    gazetteer = Gazetteer.load()
    for layer in args.layer:
        gazetteer = gazetteer.with_layer(layer)
    if args.batch is None and args.text is None:
        raise BadQueryError("Give a text or --batch FILE.csv.")
    rows: Iterator[tuple[str, Result]]
    if args.batch is not None:
        rows = _batch(gazetteer, args.batch, args.limit)
    else:
        rows = iter(
            [(args.text, gazetteer.geocode_row(args.text, args.adm1, args.adm2, args.limit))]
        )
    for text, result in rows:
        print(_line(result, text) if args.json else _show(result))
    return 0


def _reverse(args: argparse.Namespace) -> int:
    found = Gazetteer.load().reverse(args.lat, args.lng)
    document: dict[str, Any] = {"lat": found.lat, "lng": found.lng}
    for level, place in (("province", found.province), ("district", found.district)):
        document[level] = place and {
            "id": place.id, "name": place.name,
            "adm1_pcode": place.adm1_pcode, "adm2_pcode": place.adm2_pcode,
        }  # fmt: skip
    near = found.nearest
    document["nearest"] = near and {
        "id": near.place.id, "name": near.place.name, "distance_m": near.distance_m,
        "bearing_deg": near.bearing_deg, "compass": near.compass,
    }  # fmt: skip
    if args.json:
        print(json.dumps(document, ensure_ascii=False))
    elif found.district is None or found.province is None:
        print("outside Afghanistan")
    else:
        print(f"{found.district.name} district, {found.province.name} province")
        if near:
            print(f"{near.distance_m / 1000:.1f} km {near.compass} of {near.place.name}")
    return 0


def _search(args: argparse.Namespace) -> int:
    for place in Gazetteer.load().suggest(args.prefix, args.limit):
        if args.json:
            print(json.dumps({"id": place.id, "name": place.name, "placetype": place.placetype,
                              "adm1_pcode": place.adm1_pcode, "adm2_pcode": place.adm2_pcode},
                             ensure_ascii=False))  # fmt: skip
        else:
            print(f"{place.id}  {place.name} ({place.placetype})")
    return 0


def _mentions(args: argparse.Namespace) -> int:
    text = sys.stdin.read() if str(args.file) == "-" else args.file.read_text(encoding="utf-8")
    for mention in Gazetteer.load().mentions(text):
        best = mention.result.best
        if args.json:
            document = {
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "id": best.id if best else None,
                "ambiguous": mention.ambiguous,
            }
            print(json.dumps(document, ensure_ascii=False))
        else:
            print(f"{mention.start}-{mention.end}  {mention.text}  {best.id if best else '-'}")
    return 0


def _import(args: argparse.Namespace) -> str:
    base = Gazetteer(store.read_places(), store.read_city_districts())
    name = {"import-geonames": "geonames", "import-cod": "cod"}.get(args.command, args.file.stem)
    out = args.out or layers.layers_folder() / f"{name}.json"
    if args.command == "import-geonames":
        written = layers.import_geonames(base, args.file, out)
    elif args.command == "import-settlements":
        written = layers.import_settlements(base, args.file, out, args.licence)
    else:
        written = layers.import_cod(base, args.file, out, args.version)
    return f"{out}: {written} places"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was answered (also with nothing found), 2 for bad input."""
    args = _parser().parse_args(argv)
    try:
        if args.command == "geocode":
            return _geocode(args)
        if args.command == "reverse":
            return _reverse(args)
        if args.command == "search":
            return _search(args)
        if args.command == "mentions":
            return _mentions(args)
        print(_import(args))
        return 0
    except (GazetteerError, OSError) as error:
        print(f"gazetteer: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
