"""Compiles the kernels of this room on a tiny case, for a process that has nothing better to do."""

from __future__ import annotations

import numpy as np

from wattworth.finance.irr import internal_rates_frac
from wattworth.finance.metrics import discount_factors
from wattworth.finance.statement import TaxRules, peak_equity_usd, statement
from wattworth.records import CashLines, Line


def compile_kernels() -> None:
    """Leave the compiled statement and rates of return in the cache."""
    month, nothing = np.ones(1, dtype=np.int64), np.zeros(1)
    lines = CashLines(np.zeros((len(Line), 13, 1)), month, month, nothing, month, nothing, nothing)
    statement(lines, TaxRules(0.25, 1.0, 0.8, "carried"), discount_factors(0.06, 13))
    several_roots = np.zeros((25, 1))
    several_roots[::12, 0] = -100.0, 230.0, -132.0
    one_root = np.array([[-1.0], [1.1]])
    for cash_usd in (several_roots, one_root):
        internal_rates_frac(cash_usd)
    peak_equity_usd(one_root)
