"""What a load earns by being able to stop: coincident peaks avoided, and demand response.

Both are paid for being available at a few hours of the year, so a use that earns them sells none of
its hours twice. The delivery adders of ERCOT leave out most of the coincident-peak charge already;
only the share they still hold is saved here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.markets.factors import Facts
from wattworth.units import MONTHS_PER_YEAR

COINCIDENT_REGIONS: Final = ("ercot_hub", "ercot_west")
"""Regions whose transmission charge is set by a few coincident peaks."""

_COINCIDENT_KEYS: Final = ("ercot.4cp_value", "ercot.4cp_end", "ercot.4cp_successor_share", "ercot.4cp_left_in_adder")


def flexible_keys(region: str) -> tuple[str, ...]:
    """Facts of what a flexible load earns in a region."""
    return (f"power_{region}.demand_response", *(_COINCIDENT_KEYS if region in COINCIDENT_REGIONS else ()))


def peak_usd_per_kw_month(
    region: str, first_month_number: int, price_index: NDArray[np.float64], params: Facts
) -> NDArray[np.float64]:
    """What a flexible load saves or earns in a month for each kW it can drop.

    Parameters
    ----------
    region
        Power region.
    first_month_number
        Months since year 0 of month 0.
    price_index
        Array, shape (month, draw): general prices, 1 in month 0. [1]
    params
        Facts of :func:`flexible_keys`.

    Returns
    -------
    array, shape (month, draw)
        A twelfth of the year's value, in money of the month. [USD/kW-month]

    Notes
    -----
    Coincident peaks count in full up to ``ercot.4cp_end`` and by ``ercot.4cp_successor_share`` after it.
    """
    yearly = np.broadcast_to(np.maximum(params[f"power_{region}.demand_response"], 0.0), price_index.shape)
    if region in COINCIDENT_REGIONS:
        end_of_month = (first_month_number + np.arange(1.0, price_index.shape[0] + 1.0))[:, None] / MONTHS_PER_YEAR
        share = np.where(end_of_month <= params["ercot.4cp_end"] + 1e-9, 1.0, params["ercot.4cp_successor_share"])
        yearly = yearly + share * params["ercot.4cp_left_in_adder"] * params["ercot.4cp_value"]
    return yearly * price_index / MONTHS_PER_YEAR
