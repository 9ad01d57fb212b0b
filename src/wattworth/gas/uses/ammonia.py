"""Ammonia, shipped."""

from __future__ import annotations

from wattworth.gas.plant import shipped_chemical

USE = shipped_chemical("ammonia", "ammonia.capex_grey_2025usd")
