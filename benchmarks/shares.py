"""The shares that synthetic incidents are drawn by, all in one place (serves the generator).

They follow the orders of magnitude of coded data sets of the region: most events dated to the day,
a third placed to a district or worse, a heavy tail of casualties, one speaker in most cases.
"""

from __future__ import annotations

from typing import Final

GEO_PRECISION: Final = {
    "site": 0.30,
    "neighbourhood": 0.10,
    "settlement": 0.28,
    "district": 0.20,
    "province": 0.10,
    "country": 0.02,
}

DATE_PRECISION: Final = {
    "day": 0.82,
    "days": 0.06,
    "week": 0.05,
    "month": 0.04,
    "hour": 0.015,
    "year": 0.01,
    "unknown": 0.005,
}

EVENT_TYPE: Final = {
    "armed_attack": 0.34,
    "bombing": 0.22,
    "armed_clash": 0.20,
    "shelling": 0.08,
    "suicide_attack": 0.06,
    "raid": 0.05,
    "offensive": 0.02,
    "complex_attack": 0.02,
    "other": 0.01,
}

TARGET_TYPE: Final = {
    "security_forces": 0.38,
    "civilians": 0.24,
    "officials": 0.09,
    "armed_group": 0.09,
    "transport": 0.05,
    "religious_site": 0.04,
    "education": 0.03,
    "business": 0.03,
    "unknown": 0.02,
    "political_party": 0.01,
    "diplomatic": 0.01,
    "foreign_nationals": 0.01,
}

#: What is said first of who did it; a denial or a contestation comes on top of a statement.
ATTRIBUTION: Final = {
    "attributed": 0.36,
    "claimed": 0.24,
    "unclaimed": 0.18,
    "none": 0.12,
    "suspected": 0.10,
}
DENIED: Final = 0.06  # of those with a claim, an attribution or a suspicion
CONTESTED: Final = 0.06

ACTOR: Final = {
    "dfa": 0.46,
    "iskp": 0.22,
    "unidentified": 0.11,
    "nrf": 0.07,
    "dfa-mod": 0.05,
    "aff": 0.04,
    "dfa-moi": 0.03,
    "ttp": 0.01,
    "al-farooq-corps": 0.01,
}

#: How many speakers give a figure of the killed; several differ in about half of the cases.
KILLED_SPEAKERS: Final = {0: 0.10, 1: 0.58, 2: 0.22, 3: 0.08, 4: 0.02}
WOUNDED_SPEAKERS: Final = {0: 0.35, 1: 0.45, 2: 0.15, 3: 0.05}
DIFFERS: Final = 0.5

MODIFIER: Final = {"exact": 0.72, "at_least": 0.12, "about": 0.07, "over": 0.05, "vague": 0.04}

VICTIM_CLASS: Final = {
    "civilians": 0.36,
    "unspecified": 0.26,
    "de_facto_authority_personnel": 0.14,
    "former_government_forces": 0.12,
    "armed_group_members": 0.05,
    "officials": 0.03,
    "guards": 0.02,
    "foreign_forces": 0.02,
}

BACKGROUND: Final = 0.01
ABROAD: Final = 0.005
UNDATED: Final = 0.001

#: Of incidents placed to a site, how many lie on a coordinate of their own; the others share one.
OWN_COORDINATE: Final = 0.4

#: Provinces that most is reported from, by relative weight; the others have 1.
PROVINCE_WEIGHT: Final = {
    "Kandahar": 9.0,
    "Hilmand": 8.5,
    "Nangarhar": 8.0,
    "Kabul": 7.0,
    "Ghazni": 5.0,
    "Kunduz": 4.0,
    "Uruzgan": 3.5,
    "Faryab": 3.0,
    "Hirat": 3.0,
    "Kunar": 3.0,
    "Paktika": 2.5,
    "Khost": 2.5,
    "Zabul": 2.5,
    "Logar": 2.0,
    "Maidan Wardak": 2.0,
    "Farah": 2.0,
    "Baghlan": 2.0,
}
