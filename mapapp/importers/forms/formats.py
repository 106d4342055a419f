"""The known forms of table, by name."""

from __future__ import annotations

from mapapp.domain.problems import InvalidInput
from mapapp.importers.forms.acled import Acled
from mapapp.importers.forms.awsd import Awsd
from mapapp.importers.forms.dataset import Format
from mapapp.importers.forms.ged import Ged
from mapapp.importers.forms.gtd import Gtd

FORMATS: tuple[Format, ...] = (Ged(), Acled(), Gtd(), Awsd())


def format_named(name: str) -> Format:
    """The format of a name; InvalidInput for any other."""
    for form in FORMATS:
        if form.name == name:
            return form
    known = ", ".join(form.name for form in FORMATS)
    raise InvalidInput(f"'{name}' is no format known here. Choose one of: {known}")
