"""Runs every visible set and makes the tables; what `python -m gazetteer.evaluate` prints."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import DataError
from ..gazetteer import Gazetteer
from ..model import Candidate, Place, Result
from . import homonyms, spans
from .baselines import Baselines
from .split import half
from .tally import Tally, f1, table

HALVES = ("tuned", "held")
VARIANTS = "district-name-variants/district_name_variants.csv"
PAIRS = "name-variant-pairs/name_variant_pairs.csv"
GEOCODE = "ucdp-ged-afghanistan/geocode_dev.csv"
HEADLINES = "ucdp-ged-afghanistan/headline_dev.csv"


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / name
    if not path.exists():
        raise DataError(f"{folder} does not hold {name}.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run(folder: Path, show_errors: bool) -> Iterator[str]:
    """The lines of the report. DataError when a set is missing."""
    gazetteer = Gazetteer.load()
    baselines = Baselines(gazetteer)
    scored: dict[str, list[tuple[float, bool]]] = {h: [] for h in HALVES}
    errors: list[str] = []
    for part in (pairs, variants, geocode, headlines):
        lines, tallies = part(gazetteer, baselines, folder)
        yield from lines
        for name, tally in tallies.items():
            scored[name.split("/")[0]].extend(tally.scored)
            if name.startswith("tuned"):
                errors.extend(tally.errors)
    yield from homonyms.report(gazetteer)
    yield from spans.report(gazetteer, folder.parent / "source-documents")
    rows = []
    for name, pairs_of in scored.items():
        sure = [right for score, right in pairs_of if score >= 0.9]
        rights = [score for score, right in pairs_of if right]
        rows.append([
            name, str(len(sure)),
            f"{100 * sum(sure) / len(sure):.1f} %" if sure else "–",
            f"{100 * sum(s >= 0.9 for s in rights) / len(rights):.1f} %" if rights else "–",
        ])  # fmt: skip
    yield from table(
        "Calibration over all sets",
        ["half", "answers scored ≥ 0.9", "of them right", "right answers scored ≥ 0.9"],
        rows,
    )
    if show_errors:
        yield from ["", "## Errors on the tuned half", "", *(f"- {e}" for e in errors)]


Part = tuple[list[str], dict[str, Tally]]


def pairs(gazetteer: Gazetteer, baselines: Baselines, folder: Path) -> Part:
    """Same place or not, for pairs of spellings."""
    ways: dict[str, Callable[[str, str], bool]] = {
        "gazetteer": lambda a, b: gazetteer.same_place(a, b) > 0.5
    }
    for name, find in baselines.all():
        ways[name] = _shares(find)  # type: ignore[arg-type]
    rows, tallies = [], {}
    for h in HALVES:
        for way, same in ways.items():
            tally = Tally()
            for row in _rows(folder, PAIRS):
                key = row["place_a"].split(":")[-1]
                if half(key) != h or row["same"] == "h":
                    continue
                tally.rows += 1
                said, gold = same(row["name_a"], row["name_b"]), row["same"] == "1"
                tally.add(
                    {(True, True): "tp", (True, False): "fp", (False, True): "fn"}.get(
                        (said, gold), "tn"
                    )
                )
                if said != gold and way == "gazetteer":
                    tally.errors.append(f"pair {row['name_a']} / {row['name_b']}: said {said}")
            p, r, f = f1(tally.get("tp"), tally.get("fp"), tally.get("fn"))
            rows.append([h, way, str(tally.rows), f"{p:.3f}", f"{r:.3f}", f"{f:.3f}"])
            if way == "gazetteer":
                tallies[h] = tally
    return table(
        "Spelling pairs: one place or two",
        ["half", "way", "pairs", "precision", "recall", "F1"],
        rows,
    ), tallies


def _shares(find: Callable[[str], list[Place]]) -> Callable[[str, str], bool]:
    return lambda a, b: bool({p.id for p in find(a)} & {p.id for p in find(b)})


def variants(gazetteer: Gazetteer, baselines: Baselines, folder: Path) -> Part:
    """Spellings of district names, with the province given and without."""
    rows, tallies = [], {}
    for h in HALVES:
        tally = Tally()
        base = {name: 0 for name, _ in baselines.all()}
        for row in _rows(folder, VARIANTS):
            gold = row["adm2_pcode"]
            if half(gold) != h:
                continue
            tally.rows += 1
            result = gazetteer.geocode_row(row["variant"], row["adm1_pcode"])
            best = result.best
            right = best is not None and best.adm2_pcode == gold
            tally.add("right", right)
            tally.add("alone", result.ambiguous is False)
            if best:
                tally.scored.append((best.score, right))
            if not right:
                tally.errors.append(
                    f"variant {row['variant']} in {row['adm1_name']} is {row['cod_name']}: {_say(result)}"
                )
            bare = gazetteer.search(row["variant"])
            if bare.best:
                good = bare.best.adm1_pcode == row["adm1_pcode"]
                tally.add("bare", bare.best.adm2_pcode == gold)
                if not bare.ambiguous:
                    tally.add("bare_plain")
                    tally.add("bare_wrong", not good)
                    tally.scored.append((bare.best.score, good))
                    if not good:
                        tally.errors.append(
                            f"bare variant {row['variant']} is {row['cod_name']} of {row['adm1_name']}: {_say(bare)}"
                        )
            for name, find in baselines.all():
                inside = [p for p in find(row["variant"]) if p.adm1_pcode == row["adm1_pcode"]]  # type: ignore[operator]
                base[name] += any(p.adm2_pcode == gold for p in inside[:1])
        rows.append(
            [
                h,
                "gazetteer",
                str(tally.rows),
                tally.share("right"),
                tally.share("bare"),
                tally.share("bare_wrong", "bare_plain"),
            ]
        )
        for name, count in base.items():
            rows.append(
                [
                    h,
                    name,
                    str(tally.rows),
                    f"{100 * count / tally.rows:.1f} % ({count}/{tally.rows})",
                    "",
                    "",
                ]
            )
        tallies[h] = tally
    header = [
        "half",
        "way",
        "spellings",
        "right first, province given",
        "right first, bare",
        "wrong province when not ambiguous, bare",
    ]
    return table("Spellings of district names", header, rows), tallies


def _say(result: Result) -> str:
    flag = " (ambiguous)" if result.ambiguous else ""
    return (", ".join(f"{c.id} {c.score:.2f}" for c in result.candidates[:3]) or "nothing") + flag


def _level(best: Candidate) -> str:
    return "province" if best.adm2_pcode is None else "district"


def geocode(gazetteer: Gazetteer, baselines: Baselines, folder: Path) -> Part:
    """UCDP place strings: with district and province, with the province alone, bare."""
    rows, tallies = [], {}
    for h in HALVES:
        for mode in ("district + province", "province", "bare"):
            tally = Tally()
            for row in _rows(folder, GEOCODE):
                gold1, gold2 = row["adm1_pcode"], row["adm2_pcode"]
                if half(gold2 or row["place_text"]) != h or not gold1:
                    continue
                adm1 = row["adm_1"] if mode != "bare" else ""
                adm2 = row["adm_2"] if mode == "district + province" else ""
                if mode == "district + province" and not adm2:
                    continue
                tally.rows += 1
                result = gazetteer.geocode_row(row["place_text"], adm1, adm2)
                best = result.best
                if best is None:
                    tally.add("nothing")
                    continue
                fine = _level(best) == "district"
                right = best.adm2_pcode == gold2 if fine and gold2 else best.adm1_pcode == gold1
                tally.add("answered")
                tally.add("fine", fine)
                tally.add("fine_right", fine and best.adm2_pcode == gold2)
                tally.add("right2", best.adm2_pcode == gold2)
                tally.add("wrong1", best.adm1_pcode != gold1)
                if not result.ambiguous:
                    tally.add("plain")
                    tally.add("plain_wrong1", best.adm1_pcode != gold1)
                tally.add("right", right)
                tally.add("right_sure", right and best.score >= 0.9)
                if mode != "bare" or not result.ambiguous:
                    tally.scored.append((best.score, right))
                if (fine and best.adm2_pcode != gold2) or (not result.ambiguous and not right):
                    tally.errors.append(
                        f"{mode}: {row['place_text']} ({row['adm_2']}, {row['adm_1']}): {_say(result)}"
                    )
            rows.append([
                h, mode, str(tally.rows), tally.share("answered"), tally.share("right2"),
                tally.share("fine_right", "fine"), tally.share("plain_wrong1", "plain"),
                tally.share("plain"), tally.share("right_sure", "right"),
            ])  # fmt: skip
            tallies[f"{h}/{mode}"] = tally
    header = ["half", "given", "strings", "answered", "right district", "right of answers at district or finer",
              "wrong province of the unambiguous", "unambiguous", "right answers scored ≥ 0.9"]  # fmt: skip
    return table("UCDP place strings", header, rows), tallies


_QUOTED = re.compile(r'"([^"]*)"?|“([^”]*)”?')


def headline_texts(article: str) -> list[str]:
    """The headlines in UCDP's source_article, without agency, date and programme notes."""
    if article.count('";"') or re.match(r'^"[^"]*,\d{4}-\d\d-\d\d,', article):
        parts = [p.strip('"') for p in article.split('";"')]
        return [re.sub(r"^[^,]*(?:,[^,]*?)?,\d{4}-\d\d-\d\d,", "", p) for p in parts]
    found = [a or b for a, b in _QUOTED.findall(article)]
    return [f for f in found if f.strip()]


def headlines(gazetteer: Gazetteer, baselines: Baselines, folder: Path) -> Part:
    """Headlines: the province or city they name, and nothing where they name none."""
    rows, tallies = [], {}
    for h in HALVES:
        tally = Tally()
        for row in _rows(folder, HEADLINES):
            if half(row["id"]) != h:
                continue
            tally.rows += 1
            found: list[Result] = []
            for text in headline_texts(row["source_article"]):
                if text.strip() and re.search(r"\w", text):
                    found.append(gazetteer.search(text))
            ids = [c for r in found for c in r.candidates]
            if row["expected_level"] == "none_or_country":
                tally.add("none")
                wrong = [c for c in ids if c.placetype != "country"]
                tally.add("none_right", not wrong)
                if wrong:
                    tally.errors.append(
                        f"headline of {row['adm_2']}/{row['adm1_name']} got {wrong[0].id} ({wrong[0].reasons[0]}): {row['source_article'][:300]}"
                    )
            else:
                tally.add("named")
                tops = [r.best for r in found if r.best]
                good = any(b.adm1_pcode == row["adm1_pcode"] for b in tops)
                tally.add("named_right", good)
                if row["expected_level"] == "district":
                    tally.add("dist")
                    tally.add(
                        "dist_right", any(b.adm2_pcode == row["adm2_pcode_2014"] for b in tops)
                    )
                for r in found:
                    if r.best and not r.ambiguous:
                        tally.scored.append((r.best.score, r.best.adm1_pcode == row["adm1_pcode"]))
                if not good:
                    tally.errors.append(
                        f"headline should name {row['adm1_name']}: {[b.id for b in tops]} {row['source_article'][:300]}"
                    )
        rows.append(
            [
                h,
                str(tally.rows),
                tally.share("none_right", "none"),
                tally.share("named_right", "named"),
                tally.share("dist_right", "dist"),
            ]
        )
        tallies[h] = tally
    header = [
        "half",
        "headlines",
        "no place where none is named",
        "right province where one is named",
        "right district where the district is named",
    ]
    return table("Headlines", header, rows), tallies
