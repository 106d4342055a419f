"""The rules of the headline: the worked examples of docs/method.md, and what always holds."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.claim import Claim, bounds
from mapapp.domain.headline import Headline, headline, totals
from mapapp.domain.vocab import (
    MEASURES,
    Modifier,
    Property,
    Rule,
    SpeakerClass,
    VictimClass,
    VictimGroup,
)

METHOD = Path(__file__).resolve().parents[2] / "docs" / "method.md"

_SAID = re.compile(
    r"(?P<speaker>[a-z_]+) (?P<mark>[~≥>]?)(?P<number>\d+|dozens)"
    r"(?: (?P<victims>[a-z_]+?))?(?: of (?P<whole>[a-z_]+))?(?: on (?P<day>[\d-]+))?"
)
_MARKS = {"": Modifier.EXACT, "~": Modifier.ABOUT, "≥": Modifier.AT_LEAST, ">": Modifier.OVER}


def examples() -> list[list[str]]:
    text = METHOD.read_text(encoding="utf-8")
    table = text.split("### Worked examples", 1)[1].split("\n\n")[2]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return rows[2:]


def read(measure: str, said: str) -> list[Claim]:
    found = []
    for part in said.split("; "):
        match = _SAID.fullmatch(part)
        assert match, f"{part!r} in docs/method.md is not like 'party ≥3 civilians on 2022-03-01'"
        vague = match["number"] == "dozens"
        modifier = Modifier.VAGUE if vague else _MARKS[match["mark"]]
        number = None if vague else int(match["number"])
        low, high = bounds(number, modifier)
        found.append(
            Claim(
                "i", Property(measure), "s", match["speaker"], SpeakerClass(match["speaker"]),
                value=None if number is None else str(number), low=low, high=high,
                modifier=modifier, victim_class=VictimClass(match["victims"] or "unspecified"),
                subset_of=VictimClass(match["whole"]) if match["whole"] else None,
                asserted_on=date.fromisoformat(match["day"]) if match["day"] else None,
            )
        )  # fmt: skip
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda row: row[0])
def test_the_method_page_computes_as_it_says(example: list[str]) -> None:
    _, measure, said, text, *best = example
    claims = read(measure, said)
    heads = [headline(totals(claims, Property(measure)), rule) for rule in Rule]
    assert {str(head) for head in heads} == {text}
    assert ["–" if head.best is None else str(head.best) for head in heads] == best


def test_the_method_page_has_examples_and_names_every_rule() -> None:
    assert len(examples()) >= 8
    text = METHOD.read_text(encoding="utf-8")
    for rule in Rule:
        assert f"| {str(rule).replace('-', ' ')}" in text


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    """Any figures of a few speakers on all three measures."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        modifier = draw(st.sampled_from(Modifier))
        number = draw(st.integers(0, 60))
        low: int | None = number
        high: int | None = number + draw(st.integers(0, 9))
        if modifier is Modifier.RANGE:
            value: str | None = str(draw(st.integers(number, high or number)))
        else:
            low, high = bounds(None if modifier is Modifier.VAGUE else number, modifier)
            value = None if modifier is Modifier.VAGUE else str(number)
        victims = draw(st.sampled_from(VictimClass))
        found.append(
            Claim(
                "i", draw(st.sampled_from(MEASURES)), draw(st.sampled_from("st")),
                f"speaker {draw(st.integers(0, 3))}", draw(st.sampled_from(SpeakerClass)),
                value=value, low=low, high=high, modifier=modifier, victim_class=victims,
                victim_text=draw(st.sampled_from(["", "x"])),
                subset_of=draw(st.sampled_from([None, None, VictimClass.UNSPECIFIED])),
                asserted_on=draw(st.sampled_from([None, date(2022, 1, 1), date(2022, 1, 2)])),
            )
        )  # fmt: skip
    return found


DATES = {"s": date(2022, 1, 1)}
GROUPS = (None, *VictimGroup)


def head(
    said: list[Claim], measure: Property, rule: Rule, group: VictimGroup | None = None
) -> Headline:
    return headline(totals(said, measure, group, DATES), rule)


measures, rules = st.sampled_from(MEASURES), st.sampled_from(Rule)


def test_an_open_total_starts_at_the_number_that_was_said_as_the_best() -> None:
    """One speaker: none to five civilians, about one; and an unnumbered lot of soldiers."""
    common = Claim(
        "i", Property.KILLED, "s", "speaker", SpeakerClass.OFFICIAL, value="1", low=0, high=5,
        modifier=Modifier.RANGE, victim_class=VictimClass.CIVILIANS,
    )  # fmt: skip
    vague = replace(
        common, value=None, low=None, high=None, modifier=Modifier.VAGUE,
        victim_class=VictimClass.OFFICIALS,
    )  # fmt: skip
    for rule in Rule:
        found = head([common, vague], Property.KILLED, rule)
        assert (found.low, found.best, found.high, str(found)) == (0, 1, 1, "0–≥1")


@given(claims(), measures, rules, st.sampled_from(GROUPS))
def test_low_best_and_high_are_in_order_or_all_unknown(
    said: list[Claim], measure: Property, rule: Rule, group: VictimGroup | None
) -> None:
    found = head(said, measure, rule, group)
    known = [found.low, found.best, found.high]
    if None in known:
        assert known == [None, None, None]
        assert str(found) == "unknown"
    else:
        assert 0 <= (found.low or 0) <= (found.best or 0) <= (found.high or 0)
        assert found.best_speaker in {c.asserted_by for c in said if c.property is measure}


@given(claims(), measures, rules, st.sampled_from(GROUPS), st.integers(0, 99))
def test_the_order_of_import_never_shows(
    said: list[Claim], measure: Property, rule: Rule, group: VictimGroup | None, seed: int
) -> None:
    other = list(said)
    random.Random(seed).shuffle(other)  # noqa: S311 - an order, not a secret
    assert head(said, measure, rule, group) == head(other, measure, rule, group)


@given(claims(), rules)
def test_killed_and_wounded_together_never_enter_either(said: list[Claim], rule: Rule) -> None:
    told_apart = [claim for claim in said if claim.property is not Property.CASUALTIES]
    for measure in (Property.KILLED, Property.WOUNDED):
        assert head(said, measure, rule) == head(told_apart, measure, rule)
    only = [claim for claim in said if claim.property is Property.CASUALTIES]
    assert not head(only, Property.KILLED, rule).known
    assert not head(only, Property.WOUNDED, rule).known


@given(claims(), measures, rules)
def test_what_is_not_known_is_not_zero(said: list[Claim], measure: Property, rule: Rule) -> None:
    vague = [
        replace(c, modifier=Modifier.VAGUE, value=None, low=None, high=None, subset_of=None)
        for c in said
    ]
    assert not head(vague, measure, rule).known
    assert head(vague, measure, rule).best is None
    # "None killed" is a number, and lowers the range to it.
    none_killed = Claim(
        "i", measure, "s", "nobody hurt", SpeakerClass.OFFICIAL, value="0", low=0, high=0,
        modifier=Modifier.EXACT, victim_class=VictimClass.UNSPECIFIED,
    )  # fmt: skip
    assert head([*vague, none_killed], measure, rule).best == 0
    assert head([*said, none_killed], measure, rule).low == 0
