"""Lognormal prices that drift, revert or fade, on correlated monthly shocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.errors import FactError
from wattworth.facts import Fact
from wattworth.units import MONTHS_PER_YEAR

FACTORS: Final = ("btc", "rent", "build_cost", "site_price", "power", "gpu", "gas")
"""Factors with correlated shocks, in the order of the correlation facts' names; a new one goes last."""

CORRELATION_KEYS: Final = tuple(
    f"correlation.{first}_{second}" for i, first in enumerate(FACTORS) for second in FACTORS[i + 1 :]
)


class Facts(Protocol):
    """Facts by draw."""

    def __getitem__(self, key: str) -> NDArray[np.float64]: ...


def correlation_root(facts: Mapping[str, Fact]) -> NDArray[np.float64]:
    """Lower triangular root of the factors' correlation matrix.

    Raises
    ------
    FactError
        If a correlation lies outside [-1, 1] or they cannot all hold at once.
    """
    matrix = np.eye(len(FACTORS))
    for i, first in enumerate(FACTORS):
        for j in range(i + 1, len(FACTORS)):
            key = f"correlation.{first}_{FACTORS[j]}"
            value = facts[key].value
            if not -1.0 <= value <= 1.0:
                raise FactError(f"{key} is {value}; a correlation must lie between -1 and 1")
            matrix[i, j] = matrix[j, i] = value
    return _cholesky(matrix)


def _cholesky(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    # by hand: a perfect correlation is allowed, and a fault names its factor
    root = np.zeros_like(matrix)
    for j in range(len(matrix)):
        pivot = matrix[j, j] - sum(root[j, k] ** 2 for k in range(j))
        if pivot < -1e-12:
            raise _impossible(j)
        root[j, j] = np.sqrt(max(pivot, 0.0))
        for i in range(j + 1, len(matrix)):
            left = matrix[i, j] - sum(root[i, k] * root[j, k] for k in range(j))
            if root[j, j] > 1e-6:
                root[i, j] = left / root[j, j]
            elif abs(left) > 1e-6:
                raise _impossible(i)
    return root


def _impossible(row: int) -> FactError:
    others = ", ".join(key for key in CORRELATION_KEYS if FACTORS[row] in key)
    return FactError(
        f'the correlations of "{FACTORS[row]}" cannot hold together with the others (the matrix is not positive '
        f"semi-definite); bring these closer to 0: {others}"
    )


def correlated(
    shocks: Mapping[str, NDArray[np.float64]], root_ratio: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Correlate independent shocks of :data:`FACTORS`; sums run in a fixed order, without BLAS."""
    out: dict[str, NDArray[np.float64]] = {}
    for i, name in enumerate(FACTORS):
        total = root_ratio[i, i] * shocks[name]
        for j in range(i):
            if root_ratio[i, j] != 0.0:
                total += root_ratio[i, j] * shocks[FACTORS[j]]
        out[name] = total
    return out


@dataclass(frozen=True, slots=True)
class Motion:
    """How a log price moves around its expected path; arrays of shape (draw,).

    Attributes
    ----------
    volatility_frac
        Now. [1/sqrt(year)]
    reversion_frac_per_year
        Of mean reversion; 0 for a random walk. [1/year]
    premium_frac_per_year
        Market price of the shocks, taken from the drift; 0 in the real world. [1/year]
    long_run_volatility_frac
        Where volatility fades to; None if it stays. [1/sqrt(year)]
    half_life_years
        Of that fade. [year]
    """

    volatility_frac: NDArray[np.float64]
    reversion_frac_per_year: NDArray[np.float64]
    premium_frac_per_year: NDArray[np.float64]
    long_run_volatility_frac: NDArray[np.float64] | None = None
    half_life_years: NDArray[np.float64] | None = None


def lognormal_paths(
    start_index: NDArray[np.float64],
    log_growth_frac: NDArray[np.float64],
    motion: Motion,
    shocks_z: NDArray[np.float64],
) -> NDArray[np.float64]:
    r"""Paths whose real-world mean is ``start_index * exp(log_growth_frac)``.

    Parameters
    ----------
    start_index
        Array, shape (draw,): level in month 0, in any unit.
    log_growth_frac
        Array, shape (month, draw): growth of the expected path since month 0.
    motion
        Volatility, mean reversion and premium.
    shocks_z
        Array, shape (month - 1, draw): standard normals.

    Returns
    -------
    array, shape (month, draw)
        On its expected path in month 0.

    Notes
    -----
    :math:`F_t = \bar F_t \exp(X_t - V_t/2 - L_t)` with
    :math:`dX = -kX\,dt + \sigma_t\,dW`, :math:`V` its variance and
    :math:`dL = (\lambda - kL)\,dt`, each stepped exactly over a month. So the pricing mean is
    :math:`\bar F_t e^{-\lambda t}` for a random walk, and never below
    :math:`\bar F_t e^{-\lambda/k}` for a price that reverts (Schwartz 1997).

    References
    ----------
    .. [1] E. Schwartz, "The stochastic behavior of commodity prices", J. Finance 52 (1997), model 1.
    """
    dt = 1.0 / MONTHS_PER_YEAR
    keep = np.exp(-motion.reversion_frac_per_year * dt)
    reverts = motion.reversion_frac_per_year > 1e-9
    speed = np.where(reverts, motion.reversion_frac_per_year, 1.0)
    spread = np.sqrt(np.where(reverts, (1.0 - keep**2) / (2.0 * speed), dt))
    drop = motion.premium_frac_per_year * np.where(reverts, (1.0 - keep) / speed, dt)
    final, fade = motion.volatility_frac, np.ones_like(keep)
    if motion.long_run_volatility_frac is not None and motion.half_life_years is not None:
        final, fade = motion.long_run_volatility_frac, 0.5 ** (dt / motion.half_life_years)
    terms = np.stack([keep, spread, drop, final, motion.volatility_frac - final, fade])
    out = np.empty_like(log_growth_frac)
    _step(start_index, log_growth_frac, terms, shocks_z, out)
    return out


@kernel
def _step(start, log_growth, terms, shocks, out):
    n_month, n_draw = log_growth.shape
    state = np.zeros(n_draw)
    half_variance = np.zeros(n_draw)
    premium = np.zeros(n_draw)
    excess = terms[4].copy()
    for d in range(n_draw):
        out[0, d] = start[d] * np.exp(log_growth[0, d])
    for m in range(1, n_month):
        for d in range(n_draw):
            keep = terms[0, d]
            step = (terms[3, d] + excess[d]) * terms[1, d]
            excess[d] *= terms[5, d]
            state[d] = keep * state[d] + step * shocks[m - 1, d]
            half_variance[d] = keep * keep * half_variance[d] + 0.5 * step * step
            premium[d] = keep * premium[d] + terms[2, d]
            out[m, d] = start[d] * np.exp(log_growth[m, d] + state[d] - half_variance[d] - premium[d])
