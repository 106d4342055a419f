"""Measures UCDP place strings: with district and province, with the province alone, bare."""

from __future__ import annotations

from pathlib import Path

from ..gazetteer import Gazetteer
from .sets import GEOCODE, HALVES, Part, read_rows, say
from .split import half
from .tally import Tally, table


def geocode(gazetteer: Gazetteer, folder: Path) -> Part:
    """UCDP place strings: with district and province, with the province alone, bare."""
    rows, tallies = [], {}
    for h in HALVES:
        for mode in ("district + province", "province", "bare"):
            tally = Tally()
            for row in read_rows(folder, GEOCODE):
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
                fine = best.adm2_pcode is not None
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
                    asked = f"{row['place_text']} ({row['adm_2']}, {row['adm_1']})"
                    tally.errors.append(f"{mode}: {asked}: {say(result)}")
            rows.append([
                h, mode, str(tally.rows), tally.share("answered"), tally.share("right2"),
                tally.share("fine_right", "fine"), tally.share("plain_wrong1", "plain"),
                tally.share("plain"), tally.share("right_sure", "right"),
            ])  # fmt: skip
            tallies[f"{h}/{mode}"] = tally
    header = [
        "half",
        "given",
        "strings",
        "answered",
        "right district",
        "right of answers at district or finer",
        "wrong province of the unambiguous",
        "unambiguous",
        "right answers scored ≥ 0.9",
    ]
    return table("UCDP place strings", header, rows), tallies
