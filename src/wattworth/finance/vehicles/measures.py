"""What analysts measure a property company by: FFO, AFFO and net asset value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def funds_from_operations_usd(
    net_income_usd: ArrayLike, property_depreciation_usd: ArrayLike, gains_usd: ArrayLike = 0.0
) -> Array:
    """FFO: net income with depreciation of real estate added back and gains on its sale taken out. [USD]

    Parameters
    ----------
    net_income_usd
        Net income, rent on a straight line. [USD]
    property_depreciation_usd
        Depreciation of real estate; that of servers stays in. [USD]
    gains_usd
        Gains on sales of property. [USD]

    References
    ----------
    .. [1] Nareit, "Funds from operations white paper", 2018 restatement.

    Examples
    --------
    >>> float(funds_from_operations_usd(100.0, 60.0, 10.0))
    150.0
    """
    return np.asarray(net_income_usd) + np.asarray(property_depreciation_usd) - np.asarray(gains_usd)


def adjusted_funds_usd(
    funds_usd: ArrayLike, maintenance_usd: ArrayLike, straight_line_usd: ArrayLike = 0.0, other_usd: ArrayLike = 0.0
) -> Array:
    """AFFO: FFO less maintenance capital, straight-line rent and other income that is not cash. [USD]

    Parameters
    ----------
    funds_usd
        FFO. [USD]
    maintenance_usd
        Capital that keeps the property up. [USD]
    straight_line_usd
        Rent booked above rent received. [USD]
    other_usd
        Any other income that is not cash. [USD]

    Examples
    --------
    >>> float(adjusted_funds_usd(150.0, 8.0, 5.0))
    137.0
    """
    taken = np.asarray(maintenance_usd) + np.asarray(straight_line_usd) + np.asarray(other_usd)
    return np.asarray(funds_usd) - taken


def net_asset_value_usd(
    forward_noi_usd: ArrayLike, cap_rate_frac: ArrayLike, net_debt_usd: ArrayLike = 0.0, other_usd: ArrayLike = 0.0
) -> Array:
    r"""NAV: the coming year's property income at a cap rate, less net debt, plus other assets. [USD]

    Parameters
    ----------
    forward_noi_usd
        Net operating income of the coming year. [USD]
    cap_rate_frac
        Yield asked by buyers. [1/year]
    net_debt_usd
        Debt less cash. [USD]
    other_usd
        Land, subsidiaries and other assets. [USD]

    Notes
    -----
    .. math:: NAV_t = \frac{NOI_{t+1}}{c} - (D_t - C_t) + O_t

    Examples
    --------
    >>> float(net_asset_value_usd(65.0, 0.065, 400.0, 30.0))
    630.0
    """
    return np.asarray(forward_noi_usd) / np.asarray(cap_rate_frac) - np.asarray(net_debt_usd) + np.asarray(other_usd)


@dataclass(frozen=True, slots=True)
class PropertyMeasures:
    """Measures by year, and what the market would pay for them.

    Attributes
    ----------
    year
        Array, shape (year,).
    net_income_usd, ffo_usd, affo_usd, nav_usd
        By year; NAV is NaN where a cap rate has nothing firm to stand on. [USD]
    first_affo_usd, first_nav_usd
        AFFO of operating year 1, and NAV at its start; None where there is none. [USD]
    affo_multiple, price_to_nav_ratio
        Prices over them. [1]
    value_by_affo_usd, value_by_nav_usd
        Equity at those prices, before tax of the holders. [USD]
    dividend_yield_frac
        First year's distribution over the value by NAV. [1]
    """

    year: NDArray[np.int64]
    net_income_usd: Array
    ffo_usd: Array
    affo_usd: Array
    nav_usd: Array
    first_affo_usd: float
    first_nav_usd: float | None
    affo_multiple: float
    price_to_nav_ratio: float
    value_by_affo_usd: float
    value_by_nav_usd: float | None
    dividend_yield_frac: float | None

    def per_share(self, share_count: int) -> dict[str, float | None]:
        """First-year measures and values for each share. [USD/share]"""
        numbers = {
            "affo_usd": self.first_affo_usd,
            "nav_usd": self.first_nav_usd,
            "value_by_affo_usd": self.value_by_affo_usd,
            "value_by_nav_usd": self.value_by_nav_usd,
            "ffo_usd": float(self.ffo_usd[self.year == 1][0]),
        }
        return {name: None if usd is None else usd / share_count for name, usd in numbers.items()}

    def to_plain(self) -> dict[str, Any]:
        """The measures as plain numbers and lists."""
        rows = {name: getattr(self, name) for name in ("net_income_usd", "ffo_usd", "affo_usd", "nav_usd")}
        one = (
            "first_affo_usd",
            "first_nav_usd",
            "affo_multiple",
            "price_to_nav_ratio",
            "value_by_affo_usd",
            "value_by_nav_usd",
            "dividend_yield_frac",
        )
        return {
            **{name: getattr(self, name) for name in one},
            **{name: [float(x) if np.isfinite(x) else None for x in row] for name, row in rows.items()},
        }
