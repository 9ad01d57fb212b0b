"""Buying machines: the rule by hand, what it reads, and what it must never do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.records import Line
from wattworth.uses import Bitcoin, Hold, World
from wattworth.uses.bitcoin import BitcoinOptions
from wattworth.uses.energy import Channel

NEVER = BitcoinOptions(refresh="never")
EMPTY = part(mining_gross_mw=0.0)
HOURS = 100.0 * 730.0
RULES = TaxRules(0.25, 1.0, 0.8, "group")


def lines_of(w: World, a_part=None, options: BitcoinOptions | None = None, **changes: object):
    a_case = case(site(**changes), part() if a_part is None else a_part, w)
    return Bitcoin().cash_lines(a_case, w, options or BitcoinOptions())


def with_paths(w: World, **changes: np.ndarray) -> World:
    return replace(w, paths=replace(w.paths, **changes))


def annuity(rate: float, years: float) -> float:
    return (1 - np.exp(-rate * years)) / rate


def test_a_first_fleet_by_hand() -> None:
    """Proves: halls of a former mine are filled at once; machines run in the fourth month and are renewed in time.

    100 MW / 10 J/TH = 10,000,000 TH at 15 $ = 150 $M in month 0 and 166.67 $/MWh from month 4. Five years end in
    month 63; the next order is three months before, so no hour is lost. Sensitivity: an order at the end leaves a gap.
    """
    lines = lines_of(world(), EMPTY)
    assert lines.first_revenue_month[0] == 4
    np.testing.assert_allclose(lines.usd[Line.CAPEX_5Y, 0, 0], -150e6, rtol=1e-12)
    assert not lines.usd[Line.REVENUE, :4].any()
    np.testing.assert_allclose(lines.usd[Line.OPEX, 1:4, 0], -50_000.0, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 4:, 0], 40_000 / 240 * HOURS, rtol=1e-12)
    np.testing.assert_array_equal(np.flatnonzero(lines.usd[Line.CAPEX_5Y, :, 0]), np.arange(0, 360, 60))
    assert not lines.usd[Line.CAPEX_15Y].any()
    assert not lines.usd[Line.AFTER_TAX].any()


def test_a_connection_without_a_hall_builds_one_once() -> None:
    """Proves: 0.5 $M x 100 MW of hall beside the first machines, which then wait nine months for it."""
    lines = lines_of(world(), EMPTY, previous_use="greenfield")
    assert lines.first_revenue_month[0] == 10
    np.testing.assert_allclose(lines.usd[Line.CAPEX_15Y, 0, 0], -50e6, rtol=1e-12)
    assert np.count_nonzero(lines.usd[Line.CAPEX_15Y]) == 1


def test_megawatts_that_do_not_mine_are_weighed_beside_those_that_do() -> None:
    """Proves: 40 idle MW of 100 take 40 MW of machines: 4,000,000 TH at 15 $. Sensitivity: 150 $M for all of them."""
    lines = lines_of(world(), part(mining_gross_mw=60.0), mining_gross_mw=60.0)
    np.testing.assert_allclose(lines.usd[Line.CAPEX_5Y, 0, 0], -60e6, rtol=1e-12)


@pytest.mark.parametrize("beyond", [0.999, 1.001])
def test_machines_are_bought_up_to_the_price_of_their_expected_margin(beyond: float) -> None:
    """Proves: the rule's threshold, in closed form.

    Revenue 166.67 $/MWh shrinks in expectation with 0.1's log gain over five years; less 5 opex and 30 power, over the
    annuity at ln 1.15; less fixed cost 20 $/kW-yr and 8 % of 42.1 $M of site a year. Sensitivity: without the
    network's gain the threshold is a quarter higher.
    """
    rate, gain = np.log(1.15), -np.log(0.9)
    years = annuity(rate, 5)
    margin = (40_000 / 240 * annuity(rate + gain, 5) / years - 35) * 8760
    fixed = 20e3 + 0.08 * (0.45 * 0.98 - 0.02) * 1e6
    threshold = (margin - fixed) * years / (1e6 / 10)
    w = world(**{"mine.fixed_opex": 20.0})
    w = with_paths(w, asic_usd_per_th=np.full_like(w.paths.btc_usd, threshold * beyond))
    assert lines_of(w, EMPTY).usd[Line.CAPEX_5Y, 0, 0] == (
        0.0 if beyond > 1 else pytest.approx(-1e7 * threshold * beyond)
    )


def test_a_far_better_machine_replaces_one_that_still_runs() -> None:
    """Proves: weighed once a year, paid on order, the old machines sold when the new ones run.

    25 J/TH earns 66.67 - 35 = 31.67 $/MWh; the new one, after its capital, 60 and more. Age 0, so they would run 60
    months: 100 MW / 25 = 4,000,000 TH at 15 x (10/25)^2 with 44 months left. Sensitivity: a sale on order is early.
    """
    lines = lines_of(world(), fleet_j_per_th=25.0, fleet_age_years=0.0)
    np.testing.assert_allclose(lines.usd[Line.CAPEX_5Y, 12, 0], -150e6, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.PROCEEDS, 16, 0], 4e6 * 15 * 0.16, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 15, 0], 40_000 / 600 * HOURS, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 16, 0], 40_000 / 240 * HOURS, rtol=1e-12)


def test_where_nothing_is_bought_the_run_off_is_unchanged() -> None:
    """Proves: both options give the same cash when machines are too dear to buy."""
    w = world(n_draw=3, **{"fleet.failure_rate": 0.03, "fleet.vintage_spread": 0.2, "mine.fixed_opex": 20.0})
    w = with_paths(w, asic_usd_per_th=w.paths.asic_usd_per_th * 100)
    refreshed, plain = lines_of(w), lines_of(w, options=NEVER)
    assert refreshed.usd.shape == plain.usd.shape
    np.testing.assert_allclose(refreshed.usd, plain.usd, rtol=1e-12)
    np.testing.assert_array_equal(refreshed.residual_month, plain.residual_month)


def test_an_idle_connection_that_never_mines_is_held() -> None:
    """Proves: watching for a chance is worth what holding is. Sensitivity: a reversion at once is worth 2.5 $M more."""
    w = world()
    w = with_paths(w, asic_usd_per_th=w.paths.asic_usd_per_th * 100)
    held = Hold().cash_lines(case(site(), EMPTY, w), w, Hold.options())
    for options in (BitcoinOptions(), NEVER):
        np.testing.assert_allclose(lines_of(w, EMPTY, options).usd, held.usd, rtol=1e-12)


def test_who_never_buys_needs_machines() -> None:
    """Proves: energised megawatts without machines mine only where the owner may buy them."""
    assert Bitcoin().unavailable(site(), EMPTY) is None
    assert Bitcoin().unavailable(site(), EMPTY, NEVER) == "no energised megawatts that mine"
    assert Bitcoin().unavailable(site(), part(), NEVER) is None


def test_no_order_looks_ahead() -> None:
    """Proves: paths that part after month 50 give the same cash up to it."""
    w = world(n_draw=2)
    later = np.arange(361)[:, None] > 50
    crash = with_paths(w, hashprice_usd_per_ph_day=np.where(later, 5.0, w.paths.hashprice_usd_per_ph_day))
    before, after = lines_of(w).usd[:, :51], lines_of(crash).usd
    n = min(51, after.shape[1])
    np.testing.assert_array_equal(before[:, :n], after[:, :n])
    assert n == 51


def test_what_runs_at_the_horizon_is_sold() -> None:
    """Proves: a fleet of month 304 has three of 60 months left at the end: 150 $M x 3/12."""
    lines = lines_of(world(), EMPTY)
    assert lines.residual_month[0] == 360
    machines = lines.usd[Line.PROCEEDS, 360, 0] - lines.residual_usd[0]
    np.testing.assert_allclose(machines, 150e6 * 3 / 12, rtol=1e-12)


def test_staying_off_peaks_is_a_credit_on_the_power_bill() -> None:
    """Proves: 5 $/kW-month on 100 running MW is 500,000 $ a month, and nothing on machines that stand still.

    Sensitivity: an hour's energy is not in it, so the curtailment option keeps its value.
    """
    w = world()
    w = with_paths(w, peak_usd_per_kw_month={"other": np.full_like(w.paths.btc_usd, 5.0)})
    for options in (NEVER, BitcoinOptions()):
        np.testing.assert_allclose(lines_of(w, None, options).usd[Line.POWER, 1, 0], -30 * HOURS + 5e5, rtol=1e-12)
    still = lines_of(w, None, NEVER, power_contract="fixed", power_price_usd_per_mwh=300.0)
    assert not still.usd[Line.POWER].any()


def test_a_block_covers_its_share_of_the_site() -> None:
    """Proves: half at the contract's 10 $/MWh, half at the market's 30. Sensitivity: all at 10."""
    block = {"power_contract": "fixed", "power_price_usd_per_mwh": 10.0, "power_block_mw": 50.0}
    for resaleable in (False, True):
        for options in (NEVER, BitcoinOptions()):
            lines = lines_of(world(), None, options, power_resaleable=resaleable, **block)
            np.testing.assert_allclose(lines.usd[Line.POWER, 1, 0], -20 * HOURS, rtol=1e-12)


def test_part_of_a_block_is_resold_where_mining_pays_less() -> None:
    """Proves: mining worth 20 against a market of 30: the block nets 30 - 10 on half, the rest stands still."""
    block = site(
        power_contract="fixed", power_price_usd_per_mwh=10.0, power_resaleable=True, power_block_mw=50.0,
        fleet_j_per_th=200 / 3,
    )  # fmt: skip
    w = world()
    a_case = case(block, part(), w)
    lines = Bitcoin().cash_lines(a_case, w, NEVER)
    margin = lines.usd[[Line.REVENUE, Line.POWER, Line.OPEX]].sum(axis=0)[1, 0]
    np.testing.assert_allclose(margin, 0.5 * 20.0 * HOURS, rtol=1e-12)
    mwh = Bitcoin().energy_mwh(a_case, w, NEVER)[:, 1, 0]
    np.testing.assert_allclose(mwh[[Channel.MINED, Channel.SOLD, Channel.IDLE]], [0, HOURS / 2, HOURS / 2], rtol=1e-12)


def test_capital_of_every_fleet_is_written_off() -> None:
    """Proves: at a rate of nil and a tax of a quarter, value is three quarters of the plain sum: no basis is lost."""
    lines = lines_of(world(), EMPTY)
    value = statement(lines, RULES, discount_factors(0.0, 373)).npv_usd[0]
    assert value == pytest.approx(0.75 * lines.usd[:, :, 0].sum(), rel=1e-12)
