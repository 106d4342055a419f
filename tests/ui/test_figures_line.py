"""The line of figures and its explanations."""

from mapapp.domain.vocab import Rule, VictimGroup
from mapapp.query import Figures, RangeTotal
from mapapp.ui.head.figures_line import breakdown_html, figures_html, tip


def total(
    low: int | None = None, high: int | None = None, *, is_open: bool = False, unknown: int = 0
) -> RangeTotal:
    return RangeTotal(low, low, high, is_open, unknown, Rule.LOWEST)


def figures(not_mappable: int = 2, incidents: int = 19, certain: int = 17) -> Figures:
    return Figures(
        incidents=incidents,
        certain=certain,
        killed=total(96, 118, is_open=True, unknown=3),
        wounded=total(),
        unclaimed=6,
        no_statement=1,
        not_mappable=not_mappable,
        undated=0,
        disputed=4,
    )


def test_ranges() -> None:
    assert str(total(96, 118)) == "96–118"
    assert str(total(3, 6, is_open=True)) == "3–≥6"
    assert str(total()) == "unknown"
    assert str(total(0, 0)) == "0"


def test_the_tip_names_the_rule_its_sum_and_what_is_missing() -> None:
    words = tip(figures().killed)
    assert "lowest" in words
    assert "In sum: 96" in words
    assert "3 incidents without a number; not known is not zero" in words
    assert "at least" in words


def test_the_line_tells_possible_from_certain_where_they_differ() -> None:
    line = figures(incidents=1716, certain=1067)
    assert "(surely 1,067, possibly 649 more)" in figures_html(line)
    assert "possibly" not in figures_html(figures(incidents=5, certain=5))


def test_not_mappable_stands_once() -> None:
    assert "not mappable" in figures_html(figures())
    assert "not mappable" not in figures_html(figures(), apart={"not mappable"})


def test_where_sources_differ_stands_once() -> None:
    assert "where sources differ" in figures_html(figures())
    assert "where sources differ" not in figures_html(figures(), apart={"disputed"})


def test_the_breakdown_always_has_civilians_security_and_attackers() -> None:
    groups = {group: (total(), total()) for group in VictimGroup}
    groups[VictimGroup.CIVILIANS] = (total(5, 1200), total())
    html = breakdown_html(groups)
    for words in ("civilians", "security forces and officials", "attackers", "5–1,200"):
        assert words in html
    assert "armed groups" not in html
