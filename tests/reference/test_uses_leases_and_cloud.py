"""Leases and GPU clouds against printed figures: methods sections 0 and 2, and disclosed deals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth import facts
from wattworth.finance import annuity_factor, internal_rates_frac
from wattworth.markets import year_average_usd_per_hour
from wattworth.records import Line
from wattworth.uses import Bitcoin
from wattworth.uses.gpu_cloud import CloudOptions, GpuCloud
from wattworth.uses.gpu_math import (
    annual_cost_usd,
    break_even_usd_per_h,
    contract_price_usd_per_h,
    gpus_per_mw,
    revenue_usd_per_mw_year,
    usd_per_mwh_of_gpu,
    usd_per_mwh_of_lease,
)
from wattworth.uses.lease import LeaseOptions
from wattworth.uses.lease_math import hazard_per_year
from wattworth.uses.powered_shell import PoweredShell
from wattworth.uses.turnkey import Turnkey

OWN = [Line.REVENUE, Line.POWER, Line.OPEX]
CAPITAL = [Line.CAPEX_5Y, Line.CAPEX_15Y, Line.CAPEX_39Y]
SAFE = {f"tenant.spread_{kind}": 0.0 for kind in ("hyperscaler", "backed_neocloud", "neocloud")}
LEASED = {"state": "leased", "gross_mw": 280.0, "critical_it_mw": 200.0, "mining_gross_mw": 0.0}


def printed(value: float, digits: int = 6) -> object:
    """Equal to as many significant digits as the source prints."""
    return pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))


def microsoft(**changes: object):
    """IREN's contract of Nov 2025: 9.7 $bn over five years for 76,000 GPUs on 200 MW, 8.8 $bn of capital."""
    return site(**{
        "operating_gross_mw": 280.0, "previous_use": "greenfield", "lease_critical_it_mw": 200.0,
        "lease_gross_mw": 280.0, "lease_use": "gpu_cloud", "lease_rent_usd_per_kw_month": 9.7e9 / 60 / 200e3,
        "lease_term_years": 5.0, "lease_capex_musd_per_mw_it": 44.0, "lease_tenant_class": "hyperscaler", **changes,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("capex", "expected", "tolerance"),
    [(6.5, 0.211, 5e-4), (9, 0.152411, 6e-7), (11.5, 0.119, 5e-4), (17.5, 0.0784, 5e-4)],
)
def test_yield_of_the_turnkey_lease(capex: float, expected: float, tolerance: float) -> None:
    """Proves: section 2's yields on cost, from the lease engine. Sensitivity: over gross MW 9 $M/MW yields 0.109."""
    w = world(**SAFE)
    row = microsoft(lease_use="turnkey", lease_rent_usd_per_kw_month=134.4804, lease_capex_musd_per_mw_it=capex)
    lines = Turnkey().cash_lines(case(row, part(**LEASED), w), w, LeaseOptions())
    assert lines.noi_year1_usd[0] / lines.full_cost_usd[0] == pytest.approx(expected, abs=tolerance)


def test_internal_rate_of_the_turnkey_lease_brackets_the_yearly_one() -> None:
    """Proves: section 2's 0.110777 without a residual, for rent in monthly parts and capital over two years.

    Ten yearly rents in arrears give 0.110777 on capital at once and 0.0913490 a year earlier. The lease engine
    spends on average a year before first rent and is paid monthly, half a year sooner: between the two.
    Sensitivity: leaving the escalator out gives 0.0776.
    """
    w = world(**SAFE)
    row = microsoft(
        lease_use="turnkey", lease_rent_usd_per_kw_month=134.4804, lease_capex_musd_per_mw_it=9.0,
        lease_term_years=10.0, lease_escalator_frac=0.03,
    )  # fmt: skip
    lines = Turnkey().cash_lines(case(row, part(**LEASED), w), w, LeaseOptions())
    cash = lines.usd[[*OWN, *CAPITAL], :144].sum(axis=0)
    rate, status = internal_rates_frac(np.ascontiguousarray(cash))
    assert status[0] == 0
    assert 0.0913490 < rate[0] < 0.110777


def test_credit_of_a_tenant() -> None:
    """Proves: section 2's risky annuity 5.31170, and that the lease engine's survival has its hazard.

    300 bp at 40 % recovery is 0.05 a year: without letting again a flat rent of ten years earns
    (1 - e^-0.5) / (e^(0.05/12) - 1) months. Sensitivity: no recovery gives 5.81.
    """
    hazard = float(hazard_per_year(0.03, 0.4))
    assert annuity_factor(0.08, 10, hazard_per_year=hazard) == printed(5.31170)
    w = world(**{**SAFE, "tenant.spread_hyperscaler": 0.03, "relet.markdown": 1.0})
    row = microsoft(
        lease_use="turnkey", lease_rent_usd_per_kw_month=100.0, lease_term_years=10.0, lease_escalator_frac=0.0
    )
    lines = Turnkey().cash_lines(case(row, part(**LEASED), w), w, LeaseOptions())
    months = -np.expm1(-0.5) / np.expm1(0.05 / 12)
    assert lines.usd[Line.REVENUE, 24:144, 0].sum() == pytest.approx(20e6 * months, rel=1e-12)


def test_shell_yields_what_its_fact_says() -> None:
    """Proves: 14 % on 2 $M/MW. Sensitivity: the turnkey rent on a shell's cost would yield 74 %."""
    w = world(**SAFE)
    lines = PoweredShell().cash_lines(case(site(), part(), w), w, LeaseOptions())
    assert lines.noi_year1_usd[0] / lines.full_cost_usd[0] == pytest.approx(0.14, rel=1e-12)


def test_gpus_and_revenue_of_a_megawatt() -> None:
    """Proves: section 2's 729.927 GPUs, 2.21199 $/h and 12.0223 $M/MW-yr. Sensitivity: rack power alone gives 784."""
    assert gpus_per_mw(1.37) == printed(729.927)
    assert year_average_usd_per_hour(2.50, 0.25) == printed(2.21199)
    assert revenue_usd_per_mw_year(
        gpus_per_mw(1.37), float(year_average_usd_per_hour(2.50, 0.25)), 0.85
    ) / 1e6 == printed(12.0223)


def test_cloud_earns_the_printed_revenue_of_a_megawatt() -> None:
    """Proves: the same 12.0223 $M/MW in the use's own first year of market hours, the price falling month by month.

    Sensitivity: the contract's terms, or utilisation on both, would give another figure.
    """
    w = world(**SAFE)
    nodes = 2.50 * np.exp(-0.25 * np.arange(-24, 338) / 12)
    w.paths.gpu_usd_per_hour[:] = ((nodes[:-1] - nodes[1:]) * 12 / 0.25)[:, None]
    w.paths.gpu_per_kw[:] = gpus_per_mw(1.37) / 1000
    options = CloudOptions(contract_years=0, utilisation_frac=0.85)
    free = part(gross_mw=140.0, mining_gross_mw=0.0)
    lines = GpuCloud().cash_lines(case(site(), free, w, first=24), w, options)
    assert lines.usd[Line.REVENUE, 24:36, 0].sum() / 100e6 == printed(12.0223)


def test_break_even_price_of_an_hour() -> None:
    """Proves: section 2's 1.72205 $/h; without idle draw 1.70464. Sensitivity: no residual gives 1.82."""
    gpu = {
        "capital_usd": 45_700, "residual_frac": 0.10, "rate_frac": 0.12, "life_years": 5, "utilisation_frac": 0.85,
        "kw_per_gpu": 1.37, "pue_ratio": 1.2, "power_usd_per_mwh": 60,
    }  # fmt: skip
    assert break_even_usd_per_h(**gpu) == printed(1.72205)
    power = 1.37 * 1.2 * 60 / 1000
    assert break_even_usd_per_h(**gpu, idle_draws=False) == pytest.approx(1.72205 - power / 0.85 + power, abs=1e-5)


def test_price_of_an_hour_in_a_contract() -> None:
    """Proves: section 2's 2.91396 $/h, in figures and in the use's own revenue over 76,000 GPUs.

    Sensitivity: counting sold hours only gives 3.43.
    """
    assert contract_price_usd_per_h(9.7e9, 5, 76_000) == printed(2.91396)
    w = world(**SAFE)
    lines = GpuCloud().cash_lines(case(microsoft(), part(**LEASED), w), w, CloudOptions())
    assert lines.usd[Line.REVENUE, 24, 0] / 76_000 / 730 == printed(2.91396)
    assert facts.load()["GB300_contract.gpus_per_critical_mw"].value * 200 == 76_000


def test_contract_earns_and_costs_what_was_disclosed() -> None:
    """Proves: 9.7 $bn over the term however it is prepaid, 1.94 prepaid, 8.8 of capital, 85 % project EBITDA.

    Upkeep and power are the package's own facts: EBITDA must land within 3 points of the company's 85 %.
    Sensitivity: facility upkeep alone (300 $/kW-yr) gives 89 %.
    """
    book = facts.load()
    keys = ("opex", "property_tax", "prepayment_share", "prepayment_free_share", "hardware_share")
    own = {f"gpu_cloud.{key}": book[f"gpu_cloud.{key}"].value for key in keys}
    w = world(**SAFE, **own, **{"power_other.level": 30.0, "power_other.delivery_adder": 5.0})
    lines = GpuCloud().cash_lines(case(microsoft(), part(**LEASED), w), w, CloudOptions(refresh=False))
    revenue = lines.usd[Line.REVENUE, :84, 0]
    assert revenue.sum() == pytest.approx(9.7e9, rel=1e-12)
    assert revenue[22] == pytest.approx(1.94e9, rel=1e-12)
    assert not np.any(revenue[24:48] != revenue[24])
    assert lines.full_cost_usd[0] == pytest.approx(8.8e9, rel=1e-12)
    assert -lines.usd[Line.CAPEX_5Y, 22, 0] == pytest.approx(5.8e9, rel=0.03)
    assert lines.noi_year1_usd[0] / 1.94e9 == pytest.approx(0.85, abs=0.03)


def test_five_year_cloud_turns_on_the_rate() -> None:
    """Proves: section 0's +2.4 $M/MW at 6 % and -4.6 at 12 %: 40.5 in, 85 % of 9.7 a year, 10.9 back."""
    ebitda = 0.85 * 9.7
    for rate, expected in ((0.06, 2.4), (0.12, -4.6)):
        value = ebitda * annuity_factor(rate, 5) + 10.9 * (1 + rate) ** -5 - 40.5
        assert value == pytest.approx(expected, abs=0.05)


def test_yearly_cost_of_renewal() -> None:
    """Proves: section 2's refresh costs. Sensitivity: resale at 0.35 after three years gives 31.3."""
    for years, expected in ((3, 33.4964), (4, 29.1885), (5, 25.9146)):
        assert annual_cost_usd(100, 0.65, 0.12, years) == printed(expected)


def test_value_of_a_megawatt_hour() -> None:
    """Proves: section 2's value density of a lease, per gross MWh, of colocation and of a GPU."""
    assert usd_per_mwh_of_lease(1.85e6 / 12e3) == printed(211.187)
    assert usd_per_mwh_of_lease(1.85e6 / 12e3) / 1.347 == printed(156.783)
    assert usd_per_mwh_of_lease(194.95) == printed(267.055)
    assert usd_per_mwh_of_gpu(2.35, 1.37) == printed(1715.33)


def test_gpus_against_mining_as_one_company_put_it() -> None:
    """Proves: deal IREN-5 of Sept 2024, both legs in one release, in the uses' own lines and on one power price.

    Mining at 30 EH/s: revenue 460 $M, electricity 156 $M. At the company's 15 J/TH that is 450 MW, so 39.6 $/MWh;
    hashprice of that quarter 44.3 $/PH/day less fees. GPUs: 1,896 on 2.60 MW, revenue 33 $M, electricity 1 $M,
    left 32. H100 rented at 2.85 to 2.99 $/h in 2024 (gpu facts) for 75 % of hours; draw and PUE are this
    package's. Tolerances: mining revenue 6 % and electricity 1 %, GPU revenue 10 %, electricity half a million
    (printed as 1), what is left 10 %; GPUs leave 18 times as much a MW as mining, within 20 %.
    Sensitivity: rack power alone moves the ratio by 10 to 25 %; sold hours at 100 % give 47 $M.
    """
    power = 156e6 / (450.0 * 8760.0)
    changes = {"power_other.level": power, **SAFE, "gpu_cloud.opex": 0.0}
    w = world(**changes)
    w.paths.hashprice_usd_per_ph_day[:] = 44.2703
    w.paths.power_usd_per_mwh["other"][:] = power
    w.paths.gpu_usd_per_hour[:] = facts.load()["H100.rental_2024-Q1"].value
    w.paths.gpu_per_kw[:] = gpus_per_mw(1.37) / 1000
    year = {}
    for use, gross, fleet, first in (
        (Bitcoin(), 450.0, 30.0, 1),
        (GpuCloud(), 1896 / gpus_per_mw(1.37) * 1.4, None, 24),
    ):
        mines = gross if fleet else 0.0
        place = site(operating_gross_mw=gross, mining_gross_mw=mines, fleet_hashrate_eh_per_s=fleet)
        options = use.options() if fleet else CloudOptions(contract_years=0, utilisation_frac=0.75)
        lines = use.cash_lines(case(place, part(gross_mw=gross, mining_gross_mw=mines), w), w, options)
        revenue, paid = (12.0 * lines.usd[line, first, 0] / 1e6 for line in (Line.REVENUE, Line.POWER))
        year[use.name] = revenue, -paid, revenue + paid
    assert year["bitcoin"][0] == pytest.approx(460, rel=0.06)
    assert year["bitcoin"][1] == pytest.approx(156, rel=0.01)
    assert year["gpu_cloud"][0] == pytest.approx(33, rel=0.10)
    assert year["gpu_cloud"][1] == pytest.approx(1, abs=0.5)
    assert year["gpu_cloud"][2] == pytest.approx(32, rel=0.10)
    it_mw = 1896 / gpus_per_mw(1.37)
    stated = (32 / it_mw) / ((460 - 156) / 450)
    assert stated == pytest.approx(18.2, abs=0.1)
    assert (year["gpu_cloud"][2] / it_mw) / (year["bitcoin"][2] / 450) == pytest.approx(stated, rel=0.20)
