"""SAM's Generic System, Single Owner: the published figures of validation.md B1 and B3.

Source: NatLabRockies/ssc, test/input_json/FinancialModels/singleowner,
2022.08.08_develop_branch_Generic_System_Single_Owner_cmod_singleowner_outputs.json (BSD-3).
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.finance.project.cases import generic_system
from wattworth.finance.project import Debt, ProjectResult, evaluate

CENT = 0.005000001
YEARS = (0, 1, 2, 3, 18, 25)
ROWS = {
    "revenue_usd": (0, 181_647_360.00, 183_463_833.60, 185_298_471.94, 215_125_773.40, 230_643_946.81),
    "fuel_usd": (0, 75_686_400.00, 77_578_560.00, 79_518_024.00, 115_165_808.36, 136_895_955.71),
    "opex_usd": (0, 83_646_400.00, 85_737_560.00, 87_880_999.00, 127_277_889.72, 151_293_414.27),
    "ebitda_usd": (0, 98_000_960.00, 97_726_273.60, 97_417_472.94, 87_847_883.67, 79_350_532.54),
    "cfads_usd": (0, 98_000_960.00, 97_726_273.60, 97_417_472.94, 87_847_883.67, 79_350_532.54),
    "interest_usd": (0, 51_422_063.74, 49_744_633.43, 47_964_573.81, 4_420_813.70, 0),
    "principal_usd": (0, 23_963_290.10, 25_429_423.18, 26_971_943.83, 63_154_481.43, 0),
    "debt_balance_usd": (734_600_910.59, 710_637_620.49, 685_208_197.31, 658_236_253.47, 0, 0),
    "federal_depreciation_usd": (0, 204_333_651.11, 327_898_174.01, 198_637_871.25, 1_680_997.50, 0),
    "federal_tax_usd": (0, 30_537_738.23, 54_392_721.22, 28_857_590.27, -16_297_987.69, -15_755_700.54),
    "after_tax_equity_usd": (
        -485_781_491.37,
        64_550_366.74,
        96_895_563.84,
        62_140_231.84,
        32_034_667.51,
        134_918_152.01,
    ),
}


@pytest.fixture(scope="module")
def generic() -> ProjectResult:
    """The case, evaluated once."""
    return evaluate(generic_system())


def test_headline_values_are_the_published_ones(generic: ProjectResult) -> None:
    """Proves: NPV, debt, cost and levelised cost to 1e-9, and IRR to a thousandth of a point, of validation.md B1.

    Sensitivity: losses carried instead of paid give NPV -$220 m; the debt fee in the depreciable basis moves it by
    3e-2. SAM stops its own IRR at a residual of 1e-6, so its digits after the seventh are not tested.
    """
    assert generic.npv_usd == pytest.approx(-125_728_686.2369827, rel=1e-9)
    assert generic.debt_usd == pytest.approx(734_600_910.5918515, rel=1e-9)
    assert generic.debt_frac == pytest.approx(0.60194321829733255, rel=1e-9)
    assert generic.installed_cost_usd == pytest.approx(1_220_382_401.9643528, rel=1e-9)
    assert generic.lcoe_nominal_usd_per_mwh == pytest.approx(276.92989702086596, rel=1e-9)
    assert generic.lcoe_real_usd_per_mwh == pytest.approx(219.8742699376968, rel=1e-9)
    assert generic.irr_frac == pytest.approx(0.05317010658974328, abs=1e-6)
    assert generic.dscr_min_ratio == pytest.approx(1.30, rel=1e-9)
    assert generic.irr_status == "ok"
    assert generic.remarks == ()


@pytest.mark.parametrize("row", ROWS)
def test_rows_are_the_published_ones(generic: ProjectResult, row: str) -> None:
    """Proves: each row of validation.md B3 to the cent it prints, in years 0, 1, 2, 3, 18 and 25.

    Sensitivity: escalating from year 1, as REopt does, moves revenue of year 1 by $1.8 m.
    """
    assert [generic.statement[row][year] for year in YEARS] == pytest.approx(ROWS[row], abs=CENT)


def test_identities_hold_to_the_cent(generic: ProjectResult) -> None:
    """Proves: the identities beneath validation.md B3, among them the release of both reserves.

    Sensitivity: a reserve released a year late breaks the last two lines by tens of millions.
    """
    rows = generic.statement
    service = rows["debt_service_usd"][1:19]
    assert service == pytest.approx(rows["cfads_usd"][1:19] / 1.30, abs=CENT)
    assert np.sum(service / 1.07 ** np.arange(1, 19)) == pytest.approx(734_600_910.5918515, abs=CENT)
    uses = generic.uses_usd
    assert uses["debt_fee"] == pytest.approx(20_201_525.04, abs=CENT)
    assert uses["debt_service_reserve"] == pytest.approx(37_692_676.92, abs=CENT)
    assert uses["debt_service_reserve"] == pytest.approx(service[0] / 2, abs=CENT)
    assert uses["working_capital_reserve"] == pytest.approx(41_823_200.00, abs=CENT)
    assert sum(uses.values()) == pytest.approx(1_220_382_401.96, abs=CENT)
    factor = (1.064 * 1.025) ** -np.arange(26.0)
    assert np.sum(rows["after_tax_equity_usd"] * factor) == pytest.approx(generic.npv_usd, abs=CENT)
    assert rows["debt_service_reserve_usd"][17] > 0.0
    assert rows["debt_service_reserve_usd"][18] == 0.0
    assert rows["working_capital_reserve_usd"][24] > 0.0
    assert rows["working_capital_reserve_usd"][25] == 0.0


def test_carried_losses_are_worth_less() -> None:
    """Proves: the treatment of losses alone moves the value, and carried losses pay no negative tax.

    Sensitivity: a carry-forward that is ignored leaves NPV at -125,728,686.
    """
    case = generic_system()
    carried = evaluate(case.model_copy(update={"tax": case.tax.model_copy(update={"losses": "carried"})}))
    group = evaluate(case.model_copy(update={"tax": case.tax.model_copy(update={"losses": "group"})}))
    assert group.npv_usd == evaluate(case).npv_usd
    assert carried.npv_usd < group.npv_usd - 1e7
    assert group.npv_other_losses_usd == pytest.approx(carried.npv_usd, rel=1e-12)
    assert carried.npv_other_losses_usd == pytest.approx(group.npv_usd, rel=1e-12)
    assert carried.statement["federal_tax_usd"].max() == 0.0


def test_a_gearing_cap_prints_a_little_under() -> None:
    """Proves: under `sam` the cap applies before fees raise the cost, the trap named in validation.md.

    Sensitivity: a cap on all uses would print 50.0 % exactly, as the house convention does.
    """
    capped = Debt(dscr_ratio=1.3, max_share_frac=0.5, rate_frac=0.07, tenor_years=18, upfront_fee_frac=0.0275)
    theirs = evaluate(generic_system(debt=capped))
    tax = generic_system().tax.model_copy(update={"losses": "group"})
    ours = evaluate(generic_system(debt=capped, convention="wattworth", tax=tax))
    assert theirs.debt_binding == ours.debt_binding == "gearing"
    assert 0.49 < theirs.debt_frac < 0.5
    assert ours.debt_frac == pytest.approx(0.5, rel=1e-12)
