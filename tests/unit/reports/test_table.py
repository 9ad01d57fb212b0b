from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.snapshots import documents
from wattworth import reports


def _lines(result: dict[str, Any], width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width).print(reports.table(result))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 120, 160, 300])
def test_one_row_a_site_whatever_the_width(width: int) -> None:
    result = documents.small()
    lines = _lines(result, width)
    assert max(map(cell_len, lines)) <= width
    head = next(i for i, line in enumerate(lines) if set(line.strip()) == {"─"})
    blank = next(i for i, line in enumerate(lines) if i > head and not line.strip())
    assert blank - head - 1 == sum(site["valued"] for site in result["sites"])


def test_wider_never_shows_fewer_columns() -> None:
    counts = [len(re.split(r"\s{2,}", _lines(documents.small(), width)[1].strip())) for width in range(30, 200, 5)]
    assert counts == sorted(counts)
    assert counts[-1] == 19


def test_sorted_by_the_value_of_the_best_use_and_totalled() -> None:
    lines = _lines(documents.small(), 100)
    names = [line.split("  ")[0] for line in lines[3:8]]
    assert names == ["Lake Hall", documents.ARABIC, "Twin Forks Substation Exp…", "Paper Plains", "Dead End"]
    total = next(line for line in lines if line.startswith("total"))
    assert re.split(r"\s{2,}", total.strip()) == ["total, as owned", "1,004", "$2.33", "1,173"]


@pytest.mark.parametrize("kind", ["small", "empty", "without_statistics"])
def test_says_what_was_left_out_and_never_none(kind: str) -> None:
    text = "\n".join(_lines(getattr(documents, kind)(), 160))
    assert "1 not valued" in text
    assert "2 of 4 facts assumed" in text
    assert not re.search(r"\b(None|nan|NaN|inf)\b", text)


def test_names_are_not_read_as_markup() -> None:
    result = documents.small()
    result["title"] = "[red]A[/red]"
    result["sites"][0]["site"] = "[bold]B[/bold]"
    text = "\n".join(_lines(result, 200))
    assert "[red]A[/red]" in text
    assert "[bold]B[/bold]" in text
