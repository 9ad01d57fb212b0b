"""Income statement and balance sheet by month, so that every dollar of the cash is seen twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.project.monthly_lines import MonthlyLines
from wattworth.finance.project.monthly_terms import PerCase
from wattworth.units import DAYS_PER_MONTH

Array = NDArray[np.float64]
Rows = dict[str, Array]


def change(balance_usd: Array) -> Array:
    """Monthly additions to a balance that starts from nothing. [USD]"""
    return np.diff(balance_usd, axis=0, prepend=np.zeros((1, balance_usd.shape[1])))


def working_rows(revenue_usd: Array, cost_usd: Array, receivable_days: PerCase, payable_days: PerCase) -> Rows:
    """Receivables and payables at the end of each month, all settled in the last one.

    Parameters
    ----------
    revenue_usd, cost_usd
        Arrays, shape (month, case), positive. [USD]
    receivable_days, payable_days
        Days of a month's revenue and cost that are outstanding at its end. [day]

    Returns
    -------
    dict of arrays, shape (month, case)
        The balances, and ``working_capital_funding_usd``, positive where cash goes in. [USD]
    """
    rows = {
        "receivables_usd": revenue_usd * (np.asarray(receivable_days) / DAYS_PER_MONTH),
        "payables_usd": cost_usd * (np.asarray(payable_days) / DAYS_PER_MONTH),
    }
    for balance in rows.values():
        balance[-1] = 0.0
    rows["working_capital_funding_usd"] = change(rows["receivables_usd"] - rows["payables_usd"])
    return rows


def _plant(lines: MonthlyLines, spent: Array) -> tuple[Array, Array]:
    """Book depreciation and net plant: straight from completion to retirement, later spending over what is left."""
    depreciation, net = np.zeros(spent.shape), np.zeros(spent.shape)
    held, last = np.zeros(spent.shape[1]), spent.shape[0] - 1
    retired = np.minimum(last, np.maximum(lines.retired_month, 0))
    for month in range(spent.shape[0]):
        held = held + spent[month]
        left = np.maximum(1, retired - month + 1)
        runs = (month > lines.completed_month) | (month >= retired)
        depreciation[month] = np.where(runs, held / left, 0.0)
        held = held - depreciation[month]
        net[month] = held
    return depreciation, net


def account_rows(lines: MonthlyLines, rows: Rows) -> Rows:
    """Book income, and what the project owns and owes at the end of each month.

    Parameters
    ----------
    lines
        The cases.
    rows
        All cash rows.

    Returns
    -------
    dict of arrays, shape (month, case)
        Balances at the end of each month. [USD]

    Notes
    -----
    All cash is distributed, and a shortfall is paid in by the owners, so cash at bank is what the reserves hold.
    Interest is booked when it is paid, tax when it is settled; there is no deferred tax. Interest and fees of the
    construction are part of the plant.
    """
    spent = rows["uses_usd"] - rows["first_reserves_usd"] + rows["later_capital_usd"]
    depreciation, net_plant = _plant(lines, spent)
    ebit = rows["ebitda_usd"] + rows["proceeds_usd"] + rows["after_tax_items_usd"] - depreciation
    tax = rows["state_tax_usd"] + rows["federal_tax_usd"]
    earned = ebit + rows["reserve_interest_usd"] - rows["interest_usd"] + tax
    distributed = rows["after_tax_equity_usd"] + rows["equity_paid_in_usd"]
    cash = rows["debt_service_reserve_usd"] + rows["other_reserves_usd"]
    equity = np.cumsum(rows["equity_paid_in_usd"] + earned - distributed, axis=0)
    return {
        "book_depreciation_usd": depreciation,
        "ebit_usd": ebit,
        "net_income_usd": earned,
        "distributions_usd": distributed,
        "net_plant_usd": net_plant,
        "cash_in_reserves_usd": cash,
        "assets_usd": net_plant + cash + rows["receivables_usd"],
        "liabilities_usd": rows["debt_balance_usd"] + rows["payables_usd"],
        "owners_equity_usd": equity,
    }


def monthly_imbalance_usd(rows: Rows) -> dict[str, float]:
    """Largest breach of each identity of the statement, over months and cases.

    Parameters
    ----------
    rows
        A finished statement.

    Returns
    -------
    dict of float
        [USD]
    """
    moved = rows["debt_drawn_usd"] - rows["principal_usd"] - change(rows["debt_balance_usd"])
    sources = rows["debt_drawn_usd"] + rows["equity_paid_in_usd"]
    paid = rows["cfads_usd"] + rows["proceeds_usd"] + rows["after_tax_items_usd"] + rows["reserve_interest_usd"]
    paid = paid + rows["state_tax_usd"] + rows["federal_tax_usd"] + rows["debt_drawn_usd"]
    spent = rows["debt_service_usd"] + rows["uses_usd"] + rows["reserve_funding_usd"] - rows["first_reserves_usd"]
    breaches = {
        "assets = liabilities + equity": rows["assets_usd"] - rows["liabilities_usd"] - rows["owners_equity_usd"],
        "debt drawn - debt repaid = debt owed": moved,
        "debt repaid at the end": rows["debt_balance_usd"][-1:],
        "sources = uses": sources - rows["uses_usd"],
        "cash in = cash out": paid - spent - rows["after_tax_equity_usd"],
    }
    return {name: float(np.max(np.abs(breach))) for name, breach in breaches.items()}
