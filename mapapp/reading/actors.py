"""Names of actors in a text, with what they mean on the page's day (tokens → actors)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from mapapp.domain import actors
from mapapp.reading.sentences import Sentence
from mapapp.reading.tokens import tokens
from mapapp.reading.words import WORDS

#: Actors that no table of ours has, by the words that news has for them. They stand under their
#: Names that mean actors of the table, and those of actors that the table does not have.
_MORE: dict[str, list[str]] = WORDS.data["actors"]["more"]
_OTHERS: dict[str, list[str]] = WORDS.data["actors"]["others"]
_NOT_WORDS = frozenset({"is", "gunmen", "armed men", "unknown gunmen", "emirate"})


@dataclass(frozen=True, slots=True)
class ActorName:
    """An actor's name at tokens `start` to `end`; `key` is its id, or its own word."""

    start: int
    end: int
    key: str
    known: bool
    words: str = ""


@lru_cache(maxsize=1)
def _table() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Names by their first word: (words, the alias, key)."""
    rows: dict[str, str] = {}
    for alias, key in actors.aliases().items():
        if key not in ("unidentified", "afghan-national") and alias.isascii():
            rows[alias] = key
    for key, names in (*_MORE.items(), *_OTHERS.items()):
        rows.update(dict.fromkeys(names, key))
    table: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for alias, key in rows.items():
        words = tuple(t.low for t in tokens(alias, 0, len(alias)))
        table.setdefault(words[0], []).append((words, alias, key))
    for entries in table.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return table


class ActorFinder:
    """Finds actors by the names of one page's day."""

    def __init__(self, on: date | None) -> None:
        self._on = on

    @property
    def taliban_rule(self) -> bool:
        """Whether the Taliban are the authorities on the page's day."""
        return self._on is None or self._on >= actors.TALIBAN_RULE

    def words(self) -> dict[str, str]:
        """Single words that name an actor, for the classes of victims."""
        found = {
            entry[0][0]: self._key(entry[1], entry[2])
            for entries in _table().values()
            for entry in entries
            if len(entry[0]) == 1 and entry[0][0] not in _NOT_WORDS and entry[2] in _GROUPS
        }
        return {word: key for word, key in found.items() if key}

    def _key(self, alias: str, key: str) -> str:
        if key in ("dfa", "dfa-mod", "dfa-moi") and not self.taliban_rule:
            taliban = "alib" in alias or "alab" in alias or "mirate" in alias
            return "taliban-until-2021" if taliban else "Afghan government"
        return key

    def find(self, sentence: Sentence) -> list[ActorName]:
        """In order, the longest first at each word."""
        return self.find_in(sentence.lows, [t.text for t in sentence.tokens])

    def find_in(self, lows: Sequence[str], texts: Sequence[str]) -> list[ActorName]:
        """Names in a row of words."""
        found: list[ActorName] = []
        i = 0
        while i < len(lows):
            for words, alias, key in _table().get(lows[i], ()):
                end = i + len(words)
                if tuple(lows[i:end]) != words or not _as_written(alias, texts[i:end]):
                    continue
                known = key not in _OTHERS
                if not self._key(alias, key):
                    continue
                found.append(
                    ActorName(i, end, self._key(alias, key), known, alias if known else key)
                )
                i = end
                break
            else:
                i += 1
        return found


def _as_written(alias: str, texts: Sequence[str]) -> bool:
    """ "IS" in capitals only, names with a capital; "coalition" and "insurgents" anyhow."""
    if texts[0].isupper() and len(texts[0]) > 5 and alias in _CAPITALS:
        return False  # a dateline
    if alias.isupper() and len(alias) <= 5:
        return texts[0].isupper()
    return not alias[0].isupper() or texts[0][0].isupper()


#: Towns that stand for their governments, and in capitals for the place of writing.
_CAPITALS = frozenset({"Islamabad"})
_GROUPS = frozenset({"iskp", "nrf", "aff", "ttp", "dfa", "haqqani", "al-Qaeda"})
#: Actors that are armed groups: what they say is a party's word always.
ARMED = frozenset(
    {"iskp", "nrf", "aff", "ttp", "haqqani", "al-Qaeda", "Mobilisation Front", "taliban-until-2021",
     "insurgents"}
)  # fmt: skip
