"""From a case with yearly periods to the same money by month: each year's falls in its last month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from wattworth.errors import DataError
from wattworth.finance.project.books import keep_books
from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.monthly_lines import MonthlyLine, MonthlyLines
from wattworth.finance.project.monthly_terms import LoanProfile, MonthlyTax, MonthlyTerms, TermLoan, WriteOffClass
from wattworth.finance.project.operations import Rows
from wattworth.finance.project.parts import Debt
from wattworth.finance.project.write_off import depreciable_usd
from wattworth.units import MONTHS_PER_YEAR

_KEPT: Final[dict[str, frozenset[str]]] = {
    "case": frozenset(
        (
            "name",
            "convention",
            "analysis_years",
            "nameplate_mw",
            "energy",
            "revenue",
            "operating",
            "capital",
            "debt",
            "reserves",
            "incentives",
            "property_tax",
            "tax",
            "depreciation",
            "terminal",
            "discounting",
            "target",
            "owner",
        )
    ),
    "debt": frozenset(
        (
            "profile",
            "dscr_ratio",
            "share_frac",
            "max_share_frac",
            "max_loan_to_value_frac",
            "value_usd",
            "min_interest_cover_ratio",
            "rate_frac",
            "tenor_years",
            "upfront_fee_frac",
            "closing_usd",
            "moratorium_years",
        )
    ),
    "reserves": frozenset(
        (
            "debt_service_months",
            "working_capital_months",
            "receivables_months",
            "equipment",
            "equipment_federal_schedule",
            "equipment_state_schedule",
            "interest_frac",
        )
    ),
}
"""Fields of a yearly case that the bridge reads or refuses by name; any other that is set is refused."""
_PROFILES: Final[dict[str, LoanProfile]] = {
    "sculpted": "sculpted",
    "level_payment": "level_payment",
    "level_principal": "level_principal",
}


def _strangers(part: Any, which: str) -> Iterator[str]:
    for name, declared in type(part).model_fields.items():
        if name not in _KEPT[which] and getattr(part, name) != declared.get_default(call_default_factory=True):
            yield f"{name} is not a line of it"


def _reasons(case: ProjectCase) -> Iterator[str]:
    yield from _strangers(case, "case")
    yield from _strangers(case.reserves, "reserves")
    yield from _money_reasons(case)
    if case.debt is not None:
        yield from _strangers(case.debt, "debt")
        yield from _debt_reasons(case, case.debt)


def _money_reasons(case: ProjectCase) -> Iterator[str]:
    timing, gives = case.timing, case.incentives
    if timing.operating_shift_years != timing.capital_shift_years:
        yield f"{case.convention} discounts capital and operation differently"
    if case.reserves.receivables_months or case.reserves.equipment:
        yield "reserves for receivables and major equipment are yearly sums"
    if gives.grants or gives.investment_credits or any(part.payer == "state" for part in gives.production_credits):
        yield "grants, investment credits and state credits are not lines of it"
    if any(not paid.serves_debt for paid in gives.production_incentives):
        yield "production incentives that lenders do not count are not lines of it"
    if case.depreciation.federal_bonus_frac != case.depreciation.state_bonus_frac or any(
        part.federal_bonus != part.state_bonus for part in case.depreciation.classes
    ):
        yield "state and federal write-off differ"
    if any(part.schedule == "custom" for part in case.depreciation.classes):
        yield "a class has its own schedule"


def _debt_reasons(case: ProjectCase, debt: Debt) -> Iterator[str]:
    timing = case.timing
    if debt.profile not in _PROFILES:
        yield f"a loan of the profile {debt.profile} is not one of it"
    if case.grid.n_construction > 1 and (debt.upfront_fee_frac or debt.closing_usd):
        yield "fees of several construction years fall in the first month"
    if debt.tenor_years > case.analysis_years:
        yield "debt that outlives the project is repaid in its last month"
    if timing.gearing_base != "uses" and (debt.share_frac is not None or debt.max_share_frac < 1.0):
        yield f"{case.convention} takes gearing of the cost before fees"
    if not timing.grace_in_sculpting and debt.moratorium_years and debt.profile == "sculpted":
        yield f"{case.convention} has no moratorium for sculpted debt"
    if debt.min_interest_cover_ratio is not None:
        yield "interest cover is no limit of it"


def why_not_monthly(case: ProjectCase) -> str | None:
    """What of a yearly case the monthly ledger has no line for; None if nothing."""
    return next(_reasons(case), None)


def from_project_case(case: ProjectCase) -> tuple[MonthlyLines, MonthlyTerms]:
    """The lines and terms under which the monthly ledger repeats a yearly case.

    Parameters
    ----------
    case
        A case of plain numbers with a price.

    Returns
    -------
    lines, terms
        The first construction year is month 0, and every year's money moves twelve months after the year's before.

    Raises
    ------
    DataError
        If the case has what the monthly ledger has not, or seeks a price.
    """
    reason = why_not_monthly(case)
    if reason is not None or case.target is not None:
        raise DataError(f"{case.name} cannot be kept by month: {reason or 'a target sets its price; give the price'}")
    price = case.revenue.price_usd_per_mwh
    books = keep_books(case, 0.0 if price is None else price, accounts=False)
    sized = books.sized
    if sized is not None and case.timing.gearing_base != "uses":
        binding = list(sized.limits_usd)[int(sized.binding.reshape(-1)[0])]
        if binding in ("share", "gearing"):
            raise DataError(f"{case.name} cannot be kept by month: {binding} binds, of the cost before fees")
    grid, rows = books.grid, books.rows
    completed = np.array([grid.now * MONTHS_PER_YEAR])
    n_month = (grid.year.size - 1) * MONTHS_PER_YEAR + 1
    usd = np.zeros((len(MonthlyLine), n_month, 1))
    for line, yearly in _operation(rows).items():
        usd[line, ::MONTHS_PER_YEAR] = yearly
    held = np.zeros((n_month, 1))
    held[::MONTHS_PER_YEAR] = rows["working_capital_reserve_usd"]
    held = np.repeat(held[:-1:MONTHS_PER_YEAR], MONTHS_PER_YEAR, axis=0)
    classes, capital = _capital(case)
    spent = np.zeros((len(classes), int(completed[0]) + 1, 1))
    spent[:, ::MONTHS_PER_YEAR, 0] = np.outer(capital, grid.spending_frac[: grid.n_construction])
    service = completed + (grid.n_construction > 1)  # the year after the last of construction
    lines = MonthlyLines(usd, spent, held, completed, service, np.array([n_month - 1]))
    return lines, _terms(case, classes)


def _operation(rows: Rows) -> dict[MonthlyLine, Any]:
    return {
        MonthlyLine.REVENUE: rows["revenue_usd"],  # with what the plant is sold for: lenders count it in the last year
        MonthlyLine.OPEX: -rows["opex_usd"],
        MonthlyLine.AFTER_TAX: rows["federal_ptc_usd"],
    }


def _capital(case: ProjectCase) -> tuple[tuple[WriteOffClass, ...], list[float]]:
    """Classes of write-off and the cost of each; what no class holds is written off by none."""
    cost = float(depreciable_usd(case))
    classes = [
        WriteOffClass(part.schedule, part.schedule, case.depreciation.federal_bonus_frac * part.federal_bonus)
        for part in case.depreciation.classes
    ]
    spent = [part.share_frac * cost for part in case.depreciation.classes]
    return (*classes, WriteOffClass("not written off", "none")), [*spent, cost - float(np.sum(spent))]


def _terms(case: ProjectCase, classes: tuple[WriteOffClass, ...]) -> MonthlyTerms:
    rules, timing = case.tax, case.timing
    tax = MonthlyTax(
        rules.federal_frac,
        case.tax_losses,
        rules.state_frac,
        rules.loss_use_limit_frac,
        rules.interest_limit_frac,
        writes_off_rest=False,
    )
    return MonthlyTerms(
        float(case.discounting.rate_frac),
        tax,
        classes,
        _loan(case),
        payment_months=MONTHS_PER_YEAR,
        reserve_interest_frac=case.reserves.interest_frac,
        start_years=timing.capital_shift_years + 1.0 - case.grid.n_construction,
    )


def _loan(case: ProjectCase) -> TermLoan | None:
    debt = case.debt
    if debt is None:
        return None
    most = None
    if debt.max_loan_to_value_frac is not None and debt.value_usd is not None:
        most = debt.max_loan_to_value_frac * debt.value_usd
    return TermLoan(
        debt.rate_frac,
        debt.tenor_years * MONTHS_PER_YEAR,
        _PROFILES[debt.profile],
        debt.dscr_ratio,
        max_share_frac=min(debt.max_share_frac, 1.0 if debt.share_frac is None else debt.share_frac),
        most_usd=most,
        grace_months=debt.moratorium_years * MONTHS_PER_YEAR,
        upfront_fee_frac=debt.upfront_fee_frac,
        closing_usd=debt.closing_usd,
        reserve_months=case.reserves.debt_service_months,
    )
