"""The figures a prediction is built from: on which scale, from which prior, in which groups, read off which deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wattworth.evidence.deal import Deal, Structure

Scale = Callable[[ArrayLike], NDArray[np.float64]]


class Given(Protocol):
    """What is given of a deal before its figures are: a :class:`Deal`, or a kind of deal."""

    @property
    def structure(self) -> Structure:
        """Who bears the running costs."""
        ...


class Context(Protocol):
    """What turns the words of a row into a number where the row leaves a part open."""

    @property
    def escalator_frac(self) -> float:
        """Yearly step of a rent whose step is not stated. [1/year]"""
        ...

    @property
    def ratio(self) -> float:
        """Gross over critical power where only the gross is. [1]"""
        ...

    @property
    def risk_free_frac(self) -> float:
        """Long risk-free rate that a coupon stands above. [1/year]"""
        ...


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that is learnt from deals.

    Attributes
    ----------
    label
        Name for people.
    unit
        Its unit.
    priors
        Structure, or ``any``, to the keys of its prior facts, best first; the first dated early enough is taken.
    groups
        Names of the groups that move it in the walk-forward; each is a property of a deal.
    further
        Names of groups that only calibration uses: they are not given before a deal.
    observe
        The figure as a deal discloses it, or None.
    to_additive, from_additive
        The scale on which observations are added, and back.
    """

    label: str
    unit: str
    priors: Mapping[str, tuple[str, ...]]
    observe: Callable[[Deal, Context], float | None]
    groups: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    to_additive: Scale = np.log
    from_additive: Scale = np.exp

    def keys(self, deal: Given) -> tuple[str, ...]:
        """Prior facts of a deal's structure, best first."""
        return self.priors.get(deal.structure) or self.priors["any"]


def _logit(share_frac: ArrayLike) -> NDArray[np.float64]:
    share = np.clip(np.asarray(share_frac, dtype=np.float64), 0.005, 0.995)
    return np.log(share / (1.0 - share))


def _share(logit: ArrayLike) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.asarray(logit, dtype=np.float64)))


def _log_excess(ratio: ArrayLike) -> NDArray[np.float64]:
    return np.log(np.maximum(np.asarray(ratio, dtype=np.float64) - 1.0, 0.005))


def _one_and(excess: ArrayLike) -> NDArray[np.float64]:
    return 1.0 + np.exp(np.asarray(excess, dtype=np.float64))


def _lease(read: Callable[[Deal, Context], float | None]) -> Callable[[Deal, Context], float | None]:
    return lambda deal, context: read(deal, context) if deal.group == "lease" else None


def _site(deal: Deal, _: Context) -> float | None:
    return deal.price_usd_per_w if deal.group == "site_sale" else None


def _spread(deal: Deal, context: Context) -> float | None:
    coupon = deal.row.debt_rate_pct
    return None if coupon is None else coupon / 100.0 - context.risk_free_frac


FIGURES: Final[Mapping[str, Figure]] = {
    "gross_to_it": Figure(
        label="gross over critical IT power",
        unit="ratio",
        priors={"any": ("prior_gross_to_it.ratio",)},
        observe=lambda deal, _: deal.gross_to_it_ratio,
        to_additive=_log_excess,
        from_additive=_one_and,
    ),
    "rent": Figure(
        label="first year's rent",
        unit="$/kW-month",
        priors={"any": ("prior_lease.rent_year1",)},
        observe=_lease(lambda deal, context: deal.year1_rent(context.escalator_frac, context.ratio)),
        groups=("tenant_pays",),
        further=("hyperscaler", "neocloud", "reuses_mine"),
    ),
    "noi_margin": Figure(
        label="NOI margin",
        unit="frac",
        priors={
            "triple_net": ("prior_lease.noi_margin_triple_net",),
            "modified_gross": ("prior_lease.noi_margin_modified_gross",),
            "gross": ("prior_lease.noi_margin_gross",),
        },
        observe=_lease(lambda deal, _: deal.noi_margin_frac),
        groups=("tenant_pays",),
        to_additive=_logit,
        from_additive=_share,
    ),
    "capex": Figure(
        label="owner's cost of the hall",
        unit="$M/MW",
        priors={"any": ("prior_turnkey.capex",)},
        observe=lambda deal, context: deal.capex_musd_per_mw(context.ratio),
        further=("reuses_mine", "hyperscaler"),
    ),
    "months": Figure(
        label="months to first revenue",
        unit="months",
        priors={"any": ("prior_clock.months_to_first_revenue",)},
        observe=_lease(lambda deal, _: deal.months_to_first_revenue),
    ),
    "price": Figure(
        label="price of an unleased site",
        unit="$/W",
        priors={"any": ("prior_site.price",)},
        observe=_site,
        groups=("without_power",),
    ),
    "cloud": Figure(
        label="cloud revenue",
        unit="$/GPU-h",
        priors={"any": ("prior_cloud.revenue",)},
        observe=lambda deal, _: deal.cloud_usd_per_gpu_hour,
    ),
    "spread": Figure(
        label="coupon over the risk-free rate",
        unit="frac/yr",
        priors={"any": ("prior_debt.spread",)},
        observe=_spread,
        further=("hyperscaler", "neocloud"),
    ),
    "gpu_price": Figure(
        label="price of a GPU",
        unit="$/GPU",
        priors={"any": ("prior_cloud.gpu_price",)},
        observe=lambda deal, _: deal.gpu_price_usd,
    ),
}
"""Figures by name."""
