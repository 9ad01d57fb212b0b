"""Constants of nature, of the calendar and of the Bitcoin protocol's arithmetic.

Names carry their unit as a suffix; fractions stay fractions. Nothing here is an estimate:
an estimate is a fact and lives in ``wattworth.facts``.
"""

from __future__ import annotations

from typing import Final

HOURS_PER_DAY: Final = 24.0
DAYS_PER_YEAR: Final = 365.0
HOURS_PER_YEAR: Final = 8760.0
MONTHS_PER_YEAR: Final = 12
HOURS_PER_MONTH: Final = HOURS_PER_YEAR / MONTHS_PER_YEAR
DAYS_PER_MONTH: Final = DAYS_PER_YEAR / MONTHS_PER_YEAR
SECONDS_PER_DAY: Final = 86_400.0

KW_PER_MW: Final = 1_000.0
W_PER_MW: Final = 1_000_000.0
USD_PER_MUSD: Final = 1_000_000.0

HASHES_PER_EH: Final = 1e18
PH_PER_EH: Final = 1_000.0
TH_PER_PH: Final = 1_000.0
HASHES_PER_DIFFICULTY: Final = 2.0**32
BLOCK_TARGET_S: Final = 600.0
