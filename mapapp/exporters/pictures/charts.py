"""The charts as a picture: incidents over time, by attribution kind and by province (claims →
SVG).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from mapapp.domain.countries import named_province
from mapapp.domain.incident import Incident
from mapapp.domain.vocab import DISPLAY_KINDS, label
from mapapp.domain.wording import MONTHS
from mapapp.exporters import terms
from mapapp.exporters.extract import Extract
from mapapp.exporters.pictures.svg import KINDS, LINE, SOFT, Picture, lines, width_of, wrapped
from mapapp.exporters.totals import figures_line

WIDTH: Final = 1200.0
MARGIN: Final = 28.0
_BLUE: Final = "#33658a"

#: More bars than this would be thinner than a line.
_MAX_BARS: Final = 240
_MAX_ROWS: Final = 15

Step = Literal["month", "year"]


@dataclass(frozen=True, slots=True)
class Bars:
    """Incidents by time: index of the first bar (months or years since year 0), and counts.

    `possible` counts, in each bar they can lie in, those that span several bars.
    """

    step: Step
    first: int
    certain: tuple[int, ...]
    possible: tuple[int, ...]
    undated: int


def bars(incidents: tuple[Incident, ...]) -> Bars:
    """The bars of incidents; one without a first or last day lies in the bar of the other."""
    spans: list[tuple[date, date]] = []
    undated = 0
    for incident in incidents:
        when = incident.record.date
        first, last = when.earliest or when.latest, when.latest or when.earliest
        if first is None or last is None:
            undated += 1
        else:
            spans.append((first, last))
    if not spans:
        return Bars("month", 0, (), (), undated)
    begin, end = min(first for first, _ in spans), max(last for _, last in spans)
    step: Step = "month" if _index(end, "month") - _index(begin, "month") < _MAX_BARS else "year"
    start = _index(begin, step)
    size = _index(end, step) - start + 1
    certain, possible = [0] * size, [0] * size
    for first, last in spans:
        low, high = _index(first, step) - start, _index(last, step) - start
        if low == high:
            certain[low] += 1
        else:
            for at in range(low, high + 1):
                possible[at] += 1
    return Bars(step, start, tuple(certain), tuple(possible), undated)


def _index(day: date, step: Step) -> int:
    return day.year * 12 + day.month - 1 if step == "month" else day.year


def write(extract: Extract) -> bytes:
    """The picture as SVG, 1200 px wide."""
    return draw(extract).bytes()


def draw(extract: Extract) -> Picture:
    """The picture from top to bottom: heading, time, kinds and provinces side by side, notes."""
    inner = WIDTH - 2 * MARGIN
    heading = wrapped(extract.sentence, inner, 26, 2)
    summary = wrapped(figures_line(extract.incidents, extract.rule), inner, 15, 2)
    time = bars(extract.incidents)
    provinces = _provinces(extract.incidents)
    top = MARGIN + 34 * len(heading) + 21 * len(summary) + 40
    tables_top = top + 300
    notes = _notes(extract, time)
    note_lines = [line for note in notes for line in wrapped(note, inner, 12.5, 3)]
    height = tables_top + 40 + 25 * max(7, len(provinces)) + 17.5 * len(note_lines) + MARGIN
    picture = Picture(WIDTH, height, extract.sentence, " ".join((summary[0], *notes)))
    y = lines(picture, MARGIN, MARGIN + 20, heading, 26, font_weight="700")
    lines(picture, MARGIN, y - 6, summary, 15, fill=SOFT)
    picture.text(MARGIN, top - 10, f"Incidents a {time.step}", 15, font_weight="600")
    _time(picture, time, MARGIN + 34, top + 6, inner - 34, 210)
    kinds = Counter(incident.display_kind for incident in extract.incidents)
    _rows(picture, MARGIN, tables_top, (inner - 48) / 2, "Attribution",
          [(label(kind), kinds[kind], KINDS[kind][0]) for kind in DISPLAY_KINDS])  # fmt: skip
    _rows(picture, MARGIN + (inner + 48) / 2, tables_top, (inner - 48) / 2, "By province",
          [(name, number, _BLUE) for name, number in provinces])  # fmt: skip
    lines(picture, MARGIN, height - MARGIN - 17.5 * (len(note_lines) - 1), note_lines, 12.5,
          fill=SOFT)  # fmt: skip
    return picture


def _provinces(incidents: tuple[Incident, ...]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for incident in incidents:
        record = incident.record
        counts[named_province(record.place.adm1_name, record.country) or "not stated"] += 1
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = rows[_MAX_ROWS - 1 :]
    if len(rows) > _MAX_ROWS:
        rows = [
            *rows[: _MAX_ROWS - 1],
            (f"{len(rest)} others", sum(number for _, number in rest)),
        ]
    return rows


def _notes(extract: Extract, time: Bars) -> list[str]:
    notes = []
    if any(time.possible):
        notes.append(
            f"Hatched: incidents whose date is known only to a span of {time.step}s, counted in "
            "each that they can lie in."
        )
    if time.undated:
        notes.append(f"{time.undated} without any day are in no bar.")
    return [
        *notes,
        *extract.notes,
        f"{terms.made_line(extract)}. Absence of incidents is not safety.",
        "Sources: " + "; ".join(dict.fromkeys(s.publisher for s in extract.sources.values())),
    ]


def _time(
    picture: Picture, time: Bars, left: float, top: float, width: float, height: float
) -> None:
    both = [a + b for a, b in zip(time.certain, time.possible, strict=True)]
    most = max(both, default=0)
    if not most:
        picture.text(left, top + 40, "No incident has a date.", 14, fill=SOFT)
        return
    step = _tick(most)
    ceiling = -(-most // step) * step
    for value in range(0, ceiling + 1, step):
        y = top + height - height * value / ceiling
        picture.path(f"M{left} {y:.1f}H{left + width}", stroke=LINE, stroke_width=1)
        picture.text(left - 8, y + 4, f"{value:,}", 12, text_anchor="end", fill=SOFT)
    slot = width / len(both)
    bar = max(1.0, min(slot - 1.5, 40.0))
    for at, (certain, possible) in enumerate(zip(time.certain, time.possible, strict=True)):
        x = left + slot * at + (slot - bar) / 2
        solid = height * certain / ceiling
        hatched = height * possible / ceiling
        if certain:
            picture.rect(x, top + height - solid, bar, solid, fill=_BLUE)
        if possible:
            picture.rect(
                x, top + height - solid - hatched, bar, hatched,
                fill=picture.hatch("hatch-time", _BLUE, 5, 1.0), stroke=_BLUE, stroke_width=0.8,
            )  # fmt: skip
    _time_labels(picture, time, left, top + height + 18, slot)


def _time_labels(picture: Picture, time: Bars, left: float, y: float, slot: float) -> None:
    last_end = -1e9
    for at in range(len(time.certain)):
        index = time.first + at
        if time.step == "year":
            words = str(index)
        elif len(time.certain) > 40 and index % 12:
            continue
        else:
            words = f"{MONTHS[index % 12]} {index // 12}"
        x = left + slot * (at + 0.5)
        half = width_of(words, 12) / 2
        if x - half < last_end + 10:
            continue
        last_end = x + half
        picture.text(x, y, words, 12, text_anchor="middle", fill=SOFT)


def _tick(most: int) -> int:
    """A step of 1, 2 or 5 times a power of ten that gives up to six lines."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * 6 >= most:
                return size * factor
        size *= 10


def _rows(
    picture: Picture, x: float, top: float, width: float, title: str,
    rows: list[tuple[str, int, str]],
) -> None:  # fmt: skip
    picture.text(x, top, title, 15, font_weight="600")
    most = max((number for _, number, _ in rows), default=0)
    for at, (words, number, colour) in enumerate(rows):
        y = top + 24 + 25 * at
        picture.text(x + 150, y + 4, words, 13, text_anchor="end", fill=SOFT)
        length = (width - 220) * number / most if most else 0
        if number:
            picture.rect(x + 160, y - 8, max(2.0, length), 17, fill=colour)
        picture.text(x + 168 + length, y + 5, f"{number:,}", 13)
