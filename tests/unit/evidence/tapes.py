"""Small tapes of deals for tests."""

from __future__ import annotations

import csv
from pathlib import Path

from wattworth.evidence.schema import NEEDED, DealRow

LEASE = {
    "row_type": "deal", "group": "lease", "company": "Acme", "product": "turnkey", "lease_structure": "modified gross",
    "power_passthrough": "yes", "capex_payer": "landlord", "counterparty": "Cloudy", "backtest_grade": "A",
    "source": "a filing", "confidence": "high",
}  # fmt: skip
SALE = {**LEASE, "group": "site_sale", "product": "energised mine", "lease_structure": "", "capex_payer": ""}


def lease(deal_id: str, date: str, **cells: object) -> dict[str, object]:
    """A row of a lease: 100 MW, ten years, 1,500 $M stepping 3 % a year, margin 0.85, 9 $M/MW."""
    usual = {
        "critical_it_mw": 100, "term_years": 10, "contract_revenue_usd_m": 1500, "escalator_pct": 3,
        "noi_margin_low": 0.85, "noi_margin_high": 0.85, "capex_usd_m": 900,
    }  # fmt: skip
    return {**LEASE, "deal_id": deal_id, "date_announced": date, **usual, **cells}


def sale(deal_id: str, date: str, price_usd_m: float, price_mw: float, **cells: object) -> dict[str, object]:
    """A row of a site sale."""
    row = {"deal_id": deal_id, "date_announced": date, "price_usd_m": price_usd_m, "price_mw": price_mw}
    return {**SALE, **row, **cells}


def write_tape(path: Path, rows: list[dict[str, object]], columns: tuple[str, ...] | None = None) -> Path:
    """A file of rows, by default with every needed column and those that a row fills."""
    also = {name for row in rows for name in row}
    heads = columns or (*NEEDED, *(name for name in DealRow.model_fields if name in also and name not in NEEDED))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, heads, extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path
