"""What each way to power costs: capital, energy, and what is left of it where no tenant comes.

Money is dollars per gross watt at the connection, in the same dollars whenever it falls due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np

from wattworth import uses
from wattworth.facts import Fact
from wattworth.markets import adder_key
from wattworth.timeline.ways import FACT_KEYS as WAY_KEYS
from wattworth.timeline.ways import MINE
from wattworth.units import KW_PER_MW, MONTHS_PER_YEAR, W_PER_MW
from wattworth.uses.energy import HALL_LOAD_KEY, HALL_PUE_KEY, hall_mwh_per_month
from wattworth.valuation.cases import central_case, central_world
from wattworth.valuation.plan import Plan

W_PER_KW: Final = W_PER_MW / KW_PER_MW
_BASIS_LOST_PER_CREDIT_FRAC: Final = (
    0.5  # Internal Revenue Code 50(c)(3): half of an investment credit leaves the basis
)


@dataclass(frozen=True, slots=True)
class Plant:
    """Facts behind what a way costs.

    Attributes
    ----------
    capital
        Facts whose product is the capital of a gross kW. [$/kW]
    credit
        Fact with an investment tax credit.
    heat_rate, per_mwh, per_kw_year
        Fuel, running cost by energy and by capacity of on-site machines; None without.
    is_generator
        Whether its energy takes the place of the grid's.
    is_priced
        Whether a fact says what its energy costs.
    written_off
        Whether the capital is depreciated at once; a site's price is not.
    left_out
        What its row does not count.
    """

    capital: tuple[str, ...]
    credit: str | None = None
    heat_rate: str | None = None
    per_mwh: str | None = None
    per_kw_year: str | None = None
    is_generator: bool = False
    is_priced: bool = True
    written_off: bool = True
    left_out: tuple[str, ...] = ()


GRID: Final = "grid"
"""Every queue of the grid costs the same."""

_GAS: Final = (
    "the lateral's own cost and the gas basis to Henry Hub",
    "part load, and what the machines fetch at the end",
)

PLANTS: Final[Mapping[str, Plant]] = {
    MINE: Plant((), written_off=False, left_out=("tax losses a buyer may take over",)),
    GRID: Plant(("way.grid_connection_capex",), left_out=("upgrades beyond the first substation, security posted",)),
    "engines": Plant(
        ("recip_engine.capex", "recip_engine.overbuild_ratio"),
        heat_rate="recip_engine.heat_rate_hhv_full_load",
        per_mwh="recip_engine.om_variable",
        is_generator=True,
        left_out=_GAS,
    ),
    "aero_turbine": Plant(
        ("aero_gt.capex", "aero_gt.overbuild_ratio"),
        heat_rate="aero_gt.heat_rate_hhv_full_load",
        per_mwh="aero_gt.vom",
        is_generator=True,
        left_out=(*_GAS, "fixed upkeep: no fact"),
    ),
    "frame_or_ccgt": Plant(
        ("ccgt.capex_market", "ccgt.overbuild_ratio"),
        heat_rate="ccgt.heat_rate_hhv_full_load",
        per_mwh="ccgt.vom",
        per_kw_year="ccgt.fom",
        is_generator=True,
        left_out=_GAS,
    ),
    "fuel_cell": Plant(
        ("sofc.capex",),
        credit="us_tax.itc_fuel_cell_48e",
        heat_rate="sofc.heat_rate_full_load",
        per_mwh="fuel_cell_generic.om_variable",
        is_generator=True,
        left_out=(*_GAS, "spare modules: no overbuild fact"),
    ),
    "nuclear": Plant(
        ("way.nuclear_colocation_capex",),
        is_priced=False,
        left_out=("what the plant asks for its energy: no fact",),
    ),
}
"""Way to what it costs; every grid queue is :data:`GRID`."""

MINE_KEYS: Final = ("site_sale.price_energised", "way.energised_mine_capex")

FACT_KEYS: Final = tuple(
    dict.fromkeys(
        (
            *WAY_KEYS,
            *MINE_KEYS,
            "site_sale.cost",
            "failure.salvage",
            "discount.base_rate",
            "us_tax.bonus_depreciation",
            *(
                key
                for plant in PLANTS.values()
                for key in (*plant.capital, plant.credit, plant.heat_rate, plant.per_mwh, plant.per_kw_year)
                if key is not None
            ),
        )
    )
)
"""Facts the league reads, beside those of the valuation behind it."""


def plant_of(way: str) -> Plant:
    """What a way costs, by its name."""
    return PLANTS.get(way) or PLANTS[GRID]


@dataclass(frozen=True, slots=True)
class WayMoney:
    """Facts, rates, and present values at first rent of the energy that a gross watt draws until the horizon.

    Attributes
    ----------
    facts
        Filled facts, those of :data:`FACT_KEYS` among them.
    rate_frac, tax_frac
        Base rate, and tax on income. [1/year, 1]
    grid_usd_per_w
        Delivered energy from the grid. [USD/W]
    per_heat_rate_usd_per_w
        Gas for each MMBtu that a MWh takes. [USD/W]
    per_usd_per_mwh_usd_per_w, per_usd_per_w_year_usd_per_w
        Running cost for each dollar of today by MWh, and by watt and year. [USD/W]
    """

    facts: Mapping[str, Fact]
    rate_frac: float
    tax_frac: float
    grid_usd_per_w: float
    per_heat_rate_usd_per_w: float
    per_usd_per_mwh_usd_per_w: float
    per_usd_per_w_year_usd_per_w: float

    def capital_usd_per_kw(self, plant: Plant) -> float:
        """Capital of a gross kW before tax; what a site costs for the mine. [USD/kW]"""
        if not plant.capital:
            price, works = (self._fact(key) for key in MINE_KEYS)
            return price * W_PER_KW + works
        return prod(self._fact(key) for key in plant.capital)

    def credit_frac(self, plant: Plant) -> float:
        """Investment tax credit. [1]"""
        return self._fact(plant.credit)

    def shield_frac(self, plant: Plant) -> float:
        """Tax saved by writing the capital off once there is income. [1]"""
        if not plant.written_off:
            return 0.0
        basis = 1.0 - self.credit_frac(plant) * _BASIS_LOST_PER_CREDIT_FRAC
        return self.tax_frac * self._fact("us_tax.bonus_depreciation") * basis

    def sale_usd_per_w(self, plant: Plant) -> float:
        """What stands there fetches without a tenant: machines a share of their cost, else the connection. [USD/W]"""
        if plant.is_generator:
            return self._fact("failure.salvage") * self.capital_usd_per_kw(plant) / W_PER_KW
        return self._fact("site_sale.price_energised") * (1.0 - self._fact("site_sale.cost"))

    def energy_usd_per_w(self, plant: Plant) -> float | None:
        """On-site energy less the grid's, after tax, at first rent; 0 on the grid, None where no fact tells. [USD/W]"""
        if not plant.is_generator:
            return 0.0 if plant.is_priced else None
        spare = prod(self._fact(key) for key in plant.capital[1:])
        own = (
            self.per_heat_rate_usd_per_w * self._fact(plant.heat_rate)
            + self.per_usd_per_mwh_usd_per_w * self._fact(plant.per_mwh)
            + self.per_usd_per_w_year_usd_per_w * self._fact(plant.per_kw_year) / W_PER_KW * spare
        )
        return (own - self.grid_usd_per_w) * (1.0 - self.tax_frac)

    def _fact(self, key: str | None) -> float:
        return 0.0 if key is None else self.facts[key].value


def way_money(laid_out: Plan, facts: Mapping[str, Fact]) -> WayMoney:
    """What all ways share, on the central path of a plan with one site.

    Parameters
    ----------
    laid_out
        Plan of the site.
    facts
        Filled facts, those of :data:`FACT_KEYS` among them.
    """
    site, world = laid_out.sites[0], central_world(laid_out)
    params, paths = world.params, world.paths
    dates = central_case(laid_out, site, site.parts[0], world).timeline
    first = min(int(dates.first_revenue_month[0]), paths.n_month - 2)
    months = slice(first + 1, paths.n_month)
    factor, prices = site.discount[months] / site.discount[first], paths.price_index[months, 0]
    critical = 1.0 / params[uses.GROSS_PER_IT_KEY]  # of one gross MW
    mwh = float(hall_mwh_per_month(critical, params[HALL_LOAD_KEY], params[HALL_PUE_KEY])[0]) / W_PER_MW
    delivered = paths.power_usd_per_mwh[site.region][months, 0] + float(params[adder_key(site.region)][0]) * prices
    return WayMoney(
        facts=facts,
        rate_frac=facts["discount.base_rate"].value,
        tax_frac=site.rules.rate_frac,
        grid_usd_per_w=mwh * float(np.sum(delivered * factor)),
        per_heat_rate_usd_per_w=mwh * float(np.sum(paths.gas_usd_per_mmbtu[months, 0] * factor)),
        per_usd_per_mwh_usd_per_w=mwh * float(np.sum(prices * factor)),
        per_usd_per_w_year_usd_per_w=float(np.sum(prices * factor)) / MONTHS_PER_YEAR,
    )
