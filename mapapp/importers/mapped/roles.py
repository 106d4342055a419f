"""What a column of any table may mean, and the guess by name and values (header → mapping)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from mapapp.importers.cells.countries import iso3
from mapapp.importers.cells.day_values import DayOrder, days, of_parts
from mapapp.importers.cells.exactness import exactness
from mapapp.importers.cells.marks import filled, words_of
from mapapp.importers.cells.values import BadValue, coordinate, figure, point, with_attackers
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
    whole_name: bool = False  # a word of it within a longer name says nothing


def _fits(parse: Callable[[Cell], object]) -> Callable[[Cell], bool]:
    def check(cell: Cell) -> bool:
        try:
            parse(cell)
        except BadValue:
            return False
        return True

    return check


_is_date = _fits(lambda cell: days(cell, DayOrder.MDY if _month_first(cell) else DayOrder.DMY))
_is_lat = _fits(lambda cell: coordinate(cell, 90))
_is_lng = _fits(lambda cell: coordinate(cell, 180))
# "4 (+1)" is a number, too, though it has to be asked what the second one is.
_is_count = _fits(lambda cell: with_attackers(cell) or figure(cell))


def _month_first(cell: Cell) -> bool:
    found = re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2}", text_of(cell))
    return found is not None and int(found[2]) > 12


def _is_month(cell: Cell) -> bool:
    return _is_part("2000", cell, "")


def _is_day_number(cell: Cell) -> bool:
    return _is_part("2000", "1", cell)


def _is_part(year: Cell, month: Cell, day: Cell) -> bool:
    try:
        return of_parts(year, month, day) is not None
    except ValueError:
        return False


def _is_point(cell: Cell) -> bool:
    return point(cell) is not None


def _is_exactness(cell: Cell) -> bool:
    return exactness(cell)[1] is not None


def _is_link(cell: Cell) -> bool:
    return bool(re.match(r"(?:https?://|www\.)\S+", text_of(cell), re.IGNORECASE))


ROLES: tuple[Role, ...] = (
    Role("id", "Row id, unique and lasting",
         ("id", "event_id", "incident_id", "row_id", "ref", "reference", "serial", "no", "number",
          "code", "case_id", "slug", "_id", "_uuid", "uuid", "objectid", "strike_id", "شماره",
          "numero", "n°", "№", "номер", "ګڼه", "شمېره"),
         ("#event+id", "#event+code", "#meta+id"), whole_name=True),
    Role("date", "Day it happened",
         ("date", "event_date", "incident_date", "day", "date_start", "start_date", "datum",
          "fecha", "when", "date_of_incident", "date_of_event", "تاریخ",
          "date_de_l_incident", "date_de_l_evenement", "дата", "дата_события", "дата_инцидента",
          "event_day", "date_time", "datetime", "timestamp_of_event", "نېټه", "نیټه", "تاریخ_حادثه",
          "تاریخ_واقعه", "روز"),
         ("#date", "#date+start", "#date+occurred"), _is_date),
    Role("date_end", "Last day, where it took several",
         ("date_end", "end_date", "until", "date_to"), ("#date+end",), _is_date),
    Role("year", "Year, where there is no day",
         ("year", "iyear", "event_year", "jahr", "annee", "ano", "год", "سال",
          "کال"), ("#date+year",),
         _is_date, whole_name=True),
    Role("month", "Month, beside the year",
         ("month", "imonth", "event_month", "month_name", "monat", "mois", "mes", "месяц", "ماه",
          "میاشت"),
         ("#date+month",), _is_month, whole_name=True),
    Role("day", "Day of the month, beside the year",
         ("day", "iday", "event_day", "day_of_month", "tag", "jour", "dia", "день", "روز", "ورځ"),
         ("#date+day",), _is_day_number, whole_name=True),
    Role("lat", "Latitude", ("latitude", "lat", "y", "lat_dd", "gps_lat", "y_coord", "breite",
         "широта",
          "عرض_البلد", "عرض_جغرافیایی"),
         ("#geo+lat",), _is_lat),
    Role("lng", "Longitude",
         ("longitude", "lon", "lng", "long", "x", "lon_dd", "gps_lon", "x_coord", "länge",
          "долгота",
          "طول_البلد", "طول_جغرافیایی"),
         ("#geo+lon",), _is_lng),
    Role("point", "Latitude and longitude in one",
         ("geolocation", "coordinates", "coords", "coordinate", "latlng", "lat_lng", "latlon",
          "lat_lon", "lat_long", "latlong", "geo", "geotag", "geometry", "xy", "map_link",
          "google_maps",
          "location_lat_lon", "location_lat_lng", "موقعیت_جغرافیایی", "latitude_longitude", "gps",
          "gps_coordinates", "gps_location",
          "geopoint", "geo_point", "point", "geom", "the_geom", "wkt", "position", "koordinaten",
          "coordonnees", "координаты",
          "location", "_geolocation", "مختصات", "کوردینات"), ("#geo+coord",), _is_point),
    Role("exactness", "How exact the point is, row by row",
         ("geo_precision", "geoprecision", "where_prec", "precision", "precision_code",
          "location_precision", "coordinate_precision", "geo_accuracy", "location_accuracy",
          "spatial_precision", "exactness", "specificity", "geolocation_precision",
          "geographic_precision", "location_type_precision", "genauigkeit", "دقت"),
         ("#geo+precision",), _is_exactness, whole_name=True),
    Role("place", "Place in words",
         ("place", "location", "place_name", "village", "town", "city", "settlement", "where",
          "site", "locality", "area", "place_text", "ort", "lugar", "lieu", "localite",
          "village_ville",
          "место", "населенный_пункт", "город", "محل", "ځای",
          "قریه", "شهر", "منطقه", "کلی"),
         ("#loc", "#loc+name")),
    Role("province", "Province",
         ("province", "admin1", "adm1", "adm_1", "adm1_name", "admin1_name", "provstate", "region",
          "provincia", "provinz", "провинция", "область", "admin_1", "adm1_en", "admin1_en",
          "admin1name", "governorate",
          "ولایت"),
         ("#adm1", "#adm1+name")),
    Role("district", "District",
         ("district", "admin2", "adm2", "adm_2", "adm2_name", "admin2_name", "admin_2",
          "adm2_en", "admin2_en", "distrito", "район", "уезд", "ولسوالی"),
         ("#adm2", "#adm2+name")),
    Role("country", "Country",
         ("country", "country_name", "country_txt", "iso3", "country_iso", "country_code",
          "iso",
          "land", "pays", "pais", "страна", "location_country", "کشور", "هیواد"),
         ("#country", "#country+name", "#country+code"),
         lambda cell: iso3(text_of(cell)) is not None, whole_name=True),
    Role("killed", "Killed",
         ("total_killed", "killed_total", "total_deaths", "deaths_total", "total_fatalities",
          "fatalities_total", "total_dead", "killed", "fatalities", "deaths", "dead", "fatality",
          "fatal", "nkill", "kills", "best", "kia", "muertos", "tote", "getotete", "morts",
          "tues", "deces", "убито", "убитые", "погибло", "погибшие",
          "کشته", "جان_باخته", "شهید", "شهدا", "مړه", "مړي",
          "کشته_شدگان", "کشته_ها", "تلفات", "وژل_شوي"), ("#affected+killed",), _is_count),
    Role("killed_low", "Killed, low", ("killed_low", "fatalities_low", "deaths_low", "low",
         "min_killed", "killed_min"), (), _is_count, whole_name=True),
    Role("killed_high", "Killed, high", ("killed_high", "fatalities_high", "deaths_high", "high",
         "max_killed", "killed_max"), (), _is_count, whole_name=True),
    Role("wounded_low", "Wounded, low", ("wounded_low", "injured_low", "min_wounded",
         "min_injured"), (), _is_count, whole_name=True),
    Role("wounded_high", "Wounded, high", ("wounded_high", "injured_high", "max_wounded",
         "max_injured"), (), _is_count, whole_name=True),
    Role("civilians_wounded", "Civilians wounded",
         ("civilians_wounded", "civilians_injured", "civilian_injuries"), (), _is_count),
    Role("students_killed", "Students killed", ("students_killed",), (), _is_count,
         whole_name=True),
    Role("students_wounded", "Students wounded", ("students_wounded", "students_injured"), (),
         _is_count, whole_name=True),
    Role("civilians_killed", "Civilians killed",
         ("civilians_killed", "civilian_deaths", "deaths_civilians", "civilian_fatalities",
          "civ_killed"), ("#affected+killed+civilians",), _is_count),
    Role("wounded", "Wounded",
         ("total_wounded", "wounded_total", "total_injured", "injured_total", "total_injuries",
          "wounded", "injured", "injuries", "nwound", "wia", "heridos", "verletzte", "verletzt",
          "ранено", "раненые",
          "blesses", "feriti", "زخمی", "زخمی_ها", "مجروح", "مجروحین", "ټپي", "ټپیان"),
         ("#affected+injured",), _is_count),
    Role("casualties", "Killed and wounded together", ("casualties", "victims", "total_casualties"),
         ("#affected",), _is_count),
    Role("actor", "Who did it, by the table",
         ("perpetrator", "attributed_to", "who_did_it", "who_was_responsible", "responsible",
          "group", "gname", "armed_group",
          "perpetrator_group", "alleged_perpetrator", "auteur", "auteurs", "auteur_presume",
          "auteurs_presumes", "responsable", "исполнитель", "исполнители", "виновник", "عامل",
          "عاملان", "گروه", "مسئول"),
         ("#group",)),
    Role("claimed_by", "Who says they did it",
         ("claimed_by", "claim_of_responsibility", "claimed", "revendication", "revendique_par",
          "ответственность", "مسئولیت", "مسوولیت", "پذیرش_مسئولیت", "مسئولیت_حمله")),
    Role("event_type", "Kind of attack",
         ("event_type", "type", "attack_type", "incident_type", "category", "kind", "art",
          "type_d_incident",
          "type_d_attaque", "тип", "тип_атаки",
          "نوع_حمله", "نوع_رویداد", "نوع"),
         ("#event+type",)),
    Role("target", "Whom or what it was aimed at", ("target", "target_type", "targets"), ()),
    Role("title", "Title", ("title", "headline", "name", "incident", "event", "titel"),
         whole_name=True),
    Role("notes", "Notes", ("notes", "note", "description", "summary", "details", "comment",
         "comments", "remarks", "narrative", "remarques", "observations", "commentaire",
          "описание", "примечание", "شرح", "توضیحات", "ملاحظات"), ("#description",)),
    Role("source", "Who says so, row by row",
         ("source", "sources", "reported_by", "source_name", "quelle", "fuente", "источник",
          "منبع"),
         ("#meta+source",), lambda cell: not _is_link(cell)),
    Role("url", "Link to the source",
         ("url", "link", "source_url", "weblink", "href", "source_link", "lien", "ссылка",
          "source", "sources"), (),
         _is_link),
)  # fmt: skip

BY_CODE: Mapping[str, Role] = {role.code: role for role in ROLES}

#: Of a column's filled sample cells so many must be of the role's type: fewer where its very name
#: is the role's, as its faults are then for the person to see.
_MOST, _SOME = 0.7, 0.3
_NAMED = 0.7
#: Roles whose columns have to be of their type in most rows whatever they are called.
_STRICT = ("source", "url", "point", "month", "day", "exactness")

#: Counts of people: words beside the role's in a name that do not make it a part of the whole.
_FIGURES = (
    "killed", "killed_low", "killed_high", "civilians_killed", "wounded", "wounded_low",
    "wounded_high", "civilians_wounded", "casualties",
)  # fmt: skip
_NEUTRAL = words_of(
    "number numbers no num nr n how many were was did are there of people persons person "
    "individuals total totals reported report "
    "recorded estimated estimate est the count counts all sum overall in attack attacks incident "
    "event victims casualties human lives figure figures best final official and or anzahl "
    "personen "
    "nombre de numero dont parmi davon darunter число всего تعداد شمار افراد نفر مجموع "
    "کل شدگان شده ها های آمار د"
)  # fmt: skip
_LOW = words_of("low lower min minimum least mindestens")
_HIGH = words_of("high upper max maximum most hochstens")
_CIVILIANS = words_of(
    "civilian civilians civ noncombatant noncombatants civil civils civile civiles zivilisten "
    "мирных ملکی غیرنظامی"
)

#: Columns that count events: their rows are sums.
COUNTING = frozenset(
    column_key(name) for name in (
        "events", "incidents", "event count", "incident count", "events count", "incidents count",
        "count of events", "count of incidents", "number of events", "number of incidents",
        "no of events", "no of incidents", "no. of events", "no. of incidents", "num events",
        "num incidents", "n events", "n incidents", "total events", "total incidents", "nb events",
        "number of attacks", "attack count", "total attacks", "attacks", "security incidents",
        "conflict events", "event num", "events total", "incidents total", "anzahl ereignisse",
        "anzahl vorfälle", "nombre d'incidents", "nombre d'evenements", "numero de eventos",
        "تعداد رویدادها", "تعداد حوادث", "تعداد واقعات", "د پېښو شمېر", "strikes",
    )
)  # fmt: skip


def counting_column(header: Sequence[str]) -> str | None:
    """The column of a header that counts events, None where there is none."""
    keys = {column_key(name) for name in header}
    if keys & _OF_ONE_EVENT:
        # "Attacks" beside an id and a day of its own is a word for what a row is.
        return None
    words = {word for key in keys for word in key.split("_")}
    by_day = bool(words & _DAY_WORDS or keys & set(keys_of("date")))
    return next((name for name in header if _counts_events(name, by_day=by_day)), None)


def _counts_events(name: str, *, by_day: bool) -> bool:
    """Whether a column's name says that it counts events: "Attacks", "Nb d'incidents"; where no
    column holds a day, also "IED incidents", "count" and "n"."""
    key = column_key(name)
    if key in COUNTING:
        return True
    words = set(key.split("_"))
    events = words & _EVENTS
    if not events:
        return not by_day and (key in _BARE_COUNTS) and name.strip().isalpha()
    if not by_day and not words & _LISTED:
        return True
    return not words - events - _NEUTRAL and ("#" in name or bool(words & _COUNT_WORDS))


_OF_ONE_EVENT = frozenset({"event_id", "incident_id", "event_date", "incident_date", "eventid"})
_DAY_WORDS = words_of("date dates day datum fecha дата تاریخ نیټه روز ورځ jour")
_EVENTS = words_of(
    "events incidents attacks strikes airstrikes bombings explosions clashes battles ambushes "
    "raids assaults kidnappings assassinations protests violations ereignisse vorfalle angriffe "
    "incidents evenements attaques frappes eventos ataques события событии инцидентов инциденты "
    "атак атаки нападении взрывов رویدادها رویداد حوادث حادثات واقعات حملات بریدونو بریدونه "
    "پیښو پیښی انفجارها"
)
_COUNT_WORDS = words_of(
    "number no num nr n nb count counts total totals sum nombre anzahl numero количество число "
    "تعداد شمار شمیر مجموع"
)
_BARE_COUNTS = words_of("count n frequency freq anzahl количество تعداد شمار")
#: Such a column lists events, or says something of them.
_LISTED = words_of("id ids related linked type types kind name names description notes source url")


def keys_of(code: str) -> tuple[str, ...]:
    """The keys of column names that are a role's, best first."""
    return _KEYS[code]


_KEYS: Mapping[str, tuple[str, ...]] = {
    role.code: tuple(dict.fromkeys(map(column_key, role.names))) for role in ROLES
}


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
    form = is_a_form(shape.header)
    keys = {column_key(name) for name in shape.header}
    samples: list[tuple[str, ...]] = []
    for at, name in enumerate(shape.header):
        cells = [row.values.get(name) for row in rows if not row.faults]
        said = [cell for cell in cells if filled(cell)]
        # Also what is read as an empty cell, such as "unknown": whoever looks shall find it here.
        texts = dict.fromkeys(text_of(cell)[:60] for cell in cells)
        samples.append(tuple(filter(None, texts))[:4])
        if name in REASON_COLUMNS or (form and column_key(name) in _OF_THE_PROGRAM):
            continue
        if of_a_device(name, keys):
            continue
        # The questions of a form stand behind their groups, and its choices behind the questions.
        asked = name.rsplit("/", 1)[-1] if form else name
        tag = shape.hxl[at].replace(" ", "") if at < len(shape.hxl) else ""
        for role in ROLES:
            score, reason = _score(role, asked, tag)
            if not score:
                continue
            if role.code == "id" and not _tells_apart(cells):
                continue
            if role.fits and said:
                share = sum(map(role.fits, said)) / len(said)
                strict = score < _NAMED or role.code in _STRICT
                if share < (_MOST if strict else _SOME):
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


def is_a_form(header: Sequence[str]) -> bool:
    """Whether a table is an export of KoboToolbox or ODK, by the columns that these add."""
    keys = {column_key(name) for name in header}
    return {"uuid", "submission_time"} <= keys or {"key", "meta_instanceid"} <= keys


#: Columns that such a program adds for itself.
_OF_THE_PROGRAM = words_of(
    "notes tags status submitted_by validation_status index parent_index parent_table_name "
    "submission_time submissiondate version start end today deviceid instancename "
    "submittername submitterid reviewstate attachmentspresent"
)


def of_a_device(name: str, keys: Set[str]) -> bool:
    """Whether a column is the metres that a device gives beside its latitude: they say how well it
    measured, and nothing of how exactly the place is known. `keys`: the keys of all columns."""
    stem = re.sub(r"_?(?:accuracy|precision)$", "", column_key(name))
    return stem != column_key(name) and stem != "" and f"{stem}_latitude" in keys


def _tells_apart(cells: Sequence[Cell]) -> bool:
    """Whether a column can be the rows' id: filled, and different in nearly every row."""
    texts = [text_of(cell) for cell in cells]
    return len(texts) < 3 or len(set(texts) - {""}) >= 0.75 * len(texts)


def _score(role: Role, name: str, tag: str) -> tuple[float, str]:
    if tag and tag in role.hxl:
        return 1.0, f"its HXL tag is {tag}"
    key, keys = column_key(name), _KEYS[role.code]
    if key in keys:
        return 0.95 - 0.01 * keys.index(key), f"it is called '{name}'"
    words = key.split("_")
    if role.code in _FIGURES:
        return _score_figure(role.code, words, name)
    if role.whole_name or (role.code in ("date", "date_end") and set(words) & _OF_THE_REPORT):
        return 0.0, ""
    for rank, alias in enumerate(keys):
        if len(alias) > 2 and alias in words:
            return 0.6 - 0.01 * rank, f"'{alias}' is in its name"
    return 0.0, ""


#: A column of days with such a word says when it was written, not when it happened.
_OF_THE_REPORT = words_of(
    "report reported reporting publication published publie publication entry entered "
    "updated update "
    "modified created creation added accessed access retrieved collection collected verified "
    "verification upload uploaded saisie rapport signalement публикации отчета ثبت گزارش نشر"
)


def _score_figure(code: str, words: Sequence[str], name: str) -> tuple[float, str]:
    """A column of people by its name: of "leaders killed" the first word makes it a part of the
    dead, which would be taken for all of them."""
    low, high = (bool(set(words) & bound) for bound in (_LOW, _HIGH))
    civilians = bool(set(words) & _CIVILIANS)
    if (low, high) != (code.endswith("_low"), code.endswith("_high")):
        return 0.0, ""
    if civilians is not code.startswith("civilians"):
        return 0.0, ""
    own = next((whole for whole in ("killed", "wounded") if whole in code), code)
    stems = {word for key in _KEYS[own] for word in key.split("_")}
    rest = set(words) - _LOW - _HIGH - _CIVILIANS - _NEUTRAL
    if not rest <= stems:
        return 0.0, ""
    if not rest and not ((low or high) and own == "killed"):
        return 0.0, ""
    total = 0.05 if "total" in words else 0.0
    return 0.65 + total - 0.01 * len(words), f"its name says so: '{name}'"
