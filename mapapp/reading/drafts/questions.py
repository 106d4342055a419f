"""What a page leaves open, as questions for a person (incidents → drafts)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mapapp.domain.vocab import label
from mapapp.reading.model import Day, Figure, Question, Span, Where


def questions(
    day: Day | None, where: Where | None, figures: Sequence[Figure], doubted: Iterable[Span]
) -> tuple[Question, ...]:
    """Those of one draft; `doubted` are sentences that name another cause than an attack."""
    rows = [*_of_day(day), *_of_place(where), *_together(figures), *_of_speakers(figures)]
    rows += [
        Question("cause-disputed", "The page names another cause, too: was it an attack?",
                 "incident", span)
        for span in doubted
    ]  # fmt: skip
    return tuple(rows)


def over_several(span: Span, words: str) -> Question:
    """A figure that the page gives for several attacks together."""
    text = f"“{words}” is of several attacks together and stands in none. Is it said of one?"
    return Question("figure-over-several-attacks", text, "figures", span)


def _of_day(day: Day | None) -> Iterator[Question]:
    if day is None:
        return
    interval = day.interval
    if interval.earliest is None and interval.latest is None:
        text = f"Which day is “{day.words}”? The page does not say."
        yield Question("date-open", text, "date", day.span)
    if day.rule == "day-of-the-word":
        text = f"“{day.words}” is the day on which it was said. When was the attack?"
        yield Question("day-of-the-word", text, "date", day.span)
    if "differ" in interval.derivation:
        text = f"“{day.words}”: the weekday is not that of the date. Which one holds?"
        options = (str(interval.earliest), str(interval.latest))
        yield Question("weekday-and-date-differ", text, "date", day.span, options)


def _of_place(where: Where | None) -> Iterator[Question]:
    if where is not None and where.place.ambiguous:
        places = (where.place, *where.others)
        options = tuple(f"{p.name} ({label(str(p.geo_precision))})" for p in places)
        text = f"Which place is “{where.words}”?"
        yield Question("place-ambiguous", text, "place", where.span, options)


def _together(figures: Sequence[Figure]) -> Iterator[Question]:
    for figure in figures:
        if figure.property == "casualties":
            text = (
                f"“{figure.words}” counts killed and wounded together. "
                "It stays so unless the page says more."
            )
            yield Question("killed-and-wounded-together", text, "figures", figure.span)


def _of_speakers(figures: Sequence[Figure]) -> Iterator[Question]:
    by: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        if figure.low is not None and figure.subset_of is None and figure.speaker.name:
            by.setdefault((figure.speaker.name, str(figure.property)), []).append(figure)
    for (name, measure), same in by.items():
        several = len({(f.low, f.high) for f in same}) > 1
        if several and len({f.victim_class for f in same}) == 1:
            text = f"{name} gives several figures of {measure}. Which is the last?"
            options = tuple(f.words for f in same)
            yield Question("two-figures-of-one-speaker", text, "figures", same[-1].span, options)
