"""Lognormal prices that drift, revert or fade, on correlated monthly shocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.errors import FactError
from wattworth.facts import Fact
from wattworth.units import MONTHS_PER_YEAR

FACTORS: Final = ("btc", "rent", "build_cost", "site_price", "power")
"""Factors with correlated shocks, in the order of the correlation facts' names."""

CORRELATION_KEYS: Final = tuple(
    f"correlation.{first}_{second}" for i, first in enumerate(FACTORS) for second in FACTORS[i + 1 :]
)


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


def correlated(shocks: Mapping[str, NDArray[np.float64]], root: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Correlate independent shocks of :data:`FACTORS`; sums run in a fixed order, without BLAS."""
    out: dict[str, NDArray[np.float64]] = {}
    for i, name in enumerate(FACTORS):
        total = root[i, i] * shocks[name]
        for j in range(i):
            if root[i, j] != 0.0:
                total += root[i, j] * shocks[FACTORS[j]]
        out[name] = total
    return out


@dataclass(frozen=True, slots=True)
class Motion:
    """How a log price moves around its expected path; arrays of shape (draw,).

    Attributes
    ----------
    volatility
        Now. [1/sqrt(year)]
    speed
        Of mean reversion; 0 for a random walk. [1/year]
    premium
        Market price of the shocks, taken from the drift; 0 in the real world. [1/year]
    volatility_long_run
        Where volatility fades to; None if it stays. [1/sqrt(year)]
    volatility_half_life
        Of that fade. [year]
    """

    volatility: NDArray[np.float64]
    speed: NDArray[np.float64]
    premium: NDArray[np.float64]
    volatility_long_run: NDArray[np.float64] | None = None
    volatility_half_life: NDArray[np.float64] | None = None


def lognormal_paths(expected: NDArray[np.float64], motion: Motion, shocks: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Paths whose real-world mean is ``expected``.

    Parameters
    ----------
    expected
        Array, shape (month, draw): mean in the real world.
    motion
        Volatility, mean reversion and premium.
    shocks
        Array, shape (month - 1, draw): standard normals.

    Returns
    -------
    array, shape (month, draw)
        Equal to ``expected`` in month 0.

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
    keep = np.exp(-motion.speed * dt)
    reverts = motion.speed > 1e-9
    speed = np.where(reverts, motion.speed, 1.0)
    spread = np.sqrt(np.where(reverts, (1.0 - keep**2) / (2.0 * speed), dt))
    drop = motion.premium * np.where(reverts, (1.0 - keep) / speed, dt)
    final, fade = motion.volatility, np.ones_like(keep)
    if motion.volatility_long_run is not None and motion.volatility_half_life is not None:
        final, fade = motion.volatility_long_run, 0.5 ** (dt / motion.volatility_half_life)
    terms = np.stack([keep, spread, drop, final, motion.volatility - final, fade])
    out = np.empty_like(expected)
    _step(expected, terms, np.ascontiguousarray(shocks), out)
    return out


@kernel
def _step(expected, terms, shocks, out):
    n_month, n_draw = expected.shape
    state = np.zeros(n_draw)
    variance = np.zeros(n_draw)
    premium = np.zeros(n_draw)
    excess = terms[4].copy()
    for d in range(n_draw):
        out[0, d] = expected[0, d]
    for m in range(1, n_month):
        for d in range(n_draw):
            keep = terms[0, d]
            step = (terms[3, d] + excess[d]) * terms[1, d]
            excess[d] *= terms[5, d]
            state[d] = keep * state[d] + step * shocks[m - 1, d]
            variance[d] = keep * keep * variance[d] + step * step
            premium[d] = keep * premium[d] + terms[2, d]
            out[m, d] = expected[m, d] * np.exp(state[d] - 0.5 * variance[d] - premium[d])
