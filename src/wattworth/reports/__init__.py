"""What people read: a page to keep, a table for the terminal, and how both print money and months."""

from wattworth.reports.formatting import chance, gigawatts, megawatts, money, money_m, month, per_watt, rate
from wattworth.reports.page import page
from wattworth.reports.terminal import table

__all__ = ["chance", "gigawatts", "megawatts", "money", "money_m", "month", "page", "per_watt", "rate", "table"]
