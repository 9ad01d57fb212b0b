"""A workbook with three faults."""

from __future__ import annotations

import io
from typing import Final

import openpyxl

from wattworth.study import template_workbook
from wattworth.valuation import SPECS

FAULTS: Final = {
    "operating_gross_mw": (1, "1,2OO", "1200"),
    "country": (2, "Atlantis", "US"),
    "confidence": (3, "sure", "low"),
}
"""Column to its row from 0, what is wrong there, and what is right."""


def broken() -> bytes:
    """The packaged study with three faults in its sites."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("us-miners", "mine", SPECS)))
    sites = book["sites"]
    heads = [cell.value for cell in sites[1]]
    for name, (row, wrong, _) in FAULTS.items():
        sites.cell(row + 1, heads.index(name) + 1, wrong)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
