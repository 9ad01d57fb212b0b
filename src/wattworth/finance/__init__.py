"""After-tax statements, and the metrics taken from them."""

from wattworth.finance.compiling import compile_kernels
from wattworth.finance.depreciation import MACRS_HALF_YEAR_FRAC, depreciation_usd
from wattworth.finance.irr import IRR_STATUS, internal_rates_frac
from wattworth.finance.ledger import ledger
from wattworth.finance.metrics import (
    annual_to_monthly_frac,
    annuity_factor,
    capital_recovery_factor,
    discount_factors,
    enterprise_value_per_w,
    implied_rate_frac,
    present_value_usd,
)
from wattworth.finance.statement import Statement, TaxRules, peak_equity_usd, statement

__all__ = [
    "IRR_STATUS",
    "MACRS_HALF_YEAR_FRAC",
    "Statement",
    "TaxRules",
    "annual_to_monthly_frac",
    "annuity_factor",
    "capital_recovery_factor",
    "compile_kernels",
    "depreciation_usd",
    "discount_factors",
    "enterprise_value_per_w",
    "implied_rate_frac",
    "internal_rates_frac",
    "ledger",
    "peak_equity_usd",
    "present_value_usd",
    "statement",
]
