"""Chips, factories and the feedback on rents."""

from __future__ import annotations

import numpy as np
import pytest

from tests.studies import MINE, study
from wattworth import facts, uses
from wattworth.errors import DataError
from wattworth.gap import (
    SOURCES,
    ChipTerms,
    chip_draws,
    chip_path,
    chips_gw,
    factory_curve,
    rent_ratio,
    with_scarcity,
)
from wattworth.gap.chips import all_in_kw, chip_mwh_per_year
from wattworth.gap.factories import delivered_gw
from wattworth.study import fill

PLAIN = ChipTerms(1.0, 1.0, 1.0, 1.0, 6.0, 2.0)


def test_worked_numbers_of_chips():
    assert chips_gw(5.0, 1.37, us_share_frac=0.6, gross_per_it=1.3, utilisation_frac=0.7) == pytest.approx(
        3.74010, abs=5e-6
    )
    assert chip_mwh_per_year(0.7, 0.7) == pytest.approx(4.29, abs=5e-3)
    assert chips_gw(7.3, 1.37) == pytest.approx(10.0, abs=0.01)
    assert all_in_kw(0.7, 0.957) == pytest.approx(1.37, abs=5e-4)
    book = facts.load()
    assert book["H100.all_in_kw_critical_it"].value == pytest.approx(10.0 / 7.3, abs=5e-3)
    ends = book["ai_chips.meter_kw_blackwell_rubin"]
    assert (chips_gw(10.0, ends.low), chips_gw(10.0, ends.high)) == (17.0, 23.0)


def test_a_fleet_comes_after_its_lag_and_goes_after_its_life():
    path = chip_path({2025: 2.0}, PLAIN, 2029)
    assert path.years == (2025, 2026, 2027, 2028, 2029)
    assert path.added_gw == pytest.approx((1, 1, 0, 0, 0))
    assert path.retired_gw == pytest.approx((0, 0, 1, 1, 0))
    assert path.installed_gw == pytest.approx((1, 2, 1, 0, 0))
    assert sum(path.added_gw) == pytest.approx(sum(path.retired_gw))
    with pytest.raises(DataError):
        chip_path({}, PLAIN)


def test_a_fleet_in_draws_keeps_its_ranges():
    book = facts.load()
    drawn = chip_draws({2024: 4.0, 2025: 6.0}, book, draws=512, last_year=2026)
    middle = chip_path({2024: 4.0, 2025: 6.0}, ChipTerms.of(book), 2026).installed_gw
    low, mean, high = drawn.spread_gw(2026)
    assert low < middle[-1] < high
    assert mean == pytest.approx(middle[-1], rel=0.15)
    assert (drawn.gw >= 0).all()


def one(value):
    return np.array([value])


def test_a_factory_delivers_its_backlog_and_then_new_orders():
    told = delivered_gw(
        np.array([6.0, 12.0, 18.0, 24.0, 36.0]),
        capacity_gw_per_year=one(2.0),
        backlog_gw=one(1.0),
        share_frac=one(0.5),
        first_month=one(6.0),
        new_month=one(24.0),
    )
    assert told[:, 0] == pytest.approx([0, 0.5, 0.5, 0.5, 1.5])


def test_packaged_factories():
    book, years = facts.load(), range(2026, 2031)
    for name in ("ge_turbines", "bloom_fuel_cells"):
        curve = factory_curve(name, book, years, from_month="2026-06", draws=1_024)
        assert curve.gw.shape == (5, 1_024)
        assert (np.diff(curve.gw, axis=0) >= 0).all()
        rate = book[SOURCES[name].facts["capacity"]]
        assert np.diff(curve.gw, axis=0).max() < 1.2 * (rate.high or rate.value)
    stated = factory_curve("ge_turbines", book, years, draws=256)
    assert book["gas_turbine_ge.backlog"].as_of[:7] in stated.note, "today is the month of the backlog"
    with pytest.raises(DataError, match="no capacity, backlog, us share, data centre share, build time is printed"):
        factory_curve("gas_engines", book, years, from_month="2026-06")
    with pytest.raises(DataError, match='no source "nuclear"'):
        factory_curve("nuclear", book, years, from_month="2026-06")


def test_scarcity_moves_rents_and_is_marked():
    assert rent_ratio(69.0, 0.0, 0.5) == 1.0
    assert rent_ratio(69.0, 3.025, 0.5) > 1 > rent_ratio(69.0, -3.0, 0.5)
    assert rent_ratio(50.0, 25.0, 1.0) == pytest.approx(2.0)
    with pytest.raises(DataError):
        rent_ratio(10.0, 10.0, 0.5)
    book, key = uses.fact_book(), "lease_landlord_pays_capex.rent_year1"
    assert book["rent.scarcity_elasticity"].confidence == "assumption"
    dear = with_scarcity(study(MINE), book, 1.1)
    assert dear.overrides[key].confidence == "assumption"
    plain, moved = (fill(asked, book, [key]).facts[key] for asked in (study(MINE), dear))
    assert moved.value == pytest.approx(1.1 * plain.value, rel=1e-12)
    assert moved.low == pytest.approx(1.1 * plain.low, rel=1e-12)
    twice = with_scarcity(dear, book, 1.1)
    assert twice.overrides[key].value == pytest.approx(1.21 * book[key].value, rel=1e-12)
    drift = with_scarcity(study(MINE), book, 1.1, how="drift", over_years=2)
    assert drift.overrides["rent.growth"].value == pytest.approx(book["rent.growth"].value + np.log(1.1) / 2)
    with pytest.raises(DataError):
        with_scarcity(study(MINE), book, -1.0)
