"""The dashboard's questions for the map: what lies in a view (selection → marks)."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

import pyarrow as pa

from mapapp.domain.selection import Selection
from mapapp.domain.vocab import Rule
from mapapp.query.asking import Asking, Narrowing
from mapapp.query.filters.params import Bounds
from mapapp.query.questions import picture, places
from mapapp.query.questions.picture import Picture
from mapapp.query.questions.series import Step
from mapapp.query.tables import Recent
from mapapp.store import Engine

#: Larger than other answers, and so fewer are kept.
_PICTURES: WeakKeyDictionary[Engine, Recent[Picture]] = WeakKeyDictionary()

#: The whole country fits a screen; what a picture says of totals and areas is the same at any zoom.
OVERVIEW_ZOOM = 6


class Views(Asking):
    """What lies where."""

    def features(
        self, selection: Selection, bounds: Bounds | None = None, limit: int | None = None
    ) -> pa.Table:
        """Mappable incidents whose point or disc meets `bounds` (west, south, east, north).

        One known only to an area (`areal`) counts by that area's label point; the areas
        themselves are in `areas`.
        """
        return self._ask(selection, places.features_question(limit), _view(bounds))

    def picture(self, selection: Selection, bounds: Bounds | None, zoom: int) -> Picture:
        """Cells and areas as seen from a zoom, with totals: see `Picture`.

        `bounds` keep what meets a view; leave them out for totals of the selection.
        """

        def make() -> Picture:
            question = picture.picture_question(zoom)
            return picture.read_picture(self._ask(selection, question, _view(bounds)))

        plain = replace(selection, rule=Rule.INDEPENDENT_FIRST)  # the rule moves no incident
        key = ("picture", plain, bounds, zoom)
        return _PICTURES.setdefault(self._engine, Recent(64)).get(key, make)

    def cells(self, selection: Selection, bounds: Bounds | None, zoom: int) -> pa.Table:
        """Point-like incidents in cells of a grid: see `Picture` for the columns."""
        return self.picture(selection, bounds, zoom).cells

    def cell_bins(
        self, selection: Selection, bounds: Bounds | None, zoom: int, step: Step = "month"
    ) -> pa.Table:
        """The same cells by time: columns x, y, first, last (days that bins begin on), count."""
        question = places.cell_bins_question(zoom, step, self._bounds_in_time())
        return self._ask(selection, question, _view(bounds))

    def areas(self, selection: Selection) -> pa.Table:
        """Incidents known only to a district or province: area_id, count, and count by kind."""
        return self.picture(selection, None, OVERVIEW_ZOOM).areas


def _view(bounds: Bounds | None) -> Narrowing | None:
    """The restriction to a view."""
    if bounds is None:
        return None
    return Narrowing(("view", bounds), lambda t: places.in_view(t, bounds))
