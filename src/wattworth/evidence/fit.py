r"""A small regression that says how little it knows: conjugate, exact, and shrunk towards its prior.

Observations :math:`y_i` stand on a scale on which they can be added (a logarithm, a logit), less the prior's centre.
With :math:`x_i` the intercept and the groups of observation *i*,

.. math::

    y_i = x_i^\top \beta + \varepsilon_i,\quad \varepsilon_i \sim N(0, \sigma^2),\quad
    \beta \mid \sigma^2 \sim N(0, \sigma^2 \kappa I),\quad \nu_0 \sigma_0^2 / \sigma^2 \sim \chi^2_{\nu_0}.

A new observation is Student's t, at any number of observations, none included. The effect of a thin group is shrunk to
nought, and what is not known of it widens the range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before any observation.

    Attributes
    ----------
    scale
        Scale of the t distribution of one new observation without groups.
    level_frac
        Share of its variance that is doubt about the common level; the rest is scatter between observations. [1]
    dof
        Degrees of freedom: how many observations the belief in the scatter is worth.
    """

    scale: float
    level_frac: float
    dof: float


@dataclass(frozen=True, slots=True)
class StudentT:
    """A t distribution on the scale of the observations."""

    centre: float
    scale: float
    dof: float

    def quantile(self, probability_frac: ArrayLike) -> NDArray[np.float64]:
        """Value below which it falls with a probability in (0, 1)."""
        from scipy.special import stdtrit

        return self.centre + self.scale * np.asarray(stdtrit(self.dof, probability_frac), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Fit:
    """The belief after some observations.

    Attributes
    ----------
    effect
        Array, shape (1 + group,): posterior mean of the level and of each group.
    covariance
        Array, shape (1 + group, 1 + group): posterior covariance in units of the scatter's variance.
    scatter
        Posterior scale of the scatter between observations.
    dof
        Degrees of freedom.
    """

    effect: NDArray[np.float64]
    covariance: NDArray[np.float64]
    scatter: float
    dof: float

    def predict(self, groups: Sequence[float]) -> StudentT:
        """A new observation in some groups, each 0 or 1."""
        x = np.array([1.0, *groups])
        return StudentT(
            float((x * self.effect).sum()),
            self.scatter * float(np.sqrt(1.0 + (x[:, None] * self.covariance * x).sum())),
            self.dof,
        )

    def of(self, place: int) -> StudentT:
        """The level, at place 0, or the effect of a group."""
        scale = self.scatter * float(np.sqrt(self.covariance[place, place]))
        return StudentT(float(self.effect[place]), scale, self.dof)


def fit(values: Sequence[float], groups: Sequence[Sequence[float]], prior: Prior, n_group: int) -> Fit:
    r"""Learn from observations.

    Parameters
    ----------
    values
        Observations less the prior's centre, on an additive scale; there may be none.
    groups
        Membership of each in each of ``n_group`` groups, 0 or 1.
    prior
        The belief before.
    n_group
        Number of groups.

    Notes
    -----
    .. math::

        \Sigma = (I / \kappa + X^\top X)^{-1},\quad \hat\beta = \Sigma X^\top y,\quad
        \hat\sigma^2 = \frac{\nu_0 \sigma_0^2 + y^\top y - \hat\beta^\top \Sigma^{-1} \hat\beta}{\nu_0 + n}

    References
    ----------
    .. [1] Gelman et al., Bayesian Data Analysis, 3rd ed., section 14.2 (conjugate normal regression).
    """
    y = np.array(values, dtype=np.float64)
    x = np.array([[1.0, *row] for row in groups], dtype=np.float64).reshape(y.size, 1 + n_group)
    kappa = prior.level_frac / (1.0 - prior.level_frac)
    precision = np.eye(1 + n_group) / kappa + x.T @ x
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    effect = covariance @ (x.T @ y)
    scatter0 = prior.scale * np.sqrt(1.0 - prior.level_frac)
    dof = prior.dof + y.size
    squares = prior.dof * scatter0**2 + y @ y - effect @ precision @ effect
    return Fit(effect, covariance, float(np.sqrt(max(squares, 0.0) / dof)), dof)
