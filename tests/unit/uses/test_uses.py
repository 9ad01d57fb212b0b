"""Uses on flat markets, each figure worked out by hand in the docstring."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import USE, case, part, site, world
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.records import Line

RULES = TaxRules(0.25, 1.0, 0.8, "group")


def npv(lines, rate: float = 0.0) -> float:
    """After-tax value of the first draw."""
    return float(statement(lines, RULES, discount_factors(rate, 373)).npv_usd[0])


def lines_of(use: str, a_case, a_world, **options: object):
    """Cash lines with the use's plain options, or stated ones."""
    return USE[use].cash_lines(a_case, a_world, USE[use].options(**options))


def test_bitcoin_by_hand() -> None:
    """Proves: a month of mining.

    40 $/PH/day at 20 J/TH is 40,000/480 = 83.33 $/MWh; less 5 opex and 30 power leaves 48.33; x 100 MW x 730 h
    = 3,528,333 $ a month while all thirds run. Ages 1, 2, 3 of 5 years: thirds end in months 48, 36, 24.
    Sensitivity: dividing by 1000 instead of 24 e would give 2.92 $/MWh.
    """
    w = world()
    lines = lines_of("bitcoin", case(site(), part(), w), w, refresh="never")
    margin = lines.usd[[Line.REVENUE, Line.POWER, Line.OPEX]].sum(axis=0)[:, 0]
    month = (40_000 / 480 - 35) * 100 * 730
    np.testing.assert_allclose(margin[1:25], month, rtol=1e-12)
    np.testing.assert_allclose(margin[25:37], month * 2 / 3, rtol=1e-12)
    np.testing.assert_allclose(margin[37:49], month / 3, rtol=1e-12)
    assert lines.usd.shape[1] == 49
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 1, 0], 40_000 / 480 * 73_000, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.POWER, 1, 0], -30 * 73_000, rtol=1e-12)


def test_machines_kept_carry_their_resale_value() -> None:
    """Proves: 100 MW / 20 J/TH = 5,000,000 TH at 15 $ x (10/20)^2 = 18.75 $M, charged after tax now.

    Sensitivity: without the efficiency discount 75 $M.
    """
    w = world()
    lines = lines_of("bitcoin", case(site(), part(), w), w, refresh="never")
    np.testing.assert_allclose(lines.usd[Line.AFTER_TAX, 0, 0], -18.75e6 * 0.75, rtol=1e-12)


def test_reversion_by_hand() -> None:
    """Proves: 100 MW x (0.45 x 0.98 - 0.02) $/W after one idle year = 42.1 $M."""
    w = world()
    lines = lines_of("bitcoin", case(site(), part(), w), w, refresh="never")
    np.testing.assert_allclose(lines.residual_usd[0], 1e8 * (0.45 * 0.98 - 0.02), rtol=1e-12)
    assert lines.residual_month[0] == 48


def test_a_dear_hour_stops_the_machines() -> None:
    """Proves: above revenue less avoidable cost nothing runs; fixed cost yields to the cheaper idling."""
    w = world(**{"mine.fixed_opex": 100.0})
    dear = site(power_contract="fixed", power_price_usd_per_mwh=79.0)
    lines = lines_of("bitcoin", case(dear, part(), w), w, refresh="never")
    assert not lines.usd[Line.REVENUE].any()
    np.testing.assert_allclose(lines.usd[Line.OPEX, 1, 0], -6.0 * 1e5 / 12, rtol=1e-12)


def test_resaleable_block_is_sold_when_mining_pays_less() -> None:
    """Proves: with power at 30 everywhere a block bought at 10 and mining worth 20 is resold, 20 $/MWh net.

    Hashprice 40 at 66.67 J/TH earns 25 less 5 opex = 20 < 30. One hour is paid once: 30 - 10, not 30 + 20 - 10.
    """
    w = world()
    block = site(power_contract="fixed", power_price_usd_per_mwh=10.0, power_resaleable=True, fleet_j_per_th=200 / 3)
    lines = lines_of("bitcoin", case(block, part(), w), w, refresh="never")
    margin = lines.usd[[Line.REVENUE, Line.POWER, Line.OPEX]].sum(axis=0)[1, 0]
    np.testing.assert_allclose(margin, 20.0 * 73_000, rtol=1e-12)


def test_sale_by_hand() -> None:
    """Proves: 50 MW undeveloped at 0.15 $/W less 3 % = 7.275 $M in month 9, idle upkeep 6 $/kW-yr before it.

    Upkeep 9 x 25,000 = 225,000; after a quarter of tax 0.75 x (7,275,000 - 225,000) = 5,287,500.
    """
    w = world()
    land = part(state="undeveloped", gross_mw=50.0, mining_gross_mw=0.0)
    lines = lines_of("site_sale", case(site(), land, w), w)
    assert lines.residual_month[0] == 9
    assert npv(lines) == pytest.approx(5_287_500, rel=1e-12)


def test_hold_by_hand() -> None:
    """Proves: five years of upkeep, then 0.15 x 0.98^5 - 0.02 $/W. Sensitivity: no survival gives 6.5 $M."""
    w = world()
    land = part(state="undeveloped", gross_mw=50.0, mining_gross_mw=0.0)
    lines = lines_of("hold", case(site(), land, w), w)
    reversion = 5e7 * (0.15 * 0.98**5 - 0.02)
    assert npv(lines) == pytest.approx(0.75 * (reversion - 5 * 300_000), rel=1e-12)


def signed(**changes: object):
    """A signed lease of 100 MW IT, 10 years, 130 $/kW-month, 3 %, no credit risk to speak of."""
    return site(**{
        "operating_gross_mw": 140.0, "previous_use": "greenfield", "lease_critical_it_mw": 100.0,
        "lease_gross_mw": 140.0, "lease_rent_usd_per_kw_month": 130.0, "lease_term_years": 10.0,
        "lease_escalator_frac": 0.03, "lease_tenant_class": "hyperscaler", **changes,
    })  # fmt: skip


LEASED = {"state": "leased", "gross_mw": 140.0, "critical_it_mw": 100.0, "mining_gross_mw": 0.0}


def test_lease_without_credit_risk_by_hand() -> None:
    """Proves: 13 $M a month stepping 3 % a year for 120 months, 85 % of it income.

    Sensitivity: stepping on calendar years instead of lease years shifts the second step.
    """
    w = world(**{"tenant.spread_hyperscaler": 0.0})
    lines = lines_of("turnkey", case(signed(), part(**LEASED), w, start=0, first=24), w)
    steps = 13e6 * 1.03 ** (np.arange(121) // 12)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 24:145, 0], steps, rtol=1e-12)
    assert not lines.usd[Line.REVENUE, :24].any()
    np.testing.assert_allclose(lines.usd[Line.OPEX, 24, 0], -0.15 * 13e6, rtol=1e-12)
    np.testing.assert_allclose(lines.noi_year1_usd[0], 0.85 * 156e6, rtol=1e-12)
    np.testing.assert_allclose(lines.noi_year1_usd[0] / lines.full_cost_usd[0], 0.1326, rtol=1e-12)


def test_capital_follows_the_s_curve_and_its_classes() -> None:
    """Proves: 1,000 $M over 24 months: half spent at half time, all by first revenue; 16/60/24 by class."""
    w = world()
    lines = lines_of("turnkey", case(signed(), part(**LEASED), w, start=0, first=24), w)
    capital = -lines.usd[[Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y], :, 0]
    np.testing.assert_allclose(capital.sum(axis=1), [160e6, 600e6, 240e6], rtol=1e-12)
    np.testing.assert_allclose(capital[:, :13].sum(), 500e6, rtol=1e-12)
    np.testing.assert_allclose(capital[:, :7].sum(), 156.25e6, rtol=1e-12)


def test_money_spent_before_the_as_of_month_is_sunk() -> None:
    """Proves: a lease half-way through its building has half its cost to come."""
    w = world()
    lines = lines_of("turnkey", case(signed(), part(**LEASED), w, start=-12, first=12), w)
    capital = -lines.usd[[Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y]].sum()
    np.testing.assert_allclose(capital, 500e6, rtol=1e-12)


def test_tenant_survival_and_reletting_by_hand() -> None:
    """Proves: hazard 0.05/12 a month; what is lost comes back a year later at 85 % of the market.

    In month k of the lease income is level x e^{-hk} + 0.85 x 13 $M x (1 - e^{-h(k-12)}).
    Sensitivity: without the downtime the second month already has a second tenant.
    """
    w = world(**{"tenant.spread_hyperscaler": 0.03})
    lines = lines_of("turnkey", case(signed(), part(**LEASED), w, first=24), w)
    hazard = 0.05 / 12
    for month in (24, 30, 60, 144):
        k = month - 24 + 1
        expected = 13e6 * 1.03 ** ((month - 24) // 12) * np.exp(-hazard * k)
        expected += 0.85 * 13e6 * max(0.0, 1 - np.exp(-hazard * (k - 12)))
        np.testing.assert_allclose(lines.usd[Line.REVENUE, month, 0], expected, rtol=1e-12)


def test_real_world_tenants_default_less() -> None:
    """Proves: only the hazard tells the measures apart on flat markets."""
    value = {m: npv(lines_of("turnkey", case(signed(), part(**LEASED), w), w)) for m in ("pricing", "real_world")
             for w in [world(measure=m)]}  # fmt: skip
    assert value["real_world"] > value["pricing"]


def test_the_mine_bridges_to_the_hall() -> None:
    """Proves: mining runs to two months before first rent; the machines are then sold."""
    w = world()
    lines = lines_of("turnkey", case(site(), part(), w, start=6, first=24), w)
    assert lines.usd[Line.REVENUE, 22, 0] > 0
    assert lines.usd[Line.REVENUE, 23, 0] == 0
    # in month 22 the oldest third has 2 of its last 12 months left, the others more than 12
    np.testing.assert_allclose(lines.usd[Line.PROCEEDS, 22, 0], 18.75e6 / 3 * (2 + 2 / 12), rtol=1e-12)


@pytest.mark.parametrize(
    ("use", "changes", "reason"),
    [
        ("bitcoin", {"mining_gross_mw": 0.0, "state": "construction"}, "no energised megawatts that mine"),
        ("bitcoin", LEASED, "under a signed lease"),
        ("site_sale", LEASED, "under a signed lease"),
        ("hold", LEASED, "under a signed lease"),
    ],
)
def test_unavailable_says_why(use: str, changes: dict[str, object], reason: str) -> None:
    """Proves: an unavailable use names its reason."""
    assert USE[use].unavailable(site(), part(**changes)) == reason


def test_interruptible_power_cannot_be_leased() -> None:
    """Proves: firming is asked for, not assumed."""
    reason = USE["turnkey"].unavailable(site(firm="interruptible"), part())
    assert reason is not None
    assert "firming" in reason


def test_an_indexed_price_is_a_yearly_level() -> None:
    """Proves: 24 $/MWh stated moves as market over the region's level, so a dear season costs more than stated.

    Month 1 at 45 against a level of 30 is 36 $/MWh. Sensitivity: scaling by the as-of month instead gives 24.
    """
    w = world()
    w.paths.power_usd_per_mwh["other"][:2] = 45.0
    indexed = site(power_contract="index", power_price_usd_per_mwh=24.0)
    lines = lines_of("bitcoin", case(indexed, part(), w), w, refresh="never")
    np.testing.assert_allclose(lines.usd[Line.POWER, 1, 0], -36.0 * 73_000, rtol=1e-12)
