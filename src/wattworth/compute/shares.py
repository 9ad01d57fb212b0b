"""What a share of few trials leaves open."""

from __future__ import annotations

from typing import Final

CONFIDENCE_FRAC: Final = 0.9
"""Share of the trials in which a range holds the truth. [1]"""


def share_range(n_yes: int, n: int, confidence_frac: float = CONFIDENCE_FRAC) -> tuple[float, float]:
    """Shares that could lie behind some yeses among trials (Clopper and Pearson). [1]

    Parameters
    ----------
    n_yes, n
        Yeses, and trials, at least one.
    confidence_frac
        Share of the trials in which the range holds the truth. [1]

    References
    ----------
    .. [1] Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
       Biometrika 26 (1934).

    Examples
    --------
    >>> tuple(round(end, 3) for end in share_range(4, 5))
    (0.343, 0.99)
    """
    from scipy.special import betaincinv

    tail = (1.0 - confidence_frac) / 2.0
    low = 0.0 if n_yes == 0 else float(betaincinv(n_yes, n - n_yes + 1, tail))
    high = 1.0 if n_yes == n else float(betaincinv(n_yes + 1, n - n_yes, 1.0 - tail))
    return low, high
