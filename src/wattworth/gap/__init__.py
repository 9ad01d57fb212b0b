"""The national balance: published models of a power gap as data, run as a distribution, and tied to the sites.

``gap("morgan-stanley-2025-11", "expected")`` runs a packaged model, ``read_model`` one of your own;
``site_curves(study).supply(years)`` puts a portfolio in place of a model's bitcoin sites.
"""

from wattworth.gap.balance import DRAWS, SEED, gap
from wattworth.gap.cases import Band, DemandCase, demand_cases
from wattworth.gap.chips import ChipPath, ChipTerms, chip_draws, chip_path, chips_gw
from wattworth.gap.curves import SupplyCurve
from wattworth.gap.documents import gap_document
from wattworth.gap.factories import SOURCES, FactorySource, factory_curve
from wattworth.gap.feedback import rent_ratio, with_scarcity
from wattworth.gap.headroom import Headroom, area_headroom_gw, headroom
from wattworth.gap.reading import DEFAULT_MODEL, model_names, read_model
from wattworth.gap.result import GapResult
from wattworth.gap.schema import GapModel
from wattworth.gap.sites import SiteCurves, site_curves
from wattworth.gap.terms import Mode
from wattworth.gap.versions import Version, versions

__all__ = [
    "DEFAULT_MODEL",
    "DRAWS",
    "SEED",
    "SOURCES",
    "Band",
    "ChipPath",
    "ChipTerms",
    "DemandCase",
    "FactorySource",
    "GapModel",
    "GapResult",
    "Headroom",
    "Mode",
    "SiteCurves",
    "SupplyCurve",
    "Version",
    "area_headroom_gw",
    "chip_draws",
    "chip_path",
    "chips_gw",
    "demand_cases",
    "factory_curve",
    "gap",
    "gap_document",
    "headroom",
    "model_names",
    "read_model",
    "rent_ratio",
    "site_curves",
    "versions",
    "with_scarcity",
]
