"""Composes one site, its uses and the draws into value."""

from wattworth.valuation.assemble import bytes_per_draw
from wattworth.valuation.plan import fact_keys
from wattworth.valuation.run import DEFAULT_DRAWS, DEFAULT_SEED, SPECS, Run, read_study, value

__all__ = ["DEFAULT_DRAWS", "DEFAULT_SEED", "SPECS", "Run", "bytes_per_draw", "fact_keys", "read_study", "value"]
