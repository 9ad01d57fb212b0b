"""A generator off the grid, validation.md T13: fuel from the rule dispatch, life-cycle cost from the finance room."""

from __future__ import annotations

import numpy as np
import pytest

from wattworth.finance.project import (
    Capital,
    CostPart,
    Discounting,
    Operating,
    ProjectCase,
    Tax,
    YearlyLine,
    evaluate,
)
from wattworth.supply.rules import Firm, RuleCase, run_rules
from wattworth.supply.system import Design

EFFICIENCY = 0.3232898
KWH_PER_GALLON = 40.7
NOTHING = Capital(parts=(CostPart(name="nothing", usd=0.0),))


def life_cycle_usd(line: YearlyLine, tax_frac: float) -> float:
    """Twenty years at 8 %, timed as REopt does."""
    case = ProjectCase(
        convention="reopt",
        analysis_years=20,
        capital=NOTHING,
        operating=Operating(other=(line,)),
        tax=Tax(federal_frac=tax_frac),
        discounting=Discounting(nominal_frac=0.08),
    )
    return -float(evaluate(case).npv_usd)


def test_fuel_and_life_cycle_cost() -> None:
    """Proves: 99 % of 100 kWh from a generator takes 7.52 gallons, 22.57 $, 205.35 $ over 20 years after tax.

    Sensitivity: all of the load served takes 7.60 gallons; no growth of price in year 1 gives 199.94.
    """
    case = RuleCase(np.full(100, 0.001), firm=(Firm("diesel", heat_rate_mmbtu_per_mwh=1.0 / EFFICIENCY),))
    years = run_rules(case, Design((0.00099,)))
    assert float(years.unserved_frac) == pytest.approx(0.01, rel=1e-9)
    gallons = 1000.0 * float(years.fuel_mmbtu[0, 0]) / KWH_PER_GALLON  # heat here in MWh of fuel
    assert gallons == pytest.approx(7.52, abs=0.005)
    fuel_usd = 3.0 * gallons
    assert fuel_usd == pytest.approx(22.57, abs=0.005)
    growing = YearlyLine(name="fuel", usd_per_year=fuel_usd, escalation_frac=0.027)
    assert life_cycle_usd(growing, 0.26) == pytest.approx(205.35, abs=0.02)


def test_replacement_in_year_ten() -> None:
    """Proves: 700 $/kW in year 10 at 8 % cost 324.235442 now. Sensitivity: in year 9 they cost 350.17."""
    replaced = YearlyLine(name="replacement", usd_by_year=(*((0.0,) * 9), 700.0, *((0.0,) * 10)))
    assert life_cycle_usd(replaced, 0.0) == pytest.approx(324.235442, abs=5e-7)
