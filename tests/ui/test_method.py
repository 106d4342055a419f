"""The Method page."""

from pathlib import Path


def test_the_method_page_names_what_the_page_uses() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text("utf-8")
    for words in ("independent first", "lowest", "highest", "latest", "not mappable", "2014",
                  "no claim reported", "background", "Corrections"):  # fmt: skip
        assert words.casefold() in text.casefold()
