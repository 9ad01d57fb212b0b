"""A run or a project as a workbook: the whole cash flow as live formulas, from named inputs to value."""

from wattworth.reports.workbook.book import MOST_MODELS, chosen_models, write_workbook

__all__ = ["MOST_MODELS", "chosen_models", "write_workbook"]
