"""What an incident's record says where nobody said more."""

from __future__ import annotations

from dataclasses import replace

from tests.domain.test_revision import RECORD


def test_a_record_is_no_mention_in_passing_and_lies_in_afghanistan() -> None:
    assert RECORD.background is False
    assert (RECORD.country, RECORD.dataset, RECORD.notes) == ("AFG", "curated", ())
    assert not RECORD.abroad
    assert replace(RECORD, country="PAK").abroad
