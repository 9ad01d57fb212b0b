"""Everything that is priced in a market, drawn together: one set of shocks, two measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    scene = _scene(study, params, shocks, wanted)
    return _paths(scene, "pricing"), _paths(scene, "real_world")


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
    return _paths(_scene(study, params, shocks, tuple(regions)), measure)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What both measures share; arrays of shape (month, draw) unless said."""

    calendar: Calendar
    params: ParameterDraws
    regions: tuple[str, ...]
    years: NDArray[np.float64]  # (month, 1)
    price_index: NDArray[np.float64]
    shocks: Mapping[str, NDArray[np.float64]]  # (month - 1, draw), those of FACTORS correlated
    costs: network.MachineCosts
    months_since_height: int


def _scene(
    study: Declared, params: ParameterDraws, shocks: Mapping[str, NDArray[np.float64]], regions: tuple[str, ...]
) -> _Scene:
    calendar = Calendar(study.as_of, study.horizon_years)
    years = np.arange(calendar.n_month)[:, None] / MONTHS_PER_YEAR
    price_index = np.exp(np.log1p(params["price_level.growth"]) * years)
    moved = {**shocks, **correlated(shocks, correlation_root(study.facts))}
    share = params["power.common_share"]
    for region in regions:
        name = f"power:{known_region(region, 'power prices')}"
        moved[name] = np.sqrt(share) * moved["power"] + np.sqrt(1.0 - share) * shocks[name]
    return _Scene(
        calendar=calendar,
        params=params,
        regions=regions,
        years=years,
        price_index=price_index,
        shocks=moved,
        costs=network.machine_costs(price_index, params),
        months_since_height=-calendar.index(study.facts["network.block_height"].as_of[:7]),
    )


def _paths(scene: _Scene, measure: Measure) -> MarketPaths:
    params, shocks = scene.params, scene.shocks
    erp = params["global.mature_erp_jan2026"]
    priced = erp if measure == "pricing" else np.zeros_like(erp)
    btc = _btc(scene, priced)
    mining = network.network_paths(btc, scene.costs, params, shocks["network"], scene.months_since_height)
    return MarketPaths(
        measure=measure,
        btc_usd=btc,
        network_eh_per_s=mining.network_eh_per_s,
        hashprice_usd_per_ph_day=mining.hashprice_usd_per_ph_day,
        asic_usd_per_th=mining.asic_usd_per_th,
        asic_j_per_th=scene.costs.best_j_per_th,
        rent_usd_per_kw_month=_reverting(scene, "rent", params["lease_landlord_pays_capex.rent_year1"], priced),
        build_cost_index=_build_cost(scene, priced),
        price_index=scene.price_index,
        site_price_index=_reverting(scene, "site_price", np.ones_like(erp), priced),
        power_usd_per_mwh={region: _power(scene, region, priced) for region in scene.regions},
        curves={region: region_shape(region).curve for region in scene.regions},
    )


def _btc(scene: _Scene, priced: NDArray[np.float64]) -> NDArray[np.float64]:
    params = scene.params
    drift = np.log1p(params["global.us_10y"]) + params["btc.beta"] * params["global.mature_erp_jan2026"]
    motion = Motion(
        volatility_frac=params["btc.volatility"],
        reversion_frac_per_year=np.zeros_like(drift),
        premium_frac_per_year=params["btc.beta"] * priced,
        long_run_volatility_frac=params["btc.volatility_long_run"],
        half_life_years=params["btc.volatility_half_life"],
    )
    return lognormal_paths(params["btc.price"], drift * scene.years, motion, scene.shocks["btc"])


def _reverting(
    scene: _Scene, name: str, start: NDArray[np.float64], priced: NDArray[np.float64]
) -> NDArray[np.float64]:
    params = scene.params
    growth = np.log1p(params[f"{name}.growth"]) * scene.years
    motion = Motion(params[f"{name}.volatility"], params[f"{name}.mean_reversion"], params[f"{name}.beta"] * priced)
    return lognormal_paths(start, growth, motion, scene.shocks[name])


def _build_cost(scene: _Scene, priced: NDArray[np.float64]) -> NDArray[np.float64]:
    params, years = scene.params, scene.years
    half_life = params["build_cost.growth_half_life"]
    prices = np.log1p(params["price_level.growth"])
    extra = np.log1p(params["build_cost.growth"]) - prices
    growth = prices * years + extra * (1.0 - 0.5 ** (years / half_life)) * half_life / np.log(2.0)
    motion = Motion(params["build_cost.volatility"], np.zeros_like(prices), params["build_cost.beta"] * priced)
    return lognormal_paths(np.ones_like(prices), growth, motion, scene.shocks["build_cost"])


def _power(scene: _Scene, region: str, priced: NDArray[np.float64]) -> NDArray[np.float64]:
    params, months = scene.params, np.arange(scene.calendar.n_month)
    season = region_shape(region).season_ratio[(month_number(scene.calendar.as_of) + months) % MONTHS_PER_YEAR]
    growth = np.log(season)[:, None] + np.log1p(params["power.growth"]) * scene.years
    prefix = f"power_{region}"
    motion = Motion(params[f"{prefix}.volatility"], params[f"{prefix}.mean_reversion"], params["power.beta"] * priced)
    return lognormal_paths(params[level_key(region)], growth, motion, scene.shocks[f"power:{region}"])
