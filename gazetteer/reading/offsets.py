"""Reads distances and bearings: '20 km southwest of', 'an hour's drive from', 'در ۲۰ کیلومتری'.

The same grammar serves a phrase and running text; where the offset ends is worked out in
`matching`. A distance without a number ('an hour's drive') gives a wide disc and a flag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..names.numbers import CARDINALS, TENS
from ..names.text import fold

_COMPASS = {
    "n": 0.0, "nne": 22.5, "ne": 45.0, "ene": 67.5, "e": 90.0, "ese": 112.5, "se": 135.0,
    "sse": 157.5, "s": 180.0, "ssw": 202.5, "sw": 225.0, "wsw": 247.5, "w": 270.0, "wnw": 292.5,
    "nw": 315.0, "nnw": 337.5,
}  # fmt: skip
_LETTER = {"north": "n", "east": "e", "south": "s", "west": "w"}
_NUMBERS = {word: float(n) for n, word in enumerate(CARDINALS)} | {
    word: float(n) for word, n in TENS.items()
}
_NUMBERS |= {f"{ten} {one}": TENS[ten] + _NUMBERS[one] for ten in TENS for one in CARDINALS[1:10]}
_NUMBERS |= {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "a hundred": 100.0,
             "one hundred": 100.0, "a dozen": 12.0, "a couple of": 2.0}  # fmt: skip
#: Words for a number that nobody counted: a distance, and a flag.
_VAGUE = {"a few": 4.0, "few": 4.0, "several": 6.0, "some": 6.0, "dozens of": 40.0, "tens of": 30.0}
_METRES = {"k": 1000.0, "mi": 1609.344, "m": 1.0, "y": 0.9144}
DRIVE_M_PER_HOUR = 45_000.0  # Afghan roads; the disc is as wide as the way is long
WALK_M_PER_HOUR = 4_000.0
UNMEASURED_M = 30_000.0  # how far 'north of Kabul' may reach

_WORD_NUMBERS = "|".join(sorted((*_NUMBERS, *_VAGUE), key=len, reverse=True)).replace(" ", "[ -]")
_NUMBER = (
    r"(?P<n>\d{1,3}(?:[.,]\d+)?)(?:\s*(?:-|–|—|to|or)\s*(?P<n2>\d{1,3}(?:[.,]\d+)?))?"
    rf"|(?P<word>{_WORD_NUMBERS})"
)
_POINT = (
    r"(?:north|south)[\s-]?(?:north|south)?[\s-]?(?:east|west)|(?:east|west)[\s-](?:north|south)"
    r"[\s-]?(?:east|west)|north|south|east|west|[ns]?[ns][ew]|[ew][ns][ew]|[nsew]"
)
_ABOUT = (
    r"(?:(?:about|some|around|nearly|almost|approximately|roughly|only|just|over|under|within|up to"
    r"|more than|less than|at least|at|an? estimated|approx\.?|ca\.?)\s+)*"
)
# '20 kilometers (12 miles)', '12 miles, or 20 kilometers,'
_AGAIN = (
    r"(?:\s*\([^()]{1,40}\)|\s*/\s*\d[\d.,]*\s*[a-z]+|,?\s+or\s+(?:about\s+)?\d[\d.,]*\s*[a-z]+,?)?"
)
_WAY = (
    r"(?:\s+(?:away|off|out|further|farther|distant|by\s+road|drive|ride|journey"
    r"|(?:along|down|up|by)\s+(?:the\s+)?(?:main\s+)?(?:road|highway)))?"
)
_BEARING = rf"(?P<point>{_POINT})(?:ern|erly|ward|wards)?(?:\s+(?:side|direction|part))?"
# What may stand between the offset and the name it is measured from.
_LEAD = (
    r"(?:the\s+|its\s+|their\s+)?(?:(?:[a-z]+ern|central|main|provincial|nearby|afghan|country's|nation's)"
    r"\s+)*(?:(?:suburbs?|outskirts|cent(?:er|re)|edge|heart|city|town|village|district|province|capital"
    r"|provincial\s+capital|district\s+cent(?:er|re)|headquarters)\s*(?:\s(?:of|in)|,)\s+(?:the\s+)?)*"
)
_LENGTH = (
    rf"\b{_ABOUT}(?:{_NUMBER})\s*-?\s*(?P<unit>kms?|kilomet(?:er|re)s?|k\.m\.|mi|miles?|m|met(?:er|re)s?"
    rf"|yards?)(?![a-z]){_AGAIN}{_WAY}"
)
_TIME = (
    rf"\b{_ABOUT}(?:{_NUMBER})[\s-]*(?P<time>hours?|minutes?|min)(?:['’]s?|s['’])?\s+"
    r"(?:and a half\s+)?(?:of\s+)?(?P<by>drive|ride|walk|journey|trip|driving|flight|hike)"
)
_TO = (
    rf"(?:,?\s+(?:to\s+|in\s+|on\s+|towards?\s+)?(?:the\s+)?{_BEARING}\s+(?:of|from)"
    r"|\s+(?:from|of|outside(?:\s+of)?|away\s+from|beyond|off|short\s+of))\s+"
)
_MEASURED = rf"(?:{_LENGTH})(?:{_TO})"
_TIMED = rf"(?:{_TIME})(?:{_TO})"
# 'west of Kabul' lies outside; 'in the west of Kabul' and 'western Kabul' are the city itself.
_UNMEASURED = (
    rf"(?<!\bin the )(?<!\bin )\b(?:(?:just|immediately|far|directly|further|due)\s+)*"
    rf"(?:to\s+)?(?:the\s+)?(?<!\bin the )(?P<point>{_POINT})\s+of\s+"
)
_PATTERNS = tuple(re.compile(p, re.I) for p in (_MEASURED, _TIMED, _UNMEASURED))
_BEFORE = tuple(re.compile(p + rf"{_LEAD}$", re.I) for p in (_MEASURED, _TIMED, _UNMEASURED))
LOOK_BACK = 130  # characters; longer than any offset with what leads to the name


@dataclass(frozen=True, slots=True)
class Offset:
    """'33 km SSE of': metres and degrees from a place, and the words.

    `bearing` is None when the text gives none; `vague` says that no distance was measured
    ('an hour's drive', 'north of'): `metres` is then how far it may be.
    """

    metres: float
    bearing: float | None
    words: str
    vague: bool = False


@dataclass(frozen=True, slots=True)
class OffsetText:
    """An offset found in a phrase: what stands before it, and what it is measured from."""

    offset: Offset
    head: str
    anchor: str


def take_offset(text: str) -> OffsetText | None:
    """The offset in a place phrase, or None; the first with a distance wins."""
    if ARABIC_LENGTH.search(fold(text)):
        return _take_arabic(text)
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        offset = _offset(match)
        if offset is None or not fold(text[match.end() :]):
            continue
        return OffsetText(
            offset, text[: match.start()].strip(" ,(;–-"), text[match.end() :].strip(" )")
        )
    return None


def offset_before(text: str) -> tuple[Offset | None, int]:
    """The offset that ends a text ('… 20 km southwest of the city of ') and its length."""
    tail = text[-LOOK_BACK:]
    for pattern in _BEFORE:
        match = pattern.search(tail)
        if match is None:
            continue
        offset = _offset(match)
        if offset is not None:
            return offset, len(match.group())
    return None, 0


def arabic_offset(before: str, after: str) -> Offset | None:
    """The offset that Dari puts before a name and Pashto after it, in running text."""
    words = fold(before[-LOOK_BACK:]).split()
    for start in range(max(0, len(words) - 9), len(words)):
        found = _only_offset(words[start:])
        if found is not None:
            return found
    words = fold(after[:LOOK_BACK].split(".")[0]).split()
    for end in range(min(9, len(words)), 1, -1):
        found = _only_offset(words[:end])
        if found is not None:
            return found
    return None


def _only_offset(words: list[str]) -> Offset | None:
    """The offset that words hold which say nothing else; None without a distance."""
    text = " ".join(words)
    length = ARABIC_LENGTH.search(text)
    if length is None:
        return None
    taken = _take_arabic(f"{text} نوم")  # any name
    if taken is None:
        return None
    left = [w for w in taken.anchor.split() if w not in _BESIDE_NAME]
    return taken.offset if left == ["نوم"] else None


def _offset(match: re.Match[str]) -> Offset | None:
    groups = match.groupdict()
    point = groups.get("point")
    bearing = _bearing(point) if point else None
    words = " ".join(match.group().split())
    if "unit" in groups:
        amount, vague = _amount(groups)
        unit = groups["unit"].lower()
        if unit in ("m", "y"):
            scale = _METRES[unit]
        elif unit.startswith(("me", "y")):
            scale = _METRES[unit[0]]
        else:
            scale = _METRES["mi" if unit.startswith("mi") else "k"]
        return Offset(amount * scale, bearing, words, vague)
    if "time" in groups:
        amount, _ = _amount(groups)
        hours = amount / 60.0 if groups["time"].lower().startswith("min") else amount
        walked = groups["by"].lower() in ("walk", "hike")
        return Offset(
            hours * (WALK_M_PER_HOUR if walked else DRIVE_M_PER_HOUR), bearing, words, True
        )
    if point is not None and len(point) < 3:
        return None  # 's of' is no bearing
    return Offset(UNMEASURED_M, bearing, words, True)


def _amount(groups: dict[str, str]) -> tuple[float, bool]:
    if groups["n"]:
        first = float(groups["n"].replace(",", "."))
        second = groups["n2"]
        return (first + float(second.replace(",", "."))) / 2 if second else first, False
    word = re.sub(r"[\s-]+", " ", groups["word"].lower())
    return (_VAGUE[word], True) if word in _VAGUE else (_NUMBERS[word], False)


def _bearing(point: str) -> float | None:
    letters = re.sub(r"north|south|east|west", lambda m: _LETTER[m.group()], point.lower())
    return _COMPASS.get(re.sub(r"[\s-]", "", letters))


# -- Dari and Pashto, folded ----------------------------------------------------------------

_ARABIC_SIDES = {
    "شمال": "n", "جنوب": "s", "سویل": "s", "سهیل": "s", "شرق": "e", "مشرق": "e", "خاور": "e",
    "ختیز": "e", "ختیس": "e", "غرب": "w", "مغرب": "w", "باختر": "w", "لویدیز": "w", "لویدیس": "w",
    "لویدیح": "w",
}  # fmt: skip
_SIDE = "|".join(_ARABIC_SIDES)
_ARABIC_POINT = re.compile(
    rf"(?<!\S)(?P<a>{_SIDE})ی?(?:\s*(?P<b>{_SIDE})ی?)?(?!\S)(?:\s+(?:خوا|لور|طرف|سمت|ارخ|ته)(?!\S))*"
)
# Dari, then Pashto, folded.
_ARABIC_NUMBERS = {
    word: number
    for number, words in {
        1: "یک/یو", 2: "دو/دوه", 3: "سه/دری", 4: "چهار/سلور", 5: "پنج/پنزه", 6: "شش/شپز",
        7: "هفت/اووه", 8: "هشت/اته", 9: "نه/نهه", 10: "ده/لس", 12: "دوازده/دولس",
        15: "پانزده/پنزلس", 18: "هژده/اتلس", 20: "بیست/شل", 25: "بیست و پنج/پنزه ویشت",
        30: "سی/دیرش", 35: "سی و پنج/پنزه دیرش", 40: "چهل/سلویشت", 50: "پنجاه/پنزوس",
        60: "شصت/شپیته", 70: "هفتاد/اویا", 80: "هشتاد/اتیا", 90: "نود/نوی", 100: "صد/سل",
    }.items()
    for word in words.split("/")
}  # fmt: skip
ARABIC_LENGTH = re.compile(
    r"(?<!\S)(?P<n>\d{1,3}(?: \d)?|" + "|".join(sorted(_ARABIC_NUMBERS, key=len, reverse=True))
    + r")\s*(?P<unit>کیلو ?می?تر|کلو ?می?تر|کم|میل)(?:ی|ه|و|یی|ها|هی)?(?!\S)(?:\s+ی(?!\S))?"
)  # fmt: skip
# Words that only carry the offset; 'د', 'شهر' and kinds of place stay with the name.
_CARRY = frozenset(
    [
        "در",
        "به",
        "از",
        "حدود",
        "حدودا",
        "تقریبا",
        "نزدیک",
        "نزدیکی",
        "فاصله",
        "ی",
        "دورتر",
        "دور",
        "واقع",
        "قرار",
        "دارد",
        "مسافه",
        "شاوخوا",
        "نزدی",
        "له",
        "لری",
        "لیری",
        "سخه",
        "سخ",
        "نه",
        "ته",
        "په",
        "کی",
        "لور",
        "خوا",
        "طرف",
        "سمت",
        "کابو",
        "لگ",
        "بهر",
        "بیرون",
        "خارج",
        "پیرامون",
    ]
)

_BESIDE_NAME = frozenset(["د", "شهر", "شار", "مرکز", "ولسوالی", "ولایت"])


def _take_arabic(text: str) -> OffsetText | None:
    folded = fold(text)
    length = ARABIC_LENGTH.search(folded)
    if length is None:
        return None
    said = length["n"].replace(" ", ".")
    amount = float(said) if said[0].isdigit() else float(_ARABIC_NUMBERS[length["n"]])
    metres = amount * _METRES["mi" if length["unit"] == "میل" else "k"]
    rest = folded[: length.start()] + " \u241f " + folded[length.end() :]
    point = _ARABIC_POINT.search(rest)
    bearing = None
    if point is not None:
        letters = _ARABIC_SIDES[point["a"]] + (_ARABIC_SIDES[point["b"]] if point["b"] else "")
        bearing = _COMPASS.get(letters)
        rest = rest[: point.start()] + " " + rest[point.end() :]
    words = [w for w in rest.split() if w not in _CARRY and w != "\u241f"]
    while words and words[0] == "د" and len(words) > 1 and words[1] == "د":
        words.pop(0)
    if not [w for w in words if w != "د"]:
        return None
    return OffsetText(Offset(metres, bearing, length.group().strip()), "", " ".join(words))
