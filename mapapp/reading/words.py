"""The reader's word lists (words.toml), read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

Pattern = tuple[frozenset[str], ...]


def word_set(text: str) -> frozenset[str]:
    """Words apart by spaces, as a set."""
    return frozenset(text.split())


def pattern(phrase: str) -> Pattern:
    """ "shot|gunned down": for each word of a phrase the words that may stand there."""
    return tuple(frozenset(word.split("|")) for word in phrase.split())


class Phrases:
    """Phrases that are looked up at a word: by the first word, then compared one by one."""

    def __init__(self, phrases: Sequence[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[Pattern, str]]] = {}
        for phrase, meaning in phrases:
            parts = pattern(phrase)
            for word in parts[0]:
                self._by_first.setdefault(word, []).append((parts, meaning))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, words: Sequence[str], i: int) -> tuple[int, str] | None:
        """How many words the longest phrase at `i` has, and its meaning."""
        for parts, meaning in self._by_first.get(words[i], ()):
            end = i + len(parts)
            if end <= len(words) and all(words[i + k] in part for k, part in enumerate(parts)):
                return len(parts), meaning
        return None

    def within(self, words: Sequence[str]) -> str | None:
        """The meaning of the first phrase that stands in the words."""
        for i in range(len(words)):
            found = self.at(words, i)
            if found:
                return found[1]
        return None


@dataclass(frozen=True)
class Words:
    """The lists by section; `WORDS` is the one that is used."""

    data: Mapping[str, Any]

    def set(self, section: str, name: str) -> frozenset[str]:
        """One list as a set."""
        return word_set(self.data[section][name])

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """Words whose full stop ends no sentence."""
        return word_set(self.data["abbreviations"])

    @cached_property
    def people(self) -> dict[str, str]:
        """Each noun of people with its class."""
        found: dict[str, str] = {}
        for name, words in self.data["people"].items():
            for word in words.split():
                found.setdefault(word, name)
        return found

    @cached_property
    def casualty_phrases(self) -> Phrases:
        """Phrases of being killed or wounded: "measure form"."""
        rows = []
        for row in self.data["casualty"]["phrases"]:
            measure, form, phrase = row.split(" ", 2)
            rows.append((phrase, f"{measure} {form}"))
        return Phrases(rows)

    @cached_property
    def casualty_words(self) -> dict[str, tuple[str, str]]:
        """Each single word of being killed or wounded: (measure, form)."""
        found: dict[str, tuple[str, str]] = {}
        for name, words in self.data["casualty"].items():
            measure, _, form = name.partition("_")
            if measure in ("killed", "wounded", "casualties") and form:
                for word in words.split():
                    found.setdefault(word, (measure, form))
        return found

    @cached_property
    def causes(self) -> Phrases:
        """What makes deaths no attack."""
        return Phrases([(phrase, phrase) for phrase in self.data["no_incident"]["causes"]])

    @cached_property
    def another_opens(self) -> Phrases:
        """How a sentence begins that tells of another attack."""
        return Phrases([(phrase, phrase) for phrase in self.data["incidents"]["another_opens"]])

    @cached_property
    def in_passing(self) -> Phrases:
        """Words of an attack that is told of in passing."""
        return Phrases([(phrase, phrase) for phrase in self.data["incidents"]["in_passing"]])

    @cached_property
    def over_several(self) -> Phrases:
        """What makes a figure one of several attacks."""
        return Phrases([(phrase, phrase) for phrase in self.data["no_incident"]["over_several"]])

    @cached_property
    def periods(self) -> Phrases:
        """What makes a figure a sum over time."""
        return Phrases([(phrase, phrase) for phrase in self.data["no_incident"]["periods"]])


WORDS = Words(tomllib.loads((Path(__file__).with_name("words.toml")).read_text("utf-8")))
