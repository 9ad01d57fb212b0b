"""The powered shell, and what every lease shares, on flat markets; each figure by hand in the docstring."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import case, part, site, world
from wattworth.finance import TaxRules, discount_factors, statement
from wattworth.records import Line
from wattworth.uses.lease import LeaseOptions
from wattworth.uses.powered_shell import PoweredShell
from wattworth.uses.turnkey import Turnkey

FREE = {"gross_mw": 140.0, "mining_gross_mw": 0.0}
LEASED = {"state": "leased", "gross_mw": 140.0, "critical_it_mw": 100.0, "mining_gross_mw": 0.0}
SAFE = {f"tenant.spread_{kind}": 0.0 for kind in ("hyperscaler", "backed_neocloud", "neocloud")}
SHELL, HALL = PoweredShell(), Turnkey()
UNTAXED = TaxRules(0.0, 1.0, 0.8, "group")


def lines_of(use, w, its_site=None, its_part=None, first: int = 24, **options: object):
    """Cash lines of 100 MW of critical IT where nothing mines."""
    its_site = its_site or site(previous_use="greenfield", operating_gross_mw=140.0)
    declared = LeaseOptions(**options)  # type: ignore[arg-type] - checked by the model
    return use.cash_lines(case(its_site, its_part or part(**FREE), w, first=first), w, declared)


def npv(lines, rate: float = 0.08) -> float:
    """Value of the first draw before tax."""
    return float(statement(lines, UNTAXED, discount_factors(rate, 373)).npv_usd[0])


def signed(**changes: object):
    """A signed shell of 100 MW IT, 15 years at 25 $/kW-month, flat."""
    return site(**{
        "operating_gross_mw": 140.0, "previous_use": "greenfield", "lease_critical_it_mw": 100.0,
        "lease_gross_mw": 140.0, "lease_use": "powered_shell", "lease_rent_usd_per_kw_month": 25.0,
        "lease_term_years": 15.0, "lease_escalator_frac": 0.0, "lease_tenant_class": "hyperscaler", **changes,
    })  # fmt: skip


def test_rent_follows_the_yield_on_the_shell() -> None:
    """Proves: 14 % of 2 $M/MW is 0.28 $M/MW-yr of income; over 95 % margin 24.5614 $/kW-month, 3 % a year.

    Sensitivity: the rent of a whole hall would be 130.
    """
    lines = lines_of(SHELL, world(**SAFE))
    revenue = lines.usd[Line.REVENUE, :, 0]
    np.testing.assert_allclose(lines.noi_year1_usd[0], 28e6, rtol=1e-12)
    np.testing.assert_allclose(lines.full_cost_usd[0], 200e6, rtol=1e-12)
    month = 28e6 / 0.95 / 12
    np.testing.assert_allclose(revenue[18:30], month, rtol=1e-12)
    np.testing.assert_allclose(revenue[30:42], 1.03 * month, rtol=1e-12)
    np.testing.assert_allclose(lines.usd[Line.OPEX, 18, 0], -0.05 * month, rtol=1e-12)


def test_a_shell_stands_sooner_where_the_power_is_there() -> None:
    """Proves: six months sooner on energised power; where power is awaited it is begun six months later instead."""
    w = world(**SAFE)
    assert lines_of(SHELL, w).first_revenue_month[0] == 18
    waiting = lines_of(SHELL, w, its_part=part(**FREE, state="construction"))
    assert waiting.first_revenue_month[0] == 24
    capital = -waiting.usd[3:6, :, 0].sum(axis=0)
    assert not capital[:7].any()
    np.testing.assert_allclose(capital[7:16].sum(), 100e6, rtol=1e-9)


def test_a_shell_is_building_and_plant() -> None:
    """Proves: 200 $M as 40 % plant and 60 % building; no interior."""
    capital = -lines_of(SHELL, world(**SAFE)).usd[3:6, :, 0].sum(axis=1)
    np.testing.assert_allclose(capital, [0.0, 80e6, 120e6], rtol=1e-12)


def test_residual_of_a_shell_by_hand() -> None:
    """Proves: the rule with the shell's own facts, at month 18 + 180.

    Income 28 x 0.85 = 23.8; / (7.5 + 2 %) = 250.526; - 30 refit - 23.8 of a year empty = 196.726; x 0.6 =
    118.036. Cap: 200 x (1 - 15/40) + site 58.94 = 183.94; floor 58.94. Sensitivity: colocation's cap rate gives 135.7.
    """
    lines = lines_of(SHELL, world(**SAFE))
    assert lines.residual_month[0] == 198
    expected = 0.6 * (23.8e6 / 0.095 - 30e6 - 23.8e6)
    np.testing.assert_allclose(lines.residual_usd[0], expected, rtol=1e-9)
    bare = lines_of(SHELL, world(**SAFE), re_let=False)
    np.testing.assert_allclose(bare.residual_usd[0], 1.4e8 * (0.45 * 0.98 - 0.02), rtol=1e-12)


def test_letting_again_is_taken_only_where_it_pays() -> None:
    """Proves: with a refit dearer than the rents the bare site remains, and never less."""
    lines = lines_of(SHELL, world(**SAFE, **{"powered_shell.refit": 3.0}))
    np.testing.assert_allclose(lines.residual_usd[0], 1.4e8 * (0.45 * 0.98 - 0.02), rtol=1e-12)


def test_a_signed_shell_keeps_its_row() -> None:
    """Proves: 25 $/kW-month for 15 years whatever is declared, from the stated month on."""
    lines = lines_of(SHELL, world(**SAFE), signed(), part(**LEASED), rent_usd_per_kw_month=99.0, term_years=3.0)
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 24:204, 0], 2.5e6, rtol=1e-12)
    assert lines.residual_month[0] == 204


@pytest.mark.parametrize(("use", "other"), [(SHELL, "turnkey"), (HALL, "powered_shell")])
def test_a_lease_belongs_to_what_was_signed(use, other: str) -> None:
    """Proves: a signed contract makes every other use of its megawatts unavailable."""
    assert use.unavailable(signed(lease_use=other), part(**LEASED)) == "under a signed lease"
    assert use.unavailable(signed(lease_use=use.name), part(**LEASED)) is None
    assert use.unavailable(site(), part()) is None


def test_terms_a_study_declares() -> None:
    """Proves: rent, term, step, structure and price in place of the facts; retrofit only where asked or stated."""
    w = world(**SAFE)
    lines = lines_of(HALL, w, rent_usd_per_kw_month=150.0, term_years=5.0, escalator_frac=0.0, structure="gross")
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 24:85, 0], 15e6, rtol=1e-12)
    assert lines.residual_month[0] == 84
    np.testing.assert_allclose(lines.noi_year1_usd[0], 0.7 * 180e6, rtol=1e-12)
    reusable = site(previous_use="data_centre", operating_gross_mw=140.0, buildings_reusable=True)
    for its_site, options, musd in (
        (None, {}, 1000), (None, {"retrofit": True}, 600), (reusable, {}, 600), (reusable, {"retrofit": False}, 1000),
        (reusable, {"build_cost_musd_per_mw_it": 7.0}, 700),
    ):  # fmt: skip
        np.testing.assert_allclose(lines_of(HALL, w, its_site, **options).full_cost_usd[0], musd * 1e6, rtol=1e-12)


def test_a_declared_rent_moves_with_the_market_until_signing() -> None:
    """Proves: 150 today is 165 when the market has risen by a tenth at the start of building."""
    w = world(**SAFE)
    w.paths.rent_usd_per_kw_month[6:] *= 1.1
    free = case(site(previous_use="greenfield", operating_gross_mw=140.0), part(**FREE), w, start=6)
    lines = HALL.cash_lines(free, w, LeaseOptions(rent_usd_per_kw_month=150.0))
    np.testing.assert_allclose(lines.usd[Line.REVENUE, 24, 0], 16.5e6, rtol=1e-12)


def test_a_backstop_costs_warrants() -> None:
    """Proves: 8 % of the fifteenth of 1,000 $M that is equity = 12 $M after tax at first rent, only where backed.

    Sensitivity: of the whole cost it would be 80 $M.
    """
    w = world(**SAFE, **{"lease.credit_backstop_warrant_cost": 0.08})
    np.testing.assert_allclose(lines_of(HALL, w).usd[Line.AFTER_TAX, 24, 0], -12e6, rtol=1e-12)
    assert not lines_of(HALL, w, tenant_class="hyperscaler").usd[Line.AFTER_TAX].any()
    assert not lines_of(SHELL, w).usd[Line.AFTER_TAX].any()
    row = signed(lease_use="turnkey", lease_tenant_class="backed_neocloud")
    assert not lines_of(HALL, w, row, part(**LEASED)).usd[Line.AFTER_TAX].any()


@pytest.mark.parametrize("use", [SHELL, HALL])
def test_firming_by_hand(use) -> None:
    """Proves: 140 MW x 1.25 x 2,000 $/kW = 350 $M of engines, six months' wait, 10 cut hours a month.

    Fuel 140 MW x 10 h x 8 MMBtu x 3.5 $ = 39,200 $ a month, upkeep 14,000 $. Firm power needs none of it.
    """
    w = world(**SAFE)
    cut = site(previous_use="greenfield", operating_gross_mw=140.0, firm="interruptible")
    assert "set firming: true under the use" in (use.unavailable(cut, part(**FREE)) or "")
    assert use.unavailable(cut, part(**FREE), LeaseOptions(firming=True)) is None
    plain, firmed = lines_of(use, w), lines_of(use, w, cut, firming=True)
    first = int(plain.first_revenue_month[0])
    assert firmed.first_revenue_month[0] == first + 6
    np.testing.assert_allclose((firmed.full_cost_usd - plain.full_cost_usd)[0], 350e6, rtol=1e-12)
    np.testing.assert_allclose((plain.usd[4] - firmed.usd[4, : plain.usd.shape[1]]).sum(), 350e6, rtol=1e-12)
    np.testing.assert_allclose(firmed.usd[Line.POWER, first + 6 : firmed.residual_month[0] + 1, 0], -39_200, rtol=1e-12)
    assert not firmed.usd[Line.POWER, : first + 6].any()
    moved = firmed.usd[Line.OPEX, first + 6, 0] - plain.usd[Line.OPEX, first, 0]
    np.testing.assert_allclose(moved, -14_000, rtol=1e-6)
    assert npv(lines_of(use, w, firming=True)) == npv(plain)


def test_pursuit_is_per_critical_megawatt() -> None:
    """Proves: 0.1 $M x 100 MW, for either lease."""
    w = world(**{"turnkey.pursuit_cost": 0.1})
    for use in (SHELL, HALL):
        assert use.pursuit_usd(case(site(), part(**FREE), w), w, LeaseOptions())[0] == pytest.approx(1e7)


def test_all_money_doubled_doubles_a_shell() -> None:
    """Proves: no dollar is written into the code."""
    money = (
        "powered_shell.construction_cost", "powered_shell.refit", "lease_landlord_pays_capex.rent_year1",
        "turnkey.pursuit_cost", "site_sale.price_energised", "site.removal_cost", "site.holding_cost",
        "recip_engine.capex", "recip_engine.om_variable",
    )  # fmt: skip
    plain = world().params
    cut = site(previous_use="greenfield", operating_gross_mw=140.0, firm="interruptible")

    def valued(scale: float) -> float:
        w = world(money=scale, **{key: float(plain[key][0]) * scale for key in money})
        return npv(lines_of(SHELL, w, cut, firming=True))

    assert valued(2.0) == pytest.approx(2.0 * valued(1.0), rel=1e-12)


def test_zero_rates_give_the_plain_sum() -> None:
    """Proves: without discount, tax and credit risk, value is the sum of the lines."""
    lines = lines_of(SHELL, world(**SAFE))
    assert npv(lines, 0.0) == pytest.approx(lines.usd[:, :, 0].sum(), rel=1e-12)
