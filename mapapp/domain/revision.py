"""What changed of an incident between two of its states, property by property (log → changes).

Pure: two assembled incidents in, words out. Claims are paired by what they are about, who says it
and where, so that a corrected figure reads "2 → 3" and not as one claim gone and another come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mapapp.domain.actors import actor
from mapapp.domain.claim import Claim
from mapapp.domain.dates import DateInterval
from mapapp.domain.incident import Incident, IncidentRecord
from mapapp.domain.place import PlaceRef
from mapapp.domain.vocab import MEASURES, GeoPrecision, Property, VictimClass, label
from mapapp.domain.wording import (
    claim_number,
    geo_precision_text,
    iso_interval,
    place_text,
    property_label,
)

#: What stands where a statement was not there before, or is no more.
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Revision:
    """One property of an incident that reads otherwise: what it was, what it is, who says so.

    `speaker` is empty for what the record itself states and for totals; `old` or `new` is `NOTHING`
    where there was, or is, no such statement.
    """

    name: str
    old: str
    new: str
    speaker: str = ""

    def __str__(self) -> str:
        """ "killed, said by UNAMA: 2 → 3"."""
        by = f", said by {self.speaker}" if self.speaker else ""
        return f"{self.name}{by}: {self.old} → {self.new}"


#: Gives a source's id, or one name for all releases of a data set.
SameSource = Callable[[str], str]


def revisions(before: Incident, after: Incident, same_source: SameSource) -> tuple[Revision, ...]:
    """What reads otherwise, totals first; empty where both say the same.

    A claim that only moved to a newer release of its data set is the same claim.
    """
    return (
        *_totals(before, after),
        *_record(before.record, after.record),
        *_claims(before.claims, after.claims, same_source),
    )


def _totals(before: Incident, after: Incident) -> Iterable[Revision]:
    for measure in (Property.KILLED, Property.WOUNDED):
        old, new = str(before.headline(measure)), str(after.headline(measure))
        if old != new:
            yield Revision(f"reported {measure}, lowest to highest", old, new)


def _record(before: IncidentRecord, after: IncidentRecord) -> Iterable[Revision]:
    pairs = (
        ("title", before.title, after.title),
        ("date", _date(before.date), _date(after.date)),
        ("place", _place(before.place), _place(after.place)),
        ("event type", label(before.event_type), label(after.event_type)),
        ("target", _target(before), _target(after)),
        ("in passing only", _yes(before.background), _yes(after.background)),
        ("country", before.country, after.country),
        ("notes", " ".join(before.notes), " ".join(after.notes)),
        ("data set", before.dataset, after.dataset),
    )
    found = [
        Revision(name, old or NOTHING, new or NOTHING) for name, old, new in pairs if old != new
    ]
    if not found and before != after:
        yield Revision("record", "details as before", "details as now")
    yield from found


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _target(record: IncidentRecord) -> str:
    return f"{record.target} ({label(record.target_type)})".strip()


def _date(when: DateInterval) -> str:
    words = f" “{when.text}”" if when.text else ""
    derived = f"; {when.derivation}" if when.derivation else ""
    return f"{iso_interval(when.earliest, when.latest)} ({label(when.precision)}{words}{derived})"


def _place(where: PlaceRef) -> str:
    parts = [place_text(where), geo_precision_text(where.geo_precision)]
    if where.text and where.text not in place_text(where):
        parts.append(f"“{where.text}”")
    if where.lat is not None and where.geo_precision is not GeoPrecision.COUNTRY:
        parts.append(f"{where.lat:.4f}, {where.lng:.4f}")
    if where.radius_m:
        parts.append(f"radius {where.radius_m:,.0f} m")
    return "; ".join(parts)


def _claims(
    before: Iterable[Claim], after: Iterable[Claim], same_source: SameSource
) -> Iterable[Revision]:
    old = {_same(claim, same_source): claim for claim in before if claim.current}
    new = {_same(claim, same_source): claim for claim in after if claim.current}
    gone = [claim for key, claim in old.items() if key not in new]
    come = [claim for key, claim in new.items() if key not in old]
    for one in gone:
        about = _about(one, same_source)
        other = next((claim for claim in come if _about(claim, same_source) == about), None)
        if other is not None:
            come.remove(other)
        yield _moved(one, other)
    for claim in come:
        yield _moved(None, claim)


def _same(claim: Claim, same_source: SameSource) -> str:
    return replace(claim, source_id=same_source(claim.source_id)).id


def _about(claim: Claim, same_source: SameSource) -> tuple[object, ...]:
    """What a claim is about, who makes it and where: two of these are the old and the new."""
    return (
        claim.property, claim.asserted_by, same_source(claim.source_id), claim.victim_class,
        claim.subset_of, claim.attribution_kind,
    )  # fmt: skip


def _moved(old: Claim | None, new: Claim | None) -> Revision:
    one = new or old
    assert one is not None  # one of the two is given
    words = (claim_words(old) if old else NOTHING, claim_words(new) if new else NOTHING)
    if old and new and words[0] == words[1]:
        words = (_details(old), _details(new))
    return Revision(_name(one), *words, one.asserted_by)


def _name(claim: Claim) -> str:
    name = {"attribution": "who did it"}.get(claim.property, property_label(str(claim.property)))
    if claim.property in MEASURES and claim.victim_class not in (None, VictimClass.UNSPECIFIED):
        assert claim.victim_class is not None
        name += f" ({label(claim.victim_class)})"
    return name


def claim_words(claim: Claim) -> str:
    """What a claim says, without its speaker: "≥6", "ISKP, claimed", "bombing"."""
    if claim.property in MEASURES:
        return claim_number(claim)
    if claim.property is Property.ATTRIBUTION:
        kind = label(claim.attribution_kind or "")
        return f"{actor(claim.actor).short}, {kind}" if claim.actor else kind
    text = claim.value or claim.words or "not said"
    return label(text) if claim.property in (Property.EVENT_TYPE, Property.TARGET) else text


def _details(claim: Claim) -> str:
    """A claim whose words are the same but not all of it: source, place in it, day, note."""
    asserted = claim.asserted_on.isoformat() if claim.asserted_on else ""
    named = (
        ("", claim_words(claim)), ("source", claim.source_id), ("", claim.locator),
        ("said on", asserted), ("", label(claim.speaker_class)),
        ("words", f"“{claim.words}”" if claim.words else ""), ("named", claim.actor_text),
        ("victims", claim.victim_text), ("note", claim.note),
    )  # fmt: skip
    return "; ".join(f"{name} {text}".strip() for name, text in named if text)
