"""Write-off and income tax of monthly cases, settled at the end of each year."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.depreciation import BUILDING_LIFE_YEARS
from wattworth.finance.project.income_tax import deductible_interest_usd, taxable_income_usd
from wattworth.finance.project.monthly_lines import MonthlyLines, by_year, padded, year_of
from wattworth.finance.project.monthly_terms import MonthlyTerms, WriteOffClass
from wattworth.units import MONTHS_PER_YEAR

Array = NDArray[np.float64]


def placed_usd(lines: MonthlyLines, dearer_frac: Array) -> Array:
    """Basis by class and year of service, shape (class, year, case). [USD]

    Parameters
    ----------
    lines
        The cases.
    dearer_frac
        Array, shape (case,): interest and fees of the construction per dollar of capital spent up to completion. [1]
    """
    n_year = lines.n_year
    service = np.minimum(n_year - 1, year_of(lines.in_service_month))
    out = np.zeros((lines.capital_usd.shape[0], n_year, lines.n_case))
    for month in range(lines.capital_usd.shape[1]):
        entered = np.minimum(n_year - 1, np.maximum(max(0, (month - 1) // MONTHS_PER_YEAR), service))
        dearer = np.where(month <= lines.completed_month, 1.0 + dearer_frac, 1.0)
        for place, spent in enumerate(lines.capital_usd[:, month]):
            out[place, entered, np.arange(lines.n_case)] += spent * dearer
    return out


def _class_deductions(kind: WriteOffClass, placed: Array, lines: MonthlyLines) -> Array:
    """Deductions of one class by year as if never retired."""
    n_year = placed.shape[0]
    out = np.zeros(placed.shape)
    basis = placed * kind.basis_frac
    if kind.is_building:
        service = np.minimum(n_year - 1, year_of(lines.in_service_month))
        month = lines.in_service_month
        of_service = np.where(month > 0, (12.5 - ((month - 1) % MONTHS_PER_YEAR + 1)) / MONTHS_PER_YEAR, 1.0)
        for year in range(n_year):
            first = np.where(year == service, of_service, 0.5)
            out[year] += basis[year] / BUILDING_LIFE_YEARS * first
            out[year + 1 :] += basis[year] / BUILDING_LIFE_YEARS
        return out
    shares = kind.shares_frac
    for year in range(n_year):
        out[year] += basis[year] * kind.bonus_frac
        count = min(shares.size, n_year - year)
        out[year : year + count] += basis[year] * (1.0 - kind.bonus_frac) * shares[:count, None]
    return out


def deductions_usd(lines: MonthlyLines, terms: MonthlyTerms, dearer_frac: Array) -> Array:
    """Write-off of all classes by year, shape (year, case). [USD]

    Parameters
    ----------
    lines
        The cases.
    terms
        Their classes.
    dearer_frac
        As for :func:`placed_usd`.

    Notes
    -----
    In the year of retirement, the last at the latest, the rest of the basis is deducted or lost.
    """
    placed = placed_usd(lines, dearer_frac)
    total, basis = np.zeros(placed.shape[1:]), np.zeros(placed.shape[1:])
    for kind, own in zip(terms.classes, placed, strict=True):
        total += _class_deductions(kind, own, lines)
        basis += own * kind.basis_frac
    if not terms.tax.writes_off_rest:
        return total
    year = np.arange(lines.n_year)[:, None]
    retired = np.minimum(lines.n_year - 1, year_of(lines.retired_month))
    total = np.where(year < retired, total, 0.0)
    rest = np.where(year <= retired, basis, 0.0).sum(axis=0) - total.sum(axis=0)
    total[retired, np.arange(lines.n_case)] = rest
    return total


def tax_rows(lines: MonthlyLines, terms: MonthlyTerms, rows: dict[str, Array]) -> dict[str, Array]:
    """Income and tax in the month each year is settled.

    Parameters
    ----------
    lines
        The cases.
    terms
        Their tax.
    rows
        Rows above tax: ``ebitda_usd``, ``proceeds_usd``, ``reserve_interest_usd``, ``interest_usd``,
        ``construction_interest_usd``, ``commitment_fee_usd`` and ``capital_usd``.

    Returns
    -------
    dict of arrays, shape (month, case)
        Taxes are positive where they are a benefit. [USD]
    """
    rules = terms.tax
    spent = rows["capital_usd"].sum(axis=0)
    dear = (rows["construction_interest_usd"] + rows["commitment_fee_usd"]).sum(axis=0)
    written = deductions_usd(lines, terms, np.divide(dear, spent, out=np.zeros(dear.shape), where=spent != 0.0))
    operated = by_year(rows["ebitda_usd"] + rows["proceeds_usd"])
    earned, interest = by_year(rows["reserve_interest_usd"]), by_year(rows["interest_usd"])
    limit = None
    if rules.interest_limit_frac is not None:
        limit = earned + rules.interest_limit_frac * np.maximum(0.0, operated)
    deducted, interest_carried = deductible_interest_usd(interest, limit)
    income = operated + earned - deducted - written
    out = {"tax_depreciation_usd": written, "deductible_interest_usd": deducted}
    out["interest_carried_usd"] = interest_carried + 0.0 * income
    extra: Any = 0.0
    for payer, rate_frac in (("state", rules.state_frac), ("federal", rules.federal_frac)):
        out[f"{payer}_income_usd"] = income + extra
        taxable, carried = taxable_income_usd(income + extra, rules.losses, rules.loss_use_limit_frac)
        out[f"{payer}_taxable_usd"], out[f"{payer}_losses_carried_usd"] = taxable, carried
        extra = out[f"{payer}_tax_usd"] = -np.asarray(rate_frac) * taxable
    return {name: _settled(yearly, lines.last_month + 1, name.endswith("carried_usd")) for name, yearly in out.items()}


def _settled(yearly: Array, n_node: int, is_balance: bool) -> Array:
    """Yearly amounts in the last month of their year, a balance in all the months until the next."""
    out = np.zeros((n_node, yearly.shape[1]))
    out[MONTHS_PER_YEAR::MONTHS_PER_YEAR] = yearly
    if is_balance:
        for lag in range(1, MONTHS_PER_YEAR):
            out[MONTHS_PER_YEAR + lag :: MONTHS_PER_YEAR] = yearly[:-1]
    return out


def all_capital_usd(lines: MonthlyLines, n_node: int) -> Array:
    """Spending of all classes, shape (month, case). [USD]"""
    return padded(lines.capital_usd.sum(axis=0), n_node)
