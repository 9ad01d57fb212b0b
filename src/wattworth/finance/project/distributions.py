r"""Who gets the cash: what a lock-up holds back, what warrants take, and whether the owner can pay in.

With the owners' cash :math:`c_t`, the account :math:`L_t` and the cover :math:`\rho_t` of the year,

.. math::
    L_t = \begin{cases} L_{t-1} + c_t & \rho_t < \rho^* \text{ and } c_t > 0 \\
    \max(0, L_{t-1} + c_t) & c_t < 0 \text{ and } \rho_t < \rho^* \\
    0 & \text{otherwise, and in the last year} \end{cases}, \qquad d_t = c_t - (L_t - L_{t-1})

so a shortfall is met from what is held before owners pay in. The account earns nothing. Warrants over a share
:math:`w` receive :math:`w \max(0, d_t)` in operation and pay in nothing. The equity need is the deepest the running
total of the owners' cash goes below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.debt_service import is_served
from wattworth.finance.project.operations import Array, Rows


def distribution_rows(case: ProjectCase, grid: Grid, rows: Rows) -> Rows:
    """Cash of the owners after a lock-up, and of the sponsor after warrants.

    Parameters
    ----------
    case
        The case.
    grid
        Its years.
    rows
        Its cash rows; ``after_tax_equity_usd`` is that before any lock-up.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``after_tax_equity_usd``, ``locked_up_usd`` at the end of each year and ``sponsor_cash_usd``. [USD]
    """
    cash = rows["after_tax_equity_usd"]
    held = np.zeros((grid.year.size, 1))
    debt = case.debt
    if debt is not None and debt.lock_up_dscr_ratio is not None:
        held = _held_usd(grid, rows, debt.lock_up_dscr_ratio)
        cash = cash - np.diff(held, axis=0, prepend=np.zeros((1, held.shape[1])))
    share: Any = 0.0 if debt is None or debt.backstop is None else debt.backstop.warrants_frac
    given = np.where(grid.year[:, None] > 0, share * np.maximum(0.0, cash), 0.0)
    return {"after_tax_equity_usd": cash, "locked_up_usd": held, "sponsor_cash_usd": cash - given}


def _held_usd(grid: Grid, rows: Rows, level_ratio: Any) -> Array:
    """Cash held back at the end of each year. [USD]"""
    cash, service = rows["after_tax_equity_usd"], rows["debt_service_usd"]
    is_low = is_served(service) & (rows["cfads_usd"] < np.asarray(level_ratio) * service * (1.0 - 1e-12))
    held = np.zeros(np.broadcast_shapes(cash.shape, is_low.shape))
    for place in range(grid.n_construction, grid.year.size - 1):
        held[place] = np.where(is_low[place], np.maximum(0.0, held[place - 1] + cash[place]), 0.0)
    return held


@dataclass(frozen=True, slots=True)
class EquityNeed:
    """What the owners have to find, beside what they are worth.

    Attributes
    ----------
    usd
        Deepest point of the running total of their cash. [USD]
    of_market_value_ratio
        The same over the owner's market value; None where none is stated. [1]
    new_shares_usd
        What of it the owner's cash does not cover; None without an owner. [USD]
    is_fundable
        Whether cash and the share of market value that may be raised cover it; None without an owner.
    """

    usd: float
    of_market_value_ratio: float | None = None
    new_shares_usd: float | None = None
    is_fundable: bool | None = None


def equity_need(case: ProjectCase, cash_usd: Array) -> EquityNeed:
    """Equity need of one case against the means of its owner.

    Parameters
    ----------
    case
        The case.
    cash_usd
        Array, shape (year,): cash of the sponsor. [USD]

    Examples
    --------
    >>> from wattworth.finance.project import Capital, CostPart, Discounting, Owner
    >>> case = ProjectCase(
    ...     analysis_years=1,
    ...     capital=Capital(parts=(CostPart(name="plant", usd=1.0),)),
    ...     discounting=Discounting(nominal_frac=0.1),
    ...     owner=Owner(cash_usd=20.0, market_value_usd=200.0, raise_frac=0.25),
    ... )
    >>> need = equity_need(case, np.array([-80.0, -10.0, 300.0]))
    >>> need.usd, need.of_market_value_ratio, need.new_shares_usd, need.is_fundable
    (90.0, 0.45, 70.0, False)
    """
    need_usd = max(0.0, float(-np.min(np.cumsum(cash_usd))))
    owner = case.owner
    if owner is None:
        return EquityNeed(need_usd)
    short_usd = max(0.0, need_usd - owner.cash_usd)
    value_usd = owner.market_value_usd
    ratio = need_usd / value_usd if value_usd else None
    can_raise_usd = owner.raise_frac * (value_usd or 0.0)
    return EquityNeed(need_usd, ratio, short_usd, short_usd <= can_raise_usd)
