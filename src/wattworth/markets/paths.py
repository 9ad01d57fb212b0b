"""Everything that is priced in a market, drawn together: one set of shocks, two measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals
from wattworth.facts import Fact
from wattworth.markets import network
from wattworth.markets.factors import (
    CORRELATION_KEYS,
    FACTORS,
    Motion,
    correlated,
    correlation_root,
    lognormal_paths,
)
from wattworth.markets.regions import known_region, level_key, region_shape
from wattworth.records import Calendar, MarketPaths, ParameterDraws
from wattworth.records.axes import month_number
from wattworth.records.paths import Measure
from wattworth.units import MONTHS_PER_YEAR

FACT_KEYS: Final = (
    "global.us_10y",
    "global.mature_erp_jan2026",
    "price_level.growth",
    "btc.price",
    "btc.volatility",
    "btc.volatility_long_run",
    "btc.volatility_half_life",
    "btc.beta",
    *network.FACT_KEYS,
    "lease_landlord_pays_capex.rent_year1",
    *(f"rent.{name}" for name in ("growth", "volatility", "mean_reversion", "beta")),
    *(f"build_cost.{name}" for name in ("growth", "growth_half_life", "volatility", "beta")),
    *(f"site_price.{name}" for name in ("growth", "volatility", "mean_reversion", "beta")),
    *(f"power.{name}" for name in ("growth", "beta", "common_share")),
    *CORRELATION_KEYS,
)
"""Facts every market path reads; add :func:`wattworth.markets.region_keys` of each region."""

_NOISE: Final = ("btc.volatility", "btc.volatility_long_run", "network.noise", "rent.volatility")
_NOISE_TOO: Final = ("build_cost.volatility", "site_price.volatility")


class Declared(Protocol):
    """What the markets read of a filled study."""

    @property
    def as_of(self) -> str: ...  # noqa: D102
    @property
    def horizon_years(self) -> int: ...  # noqa: D102
    @property
    def facts(self) -> Mapping[str, Fact]: ...  # noqa: D102


def draw(
    study: Declared, params: ParameterDraws, seed: int, chunks: range, regions: Iterable[str]
) -> tuple[MarketPaths, MarketPaths]:
    """Market paths of whole chunks of draws under both measures, on the same shocks.

    Parameters
    ----------
    study
        As-of month, horizon and filled facts.
    params
        Facts by draw, 256 for each chunk.
    seed
        Seed of the run.
    chunks
        Numbers of the chunks.
    regions
        Power regions to price.

    Returns
    -------
    pricing, real_world
        Month 0 is the as-of state, month m the mean of month m.
    """
    wanted = tuple(regions)
    n_step = Calendar(study.as_of, study.horizon_years).n_month - 1
    shocks = {name: normals(seed, f"market:{name}", chunks, n_step) for name in shock_names(wanted)}
    pricing, real_world = (simulate(study, params, shocks, wanted, measure) for measure in ("pricing", "real_world"))
    return pricing, real_world


def central(study: Declared, params: ParameterDraws, regions: Iterable[str]) -> MarketPaths:
    """Return the deterministic path: pricing drifts, no volatility, one draw."""
    wanted = tuple(regions)
    n_step = Calendar(study.as_of, study.horizon_years).n_month - 1
    still = np.zeros(params.n_draw)
    quiet = (*_NOISE, *_NOISE_TOO, *(f"power_{region}.volatility" for region in wanted))
    calm = ParameterDraws({**params.values, **dict.fromkeys(quiet, still)})
    zeros = np.zeros((n_step, params.n_draw))
    return simulate(study, calm, dict.fromkeys(shock_names(wanted), zeros), wanted, "pricing")


def shock_names(regions: Iterable[str]) -> tuple[str, ...]:
    """Names of the independent shocks behind a set of regions."""
    return (*FACTORS, "network", *(f"power:{region}" for region in regions))


def simulate(
    study: Declared,
    params: ParameterDraws,
    shocks: Mapping[str, NDArray[np.float64]],
    regions: Iterable[str],
    measure: Measure,
) -> MarketPaths:
    """Market paths on given shocks under one measure.

    Parameters
    ----------
    study
        As-of month, horizon and filled facts.
    params
        Facts by draw.
    shocks
        :func:`shock_names` to arrays of independent standard normals, shape (month - 1, draw).
    regions
        Power regions to price.
    measure
        ``pricing`` takes beta times the equity risk premium from every drift.

    Raises
    ------
    FactError
        If the correlations cannot hold together.
    """
    wanted = tuple(regions)
    calendar = Calendar(study.as_of, study.horizon_years)
    moved = correlated(shocks, correlation_root(study.facts))
    years = np.arange(calendar.n_month)[:, None] / MONTHS_PER_YEAR
    erp = params["global.mature_erp_jan2026"]
    priced = erp if measure == "pricing" else np.zeros_like(erp)
    price_index = np.exp(np.log1p(params["price_level.growth"]) * years)
    btc = _btc(params, years, priced, moved["btc"])
    height_month = month_number(study.facts["network.block_height"].as_of[:7])
    mining = network.network_paths(
        btc, price_index, params, shocks["network"], month_number(study.as_of) - height_month
    )
    start = params["lease_landlord_pays_capex.rent_year1"]
    return MarketPaths(
        measure=measure,
        btc_usd=btc,
        network_eh_per_s=mining.network_eh_per_s,
        hashprice_usd_per_ph_day=mining.hashprice_usd_per_ph_day,
        asic_usd_per_th=mining.asic_usd_per_th,
        asic_j_per_th=mining.asic_j_per_th,
        rent_usd_per_kw_month=_grown("rent", start, params, years, priced, moved["rent"]),
        build_cost_index=_build_cost(params, years, priced, moved["build_cost"]),
        price_index=price_index,
        site_price_index=_grown("site_price", np.ones_like(erp), params, years, priced, moved["site_price"]),
        power_usd_per_mwh={
            region: _power(region, calendar, params, priced, (moved["power"], shocks[f"power:{region}"]))
            for region in wanted
        },
        curves={region: region_shape(region).curve for region in wanted},
    )


def _btc(
    params: ParameterDraws, years: NDArray[np.float64], priced: NDArray[np.float64], shocks: NDArray[np.float64]
) -> NDArray[np.float64]:
    premium = params["btc.beta"] * params["global.mature_erp_jan2026"]
    drift = np.log1p(params["global.us_10y"]) + premium
    motion = Motion(
        volatility=params["btc.volatility"],
        speed=np.zeros_like(premium),
        premium=params["btc.beta"] * priced,
        volatility_long_run=params["btc.volatility_long_run"],
        volatility_half_life=params["btc.volatility_half_life"],
    )
    return lognormal_paths(params["btc.price"] * np.exp(drift * years), motion, shocks)


def _grown(  # noqa: PLR0913 - a price is its name, its start and the world it moves in
    name: str,
    start: NDArray[np.float64],
    params: ParameterDraws,
    years: NDArray[np.float64],
    priced: NDArray[np.float64],
    shocks: NDArray[np.float64],
) -> NDArray[np.float64]:
    motion = Motion(params[f"{name}.volatility"], params[f"{name}.mean_reversion"], params[f"{name}.beta"] * priced)
    return lognormal_paths(start * np.exp(np.log1p(params[f"{name}.growth"]) * years), motion, shocks)


def _build_cost(
    params: ParameterDraws, years: NDArray[np.float64], priced: NDArray[np.float64], shocks: NDArray[np.float64]
) -> NDArray[np.float64]:
    half_life = params["build_cost.growth_half_life"]
    prices = np.log1p(params["price_level.growth"])
    extra = np.log1p(params["build_cost.growth"]) - prices
    log_expected = prices * years + extra * (1.0 - 0.5 ** (years / half_life)) * half_life / np.log(2.0)
    motion = Motion(params["build_cost.volatility"], np.zeros_like(prices), params["build_cost.beta"] * priced)
    return lognormal_paths(np.exp(log_expected), motion, shocks)


def _power(
    region: str,
    calendar: Calendar,
    params: ParameterDraws,
    priced: NDArray[np.float64],
    shocks: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    known_region(region, "power prices")
    months = np.arange(calendar.n_month)
    season = region_shape(region).season[(month_number(calendar.as_of) + months) % MONTHS_PER_YEAR]
    growth = np.log1p(params["power.growth"]) / MONTHS_PER_YEAR
    expected = params[level_key(region)] * season[:, None] * np.exp(growth * months[:, None])
    motion = Motion(
        params[f"power_{region}.volatility"], params[f"power_{region}.mean_reversion"], params["power.beta"] * priced
    )
    common, own = shocks
    share = params["power.common_share"]
    return lognormal_paths(expected, motion, np.sqrt(share) * common + np.sqrt(1.0 - share) * own)
