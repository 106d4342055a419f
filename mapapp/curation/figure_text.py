"""Figures as an editor types them in a cell, and as statements in the form of a seed file.

"at least 3 civilians; of them 2 children" ↔ the claims that say so (cell ↔ form).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from mapapp.curation.document import Document
from mapapp.domain.problems import InvalidInput
from mapapp.domain.vocab import Modifier, VictimClass, label

#: Words before a number, and what they make of it.
_MODIFIERS: Final[Mapping[str, Modifier]] = {
    "at least": Modifier.AT_LEAST,
    "no fewer than": Modifier.AT_LEAST,
    "≥": Modifier.AT_LEAST,
    "more than": Modifier.OVER,
    "over": Modifier.OVER,
    ">": Modifier.OVER,
    "about": Modifier.ABOUT,
    "around": Modifier.ABOUT,
    "approximately": Modifier.ABOUT,
    "~": Modifier.ABOUT,
    "exactly": Modifier.EXACT,
}

#: Words that name no number.
_VAGUE: Final = ("several", "dozens", "scores", "hundreds", "many", "some", "a number", "a few")

#: Words for victims that a cell has room for.
_SHORT: Final = {
    VictimClass.DE_FACTO_AUTHORITY_PERSONNEL: "authorities",
    VictimClass.FORMER_GOVERNMENT_FORCES: "former forces",
    VictimClass.ARMED_GROUP_MEMBERS: "group members",
}

#: Words for victims beside the classes' own names.
_VICTIMS: Final[Mapping[str, VictimClass]] = {
    "": VictimClass.UNSPECIFIED,
    "people": VictimClass.UNSPECIFIED,
    "persons": VictimClass.UNSPECIFIED,
    "civilian": VictimClass.CIVILIANS,
    "child": VictimClass.CHILDREN,
    "woman": VictimClass.WOMEN,
    "student": VictimClass.STUDENTS,
    "worshipper": VictimClass.WORSHIPPERS,
    "aid worker": VictimClass.AID_WORKERS,
    "official": VictimClass.OFFICIALS,
    "guard": VictimClass.GUARDS,
    "attacker": VictimClass.ATTACKERS,
    **{word: own for own, word in _SHORT.items()},
    **{label(own): own for own in VictimClass},
}

_SIGNS: Final = "|".join(sorted(map(re.escape, _MODIFIERS), key=len, reverse=True))
_FIGURE: Final = re.compile(
    rf"(?:(?P<of>of (?:them|the (?P<whole>[^\d;]+?)),?)\s+)?"
    rf"(?:(?P<modifier>{_SIGNS})\s*)?"
    rf"(?:(?P<low>\d+)\s*(?:-|–|to)\s*(?P<high>\d+)|(?P<number>\d+)(?P<plus>\+)?"
    rf"|(?P<vague>{'|'.join(_VAGUE)}))"
    rf"\s*(?P<victims>[^\d;]*)",
    re.IGNORECASE,
)

#: The parts of a statement that its text in a cell says.
TOLD: Final = ("value", "low", "high", "modifier", "victim_class", "subset_of")


def figures_of(text: str) -> tuple[Document, ...]:
    """The statements that a cell's text makes, without speaker and property; none of an empty one.

    Raises InvalidInput, which says how figures are written.
    """
    made: list[Document] = []
    for piece in re.split(r"[;\n]", text):
        if piece.strip():
            before = str(made[-1]["victim_class"]) if made else str(VictimClass.UNSPECIFIED)
            made.append(_figure(piece.strip(), before))
    return tuple(made)


def text_of(figures: Iterable[Mapping[str, Any]]) -> str:
    """The text of a cell; `figures_of` gives back what `TOLD` names of them."""
    pieces, before = [], str(VictimClass.UNSPECIFIED)
    for own in figures:
        pieces.append(_text(own, before))
        before = str(own.get("victim_class") or VictimClass.UNSPECIFIED)
    return "; ".join(pieces)


def _figure(piece: str, before: str) -> Document:
    """One statement; "of them" is part of the figure `before`, by its victims' class."""
    found = _FIGURE.fullmatch(piece)
    if found is None:
        raise InvalidInput(
            f"“{piece}” is no figure; write 3, at least 3, over 3, about 3, 3–5 or dozens, then "
            "whom it counts: “at least 3 civilians; of them 2 children”"
        )
    made: Document = {"victim_class": str(_victims(found["victims"], piece))}
    if found["of"]:
        made["subset_of"] = str(_victims(found["whole"], piece)) if found["whole"] else before
    modifier = _MODIFIERS.get((found["modifier"] or "exactly").casefold(), Modifier.EXACT)
    if found["plus"]:
        modifier = Modifier.AT_LEAST
    if found["vague"]:
        # "at least several" is as vague as "several".
        return made | {"modifier": str(Modifier.VAGUE), "words": found["vague"]}
    if found["low"]:
        low, high = int(found["low"]), int(found["high"])
        if low >= high:
            raise InvalidInput(f"“{piece}”: {low} to {high} is no range; write the lower first")
        if found["modifier"]:
            raise InvalidInput(f"“{piece}” says two things of its bounds; write {low}–{high}")
        return made | {"modifier": str(Modifier.RANGE), "low": low, "high": high}
    return made | {"modifier": str(modifier), "value": int(found["number"])}


def _victims(words: str, piece: str) -> VictimClass:
    plain = " ".join(words.casefold().split())
    for form in (plain, plain.removesuffix("s")):
        if form in _VICTIMS:
            return _VICTIMS[form]
    raise InvalidInput(
        f"“{piece}”: “{words.strip()}” is no class of victims; write one of "
        f"{', '.join(label(own) for own in VictimClass)}, and the page's own word in the details"
    )


def _text(figure: Mapping[str, Any], before: str) -> str:
    modifier = str(figure.get("modifier") or Modifier.EXACT)
    if modifier == Modifier.RANGE:
        number = f"{figure.get('low')}–{figure.get('high')}"
    elif modifier == Modifier.VAGUE:
        words = str(figure.get("words") or "").casefold()
        number = next((own for own in _VAGUE if re.search(rf"\b{own}\b", words)), "some")
    else:
        sign = "" if modifier == Modifier.EXACT else f"{label(modifier)} "
        number = f"{sign}{figure.get('value', '')}"
    subset = figure.get("subset_of")
    of = ""
    if subset:
        of = "of them " if subset == before else f"of the {_whom(str(subset)) or 'people'} "
    victims = _whom(str(figure.get("victim_class") or VictimClass.UNSPECIFIED))
    return f"{of}{number} {victims}".strip()


def _whom(victims: str) -> str:
    if victims == VictimClass.UNSPECIFIED:
        return ""
    return _SHORT.get(VictimClass(victims), label(victims))


@cache
def suggestions() -> tuple[str, ...]:
    """Words for whom a figure counts, to be offered while typing."""
    return tuple(_SHORT.get(own, label(own)) for own in VictimClass if own != "unspecified")
