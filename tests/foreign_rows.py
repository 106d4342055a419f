"""Invented rows under the real headers of ACLED, GTD and a council's table, at any size.

Places are points of a few hundred settlements, each a little apart, so that neither names nor
points repeat more than they do in such files. No row of anybody's data is here.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

from mapapp.importers.forms import gtd as gtd_format
from tests.importers import test_acled, test_gtd

Cells = dict[str, str]

_TOWNS = (
    ("Kabul", "Kabul", 34.5281, 69.1723), ("Herat", "Hirat", 34.3482, 62.1997),
    ("Jurm", "Badakhshan", 36.8648, 70.8342), ("Kandahar", "Kandahar", 31.6118, 65.7058),
    ("Mazar-e Sharif", "Balkh", 36.709, 67.1109), ("Jalalabad", "Nangarhar", 34.43, 70.4478),
    ("Kunduz", "Kunduz", 36.7286, 68.8681), ("Ghazni", "Ghazni", 33.5536, 68.4269),
    ("Lashkar Gah", "Hilmand", 31.5938, 64.3716), ("Khost", "Khost", 33.3395, 69.9204),
)  # fmt: skip
_SIDES = (
    "Taliban", "Military Forces of Afghanistan (2004-2021)", "Islamic State (Afghanistan)",
    "Unidentified Armed Group (Afghanistan)", "Police Forces of Afghanistan (2004-2021)",
    "National Resistance Front", "Civilians (Afghanistan)",
)  # fmt: skip
_FIRST = date(2010, 1, 1)


def _place(dice: random.Random) -> tuple[str, str, str, str]:
    name, province, lat, lng = dice.choice(_TOWNS)
    part = dice.randint(1, 40)
    at = (lat + (part % 8 - 4) / 500, lng + (part // 8 - 2) / 500)
    return f"{name} - Area {part}" if part < 30 else name, province, f"{at[0]:.4f}", f"{at[1]:.4f}"


def _day(dice: random.Random) -> date:
    return _FIRST + timedelta(dice.randint(0, 5_500))


def acled(number: int) -> Cells:
    """A sound row under ACLED's header of today."""
    dice = random.Random(number)  # noqa: S311 - data for tests, not secrets
    place, province, lat, lng = _place(dice)
    day, first, second = _day(dice), dice.choice(_SIDES), dice.choice(_SIDES)
    own = test_acled.ROW | {
        "event_id_cnty": f"AFG{number}", "event_date": str(day), "year": str(day.year),
        "time_precision": dice.choice("1112"), "geo_precision": dice.choice("1123"),
        "sub_event_type": dice.choice(["Suicide bomb", "Armed clash", "Attack", "Grenade"]),
        "actor1": first, "actor2": second, "inter1": dice.choice(["Rebel group", "State forces"]),
        "inter2": "Civilians", "fatalities": str(dice.choice([0, 0, 1, 2, 3, 5, 8, 14])),
        "admin1": province, "admin2": "", "location": place, "latitude": lat, "longitude": lng,
        "source": f"Invented Daily {dice.randint(1, 400)}",
        "notes": f"On {day:%d %B %Y}, {first} and {second} clashed in {place}. Event {number}.",
    }  # fmt: skip
    return {name: own.get(name, "") for name in test_acled.CURRENT}


def gtd(number: int) -> Cells:
    """A sound row under GTD's header of 135 columns."""
    dice = random.Random(number)  # noqa: S311
    place, province, lat, lng = _place(dice)
    day, killed = _day(dice), dice.choice([0, 0, 1, 2, 3, 5, 8, 14])
    own = test_gtd.ROW | {
        "eventid": f"{100_000_000_000 + number}", "iyear": str(day.year), "imonth": str(day.month),
        "iday": dice.choice([str(day.day), str(day.day), str(day.day), "0"]),
        "city": place, "provstate": province, "latitude": lat, "longitude": lng,
        "gname": dice.choice(["Taliban", "Unknown", "Khorasan Chapter of the Islamic State"]),
        "nkill": str(killed), "nkillter": "0", "nwound": dice.choice(["-99", "4", "0", "11"]),
        "summary": f"{day}: assailants attacked a checkpoint in {place}. Event {number}.",
    }  # fmt: skip
    return {name: own.get(name, "") for name in gtd_format.COLUMNS}


def council(number: int) -> Cells:
    """A sound row of a table without a known form."""
    dice = random.Random(number)  # noqa: S311
    place, province, lat, lng = _place(dice)
    return {
        "Ref": str(number), "Date": f"{_day(dice):%d/%m/%Y}", "Province": province,
        "Village": place, "Lat": lat, "Long": lng,
        "Killed": dice.choice(["0", "1", "2", "at least 4", "5+", "dozens", ""]),
        "Injured": dice.choice(["", "2-5", "7"]),
        "Perpetrator": dice.choice(["Taliban", "", "ISKP", "unknown"]),
        "Reported by": dice.choice(["A hospital", "The police", "A resident"]),
        "Remarks": f"Reported by telephone, entry {number}",
    }  # fmt: skip


FORMS: dict[str, Callable[[int], Cells]] = {"acled": acled, "gtd": gtd, "council": council}


def write(path: Path, form: str, numbers: Iterable[int]) -> Path:
    """A CSV file of these rows."""
    make = FORMS[form]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(make(1)))
        writer.writeheader()
        writer.writerows(map(make, numbers))
    return path
