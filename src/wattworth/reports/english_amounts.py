"""Amounts as they are said in a language by :mod:`wattworth.reports.numerals`: key to text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AMOUNTS: Final[Mapping[str, str]] = {
    "amount.usd.one": "${n}",
    "amount.usd.many": "${n}",
    "amount.usd_k.one": "${n}k",
    "amount.usd_k.many": "${n}k",
    "amount.usd_m.one": "${n}m",
    "amount.usd_m.many": "${n}m",
    "amount.usd_bn.one": "${n}bn",
    "amount.usd_bn.many": "${n}bn",
    "amount.drawn.usd.one": "${n}",
    "amount.drawn.usd.many": "${n}",
    "amount.drawn.usd_k.one": "${n}k",
    "amount.drawn.usd_k.many": "${n}k",
    "amount.drawn.usd_m.one": "${n}m",
    "amount.drawn.usd_m.many": "${n}m",
    "amount.drawn.usd_bn.one": "${n}bn",
    "amount.drawn.usd_bn.many": "${n}bn",
    "amount.usd.bare": "$",
    "amount.per": "{amount}/{unit}",
    "amount.of": "{n} {unit}",
    "amount.unit.W": "W",
    "amount.unit.kW": "kW",
    "amount.unit.MW": "MW",
    "amount.unit.GW": "GW",
    "amount.unit.kWh": "kWh",
    "amount.unit.MWh": "MWh",
    "amount.unit.GWh": "GWh",
    "amount.unit.TWh": "TWh",
    "amount.unit.kW-month": "kW-month",
    "amount.unit.GPU-h": "GPU-h",
    "amount.unit.PH": "PH",
    "amount.unit.day": "day",
    "amount.unit.month": "month",
    "amount.unit.yr": "yr",
    "amount.unit.year": "year",
}
"""A sum of dollars, a number of a unit, and dollars for one; drawings say less; English prints its own."""
