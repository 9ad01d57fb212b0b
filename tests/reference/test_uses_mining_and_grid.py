"""Printed numbers through the mine's own kernel, and the laws of buying machines on drawn markets."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from tests.studies import study
from tests.worlds import PLAIN, case, part, site, world
from wattworth import facts, markets
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.markets.bitcoin import annuity_years
from wattworth.markets.curtailment import curve_of
from wattworth.records import DurationCurve, Line
from wattworth.study import Site
from wattworth.uses import Bitcoin, World
from wattworth.uses.bitcoin import BitcoinOptions
from wattworth.uses.grid import Grid
from wattworth.uses.hybrid import Hybrid
from wattworth.uses.mining import INDEX, RESALEABLE, curve_terms, hour_value
from wattworth.valuation.plan import plan

UNTAXED = TaxRules(0.0, 1.0, 0.8, "group")
NEVER = BitcoinOptions(refresh="never")
N_BIN = 4000


def lognormal(log_sd: float) -> DurationCurve:
    """A lognormal's hours in bins of equal share, each at its own conditional mean."""
    edges = ndtri(np.linspace(0.0, 1.0, N_BIN + 1))
    return DurationCurve(np.diff(ndtr(edges - log_sd)) * N_BIN, np.full(N_BIN, 1.0 / N_BIN))


def test_curtailment_of_a_lognormal_hour() -> None:
    """Proves: methods section 1: R 100, F 45, s 0.8 are worth 59.2657 at the market, running 91.8964 % of hours;
    resale adds 4.26575 to R less the contract. Sensitivity: mining plus resale without parity gives 63.5.
    """
    table, guide = curve_terms(lognormal(0.8))
    value, run, sold = hour_value(INDEX, 100.0, 45.0, 0.0, 0.0, 1.0, 1.0, table, guide)
    assert value == pytest.approx(59.2657, abs=2e-4)
    assert run == pytest.approx(0.918964, abs=3e-4)
    assert sold == 0.0
    value, run, sold = hour_value(RESALEABLE, 100.0, 45.0, 0.0, 20.0, 1.0, 1.0, table, guide)
    assert value - (100.0 - 20.0) == pytest.approx(4.26575, abs=2e-4)
    assert run + sold == 1.0


def test_curtailment_of_an_empirical_curve() -> None:
    """Proves: eight hours, R 80: put 38.75, call 125.0, and the hours that run. Sensitivity: dropping the negative
    hour gives a put of 27.5.
    """
    mean, curve = curve_of(np.array([-10.0, 0, 20, 30, 50, 90, 150, 1000]))
    table, guide = curve_terms(curve)
    value, run, _ = hour_value(INDEX, 80.0, mean, 0.0, 0.0, 1.0, 1.0, table, guide)
    assert value == pytest.approx(38.75, rel=1e-12)
    assert run == pytest.approx(5 / 8, rel=1e-12)
    value, _, sold = hour_value(RESALEABLE, 80.0, mean, 0.0, 0.0, 1.0, 1.0, table, guide)
    assert value - 80.0 == pytest.approx(125.0, rel=1e-12)
    assert sold == pytest.approx(3 / 8, rel=1e-12)


def test_the_guide_finds_the_bin_that_bisection_finds() -> None:
    """Proves: the looked-up option is that of the markets room for strikes between, on and beyond the bins."""
    from wattworth.markets.curtailment import curve_sums, put_value_usd_per_mwh, running_frac

    curve = markets.region_shape("ercot_west").curve
    table, guide = curve_terms(curve)
    hours, sums = curve_sums(curve)
    for strike in (*np.linspace(-60.0, 2000.0, 997), *(curve.price_ratio * 45.0)):
        value, run, _ = hour_value(INDEX, strike, 45.0, 0.0, 0.0, 1.0, 1.0, table, guide)
        assert run == running_frac(strike, 45.0, curve.price_ratio, hours)
        exact = put_value_usd_per_mwh(strike, 45.0, curve.price_ratio, hours, sums)
        assert value == pytest.approx(exact, rel=1e-12, abs=1e-9)


def test_capital_recovery_behind_the_rule() -> None:
    """Proves: CRF(0.10, 20) = 0.117460: the rule's continuous annuity is the yearly one times ln(1.1)/0.1 over it."""
    log_rate = np.log(1.1)
    assert 0.1 / log_rate / annuity_years(log_rate, 20) == pytest.approx(0.117460, rel=5e-6)


@pytest.mark.parametrize(("j_per_th", "expected"), [(11, 123.864), (13.5, 100.926), (17.5, 77.8571), (21.5, 63.3721)])
def test_a_new_fleet_earns_the_printed_value_of_a_megawatt_hour(j_per_th: float, expected: float) -> None:
    """Proves: methods section 2's value density at 32.7 $/PH/day, for machines bought and not only for those there."""
    w = world(money=32.7 / 40.0)
    w = replace(w, paths=replace(w.paths, asic_j_per_th=np.full_like(w.paths.btc_usd, j_per_th)))
    w = replace(w, paths=replace(w.paths, asic_usd_per_th=w.paths.asic_usd_per_th / 4))
    lines = Bitcoin().cash_lines(case(site(), part(mining_gross_mw=0.0), w), w, BitcoinOptions())
    assert lines.usd[Line.REVENUE, 4, 0] / (100.0 * 730.0) == pytest.approx(expected, rel=5e-6)


def test_thirty_exahash_of_a_listed_miner() -> None:
    """Proves: IREN, 16 Sept 2024 (deal IREN-5): 30 EH/s earn 460 $M and burn 156 $M of electricity a year.

    At 15 J/TH (its fleet, miners table) 450 MW; the hashprice of that month, 42 $/PH/day, gives 459.9 $M, within
    0.5 %; power at 4 c/kWh 157.7 $M, within 2 %. Sensitivity: J/TH as J/GH or a 24 lost moves either by far more.
    """
    w = world(money=42.0 / 40.0)
    priced = site(
        operating_gross_mw=450.0, fleet_hashrate_eh_per_s=30.0, power_contract="fixed",
        power_price_usd_per_mwh=40.0, fleet_age_years=0.0,
    )  # fmt: skip
    lines = Bitcoin().cash_lines(case(priced, part(gross_mw=450.0, mining_gross_mw=450.0), w), w, NEVER)
    year = lines.usd[:, 1:13, 0].sum(axis=1)
    assert year[Line.REVENUE] == pytest.approx(460e6, rel=0.005)
    assert -year[Line.POWER] == pytest.approx(156e6, rel=0.02)


MONEY = (
    "ai_purpose_built.construction_cost", "mining_hall_retrofit.construction_cost", "renewal.refit",
    "lease_landlord_pays_capex.rent_year1", "turnkey.pursuit_cost", "site_sale.price_energised",
    "site.removal_cost", "site.holding_cost", "mine.avoidable_opex", "mine.fixed_opex", "mine.capex",
    "power_resale.fee", "power_other.delivery_adder", "power_other.level",
)  # fmt: skip


@pytest.mark.parametrize("use", [Bitcoin(), Grid(), Hybrid()], ids=lambda use: use.name)
@pytest.mark.parametrize("mining_mw", [100.0, 40.0])
def test_all_money_doubled_doubles_value(use, mining_mw: float) -> None:
    """Proves: no dollar is written into the three uses, machines and halls that are bought included."""

    def valued(scale: float) -> float:
        w = world(money=scale, **{key: PLAIN[key] * scale for key in MONEY})
        peaks = {"other": np.full_like(w.paths.btc_usd, 3.0 * scale)}
        w = replace(w, paths=replace(w.paths, peak_usd_per_kw_month=peaks))
        priced = site(
            previous_use="industrial", mining_gross_mw=mining_mw, power_contract="fixed", power_resaleable=True,
            power_price_usd_per_mwh=25.0 * scale, power_end="2032-05",
        )  # fmt: skip
        lines = use.cash_lines(case(priced, part(mining_gross_mw=mining_mw), w), w, use.options())
        return float(statement(lines, TaxRules(0.25, 0.6, 0.8, "carried"), discount_factors(0.06, 373)).npv_usd[0])

    assert valued(2.0) == pytest.approx(2.0 * valued(1.0), rel=1e-12)
    assert valued(1.0) != 0


@pytest.mark.parametrize("use", [Bitcoin(), Grid(), Hybrid()], ids=lambda use: use.name)
def test_zero_rates_give_the_plain_sum(use) -> None:
    """Proves: without discount and tax, value is the sum of the lines."""
    w = world()
    block = site(power_contract="fixed", power_price_usd_per_mwh=20.0, power_resaleable=True)
    lines = use.cash_lines(case(block, part(), w), w, use.options())
    value = statement(lines, UNTAXED, discount_factors(0.0, 373)).npv_usd[0]
    assert value == pytest.approx(lines.usd[:, :, 0].sum(), rel=1e-12)


CHEAP = Site(
    site_id="cheap", name="Cheap", company="Plain", country="US", iso="ERCOT", operating_gross_mw=100.0,
    previous_use="bitcoin_mine", power_contract="index", power_price_usd_per_mwh=30.0,
)  # fmt: skip
DEAR = CHEAP.model_copy(update={"power_price_usd_per_mwh": 50.0})
MARKET = CHEAP.model_copy(update={"power_price_usd_per_mwh": None, "power_contract": "market"})


@pytest.fixture(scope="module")
def drawn() -> World:
    """512 draws of the packaged markets under the pricing measure."""
    run = plan(study(CHEAP), facts.load(), n_draw=512, seed=11)
    params = run.table.draws(range(2))
    paths, _ = markets.draw(run.study, params, 11, range(2), run.regions)
    return World(run.calendar, paths, params)


def npv(w: World, its_site: Site, options: BitcoinOptions) -> np.ndarray:
    """Value after tax at 6 %, shape (draw,)."""
    lines = Bitcoin().cash_lines(case(its_site, part(), w), w, options)
    return statement(lines, TaxRules(0.25, 1.0, 0.8, "group"), discount_factors(0.06, 361)).npv_usd


@pytest.mark.parametrize("its_site", [CHEAP, DEAR, MARKET], ids=["30", "50", "market"])
def test_buying_when_it_pays_is_worth_no_less_than_never(drawn: World, its_site: Site) -> None:
    """Proves: the owner's rule does not lose on the mean of drawn markets, within three standard errors."""
    gain = npv(drawn, its_site, BitcoinOptions()) - npv(drawn, its_site, NEVER)
    assert gain.mean() >= -3 * gain.std(ddof=1) / np.sqrt(gain.size)


def test_dearer_power_lowers_the_mean_of_a_mine_that_buys(drawn: World) -> None:
    """Proves: in expectation. In single draws it may not: an owner with cheap power buys machines that a crash then
    makes worthless, and one with dear power is spared. The run-off, which buys nothing, obeys in every draw.
    """
    prices = [20.0, 30.0, 40.0, 55.0, 70.0]
    sites = [CHEAP.model_copy(update={"power_price_usd_per_mwh": price}) for price in prices]
    for options in (BitcoinOptions(), NEVER):
        values = [npv(drawn, its_site, options) for its_site in sites]
        means = [value.mean() for value in values]
        assert means == sorted(means, reverse=True)
        if options is NEVER:
            assert all(np.all(dear <= cheap + 1e-6) for cheap, dear in pairwise(values))
