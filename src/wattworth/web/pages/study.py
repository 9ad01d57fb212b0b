"""A study that is being written: its cells, what is wrong with them, and the run that is asked of it."""

from __future__ import annotations

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
_SHOWN: Final = ("sites", "study", "uses", "facts", "double_counts")


@page("/studies/{study_id}", "study")
def study(words: Words, study_id: StudyId) -> None:
    """The sheets as grids, the faults as a list, and what to run."""
    _Editor(words, drafting.draft_named(study_id)).build()


class _Editor:
    """One open draft: what the page shows follows what the record holds."""

    def __init__(self, words: Words, draft: Draft) -> None:
        self._words, self._draft = words, draft
        self._grids: dict[str, Any] = {}
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
        with ui.tabs().props("no-caps align=left").classes("study-tabs") as tabs:
            for name in names:
                ui.tab(name, label=words(f"web.study.sheet.{name}"))
        with ui.tab_panels(tabs, value=names[0] if names else None).classes("study-panels"):
            for name in names:
                with ui.tab_panel(name):
                    self._grids[name] = self._grid(name)
        self._form()
        self._tell()

    def _look(self) -> None:
        _, self._faults = drafting.study_of(self._draft)

    def _grid(self, sheet: str) -> Any:
        rows = self._draft.sheets[sheet]
        width = max(map(len, rows), default=1)
        heads = [*rows[0], *[None] * (width - len(rows[0]))] if rows else [None]
        columns: list[dict[str, Any]] = [
            {"field": "n", "headerName": "", "width": 56, "pinned": "left", "editable": False, "cellClass": "number"}
        ]
        for place_, head in enumerate(heads):
            columns.append(
                {
                    "field": f"c{place_}",
                    "headerName": f"{column_letters(place_)} {head or ''}".strip(),
                    "editable": True,
                    "minWidth": 90,
                    "cellClassRules": {"fault": "data.f && data.f[colDef.field]"},
                    ":tooltipValueGetter": "each => each.data.f && each.data.f[each.colDef.field]",
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
        self._draft = store.change_draft(self._draft.draft_id, [Change(sheet, row, column, typed(told["newValue"]))])
        self._refresh()

    def _take_back(self) -> None:
        self._draft = store.undo_draft(self._draft.draft_id)
        self._refresh()

    def _refresh(self) -> None:
        self._look()
        for sheet, grid in self._grids.items():
            grid.run_grid_method("applyTransaction", {"update": self._rows(sheet)})
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
            with ui.element("ol"):
                for fault in faults:
                    with ui.element("li").props('lang="en" dir="ltr"'):
                        ui.label(f"{fault.where}: {fault.message}")

    def _form(self) -> None:
        words = self._words
        with ui.element("section").classes("study-run"):
            ui.html(words("web.study.run"), sanitize=False, tag="h2")
            with ui.element("div").classes("fields"):
                self._draws = ui.number(words("web.study.draws"), value=2_000, min=1, max=1_000_000, precision=0)
                self._seed = ui.number(words("web.study.seed"), value=7, min=0, precision=0)
                self._sites = ui.input(words("web.study.sites"), placeholder="riot-*")
                self._value = ui.button(words("web.study.value"), on_click=self._ask).props("no-caps").mark("value")
            self._problem = ui.element("div").props("role=alert")

    async def _ask(self) -> None:
        asked = {
            "kind": "value",
            "study": self._draft.draft_id,
            "draws": int(self._draws.value or 0),
            "seed": int(self._seed.value or 0),
            "sites": self._sites.value or None,
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
