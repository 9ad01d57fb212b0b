"""The memo of a run as PDF: blocks of text and tables, drawn from the parts of the page, set in type by Typst."""

from wattworth.reports.memo.memo import ROOMS, memo_pdf, write_memo

__all__ = ["ROOMS", "memo_pdf", "write_memo"]
