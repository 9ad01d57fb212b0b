r"""What lenders lend against: cash split by phase with a cover for each, and the value of the project.

With cash :math:`C_t`, split into phases :math:`C_{p,t}` of cover :math:`d_p`, the rest at the cover :math:`d` of the
whole debt (or carrying nothing where it has none), and the service :math:`E_t` of debt that stands before,

.. math:: A_t = \max\Big(0, \sum_p \frac{C_{p,t}}{d_p} + \frac{C_t - \sum_p C_{p,t}}{d} - E_t\Big), \quad
    D \le \min_t A_t / s_t, \quad s_t \propto A_t \text{ where sculpted}

so the cover of a year is the harmonic mean of the covers of its phases, weighted by their cash.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.lending import CoverPhase
from wattworth.finance.project.operations import Array, Rows, line_usd


def _shares(phase: CoverPhase, grid: Grid) -> Array:
    declared = phase.share_frac_by_year or (0.0,)
    n = grid.n_operating
    return np.asarray([*declared, *(declared[-1:] * n)][:n])[:, None]


def _phase_cash_usd(case: ProjectCase, grid: Grid, rows: Rows, phase: CoverPhase, cash_usd: Array) -> Array:
    """Cash of one phase in each year of operation. [USD]"""
    if phase.net_usd_by_year is not None:
        given = np.zeros((grid.n_operating, 1))
        declared = np.asarray(phase.net_usd_by_year)[: grid.n_operating]
        given[: declared.size, 0] = np.maximum(0.0, declared)
        return given
    if phase.share_frac_by_year is not None:
        return _shares(phase, grid) * cash_usd
    of_line = {line.name: line_usd(grid, line) for line in case.revenue.other}
    of_line["energy"] = rows["energy_revenue_usd"][grid.operating]
    of_line["capacity"] = rows["capacity_revenue_usd"][grid.operating]
    own = sum((np.maximum(0.0, of_line[name]) for name in phase.revenue_lines), start=np.zeros((1, 1)))
    sales = rows["sales_usd"][grid.operating]
    share = np.divide(own, sales, out=np.zeros(np.broadcast_shapes(own.shape, sales.shape)), where=sales > 0.0)
    return np.minimum(1.0, share) * cash_usd


def phase_cash_usd(case: ProjectCase, grid: Grid, rows: Rows, cash_usd: Array) -> dict[str, Array]:
    """Cash of each phase of the debt; what phases claim beyond the cash there is, is cut in proportion.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        Its sales.
    cash_usd
        Array, shape (operating year, case): cash for debt service, none of it negative. [USD]

    Returns
    -------
    dict of arrays, shape (operating year, case)
        [USD]
    """
    phases = () if case.debt is None else case.debt.phases
    parts = {phase.name: _phase_cash_usd(case, grid, rows, phase, cash_usd) for phase in phases}
    total = sum(parts.values(), start=np.zeros((1, 1)))
    scale = np.divide(cash_usd, total, out=np.ones(np.broadcast_shapes(cash_usd.shape, total.shape)), where=total > 0.0)
    return {name: part * np.minimum(1.0, scale) for name, part in parts.items()}


def lendable_cash_usd(case: ProjectCase, grid: Grid, rows: Rows, cash_usd: Array) -> tuple[Array, Array]:
    """Most that debt service may be in each year, and what sculpted debt follows.

    Parameters
    ----------
    case
        The case; it must have debt.
    grid
        Its years.
    rows
        Its sales and existing debt.
    cash_usd
        Array, shape (operating year, case): cash for debt service, none of it negative. [USD]

    Returns
    -------
    most_usd, shape_usd : arrays, shape (operating year, case)
        The second is the cash itself where neither phases nor existing debt bend it. [USD]
    """
    debt = case.debt
    assert debt is not None
    whole: Any = 1.0 if debt.dscr_ratio is None else debt.dscr_ratio
    if not debt.phases and case.existing_debt is None:
        return cash_usd / whole, cash_usd
    most = cash_usd / whole
    if debt.phases:
        parts = phase_cash_usd(case, grid, rows, cash_usd)
        rest = cash_usd - sum(parts.values(), start=np.zeros((1, 1)))
        most = np.zeros((1, 1)) if debt.dscr_ratio is None else np.maximum(0.0, rest) / debt.dscr_ratio
        for phase in debt.phases:
            most = most + parts[phase.name] / phase.dscr_ratio
    served = rows["existing_interest_usd"][grid.operating] + rows["existing_principal_usd"][grid.operating]
    most = np.maximum(0.0, most - served)
    return most, most


def appraised_usd(case: ProjectCase, grid: Grid, rows: Rows) -> Array | None:
    r"""Value that a loan to value is of: stated, or computed; None where nothing asks for one.

    Returns
    -------
    array, shape (case,)
        [USD]

    Notes
    -----
    .. math:: V = NOI_k / \text{cap} \quad\text{or}\quad V = \sum_t NOI_t (1 + r)^{-t}

    with :math:`NOI` sales and incentives that lenders count less operating cost, before tax, financing, salvage and
    any sale: it does not depend on the debt.
    """
    debt = case.debt
    if debt is None or debt.max_loan_to_value_frac is None:
        return None
    if debt.appraisal is None:
        return np.atleast_1d(np.asarray(debt.value_usd, dtype=np.float64))
    income = (rows["sales_usd"] + rows["incentive_in_revenue_usd"] - rows["opex_usd"])[grid.operating]
    if debt.appraisal.cap_rate_frac is not None:
        return np.maximum(0.0, income[debt.appraisal.year - 1] / debt.appraisal.cap_rate_frac)
    year = np.arange(1, grid.n_operating + 1)[:, None]
    rate = np.asarray(debt.appraisal.discount_frac, dtype=np.float64)
    return np.maximum(0.0, np.sum(income * (1.0 + rate) ** -year, axis=0))
