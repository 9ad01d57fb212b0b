"""The limits of a plan: from the block of a study, and what each choice takes, to rows of the problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.portfolio.option_needs import Need, PartNeed
from wattworth.portfolio.policies import exclusion, in_total, join, precedence, shared_connection
from wattworth.portfolio.records import KEEP, Array, Choices, Limit, Limits
from wattworth.portfolio.site_options import Offer, Timing
from wattworth.study.plan_block import UNITS, LimitKeys, PlanBlock, limited
from wattworth.valuation.plan import Plan
from wattworth.valuation.totals import counted_frac

_NEW: Final = frozenset({"construction", "undeveloped"})
_SCALE: Final = {"capital": 1e-6, "cash_flow": 1e-6}
CLASSES: Final = {
    "turnkey": "backed_neocloud",
    "powered_shell": "hyperscaler",
    "gpu_cloud": "backed_neocloud",
    "hybrid": "backed_neocloud",
}
"""Use to the credit that it reckons with where the study states none."""

_WHOLE: Final = frozenset({"transformers", "sites"})


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Every choice of every site, and what it takes.

    Attributes
    ----------
    plan
        The valuation, laid out.
    offers, needs
        In the order of the choices.
    timing
        Months of each period.
    gpus_per_mw
        GPUs for each megawatt of critical IT; nought where no limit asks.
    """

    plan: Plan
    offers: Sequence[Offer]
    needs: Sequence[Need]
    timing: Timing
    gpus_per_mw: float = 0.0

    def place_of(self, month: int) -> int:
        """Period of a month."""
        return month // self.timing.period_months


def limits_of(
    block: PlanBlock, asked: Asked, choices: Choices, *, narrowed: bool = False
) -> tuple[Limits, tuple[str, ...]]:
    """Rows of the problem, and for each the name of the limit that it belongs to.

    Parameters
    ----------
    block
        As declared.
    asked
        Choices and what they take.
    choices
        The same as they are planned.
    narrowed
        Whether some sites of the study are left out: a limit that is on others only is then left out too.
    """
    parts: list[Limits] = []
    names: list[str] = []

    def add(name: str, rows: Limits) -> None:
        parts.append(rows)
        names.extend([name] * len(rows.rows))

    for name, limit in block.limits.items():
        rows = _rows(name, limit, asked)
        if rows.takes.nnz or not narrowed:
            add(name, rows)
    for before in block.before:
        rows = precedence(choices, before.first, before.then, before.periods)
        add(f"{before.first} before {before.then}", rows)
    for exclusive in block.exclusive:
        rows = exclusion(choices, exclusive.sites, exclusive.most)
        add(rows.rows[0].name, rows)
    for connection in block.connections:
        drawn = drawn_mw(asked)
        rows = shared_connection(choices, connection.sites, drawn, connection.most_mw)
        add(f"connection of {', '.join(connection.sites)}", rows)
    return join(*parts) if parts else in_total_of_nothing(len(asked.offers)), tuple(names)


def in_total_of_nothing(n_option: int) -> Limits:
    """No limits at all."""
    from scipy.sparse import csr_array

    return Limits((), csr_array((0, n_option)))


def _rows(name: str, limit: LimitKeys, asked: Asked) -> Limits:
    """The rows of one limit; each period in which any choice takes something has one."""
    if limit.share_frac is not None:
        own, whole = _signed_too(limit, asked), _signed_too(_unselected(limit), asked)
        return _share_rows(name, limit, own, whole)
    taken = taken_by_period(limit, asked)
    step = limit.relax_step or _step(limit)
    if limit.in_total is not None:
        row = Limit(name, limit.in_total, limit.sense, UNITS[limit.kind], limit.kind, step)
        return in_total(row, taken.sum(axis=1))
    from scipy.sparse import csr_array

    amount = limit.per_period or 0.0
    used = np.flatnonzero(np.abs(taken).sum(axis=0) > 0.0)
    if limit.kind == "cash_flow":
        used = used[used < asked.timing.periods]
    called = [f"{name}, {period_label(asked, int(period))}" for period in used]
    rows = tuple(Limit(own, amount, limit.sense, UNITS[limit.kind], limit.kind, step) for own in called)
    return Limits(rows, csr_array(np.ascontiguousarray(taken[:, used].T)))


def _share_rows(name: str, limit: LimitKeys, own: Array, whole: Array) -> Limits:
    """A share of what is chosen: exact where each choice counts in whole or not at all."""
    frac = limit.share_frac or 0.0
    row = Limit(name, 0.0, limit.sense, UNITS[limit.kind], "share", limit.relax_step)
    return in_total(row, own - frac * whole)


def _unselected(limit: LimitKeys) -> LimitKeys:
    """The same limit on all sites, uses and tenants."""
    names: tuple[str, ...] = ("uses", "sites", "isos", "companies", "tenant_class", "tenant")
    return limit.model_copy(update=dict.fromkeys(names))


def _step(limit: LimitKeys) -> float:
    """How much more is priced where the study does not say: one unit of what is counted, else a tenth."""
    amount = limit.per_period if limit.per_period is not None else limit.in_total or 0.0
    if limit.kind in {"transformers", "crews", "sites"} or not amount:
        return 1.0
    return amount / 10.0


def period_label(asked: Asked, period: int) -> str:
    """First month of a period, as printed.

    A period after the last in which a site may change is named like the others.
    """
    return asked.plan.calendar.label(min(period * asked.timing.period_months, asked.plan.calendar.n_month - 1))


def taken_by_period(limit: LimitKeys, asked: Asked) -> Array:
    """What each choice takes of a limit in each period, shape (offer, period), in its unit."""
    last = asked.plan.calendar.n_month - 1
    out = np.zeros((len(asked.offers), asked.place_of(last) + 1))
    for row, (offer, need) in enumerate(zip(asked.offers, asked.needs, strict=True)):
        if not _is_on(limit, asked, offer):
            continue
        weight = _weight(limit, asked.plan, offer.place)
        if limit.kind in _OF_SITE:
            _OF_SITE[limit.kind](limit, asked, offer, need, out[row])
        else:
            for part in need.parts:
                chance = part.success_frac if limit.risked and limit.kind not in _WHOLE else 1.0
                _OF_PART[limit.kind](limit, asked, part, out[row], chance, offer)
        out[row] *= weight * limit.counts_frac * _SCALE.get(limit.kind, 1.0)
    return out


def _weight(limit: LimitKeys, plan: Plan, place: int) -> float:
    """Share of a site that counts: of money what totals count, of things all but what another row counts."""
    site_plan = plan.sites[place]
    counted = counted_frac(plan, site_plan)
    if limit.kind in {"capital", "cash_flow"}:
        return counted
    if limit.kind in {"crews", "sites", "transformers"}:
        return 1.0
    return counted / site_plan.site.ownership_frac


def _is_on(limit: LimitKeys, asked: Asked, offer: Offer) -> bool:
    """Whether a limit is on a choice; of signed tenants no new lease is."""
    if limit.tenant is not None or not limited(limit, asked.plan.sites[offer.place].site):
        return False
    if limit.uses is not None and offer.use not in limit.uses:
        return False
    return limit.tenant_class is None or tenant_class(asked.plan, offer.use) == limit.tenant_class


def tenant_class(plan: Plan, use: str) -> str | None:
    """Credit of the tenants that a new lease of a use is for; None where it has none."""
    options = plan.use(use)[1]
    if plan.use(use)[0].ai_demand_frac(options) == 0.0:
        return None
    stated = getattr(options, "tenant_class", None) or getattr(options, "customer_class", None)
    return stated or CLASSES.get(use)


def drawn_mw(asked: Asked) -> Array:
    """Megawatts that each choice draws in each period, shape (offer, period): what stands, and what is added. [MW]"""
    last = asked.place_of(asked.plan.calendar.n_month - 1)
    out = np.zeros((len(asked.offers), last + 1))
    for row, (offer, need) in enumerate(zip(asked.offers, asked.needs, strict=True)):
        standing = [part for part in asked.plan.sites[offer.place].parts if part.state not in _NEW]
        out[row] = sum(part.gross_mw for part in standing)
        if offer.use in {"hold", "site_sale"}:
            out[row, max(offer.period, 0) :] = sum(part.gross_mw for part in standing if part.state == "leased")
        for part in need.parts:
            if part.state in _NEW:
                out[row, asked.place_of(part.first_month) :] += part.gross_mw
    return out


def _signed_too(limit: LimitKeys, asked: Asked) -> Array:
    """What each choice takes over all periods with what its signed lease takes, shape (offer,)."""
    total = taken_by_period(limit, asked).sum(axis=1)
    if limit.kind != "tenant_mw":
        return total
    for row, offer in enumerate(asked.offers):
        site = asked.plan.sites[offer.place].site
        fits = limit.tenant in {None, site.lease_tenant} and limit.tenant_class in {None, site.lease_tenant_class}
        of_use = limit.uses is None or site.signed_use in limit.uses
        if site.lease_critical_it_mw and fits and of_use and limited(limit, site):
            total[row] += site.lease_critical_it_mw * _weight(limit, asked.plan, offer.place)
    return total


def _capital(_: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], chance: float, __: Offer) -> None:
    months = np.flatnonzero(part.capital_usd)
    np.add.at(out, months // asked.timing.period_months, chance * part.capital_usd[months])


def _crews(_: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], chance: float, __: Offer) -> None:
    out[asked.place_of(part.begin_month) : asked.place_of(part.first_month) + 1] += chance


def _transformers(
    limit: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], _: float, offer: Offer
) -> None:
    if part.state == "undeveloped":
        out[max(offer.period, 0)] += np.ceil(part.gross_mw / (limit.each_mw or 1.0) - 1e-9)


def _grid(_: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], chance: float, __: Offer) -> None:
    if part.state in _NEW:
        out[asked.place_of(part.first_month)] += chance * part.gross_mw


def _tenant(_: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], chance: float, offer: Offer) -> None:
    out[max(offer.period, 0)] += chance * part.critical_it_mw


def _gpus(_: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], chance: float, offer: Offer) -> None:
    if offer.use == "gpu_cloud":
        out[asked.place_of(part.first_month)] += chance * part.critical_it_mw * asked.gpus_per_mw / 1e3


def _energised(
    limit: LimitKeys, asked: Asked, part: PartNeed, out: NDArray[np.float64], chance: float, _: Offer
) -> None:
    if limit.by is None or part.first_month <= asked.plan.calendar.index(limit.by):
        out[asked.place_of(part.first_month)] += chance * part.gross_mw


def _sites(_: LimitKeys, __: Asked, offer: Offer, ___: Need, out: NDArray[np.float64]) -> None:
    if offer.period != KEEP:
        out[offer.period] += 1.0


def _hash(_: LimitKeys, __: Asked, ___: Offer, need: Need, out: NDArray[np.float64]) -> None:
    out[0] += need.kept_eh_per_s


def _cash(_: LimitKeys, asked: Asked, __: Offer, need: Need, out: NDArray[np.float64]) -> None:
    if need.cash_usd is not None:
        np.add.at(out, np.arange(need.cash_usd.size) // asked.timing.period_months, need.cash_usd)


_OF_PART: Final[Mapping[str, Callable[..., None]]] = {
    "capital": _capital,
    "crews": _crews,
    "transformers": _transformers,
    "grid_mw": _grid,
    "tenant_mw": _tenant,
    "gpus": _gpus,
    "energised_mw": _energised,
}
_OF_SITE: Final[Mapping[str, Callable[..., None]]] = {"sites": _sites, "hash_rate": _hash, "cash_flow": _cash}
