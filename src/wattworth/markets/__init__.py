"""Correlated monthly market paths: bitcoin, power, rent, GPU-hours, gas, cost, sites, flexible load."""

from wattworth.markets.gpu import (
    GENERATIONS,
    generation_keys,
    generation_per_kw,
    generation_usd_per_gpu_hour,
    year_average_usd_per_hour,
)
from wattworth.markets.paths import COMMODITY_CASES, FACT_KEYS, central, draw, shock_names, simulate
from wattworth.markets.regions import REGIONS, adder_key, level_key, market_region, region_keys, region_shape

__all__ = [
    "COMMODITY_CASES",
    "FACT_KEYS",
    "GENERATIONS",
    "REGIONS",
    "adder_key",
    "central",
    "draw",
    "generation_keys",
    "generation_per_kw",
    "generation_usd_per_gpu_hour",
    "level_key",
    "market_region",
    "region_keys",
    "region_shape",
    "shock_names",
    "simulate",
    "year_average_usd_per_hour",
]
