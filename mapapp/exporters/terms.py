"""What goes with every export: how to cite it, its terms, and what a reader must know."""

from __future__ import annotations

from collections.abc import Iterable

from mapapp.domain.source import Source, web_address
from mapapp.exporters.extract import Extract

BOUNDARIES = (
    "District and province boundaries of 2014: geoBoundaries (gbOpen AFG ADM2, from Afghanistan "
    "Information Management Services; Runfola et al. 2020, PLoS ONE 15(4): e0231866). "
    "Places: GeoNames (CC BY 4.0). P-codes: facts of OCHA and AGCHO (COD-AB v03)."
)

#: The same for a picture's foot.
BOUNDARIES_SHORT = "Boundaries of 2014: geoBoundaries, AIMS · places: GeoNames"

LICENCE_NOTE = (
    "Facts with their sources. The sources' wording belongs to their publishers; cite the source "
    "beside each figure. Absence of incidents is not safety."
)

READING = (
    "A figure runs from the lowest to the highest total that any speaker gives; empty means that "
    "nobody gives a number, which is not 0. A high figure marked at_least or over may be higher. "
    "Killed and wounded are never mixed, and attackers are counted apart. A place known only to a "
    "district or province has that area's label point: read the precision and the radius before "
    "drawing it."
)


def made_line(extract: Extract) -> str:
    """How many incidents, the rule and the day, in one line."""
    number = extract.number
    return (
        f"{number:,} incident{'' if number == 1 else 's'}; best figures by the rule "
        f"“{extract.rule}”; made {extract.made_at:%Y-%m-%d %H:%M} UTC"
    )


def citations(sources: Iterable[Source]) -> list[str]:
    """One line a source: citation, address and terms."""
    lines = []
    for source in sources:
        parts = [f"[{source.id}] {source.cite()}"]
        parts += [url for url in (web_address(source.url), web_address(source.archived_url)) if url]
        parts.append(source.licence)
        if source.graphic:
            parts.append("graphic content")
        lines.append(". ".join(parts))
    return lines


def readme(extract: Extract) -> str:
    """What an extract is, how to read it, and its sources, as plain text."""
    lines = [
        f"{extract.sentence}",
        made_line(extract),
        *extract.notes,
        *([f"Selection: {extract.link}"] if extract.link else []),
        "",
        LICENCE_NOTE,
        READING,
        "",
        "Sources",
        *citations(extract.sources.values()),
        BOUNDARIES,
    ]
    return "\n".join(lines) + "\n"


def write(extract: Extract) -> bytes:
    """The citations export: how to cite the extract, then each incident with its sources."""
    lines = [
        "How to cite",
        f"Afghanistan incidents, and who says so. {extract.sentence}. {made_line(extract)}.",
        *([f"Selection: {extract.link}"] if extract.link else []),
        *extract.notes,
        LICENCE_NOTE,
        BOUNDARIES,
        "",
        "Sources",
        *citations(extract.sources.values()),
        "",
        "Incidents",
    ]
    for incident in extract.incidents:
        lines.append(f"{incident.id}: {' '.join(incident.record.title.split())}")
        for source_id in incident.source_ids:
            places = dict.fromkeys(
                c.locator for c in incident.claims if c.source_id == source_id and c.locator
            )
            lines.append(f"  {extract.sources[source_id].cite(', '.join(places))}")
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")
