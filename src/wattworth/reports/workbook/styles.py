"""How cells look: what may be changed, what a formula gives, and how numbers of a unit are shown."""

from __future__ import annotations

from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from wattworth.reports.workbook.wording import Said, Tongue, as_is, reads_from_right, say

_FORMATS: Final = {
    "USD": "#,##0;[Red]-#,##0;-",
    "$": "#,##0;[Red]-#,##0;-",
    "$/W": "0.0000;[Red]-0.0000",
    "1": "0.0000",
    "1/year": "0.00%",
    "": "General",
    "month": "General",
    "year": "General",
    "MW": "#,##0.0##",
    "MWh": "#,##0;-#,##0;-",
    "$/MWh": "#,##0.00",
    "ratio": "0.00x",
    "x": "0.0000",
}
_OTHERS: Final = "[>=1000]#,##0;[>=1]0.00;0.0000"
"""Format of every other unit, by the size of the number."""
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "input": {"font_color": "#0000CC", "bg_color": "#FFF8DC", "border": 1, "border_color": "#D9C98A"},
    "given": {"font_color": "#0000CC"},
    "switched": {"font_color": "#0000CC", "bg_color": "#E6F0E6"},
    "formula": {"font_color": "#000000"},
    "result": {"font_color": "#000000", "bold": True},
    "check": {"font_color": "#1B6E3C", "bold": True},
    "note": {"font_color": "#666666", "italic": True},
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#2F5D7C"},
    "head": {"bold": True, "bg_color": "#DDE7EE", "bottom": 1},
    "columns": {"bold": True, "bg_color": "#DDE7EE", "bottom": 1, "text_wrap": True, "valign": "top"},
    "label": {},
    "unit": {"font_color": "#666666"},
}
_FROM_LEFT: Final = {"reading_order": 1}
_FROM_RIGHT: Final = {"reading_order": 2}
LONGEST: Final = 32_000
"""Letters that a cell holds."""
FONTS: Final = {"rtl": {"font_name": "Arial"}, "ltr": {}}
"""Font by direction of the script, by name: one that every system has in that script."""


class PlainWorksheet(Worksheet):
    """A sheet whose formulas hold no function younger than 2007, so that none needs a rewriting: it takes most time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Styles:
    """Formats of one workbook, in one language: blue is entered, black is computed."""

    tab: Final = "#2F5D7C"

    def __init__(self, book: xlsxwriter.Workbook, tongue: Tongue) -> None:
        self._book, self.tongue = book, tongue
        self._made: dict[tuple[str, str], Any] = {}

    def set_direction(self, sheet: Worksheet) -> None:
        """Let a sheet run the way its language does, with the number of the page in the corner where lines end."""
        pages = self.tongue.plain(say("Page {page} of {pages}", page=as_is("&P"), pages=as_is("&N")))
        if self.tongue.is_rtl:
            sheet.right_to_left()
            sheet.set_header(f"&L{pages}&R&A")
        else:
            sheet.set_header(f"&L&A&R{pages}")

    def write(self, sheet: Worksheet, line: int, column: int, said: Said, look: str = "label") -> None:
        """Write words into a cell; whatever they are, they are text."""
        text = self.tongue(said)[:LONGEST]
        from_right = reads_from_right(text) if said.kind == "name" else self.tongue.is_rtl
        sheet.write_string(line, column, text, self._of_text(look, from_right))

    def blank(self, sheet: Worksheet, line: int, column: int, look: str) -> None:
        """Colour an empty cell."""
        sheet.write_blank(line, column, None, self._of_text(look, self.tongue.is_rtl))

    def of(self, look: str, unit: str) -> Any:
        """Format of numbers of a look and a unit."""
        if (look, unit) not in self._made:
            shown = self.tongue.number_format(_FORMATS.get(unit, _OTHERS))
            made = {**_LOOKS[look], "num_format": "General" if look == "check" else shown}
            self._made[look, unit] = self._book.add_format({**made, **(_FROM_LEFT if self.tongue.is_rtl else {})})
        return self._made[look, unit]

    def _of_text(self, look: str, from_right: bool) -> Any:
        order = _FROM_RIGHT if from_right else _FROM_LEFT
        key = look, f"text {order['reading_order']}"
        if key not in self._made:
            own = {"align": "right", **order} if self.tongue.is_rtl else {}
            self._made[key] = self._book.add_format({**_LOOKS[look], **own})
        return self._made[key]
