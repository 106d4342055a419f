"""One filter: all that a part of a selection is, in one entry (selection → expression, sentence,
link, panel, `/api`, series, exports).

An entry says its parameters, the condition it sets, its words and its place in the panel. What else
there is of a filter derives from these. Entries of four sorts stand in `table.py`: lists of codes,
ranges of a figure, flags, and those that are like no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, Literal

from mapapp.domain.actors import actor
from mapapp.domain.incident import Incident
from mapapp.domain.selection import Selection
from mapapp.domain.vocab import label
from mapapp.query.filters import params
from mapapp.query.filters.conditions import figure_within, holds_any, one_of
from mapapp.query.filters.words import Labels, either, number_words
from mapapp.snapshot.schema import INCIDENTS, TEXTS

Expr = Any

DEFAULTS: dict[str, Any] = {
    field.name: field.default for field in fields(Selection) if field.default is not MISSING
}

#: What the text of a parameter holds; `choice` is one code, `codes` are any number of them.
ParamKind = Literal[
    "codes", "choice", "day", "flag", "range", "text", "circle", "corridor", "polygon",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a link or of `/api`.

    `about` says what it keeps, for the documentation of `/api`; `choices` are the codes it may
    have, None where the data decide. `parse` gives the fields it sets, or raises Fault; `format`
    gives its text, empty where it is the default.
    """

    name: str
    kind: ParamKind
    about: str
    parse: Callable[[str], dict[str, Any]]
    format: Callable[[Selection], str]
    choices: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One part of a selection.

    `part` is its name, `heading` what the panel calls it. `first` ones stand at the top of the
    panel, the others under "More filters", each in the order of the table. `compared` names two
    selections that differ in this part alone; without it nothing is compared by it.
    """

    part: str
    heading: str
    first: bool = False
    compared: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of `Selection` that it is made of."""
        return (self.part,)

    @property
    def params(self) -> tuple[Param, ...]:
        """Its parameters, in the order of a link."""
        raise NotImplementedError

    def expression(self, table: Expr, selection: Selection) -> Expr | None:
        """The condition on incidents; None where the part does not restrict."""
        raise NotImplementedError

    def phrase(self, selection: Selection, labels: Labels) -> str:
        """Its fragment of the sentence."""
        raise NotImplementedError

    def chip(self, selection: Selection, labels: Labels) -> str:
        """Its short form, which stands alone."""
        raise NotImplementedError

    def active(self, selection: Selection) -> bool:
        """Whether the part differs from its default."""
        return any(getattr(selection, name) != DEFAULTS[name] for name in self.fields)

    def lifted(self, selection: Selection) -> Selection:
        """The selection without this part."""
        return replace(selection, **{name: DEFAULTS[name] for name in self.fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Filter):
    """A part that is a list of codes, any of which may match; a series can be broken down by it.

    param, about: its parameter, see `Param`.
    column: the column of incidents that holds a code, or a list of them.
    known: the codes there are, None where the data decide.
    says, one_says: what the sentence, and the chip of one code, make of the words "{}".
    word_of: words of a code that the data have no label for.
    of_actors: the codes are actors, which may belong to others.
    top: the options that the panel shows at once.
    condition, sentence: in place of the usual ones, where parts depend on each other.
    lifts: a flag that an option does not need: what it names is asked for, and so not left out.
    shown, of_incident: tables, exports and the standalone page have the codes of an incident, too.
    """

    param: str
    about: str
    column: str
    known: tuple[str, ...] | None = None
    says: str = "{}"
    one_says: str = "{}"
    joined_by: str = "or"
    word_of: Callable[[str], str] = label
    of_actors: bool = False
    top: int = 5
    condition: Callable[[Expr, Selection], Expr | None] | None = None
    sentence: Callable[[Selection, Labels], str] | None = None
    of_incident: Callable[[Incident], Sequence[str]] = lambda _: ()
    shown: bool = False
    lifts: str = ""

    @property
    def many(self) -> bool:
        """Whether an incident has several of the codes."""
        return bool(INCIDENTS.field(self.column).type == TEXTS)

    @property
    def params(self) -> tuple[Param, ...]:
        """Its one parameter."""

        def parse(text: str) -> dict[str, Any]:
            return {self.part: params.read_codes(text, self.known)}

        def write(s: Selection) -> str:
            return params.write_codes(self.chosen(s))

        return (Param(self.param, "codes", self.about, parse, write, self.known),)

    def chosen(self, selection: Selection) -> tuple[str, ...]:
        """The codes that a selection asks for."""
        codes: tuple[str, ...] = getattr(selection, self.part)
        return codes

    def expression(self, table: Expr, selection: Selection) -> Expr | None:
        """Whether an incident has one of the codes."""
        if self.condition is not None:
            return self.condition(table, selection)
        matches = holds_any if self.many else one_of
        return matches(table[self.column], self.chosen(selection))

    def word(self, labels: Labels, code: str) -> str:
        """The words for a code; the code itself where none are known."""
        return labels.get(self.part, {}).get(code) or self.word_of(code)

    def option(self, labels: Labels, code: str) -> str:
        """The same for a list of options: an organisation names the one it belongs to."""
        parent = actor(code).parent if self.of_actors else None
        words = self.word(labels, code)
        return f"{words} (in {actor(parent).short})" if parent else words

    def phrase(self, selection: Selection, labels: Labels) -> str:
        """The words of all codes, joined."""
        if self.sentence is not None:
            return self.sentence(selection, labels)
        return self.says.format(self.chip(selection, labels))

    def chip(self, selection: Selection, labels: Labels) -> str:
        """The words of all codes, joined, and nothing else."""
        return either((self.word(labels, code) for code in self.chosen(selection)), self.joined_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Filter):
    """A part that is a range of a reported figure; `part` is `killed` or `wounded`."""

    about: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Its two ends."""
        return (f"{self.part}_min", f"{self.part}_max")

    @property
    def params(self) -> tuple[Param, ...]:
        """Its one parameter."""

        def parse(text: str) -> dict[str, Any]:
            return dict(zip(self.fields, params.read_range(text), strict=True))

        def write(s: Selection) -> str:
            return params.write_range(*self.ends(s))

        return (Param(self.part, "range", self.about, parse, write),)

    def ends(self, selection: Selection) -> tuple[int | None, int | None]:
        """Least and most of a selection."""
        least, most = (getattr(selection, name) for name in self.fields)
        return least, most

    def expression(self, table: Expr, selection: Selection) -> Expr | None:
        """Whether what is reported can lie in the range."""
        return figure_within(table, self.part, *self.ends(selection))

    def phrase(self, selection: Selection, labels: Labels) -> str:
        """ "with 2–20 reported killed"."""
        return f"with {self.chip(selection, labels)}"

    def chip(self, selection: Selection, labels: Labels) -> str:
        """ "2–20 reported killed"."""
        return f"{number_words(*self.ends(selection))} reported {self.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Filter):
    """Incidents that stay out of every total unless asked for; `part` is their column, too.

    `unless` is a part that decides in its place where anything is chosen of it.
    """

    about: str
    words: str
    unless: str = ""

    @property
    def params(self) -> tuple[Param, ...]:
        """Its one parameter."""
        return (flag_param(self.part, self.part, self.about),)

    def expression(self, table: Expr, selection: Selection) -> Expr | None:
        """Whether an incident is none of them."""
        asked_for = getattr(selection, self.part) or self._decided(selection)
        return None if asked_for else ~table[self.part]

    def active(self, selection: Selection) -> bool:
        """Whether they are asked for here."""
        return Filter.active(self, selection) and not self._decided(selection)

    def _decided(self, selection: Selection) -> bool:
        return bool(self.unless and getattr(selection, self.unless))

    def phrase(self, selection: Selection, labels: Labels) -> str:
        """What the sentence adds at its end."""
        return self.words

    def chip(self, selection: Selection, labels: Labels) -> str:
        """ "also abroad"."""
        return f"also {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Special(Filter):
    """A part like no other: it brings its own fields, parameters, condition and words.

    `left` makes of a selection without the part what else has lost its meaning.
    """

    made_of: tuple[str, ...]
    given_by: tuple[Param, ...]
    condition: Callable[[Expr, Selection], Expr | None]
    says: Callable[[Selection], str]
    chip_says: Callable[[Selection], str]
    left: Callable[[Selection], Selection] = lambda selection: selection

    @property
    def fields(self) -> tuple[str, ...]:
        """As given."""
        return self.made_of

    @property
    def params(self) -> tuple[Param, ...]:
        """As given."""
        return self.given_by

    def expression(self, table: Expr, selection: Selection) -> Expr | None:
        """As given."""
        return self.condition(table, selection)

    def phrase(self, selection: Selection, labels: Labels) -> str:
        """As given."""
        return self.says(selection)

    def chip(self, selection: Selection, labels: Labels) -> str:
        """As given."""
        return self.chip_says(selection)

    def lifted(self, selection: Selection) -> Selection:
        """The selection without this part, and without what only it gave a meaning."""
        return self.left(Filter.lifted(self, selection))


def flag_param(field: str, name: str, about: str) -> Param:
    """A parameter that is there or not."""
    return Param(
        name, "flag", about,
        lambda text: {field: params.read_flag(text)},
        lambda s: "1" if getattr(s, field) else "",
    )  # fmt: skip


def day_param(field: str, name: str, about: str) -> Param:
    """A parameter that is a day."""

    def write(s: Selection) -> str:
        day = getattr(s, field)
        return day.isoformat() if day else ""

    return Param(name, "day", about, lambda text: {field: params.read_day(text)}, write)
