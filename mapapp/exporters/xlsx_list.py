"""The first sheet of the workbook: a list to be read, an incident a row (claims → XLSX)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from mapapp.domain import wording
from mapapp.domain.actors import actor
from mapapp.domain.incident import Incident
from mapapp.domain.source import web_address
from mapapp.domain.vocab import NO_STATEMENT, Property, label
from mapapp.exporters import terms
from mapapp.exporters.extract import Extract

#: Headings with the width of their columns in letters.
_COLUMNS: Final = (
    ("Date", 22), ("Place", 30), ("Province", 16), ("Killed", 10), ("Wounded", 10),
    ("What", 18), ("Who did it", 34), ("Who says so", 38), ("Sources", 44), ("Link", 44),
    ("Id", 28),
)  # fmt: skip
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff]")
_LINE_PT: Final = 15.0
_MOST_LINES: Final = 8
_DAY_FORMAT: Final = "yyyy-mm-dd"
_SAID: Final = (Property.KILLED, Property.WOUNDED, Property.CASUALTIES, Property.ATTRIBUTION)


def fill(sheet: Any, extract: Extract, cell: Callable[..., Any]) -> None:
    """Write the list; `cell` makes what `append` takes of a value, never a formula."""
    above = (extract.sentence, terms.made_line(extract), terms.LICENCE_NOTE, *extract.notes, "")
    head = len(above) + 1
    for at, (_, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = f"A{head + 1}"
    # Printed, a row is one line of paper, and the headings stand on every page.
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.page_setup.paperSize = 9  # A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"
    last = get_column_letter(len(_COLUMNS))
    sheet.auto_filter.ref = f"A{head}:{last}{head + len(extract.incidents)}"
    for line in above:
        sheet.append([cell(sheet, line)])
    sheet.append([_styled(sheet, name, font=Font(bold=True)) for name, _ in _COLUMNS])
    for at, incident in enumerate(extract.incidents, head + 1):
        row = _row(incident, extract)
        # Not every program makes a row as high as its text by itself.
        sheet.row_dimensions[at].height = _LINE_PT * max(map(_lines, row, _COLUMNS))
        sheet.append([_directed(sheet, cell(sheet, value)) for value in row])


def _lines(value: Any, column: tuple[str, int]) -> int:
    """About how many lines a text takes in its column, at most `_MOST_LINES`."""
    return min(_MOST_LINES, max(1, math.ceil(len(str(value)) / (column[1] * 0.9))))


def _row(incident: Incident, extract: Extract) -> tuple[Any, ...]:
    record, when = incident.record, incident.record.date
    exact = when.earliest is not None and when.earliest == when.latest
    current = [claim for claim in incident.claims if claim.current]
    accused = [claim for claim in current if claim.property is Property.ATTRIBUTION]
    who = dict.fromkeys(
        f"{actor(claim.actor).short} ({label(claim.attribution_kind or '')})"
        if claim.actor
        else label(claim.attribution_kind or "")
        for claim in accused
    )
    speakers = dict.fromkeys(claim.asserted_by for claim in current if claim.property in _SAID)
    sources = [extract.sources[key] for key in incident.source_ids]
    links = [url for source in sources if (url := web_address(source.url))]
    return (
        when.earliest if exact else wording.interval(when),
        record.place.text,
        record.place.adm1_name or "",
        str(incident.headline(Property.KILLED, extract.rule)),
        str(incident.headline(Property.WOUNDED, extract.rule)),
        label(record.event_type),
        "; ".join(who) or label(NO_STATEMENT),
        "; ".join(speakers),
        "; ".join(source.cite() for source in sources),
        links[0] if links else "",
        incident.id,
    )


def _directed(sheet: Any, value: Any) -> Any:
    """A cell that wraps, read from the right where its text is; a day shows as one."""
    made = value if isinstance(value, Cell) else WriteOnlyCell(sheet, value=value)
    text = made.value if isinstance(made.value, str) else ""
    order = 2 if _RIGHT_TO_LEFT.search(text[:40]) else 0
    # A real day would stand at the right of its column, and one that is a range at the left.
    side = "left" if made.is_date else None
    made.alignment = Alignment(side, wrap_text=True, vertical="top", readingOrder=order)
    if made.is_date:
        made.number_format = _DAY_FORMAT
    return made


def _styled(sheet: Any, value: str, **style: Any) -> Any:
    made = WriteOnlyCell(sheet, value=value)
    for name, setting in style.items():
        setattr(made, name, setting)
    return made
