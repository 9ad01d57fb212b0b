"""From a case with arrays over cases to the plain tables that the compiled pass reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project import compiled
from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.operations import incentive_rows, line_usd
from wattworth.finance.project.parts import Capital, CostPart, Energy
from wattworth.finance.project.reserves import equipment_rows
from wattworth.finance.project.write_off import write_off_rows
from wattworth.units import KW_PER_MW, MONTHS_PER_YEAR

_FIXED: Final = ("incentives.", "depreciation.", "reserves.equipment.", "revenue.other.", "operating.other.")
_PLAIN_ONLY: Final = ("debt.commitment_fee_frac", "debt.lock_up_dscr_ratio")
_PROFILES: Final = {
    "sculpted": compiled.SCULPTED,
    "level_payment": compiled.LEVEL_PAYMENT,
    "level_principal": compiled.LEVEL_PRINCIPAL,
}


@dataclass(frozen=True, slots=True)
class Packed:
    """Tables of :func:`wattworth.finance.project.compiled.metrics_of_cases`.

    Attributes
    ----------
    numbers
        Array, shape (number, case).
    vectors
        Array, shape (vector, year).
    switches
        Whole numbers, shape (switch,).
    spending_frac
        Array, shape (construction year,). [1]
    shift_years
        Array of two: operation, construction. [year]
    """

    numbers: NDArray[Any]
    vectors: NDArray[Any]
    switches: NDArray[np.int64]
    spending_frac: NDArray[np.float64]
    shift_years: NDArray[np.float64]


def structure_beyond_a_loan(case: ProjectCase) -> str | None:
    """The first structure of a case beyond a plain loan; None where it has none.

    Parameters
    ----------
    case
        The case.
    """
    if case.existing_debt is not None:
        return "existing debt"
    if case.prepayment is not None:
        return "a prepayment"
    debt = case.debt
    if debt is None:
        return None
    names = {
        "a bullet": debt.profile == "bullet",
        "an amortisation longer than its tenor": debt.has_balloon,
        "a floating rate": debt.floating is not None,
        "a cover by phase": bool(debt.phases),
        "an appraisal": debt.appraisal is not None,
        "a cash sweep": debt.sweep is not None,
        "a lock-up": debt.lock_up_dscr_ratio is not None,
        "a backstop": debt.backstop is not None,
        "a commitment fee": debt.commitment_fee_frac != 0.0,
    }
    return next((name for name, has in names.items() if has), None)


def _is_left_out(case: ProjectCase, path: str) -> bool:
    """Whether a path leads to a number that the case does not have, which switches of the compiled pass depend on."""
    holder: Any = case
    for name in path.split("."):
        holder = holder[int(name)] if isinstance(holder, tuple) else getattr(holder, name, 0.0)
    return holder is None


def why_not_compiled(case: ProjectCase, paths: Iterable[str]) -> str | None:
    """What of a case the compiled pass leaves to the plain one; None if nothing.

    Parameters
    ----------
    case
        The case.
    paths
        Numbers of it that vary over cases.
    """
    structure = structure_beyond_a_loan(case)
    if structure is not None:
        return f"it has {structure}"
    credits_given = case.incentives.investment_credits
    timing = case.timing
    if case.incentives.grants:
        return "it has grants"
    if any(credit.max_usd is not None or credit.fixed_usd != 0.0 for credit in credits_given):
        return "an investment credit has a cap or a fixed amount"
    if case.terminal.exit_cap_rate_frac is not None:
        return "it is sold at the end"
    if timing.operating_shift_years != timing.capital_shift_years:
        return f"the convention {case.convention} discounts capital and operation differently"
    return next((reason for path in paths if (reason := _why_it_may_not_vary(case, path)) is not None), None)


def _why_it_may_not_vary(case: ProjectCase, path: str) -> str | None:
    """Why the compiled pass cannot take a number that varies over cases."""
    if path.startswith(_FIXED) or path in _PLAIN_ONLY:
        return f"{path} varies"
    if _is_left_out(case, path):
        return f"{path} varies, and the case leaves it out"
    if case.reserves.equipment and path in {"nameplate_mw", "discounting.inflation_frac"}:
        return f"{path} varies, and equipment reserves depend on it"
    return None


def _number_rows(case: ProjectCase) -> dict[int, Any]:
    """Every number of the compiled pass, as a float or an array over cases."""
    own, sold, capital, held = case.operating, case.revenue, case.capital, case.reserves
    inflation_frac, levy, tax, worth = case.discounting.inflation_frac, case.property_tax, case.tax, case.discounting
    installed = capital.installed_usd
    at = compiled
    rows: dict[int, Any] = {
        at.MWH: case.energy.year1_mwh,
        at.FALL: case.energy.degradation_frac_per_year,
        at.PRICE: 0.0 if sold.price_usd_per_mwh is None else sold.price_usd_per_mwh,
        at.PRICE_GROWTH: sold.price_escalation_frac,
        at.CAPACITY_REVENUE: sold.capacity_usd_per_mw_year * sold.capacity_credit_frac * case.nameplate_mw,
        at.CAPACITY_GROWTH: sold.capacity_escalation_frac,
        at.FIXED: own.fixed_usd_per_year,
        at.FIXED_GROWTH: inflation_frac + own.fixed_above_inflation_frac,
        at.CAPACITY_COST: own.capacity_usd_per_kw_year * case.nameplate_mw * KW_PER_MW,
        at.CAPACITY_COST_GROWTH: inflation_frac + own.capacity_above_inflation_frac,
        at.VARIABLE: own.variable_usd_per_mwh,
        at.VARIABLE_GROWTH: inflation_frac + own.variable_above_inflation_frac,
        at.FUEL: own.fuel_mmbtu_per_year * own.fuel_price_usd_per_mmbtu,
        at.FUEL_GROWTH: inflation_frac + own.fuel_above_inflation_frac,
        at.INSURANCE: own.insurance_frac_per_year * installed,
        at.INFLATION: inflation_frac,
        at.PROPERTY_TAX: levy.rate_frac * levy.assessed_frac * installed,
        at.PROPERTY_DECLINE: levy.decline_frac_per_year,
        at.INSTALLED: installed,
        at.SOFT: capital.construction_usd + capital.other_financing_usd,
        at.SALVAGE: installed * case.terminal.salvage_frac,
        at.DEBT_MONTHS: held.debt_service_months / MONTHS_PER_YEAR,
        at.WORKING_MONTHS: held.working_capital_months / MONTHS_PER_YEAR,
        at.RECEIVABLE_MONTHS: held.receivables_months / MONTHS_PER_YEAR,
        at.RESERVE_INTEREST: held.interest_frac,
        at.FEDERAL: tax.federal_frac,
        at.STATE: tax.state_frac,
        at.LOSS_LIMIT: tax.loss_use_limit_frac,
        at.INTEREST_LIMIT: 0.0 if tax.interest_limit_frac is None else tax.interest_limit_frac,
        at.NOMINAL: worth.rate_frac,
        at.REAL: worth.real_rate_frac,
    }
    return rows | _debt_numbers(case)


def _debt_numbers(case: ProjectCase) -> dict[int, Any]:
    debt, at = case.debt, compiled
    if debt is None:
        return dict.fromkeys(
            (at.CLOSING, at.DSCR, at.SHARE, at.MAX_SHARE, at.LOAN_TO_VALUE, at.INTEREST_COVER, at.RATE, at.FEE), 0.0
        )
    share_frac, value_usd = debt.max_loan_to_value_frac, debt.value_usd
    return {
        at.CLOSING: debt.closing_usd,
        at.DSCR: 0.0 if debt.dscr_ratio is None else debt.dscr_ratio,
        at.SHARE: 0.0 if debt.share_frac is None else debt.share_frac,
        at.MAX_SHARE: debt.max_share_frac,
        at.LOAN_TO_VALUE: 0.0 if share_frac is None or value_usd is None else share_frac * value_usd,
        at.INTEREST_COVER: 0.0 if debt.min_interest_cover_ratio is None else debt.min_interest_cover_ratio,
        at.RATE: debt.rate_frac,
        at.FEE: debt.upfront_fee_frac,
    }


def _vectors(case: ProjectCase, grid: Grid) -> NDArray[np.float64]:
    """Vectors over the years of operation, from a case of one dollar and one megawatt-hour."""
    at, n = compiled, grid.n_operating
    out = np.zeros((at.N_VECTOR, n))
    unit = case.model_copy(
        update={
            "energy": Energy(mwh_by_year=(1.0,) * n),
            "capital": Capital(parts=(CostPart(name="one", usd=1.0),)),
        }
    )
    if case.energy.mwh_by_year is not None:
        out[at.MWH_GIVEN] = case.energy.mwh_by_year
    if case.revenue.price_by_year is not None:
        out[at.PRICE_GIVEN] = case.revenue.price_by_year
    out[at.OTHER_REVENUE] = sum((line_usd(grid, line)[:, 0] for line in case.revenue.other), start=np.zeros(n))
    out[at.OTHER_COST] = sum((line_usd(grid, line)[:, 0] for line in case.operating.other), start=np.zeros(n))
    abated = case.property_tax.abatement_by_year[:n]
    out[at.TAXED_SHARE] = 1.0
    out[at.TAXED_SHARE, : len(abated)] -= abated
    written = write_off_rows(unit, grid)
    paid, equipment = incentive_rows(unit, grid), equipment_rows(case, grid)
    for place, row in (
        (at.FEDERAL_WRITE_OFF, written["federal_depreciation_usd"]),
        (at.STATE_WRITE_OFF, written["state_depreciation_usd"]),
        (at.FEDERAL_CREDIT, written["federal_itc_usd"]),
        (at.STATE_CREDIT, written["state_itc_usd"]),
        (at.FEDERAL_PTC, paid["federal_ptc_usd"]),
        (at.STATE_PTC, paid["state_ptc_usd"]),
        (at.PAID_IN_REVENUE, paid["incentive_in_revenue_usd"]),
        (at.PAID, paid["incentive_usd"]),
        (at.PAID_TAXED_FEDERAL, paid["incentive_taxed_federal_usd"]),
        (at.PAID_TAXED_STATE, paid["incentive_taxed_state_usd"]),
        (at.EQUIPMENT_FUNDING, equipment["equipment_funding_usd"]),
        (at.EQUIPMENT_FEDERAL, equipment["equipment_federal_depreciation_usd"]),
        (at.EQUIPMENT_STATE, equipment["equipment_state_depreciation_usd"]),
        (at.EQUIPMENT_RESERVE, equipment["equipment_reserve_usd"]),
    ):
        out[place] = row[-n:, 0]
    return out


def _switches(case: ProjectCase) -> NDArray[np.int64]:
    at, debt, timing = compiled, case.debt, case.timing
    out = np.zeros(at.N_SWITCH, dtype=np.int64)
    out[at.ESCALATES] = timing.escalates_year_1
    out[at.LINEAR] = timing.linear_degradation
    out[at.COST_BEFORE_FEES] = timing.gearing_base == "cost_before_fees"
    out[at.RELEASE_COUNTED] = timing.counts_receivables_release
    out[at.LOSSES_CARRIED] = case.tax_losses == "carried"
    out[at.HAS_INTEREST_LIMIT] = case.tax.interest_limit_frac is not None
    out[at.MWH_IS_GIVEN] = case.energy.mwh_by_year is not None
    out[at.PRICE_IS_GIVEN] = case.revenue.price_by_year is not None
    if debt is not None:
        sculpted = debt.profile == "sculpted"
        out[at.HAS_DEBT], out[at.TENOR], out[at.PROFILE] = 1, debt.tenor_years, _PROFILES[debt.profile]
        out[at.GRACE] = debt.moratorium_years if timing.grace_in_sculpting or not sculpted else 0
        out[at.HAS_DSCR] = debt.dscr_ratio is not None
        out[at.HAS_SHARE] = debt.share_frac is not None
        out[at.HAS_VALUE] = debt.max_loan_to_value_frac is not None
        out[at.HAS_COVER] = debt.min_interest_cover_ratio is not None
    return out


def pack(case: ProjectCase, varied: ProjectCase, n_case: int) -> Packed:
    """Tables of a case and of its variation.

    Parameters
    ----------
    case
        The case of plain numbers.
    varied
        The same with arrays over cases.
    n_case
        How many there are.

    Returns
    -------
    Packed
    """
    grid, timing = case.grid, case.timing
    numbers = np.empty((compiled.N_NUMBER, n_case))
    for place, row in _number_rows(varied).items():
        numbers[place] = row
    return Packed(
        numbers=numbers,
        vectors=_vectors(case, grid),
        switches=_switches(case),
        spending_frac=grid.spending_frac[: grid.n_construction].copy(),
        shift_years=np.array([timing.operating_shift_years, timing.capital_shift_years]),
    )
