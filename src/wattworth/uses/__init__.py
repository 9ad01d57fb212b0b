"""What a site's megawatts can do: one file per use, one small interface."""

from wattworth.uses.base import Case, MiningFlows, Options, Use, World
from wattworth.uses.bitcoin import Bitcoin
from wattworth.uses.energy import FACT_KEYS as LEDGER_KEYS
from wattworth.uses.gpu_cloud import GpuCloud
from wattworth.uses.grid import Grid
from wattworth.uses.hall import GROSS_PER_IT_KEY
from wattworth.uses.hold import Hold
from wattworth.uses.hybrid import Hybrid
from wattworth.uses.mining import mining_flows
from wattworth.uses.powered_shell import PoweredShell
from wattworth.uses.registry import BUILT_IN, GROUP, fact_book, registered
from wattworth.uses.site_sale import SiteSale
from wattworth.uses.turnkey import Turnkey

__all__ = [
    "BUILT_IN",
    "GROSS_PER_IT_KEY",
    "GROUP",
    "LEDGER_KEYS",
    "Bitcoin",
    "Case",
    "GpuCloud",
    "Grid",
    "Hold",
    "Hybrid",
    "MiningFlows",
    "Options",
    "PoweredShell",
    "SiteSale",
    "Turnkey",
    "Use",
    "World",
    "fact_book",
    "mining_flows",
    "registered",
]
