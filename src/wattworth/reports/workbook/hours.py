"""Hours that machines run and what their power costs, by the rule of the engine: what enters a workbook as values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wattworth import uses
from wattworth.markets import market_region
from wattworth.uses.mining import curve_terms, hour_value, power_terms

Months = NDArray[np.float64]


def hours_run(case: uses.Case, world: uses.World, j_per_th: Months, last_month: Months) -> tuple[Months, Months]:
    """Share of hours run and power paid by machines on the central path.

    Parameters
    ----------
    case, world
        The part they stand on, and its markets.
    j_per_th, last_month
        Arrays, shape (month,): their efficiency, and the last month of those in place in each month.

    Returns
    -------
    runs_frac, paid_usd_per_mwh : arrays, shape (month,)
        Share of hours that run [1], and power paid, less what is sold back, over the energy of all hours. [USD/MWh]
    """
    n_month, params, paths = j_per_th.size, world.params, world.paths
    terms = power_terms(case.site, world, n_month)
    table, guide = curve_terms(paths.curves[market_region(case.site)])
    pue, capture = params["mine.pue"][0], params["mine.curtailment_capture"][0]
    runs, paid = np.zeros(n_month), np.zeros(n_month)
    for m in range(1, n_month):
        if m > last_month[m]:
            continue
        earned = paths.hashprice_usd_per_ph_day[m, 0] * 1e3 / (24.0 * j_per_th[m]) / pue
        strike = earned - params["mine.avoidable_opex"][0] * paths.price_index[m, 0] / pue
        price, adder = terms.price_usd_per_mwh[m, 0], terms.adder_usd_per_mwh[0]
        hour = (terms.modes[m], strike, price, adder, terms.fixed_usd_per_mwh[m], terms.block_frac, capture)
        worth, run, _ = hour_value(*hour, table, guide)
        runs[m], paid[m] = run, run * strike - worth
    return runs, paid
