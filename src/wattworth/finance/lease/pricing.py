"""The risk of late delivery in money: draws of delivery months through the lease."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.errors import DataError
from wattworth.finance.lease.abstract import LeaseAbstract
from wattworth.finance.lease.delivery import lease_lines
from wattworth.finance.lease.lines import LeaseLines, LeaseWorld


@dataclass(frozen=True, slots=True)
class DelayPrice:
    """What late delivery costs on average.

    Attributes
    ----------
    n_draw
        Draws of the month of delivery.
    on_time_frac, late_frac, terminated_frac
        Chances of delivery by the target, of later delivery to a tenant that stays, and of a tenant that
        leaves at the outside date; what is left is never delivered. [1]
    delay_months
        Mean months late of those delivered. [month]
    rent_usd
        Mean rent received over the horizon: base rent and renewals, less what is free or credited. [USD]
    damages_usd, credits_usd
        Mean damages paid in cash, and mean rent credited for late delivery. [USD]
    value_usd, on_time_value_usd
        Mean present value of all lines, and that of delivery at the target. [USD]
    fallback_value_usd
        Mean present value of the fallback use in draws that end early. [USD]
    delay_cost_usd
        On-time value less the other two. [USD]
    standard_error_usd
        Of ``delay_cost_usd``. [USD]
    """

    n_draw: int
    on_time_frac: float
    late_frac: float
    terminated_frac: float
    delay_months: float
    rent_usd: float
    damages_usd: float
    credits_usd: float
    value_usd: float
    on_time_value_usd: float
    fallback_value_usd: float
    delay_cost_usd: float
    standard_error_usd: float

    def to_plain(self) -> dict[str, Any]:
        """The numbers by name."""
        return {name: getattr(self, name) for name in type(self).__slots__}


def present_value_of_lines_usd(lines: LeaseLines, rate_frac: float) -> float:
    """Present value of all lines at the as-of month. [USD]

    Parameters
    ----------
    lines
        A lease.
    rate_frac
        Nominal yearly rate. [1/year]
    """
    return float(np.sum(lines.net_usd * (1.0 + rate_frac) ** (-lines.month / 12.0)))


@dataclass(frozen=True, slots=True)
class _Outcome:
    chance_frac: float
    state: str
    delay_months: float
    rent_usd: float
    damages_usd: float
    credits_usd: float
    value_usd: float
    fallback_usd: float


def _outcome(lines: LeaseLines, target: int, chance_frac: float, rate_frac: float, fallback_usd: float) -> _Outcome:
    own = lines.lines
    late = max(0, (lines.commencement_month or target) - target)
    rent = own["base_rent_usd"] + own["free_rent_usd"] + own["late_credit_usd"] + own["renewal_rent_usd"]
    month = lines.fallback_month
    fallback = 0.0 if month is None else fallback_usd * (1.0 + rate_frac) ** (-month / 12.0)
    return _Outcome(
        chance_frac,
        lines.state,
        float(late),
        float(rent.sum()),
        -float(own["late_damages_usd"].sum()),
        -float(own["late_credit_usd"].sum()),
        present_value_of_lines_usd(lines, rate_frac),
        fallback,
    )


def _outcomes(
    lease: LeaseAbstract, month: float | None, world: LeaseWorld, rate_frac: float, fallback_usd: float
) -> list[_Outcome]:
    """One, or two where a tenant may walk away and may not."""
    right, outside = lease.right("outside_date"), lease.outside_month
    if right is None or outside is None or (month is not None and month <= outside):
        return [_outcome(lease_lines(lease, month, world), lease.target_month, 1.0, rate_frac, fallback_usd)]
    out = []
    for walks, chance_frac in ((True, right.exercise_frac), (False, 1.0 - right.exercise_frac)):
        if chance_frac > 0.0:
            lines = lease_lines(lease, month, replace(world, walks_away=walks))
            out.append(_outcome(lines, lease.target_month, chance_frac, rate_frac, fallback_usd))
    return out


def price_delay(
    lease: LeaseAbstract,
    delivery_months: ArrayLike,
    rate_frac: float,
    world: LeaseWorld | None = None,
    *,
    fallback_usd: float = 0.0,
) -> DelayPrice:
    """Mean rent, damages and value of a lease over draws of its delivery.

    Parameters
    ----------
    lease
        The abstract.
    delivery_months
        Array, shape (draw,): months as of which the premises are delivered; NaN is never. Parts of months
        are rounded up. [month]
    rate_frac
        Nominal yearly rate for present values. [1/year]
    world
        Prices and events; its horizon is one for all draws, long enough for the latest where left out.
    fallback_usd
        Value of the fallback use at the month in which it begins. [USD]

    Returns
    -------
    DelayPrice

    Raises
    ------
    DataError
        If there is no draw, or one is negative.

    Notes
    -----
    Each month that occurs is worked out once and weighted by how often it does, so the mean is exact for
    the draws given. A tenant that may leave at the outside date does so with the chance of its right;
    both branches are counted, and the standard error is that between draws.
    """
    draws = np.asarray(delivery_months, dtype=np.float64).ravel()
    if draws.size == 0:
        raise DataError("delivery_months is empty; give one month for each draw")
    if np.any(draws < 0.0):
        raise DataError(f"delivery_months holds {np.nanmin(draws):g}; need months from 0, or NaN for never")
    whole = np.where(np.isfinite(draws), np.ceil(draws - 1e-9), np.inf)
    world = world or LeaseWorld()
    if world.horizon_months is None:
        latest = max([lease.target_month, lease.outside_month or 0, *whole[np.isfinite(whole)].tolist()])
        own = lease.term_months + sum(option.term_months for option in lease.renewals)
        world = replace(world, horizon_months=int(latest) + own)
    months, index = np.unique(whole, return_inverse=True)
    results = [
        _outcomes(lease, None if np.isinf(month) else float(month), world, rate_frac, fallback_usd) for month in months
    ]
    on_time = present_value_of_lines_usd(lease_lines(lease, lease.target_month, world), rate_frac)
    weight = np.bincount(index, minlength=months.size) / draws.size

    def _mean(name: str) -> float:
        by_month = [sum(o.chance_frac * getattr(o, name) for o in outcomes) for outcomes in results]
        return float(np.sum(weight * by_month))

    def _chance(*states: str) -> NDArray[np.float64]:
        return np.array([sum(o.chance_frac for o in outcomes if o.state in states) for outcomes in results])

    worth = np.array([sum(o.chance_frac * (o.value_usd + o.fallback_usd) for o in outcomes) for outcomes in results])
    delivered = float(np.sum(weight * _chance("on_time", "late")))
    spread = float(np.sqrt(np.sum(weight * (worth - np.sum(weight * worth)) ** 2)))
    value, fallback = _mean("value_usd"), _mean("fallback_usd")
    return DelayPrice(
        n_draw=int(draws.size),
        on_time_frac=float(np.sum(weight * _chance("on_time"))),
        late_frac=float(np.sum(weight * _chance("late"))),
        terminated_frac=float(np.sum(weight * _chance("terminated"))),
        delay_months=_mean("delay_months") / delivered if delivered > 0.0 else float("nan"),
        rent_usd=_mean("rent_usd"),
        damages_usd=_mean("damages_usd"),
        credits_usd=_mean("credits_usd"),
        value_usd=value,
        on_time_value_usd=on_time,
        fallback_value_usd=fallback,
        delay_cost_usd=on_time - value - fallback,
        standard_error_usd=spread / float(np.sqrt(draws.size)),
    )
