"""Planned against actual: how often projects came on time and how late the others were, with what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wattworth import facts
from wattworth.compute.shares import CONFIDENCE_FRAC, share_range


@dataclass(frozen=True, slots=True)
class Slippage:
    """What a list of projects shows.

    Attributes
    ----------
    n_closed, n_open, n_on_time
        Projects whose date has come, those still late, and those of the first that were on time or early.
    on_time_frac
        Share on time of all whose outcome is known: who is late and still open is late. [1]
    on_time_low_frac, on_time_high_frac
        Shares that so few projects cannot rule out (Clopper and Pearson). [1]
    late_mean_months
        Mean delay of the late ones, open ones counted as far as they have come; None if none has come. [month]
    late_low_months, late_high_months
        Means that they cannot rule out. [month]
    """

    n_closed: int
    n_open: int
    n_on_time: int
    on_time_frac: float
    on_time_low_frac: float
    on_time_high_frac: float
    late_mean_months: float | None
    late_low_months: float | None
    late_high_months: float | None


def packaged_projects() -> list[dict[str, Any]]:
    """Rows of the packaged table: project, planned, actual, months late, whether still open, source."""
    return facts.table("slippage").to_dicts()


def observed(projects: Iterable[Mapping[str, Any]]) -> Slippage:
    r"""Fit the slippage model to projects.

    Parameters
    ----------
    projects
        Rows with ``months_late``, nought or less where on time, and ``still_open``, ``yes`` where it is a minimum.

    Raises
    ------
    ValueError
        If there is no project.

    Notes
    -----
    With *d* late projects that have come and *S* the months of all late ones, open ones included, an exponential delay
    has the maximum-likelihood mean *S / d*, and :math:`2S/\mu` follows a :math:`\chi^2` with *2d* degrees of freedom.

    Examples
    --------
    >>> rows = [{"months_late": months, "still_open": "no"} for months in (0, 0, 0, 6)]
    >>> found = observed([*rows, {"months_late": 12, "still_open": "yes"}])
    >>> found.on_time_frac, found.late_mean_months
    (0.6, 18.0)
    """
    from scipy.special import chdtri

    rows = list(projects)
    if not rows:
        raise ValueError("no project to learn from")
    is_open = [row["still_open"] == "yes" for row in rows]
    late = [float(row["months_late"]) > 0 for row in rows]
    n, n_on_time = len(rows), late.count(False)
    n_late_closed = sum(is_late and not still for is_late, still in zip(late, is_open, strict=True))
    months = sum(float(row["months_late"]) for row, is_late in zip(rows, late, strict=True) if is_late)
    tail = (1.0 - CONFIDENCE_FRAC) / 2.0
    low, high = share_range(n_on_time, n)
    ends = [2.0 * months / float(chdtri(2 * n_late_closed, p)) for p in (tail, 1.0 - tail)] if n_late_closed else None
    return Slippage(
        n_closed=is_open.count(False),
        n_open=is_open.count(True),
        n_on_time=n_on_time,
        on_time_frac=n_on_time / n,
        on_time_low_frac=low,
        on_time_high_frac=high,
        late_mean_months=months / n_late_closed if n_late_closed else None,
        late_low_months=ends[0] if ends else None,
        late_high_months=ends[1] if ends else None,
    )
