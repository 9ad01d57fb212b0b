"""One worked case for each use, from a printed figure to the use's own cash lines."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.records import Line
from wattworth.uses import Bitcoin, Hold, SiteSale, Turnkey

UNTAXED = TaxRules(0.0, 1.0, 0.8, "group")
LEASED = {"state": "leased", "gross_mw": 280.0, "critical_it_mw": 200.0, "mining_gross_mw": 0.0}


def value_usd(lines, rate_frac: float) -> float:
    """Value before tax of the first draw."""
    return float(statement(lines, UNTAXED, discount_factors(rate_frac, 373)).npv_usd[0])


@pytest.mark.parametrize(("j_per_th", "expected"), [(11, 123.864), (13.5, 100.926), (17.5, 77.8571), (21.5, 63.3721)])
def test_bitcoin_earns_the_printed_value_of_a_megawatt_hour(j_per_th: float, expected: float) -> None:
    """Proves: methods section 2's value density at 32.7 $/PH/day, in the mine's own revenue over its own MWh.

    Sensitivity: dividing by PUE as well would print 98.0 for 13.5 J/TH at PUE 1.03.
    """
    w = world(money=32.7 / 40.0)
    mine = site(fleet_j_per_th=j_per_th, power_contract="fixed", power_price_usd_per_mwh=20.0)
    lines = Bitcoin().cash_lines(case(mine, part(), w), w, Bitcoin.options())
    assert lines.usd[Line.REVENUE, 1, 0] / (100.0 * 730.0) == pytest.approx(expected, rel=5e-6)


def test_turnkey_of_the_disclosed_lease() -> None:
    """Proves: 3.7 $bn over ten years at 3 % on 200 MW IT is 134.480 $/kW-month, NOI 1.37170 $M, yield 15.2411 %.

    The rents the use writes add up to the contract value. Sensitivity: an escalator from month 1 adds 3 %.
    """
    signed = site(
        operating_gross_mw=280.0, previous_use="greenfield", lease_critical_it_mw=200.0, lease_gross_mw=280.0,
        lease_rent_usd_per_kw_month=134.480, lease_term_years=10.0, lease_escalator_frac=0.03,
        lease_tenant_class="hyperscaler", lease_structure="modified_gross", lease_capex_musd_per_mw_it=9.0,
    )  # fmt: skip
    w = world(**{"tenant.spread_hyperscaler": 0.0})
    lines = Turnkey().cash_lines(case(signed, part(**LEASED), w), w, Turnkey.options())
    assert lines.noi_year1_usd[0] / 200e6 == pytest.approx(1.37170, rel=5e-6)
    assert lines.noi_year1_usd[0] / lines.full_cost_usd[0] == pytest.approx(0.152411, rel=5e-6)
    assert lines.usd[Line.REVENUE, 24:144, 0].sum() == pytest.approx(3.7e9, rel=1e-5)


def test_site_sale_of_a_mine_that_was_sold() -> None:
    """Proves: 200 MW at 0.4365 $/W are the 87.3 $M that Garden City fetched in March 2024 (company 8-K).

    Sensitivity: over critical IT megawatts it would be 62.4 $M.
    """
    w = world(**{"site_sale.price_energised": 0.4365, "site_sale.cost": 0.0})
    empty = part(gross_mw=200.0, mining_gross_mw=0.0)
    lines = SiteSale().cash_lines(case(site(), empty, w), w, SiteSale.options())
    assert lines.usd[Line.PROCEEDS, 9, 0] == pytest.approx(87.3e6, rel=1e-9)
    assert np.count_nonzero(lines.usd[Line.PROCEEDS]) == 1


def test_hold_is_an_annuity_of_upkeep_and_a_reversion() -> None:
    """Proves: 100 MW, 6 $/kW-yr over 60 months at 6 %, then 0.15 x 0.98^5 - 0.02 $/W, by closed form.

    Sensitivity: paying the upkeep of the as-of month too adds 50,000 $.
    """
    w = world()
    land = part(state="undeveloped", mining_gross_mw=0.0)
    lines = Hold().cash_lines(case(site(), land, w), w, Hold.options())
    monthly = 1.06 ** (1 / 12) - 1
    annuity = (1 - 1.06**-5) / monthly
    expected = -50_000 * annuity + 1e8 * (0.15 * 0.98**5 - 0.02) * 1.06**-5
    assert value_usd(lines, 0.06) == pytest.approx(expected, rel=1e-12)
