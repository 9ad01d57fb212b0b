"""Yardsticks of owners: payback, multiple, modified rate and all roots."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.unit.finance.project.cases import generic_system
from wattworth.errors import DataError
from wattworth.finance.project import (
    all_internal_rates,
    dated_internal_rates,
    evaluate,
    internal_rates_by_case,
    modified_internal_rate_frac,
    payback_years,
)


def test_payback_is_where_the_total_turns_for_good() -> None:
    """Proves: a later loss restarts the count; a total that never turns has no payback."""
    year = np.arange(5)
    assert payback_years(year, np.array([-100.0, 40.0, 40.0, 40.0, 40.0])) == pytest.approx(2.5)
    assert payback_years(year, np.array([-100.0, 110.0, -30.0, 10.0, 40.0])) == pytest.approx(3.25)
    assert payback_years(year, np.array([-100.0, 1.0, 1.0, 1.0, 1.0])) is None
    assert payback_years(year, np.array([0.0, 1.0, 1.0, 1.0, 1.0])) == 0.0


def test_modified_rate_lies_between_the_rate_and_the_reinvestment() -> None:
    """Proves: MIRR pulls the rate towards what money earns elsewhere, and is absent without both signs."""
    result = evaluate(generic_system())
    assert result.irr_frac is not None
    assert result.mirr_frac is not None
    assert result.irr_frac < result.mirr_frac < 0.0906
    assert modified_internal_rate_frac([1.0, 2.0], 0.1, 0.1) is None


def test_a_double_root_is_told_once() -> None:
    """Proves: cash worth nothing at 10 % and negative on both sides has one root, found without a sign change."""
    found = all_internal_rates([-1.0, 2.2, -1.21])
    assert found.status == "ok"
    assert found.irr_frac == pytest.approx(0.1, abs=1e-6)


def test_no_root_and_no_sign_change_are_told_apart() -> None:
    assert all_internal_rates([1.0, 2.0]).status == "no_sign_change"
    assert all_internal_rates([-1.0, 2.0, -1.5]).status == "out_of_range"
    assert all_internal_rates([-1.0, 200.0]).status == "out_of_range"
    assert dated_internal_rates([1.0, 1.0], [dt.date(2026, 1, 1), dt.date(2027, 1, 1)]).status == "no_sign_change"


def test_dates_and_amounts_must_pair() -> None:
    with pytest.raises(DataError, match="2 amounts on 1 dates"):
        dated_internal_rates([-1.0, 1.0], [dt.date(2026, 1, 1)])


def test_many_streams_each_get_a_status() -> None:
    """Proves: single roots are solved together, the others fall to the careful search, with the same answers."""
    cash = np.array([[-100.0, 1.0, -100.0, -1.0], [230.0, 1.0, 0.0, 200.0], [-132.0, 1.0, 121.0, 0.0]])
    rate, status = internal_rates_by_case(cash, np.arange(3.0))
    assert status.tolist() == [2, 1, 0, 3]
    assert rate[2] == pytest.approx(0.1, abs=1e-12)
    assert np.isnan(rate[[0, 1, 3]]).all()


def test_levelised_cost_is_the_price_that_leaves_the_rate() -> None:
    """Proves: value is the energy times (price less cost), both levelised, so a price at the cost is worth nothing."""
    result = evaluate(generic_system())
    factor = 1.0906 ** -np.arange(26.0)
    energy, sales = result.statement["energy_mwh"], result.statement["energy_revenue_usd"]
    assert result.lcoe_nominal_usd_per_mwh is not None
    owed = result.lcoe_nominal_usd_per_mwh * float(np.sum(energy * factor))
    assert float(np.sum(sales * factor)) - owed == pytest.approx(result.npv_usd, rel=1e-9)


def test_debt_free_value_is_told_beside() -> None:
    """Proves: the project's own value and rate are those of the same case without debt."""
    result = evaluate(generic_system())
    alone = evaluate(generic_system(debt=None))
    assert result.project_npv_usd == alone.npv_usd
    assert result.project_rates == alone.equity_rates


def test_costs_per_it_energy_served_and_demanded() -> None:
    """Proves: cost over the energy at the servers: the facility's times the PUE; over demand, less by what is unserved.

    Sensitivity: dividing by the PUE would make cooling free.
    """
    plain = generic_system()
    energy = plain.energy.model_copy(update={"pue_ratio": 1.25, "served_share_frac": 0.9})
    found, asis = evaluate(plain.model_copy(update={"energy": energy})), evaluate(plain)
    assert found.npv_usd == asis.npv_usd
    assert found.lcoe_it_served_usd_per_mwh == pytest.approx(1.25 * asis.lcoe_nominal_usd_per_mwh)
    assert found.lcoe_it_demanded_usd_per_mwh == pytest.approx(0.9 * 1.25 * asis.lcoe_nominal_usd_per_mwh)
    assert asis.lcoe_it_served_usd_per_mwh is None
    alone = type(plain.energy)(year1_mwh=plain.energy.year1_mwh, served_share_frac=0.9)
    told = evaluate(plain.model_copy(update={"energy": alone}))
    assert "energy.served_share_frac" in [remark.where for remark in told.remarks]
