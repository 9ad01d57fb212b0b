"""Vehicles by hand: methods.md section 6 (FFO, AFFO, NAV, the tests of a trust), and one shell worked out in full.

The shell: 1,000 of building, NOI 100, 4 of maintenance, 600 of debt at 6 % repaid by a sale at cost after ten
years, 40 a year of depreciation. $ millions. Each number below was worked out on paper from these.
"""

from __future__ import annotations

import pytest

from tests.unit.finance.vehicles.projects import shell, terms
from wattworth.finance import annuity_factor
from wattworth.finance.vehicles import (
    Holders,
    TrustTerms,
    adjusted_funds_usd,
    compare_vehicles,
    funds_from_operations_usd,
    net_asset_value_usd,
)

ANNUITY = annuity_factor(0.08, 10)
AT_END = 1.08**-10


def printed(value: float, digits: int = 6) -> object:
    return pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))


def test_affo_of_the_methods_note():
    """Proves: 100 + 60 - 10 - 8 - 5 = 137. Sensitivity: gains left in give 147."""
    ffo = funds_from_operations_usd(100.0, 60.0, 10.0)
    assert float(adjusted_funds_usd(ffo, 8.0, 5.0)) == 137.0


def test_nav_formula():
    """Proves: NOI 32 at 6.5 % less 180 of debt, plus 20 of cash and 12 of land: 344.308.

    Sensitivity: this year's NOI of 31.068 (3 % less) gives 329.969; cash added to debt 304.308.
    """
    assert float(net_asset_value_usd(32.0, 0.065, 180.0 - 20.0, 12.0)) == printed(344.308)
    assert float(net_asset_value_usd(32.0 / 1.03, 0.065, 160.0, 12.0)) == printed(329.969)


def test_measures_of_the_shell():
    """Proves: net income 100 - 40 - 36 = 24; FFO 64; AFFO 60; NAV 100/7.5 % - 600 = 733.333.

    Sensitivity: the sale of year 10 left in FFO gives 464.
    """
    done = compare_vehicles(shell(), terms()).vehicles["reit"].measures
    assert done is not None
    assert done.net_income_usd[1] / 1e6 == pytest.approx(24.0)
    assert done.ffo_usd[1:] / 1e6 == pytest.approx([64.0] * 10)
    assert done.affo_usd[1:] / 1e6 == pytest.approx([60.0] * 10)
    assert done.first_nav_usd / 1e6 == printed(733.333)
    assert done.value_by_affo_usd / 1e6 == pytest.approx(29 * 60.0)
    assert done.value_by_nav_usd / 1e6 == printed(778.800)
    assert done.dividend_yield_frac == printed(60.0 / 778.8)


def test_three_vehicles_without_tax_of_holders():
    """Proves: -400 + 60 a year + 400 at the end = 187.882 in a trust, less 21 % of 24 a year and of 424 in a company.

    Sensitivity: a trust that is taxed gives the company's value; taxing all proceeds of the sale gives 94.1.
    """
    done = compare_vehicles(shell(), terms()).vehicles
    trust = -400.0 + 60.0 * ANNUITY + 400.0 * AT_END
    company = trust - 0.21 * (24.0 * ANNUITY + 400.0 * AT_END)
    assert trust == printed(187.882)
    assert company == printed(115.155)
    assert done["reit"].value_usd / 1e6 == pytest.approx(trust)
    assert done["project_company"].value_usd / 1e6 == pytest.approx(company)
    assert done["corporate"].value_usd / 1e6 == pytest.approx(company), "no year has a loss"
    assert done["reit"].value_usd_per_gross_w == printed(0.751528)
    assert done["reit"].value_usd_per_critical_w == printed(0.939411)


def test_three_vehicles_for_a_us_individual():
    """Proves: a trust's dividend of 24 costs 33.4 %, a company's of 18.96 costs 23.8 %; capital comes back free.

    In year 10 the trust pays out 460: 424 of earnings and 36 of capital.
    Sensitivity: taxing all of the 60 a year takes 12 a year more.
    """
    done = compare_vehicles(shell(), terms(holders=Holders(us_individual_frac=1.0))).vehicles
    reit, company = done["reit"].rows, done["project_company"].rows
    assert reit["dividend_usd"][[1, 10]] / 1e6 == pytest.approx([24.0, 424.0])
    assert reit["holder_tax_usd"][[1, 10]] / 1e6 == pytest.approx([0.334 * 24.0, 0.334 * 424.0])
    assert company["dividend_usd"][[1, 10]] / 1e6 == pytest.approx([18.96, 0.79 * 424.0])
    assert company["holder_tax_usd"][[1, 10]] / 1e6 == pytest.approx([0.238 * 18.96, 0.238 * 0.79 * 424.0])
    trust = -400.0 + (60.0 - 0.334 * 24.0) * ANNUITY + 400.0 * (1.0 - 0.334) * AT_END
    assert trust == printed(72.2116)
    assert done["reit"].value_usd / 1e6 == pytest.approx(trust)


def test_a_foreign_holder_is_withheld_from():
    """Proves: 30 % of 24 a year without a treaty, 15 % with one."""
    law, treaty = (
        compare_vehicles(shell(), terms(holders=Holders(foreign_frac=1.0, treaty_withholding_frac=rate)))
        for rate in (None, 0.15)
    )
    assert law.vehicles["reit"].rows["withheld_usd"][1] / 1e6 == pytest.approx(7.2)
    assert treaty.vehicles["reit"].rows["withheld_usd"][1] / 1e6 == pytest.approx(3.6)


def test_every_test_of_the_trust():
    """Proves: the shell passes each with its number: all real estate, all rent, 24 of 24 paid out."""
    found = {test.name: test for test in compare_vehicles(shell(), terms()).vehicles["reit"].tests}
    numbers = {name: (test.worst_frac, test.worst_limit_frac, test.passes) for name, test in found.items()}
    assert numbers == {
        "assets_75": (pytest.approx(1.0), 0.75, True),
        "subsidiaries": (pytest.approx(0.0), 0.25, True),
        "income_75": (pytest.approx(1.0), 0.75, True),
        "income_95": (pytest.approx(1.0), 0.95, True),
        "distribution": (pytest.approx(1.0), 0.9, True),
        "personal_property": (pytest.approx(0.0), 0.15, True),
        "services": (pytest.approx(0.0), 0.01, True),
    }


def test_prices_given_take_the_place_of_facts():
    trust = TrustTerms(cap_rate_frac=0.075, affo_multiple=15.0, price_to_nav_ratio=0.9)
    done = compare_vehicles(shell(), terms(trust=trust)).vehicles["reit"].measures
    assert done is not None
    assert (done.value_by_affo_usd / 1e6, done.value_by_nav_usd / 1e6) == (
        pytest.approx(900.0),
        pytest.approx(660.0),
    )
