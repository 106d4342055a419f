"""Measures spellings: pairs of names, and district names with their province and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..gazetteer import Gazetteer
from .ablation import without_curated_names
from .baselines import Baselines, Find
from .sets import HALVES, PAIRS, VARIANTS, Part, read_rows, say
from .split import half
from .tally import Tally, f1, table


def pairs(gazetteer: Gazetteer, baselines: Baselines, folder: Path) -> Part:
    """Same place or not, for pairs of spellings."""
    ways: dict[str, Callable[[str, str], bool]] = {"gazetteer": _same_by(gazetteer)}
    ways["gazetteer, package names only"] = _same_by(without_curated_names())
    for name, find in baselines.all():
        ways[name] = _shares(find)
    rows, tallies = [], {}
    for h in HALVES:
        for way, same in ways.items():
            tally = Tally()
            for row in read_rows(folder, PAIRS):
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


def _same_by(gazetteer: Gazetteer) -> Callable[[str, str], bool]:
    return lambda a, b: gazetteer.same_place(a, b) > 0.5


def _shares(find: Find) -> Callable[[str, str], bool]:
    return lambda a, b: bool({p.id for p in find(a)} & {p.id for p in find(b)})


def variants(gazetteer: Gazetteer, baselines: Baselines, folder: Path) -> Part:
    """Spellings of district names, with the province given and without."""
    plainer = without_curated_names()
    rows, tallies = [], {}
    for h in HALVES:
        tally = Tally()
        base = {name: 0 for name, _ in baselines.all()}
        for row in read_rows(folder, VARIANTS):
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
                asked = f"variant {row['variant']} in {row['adm1_name']}"
                tally.errors.append(f"{asked} is {row['cod_name']}: {say(result)}")
            _alone(gazetteer, row, tally)
            plain = plainer.geocode_row(row["variant"], row["adm1_pcode"]).best
            tally.add("plain_right", plain is not None and plain.adm2_pcode == gold)
            for name, find in baselines.all():
                inside = [p for p in find(row["variant"]) if p.adm1_pcode == row["adm1_pcode"]]
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
        cut = [h, "gazetteer, package names only", str(tally.rows), tally.share("plain_right")]
        rows.append([*cut, "", ""])
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
        "half", "way", "spellings", "right first, province given", "right first, bare",
        "wrong province when not ambiguous, bare",
    ]  # fmt: skip
    return table("Spellings of district names", header, rows), tallies


def _alone(gazetteer: Gazetteer, row: dict[str, str], tally: Tally) -> None:
    """Count one spelling without its province."""
    bare, gold = gazetteer.search(row["variant"]), row["adm2_pcode"]
    if not bare.best:
        return
    good = bare.best.adm1_pcode == row["adm1_pcode"]
    tally.add("bare", bare.best.adm2_pcode == gold)
    if not bare.ambiguous:
        tally.add("bare_plain")
        tally.add("bare_wrong", not good)
        tally.scored.append((bare.best.score, good))
        if not good:
            gold_name = f"{row['cod_name']} of {row['adm1_name']}"
            tally.errors.append(f"{row['variant']} is {gold_name}: {say(bare)}")
