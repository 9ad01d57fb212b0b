"""A study that is being written: its cells, what is wrong with them, and the run that is asked of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Path
from nicegui import run, ui

from wattworth import store
from wattworth.errors import WattworthError
from wattworth.reports.words import Words
from wattworth.store import Cell, Change, Draft
from wattworth.study.tables import column_letters
from wattworth.web import drafting
from wattworth.web.api import jobs
from wattworth.web.pages.frame import page, place, said
from wattworth.web.problems import FaultAt

StudyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
SPARE_ROWS: Final = 5
"""Empty rows offered below the last."""
_TOOLTIP: Final = {":tooltipValueGetter": "each => each.data.f && each.data.f[each.colDef.field]"}
_SHOWN: Final = ("sites", "study", "uses", "facts", "double_counts")


@page("/studies/{study_id}", "study")
def study(words: Words, study_id: StudyId) -> None:
    """The sheets as grids, the faults as a list, and what to run."""
    _Editor(words, drafting.draft_named(study_id)).build()


class _Editor:
    """One open draft: what the page shows follows what the record holds."""

    def __init__(self, words: Words, draft: Draft) -> None:
        self._words, self._draft = words, draft
        self._grid: Any = None
        self._faults: list[FaultAt] = []

    def build(self) -> None:
        words = self._words
        said(self._draft.name, "study-name")
        with ui.element("div").classes("study-bar"):
            self._undo = ui.button(words("web.study.undo"), on_click=self._take_back).props("outline no-caps")
            ui.link(words("web.study.download"), f"/api/v1/studies/{self._draft.draft_id}/workbook")
        self._told = ui.element("section").classes("study-faults").props("aria-live=polite")
        self._look()
        names = [name for name in _SHOWN if name in self._draft.sheets]
        first = next((fault for fault in self._faults if fault.sheet in names), None)
        self._sheet = str(first.sheet) if first else names[0] if names else ""
        with ui.tabs().props("no-caps align=left").classes("study-tabs") as self._tabs:
            for name in names:
                ui.tab(name, label=words(f"web.study.sheet.{name}"))
        self._tabs.set_value(self._sheet)
        self._tabs.on_value_change(lambda event: self._open(str(event.value), None))
        self._panel = ui.element("div").classes("study-panel").props("role=tabpanel")
        self._form()
        self._open(self._sheet, first, focus=False)
        self._tell()

    def _look(self) -> None:
        _, self._faults = drafting.study_of(self._draft)

    def _open(self, sheet: str, fault: FaultAt | None, *, focus: bool = True) -> None:
        """Show a sheet, at a fault where one is given."""
        if sheet not in self._draft.sheets or (fault is None and self._grid is not None and sheet == self._sheet):
            return
        self._sheet = sheet
        label = self._words(f"web.study.sheet.{sheet}")
        self._panel.clear()
        self._panel.props["aria-label"] = label
        with self._panel:
            self._grid = self._made(sheet, _shows(label, fault, focus=focus))

    def _go(self, fault: FaultAt) -> None:
        """To the cell of a fault, and the keyboard with it."""
        if fault.sheet != self._sheet:
            self._open(str(fault.sheet), fault)
            self._tabs.set_value(fault.sheet)
            return
        ui.run_javascript(f"(api => {{ {_to(fault, focus=True)} }})(getElement({self._grid.id}).api)")

    def _made(self, sheet: str, shows: str) -> Any:
        rows = self._draft.sheets[sheet]
        width = max(map(len, rows), default=1)
        heads = [*rows[0], *[None] * (width - len(rows[0]))] if rows else [None]
        columns: list[dict[str, Any]] = [
            {"field": "n", "headerName": "", "width": 56, "pinned": "left", "editable": False, "cellClass": "number"}
        ]
        columns[0] |= {"cellClassRules": {"fault": "data.f && data.f.n"}, **_TOOLTIP}
        for place_, head in enumerate(heads):
            columns.append(
                {
                    "field": f"c{place_}",
                    "headerName": f"{column_letters(place_)} {head or ''}".strip(),
                    "editable": True,
                    "minWidth": 90,
                    "cellClassRules": {"fault": "data.f && data.f[colDef.field]"},
                    **_TOOLTIP,
                }
            )
        grid = ui.aggrid(
            {
                "columnDefs": columns,
                "rowData": self._rows(sheet),
                "defaultColDef": {"resizable": True, "sortable": False, "width": 130},
                "rowClassRules": {"names": "data.n === 1"},
                "enableRtl": self._words.direction == "rtl",
                "tooltipShowDelay": 200,
                "stopEditingWhenCellsLoseFocus": True,
                ":getRowId": "each => String(each.data.n)",
                ":onFirstDataRendered": shows,
            },
            auto_size_columns=False,
        ).classes("study-grid")
        grid.on("cellValueChanged", lambda event: self._changed(sheet, event.args), ["data", "colId", "newValue"])
        return grid

    def _rows(self, sheet: str) -> list[dict[str, Any]]:
        rows = self._draft.sheets[sheet]
        found: dict[int, dict[str, str]] = {}
        for fault in self._faults:
            if fault.sheet == sheet and fault.row is not None:
                key = "n" if fault.column is None else f"c{fault.column}"
                found.setdefault(fault.row, {})[key] = fault.message
        out = []
        for line in range(len(rows) + SPARE_ROWS):
            cells = rows[line] if line < len(rows) else []
            out.append({"n": line + 1, "f": found.get(line), **{f"c{k}": cell for k, cell in enumerate(cells)}})
        return out

    def _changed(self, sheet: str, told: dict[str, Any]) -> None:
        row, column = int(told["data"]["n"]) - 1, int(str(told["colId"]).removeprefix("c"))
        change = Change(sheet, row, column, typed(told["newValue"]))
        self._kept(lambda: store.change_draft(self._draft.draft_id, [change]))

    def _take_back(self) -> None:
        self._kept(lambda: store.undo_draft(self._draft.draft_id))

    def _kept(self, step: Callable[[], Draft]) -> None:
        """Take a step in the record and show what it holds then."""
        try:
            self._draft = step()
        except WattworthError as error:
            ui.notify(str(error), type="negative")
        self._look()
        if self._grid is not None:
            self._grid.run_grid_method("applyTransaction", {"update": self._rows(self._sheet)})
        self._tell()

    def _tell(self) -> None:
        words, faults = self._words, self._faults
        self._undo.set_enabled(bool(self._draft.steps))
        self._value.set_enabled(not faults)
        self._told.clear()
        with self._told:
            if not faults:
                said(words("web.study.sound"), "sound")
                return
            said(words.count("web.study.faults", len(faults)), "wrong")
            with ui.element("ol").props(f'aria-label="{words("web.study.faults.list")}" tabindex=0'):
                for fault in faults:
                    with ui.element("li").props('lang="en" dir="ltr"'):
                        self._line(fault)

    def _line(self, fault: FaultAt) -> None:
        text = f"{fault.where}: {fault.message}"
        if fault.sheet not in self._draft.sheets or fault.sheet not in _SHOWN or fault.row is None:
            ui.label(text)
            return
        with ui.element("button").props("type=button").classes("to-cell").on("click", lambda: self._go(fault)):
            ui.label(text)

    def _form(self) -> None:
        words = self._words
        with ui.element("section").classes("study-run"):
            ui.html(words("web.study.run"), sanitize=False, tag="h2")
            with ui.element("div").classes("fields"):
                self._draws = ui.number(words("web.study.draws"), value=2_000, min=1, max=1_000_000, precision=0)
                self._seed = ui.number(words("web.study.seed"), value=7, min=0, precision=0)
                self._sites = ui.input(words("web.study.sites"), placeholder="riot-*").props("stack-label")
                self._switching = ui.checkbox(words("web.study.switching"))
                self._value = ui.button(words("web.study.value"), on_click=self._ask).props("no-caps").mark("value")
            self._problem = ui.element("div").props("role=alert")

    async def _ask(self) -> None:
        asked = {
            "kind": "value",
            "study": self._draft.draft_id,
            "draws": int(self._draws.value or 0),
            "seed": int(self._seed.value or 0),
            "sites": self._sites.value or None,
            "switching": self._switching.value,
        }
        try:
            job = await run.io_bound(jobs.ask, jobs.ValueAsked(**asked))
        except (WattworthError, ValueError) as error:
            self._problem.clear()
            with self._problem:
                said(str(error), "wrong")
            return
        assert job is not None
        ui.navigate.to(place(self._words, f"/jobs/{job.job_id}"))


def _to(fault: FaultAt, *, focus: bool) -> str:
    """Script that brings the cell of a fault into sight, with a grid as ``api``."""
    row, column = fault.row or 0, "n" if fault.column is None else f"c{fault.column}"
    seen = f"api.ensureIndexVisible({row}, 'middle'); api.ensureColumnVisible('{column}', 'middle');"
    return f"{seen} api.setFocusedCell({row}, '{column}');" if focus else seen


def _shows(label: str, fault: FaultAt | None, *, focus: bool) -> str:
    """What a new grid does once its cells are there: take its name, go to a fault."""
    grid = "document.querySelector('.study-grid :is([role=grid], [role=treegrid])')"
    named = f"{grid}?.setAttribute('aria-label', {json.dumps(label)});"
    return f"({{ api }}) => {{ {named} {'' if fault is None else _to(fault, focus=focus)} }}"


def typed(value: Any) -> Cell:
    """What was typed into a cell, as a spreadsheet takes it: a number where it is one.

    Examples
    --------
    >>> typed(" 12.50 "), typed("1,2OO"), typed(""), typed("2028-01"), typed(True)
    (12.5, '1,2OO', None, '2028-01', True)
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    try:
        return float(text) if text and not any(letter.isalpha() for letter in text) else text or None
    except ValueError:
        return text
