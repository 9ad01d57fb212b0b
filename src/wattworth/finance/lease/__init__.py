"""A lease abstracted from its paper, on a calendar of months, and the price of delivering it late."""

from wattworth.finance.lease.abstract import (
    Allowance,
    Escalator,
    LateRemedy,
    LeaseAbstract,
    OpexTerms,
    PowerTerms,
    PurchaseOption,
    Renewal,
    Security,
    ServiceTier,
    TerminationRight,
)
from wattworth.finance.lease.delivery import collared_steps_frac, lease_lines
from wattworth.finance.lease.lines import CASH_LINES, LeaseLines, LeaseWorld
from wattworth.finance.lease.pricing import DelayPrice, present_value_of_lines_usd, price_delay

__all__ = [
    "CASH_LINES",
    "Allowance",
    "DelayPrice",
    "Escalator",
    "LateRemedy",
    "LeaseAbstract",
    "LeaseLines",
    "LeaseWorld",
    "OpexTerms",
    "PowerTerms",
    "PurchaseOption",
    "Renewal",
    "Security",
    "ServiceTier",
    "TerminationRight",
    "collared_steps_frac",
    "lease_lines",
    "present_value_of_lines_usd",
    "price_delay",
]
