"""How many people live in each province of Afghanistan, for figures per head."""

from __future__ import annotations

from typing import Final

SOURCE: Final = (
    "National Statistics and Information Authority, Afghanistan Statistical Yearbook 2019: "
    "estimates for the settled population of the solar year 1398 (2019–20), without nomads"
)

#: Province's P-code → people. They sum up to 30.7 million, the yearbook's total.
PEOPLE: Final = {
    "AF01": 5_029_850, "AF02": 479_875, "AF03": 724_561, "AF04": 648_866, "AF05": 426_821,
    "AF06": 1_668_481, "AF07": 484_952, "AF08": 167_000, "AF09": 995_814, "AF10": 486_928,
    "AF11": 1_338_597, "AF12": 762_108, "AF13": 601_230, "AF14": 625_473, "AF15": 490_690,
    "AF16": 160_993, "AF17": 1_035_658, "AF18": 1_073_319, "AF19": 1_113_676, "AF20": 422_859,
    "AF21": 1_475_649, "AF22": 609_986, "AF23": 751_254, "AF24": 507_610, "AF25": 428_466,
    "AF26": 377_648, "AF27": 1_368_036, "AF28": 590_866, "AF29": 1_089_228, "AF30": 1_420_682,
    "AF31": 540_009, "AF32": 2_095_117, "AF33": 553_058, "AF34": 180_200,
}  # fmt: skip
