"""Gates and the date of first power."""

from wattworth.timeline.first_power import (
    FACT_KEYS,
    SUCCESS_KEYS,
    Clocks,
    clocks,
    failure_frac,
    first_power,
    gate_months,
    own_success_frac,
    slip_months,
    success_fact,
)
from wattworth.timeline.gates import (
    expected_delay_months,
    month_value_usd,
    pert_mean,
    triangular_mean,
    triangular_variance,
)
from wattworth.timeline.networks import own_networks

__all__ = [
    "FACT_KEYS",
    "SUCCESS_KEYS",
    "Clocks",
    "clocks",
    "expected_delay_months",
    "failure_frac",
    "first_power",
    "gate_months",
    "month_value_usd",
    "own_networks",
    "own_success_frac",
    "pert_mean",
    "slip_months",
    "success_fact",
    "triangular_mean",
    "triangular_variance",
]
