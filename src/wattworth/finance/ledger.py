"""The statement of one draw with every line shown: slow, plain, and the kernel's check."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.depreciation import BUILDING_LIFE_YEARS, MACRS_HALF_YEAR_FRAC
from wattworth.finance.statement import TaxRules
from wattworth.records import CashLines, Line
from wattworth.units import MONTHS_PER_YEAR

_CLASSES = {Line.CAPEX_5Y: 5, Line.CAPEX_15Y: 15, Line.CAPEX_39Y: 39}


def ledger(lines: CashLines, rules: TaxRules, draw: int = 0) -> dict[str, NDArray[np.float64]]:
    """Every row of one draw, by month, from revenue to after-tax cash.

    Parameters
    ----------
    lines
        Cash before tax of one case.
    rules
        Tax of the site's country.
    draw
        Which draw to show.

    Returns
    -------
    dict of name to array, shape (month,)
        The cash lines by name, then ``taxable_income_usd``, ``depreciation_usd`` and ``tax_usd``
        in the month each year is settled, and ``after_tax_usd``. [USD]
    """
    usd = lines.usd[:, :, draw]
    n_year = max(1, -(-(usd.shape[1] - 1) // MONTHS_PER_YEAR))
    n_month = n_year * MONTHS_PER_YEAR + 1
    rows = {line.name.lower() + "_usd": np.pad(usd[line], (0, n_month - usd.shape[1])) for line in Line}
    service, retired = int(lines.in_service_month[draw]), int(lines.residual_month[draw])

    taxed = sum(rows[line.name.lower() + "_usd"] for line in (Line.REVENUE, Line.POWER, Line.OPEX, Line.PROCEEDS))
    income = _by_year(np.asarray(taxed), n_year)
    deductions = np.zeros(n_year)
    for line, life_years in _CLASSES.items():
        spent = -_by_year(rows[line.name.lower() + "_usd"], n_year)
        deductions += _class_deductions(spent, life_years, service, retired, rules.bonus_frac)
    tax = _tax_by_year(income - deductions, rules)

    settled = np.arange(1, n_year + 1) * MONTHS_PER_YEAR
    for name, values in (
        ("taxable_income_usd", income - deductions),
        ("depreciation_usd", -deductions),
        ("tax_usd", -tax),
    ):
        rows[name] = np.zeros(n_month)
        rows[name][settled] = values
    rows["after_tax_usd"] = sum((rows[line.name.lower() + "_usd"] for line in Line), start=rows["tax_usd"].copy())
    return rows


def _year_of(month: int) -> int:
    return max(0, (month - 1) // MONTHS_PER_YEAR)


def _by_year(monthly: NDArray[np.float64], n_year: int) -> NDArray[np.float64]:
    yearly = monthly[1:].reshape(n_year, MONTHS_PER_YEAR).sum(axis=1)
    yearly[0] += monthly[0]
    return yearly


def _class_deductions(
    spent: NDArray[np.float64], life_years: int, service_month: int, retired_month: int, bonus_frac: float
) -> NDArray[np.float64]:
    n_year = spent.size
    service_year = min(n_year - 1, _year_of(service_month))
    placed = spent.copy()
    placed[service_year] = spent[: service_year + 1].sum()
    placed[:service_year] = 0.0
    retired_year = min(n_year - 1, _year_of(retired_month))
    out = np.zeros(n_year)
    for start in np.flatnonzero(placed):
        shares = _shares(life_years, n_year, service_month if start == service_year else None, bonus_frac)
        out[start:] += placed[start] * shares[: n_year - start]
    out[retired_year] = placed[: retired_year + 1].sum() - out[:retired_year].sum()
    out[retired_year + 1 :] = 0.0
    return out


def _shares(life_years: int, n_year: int, service_month: int | None, bonus_frac: float) -> NDArray[np.float64]:
    """Share of basis by year of service, padded to the horizon."""
    if life_years == int(BUILDING_LIFE_YEARS):
        first = (
            0.5
            if service_month is None
            else 1.0
            if service_month <= 0
            else (12.5 - ((service_month - 1) % 12 + 1)) / 12
        )
        return np.concatenate([[first], np.ones(n_year)]) / BUILDING_LIFE_YEARS
    shares = (1.0 - bonus_frac) * np.pad(MACRS_HALF_YEAR_FRAC[life_years], (0, n_year))
    shares[0] += bonus_frac
    return shares


def _tax_by_year(taxable: NDArray[np.float64], rules: TaxRules) -> NDArray[np.float64]:
    if rules.losses == "group":
        return rules.rate_frac * taxable
    carried, out = 0.0, np.zeros(taxable.size)
    for year, income in enumerate(taxable):
        used = min(carried, rules.loss_use_limit_frac * max(income, 0.0))
        carried += max(-income, 0.0) - used
        out[year] = rules.rate_frac * (max(income, 0.0) - used)
    return out
