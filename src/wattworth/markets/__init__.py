"""Correlated monthly market paths: bitcoin and its network, power, rent, building cost, sites."""

from wattworth.markets.paths import FACT_KEYS, central, draw, shock_names, simulate
from wattworth.markets.regions import REGIONS, adder_key, level_key, market_region, region_keys, region_shape

__all__ = [
    "FACT_KEYS",
    "REGIONS",
    "adder_key",
    "central",
    "draw",
    "level_key",
    "market_region",
    "region_keys",
    "region_shape",
    "shock_names",
    "simulate",
]
