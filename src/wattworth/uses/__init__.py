"""What a site's megawatts can do: one file per use, one small interface."""

from wattworth.uses.base import Case, MiningFlows, Options, Use, World
from wattworth.uses.bitcoin import Bitcoin
from wattworth.uses.hold import Hold
from wattworth.uses.mining import mining_flows
from wattworth.uses.site_sale import SiteSale
from wattworth.uses.turnkey import GROSS_PER_IT_KEY, Turnkey, pursuit_cost_usd

BUILT_IN: tuple[type[Use], ...] = (Bitcoin, Turnkey, SiteSale, Hold)
"""Uses that ship with the package, in the order results list them."""

__all__ = [
    "BUILT_IN",
    "GROSS_PER_IT_KEY",
    "Bitcoin",
    "Case",
    "Hold",
    "MiningFlows",
    "Options",
    "SiteSale",
    "Turnkey",
    "Use",
    "World",
    "mining_flows",
    "pursuit_cost_usd",
]
