"""The one small interface every use of a site implements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from wattworth.compute.kernels import kernel
from wattworth.records import Calendar, CashLines, Line, MarketPaths, ParameterDraws, Timeline
from wattworth.study import Part, Site
from wattworth.uses import energy
from wattworth.uses.energy import Channel


class Options(BaseModel):
    """What a study may declare under a use; each use adds its own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class World:
    """What every case of one block shares: the months, the markets and the parameters."""

    calendar: Calendar
    paths: MarketPaths
    params: ParameterDraws


@dataclass(frozen=True, slots=True)
class MiningFlows:
    """What the machines standing on a part would do if never stopped before their time.

    Attributes
    ----------
    revenue_usd, power_usd, opex_usd
        Arrays, shape (month, draw), up to the end of the oldest possible machine. [USD]
    resale_usd
        Array, shape (month, draw): the machines' market value if sold at each month. [USD]
    end_month
        Array, shape (draw,): the last machine's last month. [month]
    mined_mwh, sold_mwh
        Arrays, shape (month, draw): energy that mines, and that is sold back in dear hours. [MWh]
    """

    revenue_usd: NDArray[np.float64]
    power_usd: NDArray[np.float64]
    opex_usd: NDArray[np.float64]
    resale_usd: NDArray[np.float64]
    end_month: NDArray[np.int64]
    mined_mwh: NDArray[np.float64]
    sold_mwh: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One part of one site, ready for any use.

    Attributes
    ----------
    site, part
        What is declared.
    timeline
        When AI revenue could start.
    mining
        The machines on the part, or None where nothing mines.
    tax_rate_frac
        Income tax of the site's country, for amounts entered after tax. [1]
    decided_month
        When the use is chosen; until then what stands there runs on and nothing is bought or built. The timeline
        of a conversion says the same. [month]
    """

    site: Site
    part: Part
    timeline: Timeline
    mining: MiningFlows | None
    tax_rate_frac: float
    decided_month: int = 0


class Use(ABC):
    """A use of a site's megawatts: abstract here, final in its own file."""

    name: ClassVar[str]
    """Key in studies and results."""
    label: ClassVar[str]
    """Words for people."""
    options: ClassVar[type[Options]] = Options
    fact_keys: ClassVar[tuple[str, ...]] = ()
    facts_file: ClassVar[Path | None] = None
    """Table of facts that comes with a use from another package, laid out like the packaged ones."""
    implied_rate_range_frac: ClassVar[tuple[float, float] | None] = None
    """Risk-adjusted rates that markets ask of this use; outside, a result warns (methods 0(e))."""
    yield_range_frac: ClassVar[tuple[float, float] | None] = None
    """Yields on cost of disclosed deals; outside, income and capital do not belong together and a result warns."""
    converts: ClassVar[bool] = False
    """Whether it can fail: it is then weighed with its chance of success and with what remains on failure."""
    can_be_put_off: ClassVar[bool] = False
    """Whether its cash follows ``Case.decided_month``, as that of a conversion does through its dates."""
    power_contract: ClassVar[Literal["burnt", "sold", "passed", "lost"]] = "lost"
    """What becomes of a fixed-price power contract under this use."""

    @abstractmethod
    def unavailable(self, site: Site, part: Part, options: Options | None = None) -> str | None:
        """Why this part cannot serve this use, or None if it can."""

    def ai_demand_frac(self, options: Options) -> float:
        """Share of a part's critical IT that must find an AI customer in the market; 0 where none is needed."""
        return 1.0 if self.converts else 0.0

    def pursuit_usd(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """Money before tax that a conversion without a customer has cost, shape (draw,). [USD]"""
        return np.zeros(world.paths.n_draw)

    @abstractmethod
    def cash_lines(self, case: Case, world: World, options: Options) -> CashLines:
        """Monthly cash before tax if the use succeeds."""

    def energy_mwh(self, case: Case, world: World, options: Options) -> NDArray[np.float64]:
        """Where the part's energy goes if the use succeeds: every hour of its connection in one channel.

        Returns
        -------
        array, shape (channel, month, draw)
            Channels of :class:`wattworth.uses.energy.Channel`; each month after the as-of month sums to
            gross MW x 730 h. A conversion draws its hall's load from first revenue to its residual and
            mines before; every other use stands idle unless it says otherwise. [MWh]
        """
        mwh = energy.ledger_mwh(case.part.gross_mw, world.paths.n_month, world.paths.n_draw)
        if self.converts:
            _add_hall(mwh, case, world, self.cash_lines(case, world, options))
        return mwh


def _add_hall(mwh: NDArray[np.float64], case: Case, world: World, lines: CashLines) -> None:
    params, part, months = world.params, case.part, np.arange(mwh.shape[1])[:, None]
    first, last = lines.first_revenue_month, lines.residual_month
    add_mined(mwh, case.mining, mine_stop_month(first, world))
    ratio = params["gross_to_critical_it.ratio"]
    critical = part.gross_mw / ratio if part.critical_it_mw is None else np.full(ratio.size, part.critical_it_mw)
    full = energy.hall_mwh_per_month(critical, params[energy.HALL_LOAD_KEY], params[energy.HALL_PUE_KEY])
    live = (case.site.lease_live_it_mw or 0.0) / part.critical_it_mw if part.critical_it_mw else 0.0
    drawn = np.where(months >= first, full, min(live, 1.0) * full) * (months <= last)
    energy.use_mwh(mwh, Channel.HALL, np.minimum(drawn, mwh[Channel.IDLE]))


def add_mined(mwh: NDArray[np.float64], mining: MiningFlows | None, stop_month: NDArray[np.int64]) -> None:
    """Enter what machines mine and sell back up to ``stop_month`` in a ledger."""
    if mining is None:
        return
    runs = np.arange(mining.mined_mwh.shape[0])[:, None] <= stop_month
    energy.use_mwh(mwh, Channel.MINED, np.where(runs, mining.mined_mwh, 0.0))
    energy.use_mwh(mwh, Channel.SOLD, np.where(runs, mining.sold_mwh, 0.0))


def empty_lines(last_month: int, n_draw: int) -> NDArray[np.float64]:
    """Cash lines of zeros, shape (line, month, draw), months 0 to ``last_month``."""
    return np.zeros((len(Line), last_month + 1, n_draw))


def finished(
    usd: NDArray[np.float64],
    first_revenue_month: NDArray[np.int64],
    residual_usd: NDArray[np.float64],
    residual_month: NDArray[np.int64],
    *,
    noi_year1_usd: NDArray[np.float64] | None = None,
    full_cost_usd: NDArray[np.float64] | None = None,
) -> CashLines:
    """Close the lines with the residual, paid in its month as taxable proceeds."""
    usd[Line.PROCEEDS, residual_month, np.arange(usd.shape[2])] += residual_usd
    nan = np.full(usd.shape[2], np.nan)
    return CashLines(
        usd=usd,
        in_service_month=first_revenue_month,
        first_revenue_month=first_revenue_month,
        residual_usd=residual_usd,
        residual_month=residual_month,
        noi_year1_usd=nan if noi_year1_usd is None else noi_year1_usd,
        full_cost_usd=nan if full_cost_usd is None else full_cost_usd,
    )


def price_fact_key(part: Part) -> str:
    """Which sale price stands for a part: what is energised, being built, allocated or in study."""
    if part.state == "undeveloped" and part.stage == "study":
        return "site_sale.price_study"
    return {
        "leased": "site_sale.price_construction",
        "energised": "site_sale.price_energised",
        "construction": "site_sale.price_construction",
        "undeveloped": "site_sale.price_undeveloped",
    }[part.state]


SITE_PRICE_KEYS = (
    "site_sale.price_energised",
    "site_sale.price_construction",
    "site_sale.price_undeveloped",
    "site_sale.price_study",
)
REVERSION_KEYS = (*SITE_PRICE_KEYS, "site.connection_survival", "site.removal_cost")


def site_reversion_usd(
    gross_mw: float, price_key: str, month: NDArray[np.int64], idle_years: NDArray[np.float64] | float, world: World
) -> NDArray[np.float64]:
    """What a bare site is worth when a use ends, before tax; never below nil.

    Parameters
    ----------
    gross_mw
        Firm capacity of the part. [MW]
    price_key
        Fact that prices it, from :func:`price_fact_key`.
    month
        Array, shape (draw,): when the use ends. [month]
    idle_years
        How long the connection has stood idle by then. [year]
    world
        Markets and parameters.

    Returns
    -------
    array, shape (draw,)
        ``comparable $ per firm gross W x chance that the connection survives - removal``
        (methods section 0(b)). [USD]
    """
    draw = np.arange(month.size)
    watts = gross_mw * 1e6
    comparable = world.params[price_key] * world.paths.site_price_index[month, draw]
    survival = world.params["site.connection_survival"] ** idle_years
    removal = world.params["site.removal_cost"] * world.paths.price_index[month, draw]
    return watts * np.maximum(comparable * survival - removal, 0.0)


def reverted(
    usd: NDArray[np.float64],
    case: Case,
    world: World,
    first_revenue_month: NDArray[np.int64],
    *,
    end: NDArray[np.int64],
    idle_years: NDArray[np.float64] | float,
) -> CashLines:
    """Close the lines with the reversion of the bare site at the end, its connection idle for some years by then."""
    reversion = site_reversion_usd(case.part.gross_mw, price_fact_key(case.part), end, idle_years, world)
    return finished(usd, first_revenue_month, reversion, end)


def whole_months(months: NDArray[np.float64]) -> NDArray[np.int64]:
    """Months rounded to whole ones."""
    return np.rint(months).astype(np.int64)


def hold_end_month(world: World) -> NDArray[np.int64]:
    """When a site on which nothing happens reverts, shape (draw,). [month]"""
    return np.clip(whole_months(world.params["hold.months"]), 1, world.paths.n_month - 1)


def mine_stop_month(first_revenue_month: NDArray[np.int64], world: World) -> NDArray[np.int64]:
    """Last month of the mine before a hall takes its power, shape (draw,). [month]"""
    return np.maximum(first_revenue_month - whole_months(world.params["clock.commissioning"]), 0)


def add_bridge(usd: NDArray[np.float64], case: Case, stop_month: NDArray[np.int64]) -> None:
    """Mine until ``stop_month``, then sell the machines; charge their resale value today.

    Keeping machines costs what they would fetch now, after tax, so every use that keeps them
    carries that cost and a use that sells at once carries none (methods section 0(a)).
    """
    mining = case.mining
    if mining is None:
        return
    n_month = min(usd.shape[1], mining.revenue_usd.shape[0])
    _mine_until(usd, mining.revenue_usd, mining.power_usd, mining.opex_usd, stop_month, n_month)
    usd[Line.AFTER_TAX, 0] -= mining.resale_usd[0] * (1.0 - case.tax_rate_frac)
    sold = np.minimum(stop_month, mining.resale_usd.shape[0] - 1)
    draw = np.arange(stop_month.size)
    usd[Line.PROCEEDS, np.minimum(sold, usd.shape[1] - 1), draw] += np.where(
        stop_month < mining.end_month, mining.resale_usd[sold, draw], 0.0
    )


@kernel
def _mine_until(usd, revenue, power, opex, stop, n_month):
    for m in range(min(n_month, stop.max() + 1)):
        for d in range(stop.size):
            if m <= stop[d]:
                usd[0, m, d] += revenue[m, d]
                usd[1, m, d] += power[m, d]
                usd[2, m, d] += opex[m, d]


def add_holding_cost(
    usd: NDArray[np.float64], case: Case, world: World, start_month: NDArray[np.int64], stop_month: NDArray[np.int64]
) -> None:
    """Pay for an idle connection in the months after ``start_month`` up to ``stop_month``."""
    monthly = world.params["site.holding_cost"] * case.part.gross_mw * 1e3 / 12.0
    _spend(usd[Line.OPEX], monthly, world.paths.price_index, start_month, stop_month)


@kernel
def _spend(opex, monthly, price_index, start, stop):
    n_month, n_draw = opex.shape
    for m in range(start.min() + 1, min(stop.max() + 1, n_month)):
        for d in range(n_draw):
            if start[d] < m <= stop[d]:
                opex[m, d] -= monthly[d] * price_index[m, d]


assert (Line.REVENUE, Line.POWER, Line.OPEX) == (0, 1, 2), "the kernels index lines by number"
