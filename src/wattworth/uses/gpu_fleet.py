"""Fleets of GPUs in one hall: contract, market hours, renewal while it pays, and the hall's end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.kernels import kernel
from wattworth.markets.gpu import pass_through_frac
from wattworth.records import Line
from wattworth.units import HOURS_PER_MONTH
from wattworth.uses import energy
from wattworth.uses.base import Case, World, whole_months
from wattworth.uses.hall import FULL_HALL
from wattworth.uses.lease_math import residual_rule

FACT_KEYS: Final = (
    "gpu_cloud.hardware_cost",
    "gpu_cloud.hardware_price_elasticity",
    "gpu_cloud.hardware_share",
    "gpu_cloud.sales_tax",
    "gpu_cloud.property_tax",
    "gpu_cloud.life",
    "gpu_cloud.contract_years",
    "gpu_cloud.contract_price_share",
    "gpu_cloud.prepayment_share",
    "gpu_cloud.prepayment_free_share",
    "gpu_cloud.utilisation",
    "gpu_cloud.opex",
    "gpu_cloud.order_lead",
    "gpu_cloud.install_months",
    "gpu_cloud.decision_rate",
    "gpu.decay",
    "gpu.mean_reversion",
    "gpu.beta",
    "global.mature_erp_jan2026",
    "gpu.launch_step",
    "gpu.launch_interval",
    "gpu_cloud.excess_half_life",
    "gpu_cloud.rival_power",
    "servers.residual_value_36mo",
)


@dataclass(frozen=True, slots=True)
class Fleet:
    """The first fleet of a hall and the terms of all that may follow; arrays by draw.

    Attributes
    ----------
    critical_it_mw
        Power to the servers. [MW]
    order_month, buy_month, first_month
        GPUs and contract are priced, paid for, and earn for the first time. [month]
    cost_usd
        Hardware of the first fleet. [USD]
    due_frac
        Share of it still to be paid, and of the prepayment still to come. [1]
    contract_usd_per_month
        What the customer pays for every hour. [USD/month]
    contract_months
        Term. [month]
    prepaid_frac
        Share of the contract paid with the GPUs. [1]
    hazard_per_month
        Default intensity of the customer. [1/month]
    live_frac
        Share delivered and paying at the as-of month. [1]
    utilisation_frac
        Share of hours sold in the market. [1]
    life_months
        Of the hardware. [month]
    refresh, re_let
        Whether it may be renewed, and the hall let at the end, where that pays.
    """

    critical_it_mw: NDArray[np.float64]
    order_month: NDArray[np.int64]
    buy_month: NDArray[np.int64]
    first_month: NDArray[np.int64]
    cost_usd: NDArray[np.float64]
    due_frac: NDArray[np.float64]
    contract_usd_per_month: NDArray[np.float64]
    contract_months: NDArray[np.int64]
    prepaid_frac: NDArray[np.float64]
    hazard_per_month: NDArray[np.float64]
    live_frac: float
    utilisation_frac: NDArray[np.float64]
    life_months: NDArray[np.int64]
    refresh: bool
    re_let: bool


def run_fleets(
    usd: NDArray[np.float64],
    fleet: Fleet,
    case: Case,
    world: World,
    *,
    power_usd: NDArray[np.float64],
    hall_usd: NDArray[np.float64],
    margin_frac: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Write the cash of all fleets of a hall into its lines.

    Parameters
    ----------
    usd
        Cash lines to the horizon, shape (line, month, draw).
    fleet
        First fleet and terms.
    case, world
        The part with its dates moved; markets and parameters.
    power_usd
        Power of a month, shape (month, draw). [USD]
    hall_usd
        Cost of the hall. [USD]
    margin_frac
        Net operating income over rent if the hall is let. [1]

    Returns
    -------
    residual_usd, residual_month
        What hall, site and the last GPUs are worth when the use ends, and when that is.

    Notes
    -----
    Once the contract has run out, every twelfth month and when the hardware is worn out the owner compares, on
    what is known in that month, its margin with the old fleet, the monthly annuity of a new fleet's value and
    the interest on what hall and site would fetch, and does the best. A new fleet's value counts its rental at the
    decay expected of the market, back from a boom or a slump on the way, power and upkeep at today's prices, taxes
    and resale, over its life or up to the horizon, at the owner's rate; one with less than a year to run is not
    bought. What stands at the horizon is sold.
    """
    params, paths = world.params, world.paths
    start = np.clip(case.timeline.build_start_month, 0, paths.n_month - 1)
    per_kw = fleet.critical_it_mw * 1e3
    terms = np.stack(
        [
            per_kw * HOURS_PER_MONTH,
            fleet.utilisation_frac,
            fleet.contract_usd_per_month,
            fleet.hazard_per_month,
            fleet.prepaid_frac,
            params["gpu_cloud.prepayment_free_share"],
            fleet.cost_usd,
            per_kw * params["gpu_cloud.opex"] / 12.0,
            params["gpu_cloud.property_tax"] / 12.0,
            -np.log(params["servers.residual_value_36mo"]) / 36.0,
            decay_per_month(world),
            np.log1p(params["gpu_cloud.decision_rate"]) / 12.0,
        ]
    )
    hall = np.stack(
        [
            hall_usd,
            paths.build_cost_index[start, np.arange(start.size)],
            params[FULL_HALL.life_key] * 12.0,
            params["turnkey.scrap"],
            fleet.critical_it_mw * 12e3 * margin_frac,
            params["relet.markdown"],
            params[FULL_HALL.cap_rate_key] + params["renewal.cap_rate_premium"],
            params["renewal.chance"] * float(fleet.re_let),
            fleet.critical_it_mw * 1e6 * params[FULL_HALL.refit_key],
            params["relet.downtime"],
            params["site_sale.price_energised"] * params["site.connection_survival"],
            params["site.removal_cost"],
        ]
    )
    return _run(
        usd,
        np.stack([fleet.order_month, fleet.buy_month, fleet.first_month, fleet.contract_months, fleet.life_months]),
        whole_months(params["gpu_cloud.install_months"]),
        terms,
        _market_terms(fleet.critical_it_mw, world),
        hall,
        paths.gpu_usd_per_hour,
        paths.gpu_per_kw,
        paths.rent_usd_per_kw_month,
        paths.build_cost_index,
        paths.site_price_index,
        paths.price_index,
        power_usd,
        case.part.gross_mw * 1e6,
        fleet.due_frac,
        fleet.live_frac,
        fleet.refresh,
    )


def market_cost_usd(critical_it_mw: NDArray[np.float64], world: World, month: NDArray[np.int64]) -> NDArray[np.float64]:
    """What a fleet of the newest generation costs in a month, sales tax included, shape (draw,). [USD]

    Notes
    -----
    Cost per kW follows the market revenue of a kW of the newest generation. What such a fleet would be worth to a
    rival above that, in a rented hall and on a rival's power, is taken by makers and entrants: half of it every
    ``gpu_cloud.excess_half_life``, as a dearer fleet.
    """
    paths, draw = world.paths, np.arange(month.size)
    terms = _market_terms(critical_it_mw, world)
    return _market_cost(
        terms,
        paths.gpu_usd_per_hour[month, draw],
        paths.gpu_per_kw[month, draw],
        paths.gpu_usd_per_hour[0],
        paths.gpu_per_kw[0],
        paths.price_index[month, draw],
        paths.rent_usd_per_kw_month[month, draw],
        month.astype(np.float64),
    )


def _market_terms(critical_it_mw: NDArray[np.float64], world: World) -> NDArray[np.float64]:
    """Terms of the market for hardware, one row each in the order of the kernels."""
    params, per_kw = world.params, critical_it_mw * 1e3
    mwh = energy.hall_mwh_per_month(critical_it_mw, params[energy.HALL_LOAD_KEY], params[energy.HALL_PUE_KEY])
    decay, rate = decay_per_month(world), np.log1p(params["gpu_cloud.decision_rate"]) / 12.0
    wear, life = -np.log(params["servers.residual_value_36mo"]) / 36.0, np.rint(params["gpu_cloud.life"] * 12.0)
    tax = params["gpu_cloud.property_tax"] / 12.0
    priced = params["gpu.beta"] * params["global.mature_erp_jan2026"] * float(world.paths.measure == "pricing")
    reverted = params["gpu.mean_reversion"] / 12.0 * life
    return np.stack(
        [
            critical_it_mw * 1e6 * params["gpu_cloud.hardware_cost"] * (1.0 + params["gpu_cloud.sales_tax"]),
            params["gpu_cloud.hardware_price_elasticity"],
            per_kw * HOURS_PER_MONTH * params["gpu_cloud.utilisation"] * _annuity(decay + rate, life),
            (per_kw * params["gpu_cloud.opex"] / 12.0 + mwh * params["gpu_cloud.rival_power"]) * _annuity(rate, life),
            per_kw * _annuity(rate, life),
            tax * _annuity(wear + rate, life) + 1.0 - np.exp(-(wear + rate) * life),
            np.log(2.0) / 12.0 / params["gpu_cloud.excess_half_life"],
            -np.log1p(-params["gpu.decay"]) / 12.0,
            pass_through_frac(params),
            1.0 + np.expm1(-reverted) / reverted,
            priced / params["gpu.mean_reversion"],
        ]
    )


def decay_per_month(world: World) -> NDArray[np.float64]:
    """Expected fall of the rental of given compute, launches included.

    Parameters
    ----------
    world
        Its draws of the facts.

    Returns
    -------
    array, shape (draw,)
        Continuous rate. [1/month]
    """
    params = world.params
    launches = pass_through_frac(params) * np.log(params["gpu.launch_step"]) / params["gpu.launch_interval"]
    return launches - np.log1p(-params["gpu.decay"]) / 12.0


@kernel
def _market_cost(terms, price, density, price_today, density_today, prices, rent, month):  # noqa: PLR0913 - compiled
    """Cost of a fleet, by draw: what its makers ask, and the part of its excess worth taken by then."""
    base = terms[0] * (price * density / (price_today * density_today)) ** terms[1]
    lasting = _lasting(terms, price, density, price_today, density_today, month)
    worth = terms[2] * lasting * density - terms[3] * prices - terms[4] * rent
    excess = np.maximum(worth - base * terms[5], 0.0)
    return base - np.expm1(-terms[6] * month) * excess / terms[5]


@kernel
def _lasting(terms, price, density, price_today, density_today, month):
    """Price of an hour less the part of its distance from where its measure pulls it that a fleet's life sees go."""
    trend = -terms[10] - terms[7] * month - terms[8] * np.log(density / density_today)
    return price * np.exp(terms[9] * (trend - np.log(price / price_today)))


@kernel
def _annuity(rate, months):
    """Value of a dollar a month, paid evenly, at a monthly rate above nil."""
    return (1.0 - np.exp(-rate * months)) / rate


@kernel
def _hall_end(hall, d, age, rent, build, site_price, prices, watts):  # noqa: PLR0913 - compiled
    """Value of hall and site at the end: :func:`wattworth.uses.hall.hall_end_usd` for one month and draw."""
    site = watts * max(hall[10, d] * site_price - hall[11, d] * prices, 0.0)
    left = hall[0, d] * build / hall[1, d] * max(1.0 - age / hall[2, d], 0.0)
    return residual_rule(
        site,
        hall[3, d] * hall[0, d],
        hall[4, d] * rent,
        hall[5, d],
        hall[6, d],
        hall[7, d],
        hall[8, d] * build,
        hall[9, d],
        left,
    )


@kernel
def _new_fleet(terms, d, income, cost, upkeep, life):
    """Value of a new fleet on what is known: income now and falling, upkeep, taxes, and its resale."""
    wear, decay, rate = terms[9, d], terms[10, d], terms[11, d]
    earned = income * _annuity(decay + rate, life) - upkeep * _annuity(rate, life)
    taxed = cost * terms[8, d] * _annuity(wear + rate, life)
    return earned - taxed - cost * (1.0 - np.exp(-(wear + rate) * life))


@kernel
def _run(  # noqa: PLR0913, PLR0915 - compiled: plain arrays in, one loop
    usd,
    months,
    install,
    terms,
    market,
    hall,
    price,
    density,
    rent,
    build,
    site_price,
    prices,
    power,
    watts,
    due,
    live,
    refresh,
):
    """Cash of all fleets; rows of ``months``, ``terms``, ``market`` and ``hall`` as stacked by the caller."""
    last, n_draw = price.shape[0] - 1, price.shape[1]
    residual, end = np.zeros(n_draw), np.full(n_draw, -1, np.int64)
    order, buy, first, contract = months[0], months[1], months[2], months[3]
    begun, life, paid = first.copy(), np.maximum(months[4], contract), terms[6].copy()
    held, bought_at = np.empty(n_draw), np.empty(n_draw)
    prepaid = terms[2] * contract * terms[4]
    free = np.minimum(np.rint(terms[5] * contract), contract - 1).astype(np.int64)
    decay, alive = np.exp(-terms[3]), np.ones(n_draw)
    for d in range(n_draw):
        held[d], bought_at[d] = density[order[d], d], price[order[d], d]
        usd[3, buy[d], d] -= paid[d] * due[d]
        usd[0, buy[d], d] += prepaid[d] * due[d]
    for m in range(1, last + 1):
        for d in range(n_draw):
            if end[d] >= 0:
                continue
            upkeep = terms[7, d] * prices[m, d]
            if m < first[d]:
                usd[0, m, d] += live * terms[2, d]
                usd[1, m, d] -= live * power[m, d]
                usd[2, m, d] -= live * upkeep
                continue
            age, since = m - begun[d], m - first[d]
            if age >= 0:
                drift = price[m, d] / bought_at[d] * np.exp((terms[10, d] - terms[9, d]) * (age + 1))
                worth = paid[d] * min(drift, 1.0)
                hours = terms[0, d] * terms[1, d] * price[m, d]
                income = hours * held[d]
                if since < contract[d]:
                    alive[d] *= decay[d]
                    income = alive[d] * terms[2, d] + (1.0 - alive[d]) * income
                    if since >= free[d]:
                        income -= alive[d] * prepaid[d] / (contract[d] - free[d])
                usd[0, m, d] += income
                usd[1, m, d] -= power[m, d]
                usd[2, m, d] -= upkeep + terms[8, d] * worth
                dead = age + 1 >= life[d]
                if m < last and (since + 1 < contract[d] or not (dead or (age + 1) % 12 == 0)):
                    continue
                stands = _hall_end(hall, d, since, rent[m, d], build[m, d], site_price[m, d], prices[m, d], watts)
                upkeep += power[m, d]
                best = terms[11, d] * stands
                choice, cost = 0, 0.0
                keep = hours * held[d] - upkeep - terms[8, d] * worth
                if not dead and keep >= best:
                    best, choice = keep, 1
                left = min(months[4, d], last - m - install[d])
                if refresh and left >= 12:
                    now = (price[m, d], density[m, d], price[0, d], density[0, d])
                    cost = _market_cost(market[:, d], *now, prices[m, d], rent[m, d], float(m))
                    lasts = _lasting(market[:, d], *now, float(m)) / price[m, d]
                    value = _new_fleet(terms, d, hours * density[m, d] * lasts, cost, upkeep, left)
                    if value / _annuity(terms[11, d], left) > best:
                        choice = 2
                if m == last or choice == 0:
                    residual[d], end[d] = stands + worth, m
                elif choice == 2:
                    usd[6, m, d] += worth
                    usd[3, m, d] -= cost
                    paid[d], held[d], bought_at[d] = cost, density[m, d], price[m, d]
                    begun[d], life[d] = m + 1 + install[d], months[4, d]
            else:
                usd[2, m, d] -= upkeep
    return residual, end


assert (Line.REVENUE, Line.POWER, Line.OPEX, Line.CAPEX_5Y, Line.PROCEEDS) == (0, 1, 2, 3, 6)
