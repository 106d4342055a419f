"""Dari and Pashto paragraphs of several styles, all invented, with what a reader should give.

A figure: measure, bounds, modifier, class of victims, class of the speaker, a word of the speaker.
"""

from __future__ import annotations

from datetime import date

import pytest

from mapapp.reading.model import Draft, Reading
from mapapp.reading.reader import read

PUBLISHED = date(2024, 9, 18)  # a Wednesday


def reading(text: str, published: date | None = PUBLISHED) -> Reading:
    return read(text, publisher="Example", published=published)


def figures(draft: Draft) -> list[tuple[str, int | None, int | None, str, str, str]]:
    return [
        (str(f.property), f.low, f.high, str(f.modifier), str(f.victim_class),
         str(f.speaker.speaker_class))
        for f in draft.figures
    ]  # fmt: skip


def only(text: str, published: date | None = PUBLISHED) -> Draft:
    (draft,) = reading(text, published).drafts
    return draft


def test_a_hospital_an_official_and_a_claim() -> None:
    draft = only(
        "شفاخانهٔ حوزه‌ای قندهار اعلام کرد که ۲۱ جسد و بیش از ۵۰ زخمی به این شفاخانه منتقل شده‌اند. "
        "عبدالله نمونه، رئیس اطلاعات و فرهنگ طالبان در قندهار، می‌گوید که در این انفجار سه تن کشته و دوازده "
        "تن دیگر زخمی شده‌اند. گروه داعش با نشر خبرنامه‌ای مسئولیت این حمله را به عهده گرفت."
    )
    assert figures(draft) == [
        ("killed", 21, 21, "exact", "unspecified", "medical"),
        ("wounded", 51, None, "over", "unspecified", "medical"),
        ("killed", 3, 3, "exact", "unspecified", "official"),
        ("wounded", 12, 12, "exact", "unspecified", "official"),
    ]
    assert draft.figures[2].speaker.name.startswith("عبدالله نمونه، رئیس")
    (claim,) = draft.attributions
    assert (str(claim.kind), claim.actor, str(claim.speaker.speaker_class)) == (
        "claimed", "iskp", "party",
    )  # fmt: skip


def test_a_toll_that_rises_and_a_part_of_it() -> None:
    draft = only(
        "یوناما می‌گوید که شمار کشته‌شدگان انفجار روز جمعه در غرب کابل به ۵۳ تن افزایش یافته است. در میان "
        "کشته‌شدگان ۱۲ کودک نیز هستند. این نهاد افزوده است که ۱۱۰ تن دیگر زخمی شده‌اند."
    )
    assert [row[:5] for row in figures(draft)] == [
        ("killed", 53, 53, "exact", "unspecified"),
        ("killed", 12, 12, "exact", "children"),
        ("wounded", 110, 110, "exact", "unspecified"),
    ]
    assert draft.figures[1].subset_of is not None
    assert draft.day is not None
    assert (str(draft.day.interval.earliest), str(draft.day.interval.latest)) == ("2024-09-13",) * 2


def test_a_front_says_what_its_fighters_did_and_the_authorities_reject_it() -> None:
    draft = only(
        "جبههٔ آزادی افغانستان روز سه‌شنبه در اعلامیه‌ای گفت که نیروهایش دیشب بر یک پوسته‌ی طالبان در ولسوالی "
        "انجیل هرات حمله کرده‌اند. در اعلامیه آمده است که دو جنگجوی طالبان کشته و یک تن دیگر زخمی شده‌اند. "
        "سخنگوی والی طالبان در هرات این ادعا را رد کرد."
    )
    assert figures(draft) == [
        ("killed", 2, 2, "exact", "de_facto_authority_personnel", "party"),
        ("wounded", 1, 1, "exact", "de_facto_authority_personnel", "party"),
    ]
    kinds = {str(a.kind): (a.actor, str(a.speaker.speaker_class)) for a in draft.attributions}
    assert kinds == {"claimed": ("aff", "party"), "contested": ("aff", "party")}
    assert draft.day is not None  # of the deed, not of the word
    assert (str(draft.day.interval.earliest), str(draft.day.interval.latest)) == (
        "2024-09-17", "2024-09-18",
    )  # fmt: skip
    assert draft.where is not None
    assert draft.where.place.place_id == "dist:herat/injil"


def test_by_words_of_residents_with_a_child_among_them() -> None:
    draft = only(
        "افراد مسلح ناشناس دیروز در ولسوالی گذره‌ی هرات تیراندازی کردند. به نقل از باشندگان محل، شش نمازگزار به "
        "شمول یک کودک جان باختند و یک نفر دیگر زخمی شد."
    )
    assert figures(draft) == [
        ("killed", 6, 6, "exact", "worshippers", "local_source"),
        ("killed", 1, 1, "exact", "children", "local_source"),
        ("wounded", 1, 1, "exact", "worshippers", "local_source"),
    ]
    assert [str(a.kind) for a in draft.attributions] == ["unclaimed"]


def test_an_office_and_his_driver() -> None:
    draft = only(
        "منابع محلی در بدخشان گفتند که بامداد امروز موتر بمبی در شهر فیض‌آباد انفجار کرد و ولسوال طالبان همراه با "
        "راننده‌اش کشته شد. هیچ گروهی تا حالا مسوولیت این رویداد را نپذیرفته است."
    )
    assert [row[:5] for row in figures(draft)] == [
        ("killed", 1, 1, "exact", "officials"),
        ("killed", 1, 1, "exact", "civilians"),
    ]
    assert [str(a.kind) for a in draft.attributions] == ["unclaimed"]
    assert draft.where is not None
    assert draft.where.place.place_id == "town:badakhshan/fayzabad"


def test_before_the_taliban_ruled_they_are_an_armed_group() -> None:
    draft = only(
        "وزارت داخله می‌گوید که در انفجار دیروز در دشت برچی کابل دست کم ۸۵ شاگرد کشته و ۱۴۷ تن دیگر زخمی شدند. "
        "رئیس جمهور طالبان را به انجام این حمله متهم کرد. سخنگوی گروه طالبان دست داشتن این گروه در حمله را "
        "رد کرد.",
        date(2021, 5, 9),
    )
    assert [row[:5] for row in figures(draft)] == [
        ("killed", 85, None, "at_least", "students"),
        ("wounded", 147, 147, "exact", "students"),
    ]
    kinds = {str(a.kind): a.actor for a in draft.attributions}
    assert kinds == {"attributed": "taliban-until-2021", "denied": "taliban-until-2021"}


def test_pashto_a_spokesman_a_hospital_and_a_claim() -> None:
    draft = only(
        "د کندز د امنیې قوماندانۍ ویاند جمعه‌الدین نمونه وویل، چې د سه‌شنبې په ورځ په چاودنه کې پنځه کسان مړه او "
        "اووه نور ټپیان شول. د روغتون یوې سرچینې خبریالانو ته وویل چې تر اوسه ۸ مړي او ۲۳ ټپیان ورته راوړل شوي "
        "دي. داعش ډلې د دې برید مسوولیت منلی دی."
    )
    assert figures(draft) == [
        ("killed", 5, 5, "exact", "unspecified", "official"),
        ("wounded", 7, 7, "exact", "unspecified", "official"),
        ("killed", 8, 8, "exact", "unspecified", "medical"),
        ("wounded", 23, 23, "exact", "unspecified", "medical"),
    ]
    assert [(str(a.kind), a.actor) for a in draft.attributions] == [("claimed", "iskp")]
    assert draft.day is not None
    assert str(draft.day.interval.earliest) == "2024-09-17"


def test_pashto_an_air_strike_by_word_of_residents() -> None:
    draft = only(
        "د پکتیکا د برمل ولسوالۍ اوسېدونکو وویل، چې پرون ماښام د پاکستان پوځ پر یوه کلي بمباري کړې او ۴۶ کسان یې "
        "وژلي. د اسلامي امارت ویاند وايي، چې په برید کې لږ تر لږه شپږ ملکي کسان ټپیان شوي دي."
    )
    assert figures(draft) == [
        ("killed", 46, 46, "exact", "unspecified", "local_source"),
        ("wounded", 6, None, "at_least", "civilians", "official"),
    ]
    assert [(str(a.kind), a.actor_text) for a in draft.attributions] == [("attributed", "Pakistan")]


def test_local_officials_are_officials_and_a_list_is_a_part() -> None:
    draft = only(
        "مسوولان محلی طالبان در تخار می‌گویند که شب گذشته در نتیجه‌ی پرتاب بم دستی بر خانه‌ی یک باشنده‌ی ولسوالی "
        "رستاق، سه عضو یک خانواده به شمول دو زن جان باخته و چهار تن دیگر مجروح شده‌اند."
    )
    assert figures(draft) == [
        ("killed", 3, 3, "exact", "unspecified", "official"),
        ("killed", 2, 2, "exact", "women", "official"),
        ("wounded", 4, 4, "exact", "unspecified", "official"),
    ]


def test_a_group_claims_by_saying_whom_it_killed() -> None:
    draft = only(
        "داعش خراسان در خبرنامه‌ای ادعا کرد که در حمله بر کاروان طالبان در ولسوالی خوگیانی ننگرهار ۱۱ جنگجوی "
        "طالبان را کشته و زخمی کرده است. والی طالبان در ننگرهار می‌گوید که تنها دو نیروی امنیتی زخم برداشته‌اند."
    )
    assert figures(draft) == [
        ("casualties", 11, 11, "exact", "de_facto_authority_personnel", "party"),
        ("wounded", 2, 2, "exact", "de_facto_authority_personnel", "party"),
    ]
    assert [(str(a.kind), a.actor) for a in draft.attributions] == [("claimed", "iskp")]


def test_a_bare_name_speaks_and_two_parts_make_no_total() -> None:
    draft = only(
        "نیروهای پاکستانی بامداد دوشنبه بر مناطق مسکونی در ولسوالی سپیره‌ی خوست گلوله‌باری کردند. ذبیح‌الله مجاهد "
        "گفت که در این حمله هشت تن، از جمله پنج زن و سه کودک، شهید شدند."
    )
    assert figures(draft) == [
        ("killed", 8, 8, "exact", "unspecified", "official"),
        ("killed", 5, 5, "exact", "women", "official"),
        ("killed", 3, 3, "exact", "children", "official"),
    ]
    assert [f.subset_of is not None for f in draft.figures] == [False, True, True]
    assert [str(a.kind) for a in draft.attributions] == ["attributed"]


def test_pashto_others_beside_children_need_be_no_children() -> None:
    draft = only(
        "د ننګرهار والي ویاند نمونه رسنیو ته وویل، په جلال‌اباد کې د نن سهار په چاودنه کې درې ماشومان وژل شوي او "
        "شاوخوا لس نور کسان ټپیان دي."
    )
    assert figures(draft) == [
        ("killed", 3, 3, "exact", "children", "official"),
        ("wounded", 10, 10, "about", "unspecified", "official"),
    ]


def test_pashto_a_single_elder_and_his_son() -> None:
    draft = only(
        "د هلمند په ناوې ولسوالۍ کې نامعلومو وسله‌والو پرون د یوې قبیلې مشر ووژلو. ځايي اوسېدونکي وایي چې د هغه "
        "زوی هم ټپي شوی دی."
    )
    assert figures(draft) == [
        ("killed", 1, 1, "exact", "civilians", "media"),
        ("wounded", 1, 1, "exact", "unspecified", "local_source"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "رویداد ترافیکی در شاهراه کابل–قندهار ۹ کشته و ۱۷ زخمی بر جا گذاشت.",
        "در نتیجه‌ی سیلاب در ولایت غور ۲۷ تن جان باخته و ۴۱ تن دیگر زخمی شده‌اند.",
        "استخبارات طالبان سه تن را به اتهام عضویت در داعش در کابل بازداشت کرد.",
        "در شش ماه نخست سال روان در سراسر کشور ۵۳ کودک کشته شده‌اند.",
        "په کندهار کې د ترافیکي پېښې له امله پنځه کسان مړه او اووه ټپیان شول.",
        "تیم ملی کریکت دیروز در کابل تیم هرات را با ۲۴ دوش شکست داد.",
        "در این انفجار در کابل به کسی آسیبی نرسیده و کسی کشته نشده است.",
    ],
)
def test_what_is_no_attack_gives_no_figure(text: str) -> None:
    assert [f.words for draft in reading(text).drafts for f in draft.figures] == []


def test_a_day_without_a_day_of_publication_stays_open() -> None:
    draft = only("در انفجار دیروز در شهر کندز سه تن کشته شدند.", None)
    assert draft.day is not None
    assert draft.day.interval.earliest is None
    assert "date" in {question.field for question in draft.questions}


def test_a_weekday_that_is_not_the_dates_is_asked() -> None:
    draft = only("روز یک‌شنبه، ۲۴ سنبله، در انفجاری در شهر کندز سه تن کشته شدند.")
    assert draft.day is not None
    first, last = draft.day.interval.earliest, draft.day.interval.latest
    assert (str(first), str(last)) == ("2024-09-14", "2024-09-15")


def test_letters_of_arabic_keyboards_and_without_joiners() -> None:
    plain = "منابع محلي در بلخ ميگويند كه ديروز در انفجار ماين در مزار شريف هفت تن كشته شده اند."
    draft = only(plain)
    assert [row[:3] for row in figures(draft)] == [("killed", 7, 7)]
    assert str(draft.figures[0].speaker.speaker_class) == "local_source"


def test_every_value_stands_on_its_words() -> None:
    text = "په خوست کې پنځه کسان ووژل شول او ۱۲ نور ټپیان شول."
    for draft in reading(text).drafts:
        for value in draft.values():
            assert text[value.span.start : value.span.end] == value.words


@pytest.mark.parametrize(
    ("text", "day", "code", "country"),
    [
        ("سه روز پیش در ولسوالی درایم ولایت بدخشان دو معترض کشته شدند.", "2024-09-15", "AF1707", "AFG"),
        ("درې ورځې وړاندې د کونړ په اسدآباد ښار کې دوه کسان ووژل شول.", "2024-09-15", "AF1501", "AFG"),
        ("هفته‌ی گذشته در شهر کندز پنج نفر در یک انفجار کشته شدند.", "2024-09-09", "AF1901", "AFG"),
        ("دیروز پنج سرباز در حمله‌ی شورشیان در وزیرستان شمالی کشته شدند.", "2024-09-17", None, "PAK"),
        ("کابل: دو کودک در انفجار ماین در ولسوالی خوگیانی ننگرهار جان باختند. این رویداد دیروز رخ داده است.",
         "2024-09-17", "AF0608", "AFG"),
        ("دیروز در انفجاری در برابر کابل بانک در شهر قندهار ۱۶ نفر، از جمله دو نوزاد، کشته شدند.",
         "2024-09-17", "AF2701", "AFG"),
    ],
)  # fmt: skip
def test_day_and_place(text: str, day: str, code: str | None, country: str) -> None:
    draft = only(text)
    assert draft.day is not None
    assert draft.where is not None
    assert (str(draft.day.interval.earliest), draft.where.place.adm2_pcode, draft.country) == (
        day, code, country,
    )  # fmt: skip


def test_a_broadcaster_is_no_number() -> None:
    draft = only("باشندگان شهر کندز به بی‌بی‌سی گفتند دیروز سه نفر در انفجاری کشته شدند.")
    assert [(f.low, f.high) for f in draft.figures] == [(3, 3)]


def test_by_whom_it_is_told_as_suffered() -> None:
    draft = only("دیروز دو معترض در شهر فیض‌آباد بدخشان از سوی نیروهای طالبان کشته شدند.")
    assert [(str(a.kind), a.actor) for a in draft.attributions] == [("attributed", "dfa")]
