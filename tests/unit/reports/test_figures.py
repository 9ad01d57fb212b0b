from __future__ import annotations

import re

import pytest

from tests.snapshots import documents
from wattworth.reports.figures import BAR_WIDTH, range_bar, scale_of, waterfall
from wattworth.reports.words import ENGLISH


def _range(low: float, high: float) -> dict[str, float]:
    return {"p10": low, "p50": (low + high) / 2, "p90": high, "mean": (low + high) / 2}


def test_scale_holds_nought_and_every_range() -> None:
    scale = scale_of([_range(0.3, 1.1), _range(0.5, 7.3)])
    assert (scale.low, scale.high) == (0.0, pytest.approx(8.0))
    assert scale_of([_range(-2.0, -1.0)]).high > 0
    assert scale_of([]).high > scale_of([]).low


def test_of_many_ranges_the_longest_run_off_the_scale_and_say_so() -> None:
    many = [_range(0.1, 1.0) for _ in range(99)] + [_range(0.1, 50.0)]
    scale = scale_of(many)
    assert scale.high < 2
    assert f"M{BAR_WIDTH} " in range_bar(many[-1], scale, ENGLISH)
    assert f"M{BAR_WIDTH} " not in range_bar(many[0], scale, ENGLISH)
    assert "P90 $50.00/W" in range_bar(many[-1], scale, ENGLISH)


def test_a_range_without_numbers_draws_nothing() -> None:
    assert range_bar({"p10": None, "p50": None, "p90": None}, scale_of([]), ENGLISH) == ""


def test_steps_of_the_waterfall_meet() -> None:
    """Proves: changes hang from the level before and end on the level after. Sensitivity: a step drawn from nought."""
    steps = documents.small()["sites"][0]["waterfall"]
    drawn = waterfall(steps, ENGLISH)
    bars = [
        (kind, float(y), float(y) + float(height))
        for kind, y, height in re.findall(
            r'<rect class="(\w+)" x="[\d.]+" y="([\d.]+)" width="54" height="([\d.]+)"', drawn
        )
    ]
    assert [kind for kind, _, _ in bars] == [
        "level", "up", "down", "down", "down", "up", "level", "up", "level", "down", "level",
    ]  # fmt: skip
    created, time, residual = bars[0], bars[2], bars[3]
    assert time[1] == pytest.approx(created[1], abs=0.2)
    assert residual[1] == pytest.approx(time[2], abs=0.2)
    assert "Waterfall in dollars per gross watt: Created $5.00/W" in drawn


def test_no_steps_no_drawing() -> None:
    assert waterfall([], ENGLISH) == ""
    assert waterfall([{"step": "created", "usd_per_gross_w": None}], ENGLISH) == ""
