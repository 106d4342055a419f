"""Place phrases as reporters write them: the right place, its level, and honest doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import BadQueryError, Gazetteer, UnknownPlaceError

# phrase, the place meant, whether the words leave doubt
PHRASES = [
    ("Police District 4 of Herat", "cd:herat/herat/4", False),
    ("PD 4 Herat", "cd:herat/herat/4", False),
    ("ناحیه ۴ هرات", "cd:herat/herat/4", False),
    ("ناحیه چهارم شهر هرات", "cd:herat/herat/4", False),
    ("fourth district of Herat city", "cd:herat/herat/4", False),
    ("first district of Jalalabad city", "cd:nangarhar/jalalabad/1", False),
    ("seventh district of Jalalabad", "cd:nangarhar/jalalabad/7", False),
    ("8th security district of Kabul city", "cd:kabul/kabul/8", False),
    ("Kabul PD4", "cd:kabul/kabul/4", False),
    ("Kunduz city's PD3", "cd:kunduz/kunduz/3", False),
    ("Kabul's fifth police district", "cd:kabul/kabul/5", False),
    ("Police District One, Mazar-e-Sharif", "cd:balkh/mazar-e-sharif/1", False),
    ("the third security zone of Kabul", "cd:kabul/kabul/3", False),
    ("Kabul P.D. 13", "cd:kabul/kabul/13", False),
    ("Nahya-e 4, Herat", "cd:herat/herat/4", False),
    ("حوزه سیزدهم امنیتی کابل", "cd:kabul/kabul/13", False),
    ("حوزهٔ امنیتی ۱۳ کابل", "cd:kabul/kabul/13", False),
    ("ناحیه‌ی سوم شهر هرات", "cd:herat/herat/3", False),
    ("ناحیه بیست و یکم کابل", "cd:kabul/kabul/21", False),
    ("د جلال آباد ښار پنځمه ناحیه", "cd:nangarhar/jalalabad/5", False),
    ("د کابل ښار په ۱۷مه ناحیه کې", "cd:kabul/kabul/17", False),
    ("د ننګرهار په اچین ولسوالۍ کې", "dist:nangarhar/achin", False),
    ("منطقه ۷ کابل", "cd:kabul/kabul/7", False),
    ("Ward 5 of Herat city", "cd:herat/herat/5", False),
    ("Kandahar city's district nine", "cd:kandahar/kandahar/9", False),
    ("ولسوالی خاکریز ولایت کندهار", "dist:kandahar/khakrez", False),
    ("له باغران ولسوالۍ", "dist:helmand/baghran", False),
    ("شهرستان انجیل هرات", "dist:herat/injil", False),
    ("ناحیه داندی غوری در ولایت بغلان", "area:baghlan/dand-e-ghori", False),
    ("منطقه دارالامان در غرب کابل", "nbh:kabul/darulaman", False),
    ("د غزني په اندړ ولسوالۍ کې", "dist:ghazni/andar", False),
    ("capital of Badakhshan", "town:badakhshan/fayzabad", False),
    ("Faizabad, capital of Badakhshan", "town:badakhshan/fayzabad", False),
    ("Helmand's provincial capital", "town:helmand/lashkargah", False),
    ("مرکز ولایت هلمند", "town:helmand/lashkargah", False),
    ("غرب کابل", "town:kabul/kabul", True),
    ("Karta-e Parwan area of Kabul", "nbh:kabul/karte-parwan", False),
    ("Dar-ul-Aman area of Kabul", "nbh:kabul/darulaman", False),
    ("Dasht-e Barchi area of Kabul", "nbh:kabul/dasht-e-barchi", False),
    ("Aybak city (Samangan)", "town:samangan/aybak", False),
    ("Aybak city, the capital of northern Samangan province", "town:samangan/aybak", False),
    ("Chaharbagh Firuza area of Injil district", "nbh:herat/chaharbagh-firuza", False),
    ("Fargh Shahr area of Herat", "nbh:herat/fargh-shahr", False),
    ("Wazir Muhammad Akbar Khan mosque", "site:kabul/wazir-akbar-khan-mosque", False),
    ("southern city of Kandahar", "town:kandahar/kandahar", False),
    ("gate of Kabul Airport", "site:kabul/kabul-airport", False),
    ("Faizabad city, the capital of Badakhshan province", "town:badakhshan/fayzabad", False),
    ("Pul-e Jozgun area", "nbh:badakhshan/pul-e-jozgun", False),
    ("Sarai Shamali area of the city", "nbh:kabul/sarai-shamali", False),
    ("Khairkhana", "nbh:kabul/khair-khana", False),
    ("Balkhab district of Sar-e-Pul province", "dist:sar-e-pul/balkhab", False),
    ("Argo", "dist:badakhshan/argo", False),
    ("Darayim", "dist:badakhshan/darayim", False),
    ("Torkham", "crossing:nangarhar/torkham", False),
    ("Spin Boldak", "dist:kandahar/spin-boldak", False),
    ("Islam Qala", "town:herat/islam-qala", False),
    ("Herat", "town:herat/herat", True),
    ("Herat province", "prov:herat", False),
    ("city of Herat", "town:herat/herat", False),
    ("هرات", "town:herat/herat", True),
    ("ولسوالی انجیل ولایت هرات", "dist:herat/injil", False),
    ("د هرات ولایت د انجیل ولسوالۍ", "dist:herat/injil", False),
    ("Injil, Herat", "dist:herat/injil", False),
    ("Herat province, Injil district", "dist:herat/injil", False),
    ("Injil Herat", "dist:herat/injil", False),
    ("Helmand's Khanshin district", "dist:helmand/khan-neshin", False),
    ("Ghazni?s Ajrestan district", "dist:ghazni/ajristan", False),
    ("Jani Khel district (Paktika)", "dist:paktika/jani-khel", False),
    ("Shinwar district (Ghani Khel)", "dist:nangarhar/shinwar", False),
    ("Muqur", "dist:badghis/muqur", True),
    ("Muqur district of Badghis", "dist:badghis/muqur", False),
    ("Faizabad", "town:badakhshan/fayzabad", True),
    ("Faizabad, Jawzjan", "dist:jawzjan/fayzabad", False),
    ("Chaghcharan", "town:ghor/firozkoh", False),
    ("Bost", "town:helmand/lashkargah", False),
    ("Bagram airbase near Kabul", "site:parwan/bagram-airfield", False),
    ("Kabul-Kandahar highway in Zabul", "prov:zabul", False),
    ("Kandahar-Hirat highway", "prov:herat", True),
    ("the road between Alingar and Mehtarlam", "prov:laghman", False),
    ("Afghanistan", "country:af", False),
]


@pytest.mark.parametrize(("phrase", "place", "ambiguous"), PHRASES)
def test_phrase(gaz: Gazetteer, phrase: str, place: str, ambiguous: bool) -> None:
    result = gaz.search(phrase)
    assert result.best is not None
    assert (result.best.id, result.ambiguous) == (place, ambiguous)
    assert result.best.reasons
    assert result.query == phrase


ABROAD = ["Khyber Pakhtunkhwa", "Dushanbe", "Khorasan Province", "Peshawar, Pakistan", "Quetta",
          "Islamabad", "Punjab", "Washington", "Chaman", "Tajikistan"]  # fmt: skip


@pytest.mark.parametrize("phrase", [*ABROAD, "Taliban", "Mars", "Jangul village", "city", "4",
                                    "PD 4", "xqzw"])  # fmt: skip
def test_nothing_rather_than_a_guess(gaz: Gazetteer, phrase: str) -> None:
    result = gaz.search(phrase)
    assert result.candidates == ()
    assert result.best is None
    assert not result.ambiguous
    assert result.notes or phrase == "city"


def test_province_and_city_are_both_returned(gaz: Gazetteer) -> None:
    for name in ("Herat", "Kandahar", "Ghazni", "Kabul", "Kunduz"):
        result = gaz.search(name)
        kinds = {c.placetype for c in result.candidates}
        assert result.ambiguous, name
        assert kinds >= {"province", "settlement"}, name
        assert all(c.score < 0.9 for c in result.candidates), name


def test_what_is_not_known_falls_back_to_what_holds_it(gaz: Gazetteer) -> None:
    within = gaz.search("Jangul village", within="dist:ghazni/ab-band")
    assert within.best is not None
    assert within.best.id == "dist:ghazni/ab-band"
    assert not within.ambiguous
    assert within.best.score >= 0.9
    assert any("not in the gazetteer" in r for r in within.best.reasons)
    said = gaz.search("Jangul village, Ab Band district, Ghazni province")
    assert said.best is not None
    assert said.best.id == "dist:ghazni/ab-band"


def test_a_village_name_alone_is_never_certain(gaz: Gazetteer) -> None:
    result = gaz.search("Yangi Qala village")
    assert result.ambiguous
    assert all(c.score < 0.6 for c in result.candidates)
    inside = gaz.search("Yangi Qala village", within="prov:balkh")
    assert inside.best is not None
    assert inside.best.id == "prov:balkh"


def test_table_columns_name_the_parents(gaz: Gazetteer) -> None:
    rows = [
        ("Nahrin town", "Baghlan province", "Nahrin district", "town:baghlan/nahrin"),
        ("Unheard village", "Hilmand province", "Nahri Sarraj district (Greshk)",
         "dist:helmand/nahr-e-saraj"),
        ("Unheard village", "Uruzgan province", "Shahidi Hossas district (Charchino)",
         "dist:uruzgan/shahid-e-hassas"),
        ("Unheard village", "AF11", "AF1113", "dist:ghazni/ab-band"),
        ("Unheard village", "Daykundi province", "Gizab district", "dist:uruzgan/gizab"),
    ]  # fmt: skip
    for text, adm1, adm2, place in rows:
        result = gaz.geocode_row(text, adm1, adm2)
        assert result.best is not None, text
        assert result.best.id == place
    unknown = gaz.geocode_row("Herat", "Atlantis province")
    assert any("Atlantis" in n for n in unknown.notes)


def test_offsets_are_moved_from_the_town(gaz: Gazetteer) -> None:
    best = gaz.search("33 km SSE of Jurm").best
    town = gaz.place("town:badakhshan/jurm")
    assert best is not None
    assert town.lat is not None
    assert town.lng is not None
    assert best.lat == pytest.approx(town.lat - 0.274, abs=0.01)
    assert best.lng == pytest.approx(town.lng + 0.142, abs=0.01)
    assert best.radius_m >= 6000
    assert best.placetype == "district"
    assert gaz.search("10 miles from Jurm").best is not None


def test_pages_of_the_same_news_disambiguate(gaz: Gazetteer) -> None:
    bare = gaz.search("Baharak")
    near = gaz.search("Baharak", near_pages=("dist:takhar/rustaq",))
    assert bare.ambiguous
    assert near.best is not None
    assert near.best.id == "dist:takhar/baharak"
    assert near.best.score > 0.8
    assert any("same province" in r for r in near.best.reasons)


def test_headlines(gaz: Gazetteer) -> None:
    none = gaz.search("Afghan suicide bomb kills 10, wounds 20: deputy minister")
    assert none.candidates == ()
    cases = {
        "30 killed in suicide bomb attack on army bus in Kabul": "town:kabul/kabul",
        "60 Terrorists Killed In Shah Wali Koot District Last Night": "dist:kandahar/shah-wali-kot",
        "Taliban launch fierce assault on Ghazni?s Ajrestan district": "dist:ghazni/ajristan",
        "100 security forces missing after Tala wa Barfak fall": "dist:baghlan/tala-wa-barfak",
    }
    for text, place in cases.items():
        best = gaz.search(text).best
        assert best is not None, text
        assert best.id == place
    several = gaz.search("Taliban attacks leave 20 police dead in Faryab, Helmand")
    assert several.ambiguous
    assert {c.id for c in several.candidates} >= {"prov:faryab", "prov:helmand"}


def test_same_place(gaz: Gazetteer) -> None:
    for a, b in [("Nangarhar", "ننگرهار"), ("Khulm", "Tashqurghan"), ("Karte Seh", "Karte-3"),
                 ("Qalat", "Kalat-i-Ghilzai"), ("PD 7 Jalalabad", "seventh district of Jalalabad"),
                 ("Deh Ghulam", "Dih Gholam")]:  # fmt: skip
        assert gaz.same_place(a, b) > 0.5, (a, b)
    for a, b in [("Baghlan", "Baghran"), ("Dasht-e Barchi", "Dasht-e Archi"), ("Ghor", "Ghorband"),
                 ("Police District 4 of Herat", "Police District 4 of Kabul"),
                 ("Deh Ghulam", "Deh Kabir")]:  # fmt: skip
        assert gaz.same_place(a, b) < 0.5, (a, b)


def test_suggestions_while_typing(gaz: Gazetteer) -> None:
    assert gaz.suggest("herat")[0].id == "town:herat/herat"
    assert gaz.suggest("کند")[0].id in ("town:kandahar/kandahar", "town:kunduz/kunduz")
    assert "dist:kandahar/panjwai" in [p.id for p in gaz.suggest("panjw")]
    assert gaz.suggest("Hirrat")[0].adm1_pcode == "AF32"
    assert len(gaz.suggest("k", limit=3)) == 3


@pytest.mark.parametrize(
    "query", ["-", "--", "!!!", "\u200f", "Кундуз", "喀布尔", "Αθήνα", "काबुल", "a" * 30_000]
)
def test_words_that_cannot_be_read_are_no_place(gaz: Gazetteer, query: str) -> None:
    result = gaz.search(query)
    assert result.candidates == ()
    assert result.notes
    given = gaz.search(query, within="prov:balkh")
    assert not given.ambiguous
    assert [c.id for c in given.candidates] == (["prov:balkh"] if len(query) < 100 else [])


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_bad_questions(gaz: Gazetteer, query: str) -> None:
    with pytest.raises(BadQueryError):
        gaz.search(query)


def test_bad_arguments(gaz: Gazetteer) -> None:
    with pytest.raises(BadQueryError):
        gaz.search(None)  # type: ignore[arg-type]
    with pytest.raises(BadQueryError):
        gaz.search("Herat", limit=0)
    with pytest.raises(UnknownPlaceError):
        gaz.search("Herat", within="prov:atlantis")
    with pytest.raises(BadQueryError):
        gaz.polygons("village")


@pytest.mark.parametrize(
    "text",
    ["Herat\x00\x07 province", "هرات Herat ولایت province", "Herat " * 1600, "(((((", "of of of of",
     "between and road", "-" * 500, "1 km of x", "𐎀𐎁 Kabul", "Kabul's's's", "\u202eKabul"],
)  # fmt: skip
def test_strange_text_is_answered(gaz: Gazetteer, text: str) -> None:
    gaz.search(text)


@given(st.text(max_size=120))
def test_no_text_crashes_the_search(text: str) -> None:
    gaz = Gazetteer.load()
    try:
        result = gaz.search(text)
    except BadQueryError:
        return
    scores = [c.score for c in result.candidates]
    assert all(0.0 <= s <= 1.0 for s in scores)
    assert scores == sorted(scores, reverse=True)
    assert len({c.id for c in result.candidates}) == len(scores)


WORDS = st.sampled_from(
    ["Herat", "district", "province", "of", "Kabul", "4", "PD", "(", ")", ",", "between", "and",
     "road", "33 km", "north", "near", "village", "Injil", "هرات", "ولسوالی", "'s", "city", "-"]
)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_no_order_of_words_crashes_the_parser(words: list[str]) -> None:
    gaz = Gazetteer.load()
    try:
        result = gaz.search(" ".join(words))
    except BadQueryError:
        return
    for candidate in result.candidates:
        assert candidate.id in gaz
        assert 29 < candidate.lat < 39


SWAPS = [("i", "e"), ("u", "o"), ("kh", "x"), ("w", "v"), ("q", "k"), ("ay", "ai"),
         ("-e ", "-i-"), ("-e ", " "), ("", "")]  # fmt: skip


@given(st.data())
def test_every_main_name_in_its_province_finds_its_district(data: st.DataObject) -> None:
    gaz = Gazetteer.load()
    district = data.draw(st.sampled_from(gaz.districts()))
    swaps = data.draw(st.sampled_from(SWAPS))
    spelled = district.name.lower().replace(*swaps) if swaps[0] else district.name
    result = gaz.geocode_row(spelled, district.adm1_pcode or "")
    assert result.best is not None
    assert result.best.adm2_pcode == district.adm2_pcode


# What bears a name of a place: the place, and whether its town stands for it.
NAMED_AFTER = [
    ("Balkh University", "town:balkh/mazar-e-sharif", False),
    ("Uruzgan governor's house", "town:uruzgan/tarinkot", False),
    ("Paktika police headquarters", "town:paktika/sharan", False),
    ("دانشگاه ننگرهار", "town:nangarhar/jalalabad", False),
    ("د کندهار هوايي ډګر", "site:kandahar/kandahar-airport", True),
    ("Imam Ali mosque Herat", "town:herat/herat", False),
]


@pytest.mark.parametrize(("phrase", "place", "whole"), NAMED_AFTER)
def test_an_institution_is_in_the_town_of_its_name(
    gaz: Gazetteer, phrase: str, place: str, whole: bool
) -> None:
    best = gaz.search(phrase).best
    assert best is not None
    assert (best.id, best.whole) == (place, whole)


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("Spin Boldak border crossing with Pakistan", "crossing:kandahar/spin-boldak"),
        ("Torkham, on the Pakistani border", "crossing:nangarhar/torkham"),
        ("Chaman-Spin Boldak crossing", "crossing:kandahar/spin-boldak"),
        ("a village in Andarab", "dist:baghlan/andarab"),
        ("شهر فیض‌آباد مرکز ولایت بدخشان", "town:badakhshan/fayzabad"),
        ("د اروزګان مرکز ترینکوټ", "town:uruzgan/tarinkot"),
        ("شهر نو کابل", "nbh:kabul/shahr-e-naw"),
        ("Qala-e-Zaman Khan, PD 8", "cd:kabul/kabul/8"),
        ("Dasht-e Archi/Kunduz", "dist:kunduz/dasht-e-archi"),
        ("16 km down the road from Pul-e-Alam", "dist:logar/pul-e-alam"),
        ("the Deh Mazang area, Police District 3, Kabul", "cd:kabul/kabul/3"),
        ("Achin district, on the border with Pakistan", "dist:nangarhar/achin"),
        ("Sayed Abad (Wardak)", "dist:maidan-wardak/saydabad"),
        ("ولسوالی شهرستان دایکندی", "dist:daykundi/shahrestan"),
        ("Nahreen", "dist:baghlan/nahrin"),
        ("Khanabad", "dist:kunduz/khanabad"),
    ],
)
def test_what_else_the_words_say_leaves_no_doubt(gaz: Gazetteer, phrase: str, place: str) -> None:
    result = gaz.search(phrase)
    assert result.best is not None
    assert (result.best.id, result.ambiguous) == (place, False)


SURE = ["Behsood district of Nangarhar", "Afghanistan's eastern Laghman", "Kamdish",
        "Fayzabad city", "د بګرام هوايي ډګر", "Nabawi Mosque in Faizabad city",
        "20 km east of Jalalabad"]  # fmt: skip


@pytest.mark.parametrize("phrase", SURE)
def test_the_province_given_leaves_what_is_sure(gaz: Gazetteer, phrase: str) -> None:
    alone = gaz.search(phrase)
    assert alone.best is not None
    given_too = gaz.geocode_row(phrase, alone.best.adm1_pcode or "")
    assert given_too.best is not None
    assert given_too.ambiguous <= alone.ambiguous
    assert given_too.best.adm2_pcode == alone.best.adm2_pcode
