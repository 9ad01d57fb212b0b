"""How cells look: what may be changed, what a formula gives, and how numbers of a unit are shown."""

from __future__ import annotations

from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

_FORMATS: Final = {
    "USD": "#,##0;[Red]-#,##0;-",
    "$": "#,##0;[Red]-#,##0;-",
    "$/W": "0.0000;[Red]-0.0000",
    "1": "0.0000",
    "1/year": "0.00%",
    "month": "0.##",
    "year": "0.##",
    "MW": "#,##0.0##",
    "MWh": "#,##0;-#,##0;-",
    "$/MWh": "#,##0.00",
    "ratio": "0.00x",
    "x": "0.0000",
}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "input": {"font_color": "#0000CC", "bg_color": "#FFF8DC", "border": 1, "border_color": "#D9C98A"},
    "given": {"font_color": "#0000CC"},
    "switched": {"font_color": "#0000CC", "bg_color": "#E6F0E6"},
    "formula": {"font_color": "#000000"},
    "result": {"font_color": "#000000", "bold": True},
    "check": {"font_color": "#1B6E3C", "bold": True},
    "note": {"font_color": "#666666", "italic": True},
}


class PlainWorksheet(Worksheet):
    """A sheet whose formulas hold no function younger than 2007, so that none needs a rewriting: it takes most time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Styles:
    """Formats of one workbook: blue is entered, black is computed."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}
        self.tab = "#2F5D7C"
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#2F5D7C"})
        self.head = book.add_format({"bold": True, "bg_color": "#DDE7EE", "bottom": 1})
        self.head_number = book.add_format({"bold": True, "bg_color": "#DDE7EE", "bottom": 1, "num_format": "0"})
        self.label = book.add_format({})
        self.unit = book.add_format({"font_color": "#666666"})
        self.note = book.add_format(_LOOKS["note"])
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.text = book.add_format({"num_format": "@"})
        self.wrong = book.add_format({"font_color": "#FFFFFF", "bg_color": "#B3261E", "bold": True})

    def of(self, look: str, unit: str) -> Any:
        """Format of a look and a unit."""
        if (look, unit) not in self._made:
            shown = "General" if look == "check" else _FORMATS.get(unit, "#,##0.######")
            made = {**_LOOKS[look], "num_format": shown}
            self._made[look, unit] = self._book.add_format(made)
        return self._made[look, unit]
