"""The GPU cloud on flat markets, each figure worked out by hand in the docstring."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.records import Line
from wattworth.uses.gpu_cloud import CloudOptions, GpuCloud, delivered_usd_per_mwh
from wattworth.uses.gpu_fleet import market_cost_usd
from wattworth.uses.hall import FULL_HALL, HallOptions, hall_end_usd

FREE = {"gross_mw": 140.0, "mining_gross_mw": 0.0}
LEASED = {"state": "leased", "gross_mw": 140.0, "critical_it_mw": 100.0, "mining_gross_mw": 0.0}
SAFE = {f"tenant.spread_{kind}": 0.0 for kind in ("hyperscaler", "backed_neocloud", "neocloud")}
UNTAXED = TaxRules(0.0, 1.0, 0.8, "group")


def lines_of(w, its_site=None, its_part=None, first: int = 24, **options: object):
    """Cash lines of 100 MW of critical IT."""
    its_site = its_site or site(previous_use="greenfield", operating_gross_mw=140.0)
    declared = CloudOptions(**options)  # type: ignore[arg-type] - checked by the model
    return GpuCloud().cash_lines(case(its_site, its_part or part(**FREE), w, first=first), w, declared)


def npv(lines, rate: float = 0.08) -> float:
    """Value of the first draw before tax."""
    return float(statement(lines, UNTAXED, discount_factors(rate, 373)).npv_usd[0])


def signed(**changes: object):
    """9.7 $M/MW-yr for five years on 100 MW, 44 $M/MW of stated capital."""
    return site(**{
        "operating_gross_mw": 140.0, "previous_use": "greenfield", "lease_critical_it_mw": 100.0,
        "lease_gross_mw": 140.0, "lease_use": "gpu_cloud", "lease_rent_usd_per_kw_month": 808.3,
        "lease_term_years": 5.0, "lease_capex_musd_per_mw_it": 44.0, "lease_tenant_class": "hyperscaler", **changes,
    })  # fmt: skip


def test_contract_prepayment_and_market_hours_by_hand() -> None:
    """Proves: revenue of a first fleet, month by month.

    2.50 $/h x 0.73 GPU/kW x 100,000 kW x 730 h = 133.225 $M a month at all hours. Contract 60 % of it for 48
    months = 79.935; a fifth of 48 months is paid with the GPUs in month 22 and credited over the last 24, 31.974
    a month. Then market hours at 80 %: 106.58. Sensitivity: the contract at utilisation would earn 63.948.
    """
    lines = lines_of(world(**SAFE), refresh=False)
    revenue = lines.usd[Line.REVENUE, :, 0]
    month = 79.935e6
    np.testing.assert_allclose(revenue[22], 0.2 * 48 * month, rtol=1e-12)
    np.testing.assert_allclose(revenue[24:48], month, rtol=1e-12)
    np.testing.assert_allclose(revenue[48:72], month * 0.6, rtol=1e-12)
    np.testing.assert_allclose(revenue[72:84], 106.58e6, rtol=1e-12)
    assert lines.residual_month[0] == 83
    assert not revenue[84:].any()


def test_cost_of_power_upkeep_and_capital_by_hand() -> None:
    """Proves: 100 MW x 0.8 x 1.2 x 730 h x 30 $ = 2.1024 $M of power, 600 $/kW-yr = 5 $M; 3,000 $M of GPUs.

    Sensitivity: power for sold hours only would be 1.68 $M.
    """
    lines = lines_of(world(**SAFE), refresh=False)
    np.testing.assert_allclose(lines.usd[Line.POWER, 24:84, 0], -2.1024e6, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.OPEX, 24:84, 0], -5e6, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.CAPEX_5Y, 22, 0], -3e9, rtol=0.01)
    np.testing.assert_allclose(lines.full_cost_usd[0], 3e9 + 1e9, rtol=1e-12)
    np.testing.assert_allclose(lines.noi_year1_usd[0], 12 * (79.935e6 - 2.1024e6 - 5e6), rtol=1e-12)


def test_taxes_on_hardware() -> None:
    """Proves: sales tax adds to what is paid; property tax falls with the resale value, 0.3^(1/36) a month."""
    w = world(
        **SAFE,
        **{"gpu_cloud.sales_tax": 0.05, "gpu_cloud.property_tax": 0.012, "gpu.decay": 0.0, "gpu.launch_step": 1.0},
    )
    lines = lines_of(w, refresh=False)
    np.testing.assert_allclose(lines.full_cost_usd[0], 1.05 * 3e9 + 1e9, rtol=1e-12)
    first = 3.15e9 * 0.3 ** (1 / 36) * 0.001
    np.testing.assert_allclose(lines.usd[Line.OPEX, 24, 0], -5e6 - first, rtol=1e-12)


def test_the_last_gpus_and_the_hall_are_the_residual() -> None:
    """Proves: the kernel's hall at the end is the rule of hall.py, plus GPUs at 0.3^(60/36) of their cost."""
    w = world(**SAFE, **{"gpu.decay": 0.0, "gpu.launch_step": 1.0})
    lines = lines_of(w, refresh=False)
    hall = hall_end_usd(
        FULL_HALL, case(site(), part(**FREE), w), w, HallOptions(), cost_usd=np.full(1, 1e9),
        margin_frac=np.full(1, 0.85), end=lines.residual_month,
    )  # fmt: skip
    np.testing.assert_allclose(lines.residual_usd[0], hall[0] + 3e9 * 0.3 ** (60 / 36), rtol=1e-12)


def test_a_hall_that_may_not_be_let_again_leaves_the_site() -> None:
    """Proves: 140 MW x (0.45 x 0.98 - 0.02) $/W = 58.94 $M, no scrap in this world, and the GPUs."""
    w = world(**SAFE, **{"gpu.decay": 0.0, "gpu.launch_step": 1.0})
    lines = lines_of(w, refresh=False, re_let=False)
    np.testing.assert_allclose(lines.residual_usd[0] - 3e9 * 0.3 ** (60 / 36), 58.94e6, rtol=1e-9)


def test_a_lost_customer_leaves_market_hours() -> None:
    """Proves: hazard 0.05/12; what is lost sells at the market. Sensitivity: nothing left gives 79.60 $M."""
    w = world(**{**SAFE, "tenant.spread_neocloud": 0.03})
    lines = lines_of(w, refresh=False, customer_class="neocloud", prepayment_frac=0.0)
    alive = np.exp(-0.05 / 12)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 24, 0], alive * 79.935e6 + (1 - alive) * 106.58e6, rtol=1e-12)


def test_a_fleet_is_renewed_only_where_that_pays() -> None:
    """Proves: with cheap hardware a new fleet follows the old one, to the horizon; none is bought for its last year."""
    dear = lines_of(world(**SAFE, **{"gpu_cloud.hardware_cost": 60.0}))
    cheap = lines_of(world(**SAFE, **{"gpu_cloud.hardware_cost": 10.0}))
    assert dear.residual_month[0] == 83
    assert cheap.residual_month[0] > 340
    bought = np.flatnonzero(cheap.usd[Line.CAPEX_5Y, 60:, 0]) + 60
    assert bought.size >= 4
    assert bought[-1] <= 360 - 2 - 12
    assert npv(cheap) > npv(lines_of(world(**SAFE, **{"gpu_cloud.hardware_cost": 10.0}), refresh=False))


def test_a_denser_generation_is_bought_early() -> None:
    """Proves: once the contract is over, a kW that holds four times the compute replaces a fleet that still runs."""
    w = world(**SAFE, **{"gpu_cloud.life": 7.0, "gpu_cloud.hardware_price_elasticity": 0.0})
    w.paths.gpu_per_kw[60:] *= 4.0
    lines = lines_of(w)
    assert np.flatnonzero(lines.usd[Line.CAPEX_5Y, 60:, 0])[0] + 60 == 71


def test_a_collapse_ends_the_cloud_early() -> None:
    """Proves: when an hour no longer pays, the hall is let to others as soon as the contract is over."""
    w = world(**SAFE, **{"gpu_cloud.life": 7.0})
    w.paths.gpu_usd_per_hour[60:] = 0.05
    lines = lines_of(w)
    assert lines.residual_month[0] == 71


def test_a_signed_contract_keeps_its_own_terms() -> None:
    """Proves: 808.3 $/kW-month for 60 months whatever is declared; 44 $M/MW is the whole capital, 65 % hardware."""
    w = world(**SAFE)
    lines = lines_of(w, signed(), part(**LEASED), contract_price_frac=1.5, contract_years=1.0)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 24:54, 0], 80.83e6, rtol=1e-12)
    np.testing.assert_allclose(lines.full_cost_usd[0], 4.4e9, rtol=1e-12)
    capital = -lines.usd[[Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y], :60].sum()
    np.testing.assert_allclose(capital, 4.4e9, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.CAPEX_15Y].sum(), -0.6 * 0.35 * 4.4e9, rtol=1e-12)


def test_money_spent_before_the_as_of_month_is_sunk() -> None:
    """Proves: first revenue next month means GPUs are paid for; half delivered means half is due.

    The delivered half earns and costs its share; the connection's upkeep of 0.07 $M stays.
    """
    w = world(**SAFE)
    ready = lines_of(w, signed(), part(**LEASED), first=1)
    assert ready.usd[Line.CAPEX_5Y, 0, 0] == 0
    half = lines_of(w, signed(lease_live_it_mw=50.0), part(**LEASED))
    np.testing.assert_allclose(half.usd[[0, 1, 2], 1, 0], [40.415e6, -1.0512e6, -2.57e6], rtol=1e-12)
    np.testing.assert_allclose(-half.usd[3:6, :60].sum(), 2.2e9, rtol=1e-12)


def test_competition_takes_half_of_the_excess_in_a_half_life() -> None:
    """Proves: three years on, a fleet costs 1,500 $M and half of what it is worth above that to a rival.

    Rival: 106.58 $M a month falling by 0.25 a year, less 5 upkeep, 70,080 MWh at 60 $ = 4.2048 and 13 hall rent, at
    12 % over 60 months; capital costs 1 - 0.3^(60/36) / 1.12^5 = 0.923714 of itself.
    Sensitivity: leaving out the hall's rent makes a fleet 300 $M dearer.
    """
    w = world(**SAFE, **{"gpu_cloud.excess_half_life": 3.0, "gpu_cloud.hardware_cost": 15.0})
    rate = np.log(1.12) / 12
    earned = 106.58e6 * (1 - np.exp(-60 * (0.25 / 12 + rate))) / (0.25 / 12 + rate)
    spent = (5e6 + 4.2048e6 + 13e6) * (1 - 1.12**-5) / rate
    owed = 1 - 0.3 ** (60 / 36) / 1.12**5
    assert owed == pytest.approx(0.923714, abs=1e-6)
    expected = 1.5e9 + 0.5 * (earned - spent - 1.5e9 * owed) / owed
    assert market_cost_usd(np.full(1, 100.0), w, np.full(1, 36))[0] == pytest.approx(expected, rel=1e-7)
    assert market_cost_usd(np.full(1, 100.0), w, np.full(1, 0))[0] == pytest.approx(1.5e9, rel=1e-12)


def test_a_boom_is_expected_to_pass() -> None:
    """Proves: with prices twice their trend and fast reversion the owner does not renew; without reversion he does."""
    kept = {
        "gpu_cloud.hardware_price_elasticity": 0.0,
        "gpu_cloud.hardware_cost": 55.0,
        "gpu.decay": 0.0,
        "gpu.launch_step": 1.0,
    }
    ends = []
    for reversion in (1e-9, 5.0):
        w = world(**SAFE, **kept, **{"gpu.mean_reversion": reversion})
        w.paths.gpu_usd_per_hour[60:] *= 2.0
        ends.append(int(lines_of(w).residual_month[0]))
    assert ends[0] > 83
    assert ends[1] == 83


def test_unavailable_says_why() -> None:
    """Proves: another contract, and power that may be cut."""
    use = GpuCloud()
    assert use.unavailable(signed(), part(**LEASED)) is None
    assert use.unavailable(signed(lease_use="turnkey"), part(**LEASED)) == "under a signed lease"
    cut = site(firm="interruptible")
    assert "firming: true" in (use.unavailable(cut, part()) or "")
    assert use.unavailable(cut, part(), CloudOptions(firming=True)) is None


def test_the_contract_on_power_is_burnt() -> None:
    """Proves: a fixed 20 $/MWh serves energised megawatts until it ends, then 30; free pipeline pays 30."""
    w = world()
    fixed = site(power_contract="fixed", power_price_usd_per_mwh=20.0, power_end="2030-06")
    price = delivered_usd_per_mwh(case(fixed, part(**FREE), w), w)
    np.testing.assert_allclose(price[[1, 48, 49], 0], [20.0, 20.0, 30.0], rtol=1e-12)
    land = part(**FREE, state="undeveloped")
    np.testing.assert_allclose(delivered_usd_per_mwh(case(fixed, land, w), w)[1, 0], 30.0, rtol=1e-12)


def test_pursuit_is_per_critical_megawatt() -> None:
    """Proves: 0.1 $M x 100 MW."""
    w = world(**{"turnkey.pursuit_cost": 0.1})
    assert GpuCloud().pursuit_usd(case(site(), part(**FREE), w), w, CloudOptions())[0] == pytest.approx(1e7)


@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("cost", [10.0, 20.0, 30.0, 45.0])
def test_longer_life_or_more_hours_never_lower_value(refresh: bool, cost: float) -> None:
    """Proves: laws of the cloud on flat markets."""
    w = world(**SAFE, **{"gpu_cloud.hardware_cost": cost})
    use = {"refresh": refresh}
    hours = [npv(lines_of(w, utilisation_frac=u, **use)) for u in np.linspace(0.3, 1.0, 15)]
    assert np.all(np.diff(hours) >= -1e-3)
    lives = [npv(lines_of(w, gpu_life_years=years, **use)) for years in (4.0, 5.0, 6.0, 7.0, 8.0)]
    assert np.all(np.diff(lives) >= -1e-3)


@pytest.mark.parametrize("refresh", [True, False])
def test_all_money_doubled_doubles_value(refresh: bool) -> None:
    """Proves: no dollar is written into the code."""
    money = (
        "ai_purpose_built.construction_cost", "gpu_cloud.hardware_cost", "gpu_cloud.opex", "renewal.refit",
        "lease_landlord_pays_capex.rent_year1", "turnkey.pursuit_cost", "site_sale.price_energised",
        "site.removal_cost", "site.holding_cost", "power_other.delivery_adder", "power_other.level",
    )  # fmt: skip
    plain = world().params

    def valued(scale: float) -> float:
        changed = {key: float(plain[key][0]) * scale for key in money} | {"gpu_cloud.property_tax": 0.02}
        return npv(lines_of(world(money=scale, **SAFE, **changed), refresh=refresh))

    assert valued(2.0) == pytest.approx(2.0 * valued(1.0), rel=1e-12)


def test_zero_rates_give_the_plain_sum() -> None:
    """Proves: without discount, tax and credit risk, value is the sum of the lines."""
    lines = lines_of(world(**SAFE))
    assert npv(lines, 0.0) == pytest.approx(lines.usd[:, :, 0].sum(), rel=1e-12)
