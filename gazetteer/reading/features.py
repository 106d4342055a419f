"""The words that say what kind of place is named: 'district', 'town', 'nahia', 'قریه'.

Serves query parsing. Each word maps to a feature, and each feature to the placetypes it fits,
best first, with how well a place of that type answers a query that used the word.
"""

from __future__ import annotations

from ..names.text import word_set

_KINDS = {
    "province": "province prov wilayat velayat welayat vilayat wilayah "
    "ولایت ولایات ولایتونو ایالت استان",
    "district": "district dist woleswali wuleswali uluswali wolusvali woluswali "
    "ولسوالی ولوسوالی ولسوالیو شهرستان",
    "subdistrict": "subdistrict alaqadari",
    "town": "city town municipality شهر شار",
    "capital": "capital",
    "centre": "centre center headquarters hq bazaar bazar مرکز",
    "village": "village villages hamlet locality settlement kalay kelay kali قریه کلی دهکده "
    "روستای روستا قصبه",
    "area": "area areas neighbourhood neighborhood quarter suburb suburbs township locale region "
    "vicinity square chowk roundabout junction intersection منطقه ساحه محله ناحیه سیمه سیمی "
    "گذر حومه",
    "airport": "airport airfield airbase aerodrome فرودگاه",
    "crossing": "crossing border port gate point بندر سرحد مرز گذرگاه دروازه",
    "site": "mosque masjid shrine hospital university prison jail hotel palace school madrasa "
    "madrassa market academy embassy consulate ministry compound clinic stadium hall court church "
    "office offices building "
    "gurdwara مسجد جومات شفاخانه روغتون زیارت دانشگاه پوهنتون مکتب لیسه مدرسه زندان محبس "
    "هوتل هتل سفارت قونسلگری وزارت استدیوم فرماندهی قوماندانی قومندانی",
    # what mostly lies outside of towns
    "works": "dam bridge base camp post outpost checkpoint checkpost پاسگاه پوسته پوستی",
    "nature": "mountain mountains pass valley river desert hill hills lake canal island plain "
    "tunnel forest gorge peak",
    "road": "road highway motorway route ringroad street شاهراه سرک سړک جاده",
}
WORDS: dict[str, str] = {word: kind for kind, words in _KINDS.items() for word in words.split()}

# How well a placetype answers a feature, 0 = not at all. A missing type means 0.
FITS: dict[str, dict[str, float]] = {
    "": {},  # no feature word: everything fits, prominence decides
    "province": {"province": 1.0},
    "district": {"district": 1.0, "city_district": 0.6, "neighbourhood": 0.4, "area": 0.4,
                 "settlement": 0.3},
    "subdistrict": {"area": 1.0, "district": 0.45},
    "town": {"settlement": 1.0, "neighbourhood": 0.5, "district": 0.5, "crossing": 0.4,
             "area": 0.3},
    "capital": {"settlement": 1.0, "neighbourhood": 0.5, "district": 0.5, "crossing": 0.4,
                "area": 0.3},
    "centre": {"settlement": 1.0, "district": 0.7, "neighbourhood": 0.3},
    "village": {"settlement": 1.0, "neighbourhood": 0.9, "area": 0.9, "crossing": 0.6, "site": 0.4,
                "district": 0.25},
    "area": {"neighbourhood": 1.0, "area": 1.0, "site": 0.9, "crossing": 0.9, "settlement": 0.8,
             "district": 0.8, "city_district": 0.8},
    "airport": {"site": 1.0},
    "crossing": {"crossing": 1.0, "site": 0.9, "settlement": 0.5, "district": 0.2},
    "site": {"site": 1.0, "neighbourhood": 0.35, "area": 0.3},
    "works": {"site": 1.0, "area": 0.6, "neighbourhood": 0.35},
    "nature": {"area": 1.0, "site": 1.0, "neighbourhood": 0.4, "district": 0.4},
    "road": {"road": 1.0},
}  # fmt: skip

# Words before a name that place it only loosely: 'western Kabul', 'outskirts of Ghazni'.
LOOSE = word_set(
    "the a an in of at near close next adjacent to from outside around inside within western "
    "eastern northern southern "
    "north south east west central downtown greater rural remote restive volatile northwestern "
    "northeastern southwestern southeastern outskirts part parts middle heart edge side entrance "
    "important strategic key neighbouring neighboring nearby "
    "afghan security military provincial main called named در شرق غرب شمال جنوب مرکزی "
    "اطراف حومه نزدیک های"
)


def fit(feature: str, placetype: str) -> float:
    """How well a place of this type answers a query with this feature word (0–1)."""
    table = FITS.get(feature)
    if not table:
        return 1.0
    return table.get(placetype, 0.0)
