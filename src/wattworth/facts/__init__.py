"""Sourced numbers: each with range, unit, year of money, source, date and confidence.

``load()`` returns every packaged fact; ``table(name)`` a packaged table that is not one of parameters.
"""

from wattworth.facts.book import FactBook
from wattworth.facts.cost_index import CostIndex
from wattworth.facts.countries import CountryRow, country_row
from wattworth.facts.fact import CONFIDENCES, Confidence, DatedFact, Entry, Fact, Gap, currency_of, weakest_first
from wattworth.facts.tables import load, read_csv, table, table_names

__all__ = [
    "CONFIDENCES",
    "Confidence",
    "CostIndex",
    "CountryRow",
    "DatedFact",
    "Entry",
    "Fact",
    "FactBook",
    "Gap",
    "country_row",
    "currency_of",
    "load",
    "read_csv",
    "table",
    "table_names",
    "weakest_first",
]
