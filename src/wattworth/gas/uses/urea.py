"""Urea, with the ammonia it is made of in one complex, shipped; the field gives off the carbon that it bound."""

from __future__ import annotations

from wattworth.gas.plant import shipped_chemical

USE = shipped_chemical("urea", "urea.capex")
