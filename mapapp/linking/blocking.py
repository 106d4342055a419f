"""Pairs worth comparing: near in place (Morton cells) and in time (sorted days), of any number.

Every pair within `NEAR_M` of each other's discs and `NEAR_DAYS` of each other's intervals is found,
once; what is farther apart is never looked at, and what has no place on the map is compared within
its country alone. Within a cell incidents stand sorted by their first
day, so that a record's partners are one slice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mapapp.linking.subjects import NONE, Flags, Ints, Subjects
from mapapp.snapshot.mercator import morton, project
from mapapp.snapshot.schema import MERCATOR_BITS

#: Two records farther apart than this, less both radii, are not compared. Metres.
NEAR_M = 25_000.0

#: Nor are two whose intervals lie farther apart than this. Days.
NEAR_DAYS = 3

#: A cell is a square of the web-mercator plane, 1/1024 of its width: 32 km wide at 34° north.
_CELL_BITS = 10

#: Records with a greater radius (provinces, mostly) are paired by province, not by cells.
_WIDE_M = 60_000.0

#: 1/64 of the plane's width, for wide records abroad, of which no province code is known.
_WIDE_BITS = 6

_M_PER_DEGREE = 111_000.0

#: Intervals up to this are short; the long ones (years, "before May") are few. Days.
_SHORT_DAYS = 31

#: Pairs made at once: bounds the memory.
_AT_ONCE = 2_000_000


def candidate_pairs(subjects: Subjects) -> Iterator[tuple[Ints, Ints]]:
    """Index arrays (left, right) in portions; a pair stands once in a portion, left < right.

    A pair may come again in another portion where it shares several cells.
    """
    usable = subjects.dated
    placed = usable & subjects.placed
    wide = placed & (subjects.radius_m > _WIDE_M)
    yield from _joined(*_cells(subjects, placed & ~wide, _CELL_BITS), subjects, None)
    if wide.any():
        coded = subjects.adm1 != NONE
        blocks = np.flatnonzero(placed & coded)
        yield from _joined(subjects.adm1[blocks], blocks, subjects, wide)
        abroad = placed & ~coded
        if (wide & ~coded).any():
            yield from _joined(*_cells(subjects, abroad, _WIDE_BITS), subjects, wide)
    unplaced = usable & ~subjects.placed
    if unplaced.any():
        blocks = np.flatnonzero(usable)
        yield from _joined(subjects.country[blocks], blocks, subjects, unplaced)


def _cells(subjects: Subjects, which: Flags, bits: int) -> tuple[Ints, Ints]:
    """(cell, index), one for each cell that a record's disc and half the margin reach into."""
    index = np.flatnonzero(which)
    lat, lng = subjects.lat[index], subjects.lng[index]
    reach = (subjects.radius_m[index] + NEAR_M / 2) / _M_PER_DEGREE
    across = reach / np.maximum(0.05, np.cos(np.radians(np.clip(np.abs(lat) + reach, 0, 89))))
    west, north = project(lat + reach, lng - across)
    east, south = project(lat - reach, lng + across)
    shift = MERCATOR_BITS - bits
    left, right, top, bottom = (edge >> shift for edge in (west, east, north, south))
    wide, high = right - left + 1, bottom - top + 1
    copies = wide * high
    owner = np.repeat(np.arange(len(index)), copies)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(copies) - copies, copies)
    x = left[owner] + place % wide[owner]
    y = top[owner] + place // wide[owner]
    return morton(x, y), index[owner]


def _joined(
    cells: Ints, index: Ints, subjects: Subjects, needed: Flags | None
) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of one cell whose intervals come near; one side at least is `needed`, if given."""
    known = cells != NONE
    cells, index = cells[known], index[known]
    if needed is None:
        yield from _sweep(cells, index, subjects)
        return
    # A needed record against the many short intervals: those begin at most so long before it.
    short = (subjects.end - subjects.start) <= _SHORT_DAYS
    yield from _against(cells, index, subjects, needed, short)
    # Against each other and the long intervals, of which there are few.
    few = needed[index] | ~short[index]
    for left, right in _sweep(cells[few], index[few], subjects):
        subjects_kept = needed[left] | needed[right]
        yield left[subjects_kept], right[subjects_kept]


def _sweep(cells: Ints, index: Ints, subjects: Subjects) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of one cell: sorted by first day, a record's later partners are one slice."""
    index, keys, at = _ordered(cells, index, subjects)
    ends = np.searchsorted(keys, at(index, subjects.end + NEAR_DAYS), side="right")
    begins = np.arange(len(index)) + 1
    yield from _pairs(index, begins, ends, index, subjects)


def _against(
    cells: Ints, index: Ints, subjects: Subjects, needed: Flags, short: Flags
) -> Iterator[tuple[Ints, Ints]]:
    index, keys, at = _ordered(cells, index, subjects)
    members = np.flatnonzero(needed[index])
    others = np.flatnonzero(short[index])
    keys = keys[others]
    earliest = at(index, subjects.start - _SHORT_DAYS - NEAR_DAYS)[members]
    begins = np.searchsorted(keys, earliest, side="left")
    ends = np.searchsorted(keys, at(index, subjects.end + NEAR_DAYS)[members], side="right")
    yield from _pairs(index[members], begins, ends, index[others], subjects)


def _ordered(
    cells: Ints, index: Ints, subjects: Subjects
) -> tuple[Ints, Ints, Callable[[Ints, Ints], Ints]]:
    """Indices by cell and first day, their keys, and the key of another day in the same cell."""
    order = np.lexsort((index, subjects.start[index], cells))
    index, cells = index[order], cells[order]
    _, groups = np.unique(cells, return_inverse=True)
    first = int(subjects.start.min(initial=0)) - _SHORT_DAYS - NEAR_DAYS
    reach = int(subjects.end.max(initial=0)) - first + NEAR_DAYS + 2

    def at(which: Ints, days: Ints) -> Ints:
        return np.asarray(groups * reach + (days[which] - first), np.int64)

    return index, at(index, subjects.start), at


def _pairs(
    members: Ints, begins: Ints, ends: Ints, others: Ints, subjects: Subjects
) -> Iterator[tuple[Ints, Ints]]:
    """Each of `own` with `others[begin:end]`, in portions, where their intervals come near."""
    counts = np.maximum(ends - begins, 0)
    done = np.cumsum(counts)
    start = 0
    while start < len(members):
        before = int(done[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(done, before + _AT_ONCE, side="right")))
        sizes = counts[start:stop]
        one = np.repeat(np.arange(start, stop), sizes)
        nth = np.arange(len(one)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        a, b = members[one], others[begins[one] + nth]
        gap = np.maximum(subjects.start[a], subjects.start[b]) - np.minimum(
            subjects.end[a], subjects.end[b]
        )
        pairs_kept = (a != b) & (gap <= NEAR_DAYS)
        left, right = np.minimum(a, b)[pairs_kept], np.maximum(a, b)[pairs_kept]
        pairs = np.unique(left * len(subjects) + right)
        if len(pairs):
            yield pairs // len(subjects), pairs % len(subjects)
        start = stop
