"""A lease, delivered in a given month: rent, credits, damages, allowances, recoveries, and how it stands."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.errors import DataError
from wattworth.finance.lease.abstract import LateRemedy, LeaseAbstract, Renewal, TerminationRight
from wattworth.finance.lease.lines import CASH_LINES, Array, LeaseLines, LeaseWorld, State
from wattworth.finance.project.remarks import Remark

DAYS_PER_MONTH: Final = 365.0 / 12.0
HOURS_PER_MONTH: Final = 730.0
_BALANCES: Final = ("backstop_usd", "letter_of_credit_usd", "rent_left_usd", "straight_line_usd")


def collared_steps_frac(lease: LeaseAbstract, world: LeaseWorld, n_year: int) -> Array:
    """Growth of base rent at each anniversary, shape (n_year - 1,). [1]

    Notes
    -----
    By consumer prices: ``min(cap, max(floor, growth))``.
    """
    rule = lease.escalator
    n_step = max(0, n_year - 1)
    if rule.kind == "fixed":
        return np.full(n_step, rule.step_frac)
    given = np.asarray(world.cpi_frac_by_year, dtype=np.float64)
    steps = given[np.minimum(np.arange(n_step), given.size - 1)]
    low = -np.inf if rule.floor_frac is None else rule.floor_frac
    high = np.inf if rule.cap_frac is None else rule.cap_frac
    return np.clip(steps, low, high)


def late_days(remedy: LateRemedy, lease: LeaseAbstract, until_month: int) -> float:
    """Days for which a remedy is owed, if the premises come (or the lease ends) in a month. [day]"""
    return max(0, until_month - lease.target_month - remedy.after_months) * DAYS_PER_MONTH


def lease_lines(lease: LeaseAbstract, delivery_month: float | None, world: LeaseWorld | None = None) -> LeaseLines:
    """The lease, given when its premises are delivered.

    Parameters
    ----------
    lease
        The abstract.
    delivery_month
        Month at whose end the premises are delivered; a part of a month counts as a whole one. None: never.
    world
        Prices and events; nothing unusual where left out.

    Returns
    -------
    LeaseLines

    Raises
    ------
    DataError
        If the month or an event cannot be.

    Notes
    -----
    Money moves at month end. Delivered at the end of month `d`, the first rent is that of month `d + 1`.
    Damages in cash are paid month by month, rent credits are taken from the first rents until used up,
    and lapse if the lease ends before.
    """
    world = world or LeaseWorld()
    delivered = _whole_month(delivery_month)
    _check_events(lease, world)
    right = lease.right("outside_date")
    outside = lease.outside_month
    if right is not None and outside is not None and world.walks_away and (delivered is None or delivered > outside):
        return _terminated(lease, right, world, outside)
    return _undelivered(lease, world) if delivered is None else _delivered(lease, delivered, world)


def _whole_month(delivery_month: float | None) -> int | None:
    if delivery_month is None or np.isnan(delivery_month) or delivery_month == np.inf:
        return None
    if delivery_month < 0.0:
        raise DataError(f"delivery_month is {delivery_month:g}; need a month from 0, or None for never")
    return int(np.ceil(delivery_month - 1e-9))


def _check_events(lease: LeaseAbstract, world: LeaseWorld) -> None:
    if world.tenant_leaves_month is not None and lease.right("convenience") is None:
        raise DataError("tenant_leaves_month is given, but the lease has no termination right of kind convenience")
    if world.power_fails_month is not None and lease.right("power_failure") is None:
        raise DataError("power_fails_month is given, but the lease has no termination right of kind power_failure")
    if world.purchased and lease.purchase is None:
        raise DataError("purchased is set, but the lease has no purchase option")
    if any(option.rent == "market" for option in lease.renewals) and world.market_rent_usd_per_kw_month is None:
        raise DataError(
            "a renewal is at market rent: give market_rent_usd_per_kw_month, or set its rent to last or fixed"
        )


def _horizon(lease: LeaseAbstract, world: LeaseWorld, start: int) -> int:
    own = start + lease.term_months + sum(option.term_months for option in lease.renewals)
    return world.horizon_months or own


def _blank(n_month: int) -> dict[str, Array]:
    return {name: np.zeros(n_month) for name in CASH_LINES}


def _pay_late_damages(lease: LeaseAbstract, until_month: int, row: Array) -> None:
    """Cash damages of each month late, each remedy up to its cap."""
    for remedy in lease.late_remedies:
        if remedy.kind != "cash":
            continue
        month = np.arange(1, row.size + 1)
        upto = np.minimum(month, until_month) - lease.target_month - remedy.after_months
        owed = np.maximum(0, upto) * DAYS_PER_MONTH * remedy.usd_per_day
        owed = owed if remedy.cap_usd is None else np.minimum(owed, remedy.cap_usd)
        row -= np.diff(owed, prepend=0.0)


def _credit_usd(lease: LeaseAbstract, delivered: int) -> float:
    """Rent credits earned by the tenant up to delivery. [USD]"""
    total = 0.0
    for remedy in lease.late_remedies:
        if remedy.kind == "rent_credit":
            days = late_days(remedy, lease, delivered) * remedy.rent_days_per_day
            days = days if remedy.cap_rent_days is None else min(days, remedy.cap_rent_days)
            total += days / DAYS_PER_MONTH * lease.first_month_rent_usd
    return total


def _no_balances(n_month: int) -> dict[str, Array]:
    return {
        name: np.zeros(n_month)
        for name in ("backstop_usd", "letter_of_credit_usd", "rent_left_usd", "straight_line_usd")
    }


def _pay_allowances(lease: LeaseAbstract, delivered: int, last_month: int, row: Array) -> None:
    for item in lease.allowances:
        month = max(1, delivered + item.paid_after_months)
        if month <= min(row.size, last_month):
            row[month - 1] -= item.usd_per_kw * lease.critical_it_mw * 1000.0


def _terminated(lease: LeaseAbstract, right: TerminationRight, world: LeaseWorld, outside: int) -> LeaseLines:
    n_month = max(_horizon(lease, world, outside), outside + 1)
    lines = _blank(n_month)
    _pay_late_damages(lease, outside, lines["late_damages_usd"])
    lines["termination_usd"][outside] -= right.reimbursement_usd
    remark = Remark(
        "lease_terminated",
        "outside_month",
        f"the premises are not delivered by month {outside}, and {lease.tenant} walks away",
        "value the fallback use from that month; no allowance has been paid, and rent credits have lapsed",
    )
    month = np.arange(1, n_month + 1)
    return LeaseLines(
        lease.name, "terminated", None, None, "outside_date", outside, month, lines, _no_balances(n_month), (remark,)
    )


def _undelivered(lease: LeaseAbstract, world: LeaseWorld) -> LeaseLines:
    n_month = _horizon(lease, world, lease.target_month)
    lines = _blank(n_month)
    _pay_late_damages(lease, n_month, lines["late_damages_usd"])
    remark = Remark(
        "never_delivered",
        "delivery_month",
        "the premises are never delivered and no one may end the lease: damages run to the end of the horizon or a cap",
        "give outside_month with a right of kind outside_date, or a month of delivery",
    )
    month = np.arange(1, n_month + 1)
    where = lease.target_month
    return LeaseLines(
        lease.name, "undelivered", None, None, "undelivered", where, month, lines, _no_balances(n_month), (remark,)
    )


def _end(lease: LeaseAbstract, delivered: int, world: LeaseWorld) -> tuple[int, str]:
    """Last month of the first term that is paid for, and why it is the last."""
    from_target = lease.term_runs_from == "target"
    ends = {"term": (min(lease.target_month, delivered) if from_target else delivered) + lease.term_months}
    gone = lease.right("convenience")
    if world.tenant_leaves_month is not None and gone is not None:
        ends["convenience"] = max(world.tenant_leaves_month, delivered + gone.after_months)
    dark = lease.right("power_failure")
    if world.power_fails_month is not None and dark is not None:
        ends["power_failure"] = max(delivered, world.power_fails_month) + dark.after_months
    if world.purchased and lease.purchase is not None:
        ends["purchase"] = delivered + lease.purchase.after_months
    reason = min(ends, key=lambda name: ends[name])
    return max(delivered, ends[reason]), reason


def _rent(lease: LeaseAbstract, world: LeaseWorld, delivered: int, n_month: int) -> Array:
    """Base rent by month as if the term never ended."""
    n_year = -(-n_month // 12) + 1
    level = lease.first_month_rent_usd * np.cumprod(np.r_[1.0, 1.0 + collared_steps_frac(lease, world, n_year)])
    age = np.arange(1, n_month + 1) - delivered - 1
    return np.where(age >= 0, level[np.maximum(age, 0) // 12], 0.0)


def _delivered(lease: LeaseAbstract, delivered: int, world: LeaseWorld) -> LeaseLines:
    n_month = max(_horizon(lease, world, delivered), delivered + 1)
    month = np.arange(1, n_month + 1)
    expiry, reason = _end(lease, delivered, world)
    within = (month > delivered) & (month <= expiry)
    growing = _rent(lease, world, delivered, n_month)
    lines = _blank(n_month)
    lines["base_rent_usd"] = np.where(within, growing, 0.0)
    free = within & (month <= delivered + lease.free_months)
    lines["free_rent_usd"] = -np.where(free, growing, 0.0)
    _pay_late_damages(lease, delivered, lines["late_damages_usd"])
    due = lines["base_rent_usd"] + lines["free_rent_usd"]
    taken = np.minimum(np.cumsum(due), _credit_usd(lease, delivered))
    lines["late_credit_usd"] = -np.diff(taken, prepend=0.0)
    paid = due + lines["late_credit_usd"]
    lines["service_credit_usd"] = -paid * _service_credit_frac(lease, world.availability_frac)
    _pay_allowances(lease, delivered, expiry, lines["allowance_usd"])
    chance = np.where(within, 1.0, 0.0)
    if reason == "term":
        chance = chance + _renew(lease, world, (delivered, expiry), growing, lines["renewal_rent_usd"])
    remarks = [*_run(lease, world, delivered, chance, lines), *_state_remarks(lease, world, delivered)]
    _settle_end(lease, reason, delivered, expiry, lines)
    balances = _balances(lease, delivered, expiry, paid, within)
    state: State = "on_time" if delivered <= lease.target_month else "late"
    fallback = None if reason in ("term", "purchase") else expiry
    return LeaseLines(lease.name, state, delivered, expiry, reason, fallback, month, lines, balances, tuple(remarks))


def _state_remarks(lease: LeaseAbstract, world: LeaseWorld, delivered: int) -> list[Remark]:
    if lease.outside_month is None or delivered <= lease.outside_month:
        return []
    return [
        Remark(
            "outside_date_waived",
            "outside_month",
            f"delivery in month {delivered} is after the outside month {lease.outside_month}, and the tenant stays",
            "this holds only because walks_away is off; price both with price_delay",
        )
    ]


def _service_credit_frac(lease: LeaseAbstract, availability_frac: float) -> float:
    due = [tier.credit_frac for tier in lease.service_tiers if availability_frac < tier.below_frac]
    return min(max(due, default=0.0), lease.service_cap_frac)


def _renew(lease: LeaseAbstract, world: LeaseWorld, span: tuple[int, int], growing: Array, row: Array) -> Array:
    """Add the rent of renewals to a row, and give back the chance that one is running in each month."""
    delivered, start = span
    month = np.arange(1, row.size + 1)
    steps = collared_steps_frac(lease, world, 3 + (row.size + start) // 12)
    chance, running = 1.0, np.zeros(row.size)
    last = float(growing[min(start, row.size) - 1])
    for option in lease.renewals:
        chance *= option.chance_frac
        year = (start - delivered) // 12
        level = _renewed_rent_usd(lease, world, option, last, (start, float(steps[max(0, year - 1)])))
        age = np.maximum(month - start - 1, 0) // 12
        path = level * np.cumprod(np.r_[1.0, 1.0 + steps[year:]])[np.minimum(age, steps.size - year)]
        end = start + option.term_months
        within = (month > start) & (month <= end)
        row += np.where(within, chance * path, 0.0)
        running += np.where(within, chance, 0.0)
        last, start = float(path[min(end, row.size) - 1]), end
    return running


def _renewed_rent_usd(
    lease: LeaseAbstract, world: LeaseWorld, option: Renewal, last: float, at: tuple[int, float]
) -> float:
    start, step_frac = at
    if option.rent == "last":
        return last * (1.0 + step_frac)
    if option.rent == "fixed":
        return last * (1.0 + option.step_frac)
    assert world.market_rent_usd_per_kw_month is not None
    market = world.market_rent_usd_per_kw_month * (1.0 + world.market_growth_frac) ** (start / 12.0)
    usd = market * option.market_share_frac * lease.critical_it_mw * 1000.0
    return max(usd, last) if option.floor_at_last_rent else usd


def _run(
    lease: LeaseAbstract, world: LeaseWorld, delivered: int, chance: Array, lines: dict[str, Array]
) -> list[Remark]:
    """Running cost, power and what of both comes back."""
    remarks = []
    kilowatts = lease.critical_it_mw * 1000.0
    age_year = np.maximum(np.arange(1, chance.size + 1) - delivered - 1, 0) // 12
    own = lease.opex
    cost = own.usd_per_kw_year * (1.0 + own.growth_frac) ** age_year
    base = {"triple_net": 0.0, "gross": np.inf}.get(
        own.structure, own.usd_per_kw_year if own.base_usd_per_kw_year is None else own.base_usd_per_kw_year
    )
    lines["opex_usd"] = -cost * kilowatts / 12.0 * chance
    lines["opex_recovery_usd"] = np.maximum(0.0, cost - base) * kilowatts / 12.0 * chance
    drawn = lease.critical_it_mw * lease.power.load_factor_frac * lease.power.overhead_ratio
    if lease.power.cap_mw is not None and drawn > lease.power.cap_mw:
        remarks.append(
            Remark(
                "power_cap_binds",
                "power.cap_mw",
                f"a mean load of {drawn:,.1f} MW at the meter is above the cap of {lease.power.cap_mw:,.1f} MW",
                "raise power.cap_mw, or lower power.load_factor_frac or power.overhead_ratio",
            )
        )
        drawn = lease.power.cap_mw
    bill = drawn * HOURS_PER_MONTH * world.power_usd_per_mwh * chance
    lines["power_cost_usd"] = -bill
    lines["power_recovery_usd"] = bill * (1.0 + lease.power.margin_frac) if lease.power.passes_through else 0.0 * bill
    return remarks


def _settle_end(lease: LeaseAbstract, reason: str, delivered: int, expiry: int, lines: dict[str, Array]) -> None:
    """What is paid when the first term ends early."""
    n_month = lines["termination_usd"].size
    if reason == "term" or expiry > n_month:
        return
    place = max(expiry, 1) - 1
    if reason == "purchase":
        assert lease.purchase is not None
        lines["purchase_usd"][place] += lease.purchase.usd
        return
    right = lease.right(reason)
    assert right is not None
    left_frac = 1.0 - (expiry - delivered) / lease.term_months
    given = -float(lines["allowance_usd"].sum()) if right.unamortised_allowances else 0.0
    lines["termination_usd"][place] += right.fee_usd + given * left_frac - right.reimbursement_usd


def _balances(
    lease: LeaseAbstract, delivered: int, expiry: int, paid: Array, within: NDArray[np.bool_]
) -> dict[str, Array]:
    """Security behind the tenant, rent still to come, and straight-line rent less cash rent."""
    out = _no_balances(paid.size)
    since = np.arange(1, paid.size + 1) - delivered
    held = lease.security
    if held.backstop_years is not None:
        left = np.clip(1.0 - since / (12.0 * held.backstop_years), 0.0, 1.0)
        out["backstop_usd"] = np.where(within, held.backstop_usd * left, 0.0)
    out["letter_of_credit_usd"] = np.where(within, held.letter_of_credit_usd, 0.0)
    out["rent_left_usd"] = np.where(within, paid.sum() - np.cumsum(paid), 0.0)
    n_month = min(expiry, paid.size) - delivered
    even = paid.sum() / n_month if n_month > 0 else 0.0
    out["straight_line_usd"] = np.where(within, even - paid, 0.0)
    return out
