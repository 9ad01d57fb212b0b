"""Tax depreciation by class, and the investment credits that lower its basis."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.finance.depreciation import BUILDING_LIFE_YEARS, MACRS_HALF_YEAR_FRAC
from wattworth.finance.project.case import ProjectCase
from wattworth.finance.project.conventions import Grid
from wattworth.finance.project.fiscal import Payer
from wattworth.finance.project.operations import Array, Rows, at_operation
from wattworth.finance.project.parts import Schedule

_MACRS_20: Final = (3.75, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, *((4.462, 4.461) * 6), 2.231)
_SL_15: Final = (3.33, *((6.67,) * 6), *((6.66, 6.67) * 4), 3.33)
_DISALLOWED: Final = 0.5
"""Share of an investment credit that leaves the basis (IRC 50(c)(3))."""


def _half_year(life_years: int) -> tuple[float, ...]:
    return (50.0 / life_years, *((100.0 / life_years,) * (life_years - 1)), 50.0 / life_years)


SCHEDULE_FRAC: Final[dict[Schedule, NDArray[np.float64]]] = {
    **{f"macrs_{life}": shares for life, shares in MACRS_HALF_YEAR_FRAC.items()},  # pyright: ignore[reportAssignmentType]
    "macrs_20": np.array(_MACRS_20) / 100.0,
    "sl_5": np.array(_half_year(5)) / 100.0,
    "sl_15": np.array(_SL_15) / 100.0,
    "sl_20": np.array(_half_year(20)) / 100.0,
    "sl_39": np.array(_half_year(int(BUILDING_LIFE_YEARS))) / 100.0,
    "none": np.zeros(1),
}
"""Shares of basis by year of service, half-year convention (IRS publication 946, tables A-1 and A-8).

Fifteen-year straight line is rounded as table A-8 prints it, the others are exact. Buildings take half
a year at each end, as SAM does; the law's mid-month convention needs the month of service.
"""


def schedule_frac(schedule: Schedule, custom: tuple[float, ...] | None, n_year: int) -> Array:
    """Shares of basis in each of ``n_year`` years, shape (year, 1). [1]"""
    shares = np.asarray(custom) if schedule == "custom" else SCHEDULE_FRAC[schedule]
    out = np.zeros((n_year, 1))
    used = min(n_year, shares.size)
    out[:used, 0] = shares[:used]
    return out


def grant_usd(case: ProjectCase, index: int) -> Array:
    """What a grant pays. [USD]"""
    grant = case.incentives.grants[index]
    by_size = grant.cost_share_frac * case.capital.installed_usd + grant.usd_per_w * case.nameplate_mw * 1e6
    capped = by_size if grant.max_usd is None else np.minimum(grant.max_usd, by_size)
    return np.asarray(capped + grant.fixed_usd, dtype=np.float64)


def grants_usd(case: ProjectCase, which: str | None = None) -> Array:
    """Sum of the grants, or of those with a flag set. [USD]"""
    grants = enumerate(case.incentives.grants)
    chosen = [grant_usd(case, n) for n, grant in grants if which is None or getattr(grant, which)]
    return sum(chosen, start=np.zeros(1))


def depreciable_usd(case: ProjectCase) -> Array:
    """Cost that is written off: what is built, interest while building, and soft cost. [USD]

    Notes
    -----
    Fees and reserves of the term debt are not part of it, so it does not depend on the debt.
    """
    capital = case.capital
    return np.asarray(capital.installed_usd + capital.construction_usd + capital.other_financing_usd, dtype=np.float64)


def _class_basis(case: ProjectCase, payer: Payer) -> list[Array]:
    """Basis of each class before credits; grants that lower the basis come off the classes by their shares."""
    cost_usd, off_usd = depreciable_usd(case), grants_usd(case, f"reduces_{payer}_basis")
    shares = [np.asarray(part.share_frac, dtype=np.float64) for part in case.depreciation.classes]
    all_shares = sum(shares, start=np.zeros(1))
    per_share = np.divide(off_usd, all_shares, out=np.zeros(np.shape(off_usd + all_shares)), where=all_shares > 0.0)
    return [share * (cost_usd - per_share) for share in shares]


def _credits(case: ProjectCase) -> tuple[dict[Payer, Array], dict[Payer, list[Array]]]:
    """Credits by payer, and what they take off each class's basis under each tax."""
    paid: dict[Payer, Array] = {"federal": np.zeros(1), "state": np.zeros(1)}
    classes = case.depreciation.classes
    off: dict[Payer, list[Array]] = {payer: [np.zeros(1) for _ in classes] for payer in paid}
    for credit in case.incentives.investment_credits:
        eligible = [
            basis * float(getattr(part, f"{credit.payer}_credit"))
            for basis, part in zip(_class_basis(case, credit.payer), classes, strict=True)
        ]
        total = sum(eligible, start=np.zeros(1))
        by_share = credit.rate_frac * total
        capped = by_share if credit.max_usd is None else np.minimum(credit.max_usd, by_share)
        usd = capped + credit.fixed_usd
        paid[credit.payer] = paid[credit.payer] + usd
        per_usd = np.divide(_DISALLOWED * usd, total, out=np.zeros(np.shape(usd + total)), where=total > 0.0)
        for payer, before in off.items():
            if getattr(credit, f"reduces_{payer}_basis"):
                off[payer] = [taken + per_usd * part for taken, part in zip(before, eligible, strict=True)]
    return paid, off


def write_off_rows(case: ProjectCase, grid: Grid) -> Rows:
    """Deductions and credits of each year.

    Returns
    -------
    dict of arrays, shape (year, case)
        ``federal_depreciation_usd``, ``state_depreciation_usd``, ``federal_itc_usd``, ``state_itc_usd``. [USD]
    """
    paid, off = _credits(case)
    rows: Rows = {}
    for payer in paid:
        bonus_frac = getattr(case.depreciation, f"{payer}_bonus_frac")
        total = np.zeros((grid.n_operating, 1))
        bases = _class_basis(case, payer)
        for part, basis, taken in zip(case.depreciation.classes, bases, off[payer], strict=True):
            left = basis - taken
            at_once = left * bonus_frac * float(getattr(part, f"{payer}_bonus"))
            spread = schedule_frac(part.schedule, part.custom_frac_by_year, grid.n_operating)
            deduction = (left - at_once) * spread
            deduction[0] += at_once
            total = total + deduction
        rows[f"{payer}_depreciation_usd"] = at_operation(grid, total)
        credit = np.zeros((grid.n_operating, paid[payer].size))
        credit[0] = paid[payer]
        rows[f"{payer}_itc_usd"] = at_operation(grid, credit)
    return rows
