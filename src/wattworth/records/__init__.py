"""Frozen records that cross rooms, and the conventions of axes, signs and time they carry.

Axes stand in the order ``(line, month, draw)``, draws contiguous in memory. Month 0 is the
study's as-of month; the flow of month ``m`` moves at the end of that month, so index 0 holds
what moves at once. Inflows are positive. Money is nominal unless the name says ``_real``.
"""

from wattworth.records.axes import CHUNK_DRAWS, INNER_DRAWS, SCHEMA_VERSION, Calendar
from wattworth.records.cash import CashLines, Line
from wattworth.records.paths import (
    DurationCurve,
    HourlySeries,
    MarketPaths,
    MarketSeries,
    MonthlySeries,
    ParameterDraws,
    Timeline,
)

__all__ = [
    "CHUNK_DRAWS",
    "INNER_DRAWS",
    "SCHEMA_VERSION",
    "Calendar",
    "CashLines",
    "DurationCurve",
    "HourlySeries",
    "Line",
    "MarketPaths",
    "MarketSeries",
    "MonthlySeries",
    "ParameterDraws",
    "Timeline",
]
