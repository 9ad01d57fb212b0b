"""docs/reliability.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wattworth.supply.levelised import cost_of_served
from wattworth.supply.part_load import derate_frac
from wattworth.supply.reliability import Units, adequacy, availability_frac
from wattworth.supply.reliability_chain import Generators, Reserve, survival


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The page on one line."""
    return " ".join((root / "docs" / "reliability.md").read_text(encoding="utf-8").split())


def test_spare_units_of_the_page(page):
    rows = re.findall(r"\| (\d) \| ([\d.]+) \| ([\d.e-]+) \|", page)
    assert [int(k) for k, *_ in rows] == [0, 1, 2, 3]
    for spare, served, unserved in rows:
        found = adequacy(4.0, [Units("engine", 4 + int(spare), 1.0, 0.95)])
        assert float(served) == pytest.approx(found.availability_frac, abs=5.1e-7)
        assert float(unserved) == pytest.approx(found.unserved_frac, rel=1e-6)


def test_costs_and_derates_of_the_page(page):
    cost = cost_of_served(60e6, 876_000.0, 0.14 * 876_000.0, 1000.0)
    assert f"| per MWh served | {cost.served_usd_per_mwh:.4f} |" in page
    assert f"| per MWh demanded | {cost.demanded_usd_per_mwh:.4f} |" in page
    assert f"charged at 1,000 $/MWh | {cost.with_unserved_usd_per_mwh:.3f} |" in page
    loss = {"loss_frac_per_deg": 0.007, "loss_frac_per_km": 0.11}
    warm, high = float(derate_frac(35.0, **loss)), float(derate_frac(35.0, 900.0, **loss))
    assert f"keeps {warm:.2f} at 35 °C, and {high:.5f} at 35 °C and 900 m" in page


def test_outages_of_the_page(page):
    assert f"is up {availability_frac(1000.0, 50.0):.6f} of the time" in page
    small = survival(
        np.array([1.0, 2.0, 2.0]), [Generators("engine", 2, 1.0, 5.0)], 3, Reserve(1.0, 4.0, 0.75, 0.5), starts=[0]
    )
    assert "with probability 1, {1:.4f}, {2:.6f}".format(*small.survival_frac[0]) in page
    one = Generators("engine", 1, 100.0, 100.0, ready_frac=0.98, start_failure_frac=0.1)
    day = survival(np.full(24, 100.0), [one], 24, Reserve(100.0, 400.0), starts=[0], n_level=5)
    assert f"= {day.survival_frac[0, -1]:.6f}." in page


def test_the_code_of_the_page_runs(root: Path):
    text = (root / "docs" / "reliability.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, names)
    assert (names["found"].n_load, names["found"].adequacy.availability_frac >= 0.999) == (12, True)
