"""Cash before tax, by line: what every use hands to the finance room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Line(IntEnum):
    """A cash line; its value is its place on the first axis of :class:`CashLines`.

    The tax treatment is the line's meaning: operating lines are taxed in the year they move,
    capital lines are depreciated in their class from the in-service month, proceeds are taxed
    less what is left of the basis, and after-tax lines are not taxed again.
    """

    REVENUE = 0
    POWER = 1
    OPEX = 2
    CAPEX_5Y = 3
    CAPEX_15Y = 4
    CAPEX_39Y = 5
    PROCEEDS = 6
    AFTER_TAX = 7


@dataclass(frozen=True, slots=True)
class CashLines:
    """Monthly cash of one part of one site in one use.

    Attributes
    ----------
    usd
        Array, shape (line, month, draw), inflow positive, nominal. [USD]
    in_service_month
        Array, shape (draw,): month in which capital is placed in service and depreciation
        starts; at or past the horizon where that never happens. [month]
    first_revenue_month
        Array, shape (draw,): first month with revenue of the use itself, bridges apart. [month]
    residual_usd
        Array, shape (draw,): what the site and all on it are worth when the use ends, before
        tax, already inside ``usd``; moves in ``residual_month``. [USD]
    residual_month
        Array, shape (draw,): month in which the residual moves. [month]
    noi_year1_usd
        Array, shape (draw,): net operating income of the first full year, or nan where the use
        has none. [USD]
    full_cost_usd
        Array, shape (draw,): whole cost of what earns that income, money spent before the as-of
        month included, or nan. [USD]
    """

    usd: NDArray[np.float64]
    in_service_month: NDArray[np.int64]
    first_revenue_month: NDArray[np.int64]
    residual_usd: NDArray[np.float64]
    residual_month: NDArray[np.int64]
    noi_year1_usd: NDArray[np.float64]
    full_cost_usd: NDArray[np.float64]
