"""Income tax of each year, with losses carried, used by a group or paid, and a limit on interest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid, TaxLosses
from wattworth.finance.project.operations import Array, Rows
from wattworth.finance.project.write_off import grants_usd


def taxable_income_usd(
    income_usd: ArrayLike, losses: TaxLosses, use_limit_frac: ArrayLike = 0.8
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Income that tax is due on, and the losses still carried at each year's end.

    Parameters
    ----------
    income_usd
        Array, shape (year, ...): income before losses of other years. [USD]
    losses
        ``carried``: a loss waits for income. ``group`` and ``paid``: it earns its tax back in its year,
        from the owner's other income or as cash.
    use_limit_frac
        Share of a year's income that carried losses may offset. [1]

    Returns
    -------
    taxable_usd, carried_usd : arrays, shape (year, ...)
        Taxable income is negative only where a loss is used at once. [USD]

    References
    ----------
    .. [1] IRC 172(a)(2): 80 % of taxable income.

    Examples
    --------
    >>> taxable, _ = taxable_income_usd([-100.0, 60.0, 80.0], "carried")
    >>> (0.21 * taxable).round(2).tolist()
    [0.0, 2.52, 5.88]
    """
    income = np.asarray(income_usd, dtype=np.float64)
    if losses != "carried":
        return income.copy(), np.zeros(income.shape)
    taxable, balance = np.zeros(income.shape), np.zeros(income.shape)
    carried = np.zeros(income.shape[1:])
    for year, own in enumerate(income):
        used = np.minimum(carried, np.asarray(use_limit_frac) * np.maximum(own, 0.0))
        taxable[year] = np.maximum(own, 0.0) - used
        carried = carried - used + np.maximum(-own, 0.0)
        balance[year] = carried
    return taxable, balance


def deductible_interest_usd(
    interest_usd: ArrayLike, limit_usd: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Interest deducted each year, and what is carried to later years.

    Parameters
    ----------
    interest_usd
        Array, shape (year, ...). [USD]
    limit_usd
        Most that may be deducted in each year; None for no limit. [USD]

    Returns
    -------
    deducted_usd, carried_usd : arrays, shape (year, ...)
        [USD]

    References
    ----------
    .. [1] IRC 163(j): interest income plus 30 % of adjusted taxable income.

    Examples
    --------
    >>> [float(part[0]) for part in deductible_interest_usd([80.0], [0.3 * 200.0])]
    [60.0, 20.0]
    """
    interest = np.asarray(interest_usd, dtype=np.float64)
    if limit_usd is None:
        return interest.copy(), np.zeros(interest.shape)
    limit = np.maximum(0.0, np.asarray(limit_usd, dtype=np.float64))
    deducted, balance = np.zeros(np.broadcast_shapes(interest.shape, limit.shape)), np.zeros(limit.shape)
    carried: Any = 0.0
    for year, own in enumerate(interest):
        deducted[year] = np.minimum(own + carried, limit[year])
        carried = own + carried - deducted[year]
        balance[year] = carried
    return deducted, balance


def tax_rows(case: ProjectCase, grid: Grid, rows: Rows) -> Rows:
    """State and federal income and tax of each year.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        Operating, write-off, debt and reserve rows.

    Returns
    -------
    dict of arrays, shape (year, case)
        Taxes are positive where they are a benefit. [USD]

    Notes
    -----
    State tax, and state credits with the opposite sign, enter federal income. Grants are income of
    year 1 where their flags say so. A guarantor's fee is deducted outside the limit on interest; the fee of a
    refinancing is not deducted, as that of the first loan is not.
    """
    rules = case.tax
    limit = None
    if rules.interest_limit_frac is not None:
        limit = rows["reserve_interest_usd"] + rules.interest_limit_frac * np.maximum(0.0, rows["ebitda_usd"])
    deducted, interest_carried = deductible_interest_usd(rows["interest_usd"], limit)
    before = rows["ebitda_usd"] + rows["reserve_interest_usd"] - deducted
    before = before + rows["prepayment_taxed_usd"] - rows["backstop_fee_usd"]
    out: Rows = {"deductible_interest_usd": deducted, "interest_carried_usd": interest_carried}
    federal_extra: Array = np.zeros((1, 1))
    for payer in ("state", "federal"):
        income = before - rows[f"{payer}_depreciation_usd"] + rows[f"incentive_taxed_{payer}_usd"]
        income = income + (federal_extra if payer == "federal" else 0.0)
        granted = grants_usd(case, f"taxed_{payer}")
        income = income + np.where(grid.year[:, None] == 1, granted, 0.0)
        rate_frac = rules.state_frac if payer == "state" else rules.federal_frac
        taxable, carried = taxable_income_usd(income, case.tax_losses, rules.loss_use_limit_frac)
        out[f"{payer}_income_usd"] = income
        out[f"{payer}_taxable_usd"] = taxable
        out[f"{payer}_losses_carried_usd"] = carried
        out[f"{payer}_tax_usd"] = -rate_frac * taxable
        federal_extra = out["state_tax_usd"] + rows["state_ptc_usd"] + rows["state_itc_usd"]
    return out
