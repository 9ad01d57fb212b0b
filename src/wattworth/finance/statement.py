"""The after-tax unlevered statement, as one compiled pass over the draws of a block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.finance.depreciation import BUILDING_LIFE_YEARS, MACRS_HALF_YEAR_FRAC
from wattworth.records import CashLines, Line
from wattworth.units import MONTHS_PER_YEAR

TaxLosses = Literal["carried", "group"]


@dataclass(frozen=True, slots=True)
class TaxRules:
    """How income of one country is taxed.

    Attributes
    ----------
    rate_frac
        Effective income tax, federal and state together. [1]
    bonus_frac
        Share of 5- and 15-year property expensed at once. [1]
    loss_use_limit_frac
        Share of a year's income that carried losses may offset. [1]
    losses
        ``group``: a loss earns its tax back in its year. ``carried``: it waits for income.
    """

    rate_frac: float
    bonus_frac: float
    loss_use_limit_frac: float
    losses: TaxLosses


@dataclass(frozen=True, slots=True)
class Statement:
    """After-tax cash and what is read off it; arrays end in the draw axis.

    Attributes
    ----------
    after_tax_usd
        Array, shape (month, draw), under the declared use of losses. [USD]
    npv_usd
        Net present value of ``after_tax_usd``. [USD]
    npv_other_losses_usd
        The same with the other use of losses. [USD]
    npv_no_residual_usd
        The same as ``npv_usd`` with a residual of nil. [USD]
    capital_usd
        Capital spent, undiscounted, positive. [USD]
    pv_capital_usd
        Capital spent, discounted, positive. [USD]
    """

    after_tax_usd: NDArray[np.float64]
    npv_usd: NDArray[np.float64]
    npv_other_losses_usd: NDArray[np.float64]
    npv_no_residual_usd: NDArray[np.float64]
    capital_usd: NDArray[np.float64]
    pv_capital_usd: NDArray[np.float64]


def statement(
    lines: CashLines, rules: TaxRules, discount: NDArray[np.float64], *, alternatives: bool = True, cash: bool = True
) -> Statement:
    """Tax, discount and summarise the cash lines of one case.

    Parameters
    ----------
    lines
        Cash before tax, shape (line, month, draw).
    rules
        Tax of the site's country.
    discount
        Array, shape (month,), at least as long as the lines rounded up to whole years.
    alternatives
        Whether the value with the other use of losses, and without the residual, is asked for; nan if not.
    cash
        Whether the months are kept; ``after_tax_usd`` has none if not.

    Returns
    -------
    Statement
        Months run to the end of the last tax year the lines reach.

    Notes
    -----
    Tax is settled at the end of each year counted from the as-of month. Capital enters service
    in the later of its own year and the in-service year; buildings are written down straight
    over 39 years from the middle of their month; what is left is written off in the year of the
    residual. :func:`wattworth.finance.ledger` is the same statement with every line shown.
    """
    n_month = lines.usd.shape[1]
    n_year = max(1, -(-(n_month - 1) // MONTHS_PER_YEAR))
    out = _statement(
        lines.usd,
        lines.in_service_month,
        lines.residual_usd,
        lines.residual_month,
        discount[: n_year * MONTHS_PER_YEAR + 1],
        np.array([rules.rate_frac, rules.bonus_frac, rules.loss_use_limit_frac]),
        rules.losses == "group",
        MACRS_HALF_YEAR_FRAC[5],
        MACRS_HALF_YEAR_FRAC[15],
        alternatives,
        cash,
    )
    return Statement(*out)


@kernel
def peak_equity_usd(cash_usd):
    """Deepest running total of cash of shape (month, draw), positive, shape (draw,). [USD]"""
    n_month, n_draw = cash_usd.shape
    running = np.zeros(n_draw)
    deepest = np.zeros(n_draw)
    for m in range(n_month):
        for d in range(n_draw):
            running[d] += cash_usd[m, d]
            deepest[d] = min(deepest[d], running[d])
    return -deepest


@kernel
def _schedule(placed, macrs, bonus_frac, year, draw):  # pragma: no cover - compiled
    """Deduction in ``year`` of a class whose basis entered service in the years before."""
    deduction = placed[year, draw] * bonus_frac
    if bonus_frac < 1.0:
        first = max(0, year - macrs.size + 1)
        for start in range(first, year + 1):
            deduction += placed[start, draw] * (1.0 - bonus_frac) * macrs[year - start]
    return deduction


@kernel
def _deductions(placed_5, placed_15, placed_39, in_service, retired, bonus_frac, macrs_5, macrs_15):  # noqa: PLR0913 - compiled
    """Depreciation by year and draw; the remaining basis goes in the year of retirement."""
    n_year, n_draw = placed_5.shape
    out = np.zeros((n_year, n_draw))
    for d in range(n_draw):
        basis, taken, building = 0.0, 0.0, 0.0
        service_year = max(0, (in_service[d] - 1) // 12)
        retired_year = min(n_year - 1, max(0, (retired[d] - 1) // 12))
        first_share = (12.5 - ((in_service[d] - 1) % 12 + 1)) / 12.0 if in_service[d] > 0 else 1.0
        for y in range(retired_year + 1):
            new = placed_39[y, d]
            basis += placed_5[y, d] + placed_15[y, d] + new
            deduction = building / 39.0 + new / 39.0 * (first_share if y == service_year else 0.5)
            building += new
            deduction += _schedule(placed_5, macrs_5, bonus_frac, y, d)
            deduction += _schedule(placed_15, macrs_15, bonus_frac, y, d)
            if y == retired_year:
                deduction = basis - taken
            taken += deduction
            out[y, d] = deduction
    return out


@kernel
def _tax(income_usd, rate_frac, limit_frac, group):
    """Tax by year and draw: paid back on a loss at once, or losses carried forward."""
    n_year, n_draw = income_usd.shape
    out = np.empty((n_year, n_draw))
    for d in range(n_draw):
        carried = 0.0
        for y in range(n_year):
            income = income_usd[y, d]
            if group:
                out[y, d] = rate_frac * income
            elif income <= 0.0:
                carried -= income
                out[y, d] = 0.0
            else:
                used = min(carried, limit_frac * income)
                carried -= used
                out[y, d] = rate_frac * (income - used)
    return out


@kernel
def _taxed_value(cash_value, discount, tax):
    """Value of cash whose value before tax is known, the tax of each year paid at its end."""
    out = cash_value.copy()
    for y in range(tax.shape[0]):
        for d in range(out.size):
            out[d] -= discount[12 * (y + 1)] * tax[y, d]
    return out


@kernel
def _statement(  # noqa: PLR0913 - compiled
    usd, in_service, residual_usd, residual_month, discount, rules, group, macrs_5, macrs_15, alternatives, keeps_cash
):
    n_month, n_draw = usd.shape[1], usd.shape[2]
    n_node = discount.size
    n_year = (n_node - 1) // 12
    cash = np.zeros((n_node if keeps_cash else 1, n_draw))  # one row that is written over where none is kept
    income = np.zeros((n_year, n_draw))
    placed = np.zeros((3, n_year, n_draw))
    capital = np.zeros(n_draw)
    pv_capital = np.zeros(n_draw)
    before_tax = np.zeros(n_draw)
    for m in range(n_month):
        y = max(0, (m - 1) // 12)
        for d in range(n_draw):
            taxed = usd[0, m, d] + usd[1, m, d] + usd[2, m, d] + usd[6, m, d]
            spent = usd[3, m, d] + usd[4, m, d] + usd[5, m, d]
            income[y, d] += taxed
            flow = taxed + spent + usd[7, m, d]
            cash[m if keeps_cash else 0, d] = flow
            before_tax[d] += discount[m] * flow
            if spent != 0.0:
                capital[d] -= spent
                pv_capital[d] -= spent * discount[m]
                entered = min(n_year - 1, max(y, (in_service[d] - 1) // 12))
                for c in range(3):
                    placed[c, entered, d] -= usd[3 + c, m, d]
    income -= _deductions(placed[0], placed[1], placed[2], in_service, residual_month, rules[1], macrs_5, macrs_15)
    tax = _tax(income, rules[0], rules[2], group)
    npv = _taxed_value(before_tax, discount, tax)
    for y in range(n_year if keeps_cash else 0):
        for d in range(n_draw):
            cash[12 * (y + 1), d] -= tax[y, d]
    cash = cash if keeps_cash else cash[:0]
    if not alternatives:
        unknown = np.full(n_draw, np.nan)
        return cash, npv, unknown, unknown, capital, pv_capital
    other = _taxed_value(before_tax, discount, _tax(income, rules[0], rules[2], not group))
    for d in range(n_draw):
        y = min(n_year - 1, max(0, (residual_month[d] - 1) // 12))
        income[y, d] -= residual_usd[d]
        before_tax[d] -= discount[min(residual_month[d], n_node - 1)] * residual_usd[d]
    bare = _taxed_value(before_tax, discount, _tax(income, rules[0], rules[2], group))
    return cash, npv, other, bare, capital, pv_capital


assert int(Line.AFTER_TAX) == 7, "the kernels index lines by number"
assert BUILDING_LIFE_YEARS == 39.0, "the kernels write buildings down over this life"
