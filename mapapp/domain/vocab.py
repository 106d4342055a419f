"""The controlled vocabularies of claims and incidents, one enumeration a noun.

Values are stable codes: they stand in seeds, links, exports and the store. Words for people are in
`LABELS`; where a field term exists (UCDP, ACLED, UNAMA) it is the one used.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Property(StrEnum):
    """What a claim is about."""

    KILLED = "killed"
    WOUNDED = "wounded"
    CASUALTIES = "casualties"
    KIDNAPPED = "kidnapped"  # held by others than a state; neither killed nor wounded
    ATTRIBUTION = "attribution"
    DATE = "date"
    PLACE = "place"
    EVENT_TYPE = "event_type"
    TARGET = "target"
    WEAPON = "weapon"
    DAMAGE = "damage"
    PARTICIPANT = "participant"  # took part, as coded; says nothing of who did it


#: Properties whose value is a number of people. They are never converted into one another:
#: "18 casualties" is neither killed nor wounded.
MEASURES = (Property.KILLED, Property.WOUNDED, Property.CASUALTIES, Property.KIDNAPPED)


class Modifier(StrEnum):
    """How a number was put. `RANGE` is for coded data sets that print low, best and high."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    OVER = "over"
    ABOUT = "about"
    VAGUE = "vague"
    RANGE = "range"


class VictimClass(StrEnum):
    """Whom a casualty figure counts, as the speaker put it."""

    CIVILIANS = "civilians"
    CHILDREN = "children"
    WOMEN = "women"
    STUDENTS = "students"
    WORSHIPPERS = "worshippers"
    AID_WORKERS = "aid_workers"
    OFFICIALS = "officials"
    DE_FACTO_AUTHORITY_PERSONNEL = "de_facto_authority_personnel"
    FORMER_GOVERNMENT_FORCES = "former_government_forces"
    FOREIGN_FORCES = "foreign_forces"
    GUARDS = "guards"
    ARMED_GROUP_MEMBERS = "armed_group_members"
    ATTACKERS = "attackers"
    UNSPECIFIED = "unspecified"


class VictimGroup(StrEnum):
    """The groups that totals are read for."""

    CIVILIANS = "civilians"
    SECURITY = "security"
    ARMED_GROUPS = "armed_groups"
    ATTACKERS = "attackers"
    UNSPECIFIED = "unspecified"


VICTIM_GROUP: dict[VictimClass, VictimGroup] = {
    VictimClass.CIVILIANS: VictimGroup.CIVILIANS,
    VictimClass.CHILDREN: VictimGroup.CIVILIANS,
    VictimClass.WOMEN: VictimGroup.CIVILIANS,
    VictimClass.STUDENTS: VictimGroup.CIVILIANS,
    VictimClass.WORSHIPPERS: VictimGroup.CIVILIANS,
    VictimClass.AID_WORKERS: VictimGroup.CIVILIANS,
    VictimClass.OFFICIALS: VictimGroup.SECURITY,
    VictimClass.DE_FACTO_AUTHORITY_PERSONNEL: VictimGroup.SECURITY,
    VictimClass.FORMER_GOVERNMENT_FORCES: VictimGroup.SECURITY,
    VictimClass.FOREIGN_FORCES: VictimGroup.SECURITY,
    VictimClass.GUARDS: VictimGroup.SECURITY,
    VictimClass.ARMED_GROUP_MEMBERS: VictimGroup.ARMED_GROUPS,
    VictimClass.ATTACKERS: VictimGroup.ATTACKERS,
    VictimClass.UNSPECIFIED: VictimGroup.UNSPECIFIED,
}

#: Classes that lie inside a wider one. A speaker who gives both is not counting them twice.
WIDER_CLASS: dict[VictimClass, VictimClass] = {
    VictimClass.CHILDREN: VictimClass.CIVILIANS,
    VictimClass.WOMEN: VictimClass.CIVILIANS,
    VictimClass.STUDENTS: VictimClass.CIVILIANS,
    VictimClass.WORSHIPPERS: VictimClass.CIVILIANS,
    VictimClass.AID_WORKERS: VictimClass.CIVILIANS,
    VictimClass.OFFICIALS: VictimClass.DE_FACTO_AUTHORITY_PERSONNEL,
}

#: Classes that cut across each other (a child may be a student), so that they are never added up.
OVERLAPPING_CLASSES = frozenset(
    {
        VictimClass.CHILDREN,
        VictimClass.WOMEN,
        VictimClass.STUDENTS,
        VictimClass.WORSHIPPERS,
        VictimClass.AID_WORKERS,
    }
)


class AttributionKind(StrEnum):
    """What a speaker says of who did it; see docs/method.md for the definitions."""

    CLAIMED = "claimed"
    ATTRIBUTED = "attributed"
    SUSPECTED = "suspected"
    DENIED = "denied"
    CONTESTED = "contested"
    UNCLAIMED = "unclaimed"


#: Which kind gives an incident its colour where several hold. `None` (no statement at all) comes
#: last and is drawn like `UNCLAIMED`, but is counted apart: silence is not a report of silence.
DISPLAY_ORDER = (
    AttributionKind.CONTESTED,
    AttributionKind.CLAIMED,
    AttributionKind.ATTRIBUTED,
    AttributionKind.SUSPECTED,
    AttributionKind.DENIED,
    AttributionKind.UNCLAIMED,
)

#: The display kind of an incident about whose perpetrator nobody says anything.
NO_STATEMENT = "none"

#: The display kinds in their order, silence last.
DISPLAY_KINDS = (*map(str, DISPLAY_ORDER), NO_STATEMENT)

#: What it means that an incident is counted once, by the kind that weighs most: other words than
#: those of the kinds themselves, of which an incident may have several.
DISPLAY_WORDS = MappingProxyType(
    {
        "contested": "contested",
        "claimed": "claimed, not contested",
        "attributed": "attributed, not claimed",
        "suspected": "suspected only",
        "denied": "denied only",
        "unclaimed": "no claim, none named",
        NO_STATEMENT: "no statement",
    }
)


class SpeakerClass(StrEnum):
    """What kind of speaker asserts something, in this incident."""

    MONITOR = "monitor"
    MEDICAL = "medical"
    MEDIA = "media"
    WITNESS = "witness"
    LOCAL_SOURCE = "local_source"
    ANALYST = "analyst"
    OFFICIAL = "official"
    PARTY = "party"


#: Most independent first: the order of the rule `independent-first`.
INDEPENDENCE = tuple(SpeakerClass)


#: Speakers that are neither side of the conflict nor speak for a state.
INDEPENDENT = frozenset(INDEPENDENCE) - {SpeakerClass.OFFICIAL, SpeakerClass.PARTY}


class Doubt(StrEnum):
    """A reason for doubt about an incident; what each asks for stands in `domain/doubt.py`."""

    DISPUTED_FIGURES = "disputed_figures"
    CONTESTED_CLAIM = "contested_claim"
    SINGLE_SOURCE = "single_source"
    NO_INDEPENDENT_SPEAKER = "no_independent_speaker"


class Rule(StrEnum):
    """How the best figure is chosen among the speakers' totals."""

    INDEPENDENT_FIRST = "independent-first"
    LOWEST = "lowest"
    HIGHEST = "highest"
    LATEST = "latest"


class DatePrecision(StrEnum):
    """How exactly a date is known."""

    HOUR = "hour"
    DAY = "day"
    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class GeoPrecision(StrEnum):
    """How exactly a place is known, finest first."""

    SITE = "site"
    NEIGHBOURHOOD = "neighbourhood"
    SETTLEMENT = "settlement"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"


class EventType(StrEnum):
    """What kind of attack it was, as reported."""

    ARMED_ATTACK = "armed_attack"
    BOMBING = "bombing"
    SUICIDE_ATTACK = "suicide_attack"
    COMPLEX_ATTACK = "complex_attack"
    ARMED_CLASH = "armed_clash"
    OFFENSIVE = "offensive"
    RAID = "raid"
    SHELLING = "shelling"
    OTHER = "other"


class TargetType(StrEnum):
    """What kind of person, site or thing was attacked."""

    SECURITY_FORCES = "security_forces"
    OFFICIALS = "officials"
    DIPLOMATIC = "diplomatic"
    POLITICAL_PARTY = "political_party"
    RELIGIOUS_SITE = "religious_site"
    EDUCATION = "education"
    TRANSPORT = "transport"
    BUSINESS = "business"
    CIVILIANS = "civilians"
    FOREIGN_NATIONALS = "foreign_nationals"
    ARMED_GROUP = "armed_group"
    UNKNOWN = "unknown"


class Redistribution(StrEnum):
    """What may leave this installation of what a source says."""

    FACTS = "facts"  # facts with citation; the publisher's wording stays out
    OPEN = "open"  # an open licence: the rows themselves, with attribution
    PRIVATE = "private"  # only those who loaded it may see it (ACLED, GTD)


#: Words for people, by code. Codes not listed read well with underscores as spaces.
LABELS: dict[str, str] = {
    "at_least": "at least",
    "local_source": "local source",
    "party": "party to the conflict",
    "media": "news medium",
    "monitor": "monitor",
    "security": "security forces and officials",
    "armed_groups": "armed groups",
    "de_facto_authority_personnel": "de facto authority personnel",
    "former_government_forces": "former government forces",
    "none": "no statement",
    "unclaimed": "no claim reported",
    "bombing": "bombing or planted device",
    "complex_attack": "attack with several means",
    "site": "site",
    "independent-first": "independent first",
    "education": "school or training centre",
    "contested_claim": "claimed but contested",
}


def label(code: str) -> str:
    """The words for a vocabulary code, for display."""
    return LABELS.get(code, code.replace("_", " "))
