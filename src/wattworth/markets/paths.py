"""Everything that is priced in a market, drawn together: one set of shocks, two measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from wattworth.compute.streams import normals
from wattworth.facts import Fact
from wattworth.markets import gpu, network
from wattworth.markets.expected import own_log_path, replaced, spread_name, spread_z, with_range
from wattworth.markets.factors import (
    CORRELATION_KEYS,
    FACTORS,
    Motion,
    correlated,
    correlation_root,
    lognormal_paths,
)
from wattworth.markets.flexible import peak_usd_per_kw_month
from wattworth.markets.regions import RegionShape, known_region, level_key, region_shape
from wattworth.records import (
    Calendar,
    DurationCurve,
    HourlySeries,
    MarketPaths,
    MarketSeries,
    MonthlySeries,
    ParameterDraws,
)
from wattworth.records.axes import month_number
from wattworth.records.paths import Measure
from wattworth.units import MONTHS_PER_YEAR

COMMODITY_CASES: Final = ("2025", "2026")
"""Years whose mean prices of gas a study may stand on."""

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
    *gpu.FACT_KEYS,
    *(f"gas_{case}.henry_hub" for case in COMMODITY_CASES),
    *(f"gas.{name}" for name in ("growth", "volatility", "mean_reversion", "beta")),
    *CORRELATION_KEYS,
)
"""Facts every market path reads; add :func:`wattworth.markets.region_keys` of each region."""

_NOISE: Final = (
    "btc.volatility",
    "btc.volatility_long_run",
    "network.noise",
    "network.fee_volatility",
    *(f"{name}.volatility" for name in ("rent", "build_cost", "site_price", "gas")),
)
"""Facts that are nought on the central path, those of GPUs and regions beside them."""


class Declared(Protocol):
    """What the markets read of a filled study."""

    @property
    def as_of(self) -> str: ...  # noqa: D102
    @property
    def horizon_years(self) -> int: ...  # noqa: D102
    @property
    def facts(self) -> Mapping[str, Fact]: ...  # noqa: D102
    @property
    def commodity_case(self) -> str: ...  # noqa: D102
    @property
    def market_series(self) -> Mapping[str, MarketSeries]: ...  # noqa: D102


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
    shocks |= {spread_name(name): spread_z(seed, name, chunks) for name in with_range(study.market_series)}
    scene = _scene(study, params, shocks, wanted)
    return _paths(scene, "pricing"), _paths(scene, "real_world")


def central(study: Declared, params: ParameterDraws, regions: Iterable[str]) -> MarketPaths:
    """Return the deterministic path: pricing drifts, no volatility, one draw."""
    wanted = tuple(regions)
    n_step = Calendar(study.as_of, study.horizon_years).n_month - 1
    calm = _still(params, (*_NOISE, *gpu.NOISE, *(f"power_{region}.volatility" for region in wanted)))
    zeros = np.zeros((n_step, params.n_draw))
    return simulate(study, calm, dict.fromkeys(shock_names(wanted), zeros), wanted, "pricing")


def _still(params: ParameterDraws, keys: Iterable[str]) -> ParameterDraws:
    """The same facts with some of them nought."""
    return ParameterDraws({**params.values, **dict.fromkeys(keys, np.zeros(params.n_draw))})


def shock_names(regions: Iterable[str]) -> tuple[str, ...]:
    """Names of the independent shocks behind a set of regions."""
    return (*FACTORS, "network", "fees", "gpu_launch", *(f"power:{region}" for region in regions))


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
        As-of month, horizon, filled facts, commodity case and series of its own.
    params
        Facts by draw.
    shocks
        :func:`shock_names` to arrays of independent standard normals, shape (month - 1, draw).
        :func:`wattworth.markets.expected.spread_name` of a series with a range, shape (draw,), may stand
        beside them; without it the series is taken at its values.
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
    fee_ratio: NDArray[np.float64]
    months_since_height: int
    gpu_steps: NDArray[np.float64]
    case: str
    series: Mapping[str, MarketSeries]
    shapes: Mapping[str, RegionShape]

    def monthly(self, name: str) -> MonthlySeries | None:
        """The study's own months of a market, if it brings any."""
        own = self.series.get(name)
        return own if isinstance(own, MonthlySeries) else None


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
        fee_ratio=network.fee_ratio_paths(params, shocks["fees"]),
        months_since_height=_months_since(calendar, study.facts["network.block_height"]),
        gpu_steps=gpu.launch_log_steps(
            params, shocks["gpu_launch"], calendar.n_month, _months_since(calendar, study.facts["gpu.next_launch"])
        ),
        case=study.commodity_case,
        series=study.market_series,
        shapes={region: _shape(region, study.market_series) for region in regions},
    )


def _months_since(calendar: Calendar, fact: Fact) -> int:
    """Months from the date of a fact, the middle of its year where it has no month, to month 0."""
    return -calendar.index(fact.as_of[:7] if len(fact.as_of) >= len("YYYY-MM") else f"{fact.as_of[:4]}-07")


def _shape(region: str, series: Mapping[str, MarketSeries]) -> RegionShape:
    own = series.get(f"power_hours_{region}")
    if not isinstance(own, HourlySeries):
        return region_shape(region)
    return RegionShape(DurationCurve(np.array(own.price_ratio), np.array(own.hours_frac)), np.array(own.season_ratio))


def _paths(scene: _Scene, measure: Measure) -> MarketPaths:
    params = scene.params
    erp = params["global.mature_erp_jan2026"]
    priced = erp if measure == "pricing" else np.zeros_like(erp)
    btc = _btc(scene, priced, scene.shocks["btc"])
    mining = _mining(scene, btc, priced)
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
        curves={region: scene.shapes[region].curve for region in scene.regions},
        power_level_usd_per_mwh={region: _level(scene, region) for region in scene.regions},
        gpu_usd_per_hour=_gpu(scene, priced),
        gpu_per_kw=gpu.generation_per_kw(gpu.NEWEST, params) * np.exp(scene.gpu_steps),
        gas_usd_per_mmbtu=_reverting(scene, "gas", params[f"gas_{scene.case}.henry_hub"], priced),
        peak_usd_per_kw_month={region: _peaks(scene, region) for region in scene.regions},
    )


def _follow(
    scene: _Scene,
    name: str,
    expected: tuple[NDArray[np.float64], NDArray[np.float64]],
    motion: Motion,
    shocks_z: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Paths about an expected start and log growth, or about the study's own figures where it brings them."""
    start, growth = expected
    if (own := scene.monthly(name)) is not None:
        start, growth = replaced(own, scene.calendar, growth, scene.shocks.get(spread_name(name)))
    return lognormal_paths(start, growth, motion, shocks_z)


def _premium(scene: _Scene, name: str, beta: NDArray[np.float64], priced: NDArray[np.float64]) -> NDArray[np.float64]:
    """What shocks take from the drift of a measure; a forward curve has none to give, and real means lie above it."""
    own = scene.monthly(name)
    if own is not None and own.forward:
        return beta * (priced - scene.params["global.mature_erp_jan2026"])
    return beta * priced


def _btc_expected(scene: _Scene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    params = scene.params
    drift = np.log1p(params["global.us_10y"]) + params["btc.beta"] * params["global.mature_erp_jan2026"]
    return params["btc.price"], drift * scene.years


def _btc(scene: _Scene, priced: NDArray[np.float64], shocks_z: NDArray[np.float64]) -> NDArray[np.float64]:
    params = scene.params
    motion = Motion(
        volatility_frac=params["btc.volatility"],
        reversion_frac_per_year=np.zeros_like(priced),
        premium_frac_per_year=_premium(scene, "btc_usd", params["btc.beta"], priced),
        long_run_volatility_frac=params["btc.volatility_long_run"],
        half_life_years=params["btc.volatility_half_life"],
    )
    return _follow(scene, "btc_usd", _btc_expected(scene), motion, shocks_z)


def _mining(scene: _Scene, btc_usd: NDArray[np.float64], priced: NDArray[np.float64]) -> network.NetworkPaths:
    """The network on paths of bitcoin; an own hashprice scales it so that its quiet path is the series."""
    params, costs, since = scene.params, scene.costs, scene.months_since_height
    drawn = network.network_paths(btc_usd, costs, params, scene.shocks["network"], since, scene.fee_ratio)
    own = scene.monthly("hashprice")
    if own is None:
        return drawn
    zeros = np.zeros_like(scene.shocks["network"])
    quiet = replace(scene, params=_still(params, ("btc.volatility", "btc.volatility_long_run")))
    erp = params["global.mature_erp_jan2026"]
    still_btc = _btc(quiet, erp if own.forward else np.zeros_like(priced), zeros)
    still = network.network_paths(still_btc, costs, params, zeros, since).hashprice_usd_per_ph_day
    start, growth = replaced(own, scene.calendar, np.log(still / still[0]), scene.shocks.get(spread_name("hashprice")))
    return network.rescaled(drawn, start * np.exp(growth) / still, costs, params)


def _reverting(
    scene: _Scene, name: str, start: NDArray[np.float64], priced: NDArray[np.float64]
) -> NDArray[np.float64]:
    params = scene.params
    growth = np.log1p(params[f"{name}.growth"]) * scene.years
    premium = _premium(scene, name, params[f"{name}.beta"], priced)
    reversion = np.maximum(params[f"{name}.mean_reversion"], 0.0)
    motion = Motion(params[f"{name}.volatility"], reversion, premium)
    return _follow(scene, name, (start, growth), motion, scene.shocks[name])


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
    season = scene.shapes[region].season_ratio[(month_number(scene.calendar.as_of) + months) % MONTHS_PER_YEAR]
    growth = np.log(season)[:, None] + np.log1p(params["power.growth"]) * scene.years
    name = f"power_{region}"
    premium = _premium(scene, name, params["power.beta"], priced)
    motion = Motion(params[f"{name}.volatility"], params[f"{name}.mean_reversion"], premium)
    return _follow(scene, name, (_hours_level(scene, region), growth), motion, scene.shocks[f"power:{region}"])


def _hours_level(scene: _Scene, region: str) -> NDArray[np.float64]:
    """Mean price of the as-of year: that of the study's own hours, else the fact; shape (draw,)."""
    own, packaged = scene.series.get(f"power_hours_{region}"), scene.params[level_key(region)]
    return np.full_like(packaged, own.level_usd_per_mwh) if isinstance(own, HourlySeries) else packaged


def _level(scene: _Scene, region: str) -> NDArray[np.float64]:
    """The same where the study brings months: the mean of the first twelve of them."""
    level, own = _hours_level(scene, region), scene.monthly(f"power_{region}")
    if own is None:
        return level
    first = own_log_path(own, scene.calendar)[:MONTHS_PER_YEAR]
    return np.full_like(level, np.exp(first).mean())


def _gpu(scene: _Scene, priced: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rent of an H100-equivalent hour; launches lower it except where an own series already holds them."""
    params, steps = scene.params, scene.gpu_steps
    motion = Motion(
        params["gpu.volatility"],
        np.maximum(params["gpu.mean_reversion"], 0.0),
        _premium(scene, "gpu_hour", params["gpu.beta"], priced),
    )
    expected = (params[gpu.START_KEY], gpu.log_growth(params, steps))
    return _follow(scene, "gpu_hour", expected, motion, scene.shocks["gpu"])


def _peaks(scene: _Scene, region: str) -> NDArray[np.float64]:
    return peak_usd_per_kw_month(region, month_number(scene.calendar.as_of), scene.price_index, scene.params)
