"""That nobody has claimed an attack, or that its doers are unknown."""

from __future__ import annotations

from collections.abc import Iterator

from mapapp.reading.attributions.clause import DID, Ascription, Clause
from mapapp.reading.words import WORDS

_NOBODY = WORDS.set("attributions", "nobody")
_NO_WHOM = WORDS.set("attributions", "no_whom")
_CLAIM = WORDS.set("attributions", "claim_words")
_OBJECTS = WORDS.set("attributions", "claimed_objects")
_PASSIVE = WORDS.set("attributions", "passive")
_UNKNOWN = WORDS.set("attributions", "unknown")
_ATTACKERS = WORDS.set("attributions", "attackers")
_KILLERS = WORDS.set("attributions", "killers")
#: Tokens in which a claim is looked for behind "no group".
_WINDOW = 16


def nobody(clause: Clause) -> list[Ascription]:
    """At most one for a sentence; a said absence of claims before "unknown gunmen"."""
    for i in range(len(clause.lows)):
        found = _no_claim(clause, i) or _not_known(clause, i) or _not_claimed(clause, i)
        if found is not None:
            return [found]
    return list(_unknown_men(clause))


def _no_claim(clause: Clause, i: int) -> Ascription | None:
    """ "no group has claimed responsibility", "nobody said it was behind the attack"."""
    lows = clause.lows
    word, window = lows[i], lows[i : i + _WINDOW]
    if word not in _NOBODY or i + 1 >= len(lows):
        return None
    if word == "no" and lows[i + 1] not in _NO_WHOM:
        return None
    if word == "yet" and not (lows[i + 1] == "to" and "claim" in window[:5]):
        return None
    spoken = any(w.startswith("responsib") for w in window)
    claim = next(
        (k for k, w in enumerate(window[:15])
         if w in _CLAIM or (spoken and w in ("said", "took", "taken", "claiming"))), None,
    )  # fmt: skip
    if claim is not None:
        end = next((k for k, w in enumerate(window) if w in _OBJECTS), claim)
        return clause.unclaimed(i, i + max(end, claim) + 1, "no-claim")
    if "said" in window and ("carried" in window or "behind" in window) and word != "neither":
        return clause.unclaimed(i, i + 12, "no-claim")
    return None


def _not_known(clause: Clause, i: int) -> Ascription | None:
    """ "it is not known who did it", "the attackers are unknown"."""
    lows, word = clause.lows, clause.lows[i]
    who = word in ("not", "n't", "unclear", "unknown") and "who" in lows[i + 1 : i + 5]
    if who and lows[i + 1] != "say" and lows[i - 1 : i] != ("do",):
        return clause.unclaimed(i - 2, i + 8, "not-known-who")
    if word in _KILLERS and clause.has({"unknown", "unidentified"}, i + 1, i + 5):
        return clause.unclaimed(i, i + 5, "identity-unknown")
    doers = word in ("identity", "identities", "perpetrators")
    if doers and clause.has({"unknown", "unclear"}, i, i + _WINDOW):
        return clause.unclaimed(i, i + 10, "identity-unknown")
    return None


def _not_claimed(clause: Clause, i: int) -> Ascription | None:
    """ "the attack has not been claimed", "responsibility has not been taken"."""
    lows, word = clause.lows, clause.lows[i]
    claimed = word in ("not", "never") and "claimed" in lows[i : i + 4]
    if claimed and clause.has({"been", "yet"}, i - 3, i + 4) and not clause.name_before(i, 4):
        return clause.unclaimed(i - 2, i + 6, "not-claimed")
    taken = word in ("not", "n't") and clause.has({"claimed", "taken"}, i, i + 5)
    if taken and clause.has({"responsibility"}, i - 8, i):
        return clause.unclaimed(i - 4, i + 5, "not-claimed")
    return None


def _unknown_men(clause: Clause) -> Iterator[Ascription]:
    """ "unknown armed men fired on …"."""
    lows = clause.lows
    for i, word in enumerate(lows):
        if word not in _UNKNOWN:
            continue
        k = next((k for k in range(i + 1, min(i + 4, len(lows))) if lows[k] in _ATTACKERS), None)
        if k is None:
            continue
        if lows[k] == "armed" and clause.has(_ATTACKERS, k + 1, k + 2):
            k += 1
        around = set(lows[max(0, i - 4) : k + 8])
        deed = around & (DID | _PASSIVE | {"by"}) or any(w in WORDS.casualty_words for w in around)
        if deed:
            yield clause.unclaimed(i, k + 1, "unknown-men")
            return
