"""Paragraphs and sentences of a text (tokens → sentences → mentions)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mapapp.reading.tokens import Token, tokens
from mapapp.reading.words import WORDS

#: A longer run of tokens without an end is cut: what looks around in a sentence stays bounded.
MAX_TOKENS = 220
_ENDS = frozenset(".!?…؟۔")
_CLOSING = frozenset("\"'”’»)]")
_OPENING = frozenset("\"'“‘«([")
#: Longer than a headline is.
_TITLE_TOKENS = 24


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens in a row. `paragraph` counts the non-empty lines from 0."""

    tokens: tuple[Token, ...]
    paragraph: int
    number: int
    heading: bool = False
    lows: tuple[str, ...] = field(default=(), repr=False)

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.tokens[-1].end


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each non-empty line."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, start + len(line)
        start += len(line)


def sentences(
    text: str, cut: Callable[[str, int, int], list[Token]] = tokens
) -> Iterator[Sentence]:
    """All sentences in order, one paragraph after the other; `cut` makes a paragraph's tokens."""
    number = 0
    for index, (start, end) in enumerate(paragraphs(text)):
        row = cut(text, start, end)
        heading = _is_heading(row, index)
        for part in _split(row):
            yield Sentence(tuple(part), index, number, heading, tuple(t.low for t in part))
            number += 1


def _is_heading(row: Sequence[Token], index: int) -> bool:
    """A short line that no mark ends: a title or a subtitle."""
    if not row or len(row) > _TITLE_TOKENS:
        return False
    last = row[-1].text
    return last not in _ENDS and last not in _CLOSING and (index == 0 or last not in ":;,")


def _split(row: Sequence[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for i, token in enumerate(row):
        part.append(token)
        done = len(part) >= MAX_TOKENS
        if len(token.text) > 2 and token.text[-1] == "." and token.text[0].islower():
            done = done or _ends_after(row, i)  # "p.m."
        if token.text in _ENDS:
            done = done or _ends_here(row, i)
        elif token.text in _CLOSING and len(part) > 1:
            before = part[-2]
            done = done or (before.text in _ENDS and _new_start(row, i + 1))
        if done:
            yield part
            part = []
    if part:
        yield part


def _ends_after(row: Sequence[Token], i: int) -> bool:
    """Whether a sentence ends with an abbreviation: no day of the week or month follows."""
    if i + 1 >= len(row):
        return True
    return row[i + 1].capital and row[i + 1].low not in WORDS.set("dates", "day_names")


def _ends_here(row: Sequence[Token], i: int) -> bool:
    if i + 1 >= len(row):
        return True
    before, after = row[i - 1] if i else None, row[i + 1]
    if before is not None and row[i].text == "." and before.end == row[i].start:
        initial = len(before.text) == 1 and before.capital and i > 1 and row[i - 2].capital
        if before.low in WORDS.abbreviations or initial:
            return False
        if after.start == row[i].end and after.word:
            return False
    if after.text in _CLOSING and after.start == row[i].end:
        return False  # the quotation mark belongs to the sentence
    return _new_start(row, i + 1)


def _new_start(row: Sequence[Token], i: int) -> bool:
    while i < len(row) and row[i].text in _OPENING:
        i += 1
    if i >= len(row) or row[i].capital or not row[i].word:
        return True
    first = row[i].text[0]
    return first.isdigit() or first.lower() == first.upper()  # letters without capitals
