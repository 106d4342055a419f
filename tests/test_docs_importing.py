"""The example of docs/importing.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_example_imports_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("council.csv").write_text(
        "id,date,place,province,lat,lng,killed\n"
        "1,03/04/2019,Jurm,Badakhshan,36.86,70.83,2\n"
        "2,05/04/2019,Jurm,Badakhshan,36.86,70.83,-2\n",
        encoding="utf-8",
    )
    (example,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "importing.md").read_text("utf-8"), re.S
    )
    exec(example, {"__name__": "example"})  # noqa: S102 - our own documentation
    said = capsys.readouterr().out
    assert "2 rows in, 1 imported, 1 set aside" in said
    assert "negative" in said
