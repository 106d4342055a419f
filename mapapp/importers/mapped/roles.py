"""What a column of any table may mean, and the guess by name and values (header → mapping)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mapapp.importers.cells.countries import iso3
from mapapp.importers.cells.day_values import Order, days
from mapapp.importers.cells.values import BadValue, coordinate, figure
from mapapp.importers.forms.dataset import column_key
from mapapp.importers.tables.table import REASON_COLUMNS, Cell, Row, Shape, text_of


@dataclass(frozen=True, slots=True)
class Role:
    """One thing a column can mean. `names` are keys of column names, best first; `hxl` tags."""

    code: str
    label: str
    names: tuple[str, ...]
    hxl: tuple[str, ...] = ()
    fits: Callable[[Cell], bool] | None = None


def _fits(parse: Callable[[Cell], object]) -> Callable[[Cell], bool]:
    def check(cell: Cell) -> bool:
        try:
            parse(cell)
        except BadValue:
            return False
        return True

    return check


_is_date = _fits(lambda cell: days(cell, Order.DMY) if not _month_first(cell) else None)
_is_lat = _fits(lambda cell: coordinate(cell, 90))
_is_lng = _fits(lambda cell: coordinate(cell, 180))
_is_count = _fits(figure)


def _month_first(cell: Cell) -> bool:
    return bool(re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}.*", text_of(cell)))


ROLES: tuple[Role, ...] = (
    Role("id", "Row id, unique and lasting",
         ("id", "event_id", "incident_id", "row_id", "ref", "reference", "serial", "no", "number",
          "code", "case_id", "شماره"), ("#event+id", "#event+code", "#meta+id")),
    Role("date", "Day it happened",
         ("date", "event_date", "incident_date", "day", "date_start", "start_date", "datum",
          "fecha", "when", "date_of_incident", "date_of_event", "reported_date", "تاریخ",
          "نېټه", "نیټه", "روز"),
         ("#date", "#date+start", "#date+occurred"), _is_date),
    Role("date_end", "Last day, where it took several",
         ("date_end", "end_date", "until", "date_to"), ("#date+end",), _is_date),
    Role("year", "Year, where there is no day", ("year", "jahr", "سال"), ("#date+year",), _is_date),
    Role("lat", "Latitude", ("latitude", "lat", "y", "lat_dd", "gps_lat", "y_coord", "breite",
          "عرض_البلد", "عرض_جغرافیایی"),
         ("#geo+lat",), _is_lat),
    Role("lng", "Longitude",
         ("longitude", "lon", "lng", "long", "x", "lon_dd", "gps_lon", "x_coord", "länge",
          "طول_البلد", "طول_جغرافیایی"),
         ("#geo+lon",), _is_lng),
    Role("place", "Place in words",
         ("place", "location", "place_name", "village", "town", "city", "settlement", "where",
          "site", "locality", "area", "place_text", "ort", "lugar", "محل", "ځای",
          "قریه", "شهر", "منطقه", "کلی"),
         ("#loc", "#loc+name")),
    Role("province", "Province",
         ("province", "admin1", "adm1", "adm_1", "adm1_name", "admin1_name", "provstate", "region",
          "provincia", "ولایت"), ("#adm1", "#adm1+name")),
    Role("district", "District",
         ("district", "admin2", "adm2", "adm_2", "adm2_name", "admin2_name", "ولسوالی"),
         ("#adm2", "#adm2+name")),
    Role("country", "Country", ("country", "country_name", "iso3", "iso", "land", "pais", "کشور"),
         ("#country", "#country+name", "#country+code"),
         lambda cell: iso3(text_of(cell)) is not None),
    Role("killed", "Killed",
         ("killed", "fatalities", "deaths", "dead", "fatality", "no_killed", "num_killed",
          "number_killed", "deaths_total", "total_killed", "best", "kia", "muertos", "tote", "کشته",
          "کشته_شدگان", "کشته_ها", "تلفات", "وژل_شوي"), ("#affected+killed",), _is_count),
    Role("killed_low", "Killed, low", ("killed_low", "fatalities_low", "deaths_low", "low",
         "min_killed", "killed_min"), (), _is_count),
    Role("killed_high", "Killed, high", ("killed_high", "fatalities_high", "deaths_high", "high",
         "max_killed", "killed_max"), (), _is_count),
    Role("civilians_killed", "Civilians killed",
         ("civilians_killed", "civilian_deaths", "deaths_civilians", "civilian_fatalities",
          "civ_killed"), ("#affected+killed+civilians",), _is_count),
    Role("wounded", "Wounded",
         ("wounded", "injured", "injuries", "no_wounded", "num_wounded", "number_wounded",
          "total_injured", "wia", "heridos", "verletzte", "زخمی", "زخمی_ها", "ټپي"),
         ("#affected+injured",), _is_count),
    Role("casualties", "Killed and wounded together", ("casualties", "victims", "total_casualties"),
         ("#affected",), _is_count),
    Role("actor", "Who did it, by the table",
         ("perpetrator", "attributed_to", "responsible", "group", "gname", "armed_group",
          "perpetrator_group", "alleged_perpetrator", "عامل", "عاملان", "گروه", "مسئول"),
         ("#group",)),
    Role("claimed_by", "Who says they did it",
         ("claimed_by", "claim_of_responsibility", "claimed")),
    Role("event_type", "Kind of attack",
         ("event_type", "type", "attack_type", "incident_type", "category", "kind", "art",
          "نوع_حمله", "نوع_رویداد", "نوع"),
         ("#event+type",)),
    Role("target", "Whom or what it was aimed at", ("target", "target_type", "targets"), ()),
    Role("title", "Title", ("title", "headline", "name", "incident", "event", "titel")),
    Role("notes", "Notes", ("notes", "note", "description", "summary", "details", "comment",
         "comments", "remarks", "narrative", "شرح", "توضیحات", "ملاحظات"), ("#description",)),
    Role("source", "Who says so, row by row",
         ("source", "sources", "reported_by", "source_name", "quelle", "fuente", "منبع"),
         ("#meta+source",)),
    Role("url", "Link to the source", ("url", "link", "source_url", "weblink", "href")),
)  # fmt: skip

BY_CODE: Mapping[str, Role] = {role.code: role for role in ROLES}

#: Of a column's filled sample cells so many must be of the role's type: fewer where its very name
#: is the role's, as its faults are then for the person to see.
_MOST, _SOME = 0.7, 0.3
_NAMED = 0.7


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposed role of a column, how sure (0 to 1), why, and some of its values."""

    column: str
    role: str | None
    score: float
    reason: str
    samples: tuple[str, ...]


def guess(shape: Shape, rows: Sequence[Row]) -> tuple[Guess, ...]:
    """A role for each column, each role once: by HXL tag, by name, then checked by its values."""
    offers: list[tuple[float, int, str, str]] = []
    samples: list[tuple[str, ...]] = []
    for at, name in enumerate(shape.header):
        cells = [row.values.get(name) for row in rows if not row.faults]
        filled = [cell for cell in cells if text_of(cell)]
        samples.append(tuple(dict.fromkeys(text_of(cell)[:60] for cell in filled))[:4])
        if name in REASON_COLUMNS:
            continue
        tag = shape.hxl[at].replace(" ", "") if at < len(shape.hxl) else ""
        for role in ROLES:
            score, reason = _score(role, name, tag)
            if not score:
                continue
            if role.fits and filled:
                share = sum(map(role.fits, filled)) / len(filled)
                if share < (_SOME if score >= _NAMED else _MOST):
                    continue
                reason += f"; {share:.0%} of its values fit"
            offers.append((score, at, role.code, reason))
    taken: dict[int, tuple[str, float, str]] = {}
    used: set[str] = set()
    for score, at, code, reason in sorted(offers, key=lambda offer: (-offer[0], offer[1])):
        if at not in taken and code not in used:
            taken[at] = (code, score, reason)
            used.add(code)
    nothing: tuple[str | None, float, str] = (None, 0.0, "its name says nothing")
    found = []
    for at, name in enumerate(shape.header):
        role_code, score, reason = taken.get(at, nothing)
        found.append(Guess(name, role_code, score, reason, samples[at]))
    return tuple(found)


def _score(role: Role, name: str, tag: str) -> tuple[float, str]:
    if tag and tag in role.hxl:
        return 1.0, f"its HXL tag is {tag}"
    key = column_key(name)
    if key in role.names:
        return 0.95 - 0.01 * role.names.index(key), f"it is called '{name}'"
    words = key.split("_")
    for rank, alias in enumerate(role.names):
        if len(alias) > 2 and alias in words:
            return 0.6 - 0.01 * rank, f"'{alias}' is in its name"
    return 0.0, ""
