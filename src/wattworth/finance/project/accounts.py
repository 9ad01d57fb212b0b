"""Income statement and balance sheet, so that every dollar of the cash flow is seen twice."""

from __future__ import annotations

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.operations import Array, Rows, blank
from wattworth.finance.project.reserves import change


def _plant(grid: Grid, rows: Rows) -> tuple[Array, Array]:
    """Book depreciation and net plant: straight to nothing over the years of operation."""
    spent = rows["capital_spending_usd"] + rows["equipment_spending_usd"]
    depreciation, net = np.zeros(spent.shape), np.zeros(spent.shape)
    held = np.zeros(spent.shape[1])
    for place, year in enumerate(grid.year):
        held = held + spent[place]
        if year > 0:
            depreciation[place] = held / (grid.n_operating - year + 1)
            held = held - depreciation[place]
        net[place] = held
    return depreciation, net


def account_rows(case: ProjectCase, grid: Grid, rows: Rows) -> Rows:
    """Book income, and what the project owns and owes at the end of each year.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        All cash rows of the case.

    Returns
    -------
    dict of arrays, shape (year, case)
        Balances at the end of each year. [USD]

    Notes
    -----
    All cash that no lock-up holds is distributed, and a shortfall is paid in by the owners, so cash at bank is what
    the reserves and the lock-up hold. Rent paid ahead is owed until it is credited. Plant is what was spent on it
    less grants; it and replacements are written off straight to the end of operation. Tax is booked as it is paid:
    no deferred tax.
    """
    del case
    depreciation, net_plant = _plant(grid, rows)
    tax = rows["state_tax_usd"] + rows["federal_tax_usd"] + rows["tax_credits_usd"]
    income = rows["ebitda_usd"] + rows["incentive_usd"] - depreciation
    earned = income + rows["reserve_interest_usd"] - rows["interest_usd"] + tax
    earned = earned - rows["backstop_fee_usd"] - rows["refinancing_fee_usd"]
    distributed = rows["after_tax_equity_usd"] + rows["equity_paid_in_usd"]
    assets = net_plant + rows["reserves_usd"] + rows["locked_up_usd"]
    equity = np.cumsum(rows["equity_paid_in_usd"] + earned - distributed, axis=0)
    return {
        "book_depreciation_usd": depreciation,
        "ebit_usd": income,
        "net_income_usd": earned,
        "distributions_usd": distributed,
        "net_plant_usd": net_plant,
        "cash_in_reserves_usd": rows["reserves_usd"] + blank(grid),
        "assets_usd": assets,
        "liabilities_usd": rows["debt_balance_usd"] + rows["prepayment_balance_usd"] + blank(grid),
        "owners_equity_usd": equity,
    }


def imbalance_usd(rows: Rows) -> dict[str, float]:
    """Largest breach of each identity of the statement, over years and cases.

    Parameters
    ----------
    rows
        A finished statement.

    Returns
    -------
    dict of float
        [USD]
    """
    moved = rows["debt_drawn_usd"] + rows["refinanced_usd"] - rows["principal_usd"] - change(rows["debt_balance_usd"])
    breaches = {
        "assets = liabilities + equity": rows["assets_usd"] - rows["liabilities_usd"] - rows["owners_equity_usd"],
        "debt drawn - debt repaid = debt owed": moved,
        "sources = uses": rows["debt_drawn_usd"]
        + rows["equity_paid_in_usd"]
        + rows["prepayment_usd"]
        - rows["capital_spending_usd"]
        - rows["first_reserves_usd"],
    }
    return {name: float(np.max(np.abs(breach))) for name, breach in breaches.items()}
