"""What the terminal shows of a fixed result, to the letter.

A changed picture is written again by ``WATTWORTH_WRITE_SNAPSHOTS=1 pytest tests/snapshots``; read it before it is kept.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from tests.snapshots import documents
from wattworth import reports

HERE = Path(__file__).parent
CASES = [
    *(("small", width) for width in (80, 100, 160)),
    ("empty", 80),
    ("without_statistics", 100),
]


@pytest.mark.parametrize(("kind", "width"), CASES)
def test_table_is_as_kept(kind: str, width: int) -> None:
    shown = io.StringIO()
    Console(file=shown, width=width).print(reports.table(getattr(documents, kind)()))
    kept = HERE / f"terminal_{kind}_{width}.txt"
    # Lines lose their trailing blanks on both sides, so that editors cannot break the comparison.
    text = "\n".join(line.rstrip() for line in shown.getvalue().splitlines()) + "\n"
    if os.environ.get("WATTWORTH_WRITE_SNAPSHOTS"):
        kept.write_text(text, encoding="utf-8")
    assert text == kept.read_text(encoding="utf-8")
