"""Lost exports against what the allocation earns: how much comes back, by use and year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wattworth.gas.allocation import Allocation
from wattworth.gas.outlets import AI_USES
from wattworth.gas.quantities import bcm_at_20c
from wattworth.gas.reading import GasStudy
from wattworth.solve.matrix import Array
from wattworth.units import USD_PER_MUSD


@dataclass(frozen=True, slots=True, eq=False)
class Offset:
    """Income of the plan beside income that is gone; money is in millions of real dollars, means over price cases.

    Attributes
    ----------
    uses
        Names of uses that take gas.
    revenue, gas
        Arrays, shape (use, year): sales [M$/year] and gas [bcm/year].
    worth
        Array, shape (use,): present value before the costs of fields and ways. [M$]
    state
        Array, shape (year,): duty and extraction tax. [M$/year]
    ai_gw, mining_gw
        Arrays, shape (year,): computers fed. [GW_IT]
    jobs
        Array, shape (year,), or None where the study gives no figure.
    concentration
        Array, shape (year,): sum of squared shares of uses in revenue; one where a single use earns all, NaN where
        nothing is earned.
    lost_bcm, lost_musd_per_year
        Volume no longer sold, and its income at the price then; None where the study names none.
    """

    uses: tuple[str, ...]
    revenue: Array
    gas: Array
    worth: Array
    state: Array
    ai_gw: Array
    mining_gw: Array
    jobs: Array | None
    concentration: Array
    lost_bcm: float | None
    lost_musd_per_year: float | None


def offset_of(study: GasStudy, found: Allocation, mmbtu_per_bcm: float) -> Offset:
    """Set the plan beside what is gone.

    Parameters
    ----------
    study
        Says what is lost.
    found
        The plan.
    mmbtu_per_bcm
        Heating value.
    """
    problem, outlets = found.problem, found.problem.outlets
    intake = found.mean(found.intake)
    earned = found.mean(outlets.revenue * found.intake - found.fall)
    margin = found.mean(outlets.margin * found.intake - found.fall)
    built = outlets.builds.charge * found.plants
    names = tuple(dict.fromkeys(outlets.uses))
    member = np.array([[use == name for use in outlets.uses] for name in names], dtype=np.float64)
    revenue = member @ earned
    total = revenue.sum(axis=0)
    share = np.divide(revenue, total, out=np.zeros_like(revenue), where=total > 0.0)
    concentration = np.where(total > 0.0, (share**2).sum(axis=0), np.nan)
    duty = found.mean(outlets.revenue * found.intake) * outlets.duty[:, None]
    state = duty.sum(axis=0) + found.mean(found.supply).sum(axis=0) * problem.extraction[0]
    is_ai = np.array([use in AI_USES for use in outlets.uses])
    load = outlets.it_gw[:, None] * intake
    lost_bcm = lost_musd = None
    if study.lost is not None:
        lost_bcm = bcm_at_20c(study.lost.peak - study.lost.now, study.settings.volume_unit)
        lost_musd = lost_bcm * mmbtu_per_bcm * study.lost.price_usd_per_mmbtu / USD_PER_MUSD
    return Offset(
        names,
        revenue,
        member @ intake,
        member @ ((problem.discount * margin).sum(axis=1) - built.sum(axis=1)),
        state,
        load[is_ai].sum(axis=0),
        load[~is_ai].sum(axis=0),
        (outlets.jobs[:, None] * intake).sum(axis=0) if outlets.jobs.any() else None,
        concentration,
        lost_bcm,
        lost_musd,
    )
