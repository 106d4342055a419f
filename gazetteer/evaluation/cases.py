"""The cases of each class, made from the visible sets; nothing random, so that runs agree."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from ..geometry import move
from .sets import GEOCODE, VARIANTS, read_rows

HARD = "hard-places/hard_places.csv"
CENTRES = "cod-ab-afg-v03/afg_adm2.csv"
FOREIGN = (
    "ucdp-ged-other-countries/ged_v19_1_syria.csv.gz",
    "ucdp-ged-other-countries/ged_v23_1_central_african_republic.csv",
    "ucdp-ged-other-countries/ged_v19_1_bangladesh_myanmar.csv",
    "ucdp-ged-candidate-2026-01/GEDEvent_v26_0_1.csv",
)
MOST_HEADLINES = 2000


@dataclass(frozen=True, slots=True)
class Meant:
    """The right answer: P-codes of which one is right, a point to hit, or nothing at all.

    `or_coarser` accepts the province of the district named, `several` asks for an ambiguity
    that names all P-codes, `doubt` accepts the right place with a flag.
    """

    pcodes: tuple[str, ...] = ()
    nothing: bool = False
    or_coarser: bool = False
    several: bool = False
    doubt: bool = False
    within_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A text of one class, the unit its row gives, and what it means; `key` decides its half."""

    kind: str
    key: str
    text: str
    meant: Meant
    mode: str = "phrase"
    adm1: str = ""
    adm2: str = ""
    point: tuple[float, float] | None = None


NOTHING = Meant(nothing=True)
COMPASS = {
    "north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225,
    "west": 270, "northwest": 315,
}  # fmt: skip
DARI = {0: "شمال", 45: "شمال شرق", 90: "شرق", 135: "جنوب شرق", 180: "جنوب", 225: "جنوب غرب",
        270: "غرب", 315: "شمال غرب"}  # fmt: skip
PASHTO = {0: "شمال", 45: "شمال ختیځ", 90: "ختیځ", 135: "سویل ختیځ", 180: "سویل",
          225: "سویل لوېدیځ", 270: "لوېدیځ", 315: "شمال لوېدیځ"}  # fmt: skip
OFFSETS = (
    "about {n} kilometres {c} of {x}", "{n} kilometers ({m} miles) {c} of {x}", "{n} km {c} of {x}",
    "some {n} km to the {c} of {x}", "{n} kilometers away from {x}", "nearly {m} miles {c} of {x}",
    "around {n} kilometers ({m} miles) to the {c} of {x}", "{m} miles ({n} kilometers) {c} of {x}",
    "a village {n} kilometers {c} of {x}", "{n}km {c} of the town of {x}",
    "{n} kilometers outside {x}", "{n} kilometers from {x}",
)  # fmt: skip
OFFSET_SENTENCES = (
    "Gunmen stopped a bus about {n} kilometers {c} of {x}, killing four people.",
    "The blast took place some {n} kilometers ({m} miles) {c} of {x}, police said.",
    "Two soldiers died in fighting {m} miles {c} of {x} on Monday.",
    "The crash site lies {n} km to the {c} of {x}.",
)
OFFSETS_DARI = ("در {n} کیلومتری {c} {x}", "حدود {n} کیلومتر در {c} {x}",
                "در فاصله {n} کیلومتری {c} شهر {x}")  # fmt: skip
OFFSETS_PASHTO = ("د {x} {c} ته {n} کیلومتره", "له {x} څخه {n} کیلومتره {c} ته",
                  "د {x} په {n} کیلومترۍ کې {c} ته")  # fmt: skip
SENTENCES = (
    "Six police were killed in {x} district of {p}.",
    "Militants attacked a checkpoint in the {x} district of {p} province late on Sunday.",
    "A roadside bomb killed two in {p}'s {x} district, officials said.",
    "The attack happened in {x} district, {p} province, on Monday.",
)
BARE_SENTENCES = (
    "Taliban fighters overran the {x} district overnight, an Afghan official said.",
    "An Afghan soldier was killed in {x} district on Friday.",
)
LEVEL_WORDS = (" district", " province", " town", " city")


def every(folder: Path, villages: Path | None) -> Iterator[Case]:
    """The cases of all classes; DataError when the folder lacks a set."""
    yield from _hard(folder)
    yield from _offsets(folder)
    yield from _districts(folder)
    yield from _arabic(folder)
    yield from _villages(_village_rows(folder, villages))
    yield from _several(folder)
    yield from _unreadable()
    yield from _foreign(folder)


def _pick(key: str, options: Sequence[str], salt: str = "") -> str:
    return options[crc32((key + salt).encode()) % len(options)]


def _bare(name: str) -> str:
    name = name.split(" (")[0]
    for word in LEVEL_WORDS:
        name = name.removesuffix(word)
    return name


def _hard(folder: Path) -> Iterator[Case]:
    """Phrases of public pages: alone, with their province, and in their sentence."""
    for row in read_rows(folder, HARD):
        for name, column, adm1 in (
            ("hard phrases, alone", "answer_alone", ""),
            ("hard phrases, province given", "answer_in_context", row["context_adm1"]),
        ):
            if name.endswith("given") and not adm1:
                continue
            yield Case(name, row["id"], row["place_phrase"], _answer(row[column]), adm1=adm1)


def _answer(said: str) -> Meant:
    codes = tuple(
        code for part in said.split("|") for code in part.split(":")[-1].split("+")
        if code.startswith("AF")
    )  # fmt: skip
    doubt = "amb:" in said or "road:" in said
    return Meant(codes, nothing=not codes, doubt=doubt or len(codes) > 1)


def _offsets(folder: Path) -> Iterator[Case]:
    """Distances and bearings from capitals and district centres, whose place COD-AB gives."""
    for row in read_rows(folder, CENTRES):
        if row["capital_level"] in ("0", "1"):
            for number in range(len(OFFSETS)):
                yield from _offset(row, number)
        elif row["capital_level"] == "2":
            yield from _offset(row, crc32(row["adm2_pcode"].encode()))


def _offset(row: dict[str, str], number: int) -> Iterator[Case]:
    """One distance and bearing from one centre, in each language and in a sentence."""
    key, capital = row["adm2_pcode"], row["capital_level"] != "2"
    centre = (float(row["capital_lat"]), float(row["capital_lon"]))
    n = 6 + crc32(f"{key}{number}".encode()) % 40
    c = _pick(key, tuple(COMPASS), str(number))
    end = move(*centre, COMPASS[c], n * 1000)
    name, named = row["capital_name"], row["capital_name_prs"]
    if not capital:
        name, named = f"{name}, {row['adm1_name']}", f"{named} ولایت {row['adm1_name_prs']}"
    pashto = named if capital else f"{row['adm1_name_prs']} ولایت د {row['capital_name_prs']}"
    for kind, forms, compass, x, mode in (
        ("offsets", OFFSETS, c, name, "phrase"),
        ("offsets in a sentence", OFFSET_SENTENCES, c, name, "sentence"),
        ("offsets in Dari", OFFSETS_DARI, DARI[COMPASS[c]], named, "phrase"),
        ("offsets in Pashto", OFFSETS_PASHTO, PASHTO[COMPASS[c]], pashto, "phrase"),
    ):
        form = forms[number % len(forms)]
        text = form.format(n=n, m=round(n / 1.609344, 1), c=compass, x=x)
        point, within_m = (end, n * 200.0 + 3000) if "{c}" in form else (centre, n * 1200.0 + 3000)
        of = "from capitals" if capital else "from district centres"
        yield Case(f"{kind}, {of}", key, text, Meant(within_m=within_m), mode, point=point)


def _districts(folder: Path) -> Iterator[Case]:
    """Spellings of districts in phrases and sentences, with their province and without."""
    for row in read_rows(folder, VARIANTS):
        key, x, p = row["adm2_pcode"], _bare(row["variant"]), row["adm1_name"]
        if row["script"] != "latin":
            continue
        meant = Meant((key,))
        yield Case("spelling, province given", key, x, meant, adm1=row["adm1_pcode"])
        yield Case("spelling + 'district'", key, f"{x} district", Meant((key,), doubt=True))
        form = _pick(x, SENTENCES)
        yield Case(
            "district of a province, sentence", key, form.format(x=x, p=p), meant, "sentence"
        )
        form = _pick(x, BARE_SENTENCES)
        yield Case("district alone, sentence", key, form.format(x=x), meant, "sentence")


def _arabic(folder: Path) -> Iterator[Case]:
    """Dari and Pashto phrases, with the province in the row, in the words, and without."""
    names = {r["adm1_pcode"]: r["adm1_name_prs"] for r in read_rows(folder, CENTRES)}
    forms = ("ولسوالی {x}", "ولسوالی {x} ولایت {p}", "در ولسوالی {x} ولایت {p}", "د {x} ولسوالۍ",
             "د {p} په {x} ولسوالۍ کې", "د {p} ولایت د {x} ولسوالۍ", "منطقه {v} ولسوالی {x}",
             "قریه {v} ولسوالی {x} ولایت {p}", "د {p} ولایت د {x} ولسوالۍ د {v} په سیمه کې",
             "له {x} ولسوالۍ څخه", "{x}، {p}")  # fmt: skip
    for row in read_rows(folder, VARIANTS):
        if row["script"] != "arabic":
            continue
        key, x, p = row["adm2_pcode"], row["variant"], names[row["adm1_pcode"]]
        form = _pick(x, forms)
        text = form.format(x=x, p=p, v="اسپین کلی")
        loose = Meant((key,), doubt="{p}" not in form)
        yield Case("Dari and Pashto, alone", key, text, loose)
        yield Case(
            "Dari and Pashto, province given", key, text, Meant((key,)), adm1=row["adm1_pcode"]
        )


@dataclass(frozen=True, slots=True)
class Village:
    """A village of a list: its name, district and province, and its point if it is known."""

    name: str
    district: str
    province: str
    adm2: str
    point: tuple[float, float] | None


def _village_rows(folder: Path, extra: Path | None) -> Iterator[Village]:
    """UCDP's villages, then those of a list of one's own."""
    for row in read_rows(folder, GEOCODE):
        if row["place_kind"] in ("village", "locality") and row["adm2_pcode"]:
            name = row["place_text"].removesuffix(" village").removesuffix(" locality")
            exact = row["coord_source"] in ("settlement_list", "ucdp_ged")
            point = (float(row["latitude"]), float(row["longitude"])) if exact else None
            yield Village(name, _bare(row["adm_2"]), _bare(row["adm_1"]), row["adm2_pcode"], point)
    if extra:
        with extra.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                point = (float(row["lat"]), float(row["lng"]))
                yield Village(
                    row["name"], row["district"], row["province"], row["adm2_pcode"], point
                )


def _villages(rows: Iterator[Village]) -> Iterator[Case]:
    """Villages that no list holds: alone, and with what holds them."""
    for v in rows:
        key, coarse = v.name, Meant((v.adm2,), or_coarser=True)
        fine = Meant((v.adm2,))
        yield Case("village alone", key, v.name, fine, point=v.point)
        yield Case("'V village'", key, f"{v.name} village", fine, point=v.point)
        yield Case("'V, P'", key, f"{v.name}, {v.province}", coarse, point=v.point)
        yield Case("V, province given", key, v.name, coarse, adm1=v.adm2[:4], point=v.point)
        text = f"{v.name}, {v.district}, {v.province}"
        yield Case("'V, D, P'", key, text, fine, point=v.point)
        text = f"{v.name} village of {v.district} district in {v.province} province"
        yield Case("'V village of D district in P province'", key, text, fine, point=v.point)


def _several(folder: Path) -> Iterator[Case]:
    """Cells that name two provinces."""
    names = {r["adm1_pcode"]: r["adm1_name"] for r in read_rows(folder, CENTRES)}
    forms = ("{a}/{b}", "{a} / {b}", "{a} and {b}", "{a} or {b}", "{a}, {b}", "{a} - {b}",
             "{a} and {b} provinces", "{a} & {b}", "{a} province, {b} province, Afghanistan",
             "between {a} and {b}")  # fmt: skip
    codes = sorted(names)
    for i, code in enumerate(codes):
        for step in (1, 7, 12):
            other = codes[(i + step) % len(codes)]
            form = _pick(code + other, forms)
            text = form.format(a=names[code], b=names[other])
            yield Case(
                "two provinces in a cell", code + other, text, Meant((code, other), several=True)
            )


def _unreadable() -> Iterator[Case]:
    """Cells that hold no place this gazetteer could read."""
    texts = ("-", "--", "?", "…", "!!!", ".", "N/A", "Кундуз", "喀布尔", "Αθήνα", "काबुल", "\u200f",
             "_", "0", "n.a.", "unknown", "TBC", "Various", "several locations")  # fmt: skip
    for text in texts:
        yield Case("cells without a place", text, text, NOTHING)


def _foreign(folder: Path) -> Iterator[Case]:
    """Headlines about other countries, and their place names alone and with the country."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    for name in FOREIGN:
        headlines: dict[str, None] = {}
        places: dict[tuple[str, str], None] = {}
        for row in _rows(folder / name):
            if row["country"] == "Afghanistan":
                continue
            for text in row["source_headline"].split(";"):
                headlines[text.strip().strip('"')] = None
            places[_bare(row["where_coordinates"].removesuffix(" village")), row["country"]] = None
        texts = [t for t in headlines if any(c.isalpha() for c in t)]
        for text in texts[:: max(1, len(texts) // MOST_HEADLINES)]:
            yield Case("foreign headlines", text, text, NOTHING, "sentence")
        for place, country in places:
            if place:
                yield Case("foreign places alone", place, place, NOTHING)
                yield Case("foreign places, country named", place, f"{place}, {country}", NOTHING)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        return
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
