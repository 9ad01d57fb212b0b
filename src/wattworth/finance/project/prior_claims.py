r"""What is owed before the term debt is signed: debt that is there already, and rent a tenant paid ahead.

Existing debt of :math:`E_0` at a rate :math:`e` over :math:`n` years is repaid in level payments
:math:`E_0 e / (1 - (1 + e)^{-n})`, in level principal :math:`E_0 / n`, by stated shares, or at once at the end.
Assumed, it is a source at close and its service stands before that of the term debt; repaid, it is a use,
:math:`E_0 (1 + \text{breakage})`.

A prepayment :math:`P` is a source at close and a liability that falls by the credits :math:`P w_t`; rent is billed in
full and :math:`P w_t` of it is not paid. Taxed as earned, income is the rent billed; taxed as received, :math:`P` is
income of year 1 and each credit is deducted.

References
----------
.. [1] IRC 451(c)(1): an advance payment is income when received, or by election no later than the year after.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.lending import ExistingDebt
from wattworth.finance.project.operations import Array, Rows, at_operation
from wattworth.finance.project.schedules import service_per_usd

EXISTING_ROWS: Final = ("existing_interest_usd", "existing_principal_usd", "existing_due_usd", "existing_debt_usd")


def assumed_usd(case: ProjectCase) -> Array:
    """Existing debt that stays. [USD]"""
    debt = case.existing_debt
    stays = debt is not None and debt.at_close == "assumed"
    return np.atleast_1d(np.asarray(debt.usd if debt is not None and stays else 0.0, dtype=np.float64))


def repaid_at_close_usd(case: ProjectCase) -> Array:
    """Existing debt repaid at close, with the cost of that. [USD]"""
    debt = case.existing_debt
    if debt is None or debt.at_close == "assumed":
        return np.zeros(1)
    return np.atleast_1d(np.asarray(debt.usd * (1.0 + debt.breakage_frac), dtype=np.float64))


def prepaid_usd(case: ProjectCase) -> Array:
    """Rent received before the first revenue. [USD]"""
    usd: Any = 0.0 if case.prepayment is None else case.prepayment.usd
    return np.atleast_1d(np.asarray(usd, dtype=np.float64))


def _principal_per_usd(debt: ExistingDebt) -> Array:
    """Principal of each year per dollar owed at close, shape (year, case)."""
    if debt.principal_frac_by_year is not None:
        return np.asarray(debt.principal_frac_by_year)[:, None]
    n = debt.remaining_years
    if debt.profile == "bullet":
        return np.concatenate([np.zeros((n - 1, 1)), np.ones((1, 1))])
    rate = np.atleast_1d(np.asarray(debt.rate_frac, dtype=np.float64))
    service = service_per_usd(debt.profile, rate, n, 0, np.zeros((n, 1)))
    owed, principal = np.ones(rate.size), np.zeros((n, rate.size))
    for year in range(n):
        principal[year] = service[year] - rate * owed
        owed = owed - principal[year]
    return principal


def existing_rows(case: ProjectCase, grid: Grid) -> Rows:
    """Existing debt that stays: interest, instalments, what is due at once, and what is owed.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``existing_interest_usd``, ``existing_principal_usd`` (instalments), ``existing_due_usd`` and
        ``existing_debt_usd`` at the end of each year of operation; before it nothing. [USD]
    """
    debt = case.existing_debt
    if debt is None or debt.at_close == "repaid":
        return {name: np.zeros((grid.year.size, 1)) for name in EXISTING_ROWS}
    start_usd = assumed_usd(case)
    per_usd = _principal_per_usd(debt)[: grid.n_operating]
    principal = np.zeros((grid.n_operating, np.broadcast_shapes(start_usd.shape, per_usd.shape[1:])[0]))
    principal[: per_usd.shape[0]] = start_usd * per_usd
    owed = start_usd - np.cumsum(principal, axis=0)
    owed[np.abs(owed) < 1e-12 * start_usd] = 0.0
    interest = debt.rate_frac * np.concatenate([np.broadcast_to(start_usd, (1, owed.shape[1])), owed[:-1]])
    at_once = debt.profile == "bullet" and debt.principal_frac_by_year is None
    due = principal if at_once else np.zeros(principal.shape)
    rows = (interest, principal - due, due, owed)
    return {name: at_operation(grid, row) for name, row in zip(EXISTING_ROWS, rows, strict=True)}


def prepayment_rows(case: ProjectCase, grid: Grid) -> Rows:
    """Rent that is billed and not paid, and what the prepayment adds to taxable income.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``prepayment_credit_usd`` and ``prepayment_taxed_usd``. [USD]
    """
    names = ("prepayment_credit_usd", "prepayment_taxed_usd")
    terms = case.prepayment
    if terms is None:
        return {name: np.zeros((grid.year.size, 1)) for name in names}
    paid_usd = prepaid_usd(case)
    credit = np.zeros((grid.n_operating, paid_usd.size))
    shares = np.asarray(terms.credit_frac_by_year)[: grid.n_operating]
    credit[: shares.size] = shares[:, None] * paid_usd
    taxed = np.zeros(credit.shape)
    if terms.taxed == "received":
        taxed = -credit
        taxed[0] = taxed[0] + paid_usd
    return {name: at_operation(grid, row) for name, row in zip(names, (credit, taxed), strict=True)}
