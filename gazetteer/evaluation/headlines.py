"""Measures headlines: the place each names, and nothing where it names none."""

from __future__ import annotations

import re
from pathlib import Path

from ..gazetteer import Gazetteer
from ..model import Result
from .sets import HALVES, HEADLINES, Part, read_rows
from .split import half
from .tally import Tally, table

_QUOTED = re.compile(r'"([^"]*)"?|“([^”]*)”?')


def headline_texts(article: str) -> list[str]:
    """The headlines in UCDP's source_article, without agency, date and programme notes."""
    if article.count('";"') or re.match(r'^"[^"]*,\d{4}-\d\d-\d\d,', article):
        parts = [p.strip('"') for p in article.split('";"')]
        return [re.sub(r"^[^,]*(?:,[^,]*?)?,\d{4}-\d\d-\d\d,", "", p) for p in parts]
    found = [a or b for a, b in _QUOTED.findall(article)]
    return [f for f in found if f.strip()]


def headlines(gazetteer: Gazetteer, folder: Path) -> Part:
    """Headlines: the province or city they name, and nothing where they name none."""
    rows, tallies = [], {}
    for h in HALVES:
        tally = Tally()
        for row in read_rows(folder, HEADLINES):
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
                    why = f"{wrong[0].id} ({wrong[0].reasons[0]})"
                    tally.errors.append(f"headline, none: {why}: {row['source_article'][:200]}")
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
                    got = [b.id for b in tops]
                    where = f"headline, {row['adm1_name']}: {got}"
                    tally.errors.append(f"{where}: {row['source_article'][:200]}")
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
