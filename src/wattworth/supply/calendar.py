"""Months of a model year of 8,760 hours."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.supply.system import YEAR_H

MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month of a model year."""


def month_of_hour(n_hour: int, start_h: int = 0) -> NDArray[np.int64]:
    """Month, 1 to 12, of each hour of model years laid end to end.

    Parameters
    ----------
    n_hour
        Number of hours.
    start_h
        Hour of the year of the first. [h]

    Examples
    --------
    >>> month_of_hour(8760)[[0, 743, 744, 8759]].tolist()
    [1, 1, 2, 12]
    """
    of_year = np.repeat(np.arange(1, 13), np.array(MONTH_DAYS) * 24)
    return of_year[(start_h + np.arange(n_hour)) % YEAR_H]
