"""The rent of a GPU-hour, and how much of it a kilowatt holds as new generations are launched.

One H100-equivalent hour is one good whatever machine serves it, so one price serves every
generation through facts that say how many H100s a machine stands for. A launch raises what a new
kilowatt holds and lowers the price of the hour: revenue per kilowatt of the newest machines about
holds, that of an old fleet falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.compute.kernels import kernel
from wattworth.errors import StudyError
from wattworth.markets.factors import Facts
from wattworth.units import MONTHS_PER_YEAR

START_KEY: Final = "H100.rental_2026-05"
"""Fact with the rent of an H100-hour at the as-of month; a spot price, the study's own takes its place."""

NEWEST: Final = "GB200"
"""Generation that a buyer of the as-of month gets."""

GENERATIONS: Final[Mapping[str, str]] = {
    "H100": "H100",
    "H200": "H200",
    "B200": "B200",
    "GB200": "GB200_NVL72",
    "GB300": "GB300_NVL72",
    "Rubin": "VR200_NVL72_Rubin",
}
"""Name of a generation to the first part of its facts' keys."""

NOISE: Final = ("gpu.volatility", "gpu.launch_spread", "gpu.launch_step_spread")
"""Facts that are nought on the central path."""

_LEAST_MONTHS: Final = 2.0  # a launch takes two numbers of a stream with one a month


def generation_keys(generation: str) -> tuple[str, str]:
    """Facts of a generation: H100 equivalents of one GPU, and its kW of critical IT, network included.

    Raises
    ------
    StudyError
        If the generation is not known, naming the nearest.
    """
    if generation not in GENERATIONS:
        near = get_close_matches(generation, GENERATIONS, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(GENERATIONS)}"
        raise StudyError(f'unknown GPU generation "{generation}"; {hint}')
    prefix = GENERATIONS[generation]
    return f"{prefix}.h100_equivalents", f"{prefix}.all_in_kw_critical_it"


FACT_KEYS: Final = (
    START_KEY,
    *generation_keys(NEWEST),
    *NOISE,
    *(f"gpu.{name}" for name in ("decay", "mean_reversion", "beta")),
    *(f"gpu.{name}" for name in ("launch_interval", "next_launch", "launch_step")),
)
"""Facts a path of GPU rents reads."""


def generation_usd_per_gpu_hour(
    gpu_usd_per_hour: NDArray[np.float64], generation: str, params: Facts
) -> NDArray[np.float64]:
    """Rent of one GPU of a named generation for an hour.

    Parameters
    ----------
    gpu_usd_per_hour
        Array, shape (month, draw): rent of an H100-equivalent hour. [USD/GPU-h]
    generation
        One of :data:`GENERATIONS`.
    params
        Facts by draw, those of :func:`generation_keys` with them.

    Returns
    -------
    array, shape (month, draw)
        What the market pays for the machine as it stands, launched or not. [USD/GPU-h]
    """
    return gpu_usd_per_hour * params[generation_keys(generation)[0]]


def generation_per_kw(generation: str, params: Facts) -> NDArray[np.float64]:
    """H100 equivalents that a kW of critical IT holds in a named generation [1/kW].

    Returns
    -------
    array, shape (draw,)
        Overheads of network and storage are in the kilowatt.
    """
    equivalents, kilowatts = generation_keys(generation)
    return params[equivalents] / params[kilowatts]


def year_average_usd_per_hour(start_usd_per_hour: ArrayLike, decay_frac_per_year: ArrayLike) -> NDArray[np.float64]:
    r"""Mean over a year of a rent that falls continuously.

    Parameters
    ----------
    start_usd_per_hour
        Rent at the start of the year. [USD/GPU-h]
    decay_frac_per_year
        Continuous rate :math:`\delta`; 0 keeps it flat. [1/year]

    Notes
    -----
    .. math:: p_0 (1 - e^{-\delta}) / \delta

    Examples
    --------
    >>> round(float(year_average_usd_per_hour(2.50, 0.25)), 5)
    2.21199
    """
    decay = np.asarray(decay_frac_per_year, dtype=float)
    flat = np.abs(decay) < 1e-12
    safe = np.where(flat, 1.0, decay)
    return np.asarray(start_usd_per_hour) * np.where(flat, 1.0, -np.expm1(-safe) / safe)


def launch_log_steps(
    params: Facts, shocks_z: NDArray[np.float64], n_month: int, months_since: int = 0
) -> NDArray[np.float64]:
    r"""Log of the compute per kW on sale over that of month 0.

    Parameters
    ----------
    params
        Facts of :data:`FACT_KEYS`.
    shocks_z
        Array, shape (n_month - 1, draw): rows 2k and 2k + 1 are the wait and the step of launch k.
    n_month
        Months, the as-of month included.
    months_since
        Months from the date of ``gpu.next_launch`` to month 0.

    Returns
    -------
    array, shape (month, draw)
        0 in month 0, and a step up from the month of each launch on. [1]

    Notes
    -----
    Waits are lognormal about ``gpu.launch_interval``, the first about ``gpu.next_launch``; steps are
    :math:`g \, e^{s z - s^2/2}` with :math:`g` the log of ``gpu.launch_step``. Launches before month 0
    are passed over: what is on sale then is a fact.
    """
    terms = np.stack(
        [
            params["gpu.next_launch"],
            np.maximum(params["gpu.launch_interval"], _LEAST_MONTHS),
            params["gpu.launch_spread"],
            np.log(np.maximum(params["gpu.launch_step"], 1.0)),
            params["gpu.launch_step_spread"],
        ]
    )
    out = np.zeros((n_month, terms.shape[1]))
    _launch(terms, shocks_z, float(months_since), out)
    return out


@kernel
def _launch(terms, shocks, months_since, out):
    """Add each launch in its month, then sum over the months; rows as stacked by the caller."""
    n_month, n_draw = out.shape
    for d in range(n_draw):
        spread, step_spread = terms[2, d], terms[4, d]
        month, mean, row = -months_since, terms[0, d], 0
        while row + 1 < shocks.shape[0]:
            wait = mean * np.exp(spread * shocks[row, d] - 0.5 * spread * spread)
            month, mean = month + max(wait, _LEAST_MONTHS), terms[1, d]
            place = int(np.ceil(month))
            if place >= n_month:
                break
            if place > 0:
                z = shocks[row + 1, d]
                out[place, d] += terms[3, d] * np.exp(step_spread * z - 0.5 * step_spread * step_spread)
            row += 2
    for m in range(1, n_month):
        for d in range(n_draw):
            out[m, d] += out[m - 1, d]


def pass_through_frac(params: Facts) -> NDArray[np.float64]:
    r"""Share of a launch's log step by which the rent of an H100-equivalent hour falls at once.

    Returns
    -------
    array, shape (draw,)
        What the decay until the next launch leaves of the step. [1]

    Notes
    -----
    .. math:: \psi = 1 + \ln(1 - \delta) \, T / (12 \, g)

    with *T* the months between launches and *g* the log step: rent loses between one launch and the next exactly
    what a launch adds to a kilowatt, so that in every draw of the facts the revenue of the newest kilowatt has no
    trend. A trend of either sign, kept up for thirty years, is one that makers, entrants or leavers would end.
    """
    step = np.log(np.maximum(params["gpu.launch_step"], 1.0))
    lost = np.log1p(-params["gpu.decay"]) * params["gpu.launch_interval"] / MONTHS_PER_YEAR
    return 1.0 + np.divide(lost, step, out=np.zeros_like(step), where=step > 0.0)


def log_growth(params: Facts, log_step_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected log growth of the rent of an H100-equivalent hour, given the launches.

    Parameters
    ----------
    params
        Facts of :data:`FACT_KEYS`.
    log_step_ratio
        Array, shape (month, draw), from :func:`launch_log_steps`.

    Returns
    -------
    array, shape (month, draw)
        Since month 0: the decay between launches, and the share of each step that is passed on. [1]
    """
    years = np.arange(log_step_ratio.shape[0])[:, None] / MONTHS_PER_YEAR
    return np.log1p(-params["gpu.decay"]) * years - pass_through_frac(params) * log_step_ratio
