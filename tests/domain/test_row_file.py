"""A release kept as rows: what it says where nobody said more, and what it is known by."""

from __future__ import annotations

from mapapp.domain.row_file import RowFile


def test_a_release_that_changed_nothing_says_so() -> None:
    plain = RowFile("ucdp-ged", "23.1", "datasets/ucdp-ged/1", 5)
    assert (plain.added, plain.revised, plain.withdrawn, plain.before) == (0, 0, 0, "")


def test_one_release_of_a_data_set_stands_at_a_time() -> None:
    first, second = (RowFile("ucdp-ged", v, f"datasets/ucdp-ged/{v}", 5) for v in ("1", "2"))
    assert first.id == second.id == "ucdp-ged"
