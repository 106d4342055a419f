"""A data folder with a canary for each rule of the gate, and the canaries that a rule keeps in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from mapapp.domain.batch import Batch
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import IncidentRecord
from mapapp.domain.judgement import Judgement, Relation
from mapapp.domain.place import PlaceRef
from mapapp.domain.source import Source
from mapapp.domain.vocab import (
    AttributionKind,
    DatePrecision,
    EventType,
    GeoPrecision,
    Modifier,
    Property,
    Redistribution,
    SpeakerClass,
    TargetType,
    VictimClass,
)
from mapapp.ingest.order import Order
from mapapp.ingest.run import import_file
from mapapp.store.store import Store
from tests import ged_rows
from tests.hostile.canaries import Canaries

#: Who brought everything in: an address is nobody's business, whatever the rules say.
EDITOR: Final = "qzeditor@example.org"

#: One incident a rule: (lat, lng) no two alike and none a known place's; a figure of six digits.
RULES: Final = {
    "private": (34.41973, 69.21347, 774101),
    "ruled": (34.38219, 69.25831, 774111),
    "mixed": (34.45127, 69.23719, 774121),
    "delayed": (34.36481, 69.17653, 774131),
    "young": (34.47719, 69.29437, 774141),
    "withheld": (34.42851, 69.31873, 774151),
    "coarse": (34.39347, 69.34719, 774161),
    "open": (34.35193, 69.12847, 774171),
}
ROWS: Final = {"coarse": (34.46351, 69.15423, 774181), "withheld": (34.44917, 69.36571, 774191)}

GATE: Final = """
delay_days = 30
withhold_incidents = ["qz-withheld", "ucdp-ged-7"]
[[source]]
dataset = "qz-ruled"
redistribution = "private"
[[source]]
publisher = "Qz late press"
delay_days = 3600
[[source]]
publisher = "Qz coarse press"
min_precision = "district"
[[source]]
dataset = "ucdp-ged"
min_precision = "district"
"""

#: Everything that can be withheld is, of every incident.
FIELDS: Final = """
min_precision = "province"
withhold_fields = ["title", "target", "notes", "place_text", "words", "locator", "speakers",
                   "source_title", "source_url"]
"""


def word(rule: str, field: str) -> str:
    """The canary of a field, as no other text has it."""
    return f"qz{rule}{field}".replace("_", "")


#: Incidents of which nothing leaves by `GATE`, in the log and in the release kept as rows.
GONE: Final = ("private", "ruled", "delayed", "young", "withheld")


def make(folder: Path, *, other: bool = False, log_url: str | None = None) -> Path:
    """The data folder: what is held back recorded once and revised once, and a release as rows.

    `other`: what `GATE` holds back is not there or is something else, and all that leaves the same.
    `log_url`: another database for the log.
    """
    store = Store.open(folder, log_url=log_url)
    began = datetime.now(UTC) - timedelta(days=400)
    sources, records, claims = [], [], []
    for rule in RULES:
        if other and rule in GONE:
            continue
        own = _source(rule)
        sources.append(own)
        records.append(_elsewhere(_record(rule)) if other and rule == "coarse" else _record(rule))
        said = _claims(rule, own)
        if other and rule == "mixed":
            said = [replace(c, low=1, high=1, value="1", words="Others") for c in said]
        claims += said
    shared = replace(_source("mixed"), id="qz-mixed-shared", publisher="Qz shared press",
                    title="A shared report", url=None, redistribution=Redistribution.FACTS,
                    dataset="curated")  # fmt: skip
    sources.append(shared)
    claims.append(_killed("qz-mixed", shared, "A shared speaker", 5))
    judged = Judgement("qz-withheld", "qz-open", Relation.POSSIBLY_SAME, word("judged", "reason"),
                       (word("judged", "conflict"),), EDITOR)  # fmt: skip
    judged_ones = () if other else (judged,)
    store.append(Batch(tuple(sources), tuple(records), tuple(claims), judged_ones), by=EDITOR,
                 at=began, reason=word("first", "reason"))  # fmt: skip
    revised = tuple(replace(r, notes=(*r.notes, word(r.id[3:], "revisednote"))) for r in records)
    store.append(Batch((), revised, ()), by=EDITOR, at=began + timedelta(days=9),
                 reason=word("second", "reason"))  # fmt: skip
    rows = [ged_rows.row(n) for n in range(1, 41)]
    for number, rule in ((5, "coarse"), (7, "withheld")):
        lat, lng, figure = ROWS[rule]
        rows[number - 1] |= {
            "latitude": lat, "longitude": lng, "where_coordinates": word("row" + rule, "place"),
            "where_prec": 1, "adm_2": "",
            "adm_1": "Kabul province",
            "source_article": f'"{word("row" + rule, "article")},2019-01-01,x"',
        }  # fmt: skip
        if rule == "withheld":
            rows[number - 1] |= {"best": figure, "high": figure, "low": figure,
                                 "deaths_civilians": figure, "deaths_a": 0, "deaths_b": 0,
                                 "deaths_unknown": 0}  # fmt: skip
    if other:
        rows[4] |= {"latitude": 34.5012, "longitude": 69.1701, "where_coordinates": "Elsewhere",
                    "source_article": '"Elsewhere,2019-01-01,x"'}  # fmt: skip
        del rows[6]
    path = ged_rows.write(folder.parent / "GEDEvent_v23_1.csv", rows)
    import_file(Order(path, by=EDITOR), store)
    store.publish()
    store.close()
    return folder


def _elsewhere(record: IncidentRecord) -> IncidentRecord:
    """The record in another place of its district, in other words."""
    place = replace(record.place, lat=34.5123, lng=69.1511, text="Other", name="Other", place_id="")
    return replace(record, title="Other", place=place, target="Other", notes=("Other",))


def _source(rule: str) -> Source:
    publishers = {"delayed": "Qz late press", "coarse": "Qz coarse press"}
    return Source(
        id=f"qz-{rule}-src",
        publisher=publishers.get(rule, word(rule, "publisher")),
        title=word(rule, "sourcetitle"),
        language="en",
        redistribution=Redistribution.PRIVATE
        if rule in ("private", "mixed")
        else Redistribution.FACTS,
        licence="as told",
        published_earliest=date(2022, 6, 2),
        published_latest=date(2022, 6, 2),
        url=f"https://example.org/{word(rule, 'sourceurl')}",
        dataset={"ruled": "qz-ruled", "private": "qz-private"}.get(rule, "curated"),
    )


def _record(rule: str) -> IncidentRecord:
    lat, lng, _ = RULES[rule]
    young = datetime.now(UTC).date() - timedelta(days=3)
    day = young if rule == "young" else date(2022, 6, 1)
    return IncidentRecord(
        id=f"qz-{rule}",
        title=word(rule, "title"),
        date=DateInterval(day, day, DatePrecision.DAY, word(rule, "datetext"),
                          word(rule, "derivation")),
        place=PlaceRef(
            text=word(rule, "placetext"), place_id=f"qz-place-{rule}", name=word(rule, "placename"),
            adm1_pcode="AF01", adm1_name="Kabul", adm2_pcode="AF0101", adm2_name="Kabul",
            geo_precision=GeoPrecision.SITE, lat=lat, lng=lng, radius_m=50.0,
        ),
        event_type=EventType.BOMBING,
        target_type=TargetType.CIVILIANS,
        target=word(rule, "target"),
        notes=(word(rule, "note"),),
        dataset={"ruled": "qz-ruled", "private": "qz-private"}.get(rule, "curated"),
    )  # fmt: skip


def _killed(incident: str, source: Source, speaker: str, figure: int) -> Claim:
    return Claim(
        incident_id=incident, property=Property.KILLED, source_id=source.id, asserted_by=speaker,
        speaker_class=SpeakerClass.WITNESS, value=str(figure), low=figure, high=figure,
        modifier=Modifier.EXACT, victim_class=VictimClass.CIVILIANS,
    )  # fmt: skip


def _claims(rule: str, source: Source) -> list[Claim]:
    key, figure = f"qz-{rule}", RULES[rule][2]
    said = {
        "incident_id": key, "source_id": source.id, "asserted_by": word(rule, "speaker"),
        "speaker_class": SpeakerClass.WITNESS, "locator": word(rule, "locator"),
        "words": word(rule, "words"), "note": word(rule, "claimnote"),
    }  # fmt: skip
    return [
        replace(
            _killed(key, source, word(rule, "speaker"), figure), words=word(rule, "figurewords"),
            victim_text=word(rule, "victims"), locator=word(rule, "locator"),
        ),
        Claim(property=Property.ATTRIBUTION, attribution_kind=AttributionKind.SUSPECTED,
              actor=f"qz-actor-{rule}", actor_text=word(rule, "actortext"), **said),  # type: ignore[arg-type]
        *(
            Claim(property=own, value=word(rule, f"value{own}"), **said)  # type: ignore[arg-type]
            for own in (Property.PLACE, Property.TARGET, Property.DAMAGE, Property.WEAPON)
        ),
    ]  # fmt: skip


#: Every canary of an incident.
ALL: Final = (
    "publisher", "sourcetitle", "sourceurl", "title", "datetext", "derivation", "placetext",
    "placename", "target", "note", "revisednote", "speaker", "locator", "words", "claimnote",
    "figurewords", "victims", "actortext", "valueplace", "valuetarget", "valuedamage",
    "valueweapon",
)  # fmt: skip

#: Of an incident at a coarsened place: what does not tell where it was may leave.
COARSE: Final = tuple(name for name in ALL if name not in ("publisher", "valueweapon"))

_CHANGES: Final = ("qzfirstreason", "qzsecondreason", "qzjudgedreason", "qzjudgedconflict",
                   "qzeditor")  # fmt: skip


def held_by_gate() -> Canaries:
    """What `GATE` keeps in."""
    words = set(_CHANGES)
    for rule in ("private", "ruled", "delayed", "young", "withheld"):
        words |= {word(rule, name) for name in ALL} | {f"qz-{rule}", f"qz-actor-{rule}",
                                                        f"qz-place-{rule}"}  # fmt: skip
    words |= {word("mixed", name) for name in ALL if name not in (
        "title", "datetext", "derivation", "placetext", "placename", "target")}  # fmt: skip
    words |= {"qz-mixed-src", "qz-actor-mixed"}
    words |= {word("coarse", name) for name in COARSE} | {"qz-coarse", "qz-place-coarse"}
    words |= {word(f"row{rule}", name) for rule in ROWS for name in ("place",)}
    words |= {word("rowwithheld", name) for name in ("article",)}
    words |= {'ucdp-ged-7"', 'ucdp-ged-5"'}
    open_ones = {rule for rule in RULES if rule in ("mixed", "open")}
    places = {RULES[rule][:2] for rule in RULES if rule not in open_ones}
    figures = {RULES[rule][2] for rule in RULES if rule not in ("coarse", "open")}
    return Canaries(
        frozenset(words - {word("delayed", "publisher"), word("coarse", "publisher")}),
        frozenset(places | {own[:2] for own in ROWS.values()}),
        frozenset(figures | {ROWS["withheld"][2]}),
    )


def held_by_fields() -> Canaries:
    """What `FIELDS` keeps in, of incidents whose sources may be passed on."""
    hidden = [name for name in COARSE if name not in ("actortext",)]
    own = ("withheld", "delayed", "young", "coarse", "open", "ruled")
    words = {word(rule, name) for rule in own for name in hidden} | set(_CHANGES)
    words |= {f'"id":"qz-{rule}"' for rule in own}
    places = {RULES[rule][:2] for rule in own} | {row[:2] for row in ROWS.values()}
    return Canaries(frozenset(words), frozenset(places), frozenset())


def left_open(rules: str) -> Canaries:
    """What leaves by these rules all the same."""
    words = {"qz coarse press", "qzcoarsevalueweapon"}
    if rules == "gate":
        words |= {word("open", name) for name in ALL} | {"qz-open"}
        words |= {word("mixed", name) for name in ("title", "placename")}
    return Canaries(frozenset(words), frozenset(), frozenset())


#: Not shown to anybody: words of private sources go into no file, and the panel quotes only figures
#: that are no numbers.
NEVER_SHOWN: Final = frozenset(
    {"qz-place-private", "qzmixedfigurewords", "qzmixedwords", "qzprivatefigurewords",
     "qzprivatewords"}
)  # fmt: skip
