"""A reading as the command line prints it in JSON; the names follow the scorer of news pages."""

from __future__ import annotations

from mapapp.domain.actors import actor, ancestry
from mapapp.reading.model import Attribution, Draft, Figure, Question, Reading, Span


def reading_json(reading: Reading) -> dict[str, object]:
    """`{"incidents": [...], "questions": [...], ...}`; offsets are code points of the text."""
    return {
        "publisher": reading.publisher,
        "published": reading.published.isoformat() if reading.published else None,
        "language": reading.language,
        "reader": reading.reader,
        "complete": reading.complete,
        "incidents": [_incident(draft) for draft in reading.drafts],
        "questions": [_question(question) for question in reading.questions],
    }


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def _incident(draft: Draft) -> dict[str, object]:
    day, where = draft.day, draft.where
    place = where.place if where else None
    interval = day.interval if day else None
    return {
        "title": draft.title,
        "span": _span(draft.span),
        "date": {
            "earliest": interval.earliest.isoformat() if interval and interval.earliest else None,
            "latest": interval.latest.isoformat() if interval and interval.latest else None,
            "words": day.words if day else None,
            "span": _span(day.span if day else None),
        },
        "place": {
            "text": where.words if where else None,
            "id": place.place_id if place else None,
            "adm1_pcode": place.adm1_pcode if place else None,
            "adm2_pcode": place.adm2_pcode if place else None,
            "geo_precision": str(place.geo_precision) if place else None,
            "ambiguous": place.ambiguous if place else False,
            "span": _span(where.span if where else None),
        },
        "event_type": str(draft.kind.event_type) if draft.kind else None,
        "target": str(draft.target.target_type) if draft.target else None,
        "background": draft.background,
        "country": draft.country,
        "claims": [
            *(_figure(figure) for figure in draft.figures),
            *(_attribution(attribution) for attribution in draft.attributions),
        ],
        "questions": [_question(question) for question in draft.questions],
    }


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "property": str(figure.property),
        "low": figure.low,
        "high": figure.high,
        "modifier": str(figure.modifier),
        "victim_class": str(figure.victim_class),
        "subset_of": str(figure.subset_of) if figure.subset_of else None,
        "asserted_by": figure.speaker.name or None,
        "speaker_class": str(figure.speaker.speaker_class),
        "words": figure.words,
        "span": _span(figure.span),
        "repeats": [_span(span) for span in figure.repeats],
        "rule": figure.rule,
    }


def _attribution(attribution: Attribution) -> dict[str, object]:
    return {
        "property": "attribution",
        "attribution_kind": str(attribution.kind),
        "actor": _actor(attribution) or None,
        "actor_id": attribution.actor,
        "asserted_by": attribution.speaker.name or None,
        "speaker_class": str(attribution.speaker.speaker_class),
        "words": attribution.words,
        "span": _span(attribution.span),
        "repeats": [_span(span) for span in attribution.repeats],
        "rule": attribution.rule,
    }


def _actor(attribution: Attribution) -> str:
    """The actor's usual short name; the Taliban are one, in rule or not."""
    if attribution.actor is None:
        return attribution.actor_text
    if set(ancestry(attribution.actor)) & {"dfa", "taliban-until-2021"} - {attribution.actor}:
        return actor(attribution.actor).short if attribution.actor == "haqqani" else "Taliban"
    if attribution.actor in ("dfa", "taliban-until-2021"):
        return "Taliban"
    return actor(attribution.actor).short


def _question(question: Question) -> dict[str, object]:
    return {
        "code": question.code,
        "field": question.field,
        "text": question.text,
        "span": _span(question.span),
        "options": list(question.options),
    }
