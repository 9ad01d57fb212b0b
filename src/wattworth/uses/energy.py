"""Where every megawatt-hour of a connection goes: the ledger that shows no hour is paid twice."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.units import HOURS_PER_MONTH

HALL_LOAD_KEY: Final = "ai_hall.load"
"""Mean power of the servers over critical IT."""

HALL_PUE_KEY: Final = "ai_hall.pue"
"""Mean energy of the hall over that of its servers."""

FACT_KEYS: Final = (HALL_LOAD_KEY, HALL_PUE_KEY)


class Channel(IntEnum):
    """What an hour of the connection is used for; its value is its place on the first axis of a ledger."""

    HALL = 0
    MINED = 1
    SOLD = 2
    IDLE = 3


def ledger_mwh(gross_mw: float, n_month: int, n_draw: int) -> NDArray[np.float64]:
    """A ledger of a connection that stands idle, shape (channel, month, draw), nothing in the as-of month. [MWh]"""
    mwh = np.zeros((len(Channel), n_month, n_draw))
    mwh[Channel.IDLE, 1:] = gross_mw * HOURS_PER_MONTH
    return mwh


def use_mwh(mwh: NDArray[np.float64], channel: Channel, energy_mwh: NDArray[np.float64]) -> None:
    """Move energy from idle to a channel.

    Parameters
    ----------
    mwh
        A ledger, changed in place.
    channel
        Where the energy goes.
    energy_mwh
        Array, shape (month, draw), no longer than the ledger. [MWh]
    """
    n = min(energy_mwh.shape[0], mwh.shape[1])
    mwh[channel, 1:n] += energy_mwh[1:n]
    mwh[Channel.IDLE, 1:n] -= energy_mwh[1:n]


def hall_mwh_per_month(
    critical_it_mw: NDArray[np.float64], load_frac: NDArray[np.float64], pue_ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Energy a hall draws in a month: critical IT x load x PUE x 730 h. [MWh]

    Examples
    --------
    >>> round(float(12 * hall_mwh_per_month(np.array(100.0), np.array(0.8), np.array(1.15))))
    805920
    """
    return critical_it_mw * load_frac * pue_ratio * HOURS_PER_MONTH


def headroom_frac(
    load_frac: NDArray[np.float64], pue_ratio: NDArray[np.float64], gross_per_it_ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of a hall's connection that it leaves unused most hours: 1 - load x PUE / ratio, never below nil. [1]

    Examples
    --------
    >>> round(float(headroom_frac(np.array(0.8), np.array(1.2), np.array(1.4))), 6)
    0.314286
    """
    return np.maximum(0.0, 1.0 - load_frac * pue_ratio / gross_per_it_ratio)
