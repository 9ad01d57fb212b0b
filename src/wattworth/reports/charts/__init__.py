"""The figures of a run: each defined once, for the web, the page and the memo."""

from wattworth.reports.charts.table import NAMES, OF_RUN, chart, script, spec, svg

__all__ = ["NAMES", "OF_RUN", "chart", "script", "spec", "svg"]
