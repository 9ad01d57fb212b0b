"""One project in three vehicles, corporation, project company and trust, and under the tax of other countries."""

from wattworth.finance.vehicles.abroad import CaseAbroad, after_withholding, case_abroad
from wattworth.finance.vehicles.cash import (
    Distribution,
    HolderCash,
    HolderRates,
    corporate_tax_usd,
    distribute,
    holder_rates,
    to_holders,
)
from wattworth.finance.vehicles.comparison import (
    VEHICLE_ROWS,
    Vehicle,
    VehicleComparison,
    compare_vehicles,
)
from wattworth.finance.vehicles.measures import (
    PropertyMeasures,
    adjusted_funds_usd,
    funds_from_operations_usd,
    net_asset_value_usd,
)
from wattworth.finance.vehicles.rows import ROWS, PropertyRows, rows_of_project
from wattworth.finance.vehicles.rules import FACT_KEYS, VehicleRules
from wattworth.finance.vehicles.split import Halves, halve
from wattworth.finance.vehicles.status import MUST_PASS, TrustTest, TrustYears, trust_tests
from wattworth.finance.vehicles.terms import Activity, Holders, TrustTerms, VehicleTerms
from wattworth.finance.vehicles.trust import Business, Trust, pay_out, set_up_trust

__all__ = [
    "FACT_KEYS",
    "MUST_PASS",
    "ROWS",
    "VEHICLE_ROWS",
    "Activity",
    "Business",
    "CaseAbroad",
    "Distribution",
    "Halves",
    "HolderCash",
    "HolderRates",
    "Holders",
    "PropertyMeasures",
    "PropertyRows",
    "Trust",
    "TrustTerms",
    "TrustTest",
    "TrustYears",
    "Vehicle",
    "VehicleComparison",
    "VehicleRules",
    "VehicleTerms",
    "adjusted_funds_usd",
    "after_withholding",
    "case_abroad",
    "compare_vehicles",
    "corporate_tax_usd",
    "distribute",
    "funds_from_operations_usd",
    "halve",
    "holder_rates",
    "net_asset_value_usd",
    "pay_out",
    "rows_of_project",
    "set_up_trust",
    "to_holders",
    "trust_tests",
]
