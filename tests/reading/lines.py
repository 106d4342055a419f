"""A reading in short lines, so that a page and what is read of it stand side by side."""

from __future__ import annotations

from mapapp.reading.model import Attribution, Draft, Figure, Reading


def lines(reading: Reading) -> list[str]:
    """A line for each draft, then its claims, indented."""
    return [line for draft in reading.drafts for line in _draft(draft)]


def _draft(draft: Draft) -> list[str]:
    interval = draft.day.interval if draft.day else None
    days = f"{interval.earliest}/{interval.latest}" if interval and interval.latest else "no day"
    if interval and interval.earliest == interval.latest and interval.earliest:
        days = str(interval.earliest)
    place = draft.where.place if draft.where else None
    code = (place.adm2_pcode or place.adm1_pcode or draft.country) if place else "no place"
    level = f" {place.geo_precision}" if place and draft.country == "AFG" else ""
    doubt = " ambiguous" if place and place.ambiguous else ""
    passing = " background" if draft.background else ""
    head = f"{days} {code}{level}{doubt}{passing}"
    claims: list[Figure | Attribution] = [*draft.figures, *draft.attributions]
    return [head, *(f"  {_claim(claim)}" for claim in claims)]


def _claim(claim: Figure | Attribution) -> str:
    speaker = f"{claim.speaker.name or '-'} / {claim.speaker.speaker_class}"
    if isinstance(claim, Attribution):
        return f"{claim.kind} {claim.actor or claim.actor_text or '-'} | {speaker}"
    bounds = f"{_number(claim.low)}-{_number(claim.high)}"
    if claim.low is not None and claim.low == claim.high:
        bounds = str(claim.low)
    part = " of them" if claim.subset_of else ""
    return f"{claim.property} {bounds} {claim.modifier} {claim.victim_class}{part} | {speaker}"


def _number(bound: int | None) -> str:
    return "" if bound is None else str(bound)
