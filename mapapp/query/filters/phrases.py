"""What filters say of themselves in the sentence, where it takes more than their codes
(selection → words).
"""

from __future__ import annotations

from statistics import fmean

from mapapp.domain.selection import Selection
from mapapp.query.filters.named import named
from mapapp.query.filters.words import (
    Labels,
    actor_words,
    days_words,
    either,
    figure,
    speaker_words,
)


def date_words(s: Selection) -> str:
    """ "2021", "from 15 August 2021, for certain"."""
    days = days_words(s.date_from, s.date_to)
    return f"{days}, for certain" if s.date_certain else days


def circle_words(s: Selection) -> str:
    """ "within 20 km of Kabul"."""
    if s.near is None:
        return ""
    return f"within {figure(s.near.radius_km)} km of {point_words(s.near.lat, s.near.lng)}"


def corridor_words(s: Selection) -> str:
    """ "within 5 km of the line Herat – Islam Qala"."""
    if s.along is None:
        return ""
    names = [point_words(lat, lng) for lat, lng in s.along.points[:: len(s.along.points) - 1]]
    if len(s.along.points) <= _NAMED_POINTS:
        names = [point_words(lat, lng) for lat, lng in s.along.points]
    line = " – ".join(names) if len(names) > 1 else names[0]
    return f"within {figure(s.along.radius_km)} km of the line {line}"


#: Of a longer line only its ends are named.
_NAMED_POINTS = 4


def polygon_words(s: Selection) -> str:
    """ "in the rectangle 34.1–34.9° N, 68.8–69.5° E", "in an area of 6 corners about Kabul"."""
    if s.inside is None:
        return ""
    if s.inside.box is not None:
        west, south, east, north = map(figure, s.inside.box)
        return f"in the rectangle {south}–{north}° N, {west}–{east}° E"
    latitudes, longitudes = zip(*s.inside.points, strict=True)
    middle = point_words(fmean(latitudes), fmean(longitudes))
    return f"in a drawn area of {len(s.inside.points)} corners about {middle}"


def point_words(lat: float, lng: float) -> str:
    """The name of the place at a point, else how far it lies from one: "5 km N of Kabul"."""
    return named(lat, lng) or f"{figure(lat)}, {figure(lng)}"


#: Words that join a kind to a group: "claimed by ISKP".
_KIND_BY = {
    "claimed": "claimed by",
    "attributed": "attributed to",
    "suspected": "suspected of",
    "denied": "denied by",
    "contested": "contested as to",
    "unclaimed": "reported unclaimed by",
    "none": "without a statement on",
}
_KIND_ALONE = {
    "claimed": "claimed",
    "attributed": "attributed",
    "suspected": "with a suspicion voiced",
    "denied": "denied",
    "contested": "contested",
    "unclaimed": "with no claim reported",
    "none": "with no statement on who did it",
}


#: Words for a doubt in the sentence.
_DOUBTS = {
    "disputed_figures": "with disputed figures",
    "contested_claim": "that are claimed but contested",
    "single_source": "known from a single source",
    "no_independent_speaker": "without an independent speaker",
}


def doubt_phrase(s: Selection, _labels: Labels) -> str:
    """ "with disputed figures"."""
    return either(_DOUBTS[code] for code in s.doubts)


def group_phrase(s: Selection, _labels: Labels) -> str:
    """Groups, and what was said of them and by whom."""
    groups = either(map(actor_words, s.groups))
    by = _according(s)
    if not s.kinds:
        return f"linked by a statement to {groups}{by}"
    return f"{either(_KIND_BY.get(kind, kind) for kind in s.kinds)} {groups}{by}"


def kind_phrase(s: Selection, _labels: Labels) -> str:
    """Said with the group where one is chosen."""
    if s.groups:
        return ""
    return either(_KIND_ALONE.get(kind, kind) for kind in s.kinds) + _according(s)


#: Words for a class of speaker in the sentence.
_SPEAKER_WORDS = {
    "monitor": "a monitor",
    "medical": "medical sources",
    "media": "news media",
    "witness": "witnesses",
    "local_source": "local sources",
    "analyst": "analysts",
    "official": "officials",
    "party": "a party to the conflict",
}


def _speakers(s: Selection) -> str:
    def named(code: str) -> str:
        name = _SPEAKER_WORDS.get(code) or speaker_words(code)
        return f"the d{name[1:]}" if name.startswith("De facto ") else name

    return either(map(named, s.speakers)) if s.speakers else ""


def _according(s: Selection) -> str:
    named = _speakers(s)
    return f" according to {named}" if named else ""


def speaker_phrase(s: Selection, _labels: Labels) -> str:
    """Said with the group or the kind where one is chosen."""
    if s.groups or s.kinds:
        return ""
    return f"with a statement on who did it by {_speakers(s)}"
