"""Parts of the page as blocks of the memo, so that both print the very same words and figures."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from wattworth.reports.markup import Html
from wattworth.reports.memo.blocks import Block, Cell, Piece, given, piece
from wattworth.reports.words import Words

_SKIPPED: Final = frozenset({"svg", "form", "button", "i", "figcaption", "nav"})
_STYLES: Final = {"strong": "strong", "small": "small", "code": "code"}
_BLOCKS: Final = frozenset({"p", "li", "dt", "dd", "th", "td", "h3", "summary"})
_VOID: Final = frozenset({"br", "col", "input"})
_HIDDEN: Final = frozenset({"vh", "figure", "mark", "swatch"})


def blocks_of(markup: Html, words: Words) -> list[Block]:
    """Paragraphs, tables, lists and pairs of a part of the page, in order; drawings and controls are left out."""
    reader = _Reader(words)
    reader.feed(markup)
    reader.close()
    return reader.blocks


def text_of(markup: Html) -> str:
    """Markup of one line as text, names in it held together."""
    reader = _Reader(None)
    reader.feed(f"<p>{markup}</p>")
    reader.close()
    return "".join(run for run, _ in reader.found)


class _Reader(HTMLParser):
    """Collects blocks while the markup goes by."""

    def __init__(self, words: Words | None) -> None:
        super().__init__(convert_charrefs=True)
        self.words = words
        self.blocks: list[Block] = []
        self.found: list[tuple[str, str]] = []
        self._open: list[tuple[str, bool]] = []
        self._styles: list[str] = []
        self._table: Block | None = None
        self._row: list[Cell] = []
        self._pairs: list[list[list[Piece]]] = []
        self._cell: tuple[bool, int, int] = (False, 1, 1)
        self._class = ""
        self._goes_on = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        classes = set(told.get("class", "").split())
        if tag in _VOID:
            return
        hidden = bool(tag in _SKIPPED or classes & _HIDDEN or (self._open and self._open[-1][1]))
        self._open.append((tag, hidden))
        if hidden:
            return
        if tag in _STYLES:
            self._styles.append(_STYLES[tag])
            self._goes_on = self._goes_on and tag != "small"
        elif tag == "bdi":
            self._styles.append("given")
        elif tag in _BLOCKS and not (tag == "p" and self._in_cell()):
            self.found, self._class = [], " ".join(classes)
            self._cell = ("n" in classes, int(told.get("colspan", 1)), int(told.get("rowspan", 1)))
        elif tag == "table":
            self._table = {"kind": "table", "heads": [], "rows": [], "widths": []}
        elif tag == "tr":
            self._row = []
        elif tag == "dl":
            self._pairs = []
        elif tag == "ul":
            self.blocks.append({"kind": "list", "items": []})

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not self._open:
            return
        hidden = self._open.pop()[1]
        if hidden:
            return
        if (tag in _STYLES or tag == "bdi") and self._styles:
            self._styles.pop()
        elif tag in {"th", "td"}:
            end, span, rows = self._cell
            self._row.append({"p": self._pieces(), "end": end, "span": span, "rows": rows})
        elif tag == "tr" and self._table is not None:
            self._end_row()
        elif tag == "table" and self._table is not None:
            self.blocks.append(self._table)
            self._table = None
        elif tag in {"dt", "dd"}:
            self._pairs.append([self._pieces()]) if tag == "dt" else self._pairs[-1].append(self._pieces())
        elif tag == "dl":
            self.blocks.append({"kind": "pairs", "pairs": [pair for pair in self._pairs if len(pair) == 2]})
        elif tag == "p" and self.words is not None and not self._in_cell():
            style = "note" if "note" in self._class.split() else ""
            self.blocks.append({"kind": "para", "p": self._pieces(), "style": style})
        elif tag == "li":
            self.blocks[-1]["items"].append(self._pieces())
        elif tag == "h3":
            self.blocks.append({"kind": "head", "p": self._pieces()})

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]) and (data.strip() or self.found):
            folded = any(tag == "details" for tag, _ in self._open) and self._open[-1][0] != "summary"
            if folded and not any(tag == "summary" for tag, _ in self._open):
                return  # what the page folds away
            style = next((each for each in ("small", "code", "strong") if each in self._styles), "")
            held = {"given", "code"} & set(self._styles)
            told = given(data) if held else data
            if self.found and self._goes_on and self.found[-1][1] == style:
                told = self.found.pop()[0] + told
            self.found.append((told, style))
            self._goes_on = True

    def _in_cell(self) -> bool:
        return any(tag in {"td", "th", "dd"} for tag, _ in self._open)

    def _pieces(self) -> list[Piece]:
        if self.words is None:
            return []
        words, found, self.found = self.words, self.found, []
        return [piece(run, words, style) for run, style in found]

    def _end_row(self) -> None:
        if self._table is None or not self._row:
            return
        if any(tag == "thead" for tag, _ in self._open):
            self._table["heads"] = self._row
            self._table["widths"] = [0 if head["end"] else 1 for head in self._row]
        else:
            self._table["rows"].append(self._row)
