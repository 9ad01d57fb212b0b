"""Tax depreciation by class."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError

MACRS_HALF_YEAR_FRAC: Final[dict[int, NDArray[np.float64]]] = {
    3: np.array([33.33, 44.45, 14.81, 7.41]) / 100,
    5: np.array([20.0, 32.0, 19.2, 11.52, 11.52, 5.76]) / 100,
    7: np.array([14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46]) / 100,
    15: np.array([5.0, 9.5, 8.55, 7.7, 6.93, 6.23, 5.9, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 5.9, 5.91, 2.95]) / 100,
}
"""Shares of basis by year of service, half-year convention (IRS publication 946, table A-1)."""

BUILDING_LIFE_YEARS: Final = 39.0
"""Straight-line life of nonresidential real property (IRC 168(c))."""


def depreciation_usd(basis_usd: float, life_years: int, bonus_frac: float = 0.0) -> NDArray[np.float64]:
    """Deductions by year of service for a MACRS class with a bonus share taken in year 1.

    Parameters
    ----------
    basis_usd
        Depreciable basis. [USD]
    life_years
        Class life: 3, 5, 7 or 15. [year]
    bonus_frac
        Share expensed in the first year. [1]

    Returns
    -------
    array, shape (year,)
        Deductions; they sum to the basis. [USD]

    Raises
    ------
    DataError
        If the class has no table.

    Examples
    --------
    >>> [float(round(d, 2)) for d in depreciation_usd(100.0, 5)]
    [20.0, 32.0, 19.2, 11.52, 11.52, 5.76]
    """
    if life_years not in MACRS_HALF_YEAR_FRAC:
        raise DataError(f"no MACRS table for {life_years} years; use one of {sorted(MACRS_HALF_YEAR_FRAC)}")
    deductions_usd = basis_usd * (1.0 - bonus_frac) * MACRS_HALF_YEAR_FRAC[life_years]
    deductions_usd[0] += basis_usd * bonus_frac
    return deductions_usd
