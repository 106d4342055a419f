"""Drafts of editors whose session ended: theirs only, for a day, and not without bound."""

from __future__ import annotations

from mapapp.ui.curation.kept_drafts import KEPT_S, MOST, KeptDrafts


def who(name: str, issuer: str = "https://login.example.org") -> dict[str, object]:
    return {"sub": name, "iss": issuer}


def test_who_left_them_finds_them_once_and_nobody_else_does() -> None:
    kept: KeptDrafts[str] = KeptDrafts()
    assert kept.put(who("edith"), {"": "new", "a": "edit"})
    assert kept.put(who("edith"), {"a": "later"})
    assert kept.take(who("clara")) == {}
    assert kept.take(who("edith", "https://other.example.org")) == {}
    assert kept.take(None) == {}
    assert kept.take(who("edith")) == {"": "new", "a": "later"}
    assert kept.take(who("edith")) == {}


def test_whose_they_are_must_be_known() -> None:
    kept: KeptDrafts[str] = KeptDrafts()
    assert not kept.put(None, {"": "new"})
    assert not kept.put({"email": "edith@example.org"}, {"": "new"})
    assert not kept.put(who("edith"), {})


def test_they_are_kept_a_day_and_of_so_many() -> None:
    now = [0.0]
    kept: KeptDrafts[str] = KeptDrafts(lambda: now[0])
    kept.put(who("early"), {"": "new"})
    now[0] = KEPT_S + 1
    assert kept.take(who("early")) == {}
    for n in range(MOST + 1):
        kept.put(who(str(n)), {"": "new"})
    assert kept.take(who("0")) == {}
    assert kept.take(who(str(MOST))) == {"": "new"}
