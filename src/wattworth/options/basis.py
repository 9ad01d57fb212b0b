"""Polynomials in scaled drivers, and least squares on them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

DEGREE: Final = 3
"""Highest total degree of a term."""

PATHS_PER_TERM: Final = 10
"""Paths wanted for each term; with fewer the degree falls."""

DEPENDENT_RATIO: Final = 1e-9
"""A term of which no more than this share is left after the terms before it adds nothing but rounding."""


def exponents(n_driver: int, degree: int = DEGREE) -> tuple[tuple[int, ...], ...]:
    """Drivers multiplied in each term, lower degrees first; the constant is the empty product.

    Examples
    --------
    >>> exponents(2, 2)
    ((), (0,), (1,), (0, 0), (0, 1), (1, 1))
    """
    return tuple(term for d in range(degree + 1) for term in combinations_with_replacement(range(n_driver), d))


def n_terms(n_driver: int, n_path: int, degree: int = DEGREE) -> int:
    """Terms of the highest degree that so many paths can carry.

    Examples
    --------
    >>> n_terms(2, 4096), n_terms(2, 70), n_terms(2, 5)
    (10, 6, 1)
    """
    fits = [d for d in range(degree + 1) if n_path >= PATHS_PER_TERM * comb(n_driver + d, d)]
    return comb(n_driver + fits[-1], fits[-1]) if fits else 1


def terms(scaled_z: NDArray[np.float64], degree: int = DEGREE) -> NDArray[np.float64]:
    """Value of every term.

    Parameters
    ----------
    scaled_z
        Array, shape (driver, draw).
    degree
        Highest total degree.

    Returns
    -------
    array, shape (term, draw)
        In the order of :func:`exponents`.
    """
    places: dict[tuple[int, ...], int] = {}
    listed = exponents(len(scaled_z), degree)
    out = np.empty((len(listed), scaled_z.shape[1]))
    for place, term in enumerate(listed):
        places[term] = place
        if not term:
            out[place] = 1.0
        else:
            np.multiply(out[places[term[:-1]]], scaled_z[term[-1]], out=out[place])
    return out


def combine(coef_usd: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted sum of terms, one after the other, so a draw's bits do not hang on its neighbours. [USD]

    Parameters
    ----------
    coef_usd
        Array, shape (term,). [USD]
    values
        Array, shape (term, draw), from :func:`terms`.
    """
    out = np.full(values.shape[1], coef_usd[0])
    part = np.empty_like(out)
    for place in np.flatnonzero(coef_usd[1:]) + 1:
        np.multiply(values[place], coef_usd[place], out=part)
        out += part
    return out


def least_squares(
    values: NDArray[np.float64],
    targets_usd: NDArray[np.float64],
    news: Sequence[NDArray[np.float64]] = (),
) -> tuple[NDArray[np.float64], int]:
    """Fit each target on the terms by QR; a term that earlier ones make up is left out, not shrunk.

    Parameters
    ----------
    values
        Array, shape (term, path).
    targets_usd
        Array, shape (target, path). [USD]
    news
        For the first targets, array, shape (news, path): what has mean nought whatever the terms, and explains a
        target after the event. Fitted beside the terms, it takes its noise out of their coefficients.

    Returns
    -------
    coef_usd : array, shape (target, term)
        Nought for terms left out. [USD]
    n_left_out : int
        Terms that vary and yet were left out, because the drivers do not vary independently.

    Notes
    -----
    Gram and Schmidt, each term made orthogonal to those kept before it twice over [1]_: terms come in rising
    degree, so what goes is the higher power that says nothing new. News are a control variate, whose coefficient
    is the regression of what the terms leave of the target on what they leave of the news [2]_.

    References
    ----------
    .. [1] Giraud, Langou and Rozloznik, "The loss of orthogonality in the Gram-Schmidt orthogonalization process",
       Computers and Mathematics with Applications 50 (2005).
    .. [2] Glasserman, "Monte Carlo methods in financial engineering", Springer 2003, section 4.1.
    """
    n_term, n_path = values.shape
    ortho, upper = np.empty((n_term, n_path)), np.zeros((n_term, n_term))
    kept: list[int] = []
    n_left_out = 0
    for place, column in enumerate(values):
        size = float(np.sqrt(column @ column))
        n = len(kept)
        before, rest = ortho[:n], column
        for _ in range(2):
            part = before @ rest
            upper[:n, n] += part
            rest = rest - part @ before
        left = float(np.sqrt(rest @ rest))
        if left > DEPENDENT_RATIO * size:
            upper[n, n] = left
            np.divide(rest, left, out=ortho[n])
            kept.append(place)
        else:
            upper[:n, n] = 0.0
            n_left_out += size > 0.0
    n = len(kept)
    coef = np.zeros((len(targets_usd), n_term))
    coef[:, kept] = np.linalg.solve(upper[:n, :n], (ortho[:n] @ _less_news(ortho[:n], targets_usd, news).T)).T
    return coef, n_left_out


def _less_news(
    ortho: NDArray[np.float64], targets: NDArray[np.float64], news: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The targets less what their news explain."""
    out = targets
    for row, heard in enumerate(news):
        if not heard.any() or targets.shape[1] < PATHS_PER_TERM * (len(ortho) + len(heard)):
            continue
        left = heard - (heard @ ortho.T) @ ortho
        size = np.sqrt((left * left).sum(axis=1))
        told = size > DEPENDENT_RATIO * np.sqrt((heard * heard).sum(axis=1))
        left = left[told] / size[told, None]
        weights = np.linalg.lstsq(left @ left.T, left @ targets[row], rcond=DEPENDENT_RATIO)[0]
        out = out.copy() if out is targets else out
        out[row] -= (weights / size[told]) @ heard[told]
    return out
