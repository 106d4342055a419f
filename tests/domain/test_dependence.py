"""Which of some sources are sources of their own, in words."""

from __future__ import annotations

from mapapp.domain.dependence import own_words, separate
from mapapp.domain.source import Source
from mapapp.domain.vocab import Redistribution


def source(key: str, publisher: str, *based_on: str) -> Source:
    return Source(key, publisher, "A title", "en", Redistribution.FACTS, "", based_on=based_on)


OUTLETS = tuple(source(f"s{n}", f"Outlet {n}", "The Wire") for n in range(5))
WIRE = source("wire", "The Wire")
OWN = source("own", "The Courier")


def test_five_outlets_and_their_wire_are_one_origin() -> None:
    together = (*OUTLETS, WIRE)
    assert separate(together) == "6 sources, but one origin: they do not confirm each other."
    assert separate((*together, OWN)).startswith("7 sources of 2 separate origins")
    assert own_words(OUTLETS[0], together) == (
        "Gives an account of The Wire", "Of the same origin as s1, s2, s3, s4, wire",
    )  # fmt: skip
    assert own_words(WIRE, together) == ("Of the same origin as s0, s1, s2, s3, s4",)


def test_separate_sources_need_no_word() -> None:
    assert separate((WIRE, OWN)) == ""
    assert separate(()) == ""
    assert own_words(OWN, (WIRE, OWN)) == ()
    many = tuple(source(f"m{n}", "One") for n in range(9))
    assert own_words(many[0], many)[0].endswith("m5 and 3 more")
