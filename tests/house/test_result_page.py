"""The page of the result lists every key that a run prints, and none that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.studies import study
from wattworth.study import DoubleCount
from wattworth.valuation import value

ROW = re.compile(r"^\| `([a-z0-9_.*\[\]]+)` \|([^|]*)\|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"(?<=\.uses)\.\w+|(?<=\.irr_status)\.\w+|(?<=\.by_best_use)\.\w+")
SUMMARY = ("p10", "p50", "p90", "mean")


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[str, ...]]:
    """Every path of a run that holds each kind of site, and the names of the summary that stands there."""
    double = DoubleCount(site_id="retrofit", same_as="mine", reason="a test", mw=10.0)
    declared = study(double_counts=(double,), tenant_demand_gw_per_year=0.0)
    return dict(_paths(value(declared, draws=256, workers=1).result, ""))


@pytest.fixture(scope="module")
def listed(root: Path) -> dict[str, tuple[str, ...]]:
    """Every path on the page, and the names of the summary that it gives."""
    page = (root / "docs" / "result.md").read_text(encoding="utf-8").partition("## Every draw")[0]
    return {path: tuple(re.findall(r"`(p10|p50|p90|mean)`", meaning)) for path, _, meaning in ROW.findall(page)}


def _paths(node: Any, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(node, dict) and not (node and node.keys() <= set(SUMMARY)):
        for key, child in node.items():
            yield from _paths(child, f"{path}.{key}".removeprefix("."))
    elif isinstance(node, list):
        for child in node:
            yield from _paths(child, f"{path}[]")
    else:
        yield NAMED.sub(".*", path), tuple(node) if isinstance(node, dict) else ()


def test_every_key_is_on_the_page(printed: dict[str, tuple[str, ...]], listed: dict[str, tuple[str, ...]]) -> None:
    assert not sorted(printed.keys() - listed.keys()), "give these a row in docs/result.md"


def test_no_key_on_the_page_is_gone(printed: dict[str, tuple[str, ...]], listed: dict[str, tuple[str, ...]]) -> None:
    assert not sorted(listed.keys() - printed.keys()), "a run prints none of these"


def test_page_names_the_figures_of_each_summary(
    printed: dict[str, tuple[str, ...]], listed: dict[str, tuple[str, ...]]
) -> None:
    """Proves: a row names p10, p50, p90 and mean exactly where the run prints them."""
    wrong = {path: (names, listed[path]) for path, names in printed.items() if path in listed and names}
    assert not {path: pair for path, pair in wrong.items() if set(pair[0]) != set(pair[1])}
