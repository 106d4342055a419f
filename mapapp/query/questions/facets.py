"""Options of a filter with the number of incidents each would leave (selection → facets)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.query.filters import geo
from mapapp.query.filters.params import printable
from mapapp.query.filters.table import CODES
from mapapp.query.filters.words import Labels
from mapapp.query.tables import Query, incidents_in, weight

Expr = Any


@dataclass(frozen=True, slots=True)
class Facet:
    """One option: its code, words, and how many incidents choosing it alone would leave."""

    code: str
    label: str
    count: int


#: What is chosen of the other parts of a statement: groups, kinds, speakers.
Narrowing = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]

_STATEMENT = ("groups", "kinds", "speakers")


def facet_question(part: str, narrowed_by: Narrowing | tuple[()] = ()) -> Query:
    """Rows (code, n) of a part's options among the selected incidents.

    `narrowed_by` are the chosen groups, kinds and speakers but those of the part itself: an option
    then counts the incidents of which one statement has it all.
    """
    entry = CODES[part]

    def query(t: Expr) -> Expr:
        if narrowed_by:
            groups, kinds, speakers = narrowed_by
            if speakers or part == "speakers":
                return _voice_query(t, part, narrowed_by)
            return _token_query(t, part, kinds if part == "groups" else groups)
        if entry.many and "n" not in t.columns:
            t = _lists(t, entry.column)
        column = t[entry.column]
        codes = t.select(code=column.unnest() if entry.many else column, **weight(t))
        codes = codes.filter(codes.code.notnull())
        return codes.group_by("code").aggregate(n=incidents_in(codes))

    reads = None if narrowed_by else frozenset({entry.column})
    return Query(("facet", part, narrowed_by), query, reads)


def _lists(t: Expr, column: str) -> Expr:
    """Each list that occurs in a column, with `n` incidents and `row`, one of them.

    Few lists are as many as incidents: what is in them is taken apart once, not a million times.
    """
    return t.group_by(column).aggregate(n=t.count().cast("int64"), row=t.row.min())


def _counted(pairs: Expr) -> Expr:
    """Incidents of each code, of rows (row, code, n) in which a list may name a code twice."""
    once = pairs.select("row", "code", "n").distinct()
    return once.group_by("code").aggregate(n=once.n.sum().cast("int64"))


def narrowing(selection: Selection, part: str) -> Narrowing | tuple[()]:
    """What `facet_query` is narrowed by."""
    if part not in _STATEMENT:
        return ()
    chosen = {name: getattr(selection, name) for name in _STATEMENT} | {part: ()}
    lists = (chosen["groups"], chosen["kinds"], chosen["speakers"])
    return lists if any(lists) else ()


def _voice_query(t: Expr, part: str, narrowed_by: Narrowing) -> Expr:
    """As `_token_query`, of statements with their speakers."""
    lists = _lists(t, "voices")
    voices = lists.select(lists.row, lists.n, voice=lists.voices.unnest())
    voices = voices.filter(*_plainly(voices.voice, part, narrowed_by))
    # Neither a kind nor a speaker holds a colon; a group may.
    columns = {
        "kinds": voices.voice.re_extract("^([^:]*):", 1),
        "groups": voices.voice.re_extract("(?s)^[^:]*:(.*):[^:]*$", 1),
        "speakers": voices.voice.re_extract(":([^:]*)$", 1),
    }
    columns_of_voices = voices.select(voices.row, voices.n, **columns)
    conditions = [columns_of_voices[part] != ""]
    for name, codes in zip(_STATEMENT, narrowed_by, strict=True):
        if name != part:
            safe = [code for code in codes if printable(code)]
            # What is left open is empty; nothing matches where all that is chosen is unprintable.
            conditions.append(columns_of_voices[name].isin(safe if codes else [""]))
    matching = columns_of_voices.filter(*conditions)
    return _counted(matching.mutate(code=matching[part]))


def _plainly(voice: Expr, part: str, narrowed_by: Narrowing) -> list[Expr]:
    """Conditions on the ends of a token alone: cheap, so that few are left to be taken apart."""
    groups, kinds, speakers = narrowed_by
    conditions = []
    if part == "speakers":
        conditions += [
            [voice.startswith(f"{k}:{g}:") for k in kinds or ("",) for g in _safe(groups) or ("",)]
        ]
    elif part == "groups":
        conditions += [[voice.startswith(f"{k}:") for k in kinds or ("",)]]
    if part != "speakers":
        conditions += [[voice.endswith(f":{s}") for s in speakers]]
    # Many conditions cost more than they save.
    return [geo.any_of(either) for either in conditions if 0 < len(either) <= _FEW]


#: Conditions on a token that are still cheaper than taking it apart.
_FEW = 12


def _safe(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in codes if printable(code))


def _token_query(t: Expr, part: str, narrowed_by: tuple[str, ...]) -> Expr:
    """Groups with a statement of a chosen kind, or kinds of a statement about a chosen group."""
    lists = _lists(t, "tokens")
    tokens = lists.select(lists.row, lists.n, token=lists.tokens.unnest())
    # A kind never holds a colon; a group may.
    kind, group = tokens.token.re_extract("^([^:]*):", 1), tokens.token.re_replace("^[^:]*:", "")
    chosen_here, other = (group, kind) if part == "groups" else (kind, group)
    pairs = tokens.select(tokens.row, tokens.n, code=chosen_here, other=other)
    safe = [code for code in narrowed_by if printable(code)]
    pairs = pairs.filter(pairs.other.isin(safe), pairs.code != "")
    return _counted(pairs)


def read_facets(
    answer: pa.Table, selection: Selection, part: str, labels: Labels
) -> tuple[Facet, ...]:
    """Options, most incidents first; what is chosen is there also where it would leave none."""
    entry = CODES[part]
    counts = dict.fromkeys(entry.chosen(selection), 0)
    counts |= zip(answer["code"].to_pylist(), answer["n"].to_pylist(), strict=True)
    facets = [Facet(code, entry.option(labels, code), n) for code, n in counts.items()]
    return tuple(sorted(facets, key=lambda f: (-f.count, f.label.casefold(), f.code)))
