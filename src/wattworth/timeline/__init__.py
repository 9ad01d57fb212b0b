"""Gates and the date of first power."""

from wattworth.timeline.first_power import FACT_KEYS, Clocks, clocks, first_power
from wattworth.timeline.gates import (
    expected_delay_months,
    month_value_usd,
    pert_mean,
    triangular_mean,
    triangular_variance,
)

__all__ = [
    "FACT_KEYS",
    "Clocks",
    "clocks",
    "expected_delay_months",
    "first_power",
    "month_value_usd",
    "pert_mean",
    "triangular_mean",
    "triangular_variance",
]
