"""The Gazetteer: places that can be asked for by the words of a reporter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import layers, store
from .errors import BadQueryError
from .model import Place, Result
from .names.index import NameIndex
from .names.phonetics import sound
from .names.text import fold
from .places import Places

if TYPE_CHECKING:
    from .matching.matcher import Matcher
    from .matching.mentions import Mention

MAX_QUERY_CHARS = 20_000


class Gazetteer(Places):
    """Afghan places by id, by name and by point. Use `Gazetteer.load()`; it is cached."""

    @cached_property
    def _matcher(self) -> Matcher:
        from .matching.foreign import Foreign
        from .matching.matcher import Matcher

        return Matcher(self, NameIndex(self._content.names), Foreign())

    @staticmethod
    @lru_cache(maxsize=1)
    def load() -> Gazetteer:
        """The packaged gazetteer and the owner's layers; DataError when a file is damaged."""
        content = store.read_places()
        for path in layers.kept_layers():
            content = layers.merge(content, layers.read_layer(path))
        return Gazetteer(content, store.read_city_districts())

    def search(
        self,
        query: str,
        within: str | None = None,
        near_pages: Iterable[str] = (),
        limit: int = 5,
    ) -> Result:
        """Ranked candidates for place words as a reporter wrote them."""
        if not isinstance(query, str):
            raise BadQueryError(f"A query is text, not {type(query).__name__}.")
        if not query.strip():
            raise BadQueryError("The query is empty: give a place as a reporter wrote it.")
        if limit < 1:
            raise BadQueryError(f"limit must be at least 1, not {limit}.")
        scope = self.place(within) if within is not None else None
        near = tuple(self.place(i) for i in near_pages)
        if len(query) > MAX_QUERY_CHARS:
            why = f"{len(query):,} characters are no place; {MAX_QUERY_CHARS:,} are read at most"
            return Result(query, (), False, (why,))
        return self._matcher.search(query, scope, near, limit)

    def geocode_row(self, text: str, adm1: str = "", adm2: str = "", limit: int = 5) -> Result:
        """Search with the province and district columns of a table row.

        Each is a P-code or a name as its dataset spells it; a name that is not recognised
        leaves the level above to stand, and a note says so.
        """
        within, notes = self.resolve_admin(adm1, adm2)
        result = self.search(text, within.id if within else None, limit=limit)
        return replace(result, notes=(*result.notes, *notes))

    def resolve_admin(self, adm1: str, adm2: str) -> tuple[Place | None, tuple[str, ...]]:
        """The place that province and district columns name, and notes on what they do not."""
        notes: list[str] = []
        province = self._admin(adm1, "province", None)
        if adm1.strip() and province is None:
            notes.append(f"the province '{adm1}' is not known")
        district = self._admin(adm2, "district", province)
        if adm2.strip() and district is None:
            notes.append(f"the district '{adm2}' is not known in the province given")
        return district or province, tuple(notes)

    @lru_cache(maxsize=2048)  # noqa: B019 - tables repeat a few hundred admin names
    def _admin(self, text: str, level: str, inside: Place | None) -> Place | None:
        text = text.strip()
        if not text or not sound(fold(text)):
            return None
        for place in self.provinces() if level == "province" else self.districts():
            code = place.adm1_pcode if level == "province" else place.adm2_pcode
            if text.upper() == code:
                return place
        return self._matcher.admin(text, level, inside)

    def is_abroad(self, name: str) -> bool:
        """Whether a name is that of a foreign country, region or city (sources/foreign.csv)."""
        return self._matcher.phrases.is_abroad(name)

    def same_place(self, first: str, second: str) -> float:
        """0–1: how likely two spellings name one place; above 0.5 is a yes.

        Both are looked up first, so that listed names that merely look alike (Balkh and
        Balkhab) are told apart; names this gazetteer does not hold are compared by sound.
        """
        return self._matcher.same_place(first, second)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Place, ...]:
        """Places a name that is still being typed can mean, the most prominent first.

        Any spelling or script: what begins alike comes first, then what sounds alike.
        """
        if not prefix.strip():
            raise BadQueryError("The prefix is empty: type at least one letter of a name.")
        return self._matcher.suggest(prefix, limit)

    def mentions(self, text: str, every_role: bool = False) -> tuple[Mention, ...]:
        """Place mentions in English prose, with exact spans, resolved together.

        Only locations unless `every_role`: see `Mention` for datelines and the others.
        """
        return self._matcher.mentions.find(text, every_role)

    def with_layer(self, path: Path) -> Gazetteer:
        """A gazetteer with an imported layer's places and names added to these."""
        return Gazetteer(layers.merge(self._content, layers.read_layer(path)), self._cities)

    def phrase(self, query: str, near_pages: Iterable[str] = (), limit: int = 5) -> Result:
        """Like `search`, for words known to be one place phrase and no sentence."""
        near = tuple(self.place(i) for i in near_pages)
        return self._matcher.phrases.phrase(query, None, near, limit)
