"""Headline figures: the worked examples of docs/method.md, and properties of assembly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapapp.domain.claim import Claim, bounds
from mapapp.domain.headline import Total, cannot_all_hold, headline, totals
from mapapp.domain.vocab import (
    INDEPENDENCE,
    Modifier,
    Property,
    Rule,
    SpeakerClass,
    VictimClass,
    VictimGroup,
)

K = Property.KILLED


def killed(
    value: int | None,
    by: str,
    speaker_class: SpeakerClass,
    victims: VictimClass = VictimClass.UNSPECIFIED,
    modifier: Modifier = Modifier.EXACT,
    subset_of: VictimClass | None = None,
    asserted_on: date | None = None,
) -> Claim:
    low, high = bounds(value, modifier)
    return Claim(
        incident_id="i",
        property=K,
        source_id="s",
        asserted_by=by,
        speaker_class=speaker_class,
        value=None if value is None else str(value),
        low=low,
        high=high,
        modifier=modifier,
        victim_class=victims,
        subset_of=subset_of,
        asserted_on=asserted_on,
    )


AIRPORT = [
    killed(200, "Al-Hurra", SpeakerClass.MEDIA, VictimClass.CIVILIANS, Modifier.ABOUT),
    killed(13, "Al-Hurra", SpeakerClass.MEDIA, VictimClass.FOREIGN_FORCES),
]
AYBAK = [
    killed(19, "UNAMA", SpeakerClass.MONITOR),
    killed(20, "reports", SpeakerClass.MEDIA, VictimClass.CHILDREN,
           subset_of=VictimClass.UNSPECIFIED),
]  # fmt: skip
FAYZABAD = [
    killed(3, "ministry", SpeakerClass.PARTY, VictimClass.DE_FACTO_AUTHORITY_PERSONNEL),
    killed(6, "hospital", SpeakerClass.MEDICAL, modifier=Modifier.AT_LEAST),
]


@pytest.mark.parametrize(
    ("claims", "rule", "low", "best", "high", "text"),
    [
        (AIRPORT, Rule.INDEPENDENT_FIRST, 213, 213, 213, "~213"),
        (AYBAK, Rule.INDEPENDENT_FIRST, 19, 19, 20, "19–≥20"),
        (AYBAK, Rule.HIGHEST, 19, 20, 20, "19–≥20"),
        (FAYZABAD, Rule.INDEPENDENT_FIRST, 3, 6, 6, "3–≥6"),
        (FAYZABAD, Rule.LOWEST, 3, 3, 6, "3–≥6"),
        ([], Rule.INDEPENDENT_FIRST, None, None, None, "unknown"),
    ],
)
def test_worked_examples(
    claims: list[Claim], rule: Rule, low: int, best: int, high: int, text: str
) -> None:
    figure = headline(totals(claims, K), rule)
    assert (figure.low, figure.best, figure.high, str(figure)) == (low, best, high, text)


def test_attackers_are_counted_apart() -> None:
    claims = [
        killed(1, "reports", SpeakerClass.MEDIA, VictimClass.CIVILIANS),
        killed(2, "party leader", SpeakerClass.PARTY, VictimClass.ATTACKERS),
    ]
    assert str(headline(totals(claims, K))) == "1"
    assert str(headline(totals(claims, K, VictimGroup.ATTACKERS))) == "2"


def test_a_speaker_who_gives_the_whole_and_a_part_is_not_counted_twice() -> None:
    claims = [
        killed(10, "UNAMA", SpeakerClass.MONITOR),
        killed(4, "UNAMA", SpeakerClass.MONITOR, VictimClass.CIVILIANS),
    ]
    assert headline(totals(claims, K)).high == 10


def test_a_part_above_its_whole_is_a_self_contradiction() -> None:
    claims = [
        killed(10, "UNAMA", SpeakerClass.MONITOR, VictimClass.CIVILIANS),
        killed(12, "UNAMA", SpeakerClass.MONITOR, VictimClass.CHILDREN),
    ]
    (total,) = totals(claims, K)
    assert total.contradicts_itself
    assert (total.low, total.modifier) == (12, Modifier.AT_LEAST)


def test_the_later_statement_of_a_speaker_replaces_the_earlier() -> None:
    claims = [
        killed(3, "police", SpeakerClass.OFFICIAL, asserted_on=date(2022, 1, 1)),
        killed(5, "police", SpeakerClass.OFFICIAL, asserted_on=date(2022, 1, 2)),
    ]
    assert str(headline(totals(claims, K))) == "5"


def test_vague_figures_give_no_number() -> None:
    claims = [killed(None, "reports", SpeakerClass.MEDIA, modifier=Modifier.VAGUE)]
    assert not headline(totals(claims, K)).known


@pytest.mark.parametrize(
    ("value", "modifier", "expected"),
    [
        (18, Modifier.EXACT, (18, 18)),
        (200, Modifier.ABOUT, (200, 200)),
        (6, Modifier.AT_LEAST, (6, None)),
        (50, Modifier.OVER, (51, None)),
        (None, Modifier.VAGUE, (None, None)),
    ],
)
def test_bounds(value: int | None, modifier: Modifier, expected: tuple[int, int]) -> None:
    assert bounds(value, modifier) == expected


@st.composite
def casualty_claims(draw: st.DrawFn) -> list[Claim]:
    claims = []
    for number in range(draw(st.integers(0, 6))):
        modifier = draw(st.sampled_from([m for m in Modifier if m is not Modifier.RANGE]))
        value = None if modifier is Modifier.VAGUE else draw(st.integers(0, 500))
        claims.append(
            killed(
                value,
                f"speaker {draw(st.integers(0, 3))}",
                INDEPENDENCE[number % len(INDEPENDENCE)],
                draw(st.sampled_from(list(VictimClass))),
                modifier,
                draw(st.sampled_from([None, VictimClass.UNSPECIFIED])),
                draw(st.sampled_from([None, date(2022, 1, 1), date(2022, 1, 2)])),
            )
        )
    return claims


@given(casualty_claims(), st.sampled_from(list(Rule)))
def test_best_lies_between_low_and_high(claims: list[Claim], rule: Rule) -> None:
    figure = headline(totals(claims, K), rule)
    if figure.known:
        assert figure.low is not None
        assert figure.best is not None
        assert figure.high is not None
        assert figure.low <= figure.best <= figure.high
        assert figure.low >= 0


@given(casualty_claims())
def test_the_rule_changes_only_the_best(claims: list[Claim]) -> None:
    figures = [headline(totals(claims, K), rule) for rule in Rule]
    assert len({(f.low, f.high, f.high_modifier) for f in figures}) == 1
    by_rule = {f.rule: f.best for f in figures}
    if figures[0].known:
        assert by_rule[Rule.LOWEST] == figures[0].low
        assert by_rule[Rule.HIGHEST] == figures[0].high


@given(casualty_claims(), st.randoms(use_true_random=False))
def test_order_of_claims_does_not_matter(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = headline(totals(claims, K)), headline(totals(shuffled, K))
    assert (first.low, first.best, first.high) == (second.low, second.best, second.high)


@pytest.mark.parametrize(
    ("claims", "differ"),
    [
        (FAYZABAD, True),
        (AYBAK, True),
        (AIRPORT, False),
        (
            [
                killed(2, "ministry", SpeakerClass.PARTY),
                killed(2, "media", SpeakerClass.MEDIA, modifier=Modifier.AT_LEAST),
            ],
            False,
        ),
        ([killed(5, "a", SpeakerClass.MEDIA), killed(6, "b", SpeakerClass.MEDIA)], True),
        ([], False),
    ],
)
def test_figures_differ_where_no_number_fits_all(claims: list[Claim], differ: bool) -> None:
    assert cannot_all_hold(totals(claims, K)) is differ


@given(casualty_claims())
def test_attackers_never_enter_the_headline(claims: list[Claim]) -> None:
    others = [c for c in claims if c.victim_class is not VictimClass.ATTACKERS]
    assert headline(totals(claims, K)) == headline(totals(others, K))


def test_estimated_parts_of_a_coded_range_do_not_lift_its_low() -> None:
    """GED: low 3, best 8, high 10, of which (best estimates) 5 civilians and 3 of one side."""
    whole = replace(
        killed(8, "UCDP", SpeakerClass.ANALYST), low=3, high=10, modifier=Modifier.RANGE
    )
    part = killed(5, "UCDP", SpeakerClass.ANALYST, VictimClass.CIVILIANS, Modifier.ABOUT)
    (total,) = totals([whole, part], K)
    assert (total.low, total.best, total.high, total.contradicts_itself) == (3, 8, 10, False)


@pytest.mark.parametrize(
    ("modifier", "is_open", "words"),
    [
        (Modifier.AT_LEAST, True, "3–≥6"),
        (Modifier.OVER, True, "3–>6"),
        (Modifier.EXACT, False, "3–6"),
        (Modifier.ABOUT, False, "3–~6"),
    ],
)
def test_the_high_end_is_open_where_the_highest_figure_is_a_lower_bound(
    modifier: Modifier, is_open: bool, words: str
) -> None:
    claims = [
        killed(3, "A", SpeakerClass.MEDIA),
        killed(6, "B", SpeakerClass.MONITOR, modifier=modifier),
    ]
    shown = headline(totals(claims, K))
    assert (shown.high_open, str(shown)) == (is_open, words)


def test_an_open_lower_figure_leaves_the_high_end_closed() -> None:
    claims = [
        killed(3, "A", SpeakerClass.MEDIA, modifier=Modifier.AT_LEAST),
        killed(6, "B", SpeakerClass.MONITOR),
    ]
    shown = headline(totals(claims, K))
    assert not shown.high_open
    assert str(shown) == "3–6"
    assert not headline([]).high_open


@pytest.mark.parametrize(
    ("firmer", "looser"),
    list(pairwise([Modifier.EXACT, Modifier.RANGE, Modifier.AT_LEAST, Modifier.OVER,
                   Modifier.ABOUT])),
)  # fmt: skip
@pytest.mark.parametrize("rule", list(Rule))
def test_of_like_figures_the_firmer_one_is_the_best(
    firmer: Modifier, looser: Modifier, rule: Rule
) -> None:
    day = date(2022, 1, 1)

    def said(name: str, modifier: Modifier) -> Total:
        # the same bounds for all, so that nothing but the way it is put tells them apart
        return Total(name, SpeakerClass.MEDIA, 5, 5, 5, modifier, day)

    both = [said("A", looser), said("B", firmer)]  # by name the looser one would come first
    for given_order in (both, both[::-1]):
        assert headline(given_order, rule).best_speaker == "B"
